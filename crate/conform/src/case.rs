//! A case and what came of it.

use std::sync::atomic::AtomicBool;

use crate::check;
use crate::fixture::blockchain::Chain;
use crate::fixture::bundle::RealBlock;
use crate::fixture::state_test::StateTest;
use crate::ways::Ways;

/// Something to execute and to compare with what is said to come of it.
#[derive(Debug)]
pub(crate) enum Case {
    /// A blockchain test.
    Chain(Chain),
    /// One result of a state test.
    Transaction(Box<StateTest>),
    /// A real block.
    Real(Box<RealBlock>),
}

/// Why there is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It needs something that nobody here claims to have; the reason says what.
    Skip(String),
    /// It is not what its format says: a defect of the fixture, or of its reader.
    Broken(String),
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything is as it should be.
    Passed(Passed),
    /// Something is not; each problem says in which way of executing.
    Failed(Vec<String>),
    /// It was not decided, for this reason.
    Skipped(String),
    /// It was cancelled.
    Cancelled,
}

/// What was executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Blocks executed, in each way.
    pub(crate) blocks: u64,
    /// Transactions executed, in each way.
    pub(crate) transactions: u64,
    /// Gas they used, in each way.
    pub(crate) gas: u64,
    /// Block access lists, built in each way, that have their hash.
    pub(crate) access_lists: u64,
}

impl Case {
    /// Executes it by stock revm and in all these ways.
    pub(crate) fn check(&self, ways: &Ways, cancel: &AtomicBool) -> Verdict {
        match self {
            Self::Chain(chain) => check::chain(chain, ways, cancel),
            Self::Transaction(test) => check::transaction(test, ways, cancel),
            Self::Real(block) => check::real(block, ways, cancel),
        }
    }
}

impl Unfit {
    pub(crate) fn broken(why: &str) -> Self {
        Self::Broken(why.to_owned())
    }
}

impl From<serde_json::Error> for Unfit {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(format!("it is not what its format says: {error}"))
    }
}
