//! The loop that shows every instruction before it runs; it is revm's own, taken one step at a time.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use evm_lanes_schedule::{Counterfactual, TxIndex, WriteKind};
use revm::bytecode::opcode::{SLOAD, SSTORE};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{InputsTr as _, Jumps as _, LoopControl as _};
use revm::interpreter::{Interpreter, InterpreterAction};
use revm::primitives::{Address, U256};

use crate::evm::{Host, Instructions};
use crate::{Location, Value};

/// What is to be seen of an attempt, and then was.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Of which instructions a line is kept, counted from the attempt's first.
    pub lines: Range<usize>,
    /// Before which instruction everything is kept.
    pub at: usize,
    /// How many instructions there were.
    pub total: usize,
    /// The lines.
    pub seen: Vec<Line>,
    /// Whose storage the instruction at `at` uses.
    pub account: Address,
    /// The stack before it, the top last.
    pub stack: Vec<U256>,
    /// The memory of its frame, at most two thousand bytes of it.
    pub memory: Vec<u8>,
    /// How many bytes that memory has.
    pub memory_size: usize,
    /// What the instructions before it found or left in storage, each slot once; what was reverted included.
    pub storage: Vec<(Location, U256)>,
}

/// An instruction that is about to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the code.
    pub counter: usize,
    /// Its byte.
    pub opcode: u8,
    /// Gas that its frame has left.
    pub gas: u64,
    /// Calls around it.
    pub depth: usize,
}

/// The most bytes of memory that are kept.
const MOST_MEMORY: usize = 2048;
/// The most slots that are kept.
const MOST_SLOTS: usize = 64;

#[derive(Debug)]
pub(crate) struct Tracer(pub(crate) Arc<Mutex<Trace>>);

impl Tracer {
    /// Executes `interpreter`'s code until it ends or calls.
    pub(crate) fn run(
        &mut self,
        interpreter: &mut Interpreter<EthInterpreter>,
        instructions: &Instructions,
        host: &mut Host,
    ) -> InterpreterAction {
        let mut trace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let opcode = interpreter.bytecode.opcode();
            let touched = trace.see(interpreter, opcode);
            let (table, gas) = (instructions.instruction_table(), instructions.gas_table());
            let result = interpreter.step(table, gas, host);
            if let (Some(slot), Ok(())) = (touched, &result) {
                let value = if opcode == SLOAD { interpreter.stack.peek(0) } else { Ok(slot.1) };
                trace.keep(slot.0, value.unwrap_or_default());
            }
            if let Err(end) = result {
                if interpreter.bytecode.action().is_none() {
                    interpreter.halt(end);
                }
                return interpreter.take_next_action();
            }
        }
    }
}

impl Trace {
    /// Keeps what is to be seen, and says which slot the instruction reads or writes and, if so, what it writes.
    fn see(
        &mut self,
        interpreter: &Interpreter<EthInterpreter>,
        opcode: u8,
    ) -> Option<(Location, U256)> {
        let now = self.total;
        self.total += 1;
        let account = interpreter.input.target_address();
        if self.lines.contains(&now) {
            self.seen.push(Line {
                counter: interpreter.bytecode.pc(),
                opcode,
                gas: interpreter.gas.remaining(),
                depth: interpreter.input.depth,
            });
        }
        if now == self.at {
            self.account = account;
            self.stack = interpreter.stack.data().to_vec();
            self.memory_size = interpreter.memory.len();
            let kept = self.memory_size.min(MOST_MEMORY);
            self.memory = interpreter.memory.slice_len(0, kept).to_vec();
        }
        if now >= self.at || !matches!(opcode, SLOAD | SSTORE) {
            return None;
        }
        let slot = interpreter.stack.peek(0).ok()?;
        let value = interpreter.stack.peek(1).unwrap_or_default();
        Some((Location::Slot(account, slot), value))
    }

    fn keep(&mut self, slot: Location, value: U256) {
        if let Some((_, known)) = self.storage.iter_mut().find(|(known, _)| *known == slot) {
            *known = value;
        } else if self.storage.len() < MOST_SLOTS {
            self.storage.push((slot, value));
        }
    }
}

/// The world as an attempt has found it.
#[derive(Debug)]
pub(crate) struct Found {
    reads: Vec<(Location, Value)>,
    /// Where the last one was: the next is likely the one behind it, because an attempt reads in the same order again.
    last: AtomicUsize,
}

impl Found {
    /// What the attempt has read, in that order.
    pub(crate) fn new(reads: Vec<(Location, Value)>) -> Self {
        Self { reads, last: AtomicUsize::new(0) }
    }
}

impl Counterfactual<Location, Value> for Found {
    fn found(&self, _: TxIndex, location: &Location) -> Option<Value> {
        let last = self.last.load(Ordering::Relaxed);
        let mut places = (last..self.reads.len()).chain(0..last);
        let at = places.find(|&at| self.reads[at].0 == *location)?;
        self.last.store(at, Ordering::Relaxed);
        Some(self.reads[at].1.clone())
    }

    fn left(&self, _: TxIndex, _: &Location, kind: WriteKind<Value>) -> Option<WriteKind<Value>> {
        Some(kind)
    }
}
