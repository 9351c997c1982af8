//! Every strategy on one block.

use serde::{Deserialize, Serialize};

use super::Unit;
use crate::options::{Options, StrategyId};

/// One block under every strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// [`FORMAT`](super::FORMAT).
    pub format: u32,
    /// The scenario's title.
    pub title: String,
    /// How many transactions there are.
    pub transactions: u32,
    /// How it was run; the strategy in them plays no part.
    pub options: Options,
    /// Unit of the times.
    pub unit: Unit,
    /// Sequential time, with which every row is compared: the median of the repeats, or the sum of the costs.
    pub sequential: f64,
    /// One for each strategy, in the order of their list.
    pub rows: Vec<ComparisonRow>,
}

/// What one strategy made of the block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ComparisonRow {
    /// Which.
    pub strategy: StrategyId,
    /// Workers that ran.
    pub workers: u32,
    /// Its time: the median of the repeats, or the virtual time.
    pub time: f64,
    /// Sequential time over its time; `null` for an empty block, and where the clock is too coarse to have measured either.
    pub speedup: Option<f64>,
    /// The most any schedule could reach with this many workers that knows no more than this strategy does.
    pub speedup_bound: Option<f64>,
    /// Attempts begun.
    pub attempts: u32,
    /// Attempts undone.
    pub aborts: u32,
    /// Attempts that stopped at an estimate.
    pub blocked: u32,
    /// Cost of all attempts over the cost of the final ones; 1 means nothing was wasted.
    pub work_ratio: f64,
    /// It gave what the sequential run gives: receipts, state, and the access list if it has made one.
    pub equal: bool,
    /// In how many places it did not, as far as they were counted.
    pub differences: u32,
    /// The first of them, in words.
    pub first_difference: Option<String>,
    /// What it knows beforehand comes from executing the block: it shows what could be reached, and is not an engine's
    /// speedup.
    pub oracle: bool,
    /// The option `hints` makes a difference to it.
    pub heeds_hints: bool,
}
