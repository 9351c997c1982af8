//! The true dependency graph of a block, from what its transactions read and wrote.

use std::cmp::Reverse;
use std::hash::Hash;

use hashbrown::HashMap;

use crate::{Access, TxIndex, WriteKind};

/// Which transaction needs which. Built from the accesses of any run: they are the same for all.
///
/// Only a read after a write orders an execution; the other two kinds of conflict are kept apart, for those schedulers
/// that have no versions. Two additions to one location commute and do not conflict.
#[derive(Clone, Debug)]
pub struct Graph<L> {
    /// Every location touched, sorted; indices below point here.
    pub locations: Vec<L>,
    /// `to` read what `from` wrote: the last replacement before it, and every addition since. Where one of those that
    /// added had itself read the location, those before it are implied by its own edges and not listed; and of more
    /// than [`LISTED`] the last are.
    pub read_after_write: Vec<Edge>,
    /// `to` wrote next after `from`.
    pub write_after_write: Vec<Edge>,
    /// `to` wrote next after `from` read.
    pub write_after_read: Vec<Edge>,
    /// For each transaction the length of the longest chain of reads after writes that ends at it, from 0.
    pub level: Vec<u32>,
    /// For each transaction its connected component by reads after writes, numbered in order of their first members.
    pub component: Vec<u32>,
    touches: Vec<Touches>,
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

/// One transaction's locations.
#[derive(Clone, Debug)]
struct Touches {
    reads: Vec<u32>,
    /// With whether it adds.
    writes: Vec<(u32, bool)>,
}

impl<L: Clone + Ord + Hash> Graph<L> {
    /// The graph of a block whose transactions read and wrote `accesses`, in block order.
    pub fn new<V>(accesses: &[Access<L, V>]) -> Self {
        let (locations, touches) = index(accesses);
        let mut places = vec![Place::default(); locations.len()];
        let mut conflicts = Conflicts::default();
        let mut sets = DisjointSets::new(touches.len());
        for (to, touched) in (0..).zip(&touches) {
            for &location in &touched.reads {
                places[location as usize].read(location, to, &mut conflicts, &mut sets);
            }
            for &(location, adds) in &touched.writes {
                places[location as usize].write(location, to, adds, &mut conflicts);
            }
        }
        let mut graph = Self {
            locations,
            read_after_write: edges(conflicts.read_after_write),
            write_after_write: edges(conflicts.write_after_write),
            write_after_read: edges(conflicts.write_after_read),
            level: Vec::new(),
            component: sets.numbered(),
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
        let mut needs = vec![Vec::new(); self.touches.len()];
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
        for touched in &self.touches {
            for &location in &touched.reads {
                all[location as usize].readers += 1;
            }
            for &(location, _) in &touched.writes {
                all[location as usize].writers += 1;
            }
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
        assert_eq!(weights.len(), self.touches.len(), "one weight for each transaction");
        self.ends(|tx| weights[tx], without)
    }

    /// For each transaction the heaviest chain that ends at it. One pass over the accesses, and no edge is looked at:
    /// what a reader waits for is the heaviest end among the last replacement and the additions since.
    fn ends(&self, weight: impl Fn(usize) -> u64, without: Option<u32>) -> Vec<End> {
        // By location: the weight and the transaction.
        let mut standing: Vec<Option<(u64, u32)>> = vec![None; self.locations.len()];
        let mut ends = Vec::with_capacity(self.touches.len());
        for (tx, touched) in self.touches.iter().enumerate() {
            let after = touched
                .reads
                .iter()
                .filter(|&&location| Some(location) != without)
                .filter_map(|&location| {
                    standing[location as usize].map(|(weight, from)| (weight, from, location))
                })
                .max_by_key(|&(weight, from, location)| (weight, Reverse((from, location))));
            let before = after.map_or(0, |(weight, ..)| weight);
            let end = End {
                weight: before.saturating_add(weight(tx)),
                after: after.map(|(_, from, location)| (from, location)),
            };
            for &(location, adds) in &touched.writes {
                let here = &mut standing[location as usize];
                if !adds || here.is_none_or(|(weight, _)| weight < end.weight) {
                    *here = Some((end.weight, tx as u32));
                }
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

/// What stands at one location while the block is walked.
#[derive(Clone, Default)]
struct Place {
    /// The last replacement.
    set: Option<u32>,
    /// Additions since.
    added: Vec<u32>,
    /// The first of `added` that are implied by a later one of them having read this location.
    implied: usize,
    /// Reads since the last write.
    readers: Vec<u32>,
    /// Writers since and with the last replacement that are not yet known to be in one component.
    loose: Vec<u32>,
}

/// Location last, so that sorting brings an edge's locations together.
type Conflict = (u32, u32, u32);

#[derive(Default)]
struct Conflicts {
    read_after_write: Vec<Conflict>,
    write_after_write: Vec<Conflict>,
    write_after_read: Vec<Conflict>,
}

impl Place {
    fn read(
        &mut self,
        location: u32,
        reader: u32,
        conflicts: &mut Conflicts,
        sets: &mut DisjointSets,
    ) {
        let listed = self.implied.max(self.added.len().saturating_sub(LISTED));
        let set = self.set.filter(|_| listed == 0);
        let writers = set.into_iter().chain(self.added[listed..].iter().copied());
        conflicts.read_after_write.extend(writers.map(|from| (from, reader, location)));
        for writer in self.loose.drain(..) {
            sets.join(writer, reader);
        }
        if self.set.is_some() || !self.added.is_empty() {
            self.loose.push(reader);
        }
        self.readers.push(reader);
    }

    fn write(&mut self, location: u32, writer: u32, adds: bool, conflicts: &mut Conflicts) {
        let has_read = self.readers.last() == Some(&writer);
        let readers = self.readers.drain(..).filter(|&reader| reader != writer);
        conflicts.write_after_read.extend(readers.map(|reader| (reader, writer, location)));
        if adds {
            conflicts.write_after_write.extend(self.set.map(|set| (set, writer, location)));
            if has_read {
                self.implied = self.added.len();
            }
            self.added.push(writer);
            self.loose.push(writer);
        } else {
            let before = if self.added.is_empty() { self.set.as_slice() } else { &self.added };
            conflicts
                .write_after_write
                .extend(before.iter().map(|&before| (before, writer, location)));
            *self = Self { set: Some(writer), loose: vec![writer], ..Self::default() };
        }
    }
}

fn edges(mut conflicts: Vec<Conflict>) -> Vec<Edge> {
    conflicts.sort_unstable();
    let same_ends = |a: &Conflict, b: &Conflict| (a.0, a.1) == (b.0, b.1);
    let edge = |group: &[Conflict]| Edge {
        from: TxIndex(group[0].0),
        to: TxIndex(group[0].1),
        locations: group.iter().map(|&(_, _, location)| location).collect(),
    };
    conflicts.chunk_by(same_ends).map(edge).collect()
}

/// The sorted locations, and each transaction's as indices into them.
fn index<L: Clone + Ord + Hash, V>(accesses: &[Access<L, V>]) -> (Vec<L>, Vec<Touches>) {
    let mut numbers: HashMap<&L, u32, foldhash::fast::RandomState> = HashMap::default();
    let mut seen: Vec<&L> = Vec::new();
    let mut number = |location| {
        *numbers.entry(location).or_insert_with(|| {
            seen.push(location);
            seen.len() as u32 - 1
        })
    };
    let mut touches: Vec<Touches> = accesses
        .iter()
        .map(|access| Touches {
            reads: access.reads.iter().map(|read| number(&read.location)).collect(),
            writes: access
                .writes
                .iter()
                .map(|write| (number(&write.location), matches!(write.kind, WriteKind::Add(_))))
                .collect(),
        })
        .collect();
    let mut order: Vec<u32> = (0..seen.len() as u32).collect();
    order.sort_unstable_by_key(|&number| seen[number as usize]);
    let mut rank = vec![0; seen.len()];
    for (position, &number) in (0..).zip(&order) {
        rank[number as usize] = position;
    }
    for touched in &mut touches {
        for location in
            touched.reads.iter_mut().chain(touched.writes.iter_mut().map(|(location, _)| location))
        {
            *location = rank[*location as usize];
        }
    }
    (order.iter().map(|&number| seen[number as usize].clone()).collect(), touches)
}

/// Union by smallest member, with path halving.
struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    fn new(members: usize) -> Self {
        Self { parent: (0..members as u32).collect() }
    }

    fn root(&mut self, mut member: u32) -> u32 {
        while self.parent[member as usize] != member {
            let above = self.parent[self.parent[member as usize] as usize];
            self.parent[member as usize] = above;
            member = above;
        }
        member
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// Every member's set, numbered in order of the sets' first members.
    fn numbered(mut self) -> Vec<u32> {
        let mut sets = 0;
        let mut numbers = vec![0; self.parent.len()];
        for member in 0..self.parent.len() as u32 {
            let root = self.root(member);
            if root == member {
                numbers[member as usize] = sets;
                sets += 1;
            } else {
                numbers[member as usize] = numbers[root as usize];
            }
        }
        numbers
    }
}
