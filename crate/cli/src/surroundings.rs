//! What the engine needs from outside: threads, a clock, a way to cancel.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use evm_lanes_engine::scenario::Library;
use evm_lanes_schedule::{Clock, Scoped};

/// The engine's surroundings on a native machine.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pool: Scoped,
    clock: SinceStart,
}

/// Set by Ctrl-C.
static CANCEL: AtomicBool = AtomicBool::new(false);

impl Surroundings {
    /// Takes over Ctrl-C, so call it only when nothing blocks any more (reading standard input, say): from here on the
    /// first one ends the run, the second the program.
    pub(crate) fn new(threads: u32) -> Result<Self, ctrlc::Error> {
        cancel()?;
        let workers = NonZeroU32::new(threads).unwrap_or(NonZeroU32::MIN);
        Ok(Self { pool: Scoped { workers }, clock: SinceStart(Instant::now()) })
    }

    pub(crate) fn borrow(&self) -> evm_lanes_engine::Surroundings<'_> {
        evm_lanes_engine::Surroundings {
            library: Library::bundled(),
            pool: &self.pool,
            clock: Some(&self.clock),
            cancel: &CANCEL,
            progress: &|_, _, _| {},
        }
    }
}

/// Takes over Ctrl-C: the first sets the flag, the second ends the program.
pub(crate) fn cancel() -> Result<&'static AtomicBool, ctrlc::Error> {
    ctrlc::set_handler(|| {
        if CANCEL.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })?;
    Ok(&CANCEL)
}

/// Nanoseconds since the program began to work.
#[derive(Debug)]
struct SinceStart(Instant);

impl Clock for SinceStart {
    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
