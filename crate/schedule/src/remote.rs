//! A block on workers that share no memory: each has an instance of its own, and they exchange messages.
//!
//! ```text
//!             Order: what was committed since, what to execute
//! Coordinator ───────────────────────────────────────────────▶ Replica, one a worker
//!      ▲      validates in block order, commits                   │ executes against what it knows
//!      └────────────── Record: reads, writes, output ◀────────────┘
//! ```
//!
//! What a replica knows is the state before the block, what it has been told of, and what it executed itself: it may be
//! wrong. So an attempt is a guess, as in every other strategy, and is committed only if its reads hold in the
//! coordinator's memory when everything before it is committed. If they do not, the coordinator executes the transaction
//! itself, there and then, when nothing can go wrong any more. Hence at most two attempts a transaction, and the sequential
//! result whatever replicas do, as long as their attempts are what [`Vm`](crate::Vm) asks for.
//!
//! Transactions are handed out in block order, those of one group (whom hints tie together) to one worker, which executes
//! them in order and so finds what the earlier of them wrote. Where guesses fail too often the coordinator goes on alone for
//! a stretch, which doubles each time: a block that is one chain costs little more than executing it in order.
//!
//! Nothing here sends anything: whoever drives it carries orders and records, in any order of arrival.

mod assignment;
mod coordinator;
mod replica;

pub use coordinator::{Coordinator, RemoteJob};
pub use replica::Replica;

use crate::{Access, TxIndex, Vm, Write};

/// What a worker is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order<L, V> {
    /// The first transaction of `committed`.
    pub from: TxIndex,
    /// What was committed since the last order to this worker.
    pub committed: Vec<Committed<L, V>>,
    /// These are to be executed, in this order, which is the block's.
    pub execute: Vec<TxIndex>,
}

/// A committed transaction, as seen by one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed<L, V> {
    /// The worker's own attempt.
    Yours,
    /// What another attempt wrote.
    Writes(Vec<Write<L, V>>),
}

/// An attempt of a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<L, V, O> {
    /// Of which transaction.
    pub tx: TxIndex,
    /// What it read and wrote.
    pub access: Access<L, V>,
    /// Its output; `None` if that is not told, and the coordinator is to find it out itself.
    pub output: Option<O>,
    /// When it began and ended, by the worker's clock; 0 without one.
    pub time: (u64, u64),
}

/// A machine's record.
pub type RecordOf<V> = Record<<V as Vm>::Location, <V as Vm>::Value, <V as Vm>::Output>;

/// A message makes no sense: it is not one of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message between the workers of a run makes no sense")]
pub struct Garbled;
