//! What one attempt read and wrote, as the view records it.

use hashbrown::HashTable;

use crate::memory::Slot;
use crate::{Access, Family, Guard, Read, Version, Vm, Write};

/// One attempt's reads and writes, with what validation and publication need beside them. Boxed wherever it lies: it
/// changes hands at every step of a transaction.
#[derive(Debug)]
pub(crate) struct Log<L, V> {
    /// In first-read order, without repeats.
    pub(crate) reads: Vec<Read<L, V>>,
    /// Beside each read.
    pub(crate) marks: Vec<Mark>,
    /// Of the reads at these positions, in ascending order once the attempt has ended.
    pub(crate) guards: Vec<(u32, Guard<V>)>,
    /// In first-write order, without repeats.
    pub(crate) writes: Vec<Write<L, V>>,
    /// Beside each write.
    pub(crate) write_marks: Vec<WriteMark>,
}

/// A machine's log.
pub(crate) type LogOf<V> = Box<Log<<V as Vm>::Location, <V as Vm>::Value>>;

/// What is kept beside a read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) family: Family,
    /// `None` where nobody had written yet; [`Memory::check`](crate::memory::Memory::check) looks there again.
    pub(crate) slot: Option<Slot>,
    /// As in [`Source`].
    pub(crate) folded: bool,
}

/// What is kept beside a write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteMark {
    pub(crate) family: Family,
    /// It replaces a value that the attempt had read.
    pub(crate) has_read: bool,
    /// It is an addition that nobody is to see before the transaction is committed.
    pub(crate) at_commit: bool,
}

/// Where a resolved value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The highest version that contributed.
    pub(crate) from: Option<Version>,
    /// Whether uncommitted additions were folded in, so that `from` alone does not determine the value.
    pub(crate) folded: bool,
}

impl Source {
    /// The base, which nobody has touched.
    pub(crate) const BASE: Self = Self { from: None, folded: false };
}

impl<L, V> Default for Log<L, V> {
    fn default() -> Self {
        Self {
            reads: Vec::new(),
            marks: Vec::new(),
            guards: Vec::new(),
            writes: Vec::new(),
            write_marks: Vec::new(),
        }
    }
}

impl<L, V> Log<L, V> {
    /// An empty one with room for as much: the next attempt is likely to be about as large.
    pub(crate) fn as_large(&self) -> Self {
        let Self { reads, marks, guards, writes, write_marks } = self;
        Self {
            reads: Vec::with_capacity(reads.len().min(64)),
            marks: Vec::with_capacity(marks.len().min(64)),
            guards: Vec::with_capacity(guards.len().min(64)),
            writes: Vec::with_capacity(writes.len().min(64)),
            write_marks: Vec::with_capacity(write_marks.len().min(64)),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.reads.clear();
        self.marks.clear();
        self.guards.clear();
        self.writes.clear();
        self.write_marks.clear();
    }
}

impl<L: Ord, V> Log<L, V> {
    /// What the outside sees of it.
    pub(crate) fn into_access(mut self) -> Access<L, V> {
        self.writes.sort_unstable_by(|a, b| a.location.cmp(&b.location));
        Access { reads: self.reads, guards: self.guards, writes: self.writes }
    }
}

impl<L, V> Access<L, V> {
    /// What the read at `position` must satisfy; `None` if it must return the very value.
    pub fn guard(&self, position: usize) -> Option<&Guard<V>> {
        guard_of(&self.guards, position)
    }
}

/// The guard of the read at `position`.
pub(crate) fn guard_of<V>(guards: &[(u32, Guard<V>)], position: usize) -> Option<&Guard<V>> {
    let found = guards.binary_search_by_key(&position, |&(guarded, _)| guarded as usize);
    found.ok().map(|at| &guards[at].1)
}

/// Finds a key's position in a growing list: by looking at each hash while there are few, by a table when there are many.
/// Most keys that are looked for are new, and most of those are not looked for any further than in a filter of 64 bits.
///
/// Several keys may have one hash (a family's); their number is small.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    /// The bits of all hashes in the list.
    filter: u64,
    table: HashTable<u32>,
}

impl Positions {
    const FEW: usize = 16;

    /// Whether a key of this hash may be in the list.
    pub(crate) fn may_have(&self, Family(hash): Family) -> bool {
        self.filter & Self::bit(hash) != 0
    }

    /// The position whose hash is that of `family` and for which `same` holds, among `len`.
    pub(crate) fn find(
        &self,
        len: usize,
        family: Family,
        family_at: impl Fn(usize) -> Family,
        same: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        if !self.may_have(family) {
            return None;
        }
        let is_it = |position: usize| family_at(position) == family && same(position);
        if len <= Self::FEW {
            return (0..len).find(|&position| is_it(position));
        }
        self.table
            .find(family.0, |&position| is_it(position as usize))
            .map(|&position| position as usize)
    }

    /// Notes that the list now has `len` items, one more than before.
    pub(crate) fn grown(&mut self, len: usize, family_at: impl Fn(usize) -> Family) {
        self.filter |= Self::bit(family_at(len - 1).0);
        let first = match len - 1 {
            last if last < Self::FEW => return,
            // The table starts now, with all that was found without it.
            last if last == Self::FEW => 0,
            last => last,
        };
        for position in first..len {
            self.table.insert_unique(family_at(position).0, position as u32, |&at| {
                family_at(at as usize).0
            });
        }
    }

    /// Notes that the list is empty again.
    pub(crate) fn clear(&mut self) {
        self.filter = 0;
        if !self.table.is_empty() {
            self.table.clear();
        }
    }

    fn bit(hash: u64) -> u64 {
        1 << (hash & 63)
    }
}
