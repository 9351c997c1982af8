//! Tasks that wait for a worker.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sync::{AtomicU32, Mutex, Ordering};

/// Numbers that any worker may take, the lowest first.
pub(crate) struct Ready {
    heap: Mutex<BinaryHeap<Reverse<u32>>>,
    /// How many there are or are about to be, so that a look at an empty heap needs no lock.
    len: AtomicU32,
}

impl Ready {
    /// With these to begin with.
    pub(crate) fn new(numbers: impl IntoIterator<Item = u32>) -> Self {
        let heap: BinaryHeap<_> = numbers.into_iter().map(Reverse).collect();
        let len = AtomicU32::new(heap.len() as u32);
        Self { heap: Mutex::new(heap), len }
    }

    pub(crate) fn push(&self, number: u32) {
        let mut heap = self.heap.lock();
        heap.push(Reverse(number));
        self.len.store(heap.len() as u32, Ordering::Release);
    }

    pub(crate) fn pop(&self) -> Option<u32> {
        self.pop_below(u32::MAX)
    }

    /// The lowest, if it is below `limit`.
    pub(crate) fn pop_below(&self, limit: u32) -> Option<u32> {
        if self.len.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut heap = self.heap.lock();
        heap.peek().filter(|Reverse(lowest)| *lowest < limit)?;
        let number = heap.pop();
        self.len.store(heap.len() as u32, Ordering::Release);
        number.map(|Reverse(number)| number)
    }
}
