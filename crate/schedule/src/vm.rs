//! The seam: what a virtual machine gives to the scheduler and what it gets from it.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use crate::access::{Log, Mark, Positions, WriteMark};
use crate::memory::{Found, Memory};
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
    /// `None` only in the empty view that `take` leaves behind.
    memory: Option<Arc<Memory<L, V>>>,
    reader: TxIndex,
    log: Log<L, V>,
    read: Positions,
    written: Positions,
    /// How many reads and writes to make room for.
    expected: (usize, usize),
    blocked: Option<Met<L>>,
}

/// The estimate at which an attempt stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Met<L> {
    pub(crate) on: TxIndex,
    pub(crate) location: L,
}

impl<L, V> Default for View<L, V> {
    fn default() -> Self {
        Self {
            memory: None,
            reader: TxIndex(0),
            log: Log::default(),
            read: Positions::default(),
            written: Positions::default(),
            expected: (0, 0),
            blocked: None,
        }
    }
}

impl<L: Clone + Ord + Hash + Debug, V: Value> View<L, V> {
    /// The value at `location` as the earlier transactions leave it (this attempt's own writes are not seen). Reading
    /// a location twice returns the same value within one attempt. Once blocked, every read is.
    ///
    /// # Panics
    /// On a view that was not handed to [`Vm::attempt`].
    pub fn read(&mut self, location: &L) -> Result<V, Blocked> {
        if let Some(met) = &self.blocked {
            return Err(Blocked { on: met.on });
        }
        let memory = self.memory.as_deref().expect("a view reads only during an attempt");
        let hash = memory.hash(location);
        let Log { reads, marks, .. } = &mut self.log;
        let same = |at: usize| reads[at].location == *location;
        if let Some(at) = self.read.find(reads.len(), hash, |at| marks[at].hash, same) {
            return Ok(reads[at].value.clone());
        }
        match memory.read(location, hash, self.reader.0) {
            Ok(Found { slot, value, source }) => {
                reads.push(Read {
                    location: location.clone(),
                    value: value.clone(),
                    from: source.from,
                });
                marks.push(Mark { hash, slot, folded: source.folded });
                self.read.grown(reads.len(), |at| marks[at].hash);
                Ok(value)
            }
            Err(on) => {
                self.blocked = Some(Met { on, location: location.clone() });
                Err(Blocked { on })
            }
        }
    }

    /// Replaces the value at `location`.
    pub fn write(&mut self, location: L, value: V) {
        self.change(location, WriteKind::Set(value));
    }

    /// Adds `amount` at `location` without reading it.
    pub fn add(&mut self, location: L, amount: V) {
        self.change(location, WriteKind::Add(amount));
    }

    /// A view on `memory`, between attempts.
    pub(crate) fn new(memory: Arc<Memory<L, V>>) -> Self {
        Self { memory: Some(memory), ..Self::default() }
    }

    /// Begins an attempt of `reader`, in the buffers that an attempt without a result has left, or in `spare` ones.
    pub(crate) fn begin(&mut self, reader: TxIndex, spare: Option<Log<L, V>>) {
        self.reader = reader;
        self.blocked = None;
        if self.log.reads.capacity() == 0 {
            // The next attempt is likely to be about as large as the last.
            let (reads, writes) = self.expected;
            self.log = spare.unwrap_or_else(|| Log {
                reads: Vec::with_capacity(reads),
                marks: Vec::with_capacity(reads),
                writes: Vec::with_capacity(writes),
                write_marks: Vec::with_capacity(writes),
            });
        }
        self.log.reads.clear();
        self.log.marks.clear();
        self.log.writes.clear();
        self.log.write_marks.clear();
        self.read.clear();
        self.written.clear();
    }

    /// How many locations the attempt has read so far.
    pub(crate) fn reads(&self) -> usize {
        self.log.reads.len()
    }

    /// Ends the attempt: where it was blocked, or its log.
    pub(crate) fn end(&mut self) -> Result<Log<L, V>, Met<L>> {
        assert!(self.memory.is_some(), "the virtual machine has not moved its view back");
        if let Some(met) = self.blocked.take() {
            return Err(met);
        }
        self.expected = (self.log.reads.len().min(64), self.log.writes.len().min(64));
        Ok(std::mem::take(&mut self.log))
    }

    fn change(&mut self, location: L, kind: WriteKind<V>) {
        let memory = self.memory.as_deref().expect("a view writes only during an attempt");
        let hash = memory.hash(&location);
        let Log { reads, marks, writes, write_marks } = &mut self.log;
        let same = |at: usize| writes[at].location == location;
        match self.written.find(writes.len(), hash, |at| write_marks[at].hash, same) {
            Some(at) => {
                let old = &mut writes[at].kind;
                *old = match (&*old, kind) {
                    (_, WriteKind::Set(value)) => WriteKind::Set(value),
                    (WriteKind::Set(value), WriteKind::Add(amount)) => {
                        WriteKind::Set(value.plus(&amount))
                    }
                    (WriteKind::Add(value), WriteKind::Add(amount)) => {
                        WriteKind::Add(value.plus(&amount))
                    }
                };
            }
            None => {
                let same = |at: usize| reads[at].location == location;
                let has_read = matches!(kind, WriteKind::Set(_))
                    && self.read.find(reads.len(), hash, |at| marks[at].hash, same).is_some();
                writes.push(Write { location, kind });
                write_marks.push(WriteMark { hash, has_read });
                self.written.grown(writes.len(), |at| write_marks[at].hash);
            }
        }
    }
}
