//! World state in memory for one sequential execution.

use std::collections::BTreeMap;
use std::sync::Arc;

use revm::primitives::map::{AddressMap, U256Map};
use revm::primitives::{Address, B256, U256};
use revm::state::{Account, AccountInfo, Bytecode};

use crate::prestate::{Fields, PreState};
use crate::{Code, State};

/// World state. revm's own `CacheDB` keeps touched empty accounts and its `State` takes accounts without code to have
/// no storage; a scenario may contain either.
#[derive(Debug)]
pub(crate) struct World {
    /// What is not among `accounts` is as it was before the block.
    before: Arc<PreState>,
    /// `None` where there is none any more.
    accounts: AddressMap<Option<Stored>>,
    /// Not yet in the balance of its recipient, who has not been looked at since.
    fees: Option<(Address, U256)>,
    block_hashes: Arc<BTreeMap<u64, B256>>,
}

#[derive(Debug, Default)]
struct Stored {
    info: AccountInfo,
    storage: U256Map<U256>,
    others: Others,
}

/// What the slots that are not listed hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Others {
    /// Nothing, in an account that has no storage from before the block.
    #[default]
    Nothing,
    /// Nothing, as all the storage from before the block, or what has become of it, is listed.
    Listed,
    /// What they held before the block.
    Before,
}

impl World {
    /// A copy of `state`, which shares nothing.
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
            let others = if account.storage.is_empty() { Others::Nothing } else { Others::Listed };
            (*address, Some(Stored { info, storage, others }))
        });
        let accounts = accounts.collect();
        Self { before: Arc::default(), accounts, fees: None, block_hashes }
    }

    /// The state before the block, of which only what changes is copied; a change of so many accounts is expected.
    pub(super) fn on(
        before: Arc<PreState>,
        block_hashes: Arc<BTreeMap<u64, B256>>,
        changes: usize,
    ) -> Self {
        let accounts = AddressMap::with_capacity_and_hasher(changes, Default::default());
        Self { before, accounts, fees: None, block_hashes }
    }

    /// Gives an account code; a new one gets the nonce of a contract.
    pub(super) fn place_code(&mut self, address: Address, code: Bytecode) {
        let info = &mut self.stored(address).info;
        info.nonce = info.nonce.max(1);
        info.code_hash = code.hash_slow();
        info.code = Some(code);
    }

    /// Adds to a balance out of nothing; `None` if it would not fit.
    pub(super) fn credit(&mut self, address: Address, value: U256) -> Option<()> {
        if value.is_zero() {
            return Some(());
        }
        let info = &mut self.stored(address).info;
        let sum = info.balance.checked_add(value);
        info.balance = sum?;
        Some(())
    }

    /// Credits `recipient`, of whom there is one, and whose balance cannot overflow.
    pub(crate) fn add_fee(&mut self, recipient: Address, fee: U256) {
        let fees = &mut self.fees.get_or_insert((recipient, U256::ZERO)).1;
        *fees = fees.wrapping_add(fee);
    }

    /// Pays the fees.
    pub(super) fn pay_fees(&mut self) {
        if let Some((recipient, fees)) = self.fees.take() {
            let balance = &mut self.stored(recipient).info.balance;
            *balance = balance.wrapping_add(fees);
        }
    }

    /// An account to change, made if there is none.
    fn stored(&mut self, address: Address) -> &mut Stored {
        let make = || {
            let info = info_before(&self.before, &address).unwrap_or_default();
            Some(Stored { info, others: Others::Before, ..Stored::default() })
        };
        self.accounts.entry(address).or_insert_with(make).get_or_insert_default()
    }

    /// Everything, where `before` is what this was made on.
    #[expect(clippy::iter_over_hash_type, reason = "each account is changed on its own")]
    pub(crate) fn state(&self, before: State) -> State {
        let mut state = before;
        for (address, stored) in &self.accounts {
            let Some(Stored { info, storage, others }) = stored else {
                state.remove(address);
                continue;
            };
            let account = state.entry(*address).or_default();
            account.balance = info.balance;
            account.nonce = info.nonce;
            account.code_hash = info.code_hash;
            let code = info.code.clone().unwrap_or_else(|| self.before.code(&info.code_hash));
            account.code = Some(code).filter(|code| !code.is_empty());
            if *others != Others::Before {
                account.storage.clear();
            }
            for (slot, value) in storage {
                match value.is_zero() {
                    true => account.storage.remove(slot),
                    false => account.storage.insert(*slot, *value),
                };
            }
        }
        state
    }
}

impl World {
    pub(crate) fn basic(&mut self, address: Address) -> Option<AccountInfo> {
        if self.fees.is_some_and(|(recipient, _)| recipient == address) {
            self.pay_fees();
        }
        match self.accounts.get(&address) {
            Some(stored) => stored.as_ref().map(|stored| stored.info.clone()),
            None => info_before(&self.before, &address),
        }
    }

    /// Of an account that has not been given code here.
    pub(crate) fn code(&self, hash: &B256) -> Bytecode {
        self.before.code(hash)
    }

    pub(crate) fn storage(&self, address: Address, slot: U256) -> U256 {
        match self.accounts.get(&address) {
            Some(None) => U256::ZERO,
            Some(Some(Stored { storage, others, .. })) => match storage.get(&slot) {
                Some(value) => *value,
                None if *others == Others::Before => self.before.slot(&address, &slot),
                None => U256::ZERO,
            },
            None => self.before.slot(&address, &slot),
        }
    }

    pub(crate) fn has_old_storage(&self, address: Address) -> bool {
        match self.accounts.get(&address) {
            Some(None) => false,
            Some(Some(Stored { others: Others::Before, .. })) | None => {
                self.before.has_storage(&address)
            }
            Some(Some(Stored { others, .. })) => *others == Others::Listed,
        }
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
                self.accounts.insert(address, None);
                continue;
            }
            let on_before = || Some(Stored { others: Others::Before, ..Stored::default() });
            let stored = self.accounts.entry(address).or_insert_with(on_before);
            let stored = stored.get_or_insert_default();
            if created {
                stored.storage.clear();
                stored.others = Others::Nothing;
            }
            stored.info = account.info;
            let changed = account.storage.into_iter().filter(|(_, slot)| slot.is_changed());
            stored.storage.extend(changed.map(|(slot, content)| (slot, content.present_value)));
        }
    }
}

fn info_before(before: &PreState, address: &Address) -> Option<AccountInfo> {
    let Fields { exists, balance, nonce, code } = before.fields(address);
    let Code { hash: code_hash, bytecode: code } = code;
    exists.then_some(AccountInfo { balance, nonce, code_hash, code, account_id: None })
}
