//! Receipts, and whether a scenario gives what they say.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use alloy_primitives::{Address, B256};
use evm_lanes_engine::block::Block;
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_evm::Outcome;
use serde::Serialize;

use crate::draft::Transaction;
use crate::parts::Parts;
use crate::reader::{At, Reader};

/// With more gas than this a comparison would take longer than reading should.
const MOST_GAS: u64 = 500_000_000;
/// Transactions that differ told one by one.
const MOST_TOLD: usize = 20;

/// What became of a transaction.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Whose it is.
    pub transaction_hash: B256,
    /// The block that it is in, if it is said.
    pub block_hash: Option<B256>,
    /// The contract that it has created.
    pub contract_address: Option<Address>,
    /// All of its gas.
    pub gas_used: u64,
    /// Whether it succeeded; receipts before Byzantium do not say.
    pub succeeded: Option<bool>,
}

/// A transaction as the scenario's sequential run leaves it, beside its receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Its hash.
    pub hash: String,
    /// Gas by the receipt.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas: u64,
    /// Whether it succeeded, by the receipt; receipts before Byzantium do not say.
    pub succeeded: Option<bool>,
    /// What is different.
    pub differences: Vec<Difference>,
}

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Gas, status.
    pub what: String,
    /// The receipt says.
    pub receipt: String,
    /// The scenario gives.
    pub scenario: String,
}

/// `eth_getTransactionReceipt`, or an item of `eth_getBlockReceipts`.
pub(crate) fn read(at: &At<'_>, reader: &mut Reader) -> Option<Receipt> {
    let hash = reader.wants(at, "transactionHash", "a receipt")?;
    let gas = reader.wants(at, "gasUsed", "a receipt")?;
    let mut one = Receipt {
        transaction_hash: reader.hash(&hash)?,
        block_hash: None,
        contract_address: None,
        gas_used: reader.small(&gas)?,
        succeeded: None,
    };
    if let Some(hash) = at.get("blockHash") {
        one.block_hash = Some(reader.hash(&hash)?);
    }
    if let Some(created) = at.get("contractAddress") {
        one.contract_address = Some(reader.address(&created)?);
    }
    if let Some(status) = at.get("status") {
        one.succeeded = Some(!reader.number(&status)?.is_zero());
    }
    Some(one)
}

/// Compares with the receipts that were read: what differs is a warning, and that nothing does is told.
pub(crate) fn check(parts: &Parts, scenario: &Scenario, reader: &mut Reader) -> Option<String> {
    let transactions = &parts.draft.transactions;
    let receipts = of(transactions, &parts.receipts);
    let there = receipts.iter().flatten().count();
    let given = format!("{} of {} transactions have a receipt", there, transactions.len());
    let gas: u64 =
        scenario.transactions.iter().fold(0, |sum, one| sum.saturating_add(one.env.gas_limit));
    if gas.min(scenario.block.gas_limit) > MOST_GAS {
        return Some(format!("{given}; with more than {MOST_GAS} gas they are not compared here"));
    }
    let compared = match compare(scenario, &receipts) {
        Ok(compared) => compared,
        Err(why) => return Some(format!("{given}, and none was compared: {why}")),
    };
    let different: Vec<_> = compared.iter().filter(|one| !one.differences.is_empty()).collect();
    for one in different.iter().take(MOST_TOLD) {
        let differences = one.differences.iter().map(|one| {
            format!("{} {}, and its receipt says {}", one.what, one.scenario, one.receipt)
        });
        let differences: Vec<String> = differences.collect();
        let hint = "is the state before it whole? prestateTracer tells it without diffMode, for the block's every transaction";
        reader.warning("", format!("{}: {}", one.hash, differences.join("; ")), Some(hint));
    }
    Some(match different.len() {
        0 => format!("{given}, and their gas and status are what it says"),
        some => format!("{given}, and {some} have another gas or status than it says"),
    })
}

/// Each transaction's receipt, if it is there: by its hash, or by its place where it has none.
pub(crate) fn of<'r>(
    transactions: &[Transaction],
    receipts: &'r [Receipt],
) -> Vec<Option<&'r Receipt>> {
    let by_place = transactions.len() == receipts.len();
    let by_hash: BTreeMap<_, _> = receipts.iter().map(|one| (one.transaction_hash, one)).collect();
    let find = |(index, one): (usize, &Transaction)| match one.hash {
        Some(hash) => by_hash.get(&hash).copied(),
        None => receipts.get(index).filter(|_| by_place),
    };
    transactions.iter().enumerate().map(find).collect()
}

/// Runs the scenario in order and compares those of its transactions that have a receipt.
///
/// # Errors
/// Why it cannot run.
pub fn compare(
    scenario: &Scenario,
    receipts: &[Option<&Receipt>],
) -> Result<Vec<Compared>, String> {
    let cancel = AtomicBool::new(false);
    let block = Block::prepare(scenario, &cancel, &|_| {})
        .map_err(|error| error.to_string())?
        .map_err(|failure| failure.message)?;
    let run = block.sequential(None, &cancel, &|_| {}).map_err(|error| error.to_string())?;
    let pairs = run.outcomes.iter().zip(receipts);
    Ok(pairs.filter_map(|(outcome, receipt)| Some(beside(outcome, (*receipt)?))).collect())
}

fn beside(outcome: &Outcome, receipt: &Receipt) -> Compared {
    let mut differences = Vec::new();
    let mut differ = |what: &str, receipt: String, scenario: String| {
        if receipt != scenario {
            differences.push(Difference { what: what.to_owned(), receipt, scenario });
        }
    };
    let &Receipt { gas_used: gas, succeeded, .. } = receipt;
    differ("gas", gas.to_string(), outcome.gas_used().to_string());
    let status = match outcome {
        Outcome::Included(result) => word(result.is_success()).to_owned(),
        Outcome::Invalid(why) => format!("invalid: {why}"),
    };
    // Receipts before Byzantium leave only this to be said.
    let expected = succeeded.map_or_else(|| "included".to_owned(), |ok| word(ok).to_owned());
    let found = match succeeded {
        None if outcome.included().is_some() => expected.clone(),
        _ => status,
    };
    differ("status", expected, found);
    Compared { hash: receipt.transaction_hash.to_string(), gas, succeeded, differences }
}

fn word(success: bool) -> &'static str {
    if success { "success" } else { "failure" }
}
