//! What is wrong with a list: in itself, and against the one that was built.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use alloy_eip7928::BlockAccessListGasError;
use revm::primitives::{Address, Bytes, U256};
use revm::state::Bytecode;

use super::{AccessList, BlockAccessIndex, BlockAccessListValidationError};

/// A list that is none, whatever the block does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It cannot be read.
    #[error("byte {at}: {reason}")]
    Encoding {
        /// Where what cannot be read begins.
        at: usize,
        /// Why.
        reason: String,
    },
    /// Something is out of order, twice there, empty, or of a transaction that does not exist.
    #[error("{0}")]
    Structure(BlockAccessListValidationError),
    /// It is longer than the block's gas pays for.
    #[error("{0}")]
    TooLong(BlockAccessListGasError),
    /// An account is given code that none can have (EIP-3541), or a delegation that is none (EIP-7702).
    #[error("the code of {account} at index {index} can be nobody's: {code}")]
    Code {
        /// Whose.
        account: Address,
        /// By which index of the block.
        index: BlockAccessIndex,
        /// The code.
        code: Bytes,
    },
}

/// Checks what can be checked without the block's execution.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(list: &AccessList, transactions: usize, gas_limit: u64) -> Result<(), Malformed> {
    list.validate_structure(transactions).map_err(Malformed::Structure)?;
    list.validate_gas_limit(gas_limit).map_err(Malformed::TooLong)?;
    for account in list.iter() {
        for change in &account.code_changes {
            let code = &change.new_code;
            let legal = match Bytecode::new_raw_checked(code.clone()) {
                Ok(bytecode) => bytecode.is_eip7702() || code.first() != Some(&0xef),
                Err(_) => false,
            };
            if !legal {
                return Err(Malformed::Code {
                    account: account.address,
                    index: change.block_access_index,
                    code: code.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Something a list says of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// That it is touched.
    Account,
    /// That a slot is read and not changed.
    Read(U256),
    /// What a slot is after an index.
    Slot(U256, BlockAccessIndex),
    /// Its balance after an index.
    Balance(BlockAccessIndex),
    /// Its nonce after an index.
    Nonce(BlockAccessIndex),
    /// Its code after an index.
    Code(BlockAccessIndex),
}

/// The value a list gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// Only that it is there.
    There,
    /// A balance, a nonce or a slot.
    Number(U256),
    /// Code.
    Code(Bytes),
}

/// Where a list and the block differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub account: Address,
    /// What of it.
    pub field: Field,
    /// What the list says; `None` if it leaves it out.
    pub said: Option<Content>,
    /// What the block does; `None` if nothing of the kind.
    pub built: Option<Content>,
    /// The index at which the block does what the list says at another.
    pub moved: Option<BlockAccessIndex>,
}

/// Every difference between the list that is `said` and the one that was `built`, by account and field. Of an account that
/// only one of them has, that is all that is named.
pub fn differences(said: &AccessList, built: &AccessList) -> Vec<Difference> {
    let (said, built) = (flat(said), flat(built));
    let mut keys: Vec<_> = said.keys().chain(built.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    // What is missing, by what it is and by its content: it may be said of another index.
    let mut missing = BTreeMap::new();
    for key @ (account, field) in keys {
        let both = [&said, &built].map(|list| list.get(&key).cloned());
        let known = [&said, &built].map(|list| list.contains_key(&(account, Field::Account)));
        if both[0] == both[1] || (known[0] != known[1] && field != Field::Account) {
            continue;
        }
        let [said, built] = both;
        if let (None, Some(content), Some(index)) = (&said, &built, field.index()) {
            missing.insert((account, field.at(START), content.clone()), index);
        }
        found.push(Difference { account, field, said, built, moved: None });
    }
    let mut counted = BTreeSet::new();
    for difference in &mut found {
        let Difference { account, field, said: Some(content), built: None, .. } = difference else {
            continue;
        };
        difference.moved = missing.remove(&(*account, field.at(START), content.clone()));
        counted.extend(difference.moved.map(|index| (*account, field.at(index))));
    }
    found.retain(|difference| {
        difference.said.is_some() || !counted.contains(&(difference.account, difference.field))
    });
    found
}

const START: BlockAccessIndex = BlockAccessIndex::PRE_EXECUTION;

type Entries = BTreeMap<(Address, Field), Content>;

fn flat(list: &AccessList) -> Entries {
    let mut entries = Entries::new();
    for account in list.iter() {
        let mut put = |field, content| entries.insert((account.address, field), content);
        put(Field::Account, Content::There);
        for slot in &account.storage_reads {
            put(Field::Read(*slot), Content::There);
        }
        for slot in &account.storage_changes {
            for change in &slot.changes {
                let field = Field::Slot(slot.slot, change.block_access_index);
                put(field, Content::Number(change.new_value));
            }
        }
        for change in &account.balance_changes {
            let field = Field::Balance(change.block_access_index);
            put(field, Content::Number(change.post_balance));
        }
        for change in &account.nonce_changes {
            let nonce = Content::Number(U256::from(change.new_nonce));
            put(Field::Nonce(change.block_access_index), nonce);
        }
        for change in &account.code_changes {
            put(Field::Code(change.block_access_index), Content::Code(change.new_code.clone()));
        }
    }
    entries
}

impl Field {
    /// The same of another index, where it is of one.
    fn at(self, index: BlockAccessIndex) -> Self {
        match self {
            Self::Account | Self::Read(_) => self,
            Self::Slot(slot, _) => Self::Slot(slot, index),
            Self::Balance(_) => Self::Balance(index),
            Self::Nonce(_) => Self::Nonce(index),
            Self::Code(_) => Self::Code(index),
        }
    }

    fn index(self) -> Option<BlockAccessIndex> {
        match self {
            Self::Account | Self::Read(_) => None,
            Self::Slot(_, index)
            | Self::Balance(index)
            | Self::Nonce(index)
            | Self::Code(index) => Some(index),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account;
        match self.field {
            Field::Account => write!(f, "account {account}")?,
            Field::Read(slot) => write!(f, "the read of slot {slot:#x} of {account}")?,
            Field::Slot(slot, index) => write!(f, "slot {slot:#x} of {account} at index {index}")?,
            Field::Balance(index) => write!(f, "the balance of {account} at index {index}")?,
            Field::Nonce(index) => write!(f, "the nonce of {account} at index {index}")?,
            Field::Code(index) => write!(f, "the code of {account} at index {index}")?,
        }
        match (&self.said, &self.built, self.moved) {
            (Some(_), _, Some(index)) => write!(f, " is wrong: it is of index {index}"),
            (Some(Content::There) | None, Some(Content::There), _) => f.write_str(" is missing"),
            (None, built, _) => {
                f.write_str(" is missing")?;
                built.as_ref().map_or(Ok(()), |built| write!(f, ": it is {built}"))
            }
            (Some(_), None, None) => f.write_str(" is not the block's"),
            (Some(said), Some(built), None) => write!(f, " is {built}, not {said}"),
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::There => f.write_str("there"),
            Self::Number(number) => write!(f, "{number:#x}"),
            Self::Code(code) => write!(f, "{code}"),
        }
    }
}
