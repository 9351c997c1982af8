//! The scheduler's cursors: small enough to be model-checked as they are.

use std::ops::Range;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// Hands out `0..end`, each index once.
#[derive(Debug)]
pub struct Cursor {
    next: AtomicU32,
    end: u32,
}

impl Cursor {
    /// Over `0..end`.
    pub fn new(end: u32) -> Self {
        Self { next: AtomicU32::new(0), end }
    }

    /// The next index, if any is left.
    pub fn claim(&self) -> Option<u32> {
        // The look beforehand keeps idle workers from running the counter over.
        if self.next.load(Ordering::Relaxed) >= self.end {
            return None;
        }
        // Relaxed: the index is only a name; what belongs to it is behind its own lock.
        Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|&index| index < self.end)
    }

    /// The next indices below `limit`, at most so many.
    pub fn claim_some(&self, most: u32, limit: u32) -> Range<u32> {
        let limit = limit.min(self.end);
        let mut next = self.next.load(Ordering::Relaxed);
        loop {
            let end = limit.min(next.saturating_add(most));
            if next >= end {
                return 0..0;
            }
            // Relaxed: as above.
            match self.next.compare_exchange_weak(next, end, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return next..end,
                Err(now) => next = now,
            }
        }
    }

    /// The first index not handed out yet.
    pub fn position(&self) -> u32 {
        self.next.load(Ordering::Relaxed).min(self.end)
    }
}

/// A range of indices to look at again: claimed from below, reset by [`Self::lower`].
///
/// It remembers only one stretch. Forgetting another costs an early validation and never correctness, because nothing
/// is committed without its own check.
#[derive(Debug)]
pub struct Rewindable {
    /// `next` in the high half, `end` in the low half.
    range: AtomicU64,
}

impl Rewindable {
    /// Nothing to look at.
    pub fn new() -> Self {
        Self { range: AtomicU64::new(0) }
    }

    /// The next index of the stretch.
    pub fn claim(&self) -> Option<u32> {
        let mut range = self.range.load(Ordering::Relaxed);
        loop {
            let (next, end) = unpack(range);
            if next >= end {
                return None;
            }
            match self.range.compare_exchange_weak(
                range,
                pack(next + 1, end),
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Some(next),
                Err(now) => range = now,
            }
        }
    }

    /// Looks at `from..end` again, in place of what is left above it if that begins later, in front of it otherwise.
    pub fn lower(&self, from: u32, end: u32) {
        if from >= end {
            return;
        }
        let mut range = self.range.load(Ordering::Relaxed);
        loop {
            let (next, limit) = unpack(range);
            let lowered = if next >= limit || from < next {
                pack(from, end)
            } else if end > limit && from <= limit {
                pack(next, end)
            } else {
                return;
            };
            match self.range.compare_exchange_weak(
                range,
                lowered,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return,
                Err(now) => range = now,
            }
        }
    }
}

impl Default for Rewindable {
    fn default() -> Self {
        Self::new()
    }
}

/// One worker at a time does what any number of workers ask for, and nobody waits for it.
///
/// A request is served by a pass that begins after it was made: the server leaves only by the exchange that proves
/// that no request has come since the pass began.
#[derive(Debug)]
pub struct Combiner {
    requests: AtomicU32,
}

impl Combiner {
    /// No request.
    pub fn new() -> Self {
        Self { requests: AtomicU32::new(0) }
    }

    /// Asks for a `pass`; runs it here unless another worker is at it, which then will.
    pub fn request(&self, mut pass: impl FnMut()) {
        // AcqRel: the server's next pass sees what the requester did before, and a new server what the last one did.
        if self.requests.fetch_add(1, Ordering::AcqRel) != 0 {
            return;
        }
        let mut seen = 1;
        loop {
            pass();
            match self.requests.compare_exchange(seen, 0, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }
}

impl Default for Combiner {
    fn default() -> Self {
        Self::new()
    }
}

const fn pack(next: u32, end: u32) -> u64 {
    (next as u64) << 32 | end as u64
}

const fn unpack(range: u64) -> (u32, u32) {
    ((range >> 32) as u32, range as u32)
}
