//! What a block's transactions read and wrote, as those see it who tell less apart.

use evm_lanes_evm::{Location, Value};
use evm_lanes_schedule::{Access, Read, Write, WriteKind};

type Accesses = Vec<Access<Location, Value>>;

/// Every account as one location: its life, say. What is read and written there is neither one value nor asked for.
pub(super) fn by_account(recorded: &[Access<Location, Value>]) -> Accesses {
    let whole = |location: &Location| location.account().map_or(*location, Location::Life);
    let of = |access: &Access<Location, Value>| {
        let mut all = Access { reads: Vec::new(), guards: Vec::new(), writes: Vec::new() };
        for read in &access.reads {
            let location = whole(&read.location);
            if all.reads.iter().all(|read: &Read<_, _>| read.location != location) {
                all.reads.push(Read { location, value: read.value.clone(), from: None });
            }
        }
        for write in &access.writes {
            let location = whole(&write.location);
            // Who looks at nothing of an account and only adds to it need not be ordered.
            let looks = all.reads.iter().any(|read| read.location == location);
            let kind = if looks { replacing(&write.kind) } else { write.kind.clone() };
            match all.writes.iter_mut().find(|write: &&mut Write<_, _>| write.location == location)
            {
                None => all.writes.push(Write { location, kind }),
                Some(old) if matches!(kind, WriteKind::Set(_)) => old.kind = kind,
                Some(_) => {}
            }
        }
        all
    };
    recorded.iter().map(of).collect()
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
