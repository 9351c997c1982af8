//! World state and its root.

use alloy_trie::TrieAccount;
use alloy_trie::root::{state_root_unhashed, storage_root_unhashed};
use revm::primitives::B256;

pub use evm_lanes_evm::{AccountState, State};

/// The root of the state's Merkle–Patricia trie, as in a block's header.
pub fn root(state: &State) -> B256 {
    state_root_unhashed(state.iter().map(|(address, account)| {
        let slots = account.storage.iter().map(|(slot, value)| (B256::from(*slot), *value));
        let storage_root = storage_root_unhashed(slots);
        let account = TrieAccount {
            nonce: account.nonce,
            balance: account.balance,
            storage_root,
            code_hash: account.code_hash,
        };
        (*address, account)
    }))
}
