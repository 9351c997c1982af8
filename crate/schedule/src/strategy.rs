//! How parallelism is found. A strategy is one file below, one variant, and one line in each list.

pub(crate) mod sequential;

pub(crate) mod bal;
pub(crate) mod block_stm;
pub(crate) mod dag;
pub(crate) mod ladder;
pub(crate) mod locks;
pub(crate) mod ordered_merge;
pub(crate) mod two_phase;

mod list_schedule;
mod rolling_commit;
mod window;

use std::sync::Arc;

use crate::access::LogOf;
use crate::drive::{Attempt, Lane, Validation};
use crate::idle::Idle;
use crate::memory::Memory;
use crate::{Hints, Version, Vm};

/// How parallelism is found. Every one gives the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// One after another on one worker: the specification.
    Sequential,
    /// Everything at once on the state before the block, then in order what does not hold (Saraph and Herlihy).
    TwoPhase,
    /// Ahead of time on what is committed so far, merged in order, at most once again (Monad).
    OrderedMerge,
    /// Optimistic, with multi-version memory and estimates (Gelashvili et al., arXiv 2203.06871).
    BlockStm,
    /// Optimistic like the last, with every change told to its readers, few second chances, and no running ahead where
    /// that is wasted.
    Ladder,
    /// Declared locks, taken in block order ([`Hints::locks`]; Sealevel, EIP-2930).
    Locks,
    /// List scheduling on a graph known beforehand ([`Hints::needs`]): an oracle, not an engine.
    Dag,
    /// Everything at once on values known beforehand ([`Hints::writes`]; block access lists, EIP-7928).
    Bal,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 8] = [
        Self::Sequential,
        Self::TwoPhase,
        Self::OrderedMerge,
        Self::BlockStm,
        Self::Ladder,
        Self::Locks,
        Self::Dag,
        Self::Bal,
    ];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::TwoPhase => "two-phase",
            Self::OrderedMerge => "ordered-merge",
            Self::BlockStm => "block-stm",
            Self::Ladder => "ladder",
            Self::Locks => "locks",
            Self::Dag => "dag",
            Self::Bal => "bal",
        }
    }

    /// Whether it looks at [`Hints::predecessor`].
    pub const fn heeds_predecessors(self) -> bool {
        matches!(self, Self::BlockStm | Self::Ladder)
    }

    /// Whether it executes such a block in order on one worker, because there is nothing to gain otherwise.
    pub fn runs_in_order<L, V>(self, hints: &Hints<L, V>, transactions: u32, workers: u32) -> bool {
        match self {
            Self::Sequential => true,
            Self::Ladder => ladder::gains_nothing(hints, transactions, workers),
            _ => false,
        }
    }

    /// How many attempts of one transaction begin at most, whatever the block, the hints and the schedule are.
    pub const fn most_attempts(self) -> u32 {
        match self {
            Self::Sequential => 1,
            Self::BlockStm => block_stm::SPECULATIVE_ATTEMPTS + 1,
            Self::Ladder => ladder::MOST_ATTEMPTS,
            Self::TwoPhase | Self::OrderedMerge | Self::Locks | Self::Dag | Self::Bal => 2,
        }
    }

    /// How many validations a block of so many transactions takes at most, whatever the block, the hints and the
    /// schedule are.
    pub fn most_validations(self, transactions: u32) -> u64 {
        let each = match self {
            Self::Sequential => 0,
            // Once, again at each halving of the distance to the head, and as the head; each attempt.
            Self::BlockStm => u64::from(self.most_attempts() * (2 + transactions.max(1).ilog2())),
            // Before its publication too, if something it has read changes while it runs.
            Self::Ladder => u64::from(self.most_attempts() * (3 + transactions.max(1).ilog2())),
            Self::TwoPhase | Self::OrderedMerge => 1,
            Self::Locks | Self::Dag | Self::Bal => 2,
        };
        each * u64::from(transactions)
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
    fn into_results(self: Box<Self>) -> Results<V>;
}

/// What a strategy is made from.
pub(crate) struct Setup<'a, V: Vm> {
    pub(crate) memory: Arc<Memory<V::Location, V::Value>>,
    pub(crate) idle: &'a Idle,
    pub(crate) hints: &'a Hints<V::Location, V::Value>,
    /// Logs are wanted after the commit.
    pub(crate) keep_logs: bool,
    pub(crate) transactions: u32,
    pub(crate) workers: u32,
}

/// Outputs and logs in block order; no logs where they are not kept.
pub(crate) struct Results<V: Vm> {
    pub(crate) outputs: Vec<V::Output>,
    pub(crate) logs: Vec<LogOf<V>>,
}

impl<V: Vm> Results<V> {
    /// Of committed transactions, in block order.
    fn collect(
        outcomes: impl ExactSizeIterator<Item = (Option<V::Output>, Option<LogOf<V>>)>,
        keep_logs: bool,
    ) -> Self {
        let mut outputs = Vec::with_capacity(outcomes.len());
        let mut logs = Vec::with_capacity(if keep_logs { outcomes.len() } else { 0 });
        for (output, log) in outcomes {
            outputs.push(output.expect("a committed transaction has an output"));
            if keep_logs {
                logs.push(log.expect("a committed transaction has a log"));
            }
        }
        Self { outputs, logs }
    }
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
