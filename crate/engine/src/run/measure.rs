//! Wall time.

use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::Clock;

use super::Truth;
use super::way::Way;
use crate::RunError;
use crate::block::{Block, Parallel};
use crate::verify::Mismatch;

/// A run, and how long it took.
pub(super) struct Measured {
    /// Traced.
    pub(super) run: Parallel,
    /// In the run's unit: gas or nanoseconds, of which these are medians of untraced runs.
    pub(super) sequential: u64,
    pub(super) parallel: u64,
    /// How the first of them that was wrong differs from the sequential run.
    pub(super) found: Vec<Mismatch>,
}

/// Measures on the pool.
pub(super) fn on_pool(way: &Way<'_>, clock: &dyn Clock) -> Result<Measured, RunError> {
    let progress = way.progress();
    let untraced = || way.on_pool(None, &progress);
    let (repeats, cancel) = (way.options.repeats, way.with.cancel);
    let times = measure((way.block, way.truth), clock, repeats, cancel, &[&untraced])?;
    Ok(Measured {
        run: way.on_pool(Some(clock), &progress)?,
        sequential: times.sequential,
        parallel: times.parallel[0],
        found: times.mismatches.into_iter().flatten().collect(),
    })
}

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
            if mismatches[index].is_empty() {
                mismatches[index] = differences(block, truth, &run);
            }
        }
    }
    let parallel = parallel.into_iter().map(median).collect();
    Ok(Times { sequential: median(sequential), parallel, mismatches })
}

/// How a run differs from the sequential one.
pub(super) fn differences(block: &Block<'_>, truth: &Truth, run: &Parallel) -> Vec<Mismatch> {
    // Equal writes give equal states, and are compared faster.
    let same = run.outcomes == truth.sequential.outcomes
        && run.written().is_some_and(|own| Some(own) == truth.tracked.written());
    if same { Vec::new() } else { truth.compare(block, run, &block.after(run)) }
}

pub(super) fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
