//! The seam: what a virtual machine gives to the scheduler and what it gets from it.

use std::fmt::Debug;
use std::hash::Hash;

use crate::{TxIndex, Version};

/// A virtual machine that can run one attempt of one transaction. Each worker owns one, so an implementation may reuse
/// its allocations from attempt to attempt.
///
/// An attempt must be a deterministic function of the transaction and of the values its reads return: re-run with the
/// same answers it must produce the same output, writes and additions, on any worker and after any other attempt.
pub trait Vm {
    /// A transaction. An invalid transaction is no error: it is an output that says so and writes nothing.
    type Tx: Sync;
    /// Where a value lives. Identity is the full key, never a hash of it alone.
    type Location: Clone + Ord + Hash + Debug + Send + Sync + 'static;
    /// What lives there.
    type Value: Value;
    /// What one transaction returns (its receipt, say).
    type Output: Send;

    /// Runs one attempt. Every read goes through `view`; on [`Blocked`] the attempt stops at once and returns it.
    fn attempt(
        &mut self,
        index: TxIndex,
        tx: &Self::Tx,
        view: &mut View<Self::Location, Self::Value>,
    ) -> Result<Self::Output, Blocked>;
}

/// A value that can also be changed by a commutative addition, so that transactions which only add to a location
/// (the fee recipient's balance) need not be ordered among themselves.
pub trait Value: Clone + PartialEq + Debug + Send + Sync + 'static {
    /// `self` with `amount` added. Must be commutative and associative over the amounts added.
    fn plus(&self, amount: &Self) -> Self;
}

/// The state before the block.
pub trait Base<L, V>: Send + Sync {
    /// The value at `location`, a default where there is none.
    fn load(&self, location: &L) -> V;
}

/// An attempt met the estimate of an earlier transaction that is about to write again; the view remembers which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The transaction to wait for.
    pub on: TxIndex,
}

/// One recorded read: the value is as resolved, additions folded in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<L, V> {
    /// Where.
    pub location: L,
    /// What was returned.
    pub value: V,
    /// The highest earlier version that contributed, `None` if the value came from the base alone.
    pub from: Option<Version>,
}

/// One recorded write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<L, V> {
    /// Where.
    pub location: L,
    /// What.
    pub kind: WriteKind<V>,
}

/// How a write changes its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteKind<V> {
    /// Replaces the value.
    Set(V),
    /// Adds to whatever value the earlier transactions leave.
    Add(V),
}

/// What one transaction's final attempt read and wrote: reads in first-read order without repeats, writes sorted by
/// location without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access<L, V> {
    /// What it read.
    pub reads: Vec<Read<L, V>>,
    /// What it wrote.
    pub writes: Vec<Write<L, V>>,
}

/// One attempt's window on the memory: reads resolve to the latest earlier version and are recorded, writes are
/// collected and become visible to others only when the attempt is published.
///
/// A view owns what it needs (it holds the memory by `Arc`), so a virtual machine that wants it inside its own
/// database for the length of an attempt can move it there with [`std::mem::take`] and must move it back before
/// returning.
#[derive(Debug)]
pub struct View<L, V> {
    _to_do: std::marker::PhantomData<(L, V)>,
}

impl<L, V> Default for View<L, V> {
    fn default() -> Self {
        Self { _to_do: std::marker::PhantomData }
    }
}

impl<L: Clone + Ord + Hash + Debug, V: Value> View<L, V> {
    /// The value at `location` as the earlier transactions leave it (this attempt's own writes are not seen). Reading
    /// a location twice returns the same value within one attempt.
    pub fn read(&mut self, _location: &L) -> Result<V, Blocked> {
        todo!()
    }

    /// Replaces the value at `location`.
    pub fn write(&mut self, _location: L, _value: V) {
        todo!()
    }

    /// Adds `amount` at `location` without reading it.
    pub fn add(&mut self, _location: L, _amount: V) {
        todo!()
    }
}
