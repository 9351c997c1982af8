//! From a scenario and options to a report.

mod compare;
mod measure;
mod remote;
mod way;
mod what_if;

use std::sync::Arc;

use evm_lanes_schedule::graph::{Graph, speedup_bound};
use evm_lanes_schedule::{Clock, Inline, Strategy};
use revm::primitives::Address;
use revm::primitives::hardfork::SpecId;

use crate::block::{Block, Hint, How, Parallel, Sequential, SetupFailure, SetupStep, Workplace};
use crate::diagnostic::{Diagnostic, Severity};
use crate::options::{ClockId, CostId, DeltaId, MAX_WORKERS, Options, StrategyId};
use crate::report::{
    AccessLists, Checked, Curve, CurvePoint, Labels, Parts, Report, Story, all_locations, build,
    longest_chain,
};
use crate::scenario::{self, Library, Scenario};
use crate::state::{State, root};
use crate::verify::{self, MOST, Mismatch};
use crate::{Phase, RunError, Surroundings};
use evm_lanes_evm::bal::{AccessList, Difference, differences, hash};
use evm_lanes_evm::block::Hints;
use evm_lanes_evm::cost::Costs;
use evm_lanes_evm::{Location, Preimages};

use measure::Measured;
use way::Way;

pub use compare::{compare, compare_of};
pub use remote::{Message, RemoteRun, RemoteWorker, Setting};
pub use what_if::{what_if, what_if_of};

/// Reads a scenario's text and reports every problem in it.
pub fn check(text: &str, library: &Library) -> Checked {
    scenario::check(text, library)
}

/// Runs a scenario: sequentially, then as `options` say, and compares the two.
pub fn run(text: &str, options: &Options, with: &Surroundings<'_>) -> Result<Report, RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    run_scenario(&scenario, options, with).map_err(|error| placed(error, text))
}

/// [`run`], and the story of it.
pub fn run_and_tell(
    text: &str,
    options: &Options,
    with: &Surroundings<'_>,
) -> Result<(Report, Story), RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    run_keeping(&scenario, options, with, true)
        .map(|(report, story)| (report, story.expect("it was to be kept")))
        .map_err(|error| placed(error, text))
}

/// The speedup in virtual time at each of `workers`.
pub fn curve(
    text: &str,
    options: &Options,
    workers: &[u32],
    with: &Surroundings<'_>,
) -> Result<Curve, RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    curve_of(&scenario, options, workers, with).map_err(|error| placed(error, text))
}

/// [`run`] for a scenario that is not text. A failure in the set-up has no position.
pub fn run_scenario(
    scenario: &Scenario,
    options: &Options,
    with: &Surroundings<'_>,
) -> Result<Report, RunError> {
    run_keeping(scenario, options, with, false).map(|(report, _)| report)
}

/// Runs it, and keeps what its story needs if that is to be told.
fn run_keeping(
    scenario: &Scenario,
    options: &Options,
    with: &Surroundings<'_>,
    keeps_story: bool,
) -> Result<(Report, Option<Story>), RunError> {
    let ground = Ground::find(scenario, options, with, true)?;
    let mut way = ground.way(with);
    way.keeps_attempts = keeps_story;
    let measured = match ground.measuring {
        Some(clock) => measure::on_pool(&way, clock)?,
        None => ground.virtually(&way)?,
    };
    let report = ground.report(&way, &measured, false);
    let who = (way.options.strategy, way.options.workers);
    let story = keeps_story.then(|| ground.story(who, measured.run));
    Ok((report, story))
}

/// What a run is about, before it is known how it goes.
struct Ground<'s> {
    block: Block<'s>,
    truth: Truth,
    /// As resolved.
    options: Options,
    costs: Costs,
    weights: Vec<u64>,
    /// Stock revm's access list, if the run's own is to be compared with it.
    list: Option<AccessList>,
    /// The clock of a run on the measured clock.
    measuring: Option<&'s dyn Clock>,
}

impl<'s> Ground<'s> {
    /// `lists` says whether the run will know what it has touched.
    fn find(
        scenario: &'s Scenario,
        options: &Options,
        with: &Surroundings<'s>,
        lists: bool,
    ) -> Result<Self, RunError> {
        check_options(options, with)?;
        let options = resolved(options);
        let clock = clock_of(&options, with);
        let block = prepare(scenario, with)?;
        let truth = Truth::find(&block, options.deltas, clock, with)?;
        let costs = truth.costs(&options);
        let weights = truth.weights(&costs);
        let list = if lists && listed(scenario, options.strategy) {
            Some(block.reference_list(with.cancel)?)
        } else {
            None
        };
        let measuring = clock.filter(|_| options.clock == ClockId::Measured);
        Ok(Self { block, truth, options, costs, weights, list, measuring })
    }

    fn way<'a>(&'a self, with: &'a Surroundings<'a>) -> Way<'a> {
        let known = (&self.block, &self.truth);
        Way::new(known, &self.options, self.list.as_ref(), &self.weights, with)
    }

    /// The run in virtual time.
    fn virtually(&self, way: &Way<'_>) -> Result<Measured, RunError> {
        let run = way.virtually(&self.costs, &way.progress())?;
        let parallel = run.virtual_time;
        Ok(Measured { run, sequential: self.weights.iter().sum(), parallel, found: Vec::new() })
    }

    /// The run step by step.
    fn story(self, who: (StrategyId, u32), run: Parallel) -> Story {
        let Truth { sequential, tracked, preimages, dependencies, .. } = self.truth;
        let block = self.block;
        let labels = Labels::new(block.scenario(), &preimages, block.before(), &sequential);
        let locations = all_locations(&dependencies, &run);
        let phrases = Story::phrases(&run, &labels);
        Story::new(who, block, run, tracked.accesses, locations, phrases)
    }

    /// What there is to say. `messages` if its workers shared no memory.
    fn report(&self, way: &Way<'_>, measured: &Measured, messages: bool) -> Report {
        let Self { block, truth, options, weights, list, .. } = self;
        let Measured { run, sequential, parallel, found } = measured;
        let total = block.transactions();
        (way.with.progress)(Phase::Analysis, 0, total);
        let mut mismatches = truth.mismatches(block);
        mismatches.extend_from_slice(found);
        let after = block.after(run);
        let (found, built) = way.verify(run, &after);
        mismatches.extend(found);
        let scenario = block.scenario();
        let access_lists = list.as_ref().zip(built).map(|(list, built)| {
            let given = scenario.access_list.as_ref();
            AccessLists {
                sequential: hash(list).to_string(),
                parallel: hash(&built).to_string(),
                from_execution: options.strategy == StrategyId::Bal && given.is_none(),
                wrong: given.map_or_else(Vec::new, |given| {
                    differences(given, &built)
                        .iter()
                        .take(MOST)
                        .map(|one| in_words(one, scenario))
                        .collect()
                }),
            }
        });
        mismatches.truncate(MOST);
        let sequential_root = root(&truth.sequential.after);
        // The root is a function of the state, so equal states need no second one.
        let parallel_root =
            if after == truth.sequential.after { sequential_root } else { root(&after) };
        let locks = options.strategy == StrategyId::Locks;
        let declared = locks.then(|| block.declared(options.deltas.into()));
        let report = build(&Parts {
            block,
            options: way.options.clone(),
            sequential: &truth.sequential,
            tracked: &truth.tracked,
            preimages: &truth.preimages,
            dependencies: &truth.dependencies,
            declared: declared.as_ref(),
            access_lists,
            parallel: run,
            mismatches,
            roots: (sequential_root, parallel_root),
            sequential_time: *sequential,
            parallel_time: *parallel,
            weights,
            workers: way.options.workers,
            messages,
        });
        (way.with.progress)(Phase::Analysis, total, total);
        report
    }
}

/// [`curve`] for a scenario that is not text.
pub fn curve_of(
    scenario: &Scenario,
    options: &Options,
    counts: &[u32],
    with: &Surroundings<'_>,
) -> Result<Curve, RunError> {
    check_options(options, with)?;
    let options = &resolved(options);
    if let Some(wrong) = counts.iter().find(|workers| !(1..=MAX_WORKERS).contains(*workers)) {
        return Err(RunError::Options(format!("workers must be 1 to {MAX_WORKERS}, not {wrong}")));
    }
    let clock = with.clock.filter(|_| options.cost == CostId::Time);
    let block = prepare(scenario, with)?;
    let truth = Truth::find(&block, options.deltas, clock, with)?;
    let costs = truth.costs(&Options { clock: ClockId::Virtual, ..options.clone() });
    let weights = truth.weights(&costs);
    let list = match options.strategy {
        StrategyId::Bal => Some(block.reference_list(with.cancel)?),
        _ => None,
    };
    let list = scenario.access_list.as_ref().or(list.as_ref());
    let known = truth.known(&block, list, options, &weights);
    let total: u64 = weights.iter().sum();
    let critical = longest_chain(&truth.dependencies, &weights, options);
    let mut points = Vec::new();
    for (done, &workers) in counts.iter().enumerate() {
        (with.progress)(Phase::Curve, done as u32, counts.len() as u32);
        let parallel = block.parallel(&How {
            strategy: options.strategy.into(),
            hints: known.as_ref().map_or(options.hints.into(), Hint::Given),
            deltas: options.deltas.into(),
            workplace: Workplace::Virtual { workers, seed: options.seed, costs: &costs },
            accesses: false,
            attempts: false,
            clock: None,
            cancel: with.cancel,
            progress: &|_| {},
        })?;
        let time = parallel.virtual_time;
        let lanes = if options.strategy == StrategyId::Sequential { 1 } else { workers };
        points.push(CurvePoint {
            workers,
            speedup: if time == 0 { 1.0 } else { total as f64 / time as f64 },
            bound: speedup_bound(critical, &weights, lanes),
            aborts: u32::try_from(parallel.counters.aborts).unwrap_or(u32::MAX),
        });
    }
    Ok(Curve { points })
}

/// What is true of a block, however it is executed.
struct Truth {
    sequential: Sequential,
    /// The same through the schedule crate, whose views know what was read and written.
    tracked: Parallel,
    /// The hashes that led to the storage slots it touched.
    preimages: Arc<Preimages>,
    tracked_after: State,
    dependencies: Graph<Location>,
}

impl Truth {
    /// What conflicts depends on what is an addition, so `deltas` are those of the run. With a clock, transactions are
    /// timed in a second pass, when everything is warm.
    fn find(
        block: &Block<'_>,
        deltas: DeltaId,
        clock: Option<&dyn Clock>,
        with: &Surroundings<'_>,
    ) -> Result<Self, RunError> {
        let total = block.scenario().transactions.len() as u32;
        let progress = |done| (with.progress)(Phase::Sequential, done, total);
        let mut sequential = block.sequential(None, with.cancel, &progress)?;
        if clock.is_some() {
            sequential.nanoseconds = block.sequential(clock, with.cancel, &|_| {})?.nanoseconds;
        }
        let preimages = Arc::default();
        let how = How {
            strategy: Strategy::Sequential,
            hints: Hint::None,
            deltas: deltas.into(),
            workplace: Workplace::Real(&Inline),
            accesses: true,
            attempts: false,
            clock: None,
            cancel: with.cancel,
            progress: &|_| {},
        };
        let tracked = block.parallel_recording(&how, &preimages)?;
        let tracked_after = block.after(&tracked);
        let dependencies = block.dependencies(&tracked.accesses);
        progress(total);
        Ok(Self { sequential, tracked, preimages, tracked_after, dependencies })
    }

    fn costs(&self, options: &Options) -> Costs {
        match (options.clock, options.cost) {
            (ClockId::Virtual, CostId::Gas) => Costs::Gas,
            _ => Costs::Time(self.sequential.nanoseconds.clone()),
        }
    }

    /// What each transaction costs when nothing goes wrong.
    fn weights(&self, costs: &Costs) -> Vec<u64> {
        let outcomes = self.sequential.outcomes.iter().zip(&self.tracked.accesses).enumerate();
        outcomes
            .map(|(index, (outcome, access))| costs.of(index, outcome, access.reads.len()))
            .collect()
    }

    /// What is known from having executed the block, if the strategy is to know.
    fn known(
        &self,
        block: &Block<'_>,
        list: Option<&AccessList>,
        options: &Options,
        weights: &[u64],
    ) -> Option<Hints> {
        let weights = weights.to_vec();
        match options.strategy {
            StrategyId::Dag => {
                Some(Hints { needs: self.dependencies.needs(), weights, ..Hints::default() })
            }
            StrategyId::Bal => {
                Some(Hints { writes: block.foretold(list?), weights, ..Hints::default() })
            }
            _ => None,
        }
    }

    /// How the tracked run differs from stock revm: it never should, and then nothing here can be trusted.
    fn mismatches(&self, block: &Block<'_>) -> Vec<Mismatch> {
        self.compare(block, &self.tracked, &self.tracked_after)
    }

    fn compare(&self, block: &Block<'_>, run: &Parallel, after: &State) -> Vec<Mismatch> {
        let expected = (self.sequential.outcomes.as_slice(), &self.sequential.after);
        verify::compare(block.scenario(), expected, (&run.outcomes, after))
    }
}

/// Whether access lists are built: where blocks have them, where the strategy works on one, where the scenario has one.
fn listed(scenario: &Scenario, strategy: StrategyId) -> bool {
    strategy == StrategyId::Bal
        || scenario.access_list.is_some()
        || scenario.fork >= SpecId::AMSTERDAM
}

/// The clock, if these options have a use for it.
fn clock_of<'w>(options: &Options, with: &Surroundings<'w>) -> Option<&'w dyn Clock> {
    with.clock.filter(|_| options.clock == ClockId::Measured || options.cost == CostId::Time)
}

/// With the account's name, if it has one.
fn in_words(difference: &Difference, scenario: &Scenario) -> String {
    let words = difference.to_string();
    match scenario.names.get(&difference.account) {
        Some(name) => words.replacen(&difference.account.to_string(), &name.name, 1),
        None => words,
    }
}

/// The options as they are carried out: an access list has values and no additions.
fn resolved(options: &Options) -> Options {
    let mut options = options.clone();
    if options.strategy == StrategyId::Bal {
        options.deltas = DeltaId::None;
    }
    options
}

pub(crate) fn prepare<'s>(
    scenario: &'s Scenario,
    with: &Surroundings<'_>,
) -> Result<Block<'s>, RunError> {
    let steps = (scenario.deployments.len() + scenario.setup.len()) as u32;
    let progress = |done| (with.progress)(Phase::Setup, done, steps);
    match Block::prepare(scenario, with.cancel, &progress)? {
        Ok(block) => Ok(block),
        Err(failure) => Err(RunError::Invalid(vec![diagnostic(scenario, &failure)])),
    }
}

fn diagnostic(scenario: &Scenario, failure: &SetupFailure) -> Diagnostic {
    let (path, message) = match failure.at {
        SetupStep::Deployment(address) => {
            (deployment_path(scenario, &address), failure.message.clone())
        }
        SetupStep::Transaction(index) => {
            let message = format!("this set-up transaction did not succeed: {}", failure.message);
            (scenario.setup[index].path.clone(), message)
        }
    };
    Diagnostic {
        severity: Severity::Error,
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        path,
        message,
        hint: None,
    }
}

/// With positions in the text: a scenario that is one has problems only where its set-up fails.
pub(crate) fn placed(error: RunError, text: &str) -> RunError {
    let RunError::Invalid(diagnostics) = error else { return error };
    let place = |found: Diagnostic| scenario::error_at(text, &found.path, found.message);
    RunError::Invalid(diagnostics.into_iter().map(place).collect())
}

fn deployment_path(scenario: &Scenario, address: &Address) -> String {
    match scenario.names.get(address) {
        Some(name) => format!("accounts.{}", name.name),
        None => format!("accounts.{address}"),
    }
}

fn check_options(options: &Options, with: &Surroundings<'_>) -> Result<(), RunError> {
    let wrong = |message: &str| Err(RunError::Options(message.to_owned()));
    if !(1..=MAX_WORKERS).contains(&options.workers) {
        return Err(RunError::Options(format!("workers must be 1 to {MAX_WORKERS}")));
    }
    if !(1..=100).contains(&options.repeats) {
        return wrong("repeats must be 1 to 100");
    }
    if options.seed >= 1 << 53 {
        return wrong("the seed must be below 2^53");
    }
    if with.clock.is_none() && options.clock == ClockId::Measured {
        return wrong("a measured run needs a clock");
    }
    if with.clock.is_none() && options.cost == CostId::Time {
        return wrong("virtual time by measured time needs a clock");
    }
    Ok(())
}
