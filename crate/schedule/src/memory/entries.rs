//! What the transactions have written to one location.

use std::collections::{BTreeMap, btree_map};

use crate::{Incarnation, WriteKind};

/// Most written locations are written by one transaction, and that one needs no allocation.
pub(super) enum Entries<V> {
    None,
    One(u32, Entry<V>),
    Many(BTreeMap<u32, Entry<V>>),
}

pub(super) struct Entry<V> {
    pub(super) incarnation: Incarnation,
    /// Its writer is expected to write here, again or for the first time.
    pub(super) estimate: bool,
    /// What it wrote last, which an estimate keeps, to tell whether the next attempt does the same.
    pub(super) change: Option<WriteKind<V>>,
}

impl<V: PartialEq> Entries<V> {
    pub(super) fn are_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// Sets the entry of `tx` and says whether it differs from the one it replaces.
    pub(super) fn put(&mut self, tx: u32, entry: Entry<V>) -> bool {
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
            Self::None | Self::One(..) => None,
            Self::Many(entries) => entries.get_mut(&tx),
        }
    }

    /// The first transaction above `tx` that replaces the value or did so last time.
    pub(super) fn next_replacement(&self, tx: u32) -> Option<u32> {
        let replaces = |entry: &Entry<V>| matches!(entry.change, Some(WriteKind::Set(_)));
        match self {
            Self::One(at, entry) if *at > tx && replaces(entry) => Some(*at),
            Self::None | Self::One(..) => None,
            Self::Many(entries) => {
                let mut above = entries.range(tx.saturating_add(1)..);
                above.find(|(_, entry)| replaces(entry)).map(|(&at, _)| at)
            }
        }
    }

    /// Removes the entry of `tx`, and says whether there was one.
    pub(super) fn remove(&mut self, tx: u32) -> bool {
        match self {
            Self::One(at, _) if *at == tx => {
                *self = Self::None;
                true
            }
            Self::None | Self::One(..) => false,
            Self::Many(entries) => {
                let removed = entries.remove(&tx).is_some();
                if entries.is_empty() {
                    *self = Self::None;
                }
                removed
            }
        }
    }

    /// Removes the entries of `tx` and of all before it.
    pub(super) fn remove_up_to(&mut self, tx: u32) {
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
