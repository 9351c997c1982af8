//! What the declared locks ordered, and what of that the block did not need.

use evm_lanes_evm::{Declared, Location, Lockable};
use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::locks::{LockEdge, lock_order, over_serialised};

use super::labels::Labels;
use super::{LockReport, NeedlessLock};

/// The most pairs that are listed.
const LISTED: usize = 100;

pub(super) fn locks(
    declared: &Declared,
    dependencies: &Graph<Location>,
    labels: &Labels<'_>,
) -> LockReport {
    let order = lock_order(&declared.locks);
    let needless = over_serialised(&order, dependencies);
    let pair = |edge: &LockEdge| NeedlessLock {
        from: edge.from.0,
        to: edge.to.0,
        locks: edge.keys.iter().map(|key| words(&declared.keys[*key as usize], labels)).collect(),
    };
    LockReport {
        pairs: order.len() as u32,
        needless: needless.len() as u32,
        listed: needless.iter().take(LISTED).map(pair).collect(),
    }
}

fn words(what: &Lockable, labels: &Labels<'_>) -> String {
    match what {
        Lockable::Account(address) => labels.account(address),
        Lockable::Storage(address) => format!("{} storage", labels.account(address)),
        Lockable::Slot(address, slot) => labels.location(&Location::Slot(*address, *slot)),
    }
}
