//! Block access lists (EIP-7928): which accounts and slots a block touches, and which values its transactions leave
//! there. Index 0 of a list is what the protocol does before the transactions, `1..=n` are the transactions, and `n + 1`
//! is what comes after them.
//!
//! A list is built twice: by stock revm's own builder on the specification's side, and from what a parallel run has
//! touched and written on ours. A list from elsewhere is checked against the latter, and is never more than advice.

mod build;
mod check;
mod foretell;
mod touched;

use alloy_rlp::{Decodable as _, Header};
use revm::primitives::{B256, keccak256};

pub use alloy_eip7928::bal::Bal as AccessList;
pub use alloy_eip7928::{
    AccountChanges, BalanceChange, BlockAccessIndex, BlockAccessListChangeKind,
    BlockAccessListValidationError, CodeChange, NonceChange, SlotChanges, StorageChange,
};
pub use check::{Content, Difference, Field, Malformed, check, differences};
pub use touched::Touch;

pub(crate) use build::{of_journal, of_run};
pub(crate) use foretell::foretell;
pub(crate) use touched::Touched;

/// A list's encoding.
pub fn encode(list: &AccessList) -> Vec<u8> {
    let mut bytes = Vec::new();
    alloy_rlp::encode_list(list.as_slice(), &mut bytes);
    bytes
}

/// The hash that a header has of a list.
pub fn hash(list: &AccessList) -> B256 {
    keccak256(encode(list))
}

/// Reads a list's encoding. Whether it says what may be said is [`check`]'s.
///
/// # Errors
/// At which byte what begins that cannot be read.
pub fn decode(bytes: &[u8]) -> Result<AccessList, Malformed> {
    let mut rest = bytes;
    let at =
        |rest: &[u8], reason: String| Malformed::Encoding { at: bytes.len() - rest.len(), reason };
    let mut payload = Header::decode_bytes(&mut rest, true)
        .map_err(|error| at(bytes, format!("the list cannot be read: {error}")))?;
    if !rest.is_empty() {
        return Err(at(rest, "there is more behind the list".to_owned()));
    }
    let mut accounts = Vec::new();
    while !payload.is_empty() {
        let before = payload;
        let account = AccountChanges::decode(&mut payload).map_err(|error| {
            at(before, format!("account {} cannot be read: {error}", accounts.len()))
        })?;
        accounts.push(account);
    }
    Ok(accounts.into())
}

/// One list from those of parts of a block, in order.
pub fn join(parts: impl IntoIterator<Item = AccessList>) -> AccessList {
    let mut list = AccessList::default();
    for part in parts {
        list.merge(part);
    }
    list.sort();
    list
}
