//! Wall time.

use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::Clock;

use super::Truth;
use crate::RunError;
use crate::block::{Block, Parallel};
use crate::verify::Mismatch;

/// Medians, in nanoseconds.
pub(super) struct Times {
    pub(super) sequential: u64,
    pub(super) parallel: u64,
    /// How the first wrong run differed from the sequential one, if there was one.
    pub(super) mismatches: Vec<Mismatch>,
}

/// Times the sequential baseline and `parallel` in turn, so that whatever the machine does meanwhile (frequency, caches, a
/// compiler that is still at work) happens to both. The first round warms up and is not counted.
///
/// Every parallel run is compared with the sequential one, outside the measured time.
pub(super) fn measure(
    block: &Block<'_>,
    truth: &Truth,
    clock: &dyn Clock,
    repeats: u32,
    cancel: &AtomicBool,
    parallel: &dyn Fn() -> Result<Parallel, RunError>,
) -> Result<Times, RunError> {
    let (mut sequential_times, mut parallel_times) = (Vec::new(), Vec::new());
    let mut mismatches = Vec::new();
    let written = truth.tracked.written.state();
    for round in 0..=repeats {
        let sequential_time = block.time_sequential(clock, cancel)?;
        let start = clock.now();
        let run = parallel()?;
        let parallel_time = clock.now().saturating_sub(start);
        if round > 0 {
            sequential_times.push(sequential_time);
            parallel_times.push(parallel_time);
        }
        // Equal writes give equal states, and are compared faster.
        let same = run.outcomes == truth.sequential.outcomes && run.written.state() == written;
        if !same && mismatches.is_empty() {
            mismatches = truth.compare(block, &run, &block.after(&run));
        }
    }
    Ok(Times { sequential: median(sequential_times), parallel: median(parallel_times), mismatches })
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
