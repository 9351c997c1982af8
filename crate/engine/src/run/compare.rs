//! Every strategy on one block.

use std::sync::atomic::{AtomicU32, Ordering};

use evm_lanes_schedule::Strategy;
use evm_lanes_schedule::graph::speedup_bound;

use super::measure::{Untraced, measure};
use super::way::Way;
use super::{Truth, check_options, clock_of, listed, placed, prepare};
use crate::block::Parallel;
use crate::options::{ClockId, Options, StrategyId};
use crate::report::{
    Comparison, ComparisonRow, FORMAT, longest_chain, small, speedup, unit, work_ratio,
};
use crate::scenario::{self, Scenario};
use crate::verify::Mismatch;
use crate::{Phase, RunError, Surroundings};

/// Runs a scenario under every strategy, otherwise as `options` say, and compares each with the sequential run.
pub fn compare(
    text: &str,
    options: &Options,
    with: &Surroundings<'_>,
) -> Result<Comparison, RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    compare_of(&scenario, options, with).map_err(|error| placed(error, text))
}

/// [`compare`] for a scenario that is not text. A failure in the set-up has no position.
pub fn compare_of(
    scenario: &Scenario,
    options: &Options,
    with: &Surroundings<'_>,
) -> Result<Comparison, RunError> {
    check_options(options, with)?;
    let clock = clock_of(options, with);
    let block = prepare(scenario, with)?;
    let truth = Truth::find(&block, options.deltas, clock, with)?;
    let costs = truth.costs(options);
    let weights = truth.weights(&costs);
    let list = block.reference_list(with.cancel)?;
    let way = |strategy| {
        let list = Some(&list).filter(|_| listed(scenario, strategy));
        let options = Options { strategy, ..options.clone() };
        Way::new((&block, &truth), &options, list, &weights, with)
    };
    let ways = StrategyId::ALL.map(way);

    // Of every strategy the traced run, and on the measured clock the warm-up and the timed ones.
    let each = if options.clock == ClockId::Measured { options.repeats + 2 } else { 1 };
    let (done, total) = (AtomicU32::new(0), each * ways.len() as u32);
    let progress =
        || (with.progress)(Phase::Comparison, done.fetch_add(1, Ordering::Relaxed), total);

    let untrue = truth.mismatches(&block);
    let mut rows = Vec::with_capacity(ways.len());
    let mut row = |way: &Way<'_>, run: &Parallel, times: (u64, u64), found: &[Mismatch]| {
        let found = [&untrue, found, &way.verify(run, &block.after(run)).0].concat();
        rows.push(one_row(way, run, times, &weights, &found));
    };
    let sequential = match (options.clock, clock) {
        (ClockId::Measured, Some(clock)) => {
            let untraced = ways.each_ref().map(|way| {
                move || {
                    progress();
                    way.on_pool(None, &|_| {})
                }
            });
            let untraced = untraced.each_ref().map(|run| run as Untraced<'_>);
            let times = measure((&block, &truth), clock, options.repeats, with.cancel, &untraced)?;
            for ((way, time), found) in ways.iter().zip(times.parallel).zip(&times.mismatches) {
                progress();
                let run = way.on_pool(Some(clock), &|_| {})?;
                row(way, &run, (times.sequential, time), found);
            }
            times.sequential
        }
        _ => {
            let sequential = weights.iter().sum();
            for way in &ways {
                progress();
                let run = way.virtually(&costs, &|_| {})?;
                row(way, &run, (sequential, run.virtual_time), &[]);
            }
            sequential
        }
    };
    let (unit, scale) = unit(options);
    (with.progress)(Phase::Comparison, total, total);
    Ok(Comparison {
        format: FORMAT,
        title: scenario.title.clone(),
        transactions: scenario.transactions.len() as u32,
        options: options.clone(),
        unit,
        sequential: sequential as f64 * scale,
        rows,
    })
}

/// `times` are those of the baseline and of this way, in the run's unit.
fn one_row(
    way: &Way<'_>,
    run: &Parallel,
    times: (u64, u64),
    weights: &[u64],
    found: &[Mismatch],
) -> ComparisonRow {
    let Options { strategy, workers, .. } = way.options;
    let scenario = way.block.scenario();
    let (before, after) = (times.0 as f64, times.1 as f64);
    let possible = weights.iter().any(|weight| *weight > 0);
    let critical = longest_chain(&way.truth.dependencies, weights, &way.options);
    let by_executing = match strategy {
        StrategyId::Dag => true,
        StrategyId::Bal => scenario.access_list.is_none(),
        _ => false,
    };
    ComparisonRow {
        strategy,
        workers,
        time: after * unit(&way.options).1,
        speedup: speedup(weights, before, after),
        speedup_bound: possible.then(|| speedup_bound(critical, weights, workers)),
        attempts: small(run.counters.attempts),
        aborts: small(run.counters.aborts),
        blocked: small(run.counters.blocked),
        work_ratio: work_ratio(run, scenario.transactions.len()),
        equal: found.is_empty(),
        differences: small(found.len() as u64),
        first_difference: found.first().map(Mismatch::in_words),
        oracle: by_executing,
        heeds_hints: Strategy::from(strategy).heeds_predecessors(),
    }
}
