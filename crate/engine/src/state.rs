//! World state as plain ordered data.

use std::collections::BTreeMap;

use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::Bytecode;

/// Every account that exists.
pub type State = BTreeMap<Address, AccountState>;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// In wei.
    pub balance: U256,
    /// Transactions sent, or contracts created.
    pub nonce: u64,
    /// Keccak-256 of `code`.
    pub code_hash: B256,
    /// Its code, `None` if there is none.
    pub code: Option<Bytecode>,
    /// Non-zero slots only.
    pub storage: BTreeMap<U256, U256>,
}

impl Default for AccountState {
    fn default() -> Self {
        Self {
            balance: U256::ZERO,
            nonce: 0,
            code_hash: KECCAK_EMPTY,
            code: None,
            storage: BTreeMap::new(),
        }
    }
}
