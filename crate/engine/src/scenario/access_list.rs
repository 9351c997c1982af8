//! The block access list (EIP-7928) that a scenario carries: account by account, or encoded.
//!
//! Fields have the names that nodes give them (execution-apis); those of the published tests are understood as well.
//! What is written must be a list, in the one order that lists have: its hash depends on it. Whether it says what the block
//! does shows only when the block runs.

use evm_lanes_evm::bal::{
    self, AccessList, AccountChanges, BalanceChange, BlockAccessIndex, BlockAccessListChangeKind,
    BlockAccessListValidationError as Wrong, CodeChange, Malformed, NonceChange, SlotChanges,
    StorageChange,
};
use revm::primitives::{Address, U256};

use super::json::{Node, Span, Value};
use super::lower::Lowering;
use super::problems::Problems;
use super::raw::{At, Field, List, Read, record};
use super::values::{Amount, Count, Hex, SlotValue, Who, Word};

/// A list in one of its two forms.
#[derive(Clone, Debug)]
pub(super) enum RawAccessList {
    /// Its encoding.
    Encoded(Hex),
    /// Account by account.
    Accounts(List<RawAccountChanges>),
}

impl Read for RawAccessList {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        match node.value {
            Value::String(_) => Hex::read(node, problems).map(Self::Encoded),
            _ => List::read(node, problems).map(Self::Accounts),
        }
    }
}

record! {
    /// An account that the block touches, and what its transactions leave there.
    RawAccountChanges, "an account of the list", required ["address"],
    {
        /// Which, by name or address. Accounts stand in the order of their addresses.
        address: "address" => Who,
        /// Slots that are written, in rising order. Default: none.
        storage_changes: "storageChanges" => List<RawSlotChanges>,
        /// Slots that are read and never changed, in rising order. Default: none.
        storage_reads: "storageReads" => List<Word>,
        /// The balance after each index that changes it. Default: none.
        balance_changes: "balanceChanges" => List<RawBalanceChange>,
        /// The nonce after each index that changes it. Default: none.
        nonce_changes: "nonceChanges" => List<RawNonceChange>,
        /// The code after each index that changes it. Default: none.
        code_changes: "codeChanges" => List<RawCodeChange>,
    }
}

record! {
    /// A slot that is written.
    RawSlotChanges, "a changed slot", required ["key", "changes"],
    also ["slot" = "key", "slotChanges" = "changes"],
    {
        /// Which.
        key: "key" => Word,
        /// What it holds after each index that changes it; at least one.
        changes: "changes" => List<RawStorageChange>,
    }
}

record! {
    /// What a slot holds after an index.
    RawStorageChange, "a change of a slot", required ["index", "value"],
    also ["blockAccessIndex" = "index", "postValue" = "value"],
    {
        /// 1 is the block's first transaction.
        index: "index" => Count,
        /// What the slot holds: a number, or an account's name.
        value: "value" => SlotValue,
    }
}

record! {
    /// A balance after an index.
    RawBalanceChange, "a change of a balance", required ["index", "value"],
    also ["blockAccessIndex" = "index", "postBalance" = "value"],
    {
        /// 1 is the block's first transaction.
        index: "index" => Count,
        /// Wei as a number, or a text with a unit.
        value: "value" => Amount,
    }
}

record! {
    /// A nonce after an index.
    RawNonceChange, "a change of a nonce", required ["index", "value"],
    also ["blockAccessIndex" = "index", "postNonce" = "value"],
    {
        /// 1 is the block's first transaction.
        index: "index" => Count,
        /// The nonce.
        value: "value" => Count,
    }
}

record! {
    /// An account's code after an index.
    RawCodeChange, "a change of code", required ["index", "code"],
    also ["blockAccessIndex" = "index", "newCode" = "code"],
    {
        /// 1 is the block's first transaction.
        index: "index" => Count,
        /// The code as bytes.
        code: "code" => Hex,
    }
}

/// What stands at a place of an account's entry.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Slot(U256),
    Change(BlockAccessListChangeKind, BlockAccessIndex),
}

/// Where everything stands in an account's entry.
type Places = Vec<(Part, Span)>;

impl Lowering<'_> {
    /// The list that is written, for a block of so many transactions.
    pub(super) fn block_access_list(
        &mut self,
        raw: &At<RawAccessList>,
        transactions: usize,
        gas_limit: u64,
    ) -> Option<AccessList> {
        let errors = self.problems.errors();
        let list = match &raw.value {
            RawAccessList::Encoded(bytes) => bal::decode(&bytes.0)
                .map_err(|error| self.malformed(raw.span.clone(), &error))
                .ok()?,
            RawAccessList::Accounts(accounts) => self.accounts_changes(&accounts.0, transactions),
        };
        // What is wrong within an account has been reported where it stands, if there are places to speak of.
        if self.problems.errors() == errors
            && let Err(error) = bal::check(&list, transactions, gas_limit)
        {
            self.malformed(
                place_of_account(&raw.value, &list, &error).unwrap_or(head(raw)),
                &error,
            );
        }
        if self.problems.errors() == errors && surrounds(&list, transactions) {
            let message = "the list speaks of what is before or behind the transactions";
            self.problems.warning(head(raw), message).hint(
                "a scenario has no system calls and no withdrawals, so nothing happens there",
            );
        }
        Some(list)
    }

    fn accounts_changes(
        &mut self,
        raw: &[At<RawAccountChanges>],
        transactions: usize,
    ) -> AccessList {
        let mut list = Vec::with_capacity(raw.len());
        for account in raw {
            let Some(address) = account.value.address.get() else { continue };
            let mut places = Places::new();
            let address = self.who(&address.value, &address.span);
            let changes = self.account_changes(address, &account.value, &mut places);
            let alone = AccessList::from(vec![changes]);
            if let Err(error) = bal::check(&alone, transactions, u64::MAX) {
                let start = account.span.start;
                self.malformed(place(&error, &places).unwrap_or(start..start + 1), &error);
            }
            list.extend(alone.into_inner());
        }
        list.into()
    }

    fn account_changes(
        &mut self,
        address: Address,
        raw: &RawAccountChanges,
        places: &mut Places,
    ) -> AccountChanges {
        use BlockAccessListChangeKind::{Balance, Code, Nonce, Storage};
        let mut changes = AccountChanges::new(address);
        for slot in each(&raw.storage_changes) {
            let Some(key) = slot.value.key.get() else { continue };
            places.push((Part::Slot(key.value.0), key.span.clone()));
            let mut written = Vec::new();
            for change in each(&slot.value.changes) {
                let index = index(Storage, &change.value.index, places);
                let value = change.value.value.get();
                written.extend(index.zip(value).map(|(index, value)| {
                    StorageChange::new(index, self.slot_value(&value.value, &value.span))
                }));
            }
            changes.storage_changes.push(SlotChanges::new(key.value.0, written));
        }
        for slot in each(&raw.storage_reads) {
            places.push((Part::Slot(slot.value.0), slot.span.clone()));
            changes.storage_reads.push(slot.value.0);
        }
        for change in each(&raw.balance_changes) {
            let index = index(Balance, &change.value.index, places);
            let balance = change.value.value.value();
            changes.balance_changes.extend(
                index.zip(balance).map(|(index, balance)| BalanceChange::new(index, balance.0)),
            );
        }
        for change in each(&raw.nonce_changes) {
            let index = index(Nonce, &change.value.index, places);
            let nonce = change.value.value.value();
            changes
                .nonce_changes
                .extend(index.zip(nonce).map(|(index, nonce)| NonceChange::new(index, nonce.0)));
        }
        for change in each(&raw.code_changes) {
            let index = index(Code, &change.value.index, places);
            let code = change.value.code.value();
            changes.code_changes.extend(
                index.zip(code).map(|(index, code)| CodeChange::new(index, code.0.clone())),
            );
        }
        changes
    }

    fn malformed(&mut self, span: Span, error: &Malformed) {
        self.problems.error(span, error.to_string()).hint(hint(error));
    }
}

fn each<T>(list: &Field<List<T>>) -> impl Iterator<Item = &At<T>> {
    list.value().into_iter().flat_map(|list| &list.0)
}

fn index(
    kind: BlockAccessListChangeKind,
    index: &Field<Count>,
    places: &mut Places,
) -> Option<BlockAccessIndex> {
    let At { value: Count(number), span } = index.get()?;
    let index = BlockAccessIndex(*number);
    places.push((Part::Change(kind, index), span.clone()));
    Some(index)
}

/// Where in an account's entry what is wrong stands.
fn place(error: &Malformed, places: &Places) -> Option<Span> {
    let part = part(error)?;
    let mut found = (0..places.len()).filter(|at| places[*at].0 == part);
    let at = match error {
        // The same index may well stand behind other slots.
        Malformed::Structure(
            Wrong::DuplicateBlockAccessIndex { kind, index, .. }
            | Wrong::ChangeIndicesOutOfOrder { kind, index, .. },
        ) => found.find(|at| match at.checked_sub(1).map(|before| places[before].0) {
            Some(Part::Change(same, before)) => same == *kind && before >= *index,
            _ => false,
        }),
        // The later one is one too many, or behind a larger one.
        _ => found.next_back(),
    };
    at.map(|at| places[at].1.clone())
}

/// What of an account is wrong.
fn part(error: &Malformed) -> Option<Part> {
    let change = |kind, index| Some(Part::Change(kind, index));
    match *error {
        Malformed::Code { index, .. } => change(BlockAccessListChangeKind::Code, index),
        Malformed::Structure(
            Wrong::DuplicateStorageKey { slot, .. }
            | Wrong::StorageKeysOutOfOrder { slot, .. }
            | Wrong::EmptyStorageChanges { slot, .. },
        ) => Some(Part::Slot(slot)),
        Malformed::Structure(
            Wrong::DuplicateBlockAccessIndex { kind, index, .. }
            | Wrong::ChangeIndicesOutOfOrder { kind, index, .. }
            | Wrong::BlockAccessIndexOutOfRange { kind, index, .. }
            | Wrong::BlockAccessIndexExceedsBlock { kind, index, .. },
        ) => change(kind, index),
        _ => None,
    }
}

/// Where the account stands that is there twice, or out of order.
fn place_of_account(raw: &RawAccessList, list: &AccessList, error: &Malformed) -> Option<Span> {
    let (
        RawAccessList::Accounts(accounts),
        Malformed::Structure(
            Wrong::DuplicateAccount { address } | Wrong::AccountsOutOfOrder { address, .. },
        ),
    ) = (raw, error)
    else {
        return None;
    };
    let position = list.iter().rposition(|account| account.address == *address)?;
    accounts.0.get(position)?.value.address.span()
}

/// The beginning of a list that is as long as it is.
fn head(raw: &At<RawAccessList>) -> Span {
    match raw.value {
        RawAccessList::Encoded(_) => raw.span.clone(),
        RawAccessList::Accounts(_) => raw.span.start..raw.span.start + 1,
    }
}

/// It has changes at index 0, or behind the last transaction's.
fn surrounds(list: &AccessList, transactions: usize) -> bool {
    let outside = |index: BlockAccessIndex| index.0 == 0 || index.0 > transactions as u64;
    list.iter().any(|account| {
        let slots = account.storage_changes.iter().flat_map(|slot| &slot.changes);
        slots.map(|change| change.block_access_index).any(outside)
            || account.balance_changes.iter().any(|change| outside(change.block_access_index))
            || account.nonce_changes.iter().any(|change| outside(change.block_access_index))
            || account.code_changes.iter().any(|change| outside(change.block_access_index))
    })
}

fn hint(error: &Malformed) -> &'static str {
    match error {
        Malformed::Encoding { .. } => {
            "the bytes are the list's RLP; it can be written out account by account as well"
        }
        Malformed::TooLong(_) => {
            "each account and slot takes 2,000 gas of the block: raise its `gasLimit`"
        }
        Malformed::Code { .. } => {
            "code does not begin with 0xef, unless it delegates: 0xef0100 and an address"
        }
        Malformed::Structure(
            Wrong::BlockAccessIndexOutOfRange { .. } | Wrong::BlockAccessIndexExceedsBlock { .. },
        ) => "1 is the block's first transaction",
        Malformed::Structure(Wrong::EmptyStorageChanges { .. }) => {
            "a slot that is only read stands in `storageReads`"
        }
        Malformed::Structure(
            Wrong::DuplicateAccount { .. }
            | Wrong::DuplicateStorageKey { .. }
            | Wrong::DuplicateBlockAccessIndex { .. },
        ) => "keep one of them",
        Malformed::Structure(_) => {
            "accounts, slots and indices stand in rising order, names in that of their addresses"
        }
    }
}
