//! Ordered parallel execution over any virtual machine.
//!
//! A block is a list of transactions whose result is defined by running them one after another. This crate runs them
//! on several workers and returns exactly that result, with a trace of how it came about. It knows no EVM, no clock,
//! no serialisation and no thread pool.

mod version;
mod vm;

mod lanes;
mod trace;

mod execute;

pub use execute::{Control, Counters, Error, Execution, Hints, Job, Strategy, execute};
pub use lanes::{Cost, Inline, Lanes, Panicked, Pool, VirtualTime};
pub use trace::{Cause, Clock, Event, EventKind};
pub use version::{Incarnation, TxIndex, Version, WorkerId};
pub use vm::{Access, Base, Blocked, Read, Value, View, Vm, Write, WriteKind};
