//! A block and the state before it, to be executed in whatever way, as often as wanted.

use std::borrow::Cow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::{
    Access, Base, Clock, Control, Counterfactual, Counters, Error, Event, Execution, Inline, Job,
    Lanes, Pool, Strategy, TxIndex, VirtualTime, Write, Written, execute,
};
use revm::context::TxEnv;
use revm::primitives::TxKind;
use revm::primitives::map::AddressMap;

use crate::admission::{Admission, must_ask_from};
use crate::attempts::{Attempt, Attempts};
use crate::bal::{self, AccessList, BlockAccessIndex, Touch, Touched};
use crate::baseline::{self, Pace};
use crate::cost::Costs;
use crate::declaration::Declared;
use crate::prestate::PreState;
use crate::state::apply;
use crate::tracer::{Found, Trace, Tracer};
use crate::{Baseline, Environment, Location, Machine, Outcome, Preimages, State, Value};

/// A block and the state before it.
#[derive(Debug)]
pub struct Block {
    environment: Arc<Environment>,
    before: State,
    prestate: Arc<PreState>,
    transactions: Vec<TxEnv>,
}

/// How to execute a block in parallel.
#[expect(missing_debug_implementations, reason = "it holds closures")]
pub struct How<'a> {
    /// How parallelism is found.
    pub strategy: Strategy,
    /// What the scheduler is told. What a transaction locks follows from the transaction itself, so
    /// [`Strategy::Locks`] is told it unless the hints are given.
    pub hints: Hint<'a>,
    /// Which updates are additions.
    pub deltas: Deltas,
    /// Which workers.
    pub workplace: Workplace<'a>,
    /// Says what each transaction read and wrote.
    pub accesses: bool,
    /// Keeps what every attempt read and wrote, also those that are undone.
    pub attempts: bool,
    /// Records events, with this clock's times on real workers.
    pub clock: Option<&'a dyn Clock>,
    /// Ends the run.
    pub cancel: &'a AtomicBool,
    /// Called now and then with the number of transactions committed.
    pub progress: &'a (dyn Fn(u32) + Sync),
}

/// What the scheduler is told beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint<'a> {
    /// Nothing: every dependency is found by running into it.
    None,
    /// Each transaction follows its sender's previous one.
    Senders,
    /// This, and nothing else: the graph of an earlier run for [`Strategy::Dag`], say.
    Given(&'a Hints),
}

/// Hints about a block of Ethereum transactions.
pub type Hints = evm_lanes_schedule::Hints<Location, Value>;

/// A world other than the true one.
pub type World = dyn Counterfactual<Location, Value>;

/// Which updates are additions.
/// Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deltas {
    /// None: every fee payment conflicts with every other.
    None,
    /// The fee recipient's balance.
    Fees,
    /// Every balance that nobody looks at closer than to see whether it is enough (Monad's relaxed merge).
    Balances,
    /// Every storage slot that is only counted up or down and not looked at closer.
    Storage,
}

impl Deltas {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::None, Self::Fees, Self::Balances, Self::Storage];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fees => "fees",
            Self::Balances => "balances",
            Self::Storage => "storage",
        }
    }
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
}

/// What the schedule crate makes of it.
#[derive(Debug)]
pub struct Parallel {
    /// How each transaction ended.
    pub outcomes: Vec<Outcome>,
    /// What each transaction's last attempt read and wrote, if [`How::accesses`].
    pub accesses: Vec<Access<Location, Value>>,
    /// What each transaction's last attempt touched, if [`How::accesses`].
    pub touched: Vec<Vec<Touch>>,
    /// What each attempt of each transaction that ran to its end read and wrote, in the order of their events, if
    /// [`How::attempts`]; `None` where that was too much to keep.
    pub attempts: Vec<Vec<Option<Attempt>>>,
    /// What the block has left.
    left: Left,
    /// What happened.
    pub events: Vec<Event<Location, Value>>,
    /// How long it took in virtual time, all runs together.
    pub virtual_time: u64,
    /// How much work it was, all runs together.
    pub counters: Counters,
    /// Whether the block ran twice because a transaction did not fit into it (see `evm/admission.rs`).
    pub repeated: bool,
}

/// What a run leaves, in whatever form that takes the least time.
#[derive(Debug)]
enum Left {
    /// The last version of each location.
    Versions(Written<Location, Value>),
    /// A state, by a run in order.
    World(Box<baseline::World>),
}

impl Parallel {
    pub(crate) fn of(execution: Execution<Machine>) -> Self {
        Self {
            outcomes: execution.outputs,
            accesses: execution.accesses,
            touched: Vec::new(),
            attempts: Vec::new(),
            left: Left::Versions(execution.written),
            events: execution.events,
            virtual_time: execution.virtual_time,
            counters: execution.counters,
            repeated: false,
        }
    }

    /// Every location written, sorted, with its value after the block; `None` of a run that has kept no versions: an
    /// untraced one in order.
    pub fn written(&self) -> Option<Vec<(Location, Value)>> {
        match &self.left {
            Left::Versions(written) => Some(written.state()),
            Left::World(_) => None,
        }
    }

    /// What each transaction wrote, if [`How::accesses`].
    pub fn writes(&self) -> Vec<Vec<Write<Location, Value>>> {
        self.accesses.iter().map(|access| access.writes.clone()).collect()
    }
}

impl Block {
    /// `transactions` under the rules of `environment`, on `before`.
    pub fn new(environment: Environment, before: State, transactions: Vec<TxEnv>) -> Self {
        let prestate = Arc::new(PreState::new(&before));
        Self { environment: Arc::new(environment), before, prestate, transactions }
    }

    /// Other transactions on the same state under the same rules.
    pub fn with_transactions(&self, transactions: Vec<TxEnv>) -> Self {
        Self {
            environment: Arc::clone(&self.environment),
            before: self.before.clone(),
            prestate: Arc::clone(&self.prestate),
            transactions,
        }
    }

    /// The state before the block.
    pub fn before(&self) -> &State {
        &self.before
    }

    /// The block's transactions.
    pub fn transactions(&self) -> &[TxEnv] {
        &self.transactions
    }

    /// Executes the block with stock revm: this is the specification. With a clock it is the baseline that is executed, and
    /// each transaction timed.
    pub fn sequential(
        &self,
        clock: Option<&dyn Clock>,
        cancel: &AtomicBool,
        progress: &dyn Fn(u32),
    ) -> Result<Sequential, Error> {
        let baseline = if clock.is_some() { Baseline::fast } else { Baseline::new };
        let mut baseline = baseline(&self.environment, &self.before);
        let pace = Pace { clock, cancel, progress };
        let (outcomes, nanoseconds) = baseline.run(&self.transactions, &pace)?;
        Ok(Sequential { outcomes, nanoseconds, after: baseline.state() })
    }

    /// The access list of the block's transactions as stock revm builds it, on another run.
    ///
    /// # Errors
    /// When it was cancelled.
    pub fn reference_list(&self, cancel: &AtomicBool) -> Result<AccessList, Error> {
        let first = BlockAccessIndex::from_tx_index(0);
        let mut baseline = Baseline::new(&self.environment, &self.before).listing(first);
        baseline.run(&self.transactions, &Pace { clock: None, cancel, progress: &|_| {} })?;
        Ok(baseline.list())
    }

    /// The access list of the block's transactions as this run has executed them; it must have been asked for its
    /// [accesses](How::accesses).
    pub fn access_list(&self, run: &Parallel) -> AccessList {
        bal::of_run(&self.prestate, &run.touched, &run.accesses)
    }

    /// What each transaction writes if `list` is true. It is not believed: these are [`Hints::writes`], for
    /// [`Strategy::Bal`] without [`Deltas`].
    pub fn foretold(&self, list: &AccessList) -> Vec<Vec<Write<Location, Value>>> {
        bal::foretell(list.as_slice(), &self.transactions, &self.prestate)
    }

    /// How many nanoseconds the baseline takes for the block, without anything that is only for show: revm's handler with
    /// the loop that attempts run (`interpreter.rs`), in order and in a memory that knows of no other workers.
    pub fn time_sequential(&self, clock: &dyn Clock, cancel: &AtomicBool) -> Result<u64, Error> {
        time(Baseline::fast(&self.environment, &self.before), &self.transactions, clock, cancel)
    }

    /// The same of stock revm.
    pub fn time_stock_revm(&self, clock: &dyn Clock, cancel: &AtomicBool) -> Result<u64, Error> {
        time(Baseline::new(&self.environment, &self.before), &self.transactions, clock, cancel)
    }

    /// Executes the block through the schedule crate.
    pub fn parallel(&self, how: &How<'_>) -> Result<Parallel, Error> {
        self.execute(how, None, None)
    }

    /// The same in another world.
    pub fn parallel_supposing(&self, how: &How<'_>, world: &Arc<World>) -> Result<Parallel, Error> {
        self.execute(how, None, Some(world))
    }

    /// The same, remembering how the storage slots it touches were computed. Not for runs that are timed.
    pub fn parallel_recording(
        &self,
        how: &How<'_>,
        preimages: &Arc<Preimages>,
    ) -> Result<Parallel, Error> {
        self.execute(how, Some(preimages), None)
    }

    fn execute(
        &self,
        how: &How<'_>,
        preimages: Option<&Arc<Preimages>>,
        world: Option<&Arc<World>>,
    ) -> Result<Parallel, Error> {
        let first = self.run(how, Admission::Assumed, preimages, world)?;
        self.again_if_overfull(first, how, preimages, world)
    }

    /// A run that took all transactions to fit into the block, or another one if one did not.
    pub(crate) fn again_if_overfull(
        &self,
        first: Parallel,
        how: &How<'_>,
        preimages: Option<&Arc<Preimages>>,
        world: Option<&Arc<World>>,
    ) -> Result<Parallel, Error> {
        let transactions = &self.transactions;
        let Some(first_asking) =
            must_ask_from(&self.environment.limits, transactions, &first.outcomes)
        else {
            return Ok(first);
        };
        let mut second = self.run(how, Admission::From(first_asking), preimages, world)?;
        second.virtual_time += first.virtual_time;
        second.counters = sum(first.counters, second.counters);
        second.repeated = true;
        Ok(second)
    }

    /// Executes a transaction of the block once more, on what an attempt of it has read; `trace` says what is to be seen.
    ///
    /// # Errors
    /// When revm panics.
    pub fn trace(
        &self,
        transaction: usize,
        reads: Vec<(Location, Value)>,
        trace: Trace,
    ) -> Result<(Outcome, Trace), Error> {
        let seen = Arc::new(Mutex::new(trace));
        let world: Arc<World> = Arc::new(Found::new(reads));
        let machine = || {
            let environment = Arc::clone(&self.environment);
            // What is an addition makes no difference to an instruction.
            Machine::new(environment, &self.prestate, Deltas::None, Admission::Assumed)
                .supposing(Arc::clone(&world))
                .traced(Tracer(Arc::clone(&seen)))
        };
        let job = Job {
            txs: &self.transactions[transaction..=transaction],
            base: Arc::clone(&self.prestate) as _,
            vm: &machine,
            strategy: Strategy::Sequential,
            hints: &Hints::default(),
            accesses: false,
            clock: None,
            control: &Control { cancel: &AtomicBool::new(false), progress: &|_| {} },
        };
        let mut execution = execute(&job, &Lanes::Real(&Inline))?;
        let outcome = execution.outputs.remove(0);
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((outcome, seen))
    }

    /// The state after the block, as this run leaves it.
    pub fn after(&self, run: &Parallel) -> State {
        match &run.left {
            Left::Versions(written) => apply(&self.before, &written.state()),
            Left::World(world) => world.state(self.before.clone()),
        }
    }

    /// Which transaction needs which, where they read and wrote `accesses`. What is an addition there is no reason to wait.
    pub fn dependencies(&self, accesses: &[Access<Location, Value>]) -> Graph<Location> {
        Graph::new(accesses, &*self.prestate)
    }

    fn run(
        &self,
        how: &How<'_>,
        admission: Admission,
        preimages: Option<&Arc<Preimages>>,
        world: Option<&Arc<World>>,
    ) -> Result<Parallel, Error> {
        let hints = &*self.hints(how);
        let lanes = match how.workplace {
            Workplace::Real(pool) => Lanes::Real(pool),
            Workplace::Virtual { workers, seed, costs } => {
                Lanes::Virtual(VirtualTime { workers, seed, cost: costs })
            }
        };
        let unobserved =
            how.clock.is_none() && !how.accesses && !how.attempts && preimages.is_none();
        if unobserved
            && matches!(
                (how.workplace, admission, world),
                (Workplace::Real(_), Admission::Assumed, None)
            )
            && how.strategy.runs_in_order(hints, self.transactions.len() as u32, lanes.workers())
        {
            return self.in_order(how);
        }

        let touched = how.accesses.then(|| Touched::new(self.transactions.len()));
        let attempts = how.attempts.then(|| Attempts::new(self.transactions.len()));
        let machine = || {
            let machine = self.machine(how.deltas, admission);
            let machine = match world {
                Some(world) => machine.supposing(Arc::clone(world)),
                None => machine,
            };
            let machine = match preimages {
                Some(preimages) => machine.recording(Arc::clone(preimages)),
                None => machine,
            };
            let machine = match &touched {
                Some(touched) => machine.touching(Arc::clone(touched)),
                None => machine,
            };
            match &attempts {
                Some(attempts) => machine.keeping(Arc::clone(attempts)),
                None => machine,
            }
        };
        let job = Job {
            txs: &self.transactions,
            base: self.base(),
            vm: &machine,
            strategy: how.strategy,
            hints,
            accesses: how.accesses,
            clock: how.clock,
            control: &Control { cancel: how.cancel, progress: how.progress },
        };
        let run = Parallel::of(execute(&job, &lanes)?);
        Ok(Parallel {
            touched: touched.map_or_else(Vec::new, |touched| touched.take()),
            attempts: attempts.map_or_else(Vec::new, |attempts| attempts.take()),
            ..run
        })
    }

    /// The state before the block, as the scheduler reads it.
    pub(crate) fn base(&self) -> Arc<dyn Base<Location, Value>> {
        Arc::clone(&self.prestate) as _
    }

    /// What attempts run on.
    pub(crate) fn machine(&self, deltas: Deltas, admission: Admission) -> Machine {
        Machine::new(Arc::clone(&self.environment), &self.prestate, deltas, admission)
    }

    /// Executes the block as the sequential baseline is, which is what running it in order through the schedule crate comes
    /// to, and faster: nothing is kept in versions.
    fn in_order(&self, how: &How<'_>) -> Result<Parallel, Error> {
        let mut baseline =
            Baseline::on(&self.environment, &self.prestate, how.deltas, self.transactions.len());
        let pace = Pace { clock: None, cancel: how.cancel, progress: &how.progress };
        let (outcomes, _) = baseline.run(&self.transactions, &pace)?;
        let attempts = outcomes.len() as u64;
        Ok(Parallel {
            outcomes,
            accesses: Vec::new(),
            touched: Vec::new(),
            attempts: Vec::new(),
            left: Left::World(Box::new(baseline.into_world())),
            events: Vec::new(),
            virtual_time: 0,
            counters: Counters { attempts, ..Counters::default() },
            repeated: false,
        })
    }

    /// What each transaction locks, as far as that can be told without running it (`declaration.rs`).
    pub fn declared(&self, deltas: Deltas) -> Declared {
        let fees_added = deltas >= Deltas::Fees;
        Declared::new(&self.transactions, &self.environment, &self.prestate, fees_added)
    }

    /// What the scheduler is told.
    pub fn hints<'h>(&self, how: &How<'h>) -> Cow<'h, Hints> {
        let predecessor = match how.hints {
            Hint::Given(hints) => return Cow::Borrowed(hints),
            Hint::Senders => self.senders(),
            Hint::None => Vec::new(),
        };
        let locks = match how.strategy {
            Strategy::Locks => self.declared(how.deltas).locks,
            _ => Vec::new(),
        };
        // In virtual time it costs nothing to share.
        let tiny = match how.workplace {
            Workplace::Real(_) => self.transactions.iter().filter(|one| self.is_tiny(one)).count(),
            Workplace::Virtual { .. } => 0,
        };
        Cow::Owned(Hints { predecessor, tiny: tiny as u32, locks, ..Hints::default() })
    }

    /// Whether it only pays somebody who has no code.
    fn is_tiny(&self, transaction: &TxEnv) -> bool {
        let TxKind::Call(to) = transaction.kind else { return false };
        let precompiled = to.0[..18] == [0; 18];
        transaction.authorization_list.is_empty() && !precompiled && !self.prestate.has_code(&to)
    }

    /// For each transaction the previous one of its sender.
    fn senders(&self) -> Vec<Option<TxIndex>> {
        let mut last: AddressMap<TxIndex> = AddressMap::default();
        last.reserve(self.transactions.len());
        let transactions = self.transactions.iter().enumerate();
        transactions
            .map(|(index, transaction)| last.insert(transaction.caller, TxIndex(index as u32)))
            .collect()
    }
}

fn time(
    mut baseline: Baseline<'_>,
    transactions: &[TxEnv],
    clock: &dyn Clock,
    cancel: &AtomicBool,
) -> Result<u64, Error> {
    let pace = Pace { clock: None, cancel, progress: &|_| {} };
    let start = clock.now();
    baseline.run(transactions, &pace)?;
    Ok(clock.now().saturating_sub(start))
}

fn sum(a: Counters, b: Counters) -> Counters {
    Counters {
        attempts: a.attempts + b.attempts,
        blocked: a.blocked + b.blocked,
        validations: a.validations + b.validations,
        aborts: a.aborts + b.aborts,
    }
}
