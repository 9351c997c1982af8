//! World state as plain ordered data.

use std::collections::{BTreeMap, BTreeSet};

use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::Bytecode;

use crate::{Location, Value};

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

/// The state after a block, from the state before it and every location the block wrote with its final value.
pub(crate) fn apply(before: &State, writes: &[(Location, Value)]) -> State {
    let mut after = before.clone();
    let mut touched = BTreeSet::new();
    let mut lives = BTreeMap::new();
    for (location, value) in writes {
        let Some(address) = location.account() else { continue };
        touched.insert(address);
        let account = after.entry(address).or_default();
        if let Value::Life { epoch, exists } = *value {
            lives.insert(address, (epoch, exists));
            // A life that began in this block has none of the slots from before.
            if epoch != 0 {
                account.storage.clear();
            }
        }
    }
    for (location, value) in writes {
        let Some(account) = location.account().and_then(|address| after.get_mut(&address)) else {
            continue;
        };
        match (location, value) {
            (_, Value::Balance(balance)) => account.balance = *balance,
            (_, Value::Nonce(nonce)) => account.nonce = *nonce,
            (_, Value::Code(code)) => {
                account.code_hash = code.hash;
                account.code = code.bytecode.clone().filter(|code| !code.is_empty());
            }
            (Location::Slot(address, slot), Value::Slot { value, epoch }) => {
                let life = lives.get(address).map_or(0, |(life, _)| *life);
                if *epoch == life && !value.is_zero() {
                    account.storage.insert(*slot, *value);
                } else if *epoch == life {
                    account.storage.remove(slot);
                }
            }
            _ => {}
        }
    }
    for address in touched {
        let exists = lives
            .get(&address)
            .map_or_else(|| before.contains_key(&address), |(_, exists)| *exists);
        if !exists && after.get(&address).is_some_and(AccountState::is_empty) {
            after.remove(&address);
        }
    }
    after
}

impl AccountState {
    /// No balance, no nonce, no code (EIP-161). Storage does not count.
    pub(crate) fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code_hash == KECCAK_EMPTY
    }
}
