//! What happened, when, on which worker, and why.

use std::cmp::Ordering;

use crate::{TxIndex, Version, WorkerId};

/// The time source of a measured run, in nanoseconds from any origin. Virtual runs do not use it.
pub trait Clock: Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> u64;
}

/// One thing that took from `start` to `end` (equal for an instant) in the run's unit, counted from the run's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<L, V> {
    /// Who did it.
    pub worker: WorkerId,
    /// To which attempt.
    pub version: Version,
    /// When it began.
    pub start: u64,
    /// When it ended.
    pub end: u64,
    /// What it was.
    pub kind: EventKind<L, V>,
}

/// What an [`Event`] was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind<L, V> {
    /// The attempt ran to its end and its writes were published.
    Executed,
    /// The attempt stopped at the estimate of another transaction.
    Blocked {
        /// The transaction it now waits for.
        on: TxIndex,
        /// Where it met the estimate; `None` where it was told before it started (a hint).
        location: Option<L>,
    },
    /// Its reads were checked and still hold.
    Validated,
    /// Its reads were checked and one no longer holds; the attempt was undone and will run again.
    Aborted(Cause<L, V>),
    /// It and everything before it is final. In order.
    Committed,
}

/// Why an attempt was aborted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause<L, V> {
    /// Where the read was made.
    pub location: L,
    /// What the attempt had read.
    pub read: V,
    /// Which version that value was from; `None` for the base.
    pub from: Option<Version>,
    /// What stands there now; `None` where it is an estimate.
    pub now: Option<V>,
    /// Which version put it there; `None` where a write has vanished and the base shows again.
    pub by: Option<Version>,
}

/// Puts events in the order of [`crate::Execution::events`].
pub(crate) fn sort<L, V>(events: &mut [Event<L, V>]) {
    events.sort_by(|a, b| {
        a.end.cmp(&b.end).then_with(|| match (&a.kind, &b.kind) {
            (EventKind::Committed, EventKind::Committed) => a.version.cmp(&b.version),
            (EventKind::Committed, _) => Ordering::Greater,
            (_, EventKind::Committed) => Ordering::Less,
            _ => a.worker.cmp(&b.worker),
        })
    });
}
