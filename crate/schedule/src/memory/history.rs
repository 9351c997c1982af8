//! What the transactions have written to one location, and what that stands on.

use std::collections::{BTreeMap, btree_map};

use crate::{Incarnation, Version, WriteKind};

/// The entries of one location by transaction, above a floor. Most written locations have one or the other and not both,
/// and take no more room than for that and no allocation.
pub(super) enum History<V> {
    Empty,
    Floor(Floor<V>),
    One(u32, Entry<V>),
    Many(Box<Many<V>>),
}

/// Both, or more than one entry, or what was so once.
pub(super) struct Many<V> {
    floor: Option<Floor<V>>,
    entries: BTreeMap<u32, Entry<V>>,
}

/// The value below all entries.
pub(super) struct Floor<V> {
    pub(super) value: V,
    /// The last of the committed transactions whose entries have gone into it; `None` if it is the base's.
    pub(super) from: Option<Version>,
}

pub(super) struct Entry<V> {
    pub(super) incarnation: Incarnation,
    /// Its writer is expected to write here, again or for the first time.
    pub(super) estimate: bool,
    /// What it wrote last, which an estimate keeps, to tell whether the next attempt does the same.
    pub(super) change: Option<WriteKind<V>>,
}

impl<V: PartialEq> History<V> {
    /// What the entries stand on, once somebody has needed it.
    pub(super) fn floor(&self) -> Option<&Floor<V>> {
        match self {
            Self::Floor(floor) => Some(floor),
            Self::Many(many) => many.floor.as_ref(),
            Self::Empty | Self::One(..) => None,
        }
    }

    /// Lays the base's value below the entries, if nothing is there.
    pub(super) fn lay(&mut self, value: V) {
        let floor = Floor { value, from: None };
        match self {
            Self::Empty => *self = Self::Floor(floor),
            Self::Floor(_) => {}
            Self::One(..) | Self::Many(_) => {
                self.many().floor.get_or_insert(floor);
            }
        }
    }

    /// Puts `floor` in the place of all up to `tx`.
    pub(super) fn settle(&mut self, tx: u32, floor: Floor<V>) {
        match self {
            Self::Empty | Self::Floor(_) => *self = Self::Floor(floor),
            Self::One(at, _) if *at <= tx => *self = Self::Floor(floor),
            Self::One(..) | Self::Many(_) => {
                let many = self.many();
                many.floor = Some(floor);
                while many.entries.first_entry().is_some_and(|first| *first.key() <= tx) {
                    many.entries.pop_first();
                }
            }
        }
    }

    /// Whether nothing is here.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Whether nobody but the base has anything here.
    pub(super) fn is_untouched(&self) -> bool {
        let below = self.floor().is_none_or(|floor| floor.from.is_none());
        below
            && match self {
                Self::Empty | Self::Floor(_) => true,
                Self::One(..) => false,
                Self::Many(many) => many.entries.is_empty(),
            }
    }

    /// Whether a walk to the floor may be long.
    pub(super) fn are_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// The entries below `reader`, the highest first.
    pub(super) fn below(
        &self,
        reader: u32,
    ) -> impl Iterator<Item = (u32, &Entry<V>)> + Clone + use<'_, V> {
        let (one, many) = match self {
            Self::Empty | Self::Floor(_) => (None, None),
            Self::One(tx, entry) => ((*tx < reader).then_some((*tx, entry)), None),
            Self::Many(many) => (None, Some(many.entries.range(..reader).rev())),
        };
        one.into_iter().chain(many.into_iter().flatten().map(|(&tx, entry)| (tx, entry)))
    }

    /// Sets the entry of `tx` and says whether it differs from the one it replaces.
    pub(super) fn put(&mut self, tx: u32, entry: Entry<V>) -> bool {
        match self {
            Self::Empty => {
                *self = Self::One(tx, entry);
                true
            }
            Self::One(at, old) if *at == tx => replace(old, entry),
            Self::Floor(_) | Self::One(..) | Self::Many(_) => match self.many().entries.entry(tx) {
                btree_map::Entry::Occupied(mut old) => replace(old.get_mut(), entry),
                btree_map::Entry::Vacant(place) => {
                    place.insert(entry);
                    true
                }
            },
        }
    }

    pub(super) fn get_mut(&mut self, tx: u32) -> Option<&mut Entry<V>> {
        match self {
            Self::One(at, entry) if *at == tx => Some(entry),
            Self::Empty | Self::Floor(_) | Self::One(..) => None,
            Self::Many(many) => many.entries.get_mut(&tx),
        }
    }

    /// The first transaction above `tx` that replaces the value or did so last time.
    pub(super) fn next_replacement(&self, tx: u32) -> Option<u32> {
        let replaces = |entry: &Entry<V>| matches!(entry.change, Some(WriteKind::Set(_)));
        match self {
            Self::One(at, entry) if *at > tx && replaces(entry) => Some(*at),
            Self::Empty | Self::Floor(_) | Self::One(..) => None,
            Self::Many(many) => {
                let mut above = many.entries.range(tx.saturating_add(1)..);
                above.find(|(_, entry)| replaces(entry)).map(|(&at, _)| at)
            }
        }
    }

    /// Removes the entry of `tx`, and says whether there was one.
    pub(super) fn remove(&mut self, tx: u32) -> bool {
        match self {
            Self::One(at, _) if *at == tx => {
                *self = Self::Empty;
                true
            }
            Self::Empty | Self::Floor(_) | Self::One(..) => false,
            Self::Many(many) => many.entries.remove(&tx).is_some(),
        }
    }

    /// Room for both and more.
    fn many(&mut self) -> &mut Many<V> {
        if !self.are_many() {
            let (floor, entries) = match std::mem::replace(self, Self::Empty) {
                Self::Floor(floor) => (Some(floor), BTreeMap::new()),
                Self::One(at, entry) => (None, BTreeMap::from([(at, entry)])),
                Self::Empty | Self::Many(_) => (None, BTreeMap::new()),
            };
            *self = Self::Many(Box::new(Many { floor, entries }));
        }
        let Self::Many(many) = self else { unreachable!("it has just been made so") };
        many
    }
}

fn replace<V: PartialEq>(old: &mut Entry<V>, new: Entry<V>) -> bool {
    let changed = old.change != new.change;
    *old = new;
    changed
}
