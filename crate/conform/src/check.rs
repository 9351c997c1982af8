//! Executes a case in every way and compares what comes of it with what the case says.
//!
//! Stock revm's result is compared with the case; every other way's with stock revm's, exactly (see [`Ways::execute`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use alloy_eips::eip7685::Requests;
use alloy_primitives::Bytes;
use evm_lanes_engine::state::root;
use evm_lanes_evm::bal::{self, Difference, Field, Malformed};
use evm_lanes_evm::block::Block;
use evm_lanes_evm::{AccountState, Outcome, State};
use evm_lanes_schedule::Error;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{B256, U256};

use crate::case::{Passed, Verdict};
use crate::fixture::blockchain::{Candidate, Chain, Imported, Rejected};
use crate::fixture::bundle::RealBlock;
use crate::fixture::state_test::StateTest;
use crate::receipts::Receipts;
use crate::ways::{Executed, Lists, Ways, states};

/// The most problems told of a case.
const MOST_PROBLEMS: usize = 20;

/// A state test.
pub(crate) fn transaction(test: &StateTest, ways: &Ways, cancel: &AtomicBool) -> Verdict {
    let expected = &test.expected;
    let mut tally = Tally::default();
    let block = match &test.block {
        Ok(block) => block,
        Err(reason) => {
            if expected.exception.is_none() {
                tally.problem(format!("the transaction cannot be read: {reason}"));
            }
            tally.unequal("the state root", &root(&test.before), &expected.state_root);
            return tally.verdict(None);
        }
    };
    let reference = match ways.execute(block, Lists::NotMade, cancel) {
        Ok(Executed { reference, differences, .. }) => {
            tally.differences = differences;
            reference
        }
        Err(error) => return tally.ended(&error),
    };
    tally.executed(&reference.outcomes);
    for outcome in &reference.outcomes {
        match (outcome, &expected.exception) {
            (Outcome::Invalid(reason), None) => {
                tally.problem(format!("stock revm: the transaction is invalid: {reason}"));
            }
            (Outcome::Included(_), Some(exception)) => {
                tally.problem(format!("stock revm: the transaction is valid, despite {exception}"));
            }
            _ => {}
        }
    }
    tally.unequal("stock revm: the state root", &root(&reference.after), &expected.state_root);
    let logs_hash = Receipts::new(std::iter::once(0), &reference.outcomes).logs_hash();
    tally.unequal("stock revm: the hash of the logs", &logs_hash, &expected.logs_hash);
    tally.verdict(None)
}

/// A blockchain test.
pub(crate) fn chain(chain: &Chain, ways: &Ways, cancel: &AtomicBool) -> Verdict {
    let mut tally = Tally::default();
    let mut known: BTreeMap<B256, State> = BTreeMap::new();
    known.insert(chain.genesis, chain.state.clone());
    for (index, candidate) in chain.blocks.iter().enumerate() {
        // Of an earlier block only what a later one builds on is kept.
        let wanted: BTreeSet<B256> = chain.blocks[index..]
            .iter()
            .filter_map(|candidate| Some(candidate.block.as_ref().ok()?.parent))
            .chain([chain.last])
            .collect();
        known.retain(|hash, _| wanted.contains(hash));

        let executed = match &candidate.block {
            Err(Rejected::Block(why)) => Err(Invalid::Block(why.clone())),
            Err(Rejected::Transaction(why)) => Err(Invalid::Transaction(why.clone())),
            Ok(block) => match known.get(&block.parent) {
                None => Err(Invalid::Block("its parent was rejected".to_owned())),
                Some(before) => match import(candidate, block, before, ways, cancel, &mut tally) {
                    Ok(executed) => executed,
                    Err(error) => return tally.ended(&error),
                },
            },
        };
        match (executed, &candidate.exception) {
            (Ok(after), None) => {
                if let Ok(block) = &candidate.block {
                    if candidate.hash != Some(block.hash) {
                        tally.problem(format!("block {index} has the hash {}", block.hash));
                    }
                    known.insert(block.hash, after);
                }
            }
            (Ok(_), Some(_)) if chain.mined => {
                tally.undecided.get_or_insert("proof of work is not checked".to_owned());
            }
            (Ok(_), Some(exception)) => {
                tally.problem(format!("block {index} is valid, despite {exception}"));
            }
            // A transaction that must not be is not to be let in for the root of the state to tell.
            (Err(Invalid::Result(why)), Some(exception)) if is_of_transaction(exception) => {
                tally.problem(format!("block {index} is invalid only because {why}: {exception}"));
            }
            (Err(invalid), Some(exception)) if !fits_list(&invalid, exception, candidate) => {
                let why = invalid.words();
                tally.problem(format!("block {index} is invalid because {why}, not {exception}"));
            }
            (Err(_), Some(_)) => {}
            (Err(why), None) => {
                tally.problem(format!("block {index} is invalid: {}", why.words()));
            }
        }
    }
    match known.get(&chain.last) {
        None => tally.problem(format!("there is no state after block {}", chain.last)),
        Some(found) => {
            if let Some(expected) = &chain.after
                && let Some(difference) = states(expected, found)
            {
                tally.problem(format!("at the end {difference}"));
            }
            if let Some(expected) = &chain.after_root {
                tally.unequal("the state root at the end", &root(found), expected);
            }
        }
    }
    tally.verdict(chain.excuse.as_deref())
}

/// A real block.
pub(crate) fn real(real: &RealBlock, ways: &Ways, cancel: &AtomicBool) -> Verdict {
    let expected = &real.expected;
    let mut tally = Tally::default();
    let reference = match ways.execute(&real.block, Lists::NotMade, cancel) {
        Ok(Executed { reference, differences, .. }) => {
            tally.differences = differences;
            reference
        }
        Err(error) => return tally.ended(&error),
    };
    tally.executed(&reference.outcomes);
    for (index, outcome) in reference.outcomes.iter().enumerate() {
        if let Outcome::Invalid(reason) = outcome {
            tally.problem(format!("stock revm: transaction {index} is invalid: {reason}"));
        }
    }
    let used = real.environment.used(real.block.transactions(), &reference.outcomes);
    tally.unequal("stock revm: gas used", &used.regular.max(used.state), &expected.gas_used);
    let receipts = receipts(&real.block, &reference.outcomes);
    let bloom = Bytes::copy_from_slice(receipts.bloom().as_slice());
    tally.unequal("stock revm: the bloom", &bloom, &expected.logs_bloom);
    if let Some(expected) = &expected.receipts_root {
        tally.unequal("stock revm: the receipts root", &receipts.root(), expected);
    }
    let mut after = reference.after;
    if let Some(frame) = &real.frame {
        match frame.close(&real.environment, after, &reference.outcomes) {
            Ok(closed) => {
                after = closed.after;
                if let Some(expected) = &expected.requests_hash {
                    let found = Requests::new(closed.requests).requests_hash();
                    tally.unequal("stock revm: the requests hash", &found, expected);
                }
            }
            Err(error) => {
                tally.problem(format!("stock revm: {error}"));
                return tally.verdict(None);
            }
        }
    }
    difference(real, after, &mut tally);
    tally.verdict(None)
}

/// What has been found so far.
#[derive(Default)]
struct Tally {
    /// How stock revm's result differs from what the case says.
    problems: Vec<String>,
    /// How a way differs from stock revm.
    differences: Vec<String>,
    /// Why it cannot be said whether the case passes, although nothing is wrong.
    undecided: Option<String>,
    passed: Passed,
}

impl Tally {
    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn unequal<T: PartialEq + std::fmt::Display>(&mut self, what: &str, found: &T, expected: &T) {
        if found != expected {
            self.problem(format!("{what} is {found}, expected {expected}"));
        }
    }

    fn executed(&mut self, outcomes: &[Outcome]) {
        self.passed.blocks += 1;
        self.passed.transactions += outcomes.len() as u64;
        self.passed.gas += outcomes.iter().map(Outcome::gas_used).sum::<u64>();
    }

    /// Execution ended early.
    fn ended(mut self, error: &Error) -> Verdict {
        match error {
            Error::Cancelled => Verdict::Cancelled,
            error => {
                self.problem(format!("stock revm: {error}"));
                self.verdict(None)
            }
        }
    }

    /// An excuse explains why stock revm is not as the case says, but never why a way is not as stock revm.
    fn verdict(mut self, excuse: Option<&str>) -> Verdict {
        if let (Some(excuse), [], [_, ..]) = (excuse, &*self.differences, &*self.problems) {
            return Verdict::Skipped(excuse.to_owned());
        }
        self.problems.append(&mut self.differences);
        if !self.problems.is_empty() {
            self.problems.truncate(MOST_PROBLEMS);
            return Verdict::Failed(self.problems);
        }
        match self.undecided {
            Some(reason) => Verdict::Skipped(reason),
            None => Verdict::Passed(self.passed),
        }
    }
}

/// Why a block is invalid.
enum Invalid {
    /// Its header, its form or its frame.
    Block(String),
    /// One of its transactions.
    Transaction(String),
    /// What its header says came out of it.
    Result(String),
    /// Its access list: what is wrong with its form, and where it says something else than what the block does.
    List(Option<Malformed>, Vec<Difference>),
}

impl Invalid {
    fn words(&self) -> String {
        match self {
            Self::Block(why) | Self::Transaction(why) | Self::Result(why) => why.clone(),
            Self::List(malformed, differences) => {
                let malformed = malformed.iter().map(ToString::to_string);
                let all: Vec<_> =
                    malformed.chain(differences.iter().map(ToString::to_string)).collect();
                format!("its access list is wrong: {}", all.join("; "))
            }
        }
    }
}

/// Executes a block on the state after its parent: the state after it, or why it is invalid.
fn import(
    candidate: &Candidate,
    imported: &Imported,
    before: &State,
    ways: &Ways,
    cancel: &AtomicBool,
    tally: &mut Tally,
) -> Result<Result<State, Invalid>, Error> {
    let Imported { header, environment, frame, .. } = imported;
    // One that is wrong is executed on as well: nothing wrong may come of it.
    let lists = match (&candidate.list, &header.block_access_list_hash) {
        (_, None) => Lists::NotMade,
        (None, Some(_)) => Lists::Made,
        (Some(list), Some(_)) => Lists::Given(list),
    };
    let opened = frame.open(environment, before.clone());
    let block = Block::new(environment.clone(), opened.before, imported.transactions.clone());
    let Executed { reference, list, differences } = ways.execute(&block, lists, cancel)?;
    tally.executed(&reference.outcomes);
    let number = header.number;
    let differences = differences.into_iter().map(|one| format!("block number {number}: {one}"));
    tally.differences.extend(differences);

    for (index, outcome) in reference.outcomes.iter().enumerate() {
        if let Outcome::Invalid(reason) = outcome {
            return Ok(Err(Invalid::Transaction(format!("transaction {index}: {reason}"))));
        }
    }
    let closed = match frame.close(environment, reference.after, &reference.outcomes) {
        Ok(closed) => closed,
        Err(error) => return Ok(Err(Invalid::Block(error.to_string()))),
    };
    let mut wrong: Option<String> = None;
    let mut compare =
        |what: &str, found: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
            let (found, expected) = (found.to_string(), expected.to_string());
            if found != expected && wrong.is_none() {
                wrong = Some(format!("{what} is {found}, its header says {expected}"));
            }
        };
    let used = environment.used(block.transactions(), &reference.outcomes);
    compare("gas used", &used.regular.max(used.state), &header.gas_used);
    let receipts = receipts(&block, &reference.outcomes);
    compare("the bloom", &receipts.bloom(), &header.logs_bloom);
    // Before Byzantium a receipt held the state root after its transaction.
    if environment.fork().is_enabled_in(SpecId::BYZANTIUM) {
        compare("the receipts root", &receipts.root(), &header.receipts_root);
    }
    if let Some(expected) = &header.requests_hash {
        compare("the requests hash", &Requests::new(closed.requests).requests_hash(), expected);
    }
    compare("the state root", &root(&closed.after), &header.state_root);
    if let Some(expected) = &header.block_access_list_hash {
        let built = bal::join([opened.list, list, closed.list]);
        if let Lists::Given(given) = lists {
            let malformed = bal::check(given, block.transactions().len(), header.gas_limit).err();
            let differences = bal::differences(given, &built);
            if malformed.is_some() || !differences.is_empty() {
                return Ok(Err(Invalid::List(malformed, differences)));
            }
        }
        compare("the access list hash", &bal::hash(&built), expected);
        tally.passed.access_lists += 1;
    }
    Ok(wrong.map_or(Ok(closed.after), |why| Err(Invalid::Result(why))))
}

fn receipts(block: &Block, outcomes: &[Outcome]) -> Receipts {
    Receipts::new(block.transactions().iter().map(|transaction| transaction.tx_type), outcomes)
}

/// Whether what is wrong with an access list is what a fixture says. Of other exceptions nothing is asked here.
fn fits_list(invalid: &Invalid, exception: &str, candidate: &Candidate) -> bool {
    let of_account = |is: fn(&Difference) -> bool| {
        let found = |one: &Difference| one.field == Field::Account && is(one);
        matches!(invalid, Invalid::List(_, differences) if differences.iter().any(found))
    };
    exception.split('|').any(|one| match one.trim_start_matches("BlockException.") {
        "INVALID_BLOCK_ACCESS_LIST" => matches!(invalid, Invalid::List(..)),
        "INVALID_BAL_EXTRA_ACCOUNT" => of_account(|found| found.built.is_none()),
        "INVALID_BAL_MISSING_ACCOUNT" => of_account(|found| found.said.is_none()),
        "INCORRECT_BLOCK_FORMAT" if candidate.list.is_some() => {
            matches!(invalid, Invalid::List(Some(_), _))
        }
        _ => true,
    })
}

/// In the words of today's fixtures, or of those before 2023.
fn is_of_transaction(exception: &str) -> bool {
    exception
        .split('|')
        .all(|one| one.starts_with("TransactionException.") || one.starts_with("TR_"))
}

/// The state's difference must be exactly what was expected, no more and no less.
fn difference(real: &RealBlock, mut after: State, tally: &mut Tally) {
    let RealBlock { expected, environment, .. } = real;
    let mut before = real.before.clone();
    // From Spurious Dragon on an empty account and none are the same (EIP-161), and pre-states bring empty ones.
    let absent = AccountState::default();
    if environment.fork().is_enabled_in(SpecId::SPURIOUS_DRAGON) {
        before.retain(|_, account| *account != absent);
        after.retain(|_, account| *account != absent);
    }
    let addresses: BTreeSet<_> =
        before.keys().chain(after.keys()).chain(expected.changed.keys()).copied().collect();
    for address in addresses {
        let (old, new) = (before.get(&address), after.get(&address));
        let Some(wanted) = expected.changed.get(&address) else {
            if old != new {
                tally.problem(format!("stock revm: {address} changed from {old:?} to {new:?}"));
            }
            continue;
        };
        let (Some(new), Some(wanted)) = (new, wanted) else {
            if new.is_some() != wanted.is_some() {
                tally.problem(format!("stock revm: {address} is {new:?}, expected {wanted:?}"));
            }
            continue;
        };
        if (new.balance, U256::from(new.nonce)) != (wanted.balance.0, wanted.nonce.0) {
            tally.problem(format!(
                "stock revm: {address} has {} wei and nonce {}, expected {} and {}",
                new.balance, new.nonce, wanted.balance.0, wanted.nonce.0
            ));
        }
        let old = old.unwrap_or(&absent);
        let code = new.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
        match &wanted.code {
            Some(wanted) if *wanted != code => {
                tally.problem(format!("stock revm: the code of {address} is wrong"));
            }
            None if old.code_hash != new.code_hash => {
                tally.problem(format!("stock revm: the code of {address} changed"));
            }
            _ => {}
        }
        let wanted: BTreeMap<U256, U256> =
            wanted.storage.iter().map(|(slot, value)| (slot.0, value.0)).collect();
        let slots: BTreeSet<_> =
            old.storage.keys().chain(new.storage.keys()).chain(wanted.keys()).collect();
        for slot in slots {
            let value =
                |account: &AccountState| account.storage.get(slot).copied().unwrap_or(U256::ZERO);
            let wanted = wanted.get(slot).copied().unwrap_or_else(|| value(old));
            if value(new) != wanted {
                tally.problem(format!(
                    "stock revm: slot {slot:#x} of {address} is {:#x}, expected {wanted:#x}",
                    value(new)
                ));
            }
        }
    }
}
