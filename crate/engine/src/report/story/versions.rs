//! The versions of one location at a moment of a run.

use evm_lanes_schedule::{Event, EventKind, Version, WriteKind};
use serde::{Deserialize, Serialize};

use super::super::words;
use super::{Read, Story, is_foretold};
use crate::options::StrategyId;
use evm_lanes_evm::{Attempt, Location, Value};

/// What the transactions have written at one location, and who has read it, at a moment of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Versions {
    /// In block order; of many those around the transaction that the moment is about.
    pub rows: Vec<VersionRow>,
    /// How many there are.
    pub total: u32,
    /// Nothing is missing because it was too much to keep.
    pub complete: bool,
}

/// What one attempt has written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    /// Whose; `null` for the state before the block.
    pub transaction: Option<u32>,
    /// Which attempt, from 0; `null` if none has been made: it was foretold.
    pub incarnation: Option<u32>,
    /// What it wrote, or added; `null` where nobody has asked yet.
    pub value: Option<String>,
    /// `true` if `value` is added to what the earlier transactions leave.
    pub added: bool,
    /// What others make of it.
    pub state: VersionState,
    /// Whose last attempt has read it, in block order; at most so many.
    pub readers: Vec<ReaderRow>,
    /// How many readers there are.
    pub readers_total: u32,
}

/// What others make of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum VersionState {
    /// It stands, and can be read.
    Published,
    /// Its attempt was undone and will be made again: whoever meets it waits.
    Estimate,
    /// It is an addition that others see only once it is committed.
    AtCommit,
    /// It is final.
    Committed,
    /// It is not there any more, but somebody has read it.
    Gone,
    /// It is known beforehand.
    Foretold,
}

/// One who has read a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ReaderRow {
    /// Which transaction.
    pub transaction: u32,
    /// Which attempt, from 0.
    pub incarnation: u32,
    /// What it found, additions included.
    pub value: String,
    /// It is still executing.
    pub executing: bool,
    /// It has been undone, and will read again.
    pub undone: bool,
}

/// The most versions, and the most readers of each, in one answer.
const MOST: usize = 60;

/// The newest attempt of a transaction that has run to its end, or is under way.
#[derive(Clone)]
struct Newest<'s> {
    version: Version,
    attempt: Option<&'s Attempt>,
    stands: Stands,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Executing,
    Executed,
    Undone,
    Committed,
}

impl Story {
    /// The versions of `location` when the first `step` events have happened.
    pub(super) fn versions(&self, step: usize, location: &Location) -> Versions {
        let (newest, executing) = self.newest(step);
        // In block order, as the transactions are.
        let mut rows: Vec<(Option<Version>, VersionRow)> = Vec::new();
        let mut complete = true;
        for newest in newest.iter().flatten() {
            complete &= newest.attempt.is_some();
            let written = newest.attempt.and_then(|of| self.written(newest, of, location));
            rows.extend(written.map(|row| (Some(newest.version), row)));
        }
        for reader in
            executing.iter().zip(&newest).filter_map(|(now, last)| now.as_ref().or(last.as_ref()))
        {
            complete &= reader.attempt.is_some();
            let reads = reader.attempt.map_or(&[][..], |of| self.reads_of(reader.version.tx, of));
            let Some(read) = reads.iter().find(|read| read.location == *location) else { continue };
            let from = source(read, reader, &newest);
            let at = match rows.binary_search_by(|(version, _)| version.cmp(&from)) {
                Ok(at) => at,
                Err(at) => {
                    rows.insert(at, (from, lost(from, read)));
                    at
                }
            };
            let row = &mut rows[at].1;
            row.readers_total += 1;
            if row.readers.len() < MOST {
                row.readers.push(ReaderRow {
                    transaction: reader.version.tx.0,
                    incarnation: reader.version.incarnation.0,
                    value: words::value(&read.value),
                    executing: reader.stands == Stands::Executing,
                    undone: reader.stands == Stands::Undone,
                });
            }
        }
        let total = rows.len();
        let about = step.checked_sub(1).map(|last| self.events[last].version);
        let middle = rows.partition_point(|(version, _)| *version < about);
        let first = middle.saturating_sub(MOST / 2).min(total.saturating_sub(MOST));
        let rows = rows.into_iter().skip(first).take(MOST).map(|(_, row)| row).collect();
        Versions { rows, total: total as u32, complete }
    }

    /// What each transaction has done last, and what it is doing.
    fn newest(&self, step: usize) -> (Vec<Option<Newest<'_>>>, Vec<Option<Newest<'_>>>) {
        let transactions = self.attempts.len();
        let mut newest: Vec<Option<Newest<'_>>> = vec![None; transactions];
        let mut executing = newest.clone();
        let mut made = vec![0; transactions];
        let now = step.checked_sub(1).map_or(0, |last| self.events[last].end);
        for (position, Event { version, start, kind, .. }) in self.events.iter().enumerate() {
            let tx = version.tx.0 as usize;
            let happened = position < step;
            match kind {
                EventKind::Executed => {
                    let attempt = self.attempts[tx].get(made[tx]).and_then(Option::as_ref);
                    made[tx] += 1;
                    let one = |stands| Some(Newest { version: *version, attempt, stands });
                    if happened {
                        newest[tx] = one(Stands::Executed);
                    } else if *start < now {
                        executing[tx] = one(Stands::Executing);
                    }
                }
                EventKind::Aborted(_) if happened => {
                    let undone = newest[tx].as_mut().filter(|one| one.version == *version);
                    undone.into_iter().for_each(|one| one.stands = Stands::Undone);
                }
                EventKind::Committed if happened => {
                    newest[tx].iter_mut().for_each(|one| one.stands = Stands::Committed);
                }
                _ => {}
            }
        }
        (newest, executing)
    }

    /// What an attempt has written at `location`.
    fn written(
        &self,
        newest: &Newest<'_>,
        attempt: &Attempt,
        location: &Location,
    ) -> Option<VersionRow> {
        let (write, at_commit) =
            attempt.writes.iter().find(|(write, _)| write.location == *location)?;
        let (value, added) = match &write.kind {
            WriteKind::Set(value) => (value, false),
            WriteKind::Add(value) => (value, true),
        };
        let waits = matches!(self.strategy, StrategyId::BlockStm | StrategyId::Ladder);
        let state = match newest.stands {
            Stands::Undone => VersionState::Estimate,
            Stands::Committed => VersionState::Committed,
            Stands::Executing | Stands::Executed if *at_commit && waits => VersionState::AtCommit,
            Stands::Executing | Stands::Executed => VersionState::Published,
        };
        Some(row(Some(newest.version), Some(value), added, state))
    }
}

/// The version that was read. One that nobody checked is from committed ones, whose attempts only this run knows.
fn source(read: &Read, reader: &Newest<'_>, newest: &[Option<Newest<'_>>]) -> Option<Version> {
    let from = read.from?;
    let checked = reader.attempt.is_some_and(|attempt| attempt.reads.is_some());
    match &newest[from.tx.0 as usize] {
        Some(one) if !checked => Some(one.version),
        _ => Some(from),
    }
}

/// What somebody has read and is not there any more, or was there before anybody wrote.
fn lost(version: Option<Version>, read: &Read) -> VersionRow {
    let state = match version {
        None => VersionState::Committed,
        Some(version) if is_foretold(version) => VersionState::Foretold,
        Some(_) => VersionState::Gone,
    };
    row(version, Some(&read.value), false, state)
}

fn row(
    version: Option<Version>,
    value: Option<&Value>,
    added: bool,
    state: VersionState,
) -> VersionRow {
    let made = version.filter(|version| !is_foretold(*version));
    VersionRow {
        transaction: version.map(|version| version.tx.0),
        incarnation: made.map(|version| version.incarnation.0),
        value: value.map(words::value),
        added,
        state,
        readers: Vec::new(),
        readers_total: 0,
    }
}
