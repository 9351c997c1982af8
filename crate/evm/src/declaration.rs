//! What a transaction says beforehand about what it will touch: its access list (EIP-2930) or, without one, whole accounts.

use evm_lanes_schedule::{Lock, LockMode};
use revm::context::TxEnv;
use revm::context::transaction::AuthorizationTr as _;
use revm::primitives::map::HashMap;
use revm::primitives::{Address, TxKind, U256};

use crate::Environment;
use crate::prestate::PreState;

/// The locks that a block's transactions declare.
///
/// * Every transaction locks its sender to write, the fee recipient too unless fees are added, and an authority whose
///   code it sets (EIP-7702).
/// * It locks its recipient to write if it sends value, else to read; a contract it creates to write.
/// * With an access list it locks the listed accounts to read and the listed slots to write: EIP-2930 does not say which
///   of them are only read. It is taken at its word, so nothing else is locked.
/// * Without one it locks all storage of the contract it calls to write. What that contract calls is not known: such
///   locks are too coarse and not complete.
///
/// A slot is locked under its account's storage, which is locked to read: so who locks single slots and who locks them
/// all wait for each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// For each transaction its locks; a key is an index into [`Self::keys`].
    pub locks: Vec<Vec<Lock>>,
    /// What is locked, in order of first mention.
    pub keys: Vec<Lockable>,
}

/// Something that can be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lockable {
    /// An account: its balance, nonce, code and life.
    Account(Address),
    /// All storage of an account.
    Storage(Address),
    /// One slot.
    Slot(Address, U256),
}

impl Declared {
    pub(crate) fn new(
        transactions: &[TxEnv],
        environment: &Environment,
        before: &PreState,
        fees_added: bool,
    ) -> Self {
        let mut keys = Keys::default();
        let mut locks = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let mut wanted = vec![(Lockable::Account(transaction.caller), LockMode::Write)];
            if !fees_added {
                wanted.push((Lockable::Account(environment.block.beneficiary), LockMode::Write));
            }
            for authorization in &transaction.authorization_list {
                let authority = authorization.authority().map(Lockable::Account);
                wanted.extend(authority.map(|authority| (authority, LockMode::Write)));
            }
            match transaction.kind {
                TxKind::Call(to) => {
                    let mode =
                        if transaction.value.is_zero() { LockMode::Read } else { LockMode::Write };
                    wanted.push((Lockable::Account(to), mode));
                    if transaction.access_list.is_empty() && before.has_code(&to) {
                        wanted.push((Lockable::Storage(to), LockMode::Write));
                    }
                }
                TxKind::Create => {
                    let created = transaction.caller.create(transaction.nonce);
                    wanted.push((Lockable::Account(created), LockMode::Write));
                    wanted.push((Lockable::Storage(created), LockMode::Write));
                }
            }
            for item in transaction.access_list.iter() {
                wanted.push((Lockable::Account(item.address), LockMode::Read));
                if !item.storage_keys.is_empty() {
                    wanted.push((Lockable::Storage(item.address), LockMode::Read));
                }
                for slot in &item.storage_keys {
                    let slot = Lockable::Slot(item.address, (*slot).into());
                    wanted.push((slot, LockMode::Write));
                }
            }
            let lock = |(what, mode)| Lock { key: keys.number(what), mode };
            locks.push(wanted.into_iter().map(lock).collect());
        }
        Self { locks, keys: keys.list }
    }
}

/// Numbers in order of first mention.
#[derive(Default)]
struct Keys {
    numbers: HashMap<Lockable, u32>,
    list: Vec<Lockable>,
}

impl Keys {
    fn number(&mut self, what: Lockable) -> u32 {
        *self.numbers.entry(what).or_insert_with(|| {
            self.list.push(what);
            self.list.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use evm_lanes_schedule::{Lock, LockMode};
    use revm::context::transaction::{AccessList, AccessListItem};
    use revm::context::{BlockEnv, TxEnv};
    use revm::primitives::hardfork::SpecId;
    use revm::primitives::{Address, B256, Bytes, TxKind, U256};
    use revm::state::Bytecode;

    use super::{Declared, Lockable};
    use crate::prestate::PreState;
    use crate::{AccountState, Environment, State};

    const ALICE: Address = Address::repeat_byte(1);
    const BOB: Address = Address::repeat_byte(2);
    const TOKEN: Address = Address::repeat_byte(3);
    const MINER: Address = Address::repeat_byte(9);

    /// What one transaction locks, by name.
    fn declared(transaction: TxEnv, fees_added: bool) -> Vec<(Lockable, LockMode)> {
        let code = Bytecode::new_raw(Bytes::from_static(&[0]));
        let token = AccountState {
            code_hash: code.hash_slow(),
            code: Some(code),
            ..AccountState::default()
        };
        let before = PreState::new(&State::from([(TOKEN, token)]));
        let block = BlockEnv { beneficiary: MINER, ..BlockEnv::default() };
        let environment = Environment::new(SpecId::OSAKA, 1, block, BTreeMap::new());
        let Declared { locks, keys } =
            Declared::new(&[transaction], &environment, &before, fees_added);
        locks[0].iter().map(|&Lock { key, mode }| (keys[key as usize], mode)).collect()
    }

    fn call(to: Address, value: u64) -> TxEnv {
        TxEnv {
            caller: ALICE,
            kind: TxKind::Call(to),
            value: U256::from(value),
            ..TxEnv::default()
        }
    }

    #[test]
    fn a_transfer_locks_its_two_accounts() {
        let locks = [
            (Lockable::Account(ALICE), LockMode::Write),
            (Lockable::Account(BOB), LockMode::Write),
        ];
        assert_eq!(declared(call(BOB, 1), true), locks);
        let with_fees = declared(call(BOB, 1), false);
        assert_eq!(with_fees[1], (Lockable::Account(MINER), LockMode::Write));
    }

    #[test]
    fn a_call_without_a_list_locks_all_storage_of_what_it_calls() {
        let locks = [
            (Lockable::Account(ALICE), LockMode::Write),
            (Lockable::Account(TOKEN), LockMode::Read),
            (Lockable::Storage(TOKEN), LockMode::Write),
        ];
        assert_eq!(declared(call(TOKEN, 0), true), locks);
    }

    #[test]
    fn an_access_list_is_taken_at_its_word() {
        let item = AccessListItem { address: TOKEN, storage_keys: vec![B256::with_last_byte(7)] };
        let transaction = TxEnv { access_list: AccessList(vec![item]), ..call(TOKEN, 0) };
        let locks = [
            (Lockable::Account(ALICE), LockMode::Write),
            (Lockable::Account(TOKEN), LockMode::Read),
            (Lockable::Account(TOKEN), LockMode::Read),
            (Lockable::Storage(TOKEN), LockMode::Read),
            (Lockable::Slot(TOKEN, U256::from(7)), LockMode::Write),
        ];
        assert_eq!(declared(transaction, true), locks);
    }

    #[test]
    fn a_creation_locks_what_it_creates() {
        let transaction = TxEnv { caller: ALICE, kind: TxKind::Create, ..TxEnv::default() };
        let created = ALICE.create(0);
        let locks = [
            (Lockable::Account(ALICE), LockMode::Write),
            (Lockable::Account(created), LockMode::Write),
            (Lockable::Storage(created), LockMode::Write),
        ];
        assert_eq!(declared(transaction, true), locks);
    }
}
