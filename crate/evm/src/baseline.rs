//! Sequential execution in a memory of its own by revm's own handler. With revm's own loop it is the specification, which
//! shares nothing with the parallel path but the environment and which every run is compared with. With ours, which every
//! attempt runs too, it is the baseline that every speedup is measured against.

mod world;

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evm_lanes_schedule::{Clock, Error};
use revm::context::result::{EVMError, ExecutionResult, HaltReason, InvalidTransaction};
use revm::context::{ContextTr as _, JournalTr as _, TxEnv};
use revm::handler::{EvmTr as _, Handler, MainnetHandler, SystemCallTx as _};
use revm::primitives::map::AddressMap;
use revm::primitives::{Address, Bytes, TxKind, U256};
use revm::state::bal::Bal;
use revm::state::{Account, Bytecode};

use crate::bal::{self, AccessList, BlockAccessIndex};
use crate::block::Deltas;
use crate::database::Stopped;
use crate::evm::{Dispatch, Evm};
use crate::handler::FeeHandler;
use crate::interpreter::Loop;
use crate::prestate::PreState;
use crate::source::Source;
use crate::{Environment, GasUsed, Outcome, State};
pub(crate) use world::World;

/// Sequential execution on a state of its own.
#[expect(missing_debug_implementations, reason = "revm's own has none")]
pub struct Baseline<'a> {
    evm: Evm,
    /// In place of revm's own handler.
    fees: Option<FeeHandler>,
    environment: &'a Environment,
    used: GasUsed,
    /// What is touched, if it is to be listed.
    list: Option<Listing>,
}

/// An access list as revm builds it.
struct Listing {
    built: Bal,
    /// Of what is executed next.
    index: BlockAccessIndex,
}

/// [`Clock`], and what to call between transactions.
pub(crate) struct Pace<'a> {
    /// Times each transaction.
    pub(crate) clock: Option<&'a dyn Clock>,
    /// Ends the run.
    pub(crate) cancel: &'a AtomicBool,
    /// Called now and then with the number of transactions done.
    pub(crate) progress: &'a dyn Fn(u32),
}

/// A contract whose constructor runs at a fixed address.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Where.
    pub address: Address,
    /// Init code with the constructor's encoded arguments behind it.
    pub init_code: Bytes,
    /// `msg.sender` of the constructor.
    pub deployer: Address,
    /// Wei sent to the constructor; taken from nobody.
    pub value: U256,
}

/// Why a constructor left no contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeployError {
    /// The value sent is more than the deployer can hold.
    #[error("the deployer's balance would exceed 256 bits")]
    Balance,
    /// It reverted with this output.
    #[error("the constructor reverted")]
    Reverted(Bytes),
    /// It used up all there is.
    #[error("the constructor used all of its {CONSTRUCTOR_GAS_WORDS} gas without coming to an end")]
    OutOfGas,
    /// It hit an invalid instruction, ….
    #[error("the constructor failed: {0}")]
    Halted(HaltReason),
    /// EIP-170.
    #[error("the code has {length} bytes, more than the {most} allowed")]
    CodeSize {
        /// Bytes it returned.
        length: usize,
        /// Bytes allowed.
        most: usize,
    },
    /// EIP-3541.
    #[error("code must not begin with 0xef (EIP-3541)")]
    CodeStart,
    /// revm gave up for another reason.
    #[error("{0}")]
    Other(String),
}

impl<'a> Baseline<'a> {
    /// By stock revm, on a copy of `state`.
    pub fn new(environment: &'a Environment, state: &State) -> Self {
        let world = World::new(state, Arc::clone(&environment.block_hashes));
        Self::in_world(environment, world, Dispatch::Table)
    }

    /// By revm with the loop that attempts run, on a copy of `state`.
    pub(crate) fn fast(environment: &'a Environment, state: &State) -> Self {
        let world = World::new(state, Arc::clone(&environment.block_hashes));
        Self::in_world(environment, world, Dispatch::Match(Loop::new()))
    }

    /// The same for so many transactions, without copying what does not change, and with fees added up.
    pub(crate) fn on(
        environment: &'a Environment,
        state: &Arc<PreState>,
        deltas: Deltas,
        transactions: usize,
    ) -> Self {
        let hashes = Arc::clone(&environment.block_hashes);
        // Two accounts of their own for each transaction are many.
        let world = World::on(Arc::clone(state), hashes, transactions.min(50_000) * 2);
        let baseline = Self::in_world(environment, world, Dispatch::Match(Loop::new()));
        let fees = FeeHandler::new(deltas, environment, state);
        Self { fees: Some(fees), ..baseline }
    }

    fn in_world(environment: &'a Environment, world: World, dispatch: Dispatch) -> Self {
        let evm = Evm::new(environment, Source::World(world), dispatch);
        Self { evm, fees: None, environment, used: GasUsed::default(), list: None }
    }

    /// The same, listing what it touches. What it executes first has the index `first`, every further transaction the next.
    pub(crate) fn listing(self, first: BlockAccessIndex) -> Self {
        Self { list: Some(Listing { built: Bal::new(), index: first }), ..self }
    }

    /// What has been listed.
    pub(crate) fn list(&mut self) -> AccessList {
        let built = self.list.as_mut().map(|list| std::mem::take(&mut list.built));
        bal::of_journal(built.unwrap_or_default())
    }

    /// Executes a block's transactions in order and returns how each ended and, with a clock, how many nanoseconds it
    /// took. Invalid ones are passed over.
    pub(crate) fn run(
        &mut self,
        transactions: &[TxEnv],
        pace: &Pace<'_>,
    ) -> Result<(Vec<Outcome>, Vec<u64>), Error> {
        let mut outcomes = Vec::with_capacity(transactions.len());
        let mut nanoseconds = Vec::new();
        for (index, transaction) in transactions.iter().enumerate() {
            if pace.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            if index % 64 == 0 {
                (pace.progress)(index as u32);
            }
            let start = pace.clock.map(Clock::now);
            outcomes.push(self.execute(transaction));
            if let (Some(clock), Some(start)) = (pace.clock, start) {
                nanoseconds.push(clock.now().saturating_sub(start));
            }
        }
        Ok((outcomes, nanoseconds))
    }

    /// Executes one transaction, as the next of the block.
    pub fn execute(&mut self, transaction: &TxEnv) -> Outcome {
        let outcome = self.execute_here(transaction);
        if let Some(list) = &mut self.list {
            list.index.increment();
        }
        outcome
    }

    fn execute_here(&mut self, transaction: &TxEnv) -> Outcome {
        let limits = &self.environment.limits;
        if let Err(refused) = limits.admit(transaction, self.used) {
            return Outcome::Invalid(refused);
        }
        self.evm.set_transaction(transaction.clone());
        let result = match &mut self.fees {
            Some(fees) => fees.run(&mut self.evm),
            None => handler().run(&mut self.evm),
        };
        let changes = self.evm.ctx().journal_mut().finalize();
        let Ok(outcome) = Outcome::of(result) else { unreachable!("a world has no estimates") };
        if outcome.included().is_some() {
            self.commit(changes);
        }
        self.used = self.used.plus(limits.used_by(transaction, &outcome));
        outcome
    }

    /// Executes one transaction as if it were the first of its block.
    pub fn execute_alone(&mut self, transaction: &TxEnv) -> Outcome {
        self.used = GasUsed::default();
        self.execute(transaction)
    }

    fn commit(&mut self, changes: AddressMap<Account>) {
        if let Some(list) = &mut self.list {
            #[expect(clippy::iter_over_hash_type, reason = "a list is sorted")]
            for (address, account) in &changes {
                list.built.update_account(list.index, *address, account);
            }
        }
        self.world().commit(changes);
    }

    /// Calls a contract as the protocol itself does: without a sender who pays, and outside the block's gas. `None` if
    /// revm gave up.
    pub(crate) fn system_call(
        &mut self,
        contract: Address,
        input: Bytes,
    ) -> Option<ExecutionResult<HaltReason>> {
        self.evm.set_transaction(TxEnv::new_system_tx(contract, input));
        let result = handler().run_system_call(&mut self.evm);
        let changes = self.evm.ctx().journal_mut().finalize();
        let result = result.ok()?;
        self.commit(changes);
        Some(result)
    }

    /// Runs a constructor at its fixed address, as Foundry's `deployCodeTo` does: the init code is put there as code
    /// and called, and what it returns becomes the code. Storage, balance and whatever else the constructor did stays.
    pub fn deploy(&mut self, deployment: &Deployment) -> Result<(), DeployError> {
        let Deployment { address, init_code, deployer, value } = deployment;
        let world = self.world();
        world.place_code(*address, Bytecode::new_legacy(init_code.clone()));
        // The value is taken from nobody: the deployer is given it first.
        world.credit(*deployer, *value).ok_or(DeployError::Balance)?;

        self.evm.set_transaction(constructor_call(*deployer, *address, *value));
        // A system call skips everything a transaction pays for or is checked against, and with it the loading of the two
        // accounts between which revm moves the value.
        for account in [*deployer, *address] {
            let loaded = self.evm.ctx().journal_mut().load_account(account);
            loaded.map_err(|error| DeployError::Other(error.to_string()))?;
        }
        let result = handler().run_system_call(&mut self.evm);
        let changes = self.evm.ctx().journal_mut().finalize();
        let result = match result {
            Ok(result) => result,
            Err(EVMError::Custom(reason)) => {
                return Err(DeployError::Other(reason));
            }
            Err(other) => return Err(DeployError::Other(other.to_string())),
        };
        let world = self.world();
        match result {
            ExecutionResult::Success { output, .. } => {
                world.commit(changes);
                let code = output.into_data();
                self.check_code(&code)?;
                self.world().place_code(*address, Bytecode::new_legacy(code));
                Ok(())
            }
            ExecutionResult::Revert { output, .. } => Err(DeployError::Reverted(output)),
            ExecutionResult::Halt { reason: HaltReason::OutOfGas(_), .. } => {
                Err(DeployError::OutOfGas)
            }
            ExecutionResult::Halt { reason, .. } => Err(DeployError::Halted(reason)),
        }
    }

    /// The rules for new code: EIP-170 and EIP-3541.
    fn check_code(&self, code: &Bytes) -> Result<(), DeployError> {
        use revm::context::Cfg as _;
        use revm::primitives::hardfork::SpecId;
        let cfg = &self.environment.cfg;
        let most = cfg.max_code_size();
        if cfg.spec.is_enabled_in(SpecId::SPURIOUS_DRAGON) && code.len() > most {
            return Err(DeployError::CodeSize { length: code.len(), most });
        }
        if cfg.spec.is_enabled_in(SpecId::LONDON) && code.first() == Some(&0xef) {
            return Err(DeployError::CodeStart);
        }
        Ok(())
    }

    fn world(&mut self) -> &mut World {
        self.evm.ctx().db_mut().world()
    }

    /// The state as it is now.
    pub fn state(&mut self) -> State {
        self.world().state(State::new())
    }

    /// The world as it is now.
    pub(crate) fn into_world(mut self) -> World {
        self.world().pay_fees();
        self.evm.revm.ctx.journaled_state.database.into_world()
    }
}

/// revm's own.
fn handler()
-> impl Handler<Evm = Evm, Error = EVMError<Stopped, InvalidTransaction>, HaltReason = HaltReason> {
    MainnetHandler { _phantom: PhantomData }
}

/// The gas of a constructor; not charged to anybody, but an endless one must end.
const CONSTRUCTOR_GAS: u64 = 100_000_000;
const CONSTRUCTOR_GAS_WORDS: &str = "100,000,000";

fn constructor_call(deployer: Address, address: Address, value: U256) -> TxEnv {
    TxEnv {
        caller: deployer,
        kind: TxKind::Call(address),
        value,
        gas_limit: CONSTRUCTOR_GAS,
        ..Default::default()
    }
}
