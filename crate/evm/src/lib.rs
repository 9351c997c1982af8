//! Ethereum transactions in whatever order: revm as a virtual machine of the schedule crate, at the granularity of single
//! fields and slots, and stock revm, one transaction after another, which is the specification. The loop that runs code
//! is ours (`interpreter.rs`) but for the specification's.
//!
//! ```text
//! View ─ database ─► revm's journal ─ handler ─► publish ─► View
//! ```
//!
//! A crate of its own because it is what runs hot: in the page's modules it is built for speed, the engine around it for
//! size (see `[profile.wasm]`).

mod location;
mod outcome;
mod state;

mod environment;
mod machine;

mod admission;
mod balances;
mod collision;
mod database;
mod evm;
mod handler;
mod interpreter;
mod publish;
mod slack;
mod slots;
mod source;
mod tracer;

mod declaration;
mod prestate;

mod attempts;
mod preimages;

mod baseline;

pub mod bal;
pub mod block;
pub mod cost;
pub mod frame;
pub mod remote;

pub use attempts::Attempt;
pub use baseline::{Baseline, DeployError, Deployment};
pub use declaration::{Declared, Lockable};
pub use environment::Environment;
pub use location::{Code, GasUsed, Location, Value};
pub use machine::Machine;
pub use outcome::{Invalid, Outcome};
pub use preimages::Preimages;
pub use state::{AccountState, State};
pub use tracer::{Line, Trace};
