//! Follows through a frame's stack what storage slots gave.
//!
//! A word is tagged with a slot while it is what the slot held before the transaction with some number added or taken
//! away, modulo 2²⁵⁶. Sums and differences with other words are tagged again; comparisons and jumps say in which
//! interval the slot's number could have been for the same answer, and their results are ordinary words. Storing a tagged
//! word in its own slot is an addition. Anything else that is done with a tagged word, a call made with one left on the
//! stack among it, takes it that the slot held just that number (the slot is *exact*), and so does storing any other word
//! in the slot. Of a slot that is not exact, therefore, what it holds at any moment is a tagged word, whatever was
//! reverted in between.
//!
//! The fast loop goes on above the highest tagged word and stops where an instruction reaches it: almost all of what a
//! contract executes, it executes as fast as if nothing was followed.

use revm::bytecode::opcode as op;
use revm::interpreter::interpreter::{EthInterpreter, STACK_LIMIT};
use revm::interpreter::interpreter_types::LoopControl as _;
use revm::interpreter::{InstructionExecResult, Interpreter, InterpreterAction};
use revm::primitives::{Address, U256};

use super::{LAST, Loop, Place, cost, words_seen_by};
use crate::evm::{Host, Instructions};
use crate::slots::{SlotId, Slots};

/// The tagged words of the frame that runs.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// Their places on the stack, in no order.
    tagged: Vec<(usize, SlotId)>,
    floor: usize,
}

/// More tagged words than this are not followed. Contracts have a few.
const MOST: usize = 32;

impl Tags {
    /// Above the highest tagged word.
    pub(super) fn floor(&self) -> usize {
        self.floor
    }

    fn at(&self, place: usize) -> Option<SlotId> {
        self.tagged.iter().find(|(tagged, _)| *tagged == place).map(|(_, id)| *id)
    }

    /// Another word has come to `place`.
    fn set(&mut self, place: usize, tag: Option<SlotId>, slots: &mut Slots) {
        self.tagged.retain(|(tagged, _)| *tagged != place);
        match tag {
            Some(id) if self.tagged.len() == MOST => slots.is_exact(id),
            Some(id) => self.tagged.push((place, id)),
            None => {}
        }
        self.find_floor();
    }

    fn swap(&mut self, one: usize, other: usize) {
        for (place, _) in &mut self.tagged {
            if *place == one {
                *place = other;
            } else if *place == other {
                *place = one;
            }
        }
        self.find_floor();
    }

    /// Only so many words are left.
    fn cut(&mut self, height: usize) {
        self.tagged.retain(|(tagged, _)| *tagged < height);
        self.find_floor();
    }

    fn find_floor(&mut self) {
        self.floor = self.tagged.iter().map(|(place, _)| place + 1).max().unwrap_or(0);
    }
}

impl Loop {
    /// Executes one instruction, and follows what it does.
    pub(super) fn follow(
        &mut self,
        interpreter: &mut Interpreter<EthInterpreter>,
        instructions: &Instructions,
        host: &mut Host,
        place: &mut Place,
    ) -> InstructionExecResult {
        let Place { counter, height, .. } = *place;
        let opcode = interpreter.bytecode.bytes_slice().get(counter).copied().unwrap_or(op::STOP);
        let inputs = match words_seen_by(opcode) {
            STACK_LIMIT => height,
            inputs => inputs,
        };
        let slot = match opcode {
            op::SLOAD | op::SSTORE => {
                let key = self.words[height.wrapping_sub(1) & LAST];
                Some((interpreter.input.target_address, key))
            }
            _ => None,
        };
        // With too few words it fails.
        let floor = self.tags.floor;
        let below = height.checked_sub(inputs).filter(|below| *below < floor || slot.is_some());
        let journal = &mut host.journaled_state;
        let (Some(below), Some(slots)) = (below, journal.database.slots()) else {
            return self.by_revm(interpreter, instructions, host, place);
        };

        let mut stack = Stack { words: &mut self.words, height, tags: &mut self.tags, slots };
        let mut result = None;
        let mut adds = false;
        match (opcode, slot) {
            (op::SSTORE, Some((account, key))) => {
                let held = journal.inner.state.get(&account).and_then(|it| it.storage.get(&key));
                adds = stack.adds(account, key, held.map(|slot| slot.present_value));
            }
            _ if stack.moves(opcode, place) => return Ok(()),
            _ => result = stack.meets(opcode, inputs),
        }
        let done = self.by_revm(interpreter, instructions, host, place);

        self.tags.cut(below);
        let Some(slots) = host.journaled_state.database.slots() else { return done };
        match slot.and_then(|(account, key)| slots.find(account, key)) {
            Some(id) if opcode == op::SLOAD => result = Some(id),
            Some(id) if !adds => slots.is_exact(id),
            _ => {}
        }
        if done.is_ok() && result.is_some() {
            self.tags.set(place.height - 1, result, slots);
        }
        done
    }

    /// The frame ends, or it calls and goes on later.
    pub(super) fn leave(&mut self, interpreter: &mut Interpreter<EthInterpreter>, host: &mut Host) {
        let calls = matches!(interpreter.bytecode.action(), Some(InterpreterAction::NewFrame(_)));
        if let Some(slots) = host.journaled_state.database.slots().filter(|_| calls) {
            self.tags.tagged.iter().for_each(|(_, id)| slots.is_exact(*id));
        }
        self.tags.cut(0);
    }
}

/// The stack as an instruction finds it.
struct Stack<'a> {
    words: &'a mut [U256; STACK_LIMIT],
    height: usize,
    tags: &'a mut Tags,
    slots: &'a mut Slots,
}

impl Stack<'_> {
    /// The word so far from the top, which is 1.
    fn word(&self, depth: usize) -> U256 {
        self.words[self.height.wrapping_sub(depth) & LAST]
    }

    fn tag(&self, depth: usize) -> Option<SlotId> {
        self.tags.at(self.height.wrapping_sub(depth))
    }

    /// The one of the two highest words that is tagged, if the other is not, and that other.
    fn one_tagged(&self) -> Option<(SlotId, U256, U256)> {
        match (self.tag(1), self.tag(2)) {
            (Some(id), None) => Some((id, self.word(1), self.word(2))),
            (None, Some(id)) => Some((id, self.word(2), self.word(1))),
            _ => None,
        }
    }

    /// Executes `opcode` if it does no more than move words.
    fn moves(&mut self, opcode: u8, place: &mut Place) -> bool {
        let Some(gas) = place.gas.checked_sub(cost(opcode)) else { return false };
        match opcode {
            op::DUP1..=op::DUP16 if self.height < STACK_LIMIT => {
                let from = self.height - usize::from(opcode - op::DUP1) - 1;
                self.words[self.height] = self.words[from];
                self.tags.set(self.height, self.tags.at(from), self.slots);
                place.height += 1;
            }
            op::SWAP1..=op::SWAP16 => {
                let top = self.height - 1;
                let other = top - usize::from(opcode - op::SWAP1) - 1;
                self.words.swap(top, other);
                self.tags.swap(top, other);
            }
            op::POP => {
                place.height -= 1;
                self.tags.cut(place.height);
            }
            _ => return false,
        }
        place.gas = gas;
        place.counter += 1;
        true
    }

    /// Whether a store to the slot, which holds `held`, is an addition to it. If not, the words that are stored are looked
    /// at; the slot is the caller's affair, for it may not have been read yet.
    fn adds(&mut self, account: Address, key: U256, held: Option<U256>) -> bool {
        let own = self.slots.find(account, key);
        match (own, held) {
            (Some(id), Some(held)) if self.tag(1).is_none() && self.tag(2) == own => {
                self.slots.stored(id, held, self.word(2));
                true
            }
            _ => {
                self.look(1);
                self.look(2);
                false
            }
        }
    }

    /// What `opcode` makes of its `inputs`, and with what its result is tagged.
    fn meets(&mut self, opcode: u8, inputs: usize) -> Option<SlotId> {
        match (opcode, self.one_tagged()) {
            (op::LT, _) => self.compares(1, 2),
            (op::GT, _) => self.compares(2, 1),
            (op::EQ, Some((id, number, other))) => self.slots.slack(id).equated(number, other),
            (op::ISZERO, _) => self.asks_for_zero(1),
            (op::JUMPI, _) => {
                self.look(1);
                self.asks_for_zero(2);
            }
            (op::ADD, Some((id, ..))) => return Some(id),
            (op::SUB, Some((id, ..))) if self.tag(1).is_some() => return Some(id),
            // Masks and shifts that change nothing, with which fields narrower than a word are taken out and put back.
            (op::MUL, Some((id, _, U256::ONE))) => return Some(id),
            (op::DIV, Some((id, _, U256::ONE))) if self.tag(1).is_some() => return Some(id),
            (op::SHL | op::SHR, Some((id, _, U256::ZERO))) if self.tag(2).is_some() => {
                return Some(id);
            }
            (op::OR, Some((id, _, U256::ZERO))) => return Some(id),
            (op::AND, Some((id, number, mask))) if is_lowest_bits(mask) && number <= mask => {
                self.slots.slack(id).narrow(number, mask - number);
                return Some(id);
            }
            (op::AND, Some((id, number, mask))) if is_lowest_bits(!mask) && number <= !mask => {
                self.slots.slack(id).narrow(number, !mask - number);
            }
            _ => (1..=inputs).for_each(|depth| self.look(depth)),
        }
        None
    }

    /// It is asked whether the word at `one` is less than that at `other`.
    fn compares(&mut self, one: usize, other: usize) {
        let (a, b) = (self.word(one), self.word(other));
        match (self.tag(one), self.tag(other)) {
            (Some(id), None) => self.slots.slack(id).compared(a, b),
            // Nothing is above the greatest number, whatever `b` is.
            (None, Some(_)) if a == U256::MAX => {}
            (None, Some(id)) => self.slots.slack(id).compared(b, a + U256::ONE),
            (Some(id), Some(same)) if id == same => {
                self.slots.slack(id).compared_with_itself(a, b);
            }
            _ => {
                self.look(one);
                self.look(other);
            }
        }
    }

    fn asks_for_zero(&mut self, depth: usize) {
        let number = self.word(depth);
        if let Some(id) = self.tag(depth) {
            self.slots.slack(id).equated(number, U256::ZERO);
        }
    }

    /// The word could be no other.
    fn look(&mut self, depth: usize) {
        if let Some(id) = self.tag(depth) {
            self.slots.is_exact(id);
        }
    }
}

fn is_lowest_bits(mask: U256) -> bool {
    (mask & mask.wrapping_add(U256::ONE)).is_zero()
}
