//! Where the work runs: real threads behind [`Pool`], or deterministic virtual time.

use std::any::Any;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Blocked, TxIndex, Vm, WorkerId};

/// Where a block is executed.
#[derive(Debug)]
pub enum Lanes<'a, V: Vm> {
    /// Real workers; event times come from the job's [`crate::Clock`].
    Real(&'a dyn Pool),
    /// Virtual workers in virtual time, on the calling thread.
    Virtual(VirtualTime<'a, V>),
}

impl<V: Vm> Lanes<'_, V> {
    /// How many workers there are.
    pub fn workers(&self) -> u32 {
        match self {
            Self::Real(pool) => pool.workers(),
            Self::Virtual(time) => time.workers.max(1),
        }
    }
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a worker panicked: {0}")]
pub struct Panicked(pub String);

impl Panicked {
    /// From what a panic left.
    pub fn from_payload(payload: &(dyn Any + Send)) -> Self {
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| payload.downcast_ref::<&str>().copied());
        Self(message.unwrap_or("a panic without a message").to_owned())
    }
}

/// Runs `f` and turns a panic into an error. What `f` leaves behind is not looked at again after one.
pub(crate) fn catch<R>(f: impl FnOnce() -> R) -> Result<R, Panicked> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| Panicked::from_payload(&*payload))
}

/// One worker: the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inline;

impl Pool for Inline {
    fn workers(&self) -> u32 {
        1
    }

    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        catch(|| job(WorkerId(0)))
    }
}

/// Threads of the standard library, started for each broadcast and gone after it.
#[derive(Clone, Copy, Debug)]
pub struct Scoped {
    /// How many, the calling thread among them.
    pub workers: NonZeroU32,
}

impl Pool for Scoped {
    fn workers(&self) -> u32 {
        self.workers.get()
    }

    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.workers.get())
                .map(|id| scope.spawn(move || catch(|| job(WorkerId(id)))))
                .collect();
            // The first panic in worker order is the one that is told.
            let mut result = catch(|| job(WorkerId(0)));
            for other in others {
                result = result.and(
                    other.join().unwrap_or_else(|payload| Err(Panicked::from_payload(&*payload))),
                );
            }
            result
        })
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
