//! What would be if the block, or what its transactions share, were a little different? The question and the answer; it is
//! worked out in `run/what_if.rs`.

mod world;

use evm_lanes_evm::Location;
use serde::{Deserialize, Serialize};

use crate::report::{Labels, Unit};
use crate::scenario::closest;

pub(crate) use world::{Edit, Edits, Supposed};

/// One thing that is different. Transactions go by their place in the scenario's block, locations by their labels in the
/// report; of several changes at one location the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// The transaction is not in the block.
    Drop {
        /// Which.
        transaction: u32,
    },
    /// The transaction stands elsewhere. First all are dropped that are to be, then one is moved after another.
    Move {
        /// Which.
        transaction: u32,
        /// Its place then, counted from 0 in the block as it is without it.
        to: u32,
    },
    /// Every transaction has its own copy of the location: nobody waits for anybody there.
    Split {
        /// Its label.
        location: String,
    },
    /// Who writes the location adds to it and does not look at it, so that those need no order among themselves. Who only
    /// reads it still needs all before.
    Commute {
        /// Its label: a balance's or a slot's.
        location: String,
    },
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// There is no such transaction.
    #[error("there is no transaction {transaction}: the block has {count}, counted from 0")]
    NoTransaction {
        /// Which was asked for.
        transaction: u32,
        /// How many there are.
        count: u32,
    },
    /// It is moved, and not there.
    #[error("transaction {transaction} is dropped and cannot be moved")]
    Dropped {
        /// Which.
        transaction: u32,
    },
    /// There is no such place to move to.
    #[error("transaction {transaction} cannot be moved to {to}: the last place is {last}")]
    NoPlace {
        /// Which.
        transaction: u32,
        /// Where to.
        to: u32,
        /// The last place there is.
        last: u32,
    },
    /// Nobody reads or writes such a location.
    #[error(
        "no transaction reads or writes {label:?}{}; the report lists the locations there are",
        .meant.as_deref().map(|meant| format!(" (is {meant:?} meant?)")).unwrap_or_default()
    )]
    NoLocation {
        /// What it was called.
        label: String,
        /// What it probably is.
        meant: Option<String>,
    },
    /// It is neither a balance nor a slot.
    #[error("{label:?} cannot be commutative: only balances and storage slots can be added to")]
    NotCommutative {
        /// What it is called.
        label: String,
    },
}

/// What would be. Times are virtual, those of a run with the same options on the virtual clock; nothing is measured.
///
/// Dropped and moved transactions are really left out and moved: the changed block is another block, whose transactions may
/// end otherwise. A location that is split or commutative is supposed to be: every transaction still finds there what it
/// finds in block order, and so computes the same and ends as before, but need not wait for it. So the time is that of
/// contracts that did the same without sharing the location, and not that of contracts written otherwise, which may cost
/// other gas and compute something else. Under `bal` the list is right, whatever the scenario's own one says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Of the times: gas, unless costs are measured.
    pub unit: Unit,
    /// Workers.
    pub workers: u32,
    /// The block as it is.
    pub before: Standing,
    /// With the changes.
    pub after: Standing,
    /// Both in a sentence.
    pub sentence: String,
    /// The changed block's transactions, by their places in the scenario's.
    pub order: Vec<u32>,
    /// Those of them that are invalid now and were not.
    pub invalid: Vec<u32>,
    /// Those that are valid and end otherwise, in success or not.
    pub otherwise: Vec<u32>,
    /// What the locations cost that the changed block's transactions wait for each other at, the most costly first; at most
    /// eight.
    pub costs: Vec<LocationCost>,
}

/// How a block stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// How many transactions it has.
    pub transactions: u32,
    /// Levels of its dependency graph.
    pub levels: u32,
    /// The cost of all of them.
    pub total: f64,
    /// The heaviest chain of dependent ones; under `bal`, where nobody waits, the heaviest one.
    pub critical_path: f64,
    /// The most that any schedule could reach with these workers; `null` for an empty block.
    pub bound: Option<f64>,
    /// The virtual time that the strategy takes.
    pub parallel: f64,
    /// `total / parallel`; `null` for an empty block.
    pub speedup: Option<f64>,
    /// Attempts undone.
    pub aborts: u32,
}

/// What one location costs: how the block would stand if every transaction had its own copy of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LocationCost {
    /// Its label.
    pub label: String,
    /// Transactions that read it.
    pub readers: u32,
    /// Transactions that write it.
    pub writers: u32,
    /// Whether it can be made commutative.
    pub commutes: bool,
    /// Without it.
    pub free: Standing,
    /// By how much the block would be faster.
    pub factor: f64,
    /// In a sentence: `totalSupply of token costs this block 2.1×`.
    pub sentence: String,
}

/// The changed block's transactions, by their places in a block of `count`.
pub(crate) fn order(changes: &[Change], count: u32) -> Result<Vec<u32>, ChangeError> {
    let mut order: Vec<u32> = (0..count).collect();
    for change in changes {
        let (Change::Drop { transaction } | Change::Move { transaction, .. }) = *change else {
            continue;
        };
        if transaction >= count {
            return Err(ChangeError::NoTransaction { transaction, count });
        }
        if matches!(change, Change::Drop { .. }) {
            order.retain(|&other| other != transaction);
        }
    }
    for change in changes {
        let Change::Move { transaction, to } = *change else { continue };
        let Some(from) = order.iter().position(|&other| other == transaction) else {
            return Err(ChangeError::Dropped { transaction });
        };
        let last = order.len() as u32 - 1;
        if to > last {
            return Err(ChangeError::NoPlace { transaction, to, last });
        }
        order.remove(from);
        order.insert(to as usize, transaction);
    }
    Ok(order)
}

/// What is different about which of `locations`.
pub(crate) fn edits(
    changes: &[Change],
    locations: &[Location],
    labels: &Labels<'_>,
) -> Result<Edits, ChangeError> {
    let names: Vec<String> = locations.iter().map(|at| labels.location(at)).collect();
    let mut edits = Edits::default();
    for change in changes {
        let (label, edit) = match change {
            Change::Drop { .. } | Change::Move { .. } => continue,
            Change::Split { location } => (location, Edit::Own),
            Change::Commute { location } => (location, Edit::Commute),
        };
        let mut found = false;
        // Two locations can have one label, where addresses are shortened; then both are meant.
        for (location, _) in locations.iter().zip(&names).filter(|(_, name)| *name == label) {
            if edit == Edit::Commute && !can_commute(location) {
                return Err(ChangeError::NotCommutative { label: label.clone() });
            }
            edits.set(*location, edit);
            found = true;
        }
        if !found {
            let meant = closest(label, names.iter().map(String::as_str)).map(str::to_owned);
            return Err(ChangeError::NoLocation { label: label.clone(), meant });
        }
    }
    Ok(edits)
}

/// Whether additions can be made there.
pub(crate) fn can_commute(location: &Location) -> bool {
    matches!(location, Location::Balance(_) | Location::Slot(..))
}
