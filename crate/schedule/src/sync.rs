//! The one place that says where locks, atomics and parking come from: std, or a model checker that explores them.

#[cfg(loom)]
use loom as provider;
#[cfg(all(feature = "shuttle", not(loom)))]
use shuttle as provider;
#[cfg(not(any(loom, feature = "shuttle")))]
use std as provider;

pub(crate) use provider::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

pub(crate) use provider::sync::MutexGuard;
use provider::sync::{Condvar as RawCondvar, Mutex as RawMutex};

/// A mutex without poisoning: a panic ends the whole run, and what the others still do until they notice is discarded.
#[derive(Debug)]
pub(crate) struct Mutex<T>(RawMutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(RawMutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Waits for a [`Mutex`]'s state to change. Works on std for wasm32 with atomics, where it is `memory.atomic.wait32`.
#[derive(Debug)]
pub(crate) struct Condvar(RawCondvar);

impl Condvar {
    pub(crate) fn new() -> Self {
        Self(RawCondvar::new())
    }

    pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.0.wait(guard).unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// How often an idle worker looks again before it parks. Under a model checker every look is a state to explore.
pub(crate) const SPINS: u32 = if cfg!(any(loom, feature = "shuttle")) { 0 } else { 300 };
