#![doc = include_str!("../README.md")]

mod version;
mod vm;

mod access;
mod memory;

mod cursor;
mod idle;
mod ready;
mod status;

mod strategy;

mod drive;
mod lanes;
mod trace;

mod execute;

pub mod foretold;
pub mod graph;
pub mod locks;
pub mod remote;

mod sync;

#[cfg(feature = "toy")]
pub mod toy;

/// The scheduler's parts, for the tests that take it apart. Not an interface.
#[doc(hidden)]
pub mod parts {
    pub use crate::cursor::{Combiner, Cursor, Rewindable};
    pub use crate::idle::{Idle, Ticket};
    pub use crate::status::{Status, Step};
    pub use crate::strategy::block_stm::SPECULATIVE_ATTEMPTS;
}

pub use execute::{Control, Counters, Error, Execution, Hints, Job, Written, execute};
pub use lanes::{Cost, Inline, Lanes, Panicked, Pool, Scoped, VirtualTime};
pub use locks::{Lock, LockMode};
pub use strategy::Strategy;
pub use trace::{Cause, Clock, Event, EventKind};
pub use version::{Incarnation, TxIndex, Version, WorkerId};
pub use vm::{
    Access, Base, Blocked, Counterfactual, Family, Guard, Location, Read, Value, View, Vm, Write,
    WriteKind,
};
