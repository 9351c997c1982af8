//! Where workers without work wait, and how they learn that there is some.

use crate::sync::{AtomicBool, AtomicU32, Condvar, Mutex, Ordering, SPINS};

/// An event count: a worker takes a ticket, looks for work, and parks only while nothing was announced since.
///
/// No wake-up is lost: [`Self::wake`] raises `epoch` and then reads `sleepers`, [`Self::park`] raises `sleepers` and
/// then reads `epoch`, all four as read-modify-writes or after one on the same cell, so one of the two sees the other.
#[derive(Debug)]
pub struct Idle {
    epoch: AtomicU32,
    sleepers: AtomicU32,
    closed: AtomicBool,
    gate: Mutex<()>,
    bell: Condvar,
}

/// What had been announced when a worker began to look for work.
#[derive(Clone, Copy, Debug)]
pub struct Ticket(u32);

impl Idle {
    /// Nobody waits.
    pub fn new() -> Self {
        Self {
            epoch: AtomicU32::new(0),
            sleepers: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            gate: Mutex::new(()),
            bell: Condvar::new(),
        }
    }

    /// To be taken before looking for work.
    pub fn ticket(&self) -> Ticket {
        Ticket(self.epoch.load(Ordering::Acquire))
    }

    /// Returns when something was announced after `ticket` was taken, or when the run is over.
    pub fn park(&self, ticket: Ticket) {
        for _ in 0..SPINS {
            if self.announced_since(ticket) {
                return;
            }
            std::hint::spin_loop();
        }
        let mut gate = self.gate.lock();
        // Release: pairs with the acquire in `wake`. Acquire: if that read came first, its epoch is seen below.
        self.sleepers.fetch_add(1, Ordering::AcqRel);
        while !self.announced_since(ticket) {
            gate = self.bell.wait(gate);
        }
        self.sleepers.fetch_sub(1, Ordering::AcqRel);
    }

    /// Announces work for one more worker.
    pub fn wake(&self) {
        if self.announce() {
            // Whoever raised `sleepers` holds the gate until it waits.
            drop(self.gate.lock());
            self.bell.notify_one();
        }
    }

    /// Announces something that every worker should look at.
    pub fn wake_all(&self) {
        if self.announce() {
            drop(self.gate.lock());
            self.bell.notify_all();
        }
    }

    /// Whether anybody is parked; a hint.
    pub fn anybody(&self) -> bool {
        self.sleepers.load(Ordering::Relaxed) > 0
    }

    /// Ends the run: nobody parks any more.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake_all();
    }

    /// Whether the run is over.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn announce(&self) -> bool {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        // A read-modify-write, so that it is ordered among the changes of `sleepers`.
        self.sleepers.fetch_add(0, Ordering::AcqRel) > 0
    }

    fn announced_since(&self, ticket: Ticket) -> bool {
        self.epoch.load(Ordering::Acquire) != ticket.0 || self.is_closed()
    }
}

impl Default for Idle {
    fn default() -> Self {
        Self::new()
    }
}
