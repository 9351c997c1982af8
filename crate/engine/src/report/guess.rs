//! Guesses at what the slots of contracts without source hold: from the slots of proxies that a standard fixes, the hashes
//! that led to a slot, and what the contract's events make it look like.

use std::collections::{BTreeMap, BTreeSet};

use revm::primitives::{Address, B256, Log, U256, b256};

use crate::scenario::layout::Preimages;

/// keccak256("Transfer(address,address,uint256)"), of ERC-20 and ERC-721.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
/// keccak256("TransferSingle(address,address,address,uint256,uint256)"), of ERC-1155.
const TRANSFER_SINGLE: B256 =
    b256!("c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62");

/// Fixed slots of proxies: the hash of their name, less one (EIP-1967).
const FIXED: [(B256, &str); 3] = [
    (
        b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"),
        "implementation (EIP-1967)",
    ),
    (b256!("b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"), "admin (EIP-1967)"),
    (
        b256!("a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"),
        "beacon (EIP-1967)",
    ),
];

/// Mappings in mappings.
const DEPTH: usize = 4;

/// What contracts' events make them look like.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    tokens: BTreeMap<Address, Token>,
}

/// A contract that has logged transfers.
#[derive(Debug)]
struct Token {
    standard: Standard,
    holders: BTreeSet<U256>,
    ids: BTreeSet<U256>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standard {
    Erc20,
    Erc721,
    Erc1155,
}

impl Guesses {
    /// From everything that was logged.
    pub(super) fn new<'l>(logs: impl Iterator<Item = &'l Log>) -> Self {
        let mut all = Self::default();
        for log in logs {
            let word = |topic: &B256| U256::from_be_bytes(topic.0);
            let (standard, holders, id) = match *log.topics() {
                [TRANSFER, from, to] => (Standard::Erc20, [from, to], None),
                [TRANSFER, from, to, id] => (Standard::Erc721, [from, to], Some(word(&id))),
                [TRANSFER_SINGLE, _, from, to] => {
                    let id = log.data.data.get(..32).map(U256::from_be_slice);
                    (Standard::Erc1155, [from, to], id)
                }
                _ => continue,
            };
            let empty = Token { standard, holders: BTreeSet::new(), ids: BTreeSet::new() };
            let token = all.tokens.entry(log.address).or_insert(empty);
            token.holders.extend(holders.iter().map(word));
            token.ids.extend(id);
        }
        all
    }

    /// What lies in a slot of `account`; a question mark stands behind what is only likely. `key` writes a key, given its
    /// type's name.
    pub(super) fn name(
        &self,
        account: &Address,
        slot: U256,
        preimages: &Preimages,
        key: &dyn Fn(&str, &[u8]) -> String,
    ) -> Option<String> {
        if let Some((_, name)) =
            FIXED.iter().find(|(fixed, _)| U256::from_be_bytes(fixed.0) == slot)
        {
            return Some((*name).to_owned());
        }
        let (base, keys) = keys(slot, preimages)?;
        let looks_like = self.tokens.get(account).and_then(|token| token.variable(&keys));
        let mut out = looks_like.map_or_else(|| format!("slot{base}"), str::to_owned);
        for word in keys {
            let like = if is_address(word) { "address" } else { "uint256" };
            out += &format!("[{}]", key(like, &word.to_be_bytes::<32>()));
        }
        if looks_like.is_some() {
            out.push('?');
        }
        Some(out)
    }
}

impl Token {
    /// What the standard calls a mapping with such keys.
    fn variable(&self, keys: &[U256]) -> Option<&'static str> {
        let (holder, id) = (|key| self.holders.contains(key), |key| self.ids.contains(key));
        match (self.standard, keys) {
            (Standard::Erc721, [key]) if id(key) => Some("ownerOf"),
            (Standard::Erc20 | Standard::Erc721, [key]) if holder(key) => Some("balanceOf"),
            (Standard::Erc1155, [first, second]) if id(first) && holder(second) => {
                Some("balanceOf")
            }
            (standard, [owner, other]) if is_address(*owner) && is_address(*other) => {
                Some(if standard == Standard::Erc20 { "allowance" } else { "isApprovedForAll" })
            }
            _ => None,
        }
    }
}

/// The slot of a mapping, and the keys that lead from it to `slot`, outermost first.
fn keys(mut slot: U256, preimages: &Preimages) -> Option<(u64, Vec<U256>)> {
    let mut keys = Vec::new();
    while keys.len() < DEPTH {
        let (key, base) = preimages.get(&slot).filter(|hashed| hashed.len() == 64)?.split_at(32);
        keys.insert(0, U256::from_be_slice(key));
        slot = U256::from_be_slice(base);
        if let Ok(base) = u64::try_from(slot) {
            return Some((base, keys));
        }
    }
    None
}

/// Few numbers have between 13 and 20 bytes, and nearly all addresses do.
fn is_address(word: U256) -> bool {
    (97..=160).contains(&word.bit_len())
}
