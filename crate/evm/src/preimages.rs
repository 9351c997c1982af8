//! Which hashes led to the storage slots that were touched: Solidity puts the values of mappings and the elements of
//! arrays at `keccak256` of something, and only who has seen the something can say what a slot is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use revm::bytecode::opcode::KECCAK256;
use revm::interpreter::instructions::system::keccak256;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{Instruction, InstructionContext, InstructionExecResult};
use revm::primitives::{Bytes, U256};

use crate::evm::{Dispatch, Evm, Host};

/// What was hashed, by hash; shared by the machines of a run.
#[derive(Debug, Default)]
pub struct Preimages(Mutex<BTreeMap<U256, Bytes>>);

/// The hashes of one attempt.
#[derive(Debug)]
pub(super) struct Recorder {
    kept: Arc<Preimages>,
    hashes: Vec<(U256, Range<usize>)>,
    data: Vec<u8>,
}

/// A transaction that computes more hashes than this has some of them forgotten.
const MOST_HASHES: usize = 1 << 14;

/// A slot or a key and a slot. Keys can be strings, but names for the eye are short.
const LENGTHS: Range<usize> = 32..257;

/// How far behind its hash an element of an array can lie.
const REACH: u64 = u64::MAX;

impl Preimages {
    /// All that led to a slot so far.
    pub fn seen(&self) -> BTreeMap<U256, Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Recorder {
    /// Makes `evm` record. This slows its `KECCAK256` down, so a run that is timed goes without.
    pub(super) fn install(evm: &mut Evm, kept: Arc<Preimages>) {
        if let Dispatch::Match(ours) = &mut evm.dispatch {
            ours.hash_by_table();
        }
        let instructions = &mut evm.revm.instruction;
        let gas = instructions.gas_table()[KECCAK256 as usize];
        instructions.insert_instruction(KECCAK256, Instruction::new(recorded), gas);
        let recorder = Self { kept, hashes: Vec::new(), data: Vec::new() };
        evm.revm.ctx.journaled_state.database.view().recorder = Some(recorder);
    }

    /// Keeps, of the attempt's hashes, those that lead to one of `slots`, and forgets the others: a contract that
    /// hashes in a loop would otherwise fill the memory.
    pub(super) fn keep(&mut self, slots: impl Iterator<Item = U256>) {
        self.hashes.sort_unstable_by_key(|(hash, _)| *hash);
        let mut wanted: Vec<U256> = slots.collect();
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(slot) = wanted.pop() {
            let behind = self.hashes.partition_point(|(hash, _)| *hash <= slot);
            let Some((hash, place)) = behind.checked_sub(1).map(|index| &self.hashes[index]) else {
                continue;
            };
            if slot - *hash > U256::from(REACH) || kept.contains_key(hash) {
                continue;
            }
            let preimage = &self.data[place.clone()];
            // Its last word is the slot of the mapping or array, which may itself lie behind a hash.
            wanted.push(U256::from_be_slice(&preimage[preimage.len() - 32..]));
            kept.insert(*hash, Bytes::copy_from_slice(preimage));
        }
        drop(kept);
        self.hashes.clear();
        self.data.clear();
    }

    fn record(&mut self, hash: U256, preimage: &[u8]) {
        if self.hashes.len() < MOST_HASHES {
            let start = self.data.len();
            self.data.extend_from_slice(preimage);
            self.hashes.push((hash, start..self.data.len()));
        }
    }
}

/// revm's `KECCAK256`, remembering what it hashed.
fn recorded(context: InstructionContext<'_, Host, EthInterpreter>) -> InstructionExecResult {
    let InstructionContext { interpreter, host } = context;
    let (offset, length) = (interpreter.stack.peek(0), interpreter.stack.peek(1));
    keccak256(InstructionContext { interpreter: &mut *interpreter, host: &mut *host })?;
    if let (Ok(offset), Ok(length), Ok(hash)) = (offset, length, interpreter.stack.peek(0))
        && let Some(recorder) = &mut host.journaled_state.database.view().recorder
        && let length = length.saturating_to::<usize>()
        && LENGTHS.contains(&length)
    {
        let preimage = interpreter.memory.slice_len(offset.saturating_to(), length);
        recorder.record(hash, &preimage);
    }
    Ok(())
}
