//! Whether the scenario gives what the receipts say.

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::Block;
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_evm::Outcome;
use serde::Serialize;

use crate::Problem;
use crate::block::Receipt;

/// A transaction as the scenario's sequential run leaves it, beside its receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Its hash.
    pub hash: String,
    /// Gas by the receipt.
    pub gas: u64,
    /// Whether it succeeded, by the receipt; receipts before Byzantium do not say.
    pub succeeded: Option<bool>,
    /// What is different.
    pub differences: Vec<Difference>,
}

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Gas, status.
    pub what: String,
    /// The receipt says.
    pub receipt: String,
    /// The scenario gives.
    pub scenario: String,
}

/// Runs the scenario in order and compares.
pub(crate) fn compare(
    scenario: &Scenario,
    receipts: &[&Receipt],
) -> Result<Vec<Compared>, Problem> {
    let cancel = AtomicBool::new(false);
    let failed = |what: String| Problem::Scenario(what);
    let block = Block::prepare(scenario, &cancel, &|_| {})
        .map_err(|error| failed(error.to_string()))?
        .map_err(|failure| failed(failure.message))?;
    let run =
        block.sequential(None, &cancel, &|_| {}).map_err(|error| failed(error.to_string()))?;
    let pairs = run.outcomes.iter().zip(receipts);
    Ok(pairs
        .map(|(outcome, receipt)| {
            let mut differences = Vec::new();
            let mut differ = |what: &str, receipt: String, scenario: String| {
                if receipt != scenario {
                    differences.push(Difference { what: what.to_owned(), receipt, scenario });
                }
            };
            let gas = receipt.gas_used();
            differ("gas", gas.to_string(), outcome.gas_used().to_string());
            let status = match outcome {
                Outcome::Included(result) => word(result.is_success()).to_owned(),
                Outcome::Invalid(why) => format!("invalid: {why}"),
            };
            let succeeded = receipt.succeeded();
            // Receipts before Byzantium leave only this to be said.
            let expected =
                succeeded.map_or_else(|| "included".to_owned(), |ok| word(ok).to_owned());
            let found = match succeeded {
                None if outcome.included().is_some() => expected.clone(),
                _ => status,
            };
            differ("status", expected, found);
            let hash = receipt.transaction_hash.to_string();
            Compared { hash, gas, succeeded, differences }
        })
        .collect())
}

fn word(success: bool) -> &'static str {
    if success { "success" } else { "failure" }
}
