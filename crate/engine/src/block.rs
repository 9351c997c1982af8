//! A scenario's block, set up and ready to be executed in whatever way, as often as wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evm_lanes_evm::bal::AccessList;
use evm_lanes_evm::{
    Baseline, Declared, DeployError, Environment, Location, Outcome, Preimages, State, Value,
};
use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::{Access, Clock, Error, Panicked, Pool, WorkerId, Write};
use revm::primitives::{Address, U256};

use crate::RunError;
use crate::reason;
use crate::scenario::{InvalidMode, Scenario};

pub use evm_lanes_evm::block::{Deltas, Hint, How, Parallel, Sequential, Workplace, World};

/// A scenario's block and the state before it.
#[derive(Debug)]
pub struct Block<'s> {
    scenario: &'s Scenario,
    inner: evm_lanes_evm::block::Block,
}

/// Why a block cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupFailure {
    /// Whose fault.
    pub at: SetupStep,
    /// What happened.
    pub message: String,
}

/// A step of the set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupStep {
    /// The constructor at this address.
    Deployment(Address),
    /// The set-up transaction with this index.
    Transaction(usize),
}

impl<'s> Block<'s> {
    /// Runs constructors and set-up transactions. `progress` is called with the number of steps done.
    pub fn prepare(
        scenario: &'s Scenario,
        cancel: &AtomicBool,
        progress: &dyn Fn(u32),
    ) -> Result<Result<Self, SetupFailure>, RunError> {
        let environment = Environment::new(
            scenario.fork,
            scenario.chain_id,
            scenario.block.clone(),
            scenario.block_hashes.clone(),
        );
        let mut earlier = scenario.block.clone();
        earlier.timestamp -= U256::from(scenario.since_setup);
        let hashes = scenario.block_hashes.clone();
        let earlier = Environment::new(scenario.fork, scenario.chain_id, earlier, hashes);
        let mut baseline = Baseline::new(&earlier, &scenario.accounts);
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(done);
            if cancel.load(Ordering::Relaxed) { Err(RunError::Cancelled) } else { Ok(()) }
        };
        for deployment in &scenario.deployments {
            step()?;
            if let Err(error) = baseline.deploy(deployment) {
                let message = match error {
                    DeployError::Reverted(output) => {
                        let at = Some(deployment.address);
                        let reason = reason::revert(&output, scenario, at);
                        format!("the constructor reverted: {reason}")
                    }
                    other => other.to_string(),
                };
                let at = SetupStep::Deployment(deployment.address);
                return Ok(Err(SetupFailure { at, message }));
            }
        }
        for (index, transaction) in scenario.setup.iter().enumerate() {
            step()?;
            let outcome = baseline.execute_alone(&transaction.env);
            if let Some(message) =
                reason::failure(&outcome, scenario, transaction.env.kind.to().copied())
            {
                return Ok(Err(SetupFailure { at: SetupStep::Transaction(index), message }));
            }
        }
        let before = baseline.state();
        let transactions = scenario.transactions.iter().map(|transaction| transaction.env.clone());
        let inner = evm_lanes_evm::block::Block::new(environment, before, transactions.collect());
        Ok(Ok(Self { scenario, inner }))
    }

    /// The transactions of another scenario, which is the same but for them.
    pub(crate) fn with_transactions_of<'o>(&self, scenario: &'o Scenario) -> Block<'o> {
        let transactions = scenario.transactions.iter().map(|transaction| transaction.env.clone());
        Block { scenario, inner: self.inner.with_transactions(transactions.collect()) }
    }

    /// The scenario it is from.
    pub fn scenario(&self) -> &'s Scenario {
        self.scenario
    }

    /// How many transactions it has.
    pub(crate) fn transactions(&self) -> u32 {
        self.scenario.transactions.len() as u32
    }

    /// The block without its scenario.
    pub(crate) fn plain(&self) -> &evm_lanes_evm::block::Block {
        &self.inner
    }

    /// The same, to keep.
    pub(crate) fn into_plain(self) -> evm_lanes_evm::block::Block {
        self.inner
    }

    /// The state before the block.
    pub fn before(&self) -> &State {
        self.inner.before()
    }

    /// Executes the block with stock revm: this is the specification. With a clock it is the baseline that is executed, and
    /// each transaction timed.
    pub fn sequential(
        &self,
        clock: Option<&dyn Clock>,
        cancel: &AtomicBool,
        progress: &dyn Fn(u32),
    ) -> Result<Sequential, RunError> {
        let mut run = self.inner.sequential(clock, cancel, progress)?;
        if self.rejected_by(&run.outcomes).is_some() {
            run.after = self.before().clone();
        }
        Ok(run)
    }

    /// How many nanoseconds the baseline takes for the block, without anything that is only for show.
    pub fn time_sequential(&self, clock: &dyn Clock, cancel: &AtomicBool) -> Result<u64, RunError> {
        Ok(self.inner.time_sequential(clock, cancel)?)
    }

    /// The same of stock revm.
    pub fn time_stock_revm(&self, clock: &dyn Clock, cancel: &AtomicBool) -> Result<u64, RunError> {
        Ok(self.inner.time_stock_revm(clock, cancel)?)
    }

    /// What each transaction locks under the strategy `locks`.
    pub fn declared(&self, deltas: Deltas) -> Declared {
        self.inner.declared(deltas)
    }

    /// Executes the block through the schedule crate.
    pub fn parallel(&self, how: &How<'_>) -> Result<Parallel, RunError> {
        Ok(self.inner.parallel(how)?)
    }

    /// The same in another world.
    pub(crate) fn parallel_supposing(
        &self,
        how: &How<'_>,
        world: &Arc<World>,
    ) -> Result<Parallel, RunError> {
        Ok(self.inner.parallel_supposing(how, world)?)
    }

    /// The same, remembering how the storage slots it touches were computed. Not for runs that are timed.
    pub(crate) fn parallel_recording(
        &self,
        how: &How<'_>,
        preimages: &Arc<Preimages>,
    ) -> Result<Parallel, RunError> {
        Ok(self.inner.parallel_recording(how, preimages)?)
    }

    /// Which transaction needs which, where they read and wrote `accesses`.
    pub fn dependencies(&self, accesses: &[Access<Location, Value>]) -> Graph<Location> {
        self.inner.dependencies(accesses)
    }

    /// The block's access list as stock revm builds it, on another run.
    pub fn reference_list(&self, cancel: &AtomicBool) -> Result<AccessList, RunError> {
        Ok(self.inner.reference_list(cancel)?)
    }

    /// The block's access list as this run has executed it; it must have been asked for its accesses.
    pub fn access_list(&self, run: &Parallel) -> AccessList {
        self.inner.access_list(run)
    }

    /// What each transaction writes if `list` is true.
    pub fn foretold(&self, list: &AccessList) -> Vec<Vec<Write<Location, Value>>> {
        self.inner.foretold(list)
    }

    /// The state after the block, as this run leaves it.
    pub fn after(&self, run: &Parallel) -> State {
        match self.rejected_by(&run.outcomes) {
            Some(_) => self.before().clone(),
            None => self.inner.after(run),
        }
    }

    /// The first invalid transaction, if invalid transactions make the block invalid: then it changes nothing.
    pub fn rejected_by(&self, outcomes: &[Outcome]) -> Option<u32> {
        let first = outcomes.iter().position(|outcome| matches!(outcome, Outcome::Invalid(_)));
        first.filter(|_| self.scenario.invalid == InvalidMode::Reject).map(|index| index as u32)
    }
}

/// The first few workers of a larger pool.
#[derive(Debug)]
pub(crate) struct Fewer<'a> {
    pub(crate) pool: &'a dyn Pool,
    pub(crate) workers: u32,
}

impl Pool for Fewer<'_> {
    fn workers(&self) -> u32 {
        self.workers.min(self.pool.workers())
    }

    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        let workers = self.workers();
        self.pool.broadcast(&|worker| {
            if worker.0 < workers {
                job(worker);
            }
        })
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        match error {
            Error::Cancelled => Self::Cancelled,
            Error::Panicked(message) => Self::Panicked(message),
        }
    }
}
