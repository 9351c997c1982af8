//! What a block's transactions touch, by numbers, and what each read needs.

use std::hash::Hash;
use std::ops::Range;

use hashbrown::HashMap;

use crate::{Access, Base, Guard, Value, WriteKind};

/// The accesses of a block.
#[derive(Clone, Debug)]
pub(super) struct Touches {
    pub(super) transactions: Vec<Touched>,
    /// All of them, in block order.
    pub(super) writes: Vec<Wrote>,
}

/// One transaction's.
#[derive(Clone, Debug)]
pub(super) struct Touched {
    pub(super) readings: Vec<Reading>,
    /// In [`Touches::writes`].
    pub(super) writes: Range<usize>,
}

/// One read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) location: u32,
    /// The last write at the location that it needs, with those before it; `None` if the value before the block will do.
    pub(super) needs: Option<u32>,
    /// It has no guard.
    pub(super) exact: bool,
}

/// One write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrote {
    pub(super) tx: u32,
    pub(super) location: u32,
    pub(super) adds: bool,
    /// The write before it at its location.
    pub(super) before: Option<u32>,
    /// Its transaction needs all that was written there before.
    covers: bool,
}

impl Touches {
    /// Also the locations, sorted; indices point there.
    pub(super) fn new<L: Clone + Ord + Hash, V: Value>(
        accesses: &[Access<L, V>],
        base: &dyn Base<L, V>,
    ) -> (Vec<L>, Self) {
        let numbers = number(accesses);
        let mut values: Vec<Option<Values<V>>> = numbers.locations.iter().map(|_| None).collect();
        for access in accesses {
            for &(position, _) in &access.guards {
                let location = &access.reads[position as usize].location;
                values[numbers.of(location) as usize]
                    .get_or_insert_with(|| Values::new(base.load(location)));
            }
        }

        let mut last: Vec<Option<u32>> = vec![None; numbers.locations.len()];
        let mut transactions = Vec::with_capacity(accesses.len());
        let mut writes = Vec::new();
        for (tx, access) in (0..).zip(accesses) {
            let reading = |(position, read): (usize, &crate::Read<L, V>)| {
                let location = numbers.of(&read.location);
                let guard = access.guard(position);
                let needs = match (guard, &values[location as usize]) {
                    (Some(guard), Some(values)) => values.last_before_which_fails(guard),
                    _ => last[location as usize],
                };
                Reading { location, needs, exact: guard.is_none() }
            };
            let readings: Vec<Reading> = access.reads.iter().enumerate().map(reading).collect();
            let first = writes.len();
            for write in &access.writes {
                let location = numbers.of(&write.location);
                let before = last[location as usize].replace(writes.len() as u32);
                if let Some(values) = &mut values[location as usize] {
                    values.write(writes.len() as u32, &write.kind);
                }
                let covers =
                    |reading: &Reading| reading.location == location && reading.needs == before;
                writes.push(Wrote {
                    tx,
                    location,
                    adds: matches!(write.kind, WriteKind::Add(_)),
                    before,
                    covers: before.is_some() && readings.iter().any(covers),
                });
            }
            transactions.push(Touched { readings, writes: first..writes.len() });
        }
        (numbers.locations, Self { transactions, writes })
    }

    /// The writes that make up the sum which `write` leaves, the last one first; without those that a later one of them
    /// needs itself.
    pub(super) fn sum(&self, write: u32) -> impl Iterator<Item = u32> + '_ {
        let mut ended = false;
        self.back(write).take_while(move |&write| {
            let Wrote { adds, covers, .. } = self.writes[write as usize];
            !std::mem::replace(&mut ended, !adds || covers)
        })
    }

    /// `write` and those before it at its location, the last one first.
    pub(super) fn back(&self, write: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(write), |&write| self.writes[write as usize].before)
    }

    /// Whose write it is.
    pub(super) fn writer(&self, write: u32) -> u32 {
        self.writes[write as usize].tx
    }
}

/// The values that a location had in the course of the block, as far as a guard can ask for them.
struct Values<V> {
    now: V,
    /// Of the writes before which the value was lower than before every later one: which, and the value, ascending.
    lowest: Vec<(u32, V)>,
    /// Likewise the highest, descending.
    highest: Vec<(u32, V)>,
}

impl<V: Value> Values<V> {
    fn new(base: V) -> Self {
        Self { now: base, lowest: Vec::new(), highest: Vec::new() }
    }

    fn write(&mut self, write: u32, kind: &WriteKind<V>) {
        let after = match kind {
            WriteKind::Set(value) => value.clone(),
            WriteKind::Add(amount) => self.now.plus(amount),
        };
        let before = std::mem::replace(&mut self.now, after);
        while self.lowest.pop_if(|(_, value)| *value >= before).is_some() {}
        while self.highest.pop_if(|(_, value)| *value <= before).is_some() {}
        self.lowest.push((write, before.clone()));
        self.highest.push((write, before));
    }

    /// The last write before which `guard` did not hold.
    fn last_before_which_fails(&self, guard: &Guard<V>) -> Option<u32> {
        let last = |values: &[(u32, V)], fails: &dyn Fn(&V) -> bool| {
            let failing = values.partition_point(|(_, value)| fails(value));
            Some(values[failing.checked_sub(1)?].0)
        };
        let low = last(&self.lowest, &|value| *value < guard.low);
        let high = last(&self.highest, &|value| *value > guard.high);
        low.max(high)
    }
}

/// The sorted locations and their numbers.
struct Numbers<'a, L> {
    locations: Vec<L>,
    numbers: HashMap<&'a L, u32, foldhash::fast::RandomState>,
}

impl<L: Eq + Hash> Numbers<'_, L> {
    fn of(&self, location: &L) -> u32 {
        self.numbers[location]
    }
}

fn number<L: Clone + Ord + Hash, V>(accesses: &[Access<L, V>]) -> Numbers<'_, L> {
    let mut numbers = HashMap::default();
    for access in accesses {
        let reads = access.reads.iter().map(|read| &read.location);
        for location in reads.chain(access.writes.iter().map(|write| &write.location)) {
            numbers.insert(location, 0);
        }
    }
    let mut sorted: Vec<&L> = numbers.keys().copied().collect();
    sorted.sort_unstable();
    for (rank, location) in (0..).zip(&sorted) {
        numbers.insert(location, rank);
    }
    Numbers { locations: sorted.into_iter().cloned().collect(), numbers }
}
