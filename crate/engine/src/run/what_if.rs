//! What would be if the block were a little different: runs in virtual time, in a world that is as supposed.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use evm_lanes_evm::block::Hints;
use evm_lanes_evm::cost::Costs;
use evm_lanes_evm::{Location, Value};
use evm_lanes_schedule::graph::{Graph, speedup_bound};
use evm_lanes_schedule::{Access, Inline, Strategy};

use super::way::workers;
use super::{Truth, check_options, placed, prepare, resolved};
use crate::block::{Block, Hint, How, Workplace, World};
use crate::options::{ClockId, CostId, Options, StrategyId};
use crate::report::transactions::status;
use crate::report::{Labels, Status, longest_chain, times, unit};
use crate::scenario::{self, Scenario};
use crate::what_if::{
    Change, Edit, Edits, LocationCost, Standing, Supposed, WhatIf, can_commute, edits, order,
};
use crate::{Phase, RunError, Surroundings};

/// The most locations whose cost is worked out, each by a run.
const COSTS: usize = 8;

/// What would be if a scenario's block were different by `changes`: in virtual time, with the strategy, the workers and the
/// deltas of `options`, whichever clock they name. Without changes, what its locations cost.
pub fn what_if(
    text: &str,
    options: &Options,
    changes: &[Change],
    with: &Surroundings<'_>,
) -> Result<WhatIf, RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    what_if_of(&scenario, options, changes, with).map_err(|error| placed(error, text))
}

/// [`what_if`] for a scenario that is not text.
pub fn what_if_of(
    scenario: &Scenario,
    options: &Options,
    changes: &[Change],
    with: &Surroundings<'_>,
) -> Result<WhatIf, RunError> {
    check_options(options, with)?;
    let mut options = Options { clock: ClockId::Virtual, ..resolved(options) };
    options.workers = workers(&options, with);
    let count = scenario.transactions.len() as u32;
    let order = order(changes, count)?;

    let block = prepare(scenario, with)?;
    let now = Study::of(&block, &options, with)?;
    let labels = Labels::new(scenario, &now.truth.preimages, block.before(), &now.truth.sequential);
    let edits = edits(changes, &now.truth.dependencies.locations, &labels)?;
    let before = now.run(&Edits::default())?.standing;

    let (other, other_block, other_study);
    let (then, labels) = if order.iter().copied().eq(0..count) {
        (&now, labels)
    } else {
        let transactions = order.iter().map(|&at| scenario.transactions[at as usize].clone());
        let transactions = transactions.collect();
        other = Scenario { transactions, access_list: None, ..scenario.clone() };
        other_block = block.with_transactions_of(&other);
        other_study = Study::of(&other_block, &options, with)?;
        let truth = &other_study.truth;
        let before = other_block.before();
        (&other_study, Labels::new(&other, &truth.preimages, before, &truth.sequential))
    };
    let after = then.run(&edits)?;

    let status_before = |at: u32| status(&now.truth.sequential.outcomes[at as usize]);
    let ended = order.iter().zip(&then.truth.sequential.outcomes);
    let changed = ended.map(|(&at, outcome)| (at, status(outcome)));
    let changed: Vec<(u32, Status)> =
        changed.filter(|&(at, end)| end != status_before(at)).collect();
    let (invalid, otherwise): (Vec<_>, Vec<_>) =
        changed.into_iter().partition(|&(_, end)| end == Status::Invalid);
    let places = |list: Vec<(u32, Status)>| list.into_iter().map(|(at, _)| at).collect();

    Ok(WhatIf {
        unit: unit(&options).0,
        workers: options.workers,
        sentence: sentence(&before, &after.standing, changes.is_empty()),
        costs: then.costs(&after, &edits, &labels)?,
        before,
        after: after.standing,
        order,
        invalid: places(invalid),
        otherwise: places(otherwise),
    })
}

/// A block whose accesses are known.
struct Study<'a> {
    block: &'a Block<'a>,
    truth: Truth,
    options: &'a Options,
    costs: Costs,
    /// What each transaction costs, in the run's unit.
    weights: Vec<u64>,
    with: &'a Surroundings<'a>,
}

/// What came of a run.
struct Supposing {
    standing: Standing,
    graph: Graph<Location>,
}

impl<'a> Study<'a> {
    fn of(
        block: &'a Block<'a>,
        options: &'a Options,
        with: &'a Surroundings<'a>,
    ) -> Result<Self, RunError> {
        let clock = with.clock.filter(|_| options.cost == CostId::Time);
        let truth = Truth::find(block, options.deltas, clock, with)?;
        let costs = truth.costs(options);
        let weights = truth.weights(&costs);
        Ok(Self { block, truth, options, costs, weights, with })
    }

    /// Runs the block as it would be after `edits`.
    fn run(&self, edits: &Edits) -> Result<Supposing, RunError> {
        let Self { block, options, weights, truth, .. } = self;
        let world = Supposed::new(&truth.tracked.accesses, edits);
        let accesses = world.accesses(&truth.tracked.accesses);
        let world: Arc<World> = Arc::new(world);
        debug_assert!(self.would_be(&accesses, &world), "{edits:?}");
        let graph = block.dependencies(&accesses);
        let known = match options.strategy {
            StrategyId::Dag => {
                let (needs, weights) = (graph.needs(), weights.clone());
                Some(Hints { needs, weights, ..Hints::default() })
            }
            StrategyId::Bal => {
                let writes = accesses.into_iter().map(|access| access.writes).collect();
                Some(Hints { writes, weights: weights.clone(), ..Hints::default() })
            }
            _ => None,
        };
        let how = How {
            strategy: options.strategy.into(),
            hints: known.as_ref().map_or(options.hints.into(), Hint::Given),
            deltas: options.deltas.into(),
            workplace: Workplace::Virtual {
                workers: options.workers,
                seed: options.seed,
                costs: &self.costs,
            },
            accesses: false,
            attempts: false,
            clock: None,
            cancel: self.with.cancel,
            progress: &|_| {},
        };
        let run = block.parallel_supposing(&how, &world)?;

        let total: u64 = weights.iter().sum();
        let critical = longest_chain(&graph, weights, options);
        let (_, scale) = unit(options);
        let possible = total > 0;
        let standing = Standing {
            transactions: weights.len() as u32,
            levels: graph.level.iter().max().map_or(0, |level| level + 1),
            total: total as f64 * scale,
            critical_path: critical as f64 * scale,
            bound: possible.then(|| speedup_bound(critical, weights, options.workers)),
            parallel: run.virtual_time as f64 * scale,
            speedup: (possible && run.virtual_time > 0)
                .then(|| total as f64 / run.virtual_time as f64),
            aborts: u32::try_from(run.counters.aborts).unwrap_or(u32::MAX),
        };
        Ok(Supposing { standing, graph })
    }

    /// Whether in `world` the block, executed in order, has these accesses and ends as it does in the true one.
    fn would_be(&self, accesses: &[Access<Location, Value>], world: &Arc<World>) -> bool {
        let how = How {
            strategy: Strategy::Sequential,
            hints: Hint::None,
            deltas: self.options.deltas.into(),
            workplace: Workplace::Real(&Inline),
            accesses: true,
            attempts: false,
            clock: None,
            cancel: self.with.cancel,
            progress: &|_| {},
        };
        let executed = self.block.parallel_supposing(&how, world);
        // A run that was cancelled says nothing.
        executed.is_ok_and(|run| {
            run.outcomes == self.truth.tracked.outcomes && run.accesses == accesses
        }) || self.with.cancel.load(Ordering::Relaxed)
    }

    /// What locations cost a block that is changed by `edits`.
    fn costs(
        &self,
        now: &Supposing,
        edits: &Edits,
        labels: &Labels<'_>,
    ) -> Result<Vec<LocationCost>, RunError> {
        let hot = now.graph.hot_locations(&self.weights, COSTS);
        let mut costs: Vec<LocationCost> = Vec::new();
        let ranked = hot.len() as u32;
        for (done, hot) in hot.iter().enumerate() {
            (self.with.progress)(Phase::Analysis, done as u32, ranked);
            let location = now.graph.locations[hot.location as usize];
            let mut without = edits.clone();
            without.set(location, Edit::Own);
            let free = self.run(&without)?.standing;
            let factor = quotient(now.standing.parallel, free.parallel);
            let subject = labels.subject(&location);
            let [with, without] = [&now.standing, &free].map(|standing| faster(standing.speedup));
            costs.push(LocationCost {
                label: labels.location(&location),
                readers: hot.readers,
                writers: hot.writers,
                commutes: can_commute(&location),
                free,
                factor,
                sentence: if factor >= SEEN {
                    let factor = times(factor);
                    format!(
                        "{subject} costs this block {factor}: {with} with it, {without} without."
                    )
                } else {
                    format!("{subject} alone costs this block nothing: {with} with it and without.")
                },
            });
        }
        costs.sort_by(|a, b| b.factor.total_cmp(&a.factor));
        Ok(costs)
    }
}

/// The least factor that is one when it is written with one decimal.
const SEEN: f64 = 1.05;

fn quotient(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 1.0 }
}

fn faster(speedup: Option<f64>) -> String {
    speedup.map_or_else(|| "nothing to run".to_owned(), times)
}

fn sentence(before: &Standing, after: &Standing, unchanged: bool) -> String {
    let [now, then] = [before, after].map(|standing| faster(standing.speedup));
    let [limit, other] = [before, after].map(|standing| faster(standing.bound));
    if unchanged {
        format!("As it is, the block runs at {now}, and at {limit} at most.")
    } else if same(before.speedup, after.speedup) && same(before.bound, after.bound) {
        format!("With this nothing is gained: the block runs at {then}, and at {other} at most.")
    } else {
        format!(
            "With this, the block runs at {then} instead of {now}, and at {other} at most instead of {limit}."
        )
    }
}

/// Whether two factors are nearly the same.
fn same(before: Option<f64>, after: Option<f64>) -> bool {
    let (before, after) = (before.unwrap_or(1.0), after.unwrap_or(1.0));
    before.max(after) < SEEN * before.min(after)
}
