//! Where the work runs: real threads behind [`Pool`], or deterministic virtual time.

use crate::{Blocked, TxIndex, Vm, WorkerId};

/// Where a block is executed.
#[derive(Debug)]
pub enum Lanes<'a, V: Vm> {
    /// Real workers; event times come from the job's [`crate::Clock`].
    Real(&'a dyn Pool),
    /// Virtual workers in virtual time, on the calling thread.
    Virtual(VirtualTime<'a, V>),
}

/// Threads, as little of them as a strategy needs. Implemented here by [`Inline`] and by scoped std threads; by rayon
/// in the browser.
pub trait Pool: Sync + std::fmt::Debug {
    /// How many workers [`Self::broadcast`] runs.
    fn workers(&self) -> u32;

    /// Runs `job` once on every worker at the same time, worker 0 on the calling thread, and returns when all have
    /// ended. A panic in one is an error here and leaves the pool usable.
    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked>;
}

/// A worker panicked; the message is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked(pub String);

/// One worker: the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inline;

impl Pool for Inline {
    fn workers(&self) -> u32 {
        1
    }

    fn broadcast(&self, _job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        todo!()
    }
}

/// `workers` virtual workers; the same seed and costs give the same schedule, event for event.
#[derive(Debug)]
pub struct VirtualTime<'a, V: Vm> {
    /// How many.
    pub workers: u32,
    /// Breaks ties between workers that are free at the same instant.
    pub seed: u64,
    /// How long things take.
    pub cost: &'a dyn Cost<V>,
}

/// How long things take in virtual time, in the caller's unit (gas, nanoseconds).
pub trait Cost<V: Vm>: std::fmt::Debug {
    /// One attempt that ended with `result` after `reads` reads.
    fn attempt(&self, tx: TxIndex, result: Result<&V::Output, &Blocked>, reads: usize) -> u64;
    /// One validation of `reads` reads.
    fn validation(&self, tx: TxIndex, reads: usize) -> u64;
}
