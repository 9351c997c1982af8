//! The state before the block, for fast look-ups from many workers.

use evm_lanes_schedule::Base;
use revm::primitives::map::{AddressMap, B256Map, U256Map};
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::Bytecode;

use crate::{AccountState, Code, GasUsed, Location, State, Value};

/// The state before the block.
#[derive(Debug, Default)]
pub(crate) struct PreState {
    accounts: AddressMap<Account>,
    /// By their hashes.
    codes: B256Map<Bytecode>,
    /// All the ether there is, if it fits into 256 bits.
    supply: Option<U256>,
}

#[derive(Debug)]
struct Account {
    balance: U256,
    nonce: u64,
    code_hash: B256,
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
            let storage = account.storage.iter().map(|(slot, value)| (*slot, *value)).collect();
            let code_hash = account.code.as_ref().map_or(KECCAK_EMPTY, |_| account.code_hash);
            let AccountState { balance, nonce, .. } = *account;
            (*address, Account { balance, nonce, code_hash, storage })
        });
        let codes =
            state.values().filter_map(|account| Some((account.code_hash, account.code.clone()?)));
        let mut balances = state.values().map(|account| account.balance);
        let supply = balances.try_fold(U256::ZERO, U256::checked_add);
        Self { accounts: accounts.collect(), codes: codes.collect(), supply }
    }

    /// What an account's fields are.
    pub(crate) fn fields(&self, address: &Address) -> Fields {
        match self.accounts.get(address) {
            Some(account) => Fields {
                exists: true,
                balance: account.balance,
                nonce: account.nonce,
                code: account.code(),
            },
            None => Fields::default(),
        }
    }

    /// Whether the account exists but has no balance, nonce or code (EIP-161).
    pub(crate) fn is_empty_account(&self, address: &Address) -> bool {
        self.accounts.get(address).is_some_and(|account| {
            account.balance.is_zero() && account.nonce == 0 && account.code_hash == KECCAK_EMPTY
        })
    }

    /// The code with this hash; none if no account has it.
    pub(crate) fn code(&self, hash: &B256) -> Bytecode {
        self.codes.get(hash).cloned().unwrap_or_default()
    }

    /// Whether the account has code.
    pub(crate) fn has_code(&self, address: &Address) -> bool {
        self.accounts.get(address).is_some_and(|account| account.code_hash != KECCAK_EMPTY)
    }

    /// What a slot holds.
    pub(crate) fn slot(&self, address: &Address, slot: &U256) -> U256 {
        let account = self.accounts.get(address);
        account.and_then(|account| account.storage.get(slot).copied()).unwrap_or_default()
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

impl Account {
    fn code(&self) -> Code {
        Code { hash: self.code_hash, bytecode: None }
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
            Location::Code(_) => Value::Code(account.map(Account::code).unwrap_or_default()),
            Location::Life(_) => Value::Life { epoch: 0, exists: account.is_some() },
            Location::Slot(_, slot) => {
                let value = account.and_then(|account| account.storage.get(slot).copied());
                Value::Slot { value: value.unwrap_or_default(), epoch: 0 }
            }
            Location::BlockGas => Value::Gas(GasUsed::default()),
        }
    }
}
