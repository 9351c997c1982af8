//! One row for each transaction.

use evm_lanes_schedule::{Access, Event, EventKind, WriteKind};
use revm::context::result::{ExecutionResult, Output};
use revm::primitives::{Address, TxKind};

use super::labels::Labels;
use super::tables::{Accounts, Locations};
use super::words;
use super::{LogReport, ReadReport, Status, TransactionReport, WriteReport};
use crate::reason;
use crate::scenario::{Scenario, Transaction};
use evm_lanes_evm::{Location, Outcome, Value};

/// Every address a transaction's row will name.
pub(super) fn addresses(transaction: &Transaction, outcome: &Outcome) -> Vec<Address> {
    let mut all = vec![transaction.env.caller];
    all.extend(transaction.env.kind.to());
    if let Some(result) = outcome.included() {
        all.extend(result.created_address());
        all.extend(result.logs().iter().map(|log| log.address));
    }
    all
}

/// How often each transaction was attempted.
pub(super) fn attempts(events: &[Event<Location, Value>], transactions: usize) -> Vec<u32> {
    let mut attempts = vec![0; transactions];
    for event in events {
        if let EventKind::Executed | EventKind::Blocked { location: Some(_), .. } = event.kind {
            attempts[event.version.tx.0 as usize] += 1;
        }
    }
    attempts
}

/// Where a transaction stands among the others.
pub(super) struct Place {
    pub(super) level: u32,
    pub(super) component: u32,
    pub(super) attempts: u32,
    pub(super) nanoseconds: Option<u64>,
}

pub(super) fn transaction(
    transaction: &Transaction,
    outcome: &Outcome,
    access: &Access<Location, Value>,
    place: &Place,
    (scenario, accounts, locations, labels): (&Scenario, &Accounts, &Locations, &Labels<'_>),
) -> TransactionReport {
    let env = &transaction.env;
    let result = outcome.included();
    let to = match env.kind {
        TxKind::Call(to) => Some(accounts.index(&to)),
        TxKind::Create => None,
    };
    TransactionReport {
        label: transaction.label.clone(),
        path: transaction.path.clone(),
        kind: env.tx_type,
        from: accounts.index(&env.caller),
        to,
        created: result
            .and_then(ExecutionResult::created_address)
            .map(|address| accounts.index(&address)),
        value: words::hex(env.value),
        nonce: env.nonce,
        gas_limit: env.gas_limit,
        data: words::bytes(&env.data),
        call: (transaction.call.clone()).or_else(|| labels.call(env.kind.to()?, &env.data)),
        status: status(outcome),
        reason: reason::failure(outcome, scenario, env.kind.to().copied()),
        gas_used: outcome.gas_used(),
        output: words::bytes(output(outcome)),
        logs: logs(outcome, scenario, accounts),
        microseconds: place.nanoseconds.map(|time| time as f64 / 1000.0),
        reads: access
            .reads
            .iter()
            .map(|read| ReadReport {
                location: locations.index(&read.location),
                value: words::value(&read.value),
                from: read.from.map(|version| version.tx.0),
            })
            .collect(),
        writes: access
            .writes
            .iter()
            .map(|write| {
                let (value, added) = match &write.kind {
                    WriteKind::Set(value) => (value, false),
                    WriteKind::Add(value) => (value, true),
                };
                let location = locations.index(&write.location);
                WriteReport { location, value: words::value(value), added }
            })
            .collect(),
        level: place.level,
        component: place.component,
        attempts: place.attempts,
    }
}

pub(crate) fn status(outcome: &Outcome) -> Status {
    match outcome {
        Outcome::Included(ExecutionResult::Success { .. }) => Status::Success,
        Outcome::Included(ExecutionResult::Revert { .. }) => Status::Revert,
        Outcome::Included(ExecutionResult::Halt { .. }) => Status::Halt,
        Outcome::Invalid(_) => Status::Invalid,
    }
}

/// What it returned; for a creation nothing, because its output is the code.
pub(crate) fn output(outcome: &Outcome) -> &[u8] {
    match outcome.included() {
        Some(ExecutionResult::Success { output: Output::Call(data), .. }) => data,
        Some(ExecutionResult::Revert { output, .. }) => output,
        _ => &[],
    }
}

fn logs(outcome: &Outcome, scenario: &Scenario, accounts: &Accounts) -> Vec<LogReport> {
    let logs = outcome.included().map_or(&[][..], ExecutionResult::logs);
    let report = |log: &revm::primitives::Log| LogReport {
        account: accounts.index(&log.address),
        topics: log.topics().iter().map(ToString::to_string).collect(),
        data: words::bytes(&log.data.data),
        event: reason::event(scenario, log),
    };
    logs.iter().map(report).collect()
}
