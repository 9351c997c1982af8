//! One attempt, instruction by instruction.

use evm_lanes_schedule::EventKind;
use serde::{Deserialize, Serialize};

use super::super::words;
use super::Story;
use evm_lanes_evm::{Line, Location, Trace};

/// The instructions of one attempt, of many those around one, and what there was before that one ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OpcodeTrace {
    /// How many instructions the attempt runs.
    pub total: u32,
    /// Gas that the transaction uses.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas_used: u64,
    /// Which instruction the first in the columns is, from 0.
    pub first: u32,
    /// Places in the code.
    pub counter: Vec<u32>,
    /// Their bytes.
    pub opcode: Vec<u32>,
    /// Gas that the frame has left before each.
    #[cfg_attr(feature = "typescript", ts(type = "number[]"))]
    pub gas: Vec<u64>,
    /// Calls around each.
    pub depth: Vec<u32>,
    /// Before which instruction the rest is.
    pub at: u32,
    /// Whose storage it uses, `0x…`.
    pub account: String,
    /// The stack, its top first; of a high one only so much.
    pub stack: Vec<String>,
    /// How high the stack is.
    pub height: u32,
    /// The memory of its frame, `0x…`; of a large one only the beginning.
    pub memory: String,
    /// How many bytes that memory has.
    pub memory_size: u32,
    /// What the instructions before it have found or left in storage, each slot once; of many only some. What was reverted
    /// is among it.
    pub storage: Vec<SlotWord>,
}

/// A slot with its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SlotWord {
    /// Which, as an index into the report's locations, if it is there.
    pub location: Option<u32>,
    /// Its number.
    pub slot: String,
    /// Its content.
    pub value: String,
}

/// Instructions in one answer.
const LINES: usize = 100;
/// The most gas that JavaScript's numbers tell exactly.
const MOST_GAS: u64 = 1 << 53;
/// Words of a stack in one answer.
const WORDS: usize = 64;

impl Story {
    /// The attempt that `event` has ended, in pages: the one with instruction `at`. `None` if the event has ended no attempt, or
    /// what it read was too much to keep.
    pub fn opcodes(&self, event: u32, at: u32) -> Option<OpcodeTrace> {
        let event = self.events.get(event as usize)?;
        if !matches!(event.kind, EventKind::Executed) {
            return None;
        }
        let reads = self.reads(self.events.len(), event.version)?;
        let reads = reads.iter().map(|read| (read.location, read.value.clone())).collect();
        let at = at as usize;
        let first = at / LINES * LINES;
        let asked = Trace { lines: first..first + LINES, at, ..Trace::default() };
        let (outcome, seen) = self.block.trace(event.version.tx.0 as usize, reads, asked).ok()?;
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let column =
            |of: fn(&Line) -> usize| seen.seen.iter().map(|line| number(of(line))).collect();
        let slot_word = |(location, value): &(Location, _)| {
            let slot = match location {
                Location::Slot(_, slot) => words::hex(*slot),
                _ => String::new(),
            };
            let found = self.locations.binary_search(location);
            SlotWord { location: found.ok().map(number), slot, value: words::hex(*value) }
        };
        Some(OpcodeTrace {
            total: number(seen.total),
            gas_used: outcome.gas_used(),
            first: number(first),
            counter: column(|line| line.counter),
            opcode: column(|line| line.opcode.into()),
            gas: seen.seen.iter().map(|line| line.gas.min(MOST_GAS)).collect(),
            depth: column(|line| line.depth),
            at: number(at),
            account: seen.account.to_string(),
            stack: seen.stack.iter().rev().take(WORDS).map(|word| words::hex(*word)).collect(),
            height: number(seen.stack.len()),
            memory: words::bytes(&seen.memory),
            memory_size: number(seen.memory_size),
            storage: seen.storage.iter().map(slot_word).collect(),
        })
    }
}
