//! Who: transactions, their attempts, and the workers that make them.

/// A transaction's position in the block, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TxIndex(pub u32);

/// How many times a transaction's earlier attempts were aborted: 0 for the first attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incarnation(pub u32);

impl Incarnation {
    /// No attempt: what a transaction was foretold to write ([`Hints::writes`](crate::Hints::writes)), until it has run.
    pub const FORETOLD: Self = Self(u32::MAX);
}

/// One attempt of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The transaction.
    pub tx: TxIndex,
    /// The attempt.
    pub incarnation: Incarnation,
}

/// A worker's number, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkerId(pub u32);
