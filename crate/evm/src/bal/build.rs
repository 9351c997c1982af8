//! Lists from runs.

use std::collections::BTreeMap;

use evm_lanes_schedule::{Access, Base as _, Value as _, WriteKind};
use revm::primitives::{Address, U256};
use revm::state::Bytecode;
use revm::state::bal::Bal;

use super::{
    AccessList, AccountChanges, BalanceChange, BlockAccessIndex, CodeChange, NonceChange,
    SlotChanges, StorageChange, Touch,
};
use crate::prestate::PreState;
use crate::{Location, Value};

/// What stock revm's builder has collected.
pub(crate) fn of_journal(built: Bal) -> AccessList {
    built.into_alloy_bal().into()
}

/// What the transactions of a run have touched and written on `before`.
pub(crate) fn of_run(
    before: &PreState,
    touched: &[Vec<Touch>],
    accesses: &[Access<Location, Value>],
) -> AccessList {
    let mut accounts: BTreeMap<Address, Account> = BTreeMap::new();
    for (transaction, (touches, access)) in touched.iter().zip(accesses).enumerate() {
        let index = BlockAccessIndex::from_tx_index(transaction as u64);
        for Touch { account, slots } in touches {
            let account = accounts.entry(*account).or_default();
            for slot in slots {
                account.slots.entry(*slot).or_default();
            }
        }
        // Sorted by location, so an account's life comes before its slots.
        for write in &access.writes {
            let Some(address) = write.location.account() else { continue };
            let account = accounts.entry(address).or_default();
            if let WriteKind::Set(Value::Life { epoch, exists }) = write.kind {
                if !exists {
                    // A destroyed account's slots are zero, which no single write says.
                    let slots = touches.iter().filter(|touch| touch.account == address);
                    for slot in slots.flat_map(|touch| &touch.slots) {
                        account.set_slot(before, index, address, *slot, U256::ZERO);
                    }
                }
                if u64::from(epoch) == transaction as u64 + 1 {
                    account.begin_life();
                }
            }
            account.write(before, index, &write.location, &write.kind);
        }
        // Where a slot was not touched when its account was destroyed, the list says that it is zero when it next is.
        for Touch { account: address, slots } in touches {
            let account = accounts.entry(*address).or_default();
            for slot in slots {
                let content = account.content(before, *address, *slot);
                account.set_slot(before, index, *address, *slot, content);
            }
        }
    }
    let accounts: Vec<_> =
        accounts.into_iter().map(|(address, account)| account.into_changes(address)).collect();
    accounts.into()
}

/// What is known of an account so far.
#[derive(Default)]
struct Account {
    /// Every slot touched, with its changes.
    slots: BTreeMap<U256, Vec<StorageChange>>,
    /// What slots hold that were written in this life.
    contents: BTreeMap<U256, U256>,
    /// This life began in the block, so what it has not written is zero.
    anew: bool,
    balances: Vec<BalanceChange>,
    nonces: Vec<NonceChange>,
    codes: Vec<CodeChange>,
}

impl Account {
    fn write(
        &mut self,
        before: &PreState,
        index: BlockAccessIndex,
        location: &Location,
        kind: &WriteKind<Value>,
    ) {
        match (location, kind) {
            (Location::Balance(_), WriteKind::Set(Value::Balance(balance))) => {
                self.balances.push(BalanceChange::new(index, *balance));
            }
            (Location::Balance(_), WriteKind::Add(amount)) => {
                let last = self.balances.last().map(|change| Value::Balance(change.post_balance));
                let sum = last.unwrap_or_else(|| before.load(location)).plus(amount);
                if let Value::Balance(balance) = sum {
                    self.balances.push(BalanceChange::new(index, balance));
                }
            }
            (Location::Nonce(_), WriteKind::Set(Value::Nonce(nonce))) => {
                self.nonces.push(NonceChange::new(index, *nonce));
            }
            (Location::Code(_), WriteKind::Set(Value::Code(code))) => {
                let code = code.bytecode.as_ref().map(Bytecode::original_bytes).unwrap_or_default();
                self.codes.push(CodeChange::new(index, code));
            }
            (Location::Slot(address, slot), WriteKind::Set(Value::Slot { value, .. })) => {
                self.set_slot(before, index, *address, *slot, *value);
            }
            (Location::Slot(address, slot), WriteKind::Add(Value::Slot { value, .. })) => {
                let sum = self.content(before, *address, *slot).wrapping_add(*value);
                self.set_slot(before, index, *address, *slot, sum);
            }
            // Whether an account exists follows from the rest.
            _ => {}
        }
    }

    fn set_slot(
        &mut self,
        before: &PreState,
        index: BlockAccessIndex,
        address: Address,
        slot: U256,
        value: U256,
    ) {
        let last = self.slots.entry(slot).or_default().last().map(|change| change.new_value);
        if last.unwrap_or_else(|| self.content(before, address, slot)) != value {
            self.slots.entry(slot).or_default().push(StorageChange::new(index, value));
        }
        self.contents.insert(slot, value);
    }

    /// What the slot holds.
    fn content(&self, before: &PreState, address: Address, slot: U256) -> U256 {
        let written = self.contents.get(&slot).copied();
        written.unwrap_or_else(|| match before.load(&Location::Slot(address, slot)) {
            _ if self.anew => U256::ZERO,
            Value::Slot { value, .. } => value,
            other => unreachable!("a slot is no {other:?}"),
        })
    }

    fn begin_life(&mut self) {
        self.contents.clear();
        self.anew = true;
    }

    fn into_changes(self, address: Address) -> AccountChanges {
        let mut changes = AccountChanges::new(address);
        changes.balance_changes = self.balances;
        changes.nonce_changes = self.nonces;
        changes.code_changes = self.codes;
        for (slot, written) in self.slots {
            match written.is_empty() {
                true => changes.storage_reads.push(slot),
                false => changes.storage_changes.push(SlotChanges::new(slot, written)),
            }
        }
        changes
    }
}
