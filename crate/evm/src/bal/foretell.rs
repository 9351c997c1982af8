//! From a list to what each transaction will write.

use std::collections::BTreeMap;

use evm_lanes_schedule::{Write, WriteKind};
use revm::context::TxEnv;
use revm::context::transaction::AuthorizationTr as _;
use revm::primitives::{Address, U256};
use revm::state::Bytecode;

use super::{AccountChanges, BlockAccessIndex};
use crate::prestate::{Fields, PreState};
use crate::{Code, Location, Value};

/// The writes of each of `transactions`, as `list` has them on `before`. What cannot be (an index beyond the block, code that
/// is none) is left out.
///
/// A list does not say when an account begins or ends to exist. It begins with its first balance, nonce or code, and ends
/// when it has none of them any more (EIP-161). A *new* life begins where it is created: it gets its first nonce, or
/// code, without being the sender or one who delegates (EIP-7702). Where that is not what happened the transaction is
/// found to have written something else.
pub(crate) fn foretell(
    list: &[AccountChanges],
    transactions: &[TxEnv],
    before: &PreState,
) -> Vec<Vec<Write<Location, Value>>> {
    let mut writes = vec![Vec::new(); transactions.len()];
    let authorities: Vec<Vec<Address>> = transactions.iter().map(authorities).collect();
    for account in list {
        let address = account.address;
        let mut timeline = Timeline::new(address, before.fields(&address));
        for (index, changes) in changes_by_index(account) {
            let Some(transaction) = index.get().checked_sub(1).map(|index| index as usize) else {
                continue;
            };
            let Some(writes) = writes.get_mut(transaction) else { continue };
            let signs = transactions[transaction].caller == address
                || authorities[transaction].contains(&address);
            timeline.step(transaction as u32, &changes, signs, writes);
        }
    }
    writes
}

/// What one index changes in an account.
#[derive(Default)]
struct Changes {
    balance: Option<U256>,
    nonce: Option<u64>,
    code: Option<Code>,
    slots: Vec<(U256, U256)>,
}

/// An account as the block goes on.
struct Timeline {
    address: Address,
    exists: bool,
    epoch: u32,
    balance: U256,
    nonce: u64,
    has_code: bool,
}

impl Timeline {
    fn new(address: Address, fields: Fields) -> Self {
        let Fields { exists, balance, nonce, code } = fields;
        Self { address, exists, epoch: 0, balance, nonce, has_code: code != Code::default() }
    }

    /// What `transaction` writes here. `signs`: as its sender or as one who delegates.
    fn step(
        &mut self,
        transaction: u32,
        changes: &Changes,
        signs: bool,
        writes: &mut Vec<Write<Location, Value>>,
    ) {
        let address = self.address;
        let mut write = |location, value| {
            writes.push(Write { location, kind: WriteKind::Set(value) });
        };
        let first_nonce = self.nonce == 0 && changes.nonce.is_some_and(|nonce| nonce != 0);
        let created = !signs
            && (first_nonce || changes.code.as_ref().is_some_and(|code| *code != Code::default()));
        if let Some(balance) = changes.balance {
            self.balance = balance;
            write(Location::Balance(address), Value::Balance(balance));
        }
        if let Some(nonce) = changes.nonce {
            self.nonce = nonce;
            write(Location::Nonce(address), Value::Nonce(nonce));
        }
        if let Some(code) = &changes.code {
            self.has_code = *code != Code::default();
            write(Location::Code(address), Value::Code(code.clone()));
        }
        let empty = self.balance.is_zero() && self.nonce == 0 && !self.has_code;
        if created || (empty && self.exists) {
            self.epoch = transaction + 1;
        }
        if created || empty == self.exists {
            self.exists = !empty;
            let life = Value::Life { epoch: self.epoch, exists: self.exists };
            write(Location::Life(address), life);
        }
        for &(slot, value) in &changes.slots {
            write(Location::Slot(address, slot), Value::Slot { value, epoch: self.epoch });
        }
    }
}

fn changes_by_index(account: &AccountChanges) -> BTreeMap<BlockAccessIndex, Changes> {
    let mut all: BTreeMap<BlockAccessIndex, Changes> = BTreeMap::new();
    for change in &account.balance_changes {
        all.entry(change.block_access_index).or_default().balance = Some(change.post_balance);
    }
    for change in &account.nonce_changes {
        all.entry(change.block_access_index).or_default().nonce = Some(change.new_nonce);
    }
    for change in &account.code_changes {
        if let Ok(bytecode) = Bytecode::new_raw_checked(change.new_code.clone()) {
            let code = Code { hash: bytecode.hash_slow(), bytecode: Some(bytecode) };
            all.entry(change.block_access_index).or_default().code = Some(code);
        }
    }
    for slot in &account.storage_changes {
        for change in &slot.changes {
            let slots = &mut all.entry(change.block_access_index).or_default().slots;
            slots.push((slot.slot, change.new_value));
        }
    }
    all
}

fn authorities(transaction: &TxEnv) -> Vec<Address> {
    transaction.authorization_list.iter().filter_map(|one| one.authority()).collect()
}
