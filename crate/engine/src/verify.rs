//! Is the result right? Every run is compared with what stock revm makes of the block.

use revm::context::result::ExecutionResult;
use revm::primitives::Address;

use crate::reason;
use crate::report::transactions::{output, status};
use crate::scenario::Scenario;
use crate::state::{AccountState, State};
use evm_lanes_evm::Outcome;
use evm_lanes_evm::bal::{Content, Difference, Field};

/// One thing that is not as it should be. Becomes a [`crate::report::Difference`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) what: &'static str,
    pub(crate) transaction: Option<u32>,
    pub(crate) account: Option<Address>,
    pub(crate) slot: Option<revm::primitives::U256>,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Mismatch {
    /// Where the list that a run has built is not stock revm's.
    pub(crate) fn of_list(difference: &Difference) -> Self {
        let content = |content: &Option<Content>| {
            content.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
        };
        Self {
            what: "accessList",
            transaction: None,
            account: Some(difference.account),
            slot: match difference.field {
                Field::Read(slot) | Field::Slot(slot, _) => Some(slot),
                _ => None,
            },
            expected: content(&difference.built),
            found: content(&difference.said),
        }
    }

    /// `gas of transaction 3: 21000, and not 21001`.
    pub(crate) fn in_words(&self) -> String {
        let Self { what, transaction, account, slot, expected, found } = self;
        let mut words = (*what).to_owned();
        if let Some(index) = transaction {
            words += &format!(" of transaction {index}");
        }
        if let Some(address) = account {
            words += &format!(" of {address}");
        }
        if let Some(slot) = slot {
            words += &format!(", slot {slot:#x}");
        }
        words + &format!(": {found}, and not {expected}")
    }
}

/// The most mismatches listed.
pub(crate) const MOST: usize = 100;

/// How `found` differs from `expected`: outcomes first, then states; at most [`MOST`].
pub(crate) fn compare(
    scenario: &Scenario,
    (expected, expected_state): (&[Outcome], &State),
    (found, found_state): (&[Outcome], &State),
) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
        if expected != found && mismatches.len() < MOST {
            outcome(scenario, index, expected, found, &mut mismatches);
        }
    }
    if expected_state != found_state {
        states(expected_state, found_state, &mut mismatches);
    }
    mismatches.truncate(MOST);
    mismatches
}

fn outcome(
    scenario: &Scenario,
    index: usize,
    expected: &Outcome,
    found: &Outcome,
    all: &mut Vec<Mismatch>,
) {
    let before = all.len();
    let mut differ = |what, expected: String, found: String| {
        if expected != found {
            let transaction = Some(index as u32);
            all.push(Mismatch { what, transaction, account: None, slot: None, expected, found });
        }
    };
    let state = |outcome: &Outcome| {
        let to = scenario.transactions[index].env.kind.to().copied();
        let reason = reason::failure(outcome, scenario, to);
        format!("{:?} {}", status(outcome), reason.unwrap_or_default()).trim_end().to_owned()
    };
    differ("status", state(expected), state(found));
    let gas = |outcome: &Outcome| {
        outcome.included().map(|result| result.gas().to_string()).unwrap_or_default()
    };
    differ("gas", gas(expected), gas(found));
    let hex = |outcome: &Outcome| revm::primitives::hex::encode_prefixed(output(outcome));
    differ("output", hex(expected), hex(found));
    differ("logs", logs(expected), logs(found));
    if all.len() == before {
        // Unequal in something that has no name of its own.
        let (expected, found) = (rest(expected), rest(found));
        let transaction = Some(index as u32);
        all.push(Mismatch {
            what: "status",
            transaction,
            account: None,
            slot: None,
            expected,
            found,
        });
    }
}

/// Address, topics and data of each log.
fn logs(outcome: &Outcome) -> String {
    let logs = outcome.included().map_or(&[][..], ExecutionResult::logs);
    let logs = logs.iter().map(|log| {
        let topics = log.topics().iter().map(|topic| format!("{topic:#x} "));
        format!("{} {}{:#x}", log.address, topics.collect::<String>(), log.data.data)
    });
    logs.collect::<Vec<_>>().join(", ")
}

/// The kind of success, and what was created.
fn rest(outcome: &Outcome) -> String {
    match outcome.included() {
        Some(ExecutionResult::Success { reason, output, .. }) => {
            let created = output.address().map(|address| format!(", created {address}"));
            format!("{reason:?}{}: {:#x}", created.unwrap_or_default(), output.data())
        }
        _ => "differs in its details".to_owned(),
    }
}

fn states(expected: &State, found: &State, all: &mut Vec<Mismatch>) {
    let both =
        expected.keys().chain(found.keys().filter(|address| !expected.contains_key(*address)));
    for address in both {
        if all.len() >= MOST {
            return;
        }
        let (expected, found) = (expected.get(address), found.get(address));
        if expected != found {
            account(*address, expected, found, all);
        }
    }
}

fn account(
    address: Address,
    expected: Option<&AccountState>,
    found: Option<&AccountState>,
    all: &mut Vec<Mismatch>,
) {
    let mut differ = |what, slot, expected: String, found: String| {
        if expected != found && all.len() < MOST {
            let account = Some(address);
            all.push(Mismatch { what, transaction: None, account, slot, expected, found });
        }
    };
    let exists =
        |state: Option<&AccountState>| if state.is_some() { "exists" } else { "absent" }.to_owned();
    differ("existence", None, exists(expected), exists(found));
    let nothing = AccountState::default();
    let (expected, found) = (expected.unwrap_or(&nothing), found.unwrap_or(&nothing));
    differ("balance", None, expected.balance.to_string(), found.balance.to_string());
    differ("nonce", None, expected.nonce.to_string(), found.nonce.to_string());
    differ("code", None, expected.code_hash.to_string(), found.code_hash.to_string());
    let (a, b) = (&expected.storage, &found.storage);
    for slot in a.keys().chain(b.keys().filter(|slot| !a.contains_key(*slot))) {
        let value = |storage: &std::collections::BTreeMap<_, revm::primitives::U256>| {
            format!("{:#x}", storage.get(slot).copied().unwrap_or_default())
        };
        differ("slot", Some(*slot), value(a), value(b));
    }
}
