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
    /// Of each run.
    pub(super) parallel: Vec<u64>,
    /// How the first wrong repetition of each run differed from the sequential one, if there was one.
    pub(super) mismatches: Vec<Vec<Mismatch>>,
}

/// One run that is timed, untraced.
pub(super) type Untraced<'a> = &'a dyn Fn() -> Result<Parallel, RunError>;

/// Times the sequential baseline and every run in turn, so that whatever the machine does meanwhile (frequency, caches, a
/// compiler that is still at work) happens to all. The first round warms up and is not counted.
///
/// What comes of every run is compared with the sequential one, outside the measured time.
pub(super) fn measure(
    (block, truth): (&Block<'_>, &Truth),
    clock: &dyn Clock,
    repeats: u32,
    cancel: &AtomicBool,
    runs: &[Untraced<'_>],
) -> Result<Times, RunError> {
    let mut sequential = Vec::new();
    let mut parallel = vec![Vec::new(); runs.len()];
    let mut mismatches = vec![Vec::new(); runs.len()];
    let written = truth.tracked.written();
    for round in 0..=repeats {
        let baseline = block.time_sequential(clock, cancel)?;
        if round > 0 {
            sequential.push(baseline);
        }
        for (index, run) in runs.iter().enumerate() {
            let start = clock.now();
            let run = run()?;
            let time = clock.now().saturating_sub(start);
            if round > 0 {
                parallel[index].push(time);
            }
            // Equal writes give equal states, and are compared faster.
            let same = run.outcomes == truth.sequential.outcomes
                && run.written().is_some_and(|own| Some(own) == written);
            if !same && mismatches[index].is_empty() {
                mismatches[index] = truth.compare(block, &run, &block.after(&run));
            }
        }
    }
    let parallel = parallel.into_iter().map(median).collect();
    Ok(Times { sequential: median(sequential), parallel, mismatches })
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
