//! Ethereum's published tests and real blocks, executed under every strategy and compared with what they say.
//!
//! ```text
//! source: files, folders, archives → fixture: blockchain tests, state tests, real blocks → Case
//!     → ways: stock revm, and every strategy × workers × clock, which must equal it → Verdict → run: Summary
//! ```
//!
//! Nothing here is part of the page.

mod case;
mod check;
mod fixture;
mod header;
mod network;
mod receipts;
mod rules;
mod run;
mod source;
mod transaction;
mod uncles;
mod ways;

pub use evm_lanes_evm::block::Deltas;
pub use rules::Rules;
pub use run::{Failure, Job, Summary, run};
pub use ways::{Clock, Told, Ways};
