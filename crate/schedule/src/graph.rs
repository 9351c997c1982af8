//! The true dependency graph of a block, from what its transactions read and wrote.

mod conflicts;
mod touches;

use std::cmp::Reverse;
use std::hash::Hash;

use conflicts::Conflicts;
use touches::{Reading, Touches, Wrote};

use crate::{Access, Base, TxIndex, Value};

/// Which transaction needs which. Built from the accesses of any run: they are the same for all.
///
/// Only a read after a write orders an execution; the other two kinds of conflict are kept apart, for those schedulers
/// that have no versions. Two additions to one location commute and do not conflict.
///
/// *What a read needs.* An exact read needs everything that was written at its location before. A guarded read needs no
/// more than the writes up to the last one before which its guard does not hold: with those, and however many of the writes
/// after them, in their order, the transaction comes out the same. So it needs nothing if the guard holds for the value
/// before the block and after every earlier write. A scheduler that lets some writes overtake others may still show it a
/// value which will not do; that costs an attempt.
#[derive(Clone, Debug)]
pub struct Graph<L> {
    /// Every location touched, sorted; indices below point here.
    pub locations: Vec<L>,
    /// `to` needs what `from` wrote: the last replacement up to what it needs, and every addition since. Where one of
    /// those that added needs all before it itself, those are implied by its own edges and not listed; and of more than
    /// [`LISTED`] the last are.
    pub read_after_write: Vec<Edge>,
    /// `to` wrote next after `from`.
    pub write_after_write: Vec<Edge>,
    /// `to` wrote next after `from` read the very value.
    pub write_after_read: Vec<Edge>,
    /// For each transaction the length of the longest chain of reads after writes that ends at it, from 0.
    pub level: Vec<u32>,
    /// For each transaction its connected component by reads after writes, numbered in order of their first members.
    pub component: Vec<u32>,
    touches: Touches,
}

/// How many writers of one read are listed as edges at most. Levels, paths and components count all.
pub const LISTED: usize = 256;

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The earlier transaction.
    pub from: TxIndex,
    /// The later one.
    pub to: TxIndex,
    /// Where, as sorted indices into [`Graph::locations`].
    pub locations: Vec<u32>,
}

/// A heaviest chain of reads after writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CriticalPath {
    /// The sum of its weights.
    pub weight: u64,
    /// Its transactions, in order.
    pub transactions: Vec<TxIndex>,
}

/// A location that orders transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HotLocation {
    /// Which, as an index into [`Graph::locations`].
    pub location: u32,
    /// Transactions that read it.
    pub readers: u32,
    /// Transactions that wrote it.
    pub writers: u32,
    /// Listed read-after-write edges through it.
    pub edges: u32,
    /// By how much the critical path would be lighter if nobody depended on anybody through it.
    pub cost: u64,
}

impl<L: Clone + Ord + Hash> Graph<L> {
    /// The graph of a block on `base` whose transactions read and wrote `accesses`, in block order.
    pub fn new<V: Value>(accesses: &[Access<L, V>], base: &dyn Base<L, V>) -> Self {
        let (locations, touches) = Touches::new(accesses, base);
        let conflicts = Conflicts::new(&touches, locations.len());
        let mut graph = Self {
            locations,
            read_after_write: edges(conflicts.read_after_write),
            write_after_write: edges(conflicts.write_after_write),
            write_after_read: edges(conflicts.write_after_read),
            level: Vec::new(),
            component: conflicts.components.numbered(),
            touches,
        };
        graph.level = graph.ends(|_| 1, None).iter().map(|end| (end.weight - 1) as u32).collect();
        graph
    }
}

impl<L> Graph<L> {
    /// The heaviest chain, where transaction `i` weighs `weights[i]` (gas, nanoseconds).
    ///
    /// # Panics
    /// If there is not one weight for each transaction.
    pub fn critical_path(&self, weights: &[u64]) -> CriticalPath {
        let ends = self.weighted_ends(weights, None);
        CriticalPath {
            weight: ends.iter().map(|end| end.weight).max().unwrap_or(0),
            transactions: chain(&ends).into_iter().map(TxIndex).collect(),
        }
    }

    /// The weight of the heaviest chain if nobody depended on anybody through `location`.
    ///
    /// # Panics
    /// If there is not one weight for each transaction.
    pub fn critical_path_without(&self, location: u32, weights: &[u64]) -> u64 {
        self.weighted_ends(weights, Some(location)).iter().map(|end| end.weight).max().unwrap_or(0)
    }

    /// For each transaction those whose writes it reads, as far as they are listed.
    pub fn needs(&self) -> Vec<Vec<TxIndex>> {
        let mut needs = vec![Vec::new(); self.touches.transactions.len()];
        for edge in &self.read_after_write {
            needs[edge.to.0 as usize].push(edge.from);
        }
        needs
    }

    /// The locations with edges, ranked by what they cost the critical path, then by their edges; the first `limit`.
    ///
    /// Only a location on the critical path can cost it anything; of those, the `limit` with the most edges are
    /// weighed, each by one pass over all accesses.
    ///
    /// # Panics
    /// If there is not one weight for each transaction.
    pub fn hot_locations(&self, weights: &[u64], limit: usize) -> Vec<HotLocation> {
        let mut all: Vec<HotLocation> = (0..self.locations.len() as u32)
            .map(|location| HotLocation { location, readers: 0, writers: 0, edges: 0, cost: 0 })
            .collect();
        for reading in self.touches.transactions.iter().flat_map(|touched| &touched.readings) {
            all[reading.location as usize].readers += 1;
        }
        for wrote in &self.touches.writes {
            all[wrote.location as usize].writers += 1;
        }
        for &location in self.read_after_write.iter().flat_map(|edge| &edge.locations) {
            all[location as usize].edges += 1;
        }

        let ends = self.weighted_ends(weights, None);
        let weight = ends.iter().map(|end| end.weight).max().unwrap_or(0);
        let mut critical: Vec<u32> = chain(&ends)
            .into_iter()
            .filter_map(|tx| ends[tx as usize].after)
            .map(|(_, via)| via)
            .collect();
        critical
            .sort_unstable_by_key(|&location| (Reverse(all[location as usize].edges), location));
        critical.dedup();
        for location in critical.into_iter().take(limit) {
            all[location as usize].cost = weight - self.critical_path_without(location, weights);
        }

        all.retain(|hot| hot.edges > 0);
        all.sort_unstable_by_key(|hot| (Reverse((hot.cost, hot.edges)), hot.location));
        all.truncate(limit);
        all
    }

    fn weighted_ends(&self, weights: &[u64], without: Option<u32>) -> Vec<End> {
        let transactions = self.touches.transactions.len();
        assert_eq!(weights.len(), transactions, "one weight for each transaction");
        self.ends(|tx| weights[tx], without)
    }

    /// For each transaction the heaviest chain that ends at it. One pass over the accesses, and no edge is looked at:
    /// what a reader waits for is the heaviest end among those that wrote the sum it needs.
    fn ends(&self, weight: impl Fn(usize) -> u64, without: Option<u32>) -> Vec<End> {
        // For each write the heaviest end among those that wrote the sum it leaves: the weight and the transaction.
        let mut standing: Vec<(u64, u32)> = Vec::with_capacity(self.touches.writes.len());
        let mut ends = Vec::with_capacity(self.touches.transactions.len());
        for (tx, touched) in self.touches.transactions.iter().enumerate() {
            let after = touched
                .readings
                .iter()
                .filter(|reading| Some(reading.location) != without)
                .filter_map(|&Reading { location, needs, .. }| {
                    let (weight, from) = standing[needs? as usize];
                    Some((weight, from, location))
                })
                .max_by_key(|&(weight, from, location)| (weight, Reverse((from, location))));
            let before = after.map_or(0, |(weight, ..)| weight);
            let end = End {
                weight: before.saturating_add(weight(tx)),
                after: after.map(|(_, from, location)| (from, location)),
            };
            for &Wrote { adds, before, .. } in &self.touches.writes[touched.writes.clone()] {
                let others = before.filter(|_| adds).map(|before| standing[before as usize]);
                let heaviest = others.filter(|&(weight, _)| weight >= end.weight);
                standing.push(heaviest.unwrap_or((end.weight, tx as u32)));
            }
            ends.push(end);
        }
        ends
    }
}

/// The highest speedup that any schedule which respects reads after writes can reach on `workers` workers: the whole
/// weight over the longest of the critical path, the heaviest transaction (which that path contains) and a fair share.
/// 1 for a block without weight.
pub fn speedup_bound(critical_path: u64, weights: &[u64], workers: u32) -> f64 {
    let total: f64 = weights.iter().map(|&weight| weight as f64).sum();
    let longest = weights.iter().copied().max().unwrap_or(0).max(critical_path) as f64;
    if total == 0.0 { 1.0 } else { total / longest.max(total / f64::from(workers.max(1))) }
}

/// The heaviest chain that ends at one transaction.
#[derive(Clone, Copy, Debug)]
struct End {
    weight: u64,
    /// The transaction before it, and the location by which it depends on it.
    after: Option<(u32, u32)>,
}

/// The transactions of the heaviest chain; of equally heavy ones the one that ends first.
fn chain(ends: &[End]) -> Vec<u32> {
    let last = (0..ends.len() as u32).max_by_key(|&tx| (ends[tx as usize].weight, Reverse(tx)));
    let mut chain: Vec<u32> =
        std::iter::successors(last, |&tx| ends[tx as usize].after.map(|(before, _)| before))
            .collect();
    chain.reverse();
    chain
}

fn edges(mut conflicts: Vec<conflicts::Conflict>) -> Vec<Edge> {
    conflicts.sort_unstable();
    let same_ends = |a: &conflicts::Conflict, b: &conflicts::Conflict| (a.0, a.1) == (b.0, b.1);
    let edge = |group: &[conflicts::Conflict]| Edge {
        from: TxIndex(group[0].0),
        to: TxIndex(group[0].1),
        locations: group.iter().map(|&(_, _, location)| location).collect(),
    };
    conflicts.chunk_by(same_ends).map(edge).collect()
}
