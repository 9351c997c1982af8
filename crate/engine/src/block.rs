//! A scenario's block, set up and ready to be executed in whatever way, as often as wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evm_lanes_schedule::{
    Access, Clock, Control, Counters, Error, Event, Hints, Job, Lanes, Panicked, Pool, Strategy,
    TxIndex, VirtualTime, WorkerId, Written, execute,
};
use revm::primitives::Address;
use revm::primitives::map::AddressMap;

use crate::RunError;
use crate::baseline::{Baseline, Cancelled, Pace};
use crate::cost::Costs;
use crate::evm::{
    Admission, Environment, Location, Machine, Outcome, PreState, Preimages, Value, must_ask_from,
};
use crate::options::{DeltaId, HintId, StrategyId};
use crate::reason;
use crate::scenario::{InvalidMode, Scenario};
use crate::state::{State, apply};

/// A block and the state before it.
#[derive(Debug)]
pub struct Block<'s> {
    scenario: &'s Scenario,
    environment: Arc<Environment>,
    before: State,
    prestate: Arc<PreState>,
}

/// How to execute a block in parallel.
#[expect(missing_debug_implementations, reason = "it holds closures")]
pub struct How<'a> {
    /// How parallelism is found.
    pub strategy: StrategyId,
    /// What the scheduler is told.
    pub hints: HintId,
    /// Which updates are additions.
    pub deltas: DeltaId,
    /// Which workers.
    pub workplace: Workplace<'a>,
    /// Says what each transaction read and wrote.
    pub accesses: bool,
    /// Records events, with this clock's times on real workers.
    pub clock: Option<&'a dyn Clock>,
    /// Ends the run.
    pub cancel: &'a AtomicBool,
    /// Called now and then with the number of transactions committed.
    pub progress: &'a (dyn Fn(u32) + Sync),
}

/// Where a block is executed.
#[derive(Clone, Copy, Debug)]
pub enum Workplace<'a> {
    /// On the pool's workers.
    Real(&'a dyn Pool),
    /// In virtual time.
    Virtual {
        /// How many workers.
        workers: u32,
        /// Breaks ties.
        seed: u64,
        /// How long things take.
        costs: &'a Costs,
    },
}

/// What stock revm makes of the block, one transaction after another.
#[derive(Debug)]
pub struct Sequential {
    /// How each transaction ended.
    pub outcomes: Vec<Outcome>,
    /// How many nanoseconds each took; empty without a clock.
    pub nanoseconds: Vec<u64>,
    /// The state after the block.
    pub after: State,
    /// The first invalid transaction, if that makes the block invalid. Then `after` is the state before the block.
    pub rejected_by: Option<u32>,
}

/// What the schedule crate makes of it.
#[derive(Debug)]
pub struct Parallel {
    /// How each transaction ended.
    pub outcomes: Vec<Outcome>,
    /// What each transaction's last attempt read and wrote, if [`How::accesses`].
    pub accesses: Vec<Access<Location, Value>>,
    /// What the block has written.
    pub written: Written<Location, Value>,
    /// What happened.
    pub events: Vec<Event<Location, Value>>,
    /// How long it took in virtual time, all runs together.
    pub virtual_time: u64,
    /// How much work it was, all runs together.
    pub counters: Counters,
    /// Whether the block ran twice because a transaction did not fit into it (see `evm/admission.rs`).
    pub repeated: bool,
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
        let environment = Environment::new(scenario);
        let mut baseline = Baseline::new(&environment, &scenario.accounts);
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(done);
            if cancel.load(Ordering::Relaxed) { Err(RunError::Cancelled) } else { Ok(()) }
        };
        for deployment in &scenario.deployments {
            step()?;
            if let Err(message) = baseline.deploy(deployment, &scenario.names) {
                return Ok(Err(SetupFailure {
                    at: SetupStep::Deployment(deployment.address),
                    message,
                }));
            }
        }
        for (index, transaction) in scenario.setup.iter().enumerate() {
            step()?;
            let outcome = baseline.execute_alone(transaction);
            if let Some(message) =
                reason::failure(&outcome, &scenario.names, transaction.env.kind.to().copied())
            {
                return Ok(Err(SetupFailure { at: SetupStep::Transaction(index), message }));
            }
        }
        let before = baseline.state();
        let prestate = Arc::new(PreState::new(&before));
        Ok(Ok(Self { scenario, environment: Arc::new(environment), before, prestate }))
    }

    /// The scenario it is from.
    pub fn scenario(&self) -> &'s Scenario {
        self.scenario
    }

    /// The state before the block.
    pub fn before(&self) -> &State {
        &self.before
    }

    /// Executes the block with stock revm. This is the specification.
    pub fn sequential(
        &self,
        clock: Option<&dyn Clock>,
        cancel: &AtomicBool,
        progress: &dyn Fn(u32),
    ) -> Result<Sequential, RunError> {
        let mut baseline = Baseline::new(&self.environment, &self.before);
        let pace = Pace { clock, cancel, progress };
        let (outcomes, nanoseconds) = baseline.run(&self.scenario.transactions, &pace)?;
        let rejected_by = self.rejected_by(&outcomes);
        let after = if rejected_by.is_some() { self.before.clone() } else { baseline.state() };
        Ok(Sequential { outcomes, nanoseconds, after, rejected_by })
    }

    /// How many nanoseconds stock revm takes for the block, without anything that is only for show.
    pub fn time_sequential(&self, clock: &dyn Clock, cancel: &AtomicBool) -> Result<u64, RunError> {
        let mut baseline = Baseline::new(&self.environment, &self.before);
        let pace = Pace { clock: None, cancel, progress: &|_| {} };
        let start = clock.now();
        baseline.run(&self.scenario.transactions, &pace)?;
        Ok(clock.now().saturating_sub(start))
    }

    /// Executes the block through the schedule crate.
    pub fn parallel(&self, how: &How<'_>) -> Result<Parallel, RunError> {
        self.execute(how, None)
    }

    /// The same, remembering how the storage slots it touches were computed. Not for runs that are timed.
    pub(crate) fn parallel_recording(
        &self,
        how: &How<'_>,
        preimages: &Arc<Preimages>,
    ) -> Result<Parallel, RunError> {
        self.execute(how, Some(preimages))
    }

    fn execute(
        &self,
        how: &How<'_>,
        preimages: Option<&Arc<Preimages>>,
    ) -> Result<Parallel, RunError> {
        let first = self.run(how, Admission::Assumed, preimages)?;
        let transactions = &self.scenario.transactions;
        let Some(first_asking) =
            must_ask_from(&self.environment.limits, transactions, &first.outcomes)
        else {
            return Ok(first);
        };
        let mut second = self.run(how, Admission::From(first_asking), preimages)?;
        second.virtual_time += first.virtual_time;
        second.counters = sum(first.counters, second.counters);
        second.repeated = true;
        Ok(second)
    }

    /// The state after the block, as this run leaves it.
    pub fn after(&self, run: &Parallel) -> State {
        match self.rejected_by(&run.outcomes) {
            Some(_) => self.before.clone(),
            None => apply(&self.before, &run.written.state()),
        }
    }

    /// The first invalid transaction, if invalid transactions make the block invalid.
    pub fn rejected_by(&self, outcomes: &[Outcome]) -> Option<u32> {
        let first = outcomes.iter().position(|outcome| matches!(outcome, Outcome::Invalid(_)));
        first.filter(|_| self.scenario.invalid == InvalidMode::Reject).map(|index| index as u32)
    }

    fn run(
        &self,
        how: &How<'_>,
        admission: Admission,
        preimages: Option<&Arc<Preimages>>,
    ) -> Result<Parallel, RunError> {
        let fees_added = how.deltas == DeltaId::Fees;
        let machine = || {
            let environment = Arc::clone(&self.environment);
            let machine = Machine::new(environment, &self.prestate, fees_added, admission);
            match preimages {
                Some(preimages) => machine.recording(Arc::clone(preimages)),
                None => machine,
            }
        };
        let hints = self.hints(how.hints);
        let job = Job {
            txs: &self.scenario.transactions,
            base: Arc::clone(&self.prestate) as _,
            vm: &machine,
            strategy: match how.strategy {
                StrategyId::Sequential => Strategy::Sequential,
                StrategyId::BlockStm => Strategy::BlockStm,
            },
            hints: &hints,
            accesses: how.accesses,
            clock: how.clock,
            control: &Control { cancel: how.cancel, progress: how.progress },
        };
        let lanes = match how.workplace {
            Workplace::Real(pool) => Lanes::Real(pool),
            Workplace::Virtual { workers, seed, costs } => {
                Lanes::Virtual(VirtualTime { workers, seed, cost: costs })
            }
        };
        let execution = execute(&job, &lanes)?;
        Ok(Parallel {
            outcomes: execution.outputs,
            accesses: execution.accesses,
            written: execution.written,
            events: execution.events,
            virtual_time: execution.virtual_time,
            counters: execution.counters,
            repeated: false,
        })
    }

    fn hints(&self, hints: HintId) -> Hints {
        if hints == HintId::None {
            return Hints::default();
        }
        let mut last: AddressMap<TxIndex> = AddressMap::default();
        let transactions = self.scenario.transactions.iter().enumerate();
        let predecessor = transactions
            .map(|(index, transaction)| last.insert(transaction.env.caller, TxIndex(index as u32)))
            .collect();
        Hints { predecessor }
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

fn sum(a: Counters, b: Counters) -> Counters {
    Counters {
        attempts: a.attempts + b.attempts,
        blocked: a.blocked + b.blocked,
        validations: a.validations + b.validations,
        aborts: a.aborts + b.aborts,
    }
}

impl From<Cancelled> for RunError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
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
