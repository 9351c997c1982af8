//! Multi-version memory: what every transaction wrote, so that each reader finds what stands below it.

mod cell;
mod history;
mod readers;
mod shard;

#[cfg(all(test, not(any(loom, feature = "shuttle"))))]
mod tests;

use std::fmt;
use std::hash::{BuildHasher, Hasher as _};
use std::sync::Arc;

use crossbeam_utils::CachePadded;
use smallvec::SmallVec;

pub(crate) use shard::Slot;

use cell::{Cell, Walk};
use history::{Entry, Floor};
use readers::Readers;
use shard::{Shard, Shards};

use crate::access::{Log, Source, WriteMark, guard_of};
use crate::sync::{Mutex, MutexGuard};
use crate::{
    Base, Cause, Family, Incarnation, Location, Read, TxIndex, Value, Version, Write, WriteKind,
};

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
    shards: Box<[Locked<L, V>]>,
    hasher: HashState,
    base: Arc<dyn Base<L, V>>,
    /// Cells note who has read them, for publications to say whom they concern.
    notes_readers: bool,
    /// Additions that need not be seen before the commit are not.
    adds_at_commit: bool,
}

/// A shard, with the cache line of its lock to itself.
type Locked<L, V> = CachePadded<Mutex<Shard<L, V>>>;

/// A place an attempt wrote to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    slot: Slot,
    /// When it is committed, the entries below it are to go.
    fold: bool,
}

/// The places an attempt wrote to. Few are enough for most, and need no allocation that one worker makes and another, who
/// commits, takes back.
pub(crate) type Places = SmallVec<[Written; 6]>;

/// What a publication did to others.
#[derive(Debug, Default)]
pub(crate) struct Published {
    /// Something resolves differently than before.
    pub(crate) changed: bool,
    /// Some of it where nobody had written yet.
    pub(crate) anew: bool,
    /// Who may have read that, if readers are noted; not in order. Nobody who read where nobody had written yet is.
    pub(crate) readers: Vec<u32>,
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

impl<V: Clone> Stale<V> {
    /// Why the attempt with this log is aborted, whose read at `position` it is.
    pub(crate) fn cause<L: Clone>(&self, log: &Log<L, V>, position: usize) -> Cause<L, V> {
        let Read { location, value, from } = log.reads[position].clone();
        Cause { location, read: value, from, now: self.now.clone(), by: self.by }
    }
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
        // Four locations a transaction is a usual number, and the hash spreads them unevenly. It only spares the shards from
        // growing, which copies all that is there.
        let expected = transactions.min(100_000) * 5 / shards + 16;
        let shard = || CachePadded::new(Mutex::new(Shard::with_capacity(expected)));
        Self {
            shards: (0..shards).map(|_| shard()).collect(),
            hasher: HashState::default(),
            base,
            notes_readers: false,
            adds_at_commit: false,
        }
    }

    /// The same, with readers noted.
    pub(crate) fn noting_readers(self) -> Self {
        Self { notes_readers: true, ..self }
    }

    /// The same, with additions made as late as they may be. Where every transaction adds, all workers would write to one
    /// place with each: on two threads 47,620 transfers ran at 0.89 of the sequential baseline's speed instead of 0.78 (5,000
    /// of them, and calls, as before). Whoever reads there while it runs ahead runs again.
    pub(crate) fn adding_at_commit(self) -> Self {
        Self { adds_at_commit: true, ..self }
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
        self.note(&mut shard, slot, reader);
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
        let mut shard = self.shards[index].lock();
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
            self.note(&mut shard, slot, reader);
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
    /// returns the same value, or one that its guard holds for; or nothing, and then values and sources are those of now.
    pub(crate) fn check(&self, log: &mut Log<L, V>, reader: u32) -> Result<(), (usize, Stale<V>)> {
        let Log { reads, marks, guards, .. } = log;
        // The fields of an account were read one after the other: they take one lock.
        let mut shards = Shards::new(self);
        for (position, (read, mark)) in reads.iter_mut().zip(marks).enumerate() {
            // Where still nobody has written, it is still the base's value.
            let Some(slot) = mark.slot.or_else(|| shards.find(&read.location, mark.family)) else {
                continue;
            };
            mark.slot = Some(slot);
            self.note(shards.shard(slot.shard), slot, reader);
            loop {
                match shards.cell(slot).walk(reader) {
                    Walk::Value(value, source) => {
                        let was = Source { from: read.from, folded: mark.folded };
                        // An incarnation publishes once, so the same version has the same value, unless others added to it.
                        let same_source = source == was && !source.folded;
                        if !same_source && *value != read.value {
                            let now = value.into_owned();
                            if !guard_of(guards, position).is_some_and(|guard| guard.holds(&now)) {
                                return Err((position, Stale { now: Some(now), by: source.from }));
                            }
                            read.value = now;
                        }
                        read.from = source.from;
                        mark.folded = source.folded;
                        break;
                    }
                    Walk::Estimate(version) => {
                        return Err((position, Stale { now: None, by: Some(version) }));
                    }
                    Walk::Base { untouched: true } if read.from.is_none() && !mark.folded => break,
                    Walk::Base { .. } => shards.load_base(slot),
                }
            }
        }
        Ok(())
    }

    /// Makes what `tx` is said to write its entries until it has run: [`Self::publish`] and [`Self::commit`] then tell
    /// whether it did.
    pub(crate) fn foretell(&self, tx: TxIndex, writes: &[Write<L, V>]) -> Places {
        let mark = |write: &Write<L, V>| WriteMark {
            family: self.family(&write.location),
            has_read: false,
            at_commit: false,
        };
        let log = Log {
            writes: writes.to_vec(),
            write_marks: writes.iter().map(mark).collect(),
            ..Log::default()
        };
        let mut written = Places::new();
        self.publish(Version { tx, incarnation: Incarnation::FORETOLD }, &log, &mut written);
        written
    }

    /// Makes `log`'s writes the entries of `version`, removes what the incarnation before wrote and this one does not
    /// (`written`, which is replaced), and says what resolves differently than before the abort, or than was foretold.
    pub(crate) fn publish(
        &self,
        version: Version,
        log: &Log<L, V>,
        written: &mut Places,
    ) -> Published {
        let before = std::mem::take(written);
        let mut published = Published::default();
        written.reserve_exact(log.writes.len());
        let mut shards = Shards::new(self);
        for (write, mark) in log.writes.iter().zip(&log.write_marks) {
            let &WriteMark { family, has_read, at_commit } = mark;
            if at_commit && self.adds_at_commit {
                continue;
            }
            let entry = Entry {
                incarnation: version.incarnation,
                estimate: false,
                change: Some(write.kind.clone()),
            };
            let (shard, slot) = shards.place(&write.location, family);
            let cell = &mut shard.cells[slot.cell as usize];
            cell.chained = has_read;
            published.anew |= cell.history.is_empty();
            if cell.history.put(version.tx.0, entry) {
                published.changed_at(cell, version.tx);
            }
            let fold = matches!(write.kind, WriteKind::Add(_)) || cell.history.are_many();
            written.push(Written { slot, fold });
        }
        for &Written { slot, .. } in &before {
            let cell = shards.cell(slot);
            let left_over =
                |entry: &mut Entry<V>| entry.estimate || entry.incarnation != version.incarnation;
            if cell.history.get_mut(version.tx.0).is_some_and(left_over) {
                cell.history.remove(version.tx.0);
                published.changed_at(cell, version.tx);
            }
        }
        published
    }

    /// [`Self::publish`] and [`Self::settle`] in one, for a version that is as good as committed: everything before it
    /// is, and so it read nothing that will change. Says whether anything resolves differently, as `publish` does.
    pub(crate) fn commit(
        &self,
        version: Version,
        log: &mut Log<L, V>,
        written: &mut Places,
    ) -> Published {
        let tx = version.tx.0;
        let mut published = Published::default();
        let mut shards = Shards::new(self);
        for (write, mark) in log.writes.iter().zip(&mut log.write_marks) {
            let WriteMark { family, has_read, .. } = *mark;
            // Nothing is left for `settle`.
            mark.at_commit = false;
            let (shard, slot) = shards.place(&write.location, family);
            let cell = &mut shard.cells[slot.cell as usize];
            cell.chained = has_read;
            // Most have written nothing before, and need not look.
            let stood = !written.is_empty()
                && (cell.history.get_mut(tx))
                    .is_some_and(|entry| entry.change.as_ref() == Some(&write.kind));
            let value = match &write.kind {
                WriteKind::Set(value) => value.clone(),
                // The entry that may stand there stays while the base is loaded: the lock is let go for that, and whoever
                // reads meanwhile is told of no change if the entry was right.
                WriteKind::Add(amount) => loop {
                    match shards.cell(slot).walk(tx) {
                        Walk::Value(value, _) => break value.plus(amount),
                        Walk::Estimate(version) => {
                            panic!("{version:?} is committed and an estimate")
                        }
                        Walk::Base { .. } => shards.load_base(slot),
                    }
                },
            };
            let cell = shards.cell(slot);
            cell.history.settle(tx, Floor { value, from: Some(version) });
            if !stood {
                published.changed_at(cell, version.tx);
            }
            cell.readers.forget_up_to(tx);
        }
        for Written { slot, .. } in written.drain(..) {
            let cell = shards.cell(slot);
            // Those written again are gone already.
            if cell.history.remove(tx) {
                published.changed_at(cell, version.tx);
            }
        }
        published
    }

    /// Turns the entries of an aborted transaction into estimates.
    pub(crate) fn estimate(&self, tx: TxIndex, written: &[Written]) {
        for &Written { slot, .. } in written {
            let mut shard = self.shards[slot.shard as usize].lock();
            if let Some(entry) = shard.cells[slot.cell as usize].history.get_mut(tx.0) {
                entry.estimate = true;
            }
        }
    }

    /// Leaves an estimate of `version`, which met one at `location` and was blocked, if transactions that read there
    /// usually write there too: so that those behind it wait for it and not for the one it waits for, and a chain that
    /// nobody announced unrolls link by link.
    pub(crate) fn expect(&self, version: Version, location: &L, written: &mut Places) {
        // Where nobody has written, nobody is known to read and write.
        let Some((mut shard, slot)) = self.look_up(location, self.family(location)) else { return };
        let cell = &mut shard.cells[slot.cell as usize];
        if cell.chained && cell.history.get_mut(version.tx.0).is_none() {
            let incarnation = version.incarnation;
            cell.history.put(version.tx.0, Entry { incarnation, estimate: true, change: None });
            written.push(Written { slot, fold: false });
        }
    }

    /// Folds what `version`, which is committed and everything before it too, and those before it have written into the
    /// floor, where that makes walks shorter: without this a location to which every transaction adds would cost each
    /// of its readers the whole block. Whoever still reads comes after it, so nobody looks for what is below.
    ///
    /// Of `log`, which it has published, the additions for this moment are made; says whether somebody may have read there.
    pub(crate) fn settle(
        &self,
        version: Version,
        written: &[Written],
        log: Option<&Log<L, V>>,
    ) -> bool {
        let tx = version.tx;
        let mut shards = Shards::new(self);
        let mut changed = false;
        let log = log.filter(|_| self.adds_at_commit);
        let marks = log.iter().flat_map(|log| log.writes.iter().zip(&log.write_marks));
        for (write, mark) in marks.filter(|(_, mark)| mark.at_commit) {
            let WriteKind::Add(amount) = &write.kind else { continue };
            let (_, slot) = shards.place(&write.location, mark.family);
            let value = loop {
                match shards.cell(slot).walk(tx.0) {
                    Walk::Value(value, _) => break value.plus(amount),
                    Walk::Estimate(version) => panic!("{version:?} is committed and an estimate"),
                    Walk::Base { .. } => shards.load_base(slot),
                }
            };
            let cell = shards.cell(slot);
            changed |= std::mem::take(&mut cell.was_read);
            cell.history.settle(tx.0, Floor { value, from: Some(version) });
        }
        for &Written { slot, .. } in written.iter().filter(|written| written.fold) {
            loop {
                let cell = shards.cell(slot);
                match cell.walk(tx.0 + 1) {
                    Walk::Value(value, Source { from, .. }) => {
                        let floor = Floor { value: value.into_owned(), from };
                        cell.history.settle(tx.0, floor);
                        cell.readers.forget_up_to(tx.0);
                        break;
                    }
                    Walk::Estimate(version) => panic!("{version:?} is committed and an estimate"),
                    Walk::Base { .. } => shards.load_base(slot),
                }
            }
        }
        changed
    }

    /// Every location written, sorted, with its value above all transactions.
    pub(crate) fn state(&self) -> Vec<(L, V)> {
        let mut state = Vec::new();
        for (index, shard) in self.shards.iter().enumerate() {
            let mut shard = shard.lock();
            for cell in 0..shard.cells.len() {
                if shard.cells[cell].history.is_untouched() {
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

    /// Notes that `reader` has read there, or is about to.
    fn note(&self, shard: &mut Shard<L, V>, slot: Slot, reader: u32) {
        let cell = &mut shard.cells[slot.cell as usize];
        cell.was_read = true;
        if self.notes_readers {
            cell.readers.insert(reader);
        }
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
        shard.cells[slot.cell as usize].history.lay(value);
        shard
    }
}

impl Published {
    /// Notes that what `tx` left in `cell` has changed: that concerns its readers up to and with the next transaction
    /// that replaces the value.
    fn changed_at<L, V: Value>(&mut self, cell: &Cell<L, V>, TxIndex(tx): TxIndex) {
        self.changed = true;
        if !matches!(cell.readers, Readers::None) {
            let last = cell.history.next_replacement(tx).unwrap_or(u32::MAX);
            cell.readers.between(tx, last, &mut self.readers);
        }
    }
}

impl<L, V> fmt::Debug for Memory<L, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}
