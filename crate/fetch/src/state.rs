//! The state that a block's transactions find: from the node's tracer, and whatever a trial run still lacks, from look-ups.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U64, U256, address};
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_import::node::{Account, Receipt, prestate};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::node::{Call, Node, read};
use crate::trial;

/// Each round finds at least one more thing; a chain of values that lead to each other takes as many rounds.
const MOST_ROUNDS: u32 = 300;

/// The contracts that the block itself writes to before its transactions (EIP-4788, EIP-2935) and nobody writes to after.
const WRITTEN_FIRST: [Address; 2] = [
    address!("000F3df6D732807Ef1319fB7B8bB8522d0Beac02"),
    address!("0000F90827F1C53a10cb7A02335B175320002935"),
];

/// What is known of the state before a block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Without their storage.
    pub(crate) accounts: BTreeMap<Address, Account>,
    pub(crate) slots: BTreeMap<(Address, U256), U256>,
    /// Of earlier blocks.
    pub(crate) hashes: BTreeMap<u64, B256>,
}

/// What is to be looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Missing {
    pub(crate) accounts: BTreeSet<Address>,
    pub(crate) slots: BTreeSet<(Address, U256)>,
    pub(crate) hashes: BTreeSet<u64>,
}

impl Missing {
    fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.slots.is_empty() && self.hashes.is_empty()
    }
}

/// What the tracer says of one transaction.
type Prestate = BTreeMap<Address, Account>;

impl Known {
    /// What the first transaction to touch a thing found there is what the block found there.
    fn take_trace(&mut self, trace: Prestate, fresh: &BTreeSet<Address>) {
        for (address, mut account) in trace {
            if fresh.contains(&address) {
                continue;
            }
            for (slot, value) in std::mem::take(&mut account.storage) {
                self.slots.entry((address, slot)).or_insert(value);
            }
            self.accounts.entry(address).or_insert(account);
        }
    }

    /// Every account with its storage, where there is one at all.
    pub(crate) fn into_accounts(self) -> BTreeMap<Address, Account> {
        let mut accounts = self.accounts;
        accounts.retain(|_, account| !account.is_empty());
        for ((address, slot), value) in self.slots {
            if let Some(account) = accounts.get_mut(&address) {
                account.storage.insert(slot, value);
            }
        }
        accounts
    }

    /// Adds what is not known yet.
    pub(crate) fn take(&mut self, other: Self) {
        for (address, account) in other.accounts {
            self.accounts.entry(address).or_insert(account);
        }
        for (place, value) in other.slots {
            self.slots.entry(place).or_insert(value);
        }
        for (number, hash) in other.hashes {
            self.hashes.entry(number).or_insert(hash);
        }
    }
}

/// The state as the node's tracer knows it, or why it does not.
pub(crate) async fn trace(
    node: &mut Node,
    number: u64,
    receipts: &[Receipt],
) -> Result<Result<Known, String>, Problem> {
    let prestates = match block_trace(node, number, receipts.len()).await? {
        Ok(prestates) => prestates,
        Err(_) => match transaction_traces(node, receipts).await? {
            Ok(prestates) => prestates,
            Err(why) => return Ok(Err(why)),
        },
    };
    let mut known = Known::default();
    // A contract that a transaction creates is left out of what that transaction found, and is there for the next.
    let mut fresh = BTreeSet::new();
    for (prestate, receipt) in prestates.into_iter().zip(receipts) {
        known.take_trace(prestate, &fresh);
        if let Some(created) = receipt.contract_address
            && !known.accounts.contains_key(&created)
        {
            known.accounts.insert(created, Account::default());
            fresh.insert(created);
        }
    }
    Ok(Ok(known))
}

type Prestates = Result<Vec<Prestate>, String>;

async fn block_trace(node: &mut Node, number: u64, count: usize) -> Result<Prestates, Problem> {
    #[derive(Deserialize)]
    struct One {
        #[serde(default)]
        result: Value,
    }
    let params = json!([format!("0x{number:x}"), { "tracer": "prestateTracer" }]);
    let value = match useful(node.one("debug_traceBlockByNumber", params).await)? {
        Ok(value) => value,
        Err(why) => return Ok(Err(why)),
    };
    let Ok(list) = serde_json::from_value::<Vec<One>>(value) else {
        return Ok(Err("it has another form".to_owned()));
    };
    if list.len() < count || list.iter().any(|one| one.result.is_null()) {
        return Ok(Err("it is incomplete".to_owned()));
    }
    Ok(list.iter().map(|one| prestate(&one.result)).collect())
}

async fn transaction_traces(node: &mut Node, receipts: &[Receipt]) -> Result<Prestates, Problem> {
    let call = |receipt: &Receipt| Call {
        method: "debug_traceTransaction",
        params: json!([receipt.transaction_hash, { "tracer": "prestateTracer" }]),
    };
    let mut prestates = Vec::with_capacity(receipts.len());
    // The first alone: a node without `debug_` need not be asked for all.
    for some in [&receipts[..1], &receipts[1..]] {
        let calls: Vec<Call> = some.iter().map(call).collect();
        for answer in match useful(node.ask(&calls).await.map(Ok))? {
            Ok(answers) => answers,
            Err(why) => return Ok(Err(why)),
        } {
            let value = match answer {
                Ok(value) => value,
                Err(error) => return Ok(Err(error.of("debug_traceTransaction").to_string())),
            };
            match prestate(&value) {
                Ok(prestate) => prestates.push(prestate),
                Err(why) => return Ok(Err(why)),
            }
        }
    }
    Ok(Ok(prestates))
}

/// A tracer that fails is no failure of the fetch, unless it is for a reason that everything else would fail for.
fn useful<T>(
    answer: Result<Result<T, crate::node::RpcError>, Problem>,
) -> Result<Result<T, String>, Problem> {
    match answer {
        Ok(Ok(value)) => Ok(Ok(value)),
        Ok(Err(error)) => Ok(Err(error.of("debug").to_string())),
        Err(
            problem @ (Problem::TimedOut(_)
            | Problem::Unreadable { .. }
            | Problem::Status(_)
            | Problem::Forbidden(_)
            | Problem::Refused { .. }),
        ) => Ok(Err(problem.to_string())),
        Err(problem) => Err(problem),
    }
}

/// Runs the transactions on what is known, looks up what they lacked, and runs them again, until they lack nothing: what
/// the chosen ones found is the state that they need.
pub(crate) async fn complete(
    node: &mut Node,
    known: &mut Known,
    scenario: &Scenario,
    chosen: &BTreeSet<usize>,
    number: u64,
) -> Result<Known, Problem> {
    let mut missing = trial::mentioned(scenario);
    missing.accounts.retain(|address| !known.accounts.contains_key(address));
    missing.slots.retain(|place| !known.slots.contains_key(place));
    for _ in 0..MOST_ROUNDS {
        look_up(node, known, &missing, number).await?;
        let trial = trial::run(scenario, known, chosen);
        if trial.missing.is_empty() {
            return Ok(trial.found);
        }
        missing = trial.missing;
    }
    Err(Problem::NoEnd(MOST_ROUNDS))
}

async fn look_up(
    node: &mut Node,
    known: &mut Known,
    missing: &Missing,
    number: u64,
) -> Result<(), Problem> {
    const BALANCE: &str = "eth_getBalance";
    const NONCE: &str = "eth_getTransactionCount";
    const CODE: &str = "eth_getCode";
    const SLOT: &str = "eth_getStorageAt";
    const BLOCK: &str = "eth_getBlockByNumber";
    let most = node.limits().accounts;
    if known.accounts.len() + missing.accounts.len() > most {
        return Err(Problem::TooManyAccounts(most));
    }
    let at = |address: &Address| {
        let written_first = WRITTEN_FIRST.contains(address);
        format!("0x{:x}", if written_first { number } else { number - 1 })
    };
    let mut calls = Vec::new();
    for address in &missing.accounts {
        let params = json!([address, at(address)]);
        calls.extend([BALANCE, NONCE, CODE].map(|method| Call { method, params: params.clone() }));
    }
    for (address, slot) in &missing.slots {
        calls.push(Call { method: SLOT, params: json!([address, B256::from(*slot), at(address)]) });
    }
    for number in &missing.hashes {
        calls.push(Call { method: BLOCK, params: json!([format!("0x{number:x}"), false]) });
    }
    let answers = node.ask(&calls).await?;
    let mut results = Vec::with_capacity(answers.len());
    for (answer, call) in answers.into_iter().zip(&calls) {
        results.push(answer.map_err(|error| match error.is_pruned() {
            true => match error.of(call.method) {
                Problem::Refused { message, .. } => Problem::Pruned { block: number - 1, message },
                other => other,
            },
            false => error.of(call.method),
        })?);
    }
    let mut results = results.into_iter();
    let mut next = || results.next().expect("each call has an answer");
    for address in &missing.accounts {
        let balance = read(BALANCE, next())?;
        let nonce: U64 = read(NONCE, next())?;
        let code = read(CODE, next())?;
        let account = Account { balance, nonce: nonce.to(), code, ..Account::default() };
        known.accounts.insert(*address, account);
    }
    for place in &missing.slots {
        let value: B256 = read(SLOT, padded(next()))?;
        known.slots.insert(*place, value.into());
    }
    for number in &missing.hashes {
        let hash: B256 = read(BLOCK, next()["hash"].take())?;
        known.hashes.insert(*number, hash);
    }
    node.note(|progress| {
        progress.accounts = known.accounts.len();
        progress.slots = known.slots.len();
    });
    Ok(())
}

/// Some nodes leave leading zeros out.
fn padded(value: Value) -> Value {
    match value.as_str().and_then(|text| text.strip_prefix("0x")) {
        Some(digits) if digits.len() < 64 => json!(format!("0x{digits:0>64}")),
        _ => value,
    }
}
