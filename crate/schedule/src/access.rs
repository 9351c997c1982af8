//! What one attempt read and wrote, as the view records it.

use hashbrown::HashTable;

use crate::memory::Slot;
use crate::{Access, Read, Version, Vm, Write};

/// One attempt's reads and writes, with what validation and publication need beside them.
#[derive(Debug)]
pub(crate) struct Log<L, V> {
    /// In first-read order, without repeats.
    pub(crate) reads: Vec<Read<L, V>>,
    /// Beside each read.
    pub(crate) marks: Vec<Mark>,
    /// In first-write order, without repeats.
    pub(crate) writes: Vec<Write<L, V>>,
    /// Beside each write.
    pub(crate) write_marks: Vec<WriteMark>,
}

/// A machine's log.
pub(crate) type LogOf<V> = Log<<V as Vm>::Location, <V as Vm>::Value>;

/// What is kept beside a read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) hash: u64,
    /// `None` where nobody had written yet; [`Memory::check`](crate::memory::Memory::check) looks there again.
    pub(crate) slot: Option<Slot>,
    /// As in [`Source`].
    pub(crate) folded: bool,
}

/// What is kept beside a write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteMark {
    pub(crate) hash: u64,
    /// It replaces a value that the attempt had read.
    pub(crate) has_read: bool,
}

/// Where a resolved value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The highest version that contributed.
    pub(crate) from: Option<Version>,
    /// Whether uncommitted additions were folded in, so that `from` alone does not determine the value.
    pub(crate) folded: bool,
}

impl<L, V> Default for Log<L, V> {
    fn default() -> Self {
        Self { reads: Vec::new(), marks: Vec::new(), writes: Vec::new(), write_marks: Vec::new() }
    }
}

impl<L: Ord, V> Log<L, V> {
    /// What the outside sees of it.
    pub(crate) fn into_access(mut self) -> Access<L, V> {
        self.writes.sort_unstable_by(|a, b| a.location.cmp(&b.location));
        Access { reads: self.reads, writes: self.writes }
    }
}

/// Finds a key's position in a growing list: by looking at each hash while there are few, by a table when there are many.
/// Most keys that are looked for are new, and most of those are not looked for any further than in a filter of 64 bits.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    /// The bits of all hashes in the list.
    filter: u64,
    table: HashTable<u32>,
}

impl Positions {
    const FEW: usize = 16;

    /// The position whose hash is `hash` and for which `same` holds, among `len`.
    pub(crate) fn find(
        &self,
        len: usize,
        hash: u64,
        hash_at: impl Fn(usize) -> u64,
        same: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.filter & Self::bit(hash) == 0 {
            return None;
        }
        let is_it = |position: usize| hash_at(position) == hash && same(position);
        if len <= Self::FEW {
            return (0..len).find(|&position| is_it(position));
        }
        self.table
            .find(hash, |&position| is_it(position as usize))
            .map(|&position| position as usize)
    }

    /// Notes that the list now has `len` items.
    pub(crate) fn grown(&mut self, len: usize, hash_at: impl Fn(usize) -> u64) {
        self.filter |= Self::bit(hash_at(len - 1));
        let first = match len - 1 {
            last if last < Self::FEW => return,
            // The table starts now, with all that was found without it.
            last if last == Self::FEW => 0,
            last => last,
        };
        for position in first..len {
            self.table
                .insert_unique(hash_at(position), position as u32, |&at| hash_at(at as usize));
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
