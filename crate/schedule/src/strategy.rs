//! How parallelism is found. A strategy is one file below, one variant, and one line in each list.

pub(crate) mod sequential;

pub(crate) mod block_stm;

use crate::access::LogOf;
use crate::drive::{Attempt, Lane, Validation};
use crate::{Version, Vm};

/// How parallelism is found. Every one gives the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// One after another on one worker: the specification.
    Sequential,
    /// Optimistic, with multi-version memory and estimates (Gelashvili et al., arXiv 2203.06871).
    BlockStm,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 2] = [Self::Sequential, Self::BlockStm];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::BlockStm => "block-stm",
        }
    }
}

/// What a strategy is to the lanes that run it: it says what a worker does next, and takes what came of it. On real
/// threads the two follow each other; in virtual time other workers' tasks begin and end in between.
///
/// Nothing here waits for a transaction, or for longer than a short lock.
pub(crate) trait Scheduler<V: Vm>: Sync {
    /// What this worker does next. A task is claimed by being returned, and is this worker's to finish.
    fn next(&self, lane: &mut Lane<'_, V>) -> Next<Task<V>>;

    /// An attempt has ended; its writes are not published yet.
    fn executed(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>);

    /// A validation has ended. A strategy that returns no [`Task::Validate`] needs none.
    fn validated(&self, _lane: &mut Lane<'_, V>, validation: Validation<V>) {
        unreachable!("nobody asked to validate {:?}", validation.version);
    }

    /// How many transactions are final, from the first on.
    fn committed(&self) -> u32;

    /// Every transaction's output, and its log if they are kept, once all are committed.
    fn into_results(self) -> Results<V>;
}

/// Outputs and logs in block order; no logs where they are not kept.
pub(crate) struct Results<V: Vm> {
    pub(crate) outputs: Vec<V::Output>,
    pub(crate) logs: Vec<LogOf<V>>,
}

/// What a worker does next.
pub(crate) enum Next<T> {
    /// This.
    Task(T),
    /// Nothing now; others may make work.
    Idle,
    /// Nothing any more.
    Done,
}

/// Something to do.
pub(crate) enum Task<V: Vm> {
    /// Run an attempt.
    Execute {
        /// Which.
        version: Version,
        /// The strategy's own note, returned with the result.
        stamp: u32,
        /// Everything before it is committed, so what it reads holds and need not be recorded.
        last: bool,
    },
    /// Resolve the reads of an attempt again.
    Validate {
        /// Which.
        version: Version,
        /// The strategy's own note, returned with the result.
        stamp: u32,
        /// Its reads, lent for the time.
        log: LogOf<V>,
    },
}
