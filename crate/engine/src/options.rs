//! How to run a scenario.

use evm_lanes_evm::block::{Deltas, Hint};
use evm_lanes_schedule::Strategy;
use serde::{Deserialize, Serialize};

/// How to run a scenario. Everything has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// How parallelism is found.
    pub strategy: StrategyId,
    /// How many workers, 1 to [`MAX_WORKERS`]. On the measured clock the executor may have fewer; the report says how many ran.
    pub workers: u32,
    /// Which clock times are from.
    pub clock: ClockId,
    /// What one transaction costs in virtual time.
    pub cost: CostId,
    /// Seed of the virtual schedule, below 2⁵³.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub seed: u64,
    /// Which updates are treated as commutative additions.
    pub deltas: DeltaId,
    /// What the scheduler is told beforehand.
    pub hints: HintId,
    /// Timed repetitions on the measured clock, 1 to 100; the median counts.
    pub repeats: u32,
}

/// The most workers that can be asked for.
pub const MAX_WORKERS: u32 = 64;

impl Default for Options {
    fn default() -> Self {
        Self {
            strategy: StrategyId::BlockStm,
            workers: 4,
            clock: ClockId::Virtual,
            cost: CostId::Gas,
            seed: 0,
            deltas: DeltaId::Fees,
            hints: HintId::Senders,
            repeats: 5,
        }
    }
}

/// A strategy by its user-visible name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StrategyId {
    /// One after another: the specification.
    Sequential,
    /// Everything at once on the state before the block, then in order what does not hold.
    TwoPhase,
    /// Ahead of time on what is committed so far, merged in order, at most once again.
    OrderedMerge,
    /// Optimistic, with multi-version memory and estimates.
    BlockStm,
    /// Optimistic, with every change told to its readers, few second chances, and no running ahead where that is wasted.
    Ladder,
    /// Declared locks, taken in block order: access lists (EIP-2930), or else whole accounts.
    Locks,
    /// List scheduling on the block's true graph: an oracle, not an engine.
    Dag,
    /// Everything at once on values known beforehand (block access lists, EIP-7928).
    Bal,
}

/// Which clock times are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ClockId {
    /// Wall time on real workers.
    Measured,
    /// Deterministic virtual workers.
    Virtual,
}

/// What one transaction costs in virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CostId {
    /// Its gas.
    Gas,
    /// Its measured sequential time; needs a clock.
    Time,
}

/// Which updates are treated as commutative additions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DeltaId {
    /// None: every fee payment conflicts with every other.
    None,
    /// The fee recipient's balance.
    Fees,
    /// Every balance, as long as nobody looks at it closer than to see whether it is enough.
    Balances,
    /// Every storage slot as well that is only counted up or down and not looked at closer: a token's balances.
    Storage,
}

/// What the scheduler is told beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum HintId {
    /// Nothing: every dependency is found by running into it.
    None,
    /// Each transaction follows its sender's previous one.
    Senders,
}

impl StrategyId {
    /// Every strategy.
    pub const ALL: [Self; 8] = [
        Self::Sequential,
        Self::TwoPhase,
        Self::OrderedMerge,
        Self::BlockStm,
        Self::Ladder,
        Self::Locks,
        Self::Dag,
        Self::Bal,
    ];
}

impl From<StrategyId> for Strategy {
    fn from(id: StrategyId) -> Self {
        match id {
            StrategyId::Sequential => Self::Sequential,
            StrategyId::TwoPhase => Self::TwoPhase,
            StrategyId::OrderedMerge => Self::OrderedMerge,
            StrategyId::BlockStm => Self::BlockStm,
            StrategyId::Ladder => Self::Ladder,
            StrategyId::Locks => Self::Locks,
            StrategyId::Dag => Self::Dag,
            StrategyId::Bal => Self::Bal,
        }
    }
}

impl From<DeltaId> for Deltas {
    fn from(id: DeltaId) -> Self {
        match id {
            DeltaId::None => Self::None,
            DeltaId::Fees => Self::Fees,
            DeltaId::Balances => Self::Balances,
            DeltaId::Storage => Self::Storage,
        }
    }
}

impl From<HintId> for Hint<'_> {
    fn from(id: HintId) -> Self {
        match id {
            HintId::None => Self::None,
            HintId::Senders => Self::Senders,
        }
    }
}
