//! The workers of measured runs.

#[cfg(not(feature = "threads"))]
use evm_lanes_schedule::Inline;
use evm_lanes_schedule::Pool;

#[cfg(feature = "threads")]
pub(crate) use threads::started;
// It exports `initThreadPool` to JavaScript; nothing calls it from here.
#[cfg(feature = "threads")]
use wasm_bindgen_rayon as _;

/// A pool of at most `workers`, fewer if there are fewer, at least the calling thread.
#[cfg(not(feature = "threads"))]
pub(crate) fn with(_workers: u32) -> Box<dyn Pool> {
    Box::new(Inline)
}

/// A pool of at most `workers`, fewer if there are fewer, at least the calling thread.
#[cfg(feature = "threads")]
pub(crate) fn with(workers: u32) -> Box<dyn Pool> {
    Box::new(threads::Threads::with(workers))
}

#[cfg(feature = "threads")]
mod threads {
    use std::sync::atomic::{AtomicU32, Ordering};

    use evm_lanes_schedule::{Panicked, Pool, WorkerId};

    use crate::failure;

    /// Threads of the global rayon pool. Set once, before any run.
    static THREADS: AtomicU32 = AtomicU32::new(0);

    /// The global rayon pool has this many threads and is ready.
    pub(crate) fn started(threads: u32) {
        rayon::in_place_scope(|scope| scope.spawn_broadcast(|_, _| failure::watch_this_thread()));
        THREADS.store(threads, Ordering::Relaxed);
    }

    /// The calling thread and some of rayon's.
    #[derive(Debug)]
    pub(crate) struct Threads {
        workers: u32,
    }

    impl Threads {
        pub(crate) fn with(workers: u32) -> Self {
            Self { workers: workers.clamp(1, THREADS.load(Ordering::Relaxed) + 1) }
        }
    }

    impl Pool for Threads {
        fn workers(&self) -> u32 {
            self.workers
        }

        // A panic never comes back here: it aborts the thread, which announces it, and the page replaces us all.
        fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
            if self.workers == 1 {
                job(WorkerId(0));
                return Ok(());
            }
            // One job to each thread by its number: a thread that was quick must not take a second one.
            rayon::in_place_scope(|scope| {
                scope.spawn_broadcast(|_, context| {
                    let worker = context.index() as u32 + 1;
                    if worker < self.workers {
                        job(WorkerId(worker));
                    }
                });
                job(WorkerId(0));
            });
            Ok(())
        }
    }
}
