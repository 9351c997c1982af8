//! What transactions lock, and what that orders.

use std::hash::Hash;

use hashbrown::HashMap;

use crate::TxIndex;
use crate::graph::Graph;

/// A declaration that a transaction will read, or read and write, under a key. What a key stands for is the caller's
/// choice: a location, an account, anything coarser. Two transactions may run at the same time if they lock no key in
/// common, or lock it only to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock {
    /// What is locked.
    pub key: u32,
    /// Whether others may read it meanwhile.
    pub mode: LockMode,
}

/// How a key is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    /// Shared with other readers.
    Read,
    /// Alone.
    Write,
}

/// One transaction waits for another because of locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockEdge {
    /// The earlier one.
    pub from: TxIndex,
    /// The later one.
    pub to: TxIndex,
    /// The keys that both lock, one of them to write, with nobody between them who does; sorted.
    pub keys: Vec<u32>,
}

/// What locks taken in block order make wait for what: under each key a reader for the last writer before it, and a
/// writer for those who have read since then, or for the last writer if nobody has. Sorted by `from`, then `to`; at most
/// two edges for each lock. What follows from two edges is not listed.
pub fn lock_order(locks: &[Vec<Lock>]) -> Vec<LockEdge> {
    let mut holders: HashMap<u32, Holders, foldhash::fast::RandomState> = HashMap::default();
    let mut waits: Vec<(u32, u32, u32)> = Vec::new();
    for (to, locks) in (0..).zip(locks) {
        let mut locks = locks.clone();
        // The strongest of several locks of one key is the one that counts.
        locks.sort_unstable_by(|a, b| (a.key, b.mode).cmp(&(b.key, a.mode)));
        locks.dedup_by_key(|lock| lock.key);
        for Lock { key, mode } in locks {
            let held = holders.entry(key).or_default();
            match mode {
                LockMode::Read => {
                    waits.extend(held.writer.map(|from| (from, to, key)));
                    held.readers.push(to);
                }
                LockMode::Write => {
                    // Readers since the last writer have waited for it themselves.
                    let last = if held.readers.is_empty() { held.writer } else { None };
                    waits.extend(held.readers.drain(..).chain(last).map(|from| (from, to, key)));
                    held.writer = Some(to);
                }
            }
        }
    }
    waits.sort_unstable();
    let same_ends = |a: &(u32, u32, u32), b: &(u32, u32, u32)| (a.0, a.1) == (b.0, b.1);
    let edge = |group: &[(u32, u32, u32)]| LockEdge {
        from: TxIndex(group[0].0),
        to: TxIndex(group[0].1),
        keys: group.iter().map(|&(.., key)| key).collect(),
    };
    waits.chunk_by(same_ends).map(edge).collect()
}

/// The edges of [`lock_order`] that the block did not need: `to` depends on `from` by no chain of reads after writes.
///
/// Takes time proportional to the graph's size for each 64 transactions that somebody waits for.
pub fn over_serialised<L: Clone + Ord + Hash>(
    order: &[LockEdge],
    graph: &Graph<L>,
) -> Vec<LockEdge> {
    let mut froms: Vec<u32> = order.iter().map(|edge| edge.from.0).collect();
    froms.sort_unstable();
    froms.dedup();
    let mut order: Vec<&LockEdge> = order.iter().collect();
    order.sort_unstable_by_key(|edge| (edge.from, edge.to));
    let mut needless = Vec::new();
    let mut order = order.into_iter().peekable();
    for froms in froms.chunks(64) {
        let reached = reached_from(froms, graph);
        while let Some(edge) = order.next_if(|edge| edge.from.0 <= froms[froms.len() - 1]) {
            let bit = froms.partition_point(|&from| from < edge.from.0);
            if reached.get(edge.to.0 as usize).is_none_or(|reached| reached >> bit & 1 == 0) {
                needless.push(edge.clone());
            }
        }
    }
    needless
}

/// For each transaction, which of at most 64 it depends on: bit `i` for `froms[i]`.
fn reached_from<L>(froms: &[u32], graph: &Graph<L>) -> Vec<u64> {
    let mut reached = vec![0_u64; graph.level.len()];
    for (bit, &from) in froms.iter().enumerate() {
        if let Some(reached) = reached.get_mut(from as usize) {
            *reached |= 1 << bit;
        }
    }
    // Edges are sorted by their beginnings, and no edge ends before it begins: what ends at a transaction comes before
    // what begins there.
    let first = graph.read_after_write.partition_point(|edge| edge.from.0 < froms[0]);
    for edge in &graph.read_after_write[first..] {
        reached[edge.to.0 as usize] |= reached[edge.from.0 as usize];
    }
    reached
}

/// Who holds a key, as far as the block has been walked.
#[derive(Default)]
struct Holders {
    writer: Option<u32>,
    /// Since `writer`.
    readers: Vec<u32>,
}
