//! The third opinion: stock revm on revm's own `State`, one transaction after another. It shares no code with the
//! engine, so a mistake in what both of the engine's paths use does not pass.

use evm_lanes_engine::scenario::{InvalidMode, Scenario};
use evm_lanes_engine::state::{AccountState, State};
use revm::context::result::{EVMError, ExecutionResult};
use revm::context::{Cfg as _, CfgEnv, TxEnv};
use revm::database::{CacheState, EmptyDB};
use revm::primitives::hardfork::SpecId;
use revm::state::AccountInfo;
use revm::{Context, ExecuteCommitEvm as _, MainBuilder as _, MainContext as _};

use super::check::{Executed, Outcome};

/// What sequential execution of `scenario` comes to. Its accounts without code must be without storage.
pub(crate) fn execute(scenario: &Scenario) -> Executed {
    let mut cfg = CfgEnv::new_with_spec(scenario.fork).with_chain_id(scenario.chain_id);
    if scenario.fork.is_enabled_in(SpecId::CANCUN) {
        cfg.set_max_blobs_per_tx(if scenario.fork == SpecId::PRAGUE { 9 } else { 6 });
    }
    let mut room = Room::new(scenario, &cfg);
    let mut cache = CacheState::new();
    for (address, account) in &scenario.accounts {
        let AccountState { balance, nonce, code_hash, code, storage } = account.clone();
        let info = AccountInfo { balance, nonce, code_hash, code, account_id: None };
        cache.insert_account_with_storage(*address, info, storage.into_iter().collect());
    }
    let database = revm::database::State::builder()
        .with_database(EmptyDB::default())
        .with_cached_prestate(cache)
        .build();
    let mut evm = Context::mainnet()
        .with_block(scenario.block.clone())
        .with_cfg(cfg)
        .with_db(database)
        .build_mainnet();

    let mut outcomes = Vec::new();
    for transaction in &scenario.transactions {
        let outcome = match room.refuses(&transaction.env) {
            true => Outcome::NoRoom,
            false => match evm.transact_commit(transaction.env.clone()) {
                Ok(result) => Outcome::Included(result),
                Err(EVMError::Transaction(reason)) => Outcome::Invalid(reason.to_string()),
                Err(other) => panic!("stock revm says: {other}"),
            },
        };
        if let Outcome::Included(result) = &outcome {
            room.take(&transaction.env, result);
        } else if scenario.invalid == InvalidMode::Reject {
            let rejected_by = Some(outcomes.len());
            return Executed {
                outcomes: Vec::new(),
                rejected_by,
                state: scenario.accounts.clone(),
            };
        }
        outcomes.push(outcome);
    }

    let accounts = evm.ctx.journaled_state.database.cache.trie_account();
    let state = accounts.into_iter().map(|(address, account)| {
        let AccountInfo { balance, nonce, code_hash, code, .. } = account.info.clone();
        let storage = account.storage.iter().filter(|(_, value)| !value.is_zero());
        let storage = storage.map(|(slot, value)| (*slot, *value)).collect();
        let code = code.filter(|code| !code.is_empty());
        (address, AccountState { balance, nonce, code_hash, code, storage })
    });
    Executed { outcomes, rejected_by: None, state: state.collect::<State>() }
}

/// What is left of the block: `gas`, twice from EIP-8037 on, and blobs.
#[derive(Debug)]
struct Room {
    regular: u64,
    state: u64,
    blobs: usize,
    gas: u64,
    cap: Option<u64>,
    most_blobs: usize,
}

impl Room {
    fn new(scenario: &Scenario, cfg: &CfgEnv) -> Self {
        let gas = scenario.block.gas_limit;
        let most_blobs = match scenario.fork {
            SpecId::CANCUN => 6,
            SpecId::PRAGUE | SpecId::OSAKA => 9,
            _ => 21,
        };
        let cap = scenario.fork.is_enabled_in(SpecId::AMSTERDAM).then(|| cfg.tx_gas_limit_cap());
        Self { regular: gas, state: gas, blobs: most_blobs, gas, cap, most_blobs }
    }

    /// What could never fit is left to revm.
    fn refuses(&self, tx: &TxEnv) -> bool {
        let regular = tx.gas_limit.min(self.cap.unwrap_or(u64::MAX));
        let gas = regular > self.regular || self.cap.is_some() && tx.gas_limit > self.state;
        let blobs = tx.blob_hashes.len() > self.blobs && tx.blob_hashes.len() <= self.most_blobs;
        gas && tx.gas_limit <= self.gas || blobs
    }

    fn take(&mut self, tx: &TxEnv, result: &ExecutionResult) {
        let gas = result.gas();
        if self.cap.is_some() {
            self.regular -= gas.block_regular_gas_used().min(self.regular);
            self.state -= gas.block_state_gas_used().min(self.state);
        } else {
            self.regular -= gas.tx_gas_used();
        }
        self.blobs -= tx.blob_hashes.len();
    }
}
