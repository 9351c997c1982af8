//! The story of a run: what happened at any of its events and why, and what was in the memory then. It stays with the engine
//! and is asked, because told in full it would be many times the report.

mod opcodes;
mod versions;

use std::collections::BTreeSet;

use evm_lanes_schedule::{Access, Event, EventKind, Incarnation, TxIndex, Version};
use serde::{Deserialize, Serialize};

use super::labels::Labels;
use super::timeline::because;
use crate::block::{Block, Parallel};
use crate::options::StrategyId;
use evm_lanes_evm::{Attempt, Location, Value};

pub use opcodes::{OpcodeTrace, SlotWord};
pub use versions::{ReaderRow, VersionRow, VersionState, Versions};

/// What happened when so many events had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// The last of these events, and why it came about.
    pub sentence: String,
    /// The versions of the location that was asked for.
    pub versions: Option<Versions>,
}

/// All that is needed to tell of one run.
#[derive(Debug)]
pub struct Story {
    strategy: StrategyId,
    workers: u32,
    block: evm_lanes_evm::block::Block,
    /// In the report's order.
    events: Vec<Event<Location, Value>>,
    /// What each attempt that ran to its end did, by transaction.
    attempts: Vec<Vec<Option<Attempt>>>,
    /// What each transaction reads when everything before it is committed.
    truth: Vec<Access<Location, Value>>,
    /// As in the report.
    locations: Vec<Location>,
    /// As [`Self::phrases`] makes them.
    phrases: Vec<(Location, String)>,
}

impl Story {
    /// Of a traced run that kept its attempts.
    pub(crate) fn new(
        (strategy, workers): (StrategyId, u32),
        block: Block<'_>,
        parallel: Parallel,
        truth: Vec<Access<Location, Value>>,
        locations: Vec<Location>,
        phrases: Vec<(Location, String)>,
    ) -> Self {
        let Parallel { events, attempts, .. } = parallel;
        Self {
            strategy,
            workers,
            block: block.into_plain(),
            events,
            attempts,
            truth,
            locations,
            phrases,
        }
    }

    /// What the locations that the run's events name are called in a sentence, by location.
    pub(crate) fn phrases(run: &Parallel, labels: &Labels<'_>) -> Vec<(Location, String)> {
        let named: BTreeSet<Location> = run.events.iter().filter_map(place).copied().collect();
        named.into_iter().map(|at| (at, labels.phrase(&at))).collect()
    }

    /// What happened at the last of the first `step` events, and the versions of a location then, by its index in the report.
    pub fn tell(&self, step: u32, location: Option<u32>) -> Told {
        let step = self.events.len().min(step as usize);
        let location = location.and_then(|index| self.locations.get(index as usize));
        Told {
            sentence: self.sentence(step),
            versions: location.map(|location| self.versions(step, location)),
        }
    }

    fn sentence(&self, step: usize) -> String {
        let Some(event) = step.checked_sub(1).map(|last| &self.events[last]) else {
            return format!(
                "Nothing has happened yet: {} for {}.",
                counted(self.truth.len(), "transaction"),
                counted(self.workers as usize, "worker"),
            );
        };
        let Event { worker, version, kind, .. } = event;
        let (worker, tx) = (worker.0, version.tx.0);
        match kind {
            EventKind::Executed => self.executed(step, event),
            EventKind::Blocked { on, location: Some(location) } => format!(
                "Worker {worker} stops transaction {tx}: it wants to read {}, and transaction {}, which writes it, has to \
                 run first. Transaction {tx} waits for it.",
                self.phrase(location),
                on.0
            ),
            EventKind::Blocked { on, location: None } => format!(
                "Worker {worker} does not begin transaction {tx}: by a hint it reads what transaction {} writes, which is \
                 not there yet.",
                on.0
            ),
            EventKind::Validated => {
                let reads = self.reads(step, *version).map_or(0, <[_]>::len);
                let hold = match reads {
                    0 => "it has read nothing that could have changed".to_owned(),
                    1 => "the one value it has read still holds".to_owned(),
                    reads => format!("all {reads} values it has read still hold"),
                };
                format!("Worker {worker} checks transaction {tx}: {hold}.")
            }
            EventKind::Aborted(cause) => format!(
                "Worker {worker} checks transaction {tx} and undoes it: it {}.",
                because(cause, self.phrase(&cause.location)),
            ),
            EventKind::Committed => {
                let done = tx as usize + 1;
                let all = self.truth.len();
                if done == all {
                    return format!("Transaction {tx} is final, and with it the block.");
                }
                format!(
                    "Transaction {tx} is final: everything before it is, and what it has read cannot change any more. {done} \
                     of {all} are committed."
                )
            }
        }
    }

    /// Of an execution: what it has read from whom, or why it was needed again.
    fn executed(&self, step: usize, event: &Event<Location, Value>) -> String {
        let (worker, tx) = (event.worker.0, event.version.tx);
        let earlier = self.events[..step - 1].iter().rev().find(|earlier| {
            earlier.version.tx == tx && !matches!(earlier.kind, EventKind::Validated)
        });
        let done = self.done(step, event.version);
        match earlier.map(|earlier| &earlier.kind) {
            Some(EventKind::Aborted(cause)) => format!(
                "Worker {worker} executes transaction {} again: it {}. {done}",
                tx.0,
                because(cause, self.phrase(&cause.location)),
            ),
            Some(EventKind::Blocked { on, .. }) => format!(
                "Worker {worker} executes transaction {}, which has waited for transaction {}. {done}",
                tx.0, on.0
            ),
            _ => format!("Worker {worker} executes transaction {}. {done}", tx.0),
        }
    }

    /// `It reads 5 values, 2 of them from transactions 3 and 4, and writes 3.`
    fn done(&self, step: usize, version: Version) -> String {
        let attempt = self.attempt(step, version);
        let Some(reads) = self.reads(step, version) else {
            return "What it read and wrote was too much to keep.".to_owned();
        };
        let mut sources: Vec<u32> =
            reads.iter().filter_map(|read| read.from).map(|from| from.tx.0).collect();
        let taken = sources.len();
        sources.sort_unstable();
        sources.dedup();
        let from = match (taken, reads.len()) {
            (_, 0) => "nothing".to_owned(),
            (0, 1) => "1 value, as it was before the block".to_owned(),
            (0, all) => format!("{all} values, all as before the block"),
            (taken, all) => {
                format!("{}, {taken} of them from {}", counted(all, "value"), listed(&sources))
            }
        };
        let writes = attempt.map_or(0, |attempt| attempt.writes.len());
        let writes = if writes == 0 { "nothing".to_owned() } else { writes.to_string() };
        format!("It reads {from}, and writes {writes}.")
    }

    /// The attempt of this version, which has been executed by then; `None` if it was too much to keep.
    fn attempt(&self, step: usize, version: Version) -> Option<&Attempt> {
        let executed = |event: &&Event<Location, Value>| {
            event.version.tx == version.tx && matches!(event.kind, EventKind::Executed)
        };
        let mut earlier = self.events[..step].iter().filter(executed);
        let position = earlier.position(|event| event.version == version)?;
        self.attempts.get(version.tx.0 as usize)?.get(position)?.as_ref()
    }

    fn reads(&self, step: usize, version: Version) -> Option<&[Read]> {
        let attempt = self.attempt(step, version)?;
        Some(self.reads_of(version.tx, attempt))
    }

    fn reads_of<'s>(&'s self, tx: TxIndex, attempt: &'s Attempt) -> &'s [Read] {
        attempt.reads.as_ref().unwrap_or_else(|| &self.truth[tx.0 as usize].reads)
    }

    fn phrase(&self, location: &Location) -> &str {
        let found = self.phrases.binary_search_by(|(at, _)| at.cmp(location));
        found.map_or("a location", |at| &self.phrases[at].1)
    }
}

type Read = evm_lanes_schedule::Read<Location, Value>;

/// The location that an event is about.
fn place(event: &Event<Location, Value>) -> Option<&Location> {
    match &event.kind {
        EventKind::Blocked { location, .. } => location.as_ref(),
        EventKind::Aborted(cause) => Some(&cause.location),
        EventKind::Executed | EventKind::Validated | EventKind::Committed => None,
    }
}

/// `1 value`, `2 values`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `transaction 3`, `transactions 3 and 4`, `transactions 3, 4, 5 and 7 others`.
fn listed(transactions: &[u32]) -> String {
    const NAMED: usize = 3;
    let names: Vec<String> = transactions.iter().take(NAMED).map(ToString::to_string).collect();
    match (names.split_last(), transactions.len().saturating_sub(NAMED)) {
        (Some((last, [])), 0) => format!("transaction {last}"),
        (Some((last, rest)), 0) => format!("transactions {} and {last}", rest.join(", ")),
        (_, more) => format!("transactions {} and {}", names.join(", "), counted(more, "other")),
    }
}

/// Whether a version was only foretold, and written by nobody yet.
fn is_foretold(version: Version) -> bool {
    version.incarnation == Incarnation::FORETOLD
}
