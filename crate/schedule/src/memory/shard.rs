//! Where cells are found: tables behind one lock each.

use hashbrown::HashTable;

use super::Memory;
use super::cell::Cell;
use super::history::History;
use super::readers::Readers;
use crate::sync::MutexGuard;
use crate::{Family, Location, Value};

/// Where a location's cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(super) shard: u32,
    pub(super) cell: u32,
}

/// Cells, and the table that finds them, behind one lock.
pub(super) struct Shard<L, V> {
    /// The first cell of each family, as an index into `cells`; identity is the whole location.
    table: HashTable<u32>,
    pub(super) cells: Vec<Cell<L, V>>,
}

/// One shard at a time, kept locked from one access to the next where both are in it.
pub(super) struct Shards<'a, L, V> {
    memory: &'a Memory<L, V>,
    held: Option<(u32, MutexGuard<'a, Shard<L, V>>)>,
    /// The first cell of the family that was found last: often the next access is to the same.
    last: Option<(Family, u32)>,
}

impl<'a, L: Location, V: Value> Shards<'a, L, V> {
    pub(super) fn new(memory: &'a Memory<L, V>) -> Self {
        Self { memory, held: None, last: None }
    }

    pub(super) fn shard(&mut self, index: u32) -> &mut Shard<L, V> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != index) {
            // The other one is let go first: two are never locked at once.
            self.held = None;
            self.held = Some((index, self.memory.shards[index as usize].lock()));
        }
        let Some((_, shard)) = &mut self.held else { unreachable!("it has just been locked") };
        shard
    }

    pub(super) fn cell(&mut self, slot: Slot) -> &mut Cell<L, V> {
        &mut self.shard(slot.shard).cells[slot.cell as usize]
    }

    /// The location's cell, if somebody has written there.
    pub(super) fn find(&mut self, location: &L, family: Family) -> Option<Slot> {
        let (index, last) = (self.memory.shard_of(family) as u32, self.last);
        let shard = self.shard(index);
        let first = shard.find_family_after(last, location, family)?;
        let cell = shard.find_member(first, location);
        self.last = Some((family, first));
        cell.map(|cell| Slot { shard: index, cell })
    }

    /// The location's cell, made if need be.
    pub(super) fn place(&mut self, location: &L, family: Family) -> (&mut Shard<L, V>, Slot) {
        let (index, last) = (self.memory.shard_of(family) as u32, self.last);
        let shard = self.shard(index);
        let first = shard.find_family_after(last, location, family);
        let (first, cell) = shard.place(first, location, family);
        self.last = Some((family, first));
        (self.shard(index), Slot { shard: index, cell })
    }

    pub(super) fn load_base(&mut self, slot: Slot) {
        let location = self.cell(slot).location.clone();
        if let Some((_, shard)) = self.held.take() {
            self.held = Some((slot.shard, self.memory.load_base(shard, slot, &location)));
        }
    }
}

impl<L: Location, V> Shard<L, V> {
    pub(super) fn with_capacity(cells: usize) -> Self {
        Self { table: HashTable::with_capacity(cells), cells: Vec::with_capacity(cells) }
    }

    /// The first cell of the family that `location` belongs to.
    pub(super) fn find_family(&self, location: &L, family: Family) -> Option<u32> {
        let same = |&cell: &u32| {
            let cell = &self.cells[cell as usize];
            cell.family == family && cell.location.same_family(location)
        };
        self.table.find(family.0, same).copied()
    }

    /// The same, without a look-up if it is the family that was found last.
    fn find_family_after(
        &self,
        last: Option<(Family, u32)>,
        location: &L,
        family: Family,
    ) -> Option<u32> {
        let last = last.filter(|(last, _)| *last == family).map(|(_, first)| first);
        // Two families may have one hash.
        let last = last.filter(|&first| self.cells[first as usize].location.same_family(location));
        last.or_else(|| self.find_family(location, family))
    }

    /// The location's cell, in the family that begins with `cell`.
    pub(super) fn find_member(&self, mut cell: u32, location: &L) -> Option<u32> {
        while self.cells[cell as usize].location != *location {
            cell = self.cells[cell as usize].next?;
        }
        Some(cell)
    }

    /// The location's cell, made if need be, in the family that begins with `first`, and the family's first cell.
    pub(super) fn place(&mut self, first: Option<u32>, location: &L, family: Family) -> (u32, u32) {
        if let Some(first) = first
            && let Some(cell) = self.find_member(first, location)
        {
            return (first, cell);
        }
        let cell = self.cells.len() as u32;
        let next = match first {
            Some(first) => self.cells[first as usize].next.replace(cell),
            None => {
                self.table
                    .insert_unique(family.0, cell, |&cell| self.cells[cell as usize].family.0);
                None
            }
        };
        self.cells.push(Cell {
            location: location.clone(),
            family,
            next,
            chained: false,
            was_read: true,
            history: History::Empty,
            readers: Readers::None,
        });
        (first.unwrap_or(cell), cell)
    }
}
