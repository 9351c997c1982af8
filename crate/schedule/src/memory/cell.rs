//! One location's place in the memory: what its entries stand on, and the rule by which they resolve.

use std::borrow::Cow;

use super::history::History;
use super::readers::Readers;
use crate::access::Source;
use crate::{Family, TxIndex, Value, Version, WriteKind};

pub(super) struct Cell<L, V> {
    pub(super) location: L,
    pub(super) family: Family,
    /// The next cell of the family.
    pub(super) next: Option<u32>,
    /// Whether the last transaction that replaced the value had read it: then the next readers are likely writers.
    pub(super) chained: bool,
    /// Somebody may have read here since the last addition that was made at a commit: at first whoever read before there was a
    /// cell, and could not say so.
    pub(super) was_read: bool,
    pub(super) history: History<V>,
    /// Those since this was made, if readers are noted.
    pub(super) readers: Readers,
}

/// What a walk down one cell ends in.
pub(super) enum Walk<'a, V: Clone> {
    Value(Cow<'a, V>, Source),
    Estimate(Version),
    /// It reached the base, which has not been loaded yet; `untouched` if there was no addition on the way.
    Base {
        untouched: bool,
    },
}

impl<L, V: Value> Cell<L, V> {
    /// THE resolution rule, for reader and validator alike: below `reader`, downwards over additions to the nearest
    /// replacement or the floor; an estimate anywhere on the way ends it.
    pub(super) fn walk(&self, reader: u32) -> Walk<'_, V> {
        let downwards = self.history.below(reader);
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
        let bottom = match (bottom, self.history.floor()) {
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
