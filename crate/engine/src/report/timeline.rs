//! Events as columns, and why attempts were aborted.

use evm_lanes_schedule::{Cause, Event, EventKind, Incarnation, Version};

use super::labels::Labels;
use super::tables::Locations;
use super::words;
use super::{AbortCause, Events, Timeline, Unit};
use evm_lanes_evm::{Location, Value};

/// What each worker did. `scale` turns the events' times into `unit`; the first start is 0, whenever the clock was started.
pub(super) fn timeline(
    events: &[Event<Location, Value>],
    workers: u32,
    (unit, scale): (Unit, f64),
    locations: &Locations,
    labels: &Labels<'_>,
) -> Timeline {
    let mut columns = Events::default();
    let mut causes = Vec::new();
    let first = events.iter().map(|event| event.start).min().unwrap_or_default();
    for event in events {
        let (kind, cause) = match &event.kind {
            EventKind::Executed => (0, -1),
            EventKind::Blocked { on, .. } => (1, on.0 as i32),
            EventKind::Validated => (2, -1),
            EventKind::Aborted(cause) => {
                causes.push(abort(event.version.tx.0, cause, locations, labels));
                (3, causes.len() as i32 - 1)
            }
            EventKind::Committed => (4, -1),
        };
        columns.kind.push(kind);
        columns.worker.push(event.worker.0);
        columns.transaction.push(event.version.tx.0);
        columns.incarnation.push(event.version.incarnation.0);
        columns.start.push((event.start - first) as f64 * scale);
        columns.end.push((event.end - first) as f64 * scale);
        columns.cause.push(cause);
    }
    let last = events.last().map_or(first, |event| event.end);
    Timeline { unit, workers, duration: (last - first) as f64 * scale, events: columns, causes }
}

fn abort(
    victim: u32,
    cause: &Cause<Location, Value>,
    locations: &Locations,
    labels: &Labels<'_>,
) -> AbortCause {
    AbortCause {
        victim,
        by: cause.by.map(|version| version.tx.0),
        location: locations.index(&cause.location),
        read_from: cause.from.map(|version| version.tx.0),
        read: words::value(&cause.read),
        now: cause.now.as_ref().map(words::value),
        sentence: format!(
            "Transaction {victim} {}.",
            because(cause, &labels.phrase(&cause.location))
        ),
    }
}

/// `had read bob's balance = 10 ether as transaction 3 left it; transaction 5 has since made it 9 ether`
pub(super) fn because(cause: &Cause<Location, Value>, what: &str) -> String {
    let read = words::spoken(&cause.read);
    let from = cause.from.map(|version| version.tx.0);
    let origin = match cause.from {
        Some(Version { tx, incarnation: Incarnation::FORETOLD }) => {
            format!("as transaction {} was foretold to leave it", tx.0)
        }
        Some(Version { tx, .. }) => format!("as transaction {} left it", tx.0),
        None => "as it was before the block".to_owned(),
    };
    let since = match (cause.by.map(|version| version.tx.0), &cause.now) {
        (Some(by), Some(now)) if Some(by) == from => {
            format!("transaction {by} ran again and made it {}", words::spoken(now))
        }
        (Some(by), Some(now)) => {
            format!("transaction {by} has since made it {}", words::spoken(now))
        }
        (Some(by), None) => format!("transaction {by}, which writes it, has to run again"),
        (None, now) => {
            let now = now.as_ref().unwrap_or(&cause.read);
            format!("that write is gone, and it is {} again", words::spoken(now))
        }
    };
    format!("had read {what} = {read} {origin}; {since}")
}
