//! revm as a virtual machine of the schedule crate: what an Ethereum transaction reads and writes, at the granularity
//! of single fields and slots.
//!
//! ```text
//! View ─ database ─► revm's journal ─ handler ─► publish ─► View
//! ```

mod location;
mod outcome;

mod environment;
mod machine;

mod admission;
mod database;
mod handler;
mod publish;

mod prestate;

mod preimages;

pub(crate) use admission::{Admission, BlockLimits, must_ask_from};
pub(crate) use environment::Environment;
pub(crate) use location::GasUsed;
pub use location::{Code, Location, Value};
pub(crate) use machine::Machine;
pub use outcome::{Invalid, Outcome};
pub(crate) use preimages::Preimages;
pub(crate) use prestate::PreState;
