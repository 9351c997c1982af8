//! A block taken from a node: which requests to make, what to make of the answers, and whether what was taken gives the
//! gas and the status of the node's receipts.
//!
//! ```text
//! Wanted ─► plan: chain, block, receipts ─► state: tracer, or one look-up for each miss of a trial run ─► scenario ─► check
//!              ▲ Step::Post                                                                                    │
//!              └──────────────── whoever carries text to the node and back (ureq, fetch) ◄──── Reply          Taken
//! ```
//!
//! What blocks, receipts and traces look like, how a scenario is written and how it is compared is `evm-lanes-import`'s.
//! Nothing here opens a connection, sleeps or reads a clock: [`Fetch`] says what is to be sent and takes what came back,
//! so that the command line and a page fetch in the same way.

mod fetch;
mod node;
mod plan;
mod problem;

mod fork;
mod state;
mod trial;

pub use evm_lanes_import::node::{Compared, Difference};
pub use fetch::{Fetch, Limits, Post, Progress, Reply, Stage, Step, Taken, Wanted, Which};
pub use problem::Problem;
