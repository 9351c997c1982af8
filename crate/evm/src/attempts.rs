//! What every attempt read and wrote, also those that were undone: for whoever wants to tell afterwards how it came about.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use evm_lanes_schedule::{Access, Read, TxIndex, View, Write};

use crate::{Location, Value};

/// What one attempt that ran to its end read and wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// In first-read order, without repeats. `None` if nobody had to check them: everything before the transaction was
    /// committed, so they are those of a sequential run.
    pub reads: Option<Vec<Read<Location, Value>>>,
    /// In first-write order, without repeats; `true` for an addition that others may see only once it is committed.
    pub writes: Vec<(Write<Location, Value>, bool)>,
}

/// The attempts of a block, as they are made.
#[derive(Debug)]
pub(crate) struct Attempts {
    of: Box<[Mutex<Vec<Option<Attempt>>>]>,
    /// How many more reads and writes are kept.
    room: AtomicUsize,
}

/// The most reads and writes that are kept, some 150 bytes each.
const MOST: usize = 400_000;

impl Attempts {
    /// Of a block of so many transactions.
    pub(crate) fn new(transactions: usize) -> Arc<Self> {
        let of = (0..transactions).map(|_| Mutex::default()).collect();
        Arc::new(Self { of, room: AtomicUsize::new(MOST) })
    }

    /// Adds the attempt that has just run to its end.
    pub(crate) fn keep(&self, index: TxIndex, view: &mut View<Location, Value>) {
        let length = view.recorded_reads().map_or(0, <[_]>::len) + view.writes().len();
        self.push(index, length, || Attempt {
            reads: view.recorded_reads().map(<[_]>::to_vec),
            writes: view.writes().map(|(write, at_commit)| (write.clone(), at_commit)).collect(),
        });
    }

    /// The same of an attempt that another worker has told of.
    pub(crate) fn keep_told(&self, index: TxIndex, access: &Access<Location, Value>) {
        let Access { reads, writes, .. } = access;
        self.push(index, reads.len() + writes.len(), || Attempt {
            reads: Some(reads.clone()),
            writes: writes.iter().map(|write| (write.clone(), false)).collect(),
        });
    }

    fn push(&self, index: TxIndex, length: usize, attempt: impl FnOnce() -> Attempt) {
        let fits = |room: usize| room.checked_sub(length);
        let room = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        let attempt = room.is_ok().then(attempt);
        self.of[index.0 as usize].lock().unwrap_or_else(PoisonError::into_inner).push(attempt);
    }

    /// By transaction, in the order in which they were made; `None` where there was no more room.
    pub(crate) fn take(&self) -> Vec<Vec<Option<Attempt>>> {
        let take = |one: &Mutex<Vec<_>>| {
            std::mem::take(&mut *one.lock().unwrap_or_else(PoisonError::into_inner))
        };
        self.of.iter().map(take).collect()
    }
}
