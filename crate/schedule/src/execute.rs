//! The one entry point: a job and its lanes in, the block's outcome out.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::{Access, Base, Clock, Event, Lanes, TxIndex, Vm};

/// Executes `job` on `lanes`. The outputs and the state equal those of [`Strategy::Sequential`] for every strategy,
/// worker count and seed.
pub fn execute<V: Vm>(_job: &Job<'_, V>, _lanes: &Lanes<'_, V>) -> Result<Execution<V>, Error> {
    todo!()
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
    pub hints: &'a Hints,
    /// Records events with this clock's times; `None` records nothing. In virtual time any clock means yes.
    pub clock: Option<&'a dyn Clock>,
    /// Cancellation and progress.
    pub control: &'a Control<'a>,
}

/// How parallelism is found. Every one gives the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// One after another on one worker: the specification.
    Sequential,
    /// Optimistic, with multi-version memory and estimates (Gelashvili et al., arXiv 2203.06871).
    BlockStm,
}

/// What is known before execution. Advice only: validation decides, so wrong hints cost time and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// For each transaction the earlier one whose writes it surely reads (same sender, say). May be empty.
    pub predecessor: Vec<Option<TxIndex>>,
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
    /// What each transaction's final attempt read and wrote, in block order.
    pub accesses: Vec<Access<V::Location, V::Value>>,
    /// Every location written, sorted, with its value after the block.
    pub state: Vec<(V::Location, V::Value)>,
    /// What happened, ordered by end time, then worker, if it was recorded.
    pub events: Vec<Event<V::Location, V::Value>>,
    /// How long the run took in virtual time; 0 on real lanes (the caller has the clock).
    pub virtual_time: u64,
    /// How much work it was.
    pub counters: Counters,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// [`Control::cancel`] was set.
    Cancelled,
    /// A worker panicked; the message is its own.
    Panicked(String),
}
