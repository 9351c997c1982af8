//! What a block's transactions read and wrote, as those see it who tell less apart.

use std::collections::BTreeMap;

use evm_lanes_evm::{Location, Value};
use evm_lanes_schedule::{Access, Read, Write, WriteKind};

type Accesses = Vec<Access<Location, Value>>;

/// Every account as one location: its life, say. What is read and written there is neither one value nor asked for.
pub(super) fn by_account(recorded: &[Access<Location, Value>]) -> Accesses {
    let whole = |location: &Location| location.account().map_or(*location, Location::Life);
    recorded
        .iter()
        .map(|access| {
            let mut reads = BTreeMap::new();
            for read in &access.reads {
                reads.entry(whole(&read.location)).or_insert(&read.value);
            }
            let mut writes = BTreeMap::new();
            for write in &access.writes {
                let at = whole(&write.location);
                // Who looks at nothing of an account and only adds to it need not be ordered.
                let adds = !reads.contains_key(&at) && matches!(write.kind, WriteKind::Add(_));
                let kind = if adds { write.kind.clone() } else { replacing(&write.kind) };
                if !adds || !writes.contains_key(&at) {
                    writes.insert(at, kind);
                }
            }
            Access {
                reads: reads
                    .into_iter()
                    .map(|(location, value)| Read { location, value: value.clone(), from: None })
                    .collect(),
                guards: Vec::new(),
                writes: writes
                    .into_iter()
                    .map(|(location, kind)| Write { location, kind })
                    .collect(),
            }
        })
        .collect()
}

/// The same locations, where everything that is read has to be what it was, and what is added to a value that was read
/// replaces it; `None` if that is so already.
pub(super) fn without_additions(recorded: &[Access<Location, Value>]) -> Option<Accesses> {
    let mut differs = false;
    let accesses = recorded.iter().map(|access| {
        let mut access = access.clone();
        differs |= !access.guards.is_empty();
        access.guards.clear();
        for write in &mut access.writes {
            let adds = matches!(write.kind, WriteKind::Add(_));
            if adds && access.reads.iter().any(|read| read.location == write.location) {
                differs = true;
                write.kind = replacing(&write.kind);
            }
        }
        access
    });
    let accesses: Accesses = accesses.collect();
    differs.then_some(accesses)
}

/// A write that needs to be ordered. Nobody asks what it writes.
fn replacing(kind: &WriteKind<Value>) -> WriteKind<Value> {
    let (WriteKind::Set(value) | WriteKind::Add(value)) = kind;
    WriteKind::Set(value.clone())
}
