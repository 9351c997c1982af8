//! The correctness traps of parallel EVM execution: every one that another engine has fallen into, as a block that
//! springs it. A test's number is the trap's in the project's research notes.
//!
//! Each block is run in every way and compared with sequential execution; what a trap is about is asserted as a value
//! besides, so that a mistake which all paths share does not pass.

#[path = "../support/mod.rs"]
mod support;

mod additions;
mod beneficiary;
mod block;
mod delegation;
mod destroyed;
mod existence;
mod gas;
mod known;
mod schedule;
mod senders;
mod table;
