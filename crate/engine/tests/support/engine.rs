//! The engine under test, as the check wants it.

use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::{self, Hint, How, Parallel, Workplace};
use evm_lanes_engine::options::{DeltaId, StrategyId};
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_evm::bal::{AccessList, differences, hash};
use evm_lanes_evm::block::Hints;
use evm_lanes_evm::cost::Costs;
use evm_lanes_evm::{Invalid, Location, Outcome as EngineOutcome, Value};
use evm_lanes_schedule::{Access, Counters, Inline, Scoped, Strategy};
use revm::primitives::B256;

use super::Random;
use super::check::{Config, DELTAS, Executed, Outcome};

/// What a transaction read and wrote.
pub(crate) type Accessed = Access<Location, Value>;

/// A block made ready, and what every run of it needs.
#[derive(Debug)]
pub(crate) struct Engine<'s> {
    block: block::Block<'s>,
    /// The true graph, without and with fees as additions.
    known: [OnceLock<Hints>; DELTAS.len()],
    cancel: AtomicBool,
}

impl<'s> Engine<'s> {
    pub(crate) fn new(scenario: &'s Scenario) -> Self {
        let cancel = AtomicBool::new(false);
        let prepared = block::Block::prepare(scenario, &cancel, &|_| {}).expect("not cancelled");
        Self { block: prepared.expect("nothing to set up"), known: Default::default(), cancel }
    }

    /// The engine's own specification.
    pub(crate) fn baseline(&self) -> Executed {
        let run = self.block.sequential(None, &self.cancel, &|_| {}).expect("not cancelled");
        let rejected_by = self.block.rejected_by(&run.outcomes);
        executed(&run.outcomes, rejected_by, run.after)
    }

    /// The schedule crate's result, and how much work it was.
    pub(crate) fn parallel(&self, config: &Config) -> Result<(Executed, Counters), String> {
        let run = self.run(config, &|_| {}).map_err(|error| error.to_string())?;
        Ok((self.executed(&run), run.counters))
    }

    /// The same where that is known beforehand, whether it is true or not.
    pub(crate) fn told(&self, config: &Config, known: &Hints) -> Executed {
        let run = self.execute(config, Hint::Given(known), false, &|_| {});
        self.executed(&run.expect("hints are advice"))
    }

    /// What each transaction read and wrote.
    pub(crate) fn accesses(&self, config: &Config) -> Vec<Accessed> {
        self.execute(config, self.hint(config), true, &|_| {}).expect("nothing fails").accesses
    }

    /// The block access list as stock revm builds it.
    pub(crate) fn reference_list(&self) -> AccessList {
        self.block.reference_list(&self.cancel).expect("it runs in order")
    }

    /// Hash of the block access list that a run builds.
    pub(crate) fn list_hash(&self, config: &Config) -> B256 {
        let run = self.execute(config, self.hint(config), true, &|_| {}).expect("nothing fails");
        hash(&self.block.access_list(&run))
    }

    pub(crate) fn run(
        &self,
        config: &Config,
        progress: &(dyn Fn(u32) + Sync),
    ) -> Result<Parallel, evm_lanes_engine::RunError> {
        self.execute(config, self.hint(config), false, progress)
    }

    fn hint(&self, config: &Config) -> Hint<'_> {
        match config.strategy {
            StrategyId::Dag | StrategyId::Bal => Hint::Given(self.known(config.deltas)),
            _ => config.hints.into(),
        }
    }

    fn execute(
        &self,
        config: &Config,
        hints: Hint<'_>,
        accesses: bool,
        progress: &(dyn Fn(u32) + Sync),
    ) -> Result<Parallel, evm_lanes_engine::RunError> {
        let pool = Scoped { workers: NonZeroU32::new(config.workers).expect("a worker") };
        let costs = costs(config, self.block.scenario().transactions.len());
        let workplace = match config.seed {
            Some(seed) => Workplace::Virtual { workers: config.workers, seed, costs: &costs },
            None => Workplace::Real(&pool),
        };
        self.block.parallel(&How {
            strategy: config.strategy.into(),
            hints,
            deltas: config.deltas.into(),
            workplace,
            accesses,
            attempts: false,
            clock: None,
            cancel: &self.cancel,
            progress,
        })
    }

    fn executed(&self, run: &Parallel) -> Executed {
        executed(&run.outcomes, self.block.rejected_by(&run.outcomes), self.block.after(run))
    }

    /// What executing the block tells of it.
    pub(crate) fn known(&self, deltas: DeltaId) -> &Hints {
        self.known[deltas as usize].get_or_init(|| {
            let how = How {
                strategy: Strategy::Sequential,
                hints: Hint::None,
                deltas: deltas.into(),
                workplace: Workplace::Real(&Inline),
                accesses: true,
                attempts: false,
                clock: None,
                cancel: &self.cancel,
                progress: &|_| {},
            };
            let tracked = self.block.parallel(&how).expect("it runs in order");
            let needs = self.block.dependencies(&tracked.accesses).needs();
            let list = self.reference_list();
            let found = differences(&self.block.access_list(&tracked), &list);
            assert_eq!(found, [], "the access list differs from stock revm's");
            // A list has values and no additions, of which it is as good as silent.
            let writes = match deltas {
                DeltaId::None => self.block.foretold(&list),
                _ => tracked.writes(),
            };
            Hints { needs, writes, ..Hints::default() }
        })
    }
}

/// Seeds break ties only, so odd ones also make up how long each transaction takes: some very much longer.
fn costs(config: &Config, transactions: usize) -> Costs {
    match config.seed {
        Some(seed) if seed % 2 == 1 && config.strategy != StrategyId::Sequential => {
            let mut random = Random::new(seed);
            let time = |_| {
                let magnitude = random.below(12);
                1 + random.below(1 << magnitude) * 50
            };
            Costs::Time((0..transactions).map(time).collect())
        }
        _ => Costs::Gas,
    }
}

fn executed(
    outcomes: &[EngineOutcome],
    rejected_by: Option<u32>,
    state: evm_lanes_engine::state::State,
) -> Executed {
    let outcomes = if rejected_by.is_some() { &[] } else { outcomes };
    let outcomes = outcomes.iter().map(|outcome| match outcome {
        EngineOutcome::Included(result) => Outcome::Included(result.clone()),
        EngineOutcome::Invalid(Invalid::BlockGas { .. } | Invalid::Blobs { .. }) => Outcome::NoRoom,
        EngineOutcome::Invalid(other) => Outcome::Invalid(other.to_string()),
    });
    Executed {
        outcomes: outcomes.collect(),
        rejected_by: rejected_by.map(|index| index as usize),
        state,
    }
}
