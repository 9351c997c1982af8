//! World state in memory for one sequential execution.

use std::collections::BTreeMap;
use std::sync::Arc;

use revm::primitives::map::{AddressMap, U256Map};
use revm::primitives::{Address, B256, U256};
use revm::state::{Account, AccountInfo, Bytecode};

use crate::{AccountState, State};

/// World state. revm's own `CacheDB` keeps touched empty accounts and its `State` takes accounts without code to have
/// no storage; a scenario may contain either.
#[derive(Debug)]
pub(crate) struct World {
    /// Exactly the accounts that exist.
    accounts: AddressMap<Stored>,
    block_hashes: Arc<BTreeMap<u64, B256>>,
}

#[derive(Debug, Default)]
struct Stored {
    info: AccountInfo,
    storage: U256Map<U256>,
    /// It has the storage it had at the beginning, or what has become of it.
    old_storage: bool,
}

impl World {
    pub(super) fn new(state: &State, block_hashes: Arc<BTreeMap<u64, B256>>) -> Self {
        let accounts = state.iter().map(|(address, account)| {
            let info = AccountInfo {
                balance: account.balance,
                nonce: account.nonce,
                code_hash: account.code_hash,
                code: Some(account.code.clone().unwrap_or_default()),
                account_id: None,
            };
            let storage = account.storage.iter().map(|(slot, value)| (*slot, *value)).collect();
            let old_storage = !account.storage.is_empty();
            (*address, Stored { info, storage, old_storage })
        });
        Self { accounts: accounts.collect(), block_hashes }
    }

    /// Gives an account code; a new one gets the nonce of a contract.
    pub(super) fn place_code(&mut self, address: Address, code: Bytecode) {
        let info = &mut self.accounts.entry(address).or_default().info;
        info.nonce = info.nonce.max(1);
        info.code_hash = code.hash_slow();
        info.code = Some(code);
    }

    /// Adds to a balance out of nothing; `None` if it would not fit.
    pub(super) fn credit(&mut self, address: Address, value: U256) -> Option<()> {
        if value.is_zero() {
            return Some(());
        }
        let info = &mut self.accounts.entry(address).or_default().info;
        let sum = info.balance.checked_add(value);
        info.balance = sum?;
        Some(())
    }

    pub(super) fn state(&self) -> State {
        #[expect(clippy::iter_over_hash_type, reason = "collected into ordered maps")]
        fn collect(accounts: &AddressMap<Stored>) -> State {
            let mut state = State::new();
            for (address, stored) in accounts {
                let Stored { info, storage, .. } = stored;
                let code = info.code.clone().filter(|code| !code.is_empty());
                let storage = storage.iter().filter(|(_, value)| !value.is_zero());
                let account = AccountState {
                    balance: info.balance,
                    nonce: info.nonce,
                    code_hash: info.code_hash,
                    code,
                    storage: storage.map(|(slot, value)| (*slot, *value)).collect(),
                };
                state.insert(*address, account);
            }
            state
        }
        collect(&self.accounts)
    }
}

impl World {
    pub(crate) fn basic(&self, address: Address) -> Option<AccountInfo> {
        self.accounts.get(&address).map(|stored| stored.info.clone())
    }

    pub(crate) fn storage(&self, address: Address, slot: U256) -> U256 {
        let stored = self.accounts.get(&address);
        stored.and_then(|stored| stored.storage.get(&slot).copied()).unwrap_or_default()
    }

    pub(crate) fn has_old_storage(&self, address: Address) -> bool {
        self.accounts.get(&address).is_some_and(|stored| stored.old_storage)
    }

    pub(crate) fn block_hash(&self, number: u64) -> B256 {
        self.block_hashes.get(&number).copied().unwrap_or_default()
    }

    /// Makes a transaction's changes permanent.
    ///
    /// revm's `finalize` has already turned the rules before Spurious Dragon into these: an empty account that is to
    /// stay is marked as created or not touched.
    #[expect(clippy::iter_over_hash_type, reason = "each account is changed on its own")]
    pub(super) fn commit(&mut self, changes: AddressMap<Account>) {
        for (address, account) in changes {
            if !account.is_touched() {
                continue;
            }
            let created = account.is_created();
            if account.is_selfdestructed() || (account.is_empty() && !created) {
                self.accounts.remove(&address);
                continue;
            }
            let stored = self.accounts.entry(address).or_default();
            if created {
                stored.storage.clear();
                stored.old_storage = false;
            }
            stored.info = account.info;
            // A later transaction finds its code here.
            stored.info.code.get_or_insert_default();
            let changed = account.storage.into_iter().filter(|(_, slot)| slot.is_changed());
            stored.storage.extend(changed.map(|(slot, content)| (slot, content.present_value)));
        }
    }
}
