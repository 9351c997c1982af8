//! A world in which some locations are not shared, or only added to.

use evm_lanes_evm::{Location, Value};
use evm_lanes_schedule::{Access, Counterfactual, TxIndex, Write, WriteKind};

/// What is different about a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Each transaction has a copy of its own.
    Own,
    /// Who writes it adds to it, and does not look at it.
    Commute,
}

/// What is different about which locations; there are few.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits(Vec<(Location, Edit)>);

impl Edits {
    /// In place of what was different about the location before.
    pub(crate) fn set(&mut self, location: Location, edit: Edit) {
        self.0.retain(|(other, _)| *other != location);
        self.0.push((location, edit));
    }
}

/// The block's world after some edits. Whom an edit frees finds at the location what it finds in block order.
#[derive(Debug)]
pub(crate) struct Supposed(Vec<Place>);

/// An edited location.
#[derive(Debug)]
struct Place {
    location: Location,
    edit: Edit,
    /// What each of the transactions that are freed finds, in block order.
    found: Vec<(TxIndex, Value)>,
}

impl Supposed {
    /// The world of a block whose run in order has `recorded` accesses.
    pub(crate) fn new(recorded: &[Access<Location, Value>], edits: &Edits) -> Self {
        let place = |&(location, edit): &(Location, Edit)| {
            let found = (0..).zip(recorded).filter_map(|(index, access)| {
                let read = access.reads.iter().find(|read| read.location == location)?;
                let writes = || access.writes.iter().any(|write| write.location == location);
                let freed = edit == Edit::Own || writes();
                freed.then(|| (TxIndex(index), read.value.clone()))
            });
            Place { location, edit, found: found.collect() }
        };
        Self(edits.0.iter().map(place).collect())
    }

    /// What the transactions read and write in this world, if it is `recorded` in the true one.
    pub(crate) fn accesses(
        &self,
        recorded: &[Access<Location, Value>],
    ) -> Vec<Access<Location, Value>> {
        let of = |(index, access): (u32, &Access<Location, Value>)| {
            let tx = TxIndex(index);
            let mut here = Access { reads: Vec::new(), guards: Vec::new(), writes: Vec::new() };
            for (position, read) in access.reads.iter().enumerate() {
                if self.found(tx, &read.location).is_some() {
                    continue;
                }
                let guard = access.guard(position).cloned();
                here.guards.extend(guard.map(|guard| (here.reads.len() as u32, guard)));
                here.reads.push(read.clone());
            }
            for Write { location, kind } in &access.writes {
                let kind = self.left(tx, location, kind.clone());
                here.writes.extend(kind.map(|kind| Write { location: *location, kind }));
            }
            here
        };
        (0..).zip(recorded).map(of).collect()
    }

    fn place(&self, location: &Location) -> Option<&Place> {
        self.0.iter().find(|place| place.location == *location)
    }
}

impl Place {
    fn found(&self, tx: TxIndex) -> Option<&Value> {
        let at = self.found.binary_search_by_key(&tx, |&(tx, _)| tx).ok()?;
        Some(&self.found[at].1)
    }
}

impl Counterfactual<Location, Value> for Supposed {
    fn found(&self, tx: TxIndex, location: &Location) -> Option<Value> {
        self.place(location)?.found(tx).cloned()
    }

    fn left(
        &self,
        tx: TxIndex,
        location: &Location,
        kind: WriteKind<Value>,
    ) -> Option<WriteKind<Value>> {
        let Some(place) = self.place(location) else { return Some(kind) };
        match (place.edit, kind) {
            // Nobody else looks there.
            (Edit::Own, _) => None,
            (Edit::Commute, WriteKind::Set(value)) => Some(match place.found(tx) {
                Some(before) => WriteKind::Add(difference(before, value)),
                None => WriteKind::Set(value),
            }),
            (Edit::Commute, kind) => Some(kind),
        }
    }
}

/// What added to `before` gives `after`, for balances and slots.
fn difference(before: &Value, after: Value) -> Value {
    match (before, after) {
        (Value::Balance(before), Value::Balance(after)) => {
            Value::Balance(after.wrapping_sub(*before))
        }
        (&Value::Slot { epoch, value: before }, Value::Slot { epoch: life, value: after })
            if epoch == life =>
        {
            Value::Slot { epoch, value: after.wrapping_sub(before) }
        }
        // A slot of another life begins at zero.
        (_, after) => after,
    }
}
