//! The playground without a browser: a scenario's text in, a report out.
//!
//! ```text
//! text → scenario::read → Scenario → prepare → sequential + parallel → verify → analyse → Report
//! ```

pub mod block;
pub mod diagnostic;
pub mod options;
mod reason;
pub mod scenario;

pub mod state;

mod verify;

mod listing;
pub mod report;

mod run;

pub mod what_if;

use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::{Clock, Pool};

use crate::diagnostic::Diagnostic;
use crate::scenario::Library;
use crate::what_if::ChangeError;

pub use listing::{Listing, listing};
pub use run::{
    Message, RemoteRun, RemoteWorker, Setting, check, compare, compare_of, curve, curve_of, run,
    run_and_tell, run_scenario, what_if, what_if_of,
};

/// What a run needs from outside.
#[expect(missing_debug_implementations, reason = "it holds a closure")]
pub struct Surroundings<'a> {
    /// The workers of measured runs.
    pub pool: &'a dyn Pool,
    /// The contracts that scenarios can name.
    pub library: &'a Library,
    /// Time; without it only virtual runs in gas are possible, and reports carry no measured time.
    pub clock: Option<&'a dyn Clock>,
    /// Set from anywhere to end the run.
    pub cancel: &'a AtomicBool,
    /// Called now and then on the calling thread: what is being done, how many transactions are done, of how many.
    pub progress: &'a (dyn Fn(Phase, u32, u32) + Sync),
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Constructors and set-up transactions.
    Setup,
    /// The sequential run: the specification and the baseline.
    Sequential,
    /// The run asked for.
    Parallel,
    /// Comparing, and working out the dependency graph.
    Analysis,
    /// The speedup curve.
    Curve,
    /// Every strategy in turn.
    Comparison,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The text has errors, or a set-up transaction failed.
    #[error("the scenario has {} problem(s)", .0.len())]
    Invalid(Vec<Diagnostic>),
    /// The options do not fit together.
    #[error("{0}")]
    Options(String),
    /// A change names something that is not there, or cannot be made to it.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A worker panicked: a defect of ours.
    #[error("a worker failed: {0}")]
    Panicked(String),
}
