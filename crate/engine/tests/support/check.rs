//! The one check: whatever the strategy, the workers and the seed, a block comes to what sequential execution comes to.

use std::fmt;

use evm_lanes_engine::options::{DeltaId, HintId, StrategyId};
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_engine::state::{AccountState, State};
use revm::context::result::ExecutionResult;
use revm::primitives::{Address, B256, U256};

use super::engine::Engine;
use super::{Block, reference as stock};
use evm_lanes_schedule::Counters;

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was included.
    Included(ExecutionResult),
    /// It could not be; why, in revm's words.
    Invalid(String),
    /// It did not fit into what the block had left.
    NoRoom,
}

/// What a block came to.
#[derive(Clone, Debug)]
pub(crate) struct Executed {
    /// How each transaction ended; empty for a rejected block.
    pub(crate) outcomes: Vec<Outcome>,
    /// Mode `reject`: the first invalid transaction.
    pub(crate) rejected_by: Option<usize>,
    pub(crate) state: State,
}

/// One way to run a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) strategy: StrategyId,
    /// `None` on real threads.
    pub(crate) seed: Option<u64>,
    pub(crate) workers: u32,
    pub(crate) deltas: DeltaId,
    pub(crate) hints: HintId,
}

/// Every strategy but the sequential one, which each check begins with.
pub(crate) const STRATEGIES: [StrategyId; StrategyId::ALL.len() - 1] = {
    assert!(matches!(StrategyId::ALL[0], StrategyId::Sequential));
    let mut strategies = [StrategyId::BlockStm; StrategyId::ALL.len() - 1];
    let mut index = 0;
    while index < strategies.len() {
        strategies[index] = StrategyId::ALL[index + 1];
        index += 1;
    }
    strategies
};
const WORKERS: [u32; 5] = [1, 2, 3, 8, 16];
/// Which updates can be additions.
pub(crate) const DELTAS: [DeltaId; 4] =
    [DeltaId::Storage, DeltaId::Balances, DeltaId::Fees, DeltaId::None];
/// What a scheduler can be told.
pub(crate) const HINTS: [HintId; 2] = [HintId::None, HintId::Senders];

impl Config {
    /// Real threads, two of them, with everything on that the product has on.
    pub(crate) const DEFAULT: Self = Self {
        strategy: StrategyId::BlockStm,
        seed: None,
        workers: 2,
        deltas: DeltaId::Fees,
        hints: HintId::Senders,
    };

    /// The scheduler's own sequential strategy.
    pub(crate) const SEQUENTIAL: Self =
        Self { strategy: StrategyId::Sequential, seed: Some(0), workers: 1, ..Self::DEFAULT };

    /// The run of a strategy with a seed: the seed also says with how many workers, deltas and hints. Its lowest bit does
    /// not, because that says how long transactions take.
    fn seeded(strategy: StrategyId, seed: u64) -> Self {
        let mut rest = seed / 2;
        let mut digit = |base: usize| {
            let digit = rest % base as u64;
            rest /= base as u64;
            digit as usize
        };
        let workers = WORKERS[digit(WORKERS.len())];
        let (deltas, hints) = (DELTAS[digit(DELTAS.len())], HINTS[digit(HINTS.len())]);
        Self { strategy, seed: Some(seed), workers, deltas, hints }
    }

    /// Every combination but for the seed.
    fn all(seed: Option<u64>) -> impl Iterator<Item = Self> {
        let combine = move |strategy| {
            WORKERS.into_iter().flat_map(move |workers| {
                DELTAS.into_iter().flat_map(move |deltas| {
                    HINTS.map(|hints| Self { strategy, seed, workers, deltas, hints })
                })
            })
        };
        STRATEGIES.into_iter().flat_map(combine)
    }
}

/// How many seeds of the virtual pool each strategy runs with.
const SEEDS: u64 = 100;

/// Runs a block under every strategy with 100 seeds, over all combinations of workers, deltas and hints, and on real
/// threads with few workers and many. Panics at the first difference, with what it takes to see it again.
pub(crate) fn check(block: &Block) -> After {
    verify(block, ways())
}

/// The same where a rule is the engine's own and revm has none: the engine's sequential result is what the others are
/// compared with, and the test says what that must be.
pub(crate) fn check_own_rule(block: &Block) -> After {
    let engine = Engine::new(&block.scenario);
    let found = equal(&engine, &block.scenario, engine.baseline(), ways());
    found.unwrap_or_else(|failure| panic!("{failure}"))
}

fn ways() -> impl Iterator<Item = Config> {
    let virtual_runs = STRATEGIES
        .into_iter()
        .flat_map(|strategy| (0..SEEDS).map(move |seed| Config::seeded(strategy, seed)));
    let real_runs = STRATEGIES
        .into_iter()
        .flat_map(|strategy| [2, 8].map(|workers| Config { strategy, workers, ..Config::DEFAULT }));
    virtual_runs.chain(real_runs)
}

/// The same, 100 seeds for each combination and every one of them on real threads as well.
pub(crate) fn check_exhaustively(block: &Block) -> After {
    let virtual_runs = (0..SEEDS).flat_map(|seed| Config::all(Some(seed)));
    verify(block, virtual_runs.chain(Config::all(None)))
}

/// Stock revm's result, once the engine's sequential result and that of each of `configs` has been found equal to it.
pub(crate) fn verify(block: &Block, configs: impl Iterator<Item = Config>) -> After {
    compare(&block.scenario, configs).unwrap_or_else(|failure| panic!("{failure}"))
}

/// As [`verify`], with the first difference as an error.
pub(crate) fn compare(
    scenario: &Scenario,
    configs: impl Iterator<Item = Config>,
) -> Result<After, String> {
    equal(&Engine::new(scenario), scenario, stock::execute(scenario), configs)
}

fn equal(
    engine: &Engine<'_>,
    scenario: &Scenario,
    expected: Executed,
    configs: impl Iterator<Item = Config>,
) -> Result<After, String> {
    let fail = |config: &dyn fmt::Debug, found: Vec<String>| {
        let transactions = scenario.transactions.len();
        let found = found.join("\n  ");
        let fork = scenario.fork;
        Err(format!(
            "{config:?} differs from stock revm, {fork:?}, {transactions} transactions:\n  {found}"
        ))
    };
    let found = differences(&expected, &engine.baseline());
    if !found.is_empty() {
        return fail(&"the sequential baseline", found);
    }
    let mut work = Vec::new();
    for config in std::iter::once(Config::SEQUENTIAL).chain(configs) {
        match engine.parallel(&config) {
            Err(error) => return fail(&config, vec![error]),
            Ok((actual, counters)) => {
                let found = differences(&expected, &actual);
                if !found.is_empty() {
                    return fail(&config, found);
                }
                work.push((config, counters));
            }
        }
    }
    Ok(After { executed: expected, work })
}

/// Stock revm's result alone.
pub(crate) fn reference(block: &Block) -> After {
    After { executed: stock::execute(&block.scenario), work: Vec::new() }
}

/// In words, where two results differ; existence is part of the state.
pub(crate) fn differences(expected: &Executed, actual: &Executed) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |what: String, expected: &dyn fmt::Debug, actual: &dyn fmt::Debug| {
        found.push(format!("{what}: expected {expected:?}, found {actual:?}"));
    };
    if expected.rejected_by != actual.rejected_by {
        note("rejected by".to_owned(), &expected.rejected_by, &actual.rejected_by);
    }
    if expected.outcomes.len() != actual.outcomes.len() {
        note("outcomes".to_owned(), &expected.outcomes.len(), &actual.outcomes.len());
    }
    for (index, (expected, actual)) in expected.outcomes.iter().zip(&actual.outcomes).enumerate() {
        if expected != actual {
            note(format!("transaction {index}"), expected, actual);
        }
    }
    let addresses: std::collections::BTreeSet<_> =
        expected.state.keys().chain(actual.state.keys()).collect();
    for address in addresses {
        let (expected, actual) = (expected.state.get(address), actual.state.get(address));
        if expected != actual {
            note(format!("account {address}"), &expected.map(Brief), &actual.map(Brief));
        }
    }
    found
}

/// An account without its code.
struct Brief<'a>(&'a AccountState);

impl fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AccountState { balance, nonce, code_hash, code, storage } = self.0;
        let length = code.as_ref().map_or(0, |code| code.len());
        write!(
            f,
            "{{{balance} wei, nonce {nonce}, code {code_hash} of {length} bytes, {storage:?}}}"
        )
    }
}

/// What a checked block came to, for a test's own expectations.
#[derive(Clone, Debug)]
pub(crate) struct After {
    executed: Executed,
    work: Vec<(Config, Counters)>,
}

impl After {
    pub(crate) fn outcome(&self, index: usize) -> &Outcome {
        &self.executed.outcomes[index]
    }

    /// What an included transaction came to.
    pub(crate) fn result(&self, index: usize) -> &ExecutionResult {
        match self.outcome(index) {
            Outcome::Included(result) => result,
            other => panic!("transaction {index} was not included: {other:?}"),
        }
    }

    pub(crate) fn gas(&self, index: usize) -> u64 {
        self.result(index).tx_gas_used()
    }

    /// What an included transaction returned, as one word.
    pub(crate) fn output(&self, index: usize) -> U256 {
        let output = self.result(index).output();
        let output = output.unwrap_or_else(|| panic!("transaction {index} returned nothing"));
        assert_eq!(output.len(), 32, "transaction {index}");
        U256::from_be_slice(output)
    }

    pub(crate) fn refund(&self, index: usize) -> u64 {
        self.result(index).gas().final_refunded()
    }

    pub(crate) fn succeeded(&self, index: usize) -> bool {
        self.result(index).is_success()
    }

    /// Why a transaction was not included, in revm's words.
    pub(crate) fn invalid(&self, index: usize) -> &str {
        match self.outcome(index) {
            Outcome::Invalid(reason) => reason,
            other => panic!("transaction {index} is not invalid: {other:?}"),
        }
    }

    pub(crate) fn all_succeeded(&self) -> bool {
        (0..self.executed.outcomes.len()).all(|index| self.succeeded(index))
    }

    /// How much work each run was.
    pub(crate) fn work(&self) -> &[(Config, Counters)] {
        &self.work
    }

    pub(crate) fn outcomes(&self) -> &[Outcome] {
        &self.executed.outcomes
    }

    pub(crate) fn rejected_by(&self) -> Option<usize> {
        self.executed.rejected_by
    }

    pub(crate) fn state(&self) -> &State {
        &self.executed.state
    }

    pub(crate) fn exists(&self, address: Address) -> bool {
        self.executed.state.contains_key(&address)
    }

    pub(crate) fn account(&self, address: Address) -> AccountState {
        self.executed.state.get(&address).cloned().unwrap_or_default()
    }

    pub(crate) fn balance(&self, address: Address) -> U256 {
        self.account(address).balance
    }

    pub(crate) fn nonce(&self, address: Address) -> u64 {
        self.account(address).nonce
    }

    pub(crate) fn code_hash(&self, address: Address) -> B256 {
        self.account(address).code_hash
    }

    pub(crate) fn has_code(&self, address: Address) -> bool {
        self.account(address).code.is_some()
    }

    /// A slot as a number; panics where it is larger than one.
    pub(crate) fn slot(&self, address: Address, slot: u64) -> u64 {
        self.word(address, slot).to()
    }

    pub(crate) fn word(&self, address: Address, slot: u64) -> U256 {
        self.account(address).storage.get(&U256::from(slot)).copied().unwrap_or_default()
    }
}
