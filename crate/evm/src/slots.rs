//! How closely an attempt looks at what storage slots hold, so that what it changes of them can be additions: counters, and
//! the balances of a token.
//!
//! Where an attempt stores to a slot only what the slot held before with something added to it or taken away, and where
//! all that it asked of that number had answers which hold for many numbers, it would have done the same with each of
//! those. `interpreter/follow.rs` finds that out. What storing costs depends on whether the numbers are zero (EIP-2200,
//! EIP-3529), and that is part of it.

use revm::primitives::map::HashMap;
use revm::primitives::{Address, U256};

use evm_lanes_schedule::Guard;

use crate::slack::Slack;
use crate::{Location, Value};

/// What an attempt has found out about the slots that it has read.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    read: Vec<Slot>,
    places: HashMap<(Address, U256), SlotId>,
}

/// One of an attempt's slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotId(u32);

#[derive(Debug)]
struct Slot {
    account: Address,
    key: U256,
    /// The account's life.
    epoch: u32,
    /// What it held before the transaction.
    before: U256,
    slack: Slack,
}

impl Slots {
    /// Before the next attempt.
    pub(crate) fn clear(&mut self) {
        self.read.clear();
        self.places.clear();
    }

    /// A slot was read, which was written in its account's present life, `epoch`. One from another life is zero whatever it
    /// holds, and is never to be added here.
    pub(crate) fn read(&mut self, account: Address, key: U256, epoch: u32, before: U256) {
        let id = SlotId(self.read.len() as u32);
        if self.places.insert((account, key), id).is_none() {
            self.read.push(Slot { account, key, epoch, before, slack: Slack::ALL });
        }
    }

    /// The slot, as long as it could have held another number.
    pub(crate) fn find(&self, account: Address, key: U256) -> Option<SlotId> {
        let id = *self.places.get(&(account, key))?;
        (self.read[id.0 as usize].slack != Slack::NONE).then_some(id)
    }

    /// What is known of the number that the slot holds, or that something was added to.
    pub(crate) fn slack(&mut self, id: SlotId) -> &mut Slack {
        &mut self.read[id.0 as usize].slack
    }

    /// The slot, which holds `current`, is about to be given `next`; both are what it held before with something added.
    pub(crate) fn stored(&mut self, id: SlotId, current: U256, next: U256) {
        let Slot { before, slack, .. } = &mut self.read[id.0 as usize];
        for number in [*before, current, next] {
            slack.equated(number, U256::ZERO);
        }
    }

    /// The slot had to hold just what it held.
    pub(crate) fn is_exact(&mut self, id: SlotId) {
        *self.slack(id) = Slack::NONE;
    }

    /// What may stand in the slots that could have held something else.
    pub(crate) fn guards(&self) -> impl Iterator<Item = (Location, Guard<Value>)> {
        self.read.iter().filter(|slot| slot.slack != Slack::NONE).map(|slot| {
            let value = |value| Value::Slot { epoch: slot.epoch, value };
            let (low, high) = slot.slack.around(slot.before);
            let guard = Guard { low: value(low), high: value(high) };
            (Location::Slot(slot.account, slot.key), guard)
        })
    }
}
