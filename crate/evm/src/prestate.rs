//! The state before the block, for fast look-ups from many workers.

use evm_lanes_schedule::Base;
use revm::primitives::map::{AddressMap, U256Map};
use revm::primitives::{Address, U256};

use crate::{Code, GasUsed, Location, State, Value};

/// The state before the block.
#[derive(Debug, Default)]
pub(crate) struct PreState {
    accounts: AddressMap<Account>,
    /// All the ether there is, if it fits into 256 bits.
    supply: Option<U256>,
}

#[derive(Debug)]
struct Account {
    balance: U256,
    nonce: u64,
    code: Code,
    storage: U256Map<U256>,
}

/// An account without its storage.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) exists: bool,
    pub(crate) balance: U256,
    pub(crate) nonce: u64,
    pub(crate) code: Code,
}

impl PreState {
    pub(crate) fn new(state: &State) -> Self {
        let accounts = state.iter().map(|(address, account)| {
            let code = match &account.code {
                Some(bytecode) => Code { hash: account.code_hash, bytecode: bytecode.clone() },
                None => Code::default(),
            };
            let storage = account.storage.iter().map(|(slot, value)| (*slot, *value)).collect();
            (*address, Account { balance: account.balance, nonce: account.nonce, code, storage })
        });
        let mut balances = state.values().map(|account| account.balance);
        let supply = balances.try_fold(U256::ZERO, U256::checked_add);
        Self { accounts: accounts.collect(), supply }
    }

    /// What an account's fields are.
    pub(crate) fn fields(&self, address: &Address) -> Fields {
        match self.accounts.get(address) {
            Some(account) => Fields {
                exists: true,
                balance: account.balance,
                nonce: account.nonce,
                code: account.code.clone(),
            },
            None => Fields::default(),
        }
    }

    /// Whether the account exists but has no balance, nonce or code (EIP-161).
    pub(crate) fn is_empty_account(&self, address: &Address) -> bool {
        self.accounts.get(address).is_some_and(|account| {
            account.balance.is_zero() && account.nonce == 0 && account.code == Code::default()
        })
    }

    /// Whether the account has code.
    pub(crate) fn has_code(&self, address: &Address) -> bool {
        self.accounts.get(address).is_some_and(|account| account.code != Code::default())
    }

    /// Whether the account has storage.
    pub(crate) fn has_storage(&self, address: &Address) -> bool {
        self.accounts.get(address).is_some_and(|account| !account.storage.is_empty())
    }

    /// All the ether there is, if it fits into 256 bits: then no balance can overflow, whatever happens.
    pub(crate) fn supply(&self) -> Option<U256> {
        self.supply
    }
}

impl Base<Location, Value> for PreState {
    fn load(&self, location: &Location) -> Value {
        let account = location.account().and_then(|address| self.accounts.get(&address));
        match location {
            Location::Balance(_) => {
                Value::Balance(account.map_or(U256::ZERO, |account| account.balance))
            }
            Location::Nonce(_) => Value::Nonce(account.map_or(0, |account| account.nonce)),
            Location::Code(_) => {
                Value::Code(account.map(|account| account.code.clone()).unwrap_or_default())
            }
            Location::Life(_) => Value::Life { epoch: 0, exists: account.is_some() },
            Location::Slot(_, slot) => {
                let value = account.and_then(|account| account.storage.get(slot).copied());
                Value::Slot { value: value.unwrap_or_default(), epoch: 0 }
            }
            Location::BlockGas => Value::Gas(GasUsed::default()),
        }
    }
}
