//! Multi-version memory: what every transaction wrote, so that each reader finds what stands below it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher as _};
use std::sync::Arc;

use hashbrown::HashTable;

use crate::access::{Log, Source, WriteMark};
use crate::sync::{Mutex, MutexGuard};
use crate::{Base, Family, Incarnation, Location, TxIndex, Value, Version, WriteKind};

/// Seeds are fixed under a model checker, whose schedules must replay.
#[cfg(any(loom, feature = "shuttle"))]
type HashState = foldhash::fast::FixedState;
#[cfg(not(any(loom, feature = "shuttle")))]
type HashState = foldhash::fast::RandomState;

/// Location → entries by transaction, above the base.
///
/// Locations are spread over shards, each behind its own lock, which is held for one look-up and one short walk, never
/// for a load from the base, and never together with another lock. Only what somebody writes has a place here; it keeps
/// that place ([`Slot`]) for the life of the memory. Most reads find nothing and are answered by the base. A family's
/// cells are chained and in one shard, so that one look-up finds them all.
pub(crate) struct Memory<L, V> {
    shards: Box<[Mutex<Shard<L, V>>]>,
    hasher: HashState,
    base: Arc<dyn Base<L, V>>,
}

/// Where a location's cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    shard: u32,
    cell: u32,
}

/// A place an attempt wrote to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    slot: Slot,
    /// When it is committed, the entries below it are to go.
    fold: bool,
}

/// What a reader finds.
pub(crate) struct Found<V> {
    /// `None` where nobody has written yet.
    pub(crate) slot: Option<Slot>,
    pub(crate) value: V,
    pub(crate) source: Source,
}

/// Why a read no longer holds.
pub(crate) struct Stale<V> {
    /// What stands there now; `None` for an estimate.
    pub(crate) now: Option<V>,
    /// Whose it is.
    pub(crate) by: Option<Version>,
}

struct Shard<L, V> {
    /// The first cell of each family, as an index into `cells`; identity is the whole location.
    table: HashTable<u32>,
    cells: Vec<Cell<L, V>>,
}

struct Cell<L, V> {
    location: L,
    family: Family,
    /// The next cell of the family.
    next: Option<u32>,
    /// What the entries stand on, once somebody has needed it.
    floor: Option<Floor<V>>,
    /// Whether the last transaction that replaced the value had read it: then the next readers are likely writers.
    chained: bool,
    entries: Entries<V>,
}

/// The value below all entries.
struct Floor<V> {
    value: V,
    /// The last of the committed transactions whose entries have gone into it; `None` if it is the base's.
    from: Option<Version>,
}

/// Most written locations are written by one transaction, and that one needs no allocation.
enum Entries<V> {
    None,
    One(u32, Entry<V>),
    Many(BTreeMap<u32, Entry<V>>),
}

struct Entry<V> {
    incarnation: Incarnation,
    /// Its writer is expected to write here, again or for the first time.
    estimate: bool,
    /// What it wrote last, which an estimate keeps, to tell whether the next attempt does the same.
    change: Option<WriteKind<V>>,
}

/// What a walk down one cell ends in.
enum Walk<'a, V: Clone> {
    Value(Cow<'a, V>, Source),
    Estimate(Version),
    /// It reached the base, which has not been loaded yet; `untouched` if there was no addition on the way.
    Base {
        untouched: bool,
    },
}

impl<L: Location, V: Value> Memory<L, V> {
    /// Above `base`, laid out for that many workers and transactions.
    pub(crate) fn new(base: Arc<dyn Base<L, V>>, workers: u32, transactions: usize) -> Self {
        let shards = if cfg!(any(loom, feature = "shuttle")) {
            2
        } else if workers <= 1 {
            1
        } else {
            (workers as usize * 16).next_power_of_two().min(256)
        };
        // Four locations a transaction is a usual number; it only spares the tables from growing.
        let expected = transactions.min(100_000) * 4 / shards;
        let shard = || {
            Mutex::new(Shard {
                table: HashTable::with_capacity(expected),
                cells: Vec::with_capacity(expected),
            })
        };
        Self { shards: (0..shards).map(|_| shard()).collect(), hasher: HashState::default(), base }
    }

    pub(crate) fn family(&self, location: &L) -> Family {
        let mut hasher = self.hasher.build_hasher();
        location.hash_family(&mut hasher);
        Family(hasher.finish())
    }

    /// The value at `location` for the transaction `reader`, or the transaction whose estimate is in the way.
    pub(crate) fn read(
        &self,
        location: &L,
        family: Family,
        reader: u32,
    ) -> Result<Found<V>, TxIndex> {
        let Some((mut shard, slot)) = self.look_up(location, family) else {
            return Ok(Found { slot: None, value: self.base.load(location), source: Source::BASE });
        };
        loop {
            let cell = &shard.cells[slot.cell as usize];
            match cell.walk(reader) {
                Walk::Value(value, source) => {
                    return Ok(Found { slot: Some(slot), value: value.into_owned(), source });
                }
                Walk::Estimate(version) => return Err(version.tx),
                Walk::Base { .. } => shard = self.load_base(shard, slot, location),
            }
        }
    }

    /// [`Self::read`] for some locations of one family, whose values in the base are `base`'s, with one look-up; of the
    /// first one that is in the way, its position too.
    pub(crate) fn read_each<const N: usize>(
        &self,
        locations: &[L; N],
        family: Family,
        reader: u32,
        base: impl FnOnce() -> [V; N],
    ) -> Result<[Found<V>; N], (usize, TxIndex)> {
        let index = self.shard_of(family);
        let shard = self.shards[index].lock();
        let Some(first) = shard.find_family(&locations[0], family) else {
            drop(shard);
            return Ok(base().map(|value| Found { slot: None, value, source: Source::BASE }));
        };
        let mut found = [const { None }; N];
        let mut slots = [None; N];
        for (position, location) in locations.iter().enumerate() {
            let Some(cell) = shard.find_member(first, location) else { continue };
            let slot = Slot { shard: index as u32, cell };
            slots[position] = Some(slot);
            match shard.cells[cell as usize].walk(reader) {
                Walk::Value(value, source) => {
                    let value = value.into_owned();
                    found[position] = Some(Found { slot: Some(slot), value, source });
                }
                Walk::Estimate(version) => return Err((position, version.tx)),
                Walk::Base { untouched: true } => {}
                Walk::Base { untouched: false } => {
                    // Additions to what the base has: rare, and the base is not asked under a lock.
                    drop(shard);
                    return self.read_one_by_one(locations, family, reader);
                }
            }
        }
        drop(shard);
        if found.iter().all(Option::is_some) {
            return Ok(found.map(|found| found.expect("all are there")));
        }
        let mut values = base().map(Some);
        Ok(std::array::from_fn(|position| {
            found[position].take().unwrap_or_else(|| Found {
                slot: slots[position],
                value: values[position].take().expect("each is taken once"),
                source: Source::BASE,
            })
        }))
    }

    fn read_one_by_one<const N: usize>(
        &self,
        locations: &[L; N],
        family: Family,
        reader: u32,
    ) -> Result<[Found<V>; N], (usize, TxIndex)> {
        let mut found = [const { None }; N];
        for (position, location) in locations.iter().enumerate() {
            let read = self.read(location, family, reader).map_err(|on| (position, on))?;
            found[position] = Some(read);
        }
        Ok(found.map(|found| found.expect("all have been read")))
    }

    /// Resolves every read of `log` again, by the same walk that made it: the position of the first one that no longer
    /// returns the same value, or nothing, and then the sources are those of now.
    pub(crate) fn check(&self, log: &mut Log<L, V>, reader: u32) -> Result<(), (usize, Stale<V>)> {
        for (position, (read, mark)) in log.reads.iter_mut().zip(&mut log.marks).enumerate() {
            let (mut shard, slot) = match mark.slot {
                Some(slot) => (self.shards[slot.shard as usize].lock(), slot),
                None => match self.look_up(&read.location, mark.family) {
                    Some(found) => found,
                    // Still nobody has written there, so it is still the base's value.
                    None => continue,
                },
            };
            mark.slot = Some(slot);
            loop {
                let cell = &shard.cells[slot.cell as usize];
                match cell.walk(reader) {
                    Walk::Value(value, source) => {
                        let was = Source { from: read.from, folded: mark.folded };
                        // An incarnation publishes once, so the same version has the same value, unless others added to it.
                        let same_source = source == was && !source.folded;
                        if !same_source && *value != read.value {
                            let stale = Stale { now: Some(value.into_owned()), by: source.from };
                            return Err((position, stale));
                        }
                        read.from = source.from;
                        mark.folded = source.folded;
                        break;
                    }
                    Walk::Estimate(version) => {
                        return Err((position, Stale { now: None, by: Some(version) }));
                    }
                    Walk::Base { untouched: true } if read.from.is_none() && !mark.folded => break,
                    Walk::Base { .. } => shard = self.load_base(shard, slot, &read.location),
                }
            }
        }
        Ok(())
    }

    /// Makes `log`'s writes the entries of `version`, removes what the incarnation before wrote and this one does not
    /// (`written`, which is replaced), and says whether anything resolves differently than before the abort.
    pub(crate) fn publish(
        &self,
        version: Version,
        log: &Log<L, V>,
        written: &mut Vec<Written>,
    ) -> bool {
        let before = std::mem::take(written);
        let mut changed = false;
        written.reserve_exact(log.writes.len());
        let mut shards = Shards::new(self);
        for (write, &WriteMark { family, has_read }) in log.writes.iter().zip(&log.write_marks) {
            let entry = Entry {
                incarnation: version.incarnation,
                estimate: false,
                change: Some(write.kind.clone()),
            };
            let (shard, slot) = shards.place(&write.location, family);
            let cell = &mut shard.cells[slot.cell as usize];
            cell.chained = has_read;
            changed |= cell.entries.put(version.tx.0, entry);
            let fold = matches!(write.kind, WriteKind::Add(_)) || cell.entries.are_many();
            written.push(Written { slot, fold });
        }
        for &Written { slot, .. } in &before {
            let entries = &mut shards.cell(slot).entries;
            if entries.get_mut(version.tx.0).is_some_and(|entry| entry.estimate) {
                entries.remove(version.tx.0);
                changed = true;
            }
        }
        changed
    }

    /// [`Self::publish`] and [`Self::settle`] in one, for a version that is as good as committed: everything before it
    /// is, and so it read nothing that will change. Says whether it wrote or had written anything.
    pub(crate) fn commit(
        &self,
        version: Version,
        log: &Log<L, V>,
        written: &mut Vec<Written>,
    ) -> bool {
        let tx = version.tx.0;
        let mut shards = Shards::new(self);
        for (write, &WriteMark { family, has_read }) in log.writes.iter().zip(&log.write_marks) {
            let (shard, slot) = shards.place(&write.location, family);
            let cell = &mut shard.cells[slot.cell as usize];
            cell.chained = has_read;
            let value = match &write.kind {
                WriteKind::Set(value) => value.clone(),
                WriteKind::Add(amount) => {
                    cell.entries.remove(tx);
                    loop {
                        match shards.cell(slot).walk(tx) {
                            Walk::Value(value, _) => break value.plus(amount),
                            Walk::Estimate(version) => {
                                panic!("{version:?} is committed and an estimate")
                            }
                            Walk::Base { .. } => shards.load_base(slot),
                        }
                    }
                }
            };
            let cell = shards.cell(slot);
            cell.floor = Some(Floor { value, from: Some(version) });
            cell.entries.remove_up_to(tx);
        }
        for Written { slot, .. } in &*written {
            // Those written again are gone already.
            shards.cell(*slot).entries.remove(tx);
        }
        let changed = !log.writes.is_empty() || !written.is_empty();
        written.clear();
        changed
    }

    /// Turns the entries of an aborted transaction into estimates.
    pub(crate) fn estimate(&self, tx: TxIndex, written: &[Written]) {
        for &Written { slot, .. } in written {
            let mut shard = self.shards[slot.shard as usize].lock();
            if let Some(entry) = shard.cells[slot.cell as usize].entries.get_mut(tx.0) {
                entry.estimate = true;
            }
        }
    }

    /// Leaves an estimate of `version`, which met one at `location` and was blocked, if transactions that read there
    /// usually write there too: so that those behind it wait for it and not for the one it waits for, and a chain that
    /// nobody announced unrolls link by link.
    pub(crate) fn expect(&self, version: Version, location: &L, written: &mut Vec<Written>) {
        // Where nobody has written, nobody is known to read and write.
        let Some((mut shard, slot)) = self.look_up(location, self.family(location)) else { return };
        let cell = &mut shard.cells[slot.cell as usize];
        if cell.chained && cell.entries.get_mut(version.tx.0).is_none() {
            let incarnation = version.incarnation;
            cell.entries.put(version.tx.0, Entry { incarnation, estimate: true, change: None });
            written.push(Written { slot, fold: false });
        }
    }

    /// Folds what `tx`, which is committed and everything before it too, and those before it have written into the
    /// floor, where that makes walks shorter: without this a location to which every transaction adds would cost each
    /// of its readers the whole block. Whoever still reads comes after `tx`, so nobody looks for what is below.
    pub(crate) fn settle(&self, tx: TxIndex, written: &[Written]) {
        let mut shards = Shards::new(self);
        for &Written { slot, .. } in written.iter().filter(|written| written.fold) {
            loop {
                let cell = shards.cell(slot);
                match cell.walk(tx.0 + 1) {
                    Walk::Value(value, Source { from, .. }) => {
                        cell.floor = Some(Floor { value: value.into_owned(), from });
                        cell.entries.remove_up_to(tx.0);
                        break;
                    }
                    Walk::Estimate(version) => panic!("{version:?} is committed and an estimate"),
                    Walk::Base { .. } => shards.load_base(slot),
                }
            }
        }
    }

    /// Every location written, sorted, with its value above all transactions.
    pub(crate) fn state(&self) -> Vec<(L, V)> {
        let mut state = Vec::new();
        for (index, shard) in self.shards.iter().enumerate() {
            let mut shard = shard.lock();
            for cell in 0..shard.cells.len() {
                if !shard.cells[cell].is_written() {
                    continue;
                }
                let location = shard.cells[cell].location.clone();
                let value = loop {
                    match shard.cells[cell].walk(u32::MAX) {
                        Walk::Value(value, _) => break value.into_owned(),
                        Walk::Estimate(version) => {
                            panic!("{version:?} is committed and an estimate")
                        }
                        Walk::Base { .. } => {
                            let slot = Slot { shard: index as u32, cell: cell as u32 };
                            shard = self.load_base(shard, slot, &location);
                        }
                    }
                };
                state.push((location, value));
            }
        }
        state.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        state
    }

    /// The location's cell and its shard's lock, if somebody has written there.
    fn look_up(&self, location: &L, family: Family) -> Option<(MutexGuard<'_, Shard<L, V>>, Slot)> {
        let index = self.shard_of(family);
        let shard = self.shards[index].lock();
        let first = shard.find_family(location, family)?;
        let cell = shard.find_member(first, location)?;
        Some((shard, Slot { shard: index as u32, cell }))
    }

    fn shard_of(&self, Family(hash): Family) -> usize {
        // Not the bits that the table itself uses: the lowest and the highest.
        (hash >> 32) as usize & (self.shards.len() - 1)
    }

    /// Loads the cell's base value with the lock let go, because a base may be slow.
    fn load_base<'a>(
        &'a self,
        shard: MutexGuard<'a, Shard<L, V>>,
        slot: Slot,
        location: &L,
    ) -> MutexGuard<'a, Shard<L, V>> {
        drop(shard);
        let value = self.base.load(location);
        let mut shard = self.shards[slot.shard as usize].lock();
        shard.cells[slot.cell as usize].floor.get_or_insert(Floor { value, from: None });
        shard
    }
}

/// One shard at a time, kept locked from one access to the next where both are in it.
struct Shards<'a, L, V> {
    memory: &'a Memory<L, V>,
    held: Option<(u32, MutexGuard<'a, Shard<L, V>>)>,
    /// The first cell of the family that was written last: often the next write is to the same.
    last: Option<(Family, u32)>,
}

impl<'a, L: Location, V: Value> Shards<'a, L, V> {
    fn new(memory: &'a Memory<L, V>) -> Self {
        Self { memory, held: None, last: None }
    }

    fn shard(&mut self, index: u32) -> &mut Shard<L, V> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != index) {
            // The other one is let go first: two are never locked at once.
            self.held = None;
            self.held = Some((index, self.memory.shards[index as usize].lock()));
        }
        let Some((_, shard)) = &mut self.held else { unreachable!("it has just been locked") };
        shard
    }

    fn cell(&mut self, slot: Slot) -> &mut Cell<L, V> {
        &mut self.shard(slot.shard).cells[slot.cell as usize]
    }

    /// The location's cell, made if need be.
    fn place(&mut self, location: &L, family: Family) -> (&mut Shard<L, V>, Slot) {
        let index = self.memory.shard_of(family) as u32;
        let last = self.last.filter(|(last, _)| *last == family).map(|(_, first)| first);
        let shard = self.shard(index);
        // Two families may have one hash.
        let last = last.filter(|&first| shard.cells[first as usize].location.same_family(location));
        let first = last.or_else(|| shard.find_family(location, family));
        let (first, cell) = shard.place(first, location, family);
        self.last = Some((family, first));
        (self.shard(index), Slot { shard: index, cell })
    }

    fn load_base(&mut self, slot: Slot) {
        let location = self.cell(slot).location.clone();
        if let Some((_, shard)) = self.held.take() {
            self.held = Some((slot.shard, self.memory.load_base(shard, slot, &location)));
        }
    }
}

impl<L: Location, V> Shard<L, V> {
    /// The first cell of the family that `location` belongs to.
    fn find_family(&self, location: &L, family: Family) -> Option<u32> {
        let same = |&cell: &u32| {
            let cell = &self.cells[cell as usize];
            cell.family == family && cell.location.same_family(location)
        };
        self.table.find(family.0, same).copied()
    }

    /// The location's cell, in the family that begins with `cell`.
    fn find_member(&self, mut cell: u32, location: &L) -> Option<u32> {
        while self.cells[cell as usize].location != *location {
            cell = self.cells[cell as usize].next?;
        }
        Some(cell)
    }

    /// The location's cell, made if need be, in the family that begins with `first`, and the family's first cell.
    fn place(&mut self, first: Option<u32>, location: &L, family: Family) -> (u32, u32) {
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
            floor: None,
            chained: false,
            entries: Entries::None,
        });
        (first.unwrap_or(cell), cell)
    }
}

impl<L, V: Value> Cell<L, V> {
    fn is_written(&self) -> bool {
        !matches!(self.entries, Entries::None)
            || self.floor.as_ref().is_some_and(|floor| floor.from.is_some())
    }

    /// THE resolution rule, for reader and validator alike: below `reader`, downwards over additions to the nearest
    /// replacement or the floor; an estimate anywhere on the way ends it.
    fn walk(&self, reader: u32) -> Walk<'_, V> {
        match &self.entries {
            Entries::One(tx, entry) if *tx < reader => self.fold(std::iter::once((*tx, entry))),
            Entries::None | Entries::One(..) => self.fold(std::iter::empty()),
            Entries::Many(entries) => {
                self.fold(entries.range(..reader).rev().map(|(&tx, entry)| (tx, entry)))
            }
        }
    }

    fn fold<'a>(
        &'a self,
        downwards: impl Iterator<Item = (u32, &'a Entry<V>)> + Clone,
    ) -> Walk<'a, V> {
        let mut from = None;
        let mut additions = 0;
        let mut bottom = None;
        for (tx, entry) in downwards.clone() {
            let version = Version { tx: TxIndex(tx), incarnation: entry.incarnation };
            if entry.estimate {
                return Walk::Estimate(version);
            }
            from.get_or_insert(version);
            match &entry.change {
                Some(WriteKind::Set(value)) => {
                    bottom = Some(value);
                    break;
                }
                Some(WriteKind::Add(_)) | None => additions += 1,
            }
        }
        let bottom = match (bottom, &self.floor) {
            (Some(bottom), _) => bottom,
            (None, Some(floor)) => {
                from = from.or(floor.from);
                &floor.value
            }
            (None, None) => return Walk::Base { untouched: additions == 0 },
        };
        if additions == 0 {
            return Walk::Value(Cow::Borrowed(bottom), Source { from, folded: false });
        }
        let value =
            downwards.take(additions).fold(None::<V>, |sum, (_, entry)| match &entry.change {
                Some(WriteKind::Add(amount)) => Some(sum.as_ref().unwrap_or(bottom).plus(amount)),
                Some(WriteKind::Set(_)) | None => sum,
            });
        Walk::Value(value.map_or(Cow::Borrowed(bottom), Cow::Owned), Source { from, folded: true })
    }
}

impl<V: PartialEq> Entries<V> {
    fn are_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// Sets the entry of `tx` and says whether it differs from the one it replaces.
    fn put(&mut self, tx: u32, entry: Entry<V>) -> bool {
        match self {
            Self::None => {
                *self = Self::One(tx, entry);
                true
            }
            Self::One(at, old) if *at == tx => replace(old, entry),
            Self::One(..) => {
                let Self::One(at, old) = std::mem::replace(self, Self::None) else {
                    unreachable!()
                };
                *self = Self::Many(BTreeMap::from([(at, old), (tx, entry)]));
                true
            }
            Self::Many(entries) => match entries.entry(tx) {
                std::collections::btree_map::Entry::Occupied(mut old) => {
                    replace(old.get_mut(), entry)
                }
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(entry);
                    true
                }
            },
        }
    }

    fn get_mut(&mut self, tx: u32) -> Option<&mut Entry<V>> {
        match self {
            Self::One(at, entry) if *at == tx => Some(entry),
            Self::None | Self::One(..) => None,
            Self::Many(entries) => entries.get_mut(&tx),
        }
    }

    fn remove(&mut self, tx: u32) {
        match self {
            Self::One(at, _) if *at == tx => *self = Self::None,
            Self::None | Self::One(..) => {}
            Self::Many(entries) => {
                entries.remove(&tx);
                if entries.is_empty() {
                    *self = Self::None;
                }
            }
        }
    }

    /// Removes the entries of `tx` and of all before it.
    fn remove_up_to(&mut self, tx: u32) {
        match self {
            Self::One(at, _) if *at <= tx => *self = Self::None,
            Self::None | Self::One(..) => {}
            Self::Many(entries) => {
                while entries.first_entry().is_some_and(|first| *first.key() <= tx) {
                    entries.pop_first();
                }
                if entries.is_empty() {
                    *self = Self::None;
                }
            }
        }
    }
}

fn replace<V: PartialEq>(old: &mut Entry<V>, new: Entry<V>) -> bool {
    let changed = old.change != new.change;
    *old = new;
    changed
}

impl<L, V> fmt::Debug for Memory<L, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(any(loom, feature = "shuttle"))))]
mod tests {
    use std::sync::Arc;

    use super::{Memory, Written};
    use crate::toy::{Ground, Number, Place, Random};
    use crate::{Base, Blocked, Incarnation, TxIndex, Version, View, WriteKind};

    /// A memory and a view on it, driven by hand.
    struct Bench {
        memory: Arc<Memory<Place, Number>>,
        view: View<Place, Number>,
        written: Vec<Vec<Written>>,
    }

    impl Bench {
        fn new() -> Self {
            let memory = Arc::new(Memory::new(Arc::new(Ground), 2, 10));
            Self { view: View::new(memory.clone()), memory, written: vec![Vec::new(); 64] }
        }

        /// Publishes an attempt that writes this, and says whether it changed anything.
        fn publish(
            &mut self,
            tx: u32,
            incarnation: u32,
            writes: &[(Place, WriteKind<u64>)],
        ) -> bool {
            let version = Version { tx: TxIndex(tx), incarnation: Incarnation(incarnation) };
            self.view.begin(version.tx, true);
            for (place, kind) in writes {
                match kind {
                    WriteKind::Set(value) => self.view.write(*place, Number(*value)),
                    WriteKind::Add(amount) => self.view.add(*place, Number(*amount)),
                }
            }
            let log = self.view.end(&mut None).unwrap();
            self.memory.publish(version, &log, &mut self.written[tx as usize])
        }

        fn abort(&mut self, tx: u32) {
            self.memory.estimate(TxIndex(tx), &self.written[tx as usize]);
        }

        fn read(&mut self, reader: u32, place: Place) -> Result<u64, Blocked> {
            self.view.begin(TxIndex(reader), true);
            self.view.read(&place).map(|Number(value)| value)
        }
    }

    fn ground(place: Place) -> u64 {
        Ground.load(&place).0
    }

    #[test]
    fn trap_22_a_second_read_returns_the_first_value_and_validation_sees_the_change() {
        for few in [true, false] {
            let mut bench = Bench::new();
            bench.view.begin(TxIndex(5), true);
            let places = if few { 0..3 } else { 0..100 };
            for place in places.clone() {
                assert_eq!(bench.view.read(&place), Ok(Number(ground(place))));
            }
            let mut other = Bench { view: View::new(bench.memory.clone()), ..bench };
            std::mem::swap(&mut other.view, &mut bench.view);
            other.publish(2, 0, &[(1, WriteKind::Set(7)), (2, WriteKind::Add(1))]);
            for place in places.clone() {
                assert_eq!(bench.view.read(&place), Ok(Number(ground(place))), "{place}");
            }
            let mut log = bench.view.end(&mut None).unwrap();
            assert_eq!(log.reads.len(), places.len());
            let (position, stale) = other.memory.check(&mut log, 5).err().unwrap();
            assert_eq!((position, stale.now), (1, Some(Number(7))));
        }
    }

    #[test]
    fn trap_23_what_the_next_incarnation_does_not_write_vanishes() {
        let mut bench = Bench::new();
        bench.publish(1, 0, &[(9, WriteKind::Set(100))]);
        assert!(bench.publish(3, 0, &[(8, WriteKind::Set(1)), (9, WriteKind::Set(2))]));
        assert_eq!(bench.read(5, 9), Ok(2));
        bench.abort(3);
        assert_eq!(bench.read(5, 9), Err(Blocked { on: TxIndex(3) }));
        assert!(bench.publish(3, 1, &[(8, WriteKind::Set(1))]));
        assert_eq!(bench.read(5, 9), Ok(100));
        assert_eq!(bench.memory.state(), [(8, Number(1)), (9, Number(100))]);
    }

    #[test]
    fn rewriting_the_same_values_changes_nothing_for_anybody() {
        let mut bench = Bench::new();
        let writes = [(8, WriteKind::Set(1)), (9, WriteKind::Add(2))];
        assert!(bench.publish(3, 0, &writes));
        bench.view.begin(TxIndex(5), true);
        assert_eq!(bench.view.read(&8), Ok(Number(1)));
        assert_eq!(bench.view.read(&9), Ok(Number(ground(9).wrapping_add(2))));
        let mut log = bench.view.end(&mut None).unwrap();
        bench.abort(3);
        assert!(bench.memory.check(&mut log, 5).is_err(), "an estimate fails a validation");
        assert!(!bench.publish(3, 1, &writes));
        assert!(bench.memory.check(&mut log, 5).is_ok());
        assert_eq!(log.reads[0].from.unwrap().incarnation, Incarnation(1));
    }

    #[test]
    fn an_addition_where_nobody_had_written_is_seen() {
        let mut bench = Bench::new();
        bench.view.begin(TxIndex(5), true);
        assert_eq!(bench.view.read(&0), Ok(Number(ground(0))));
        let mut log = bench.view.end(&mut None).unwrap();
        bench.publish(7, 0, &[(0, WriteKind::Add(10))]);
        assert!(bench.memory.check(&mut log, 5).is_ok(), "it comes later");
        bench.publish(2, 0, &[(0, WriteKind::Add(10))]);
        assert!(bench.memory.check(&mut log, 5).is_err());
    }

    #[test]
    fn committed_additions_leave_one_value_and_its_writer() {
        let mut bench = Bench::new();
        for tx in 0..4 {
            bench.publish(tx, 0, &[(0, WriteKind::Add(10))]);
        }
        for tx in 0..3 {
            bench.memory.settle(TxIndex(tx), &bench.written[tx as usize]);
        }
        bench.view.begin(TxIndex(3), true);
        assert_eq!(bench.view.read(&0), Ok(Number(ground(0).wrapping_add(30))));
        let log = bench.view.end(&mut None).unwrap();
        assert_eq!(log.reads[0].from.unwrap().tx, TxIndex(2));
        bench.memory.settle(TxIndex(3), &bench.written[3]);
        assert_eq!(bench.memory.state(), [(0, Number(ground(0).wrapping_add(40)))]);
    }

    #[test]
    fn an_addition_that_appears_below_a_folded_read_is_seen() {
        let mut bench = Bench::new();
        bench.publish(1, 0, &[(0, WriteKind::Add(10))]);
        bench.publish(4, 0, &[(0, WriteKind::Add(40))]);
        bench.view.begin(TxIndex(9), true);
        assert_eq!(bench.view.read(&0), Ok(Number(ground(0).wrapping_add(50))));
        let mut log = bench.view.end(&mut None).unwrap();
        assert!(bench.memory.check(&mut log, 9).is_ok());
        // The highest contributor is still the same version.
        bench.publish(2, 0, &[(0, WriteKind::Add(20))]);
        assert!(bench.memory.check(&mut log, 9).is_err());
    }

    #[test]
    fn trap_26_a_reader_and_a_validator_never_disagree() {
        for seed in 0..300 {
            let mut random = Random(seed);
            let mut bench = Bench::new();
            for tx in 0..20 {
                let writes: Vec<_> = (0..random.below(4))
                    .map(|_| {
                        let (place, value) = (random.below(5) as Place, random.below(3));
                        (
                            place,
                            if random.below(2) == 0 {
                                WriteKind::Set(value)
                            } else {
                                WriteKind::Add(value)
                            },
                        )
                    })
                    .collect();
                bench.publish(tx, 0, &writes);
            }
            // Some prefix is committed between the reads and the check; that moves where the walks end.
            let reader = random.below(21) as u32;
            bench.view.begin(TxIndex(reader), true);
            for place in 0..5 {
                bench.view.read(&place).unwrap();
            }
            let mut log = bench.view.end(&mut None).unwrap();
            let reads = log.reads.clone();
            for tx in 0..random.below(u64::from(reader) + 1) as u32 {
                bench.memory.settle(TxIndex(tx), &bench.written[tx as usize]);
            }
            assert!(bench.memory.check(&mut log, reader).is_ok(), "seed {seed}");
            assert_eq!(log.reads, reads, "seed {seed}");
        }
    }
}
