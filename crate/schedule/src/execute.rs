//! The one entry point: a job and its lanes in, the block's outcome out.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::drive::{self, Outcome};
use crate::idle::Idle;
use crate::lanes::catch;
use crate::memory::Memory;
use crate::strategy::bal::bal;
use crate::strategy::block_stm::BlockStm;
use crate::strategy::dag::dag;
use crate::strategy::ladder::Ladder;
use crate::strategy::locks::locks;
use crate::strategy::ordered_merge::OrderedMerge;
use crate::strategy::sequential::Sequential;
use crate::strategy::two_phase::TwoPhase;
use crate::strategy::{Results, Scheduler, Setup, Strategy};
use crate::{
    Access, Base, Clock, Event, Lanes, Location, Lock, Panicked, TxIndex, Value, Vm, Write, trace,
};

/// Executes `job` on `lanes`. The outputs and the state equal those of [`Strategy::Sequential`] for every strategy,
/// worker count and seed.
///
/// # Errors
/// When it was cancelled, or when a worker panicked; the lanes can be used again after either.
///
/// # Panics
/// If there are 2³² transactions or more.
pub fn execute<V: Vm>(job: &Job<'_, V>, lanes: &Lanes<'_, V>) -> Result<Execution<V>, Error> {
    let transactions = u32::try_from(job.txs.len()).expect("fewer than 2^32 transactions");
    let workers = lanes.workers();
    let in_order = job.strategy.runs_in_order(job.hints, transactions, workers);
    let strategy = if in_order { Strategy::Sequential } else { job.strategy };
    let alone = strategy == Strategy::Sequential || !matches!(lanes, Lanes::Real(_));
    let locking = if alone { 1 } else { workers };
    let mut memory = Memory::new(job.base.clone(), locking, job.txs.len());
    if strategy == Strategy::Ladder {
        memory = memory.noting_readers();
    }
    if matches!(strategy, Strategy::Ladder | Strategy::BlockStm) {
        memory = memory.adding_at_commit();
    }
    let memory = Arc::new(memory);
    let idle = Idle::new();
    let setup = Setup {
        memory: memory.clone(),
        idle: &idle,
        hints: job.hints,
        keep_logs: job.accesses,
        transactions,
        workers,
    };
    let scheduler: Box<dyn Scheduler<V> + '_> = match strategy {
        Strategy::BlockStm => {
            let scheduler = BlockStm::new(
                memory.clone(),
                &idle,
                job.hints,
                job.accesses,
                transactions,
                workers,
            );
            return run(job, lanes, &memory, &idle, Box::new(scheduler));
        }
        // The others share one copy of what drives them: it contains the virtual machine.
        Strategy::Sequential => {
            Box::new(Sequential::new(memory.clone(), transactions, job.accesses))
        }
        Strategy::TwoPhase => Box::new(TwoPhase::new(&setup)),
        Strategy::Ladder => Box::new(Ladder::new(&setup)),
        Strategy::OrderedMerge => Box::new(OrderedMerge::new(&setup)),
        Strategy::Locks => Box::new(locks(&setup)),
        Strategy::Dag => Box::new(dag(&setup)),
        Strategy::Bal => Box::new(bal(&setup)),
    };
    run(job, lanes, &memory, &idle, scheduler)
}

fn run<V: Vm, S: Scheduler<V> + ?Sized>(
    job: &Job<'_, V>,
    lanes: &Lanes<'_, V>,
    memory: &Arc<Memory<V::Location, V::Value>>,
    idle: &Idle,
    scheduler: Box<S>,
) -> Result<Execution<V>, Error> {
    let outcome = match lanes {
        Lanes::Real(pool) => drive::real(job, memory, &*scheduler, idle, *pool)?,
        Lanes::Virtual(lanes) => catch(|| drive::virtually(job, memory, &*scheduler, lanes))??,
    };
    if (scheduler.committed() as usize) < job.txs.len() {
        return Err(match job.control.cancel.load(std::sync::atomic::Ordering::Relaxed) {
            true => Error::Cancelled,
            false => Error::Panicked("the workers ended before the block did".to_owned()),
        });
    }
    // What is left may still call the virtual machine's types (a location's order).
    let (outputs, accesses) = catch(|| {
        let Results { outputs, logs } = scheduler.into_results();
        (outputs, logs.into_iter().map(|log| log.into_access()).collect())
    })?;
    let written = Written { memory: memory.clone() };
    let Outcome { mut events, counters, virtual_time } = outcome;
    trace::sort(&mut events);
    Ok(Execution { outputs, accesses, written, events, virtual_time, counters })
}

/// What to execute and how.
#[expect(missing_debug_implementations, reason = "it holds closures")]
pub struct Job<'a, V: Vm> {
    /// The block.
    pub txs: &'a [V::Tx],
    /// The state before it.
    pub base: Arc<dyn Base<V::Location, V::Value>>,
    /// Makes one virtual machine for each worker.
    pub vm: &'a (dyn Fn() -> V + Sync),
    /// How to find the order.
    pub strategy: Strategy,
    /// What is known beforehand.
    pub hints: &'a Hints<V::Location, V::Value>,
    /// Whether to say what each transaction read and wrote. A run that does not can use its buffers again.
    pub accesses: bool,
    /// Records events with this clock's times; `None` records nothing. In virtual time any clock means yes.
    pub clock: Option<&'a dyn Clock>,
    /// Cancellation and progress.
    pub control: &'a Control<'a>,
}

/// What is known before execution. Advice only: validation decides, so wrong hints cost time and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hints<L, V> {
    /// For each transaction the earlier one whose writes it surely reads (same sender, say). May be empty. For
    /// [`Strategy::BlockStm`] and [`Strategy::Ladder`].
    pub predecessor: Vec<Option<TxIndex>>,
    /// How many transactions take no longer than sharing one with another worker does, as far as can be told. For
    /// [`Strategy::Ladder`].
    pub tiny: u32,
    /// For each transaction the locks it declares. May be empty. For [`Strategy::Locks`].
    pub locks: Vec<Vec<Lock>>,
    /// For each transaction the earlier ones whose writes it reads ([`Graph::needs`](crate::graph::Graph::needs)). May
    /// be empty. For [`Strategy::Dag`].
    pub needs: Vec<Vec<TxIndex>>,
    /// How much each transaction weighs (gas, nanoseconds), 1 where it is not said. For [`Strategy::Dag`] and
    /// [`Strategy::Bal`].
    pub weights: Vec<u64>,
    /// For each transaction what it writes. May be empty. For [`Strategy::Bal`].
    pub writes: Vec<Vec<Write<L, V>>>,
}

impl<L, V> Default for Hints<L, V> {
    fn default() -> Self {
        Self {
            predecessor: Vec::new(),
            tiny: 0,
            locks: Vec::new(),
            needs: Vec::new(),
            weights: Vec::new(),
            writes: Vec::new(),
        }
    }
}

/// The caller's hand on a run.
#[expect(missing_debug_implementations, reason = "it holds a closure")]
pub struct Control<'a> {
    /// Set from anywhere to end the run with [`Error::Cancelled`] at the next step of each worker.
    pub cancel: &'a AtomicBool,
    /// Called now and then on worker 0 with the number of transactions committed so far.
    pub progress: &'a (dyn Fn(u32) + Sync),
}

/// The outcome of a block.
#[expect(missing_debug_implementations, reason = "outputs need not be Debug")]
pub struct Execution<V: Vm> {
    /// One output for each transaction, in block order.
    pub outputs: Vec<V::Output>,
    /// What each transaction's final attempt read and wrote, in block order. Values and the transactions they are from
    /// are those of the sequential run; the incarnations they are from may differ. Empty unless [`Job::accesses`].
    pub accesses: Vec<Access<V::Location, V::Value>>,
    /// What the block has written.
    pub written: Written<V::Location, V::Value>,
    /// What happened, if it was recorded, ordered by end time. At one instant commits come last and in block order, and
    /// the rest by worker.
    pub events: Vec<Event<V::Location, V::Value>>,
    /// How long the run took in virtual time; 0 on real lanes (the caller has the clock).
    pub virtual_time: u64,
    /// How much work it was.
    pub counters: Counters,
}

/// The final values, as the run has left them in its memory: a caller who times the run need not time their sorting.
#[derive(Clone, Debug)]
pub struct Written<L, V> {
    pub(crate) memory: Arc<Memory<L, V>>,
}

impl<L: Location, V: Value> Written<L, V> {
    /// Every location written, sorted, with its value after the block.
    pub fn state(&self) -> Vec<(L, V)> {
        self.memory.state()
    }
}

/// How much work a run was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Attempts begun, those that ended blocked included.
    pub attempts: u64,
    /// Attempts that ended at an estimate.
    pub blocked: u64,
    /// Validations.
    pub validations: u64,
    /// Validations that failed.
    pub aborts: u64,
}

/// Why there is no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// [`Control::cancel`] was set.
    #[error("cancelled")]
    Cancelled,
    /// A worker panicked; the message is its own.
    #[error("a worker panicked: {0}")]
    Panicked(String),
}

impl From<Panicked> for Error {
    fn from(Panicked(message): Panicked) -> Self {
        Self::Panicked(message)
    }
}
