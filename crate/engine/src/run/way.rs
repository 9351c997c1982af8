//! One strategy on one block: how it is run, and how what comes of it is verified.

use evm_lanes_evm::bal::{AccessList, differences};
use evm_lanes_evm::block::Hints;
use evm_lanes_evm::cost::Costs;
use evm_lanes_schedule::Clock;

use super::{Truth, resolved};
use crate::block::{Block, Fewer, Hint, How, Parallel, Workplace};
use crate::options::{ClockId, Options, StrategyId};
use crate::state::State;
use crate::verify::Mismatch;
use crate::{Phase, RunError, Surroundings};

/// One strategy on a block of which the truth is known.
pub(super) struct Way<'a> {
    pub(super) block: &'a Block<'a>,
    pub(super) truth: &'a Truth,
    /// As resolved.
    pub(super) options: Options,
    /// What the strategy knows from an execution before this one, or from the scenario's own list.
    known: Option<Hints>,
    /// Stock revm's access list, if the run's own is to be compared with it.
    list: Option<&'a AccessList>,
    /// Whether traced runs keep what every attempt did.
    pub(super) keeps_attempts: bool,
    pub(super) with: &'a Surroundings<'a>,
}

impl<'a> Way<'a> {
    pub(super) fn new(
        (block, truth): (&'a Block<'a>, &'a Truth),
        options: &Options,
        list: Option<&'a AccessList>,
        weights: &[u64],
        with: &'a Surroundings<'a>,
    ) -> Self {
        let mut options = resolved(options);
        options.workers = workers(&options, with);
        let given = block.scenario().access_list.as_ref();
        let known = truth.known(block, given.or(list), &options, weights);
        Self { block, truth, options, known, list, keeps_attempts: false, with }
    }

    /// Tells of progress.
    pub(super) fn progress(&self) -> impl Fn(u32) + Sync {
        let total = self.block.transactions();
        move |done| (self.with.progress)(Phase::Parallel, done, total)
    }

    /// Runs it on the pool's workers: with a clock traced, without one in a shape that can be timed.
    pub(super) fn on_pool(
        &self,
        clock: Option<&dyn Clock>,
        progress: &(dyn Fn(u32) + Sync),
    ) -> Result<Parallel, RunError> {
        let pool = Fewer { pool: self.with.pool, workers: self.options.workers };
        self.block.parallel(&self.how(Workplace::Real(&pool), clock, progress))
    }

    /// Runs it in virtual time, traced. As nothing is timed, this run can help to name what only aborted attempts touched.
    pub(super) fn virtually(
        &self,
        costs: &Costs,
        progress: &(dyn Fn(u32) + Sync),
    ) -> Result<Parallel, RunError> {
        let Options { workers, seed, .. } = self.options;
        let how = self.how(Workplace::Virtual { workers, seed, costs }, Some(&NoClock), progress);
        self.block.parallel_recording(&how, &self.truth.preimages)
    }

    pub(super) fn how<'h>(
        &'h self,
        workplace: Workplace<'h>,
        clock: Option<&'h dyn Clock>,
        progress: &'h (dyn Fn(u32) + Sync),
    ) -> How<'h> {
        How {
            strategy: self.options.strategy.into(),
            hints: self.known.as_ref().map_or(self.options.hints.into(), Hint::Given),
            deltas: self.options.deltas.into(),
            workplace,
            accesses: self.list.is_some() && clock.is_some(),
            attempts: self.keeps_attempts && clock.is_some(),
            clock,
            cancel: self.with.cancel,
            progress,
        }
    }

    /// How a traced run differs from the sequential one, and the access list that it has built if there is one to compare
    /// it with.
    pub(super) fn verify(
        &self,
        run: &Parallel,
        after: &State,
    ) -> (Vec<Mismatch>, Option<AccessList>) {
        let mut mismatches = self.truth.compare(self.block, run, after);
        let built = self.list.map(|list| {
            let built = self.block.access_list(run);
            mismatches.extend(differences(&built, list).iter().map(Mismatch::of_list));
            built
        });
        (mismatches, built)
    }
}

/// How many workers will run.
pub(super) fn workers(options: &Options, with: &Surroundings<'_>) -> u32 {
    match (options.strategy, options.clock) {
        (StrategyId::Sequential, _) => 1,
        (_, ClockId::Virtual) => options.workers,
        (_, ClockId::Measured) => options.workers.min(with.pool.workers()),
    }
}

/// Asks for events in virtual time, where nobody looks at it.
#[derive(Debug)]
struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> u64 {
        0
    }
}
