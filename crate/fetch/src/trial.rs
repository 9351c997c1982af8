//! A run of the transactions on what is known of the state, which says what it lacked.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_import::node::Account;
use revm::context::either::Either;
use revm::context::{CfgEnv, Context, ContextTr as _};
use revm::database::CacheDB;
use revm::state::{AccountInfo, Bytecode, EvmState};
use revm::{DatabaseCommit as _, DatabaseRef, ExecuteEvm as _, MainBuilder as _, MainContext as _};

use crate::state::{Known, Missing};

/// What a run found and lacked.
#[derive(Debug)]
pub(crate) struct Trial {
    /// What it asked for that is not known. Everything it did from there on may be different the next time.
    pub(crate) missing: Missing,
    /// What the chosen transactions found: of each location, what the first of them to touch it found there.
    pub(crate) found: Known,
}

/// What the transactions mention, and will need.
pub(crate) fn mentioned(scenario: &Scenario) -> Missing {
    let mut missing = Missing::default();
    missing.accounts.insert(scenario.block.beneficiary);
    for transaction in &scenario.transactions {
        let env = &transaction.env;
        missing.accounts.insert(env.caller);
        if let TxKind::Call(to) = env.kind {
            missing.accounts.insert(to);
        }
        for item in &env.access_list.0 {
            missing.accounts.insert(item.address);
            let slots = item.storage_keys.iter().map(|slot| (item.address, (*slot).into()));
            missing.slots.extend(slots);
        }
        for authorization in &env.authorization_list {
            if let Either::Right(recovered) = authorization {
                missing.accounts.extend(recovered.authority());
                missing.accounts.insert(*recovered.address());
            }
        }
    }
    missing
}

/// Runs the transactions in order.
pub(crate) fn run(scenario: &Scenario, known: &Known, chosen: &BTreeSet<usize>) -> Trial {
    let cfg = CfgEnv::new_with_spec(scenario.fork).with_chain_id(scenario.chain_id);
    let asked = Asked { known, missing: RefCell::default(), hashes: RefCell::default() };
    let mut evm = Context::mainnet()
        .with_db(CacheDB::new(asked))
        .with_block(scenario.block.clone())
        .with_cfg(cfg)
        .build_mainnet();
    let mut found = Known::default();
    for (index, transaction) in scenario.transactions.iter().enumerate() {
        // One that is invalid on what is known may be valid the next time.
        let Ok(ended) = evm.transact(transaction.env.clone()) else { continue };
        if chosen.contains(&index) {
            note(&mut found, evm.ctx.db_ref(), &ended.state);
        }
        evm.ctx.db_mut().commit(ended.state);
    }
    let asked = &evm.ctx.db_ref().db;
    found.hashes = asked.hashes.borrow().clone();
    Trial { missing: asked.missing.take(), found }
}

/// Remembers what a transaction found where nobody had been before it.
fn note(found: &mut Known, before: &CacheDB<Asked<'_>>, touched: &EvmState) {
    let touched: BTreeMap<_, _> = touched.iter().collect();
    for (address, account) in touched {
        let slots: BTreeMap<_, _> = account.storage.iter().collect();
        for (slot, value) in slots {
            found.slots.entry((*address, *slot)).or_insert(value.original_value);
        }
        found.accounts.entry(*address).or_insert_with(|| {
            let Ok(info) = before.basic_ref(*address);
            let info = info.unwrap_or_default();
            let code = info.code.map_or_else(Bytes::new, |code| code.original_bytes());
            Account { balance: info.balance, nonce: info.nonce, code, ..Account::default() }
        });
    }
}

/// What is known, as revm asks for it. What is not known is noted and said to be nothing, so that one run finds out about
/// as much as it can.
#[derive(Debug)]
struct Asked<'k> {
    known: &'k Known,
    missing: RefCell<Missing>,
    hashes: RefCell<BTreeMap<u64, B256>>,
}

impl DatabaseRef for Asked<'_> {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        let Some(account) = self.known.accounts.get(&address) else {
            self.missing.borrow_mut().accounts.insert(address);
            // One that exists: its slots are asked for as well.
            return Ok(Some(AccountInfo::default()));
        };
        if account.is_empty() {
            return Ok(None);
        }
        let raw = account.code.clone();
        let code =
            Bytecode::new_raw_checked(raw.clone()).unwrap_or_else(|_| Bytecode::new_legacy(raw));
        Ok(Some(AccountInfo::new(account.balance, account.nonce, code.hash_slow(), code)))
    }

    fn code_by_hash_ref(&self, _: B256) -> Result<Bytecode, Infallible> {
        // Accounts come with their code.
        Ok(Bytecode::default())
    }

    fn storage_ref(&self, address: Address, slot: U256) -> Result<U256, Infallible> {
        let value = self.known.slots.get(&(address, slot));
        if value.is_none() {
            self.missing.borrow_mut().slots.insert((address, slot));
        }
        Ok(value.copied().unwrap_or_default())
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        match self.known.hashes.get(&number) {
            Some(hash) => {
                self.hashes.borrow_mut().insert(number, *hash);
                Ok(*hash)
            }
            None => {
                self.missing.borrow_mut().hashes.insert(number);
                Ok(B256::ZERO)
            }
        }
    }
}
