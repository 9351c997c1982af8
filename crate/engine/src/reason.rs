//! Why something failed and what was logged, in words.

use revm::context::result::ExecutionResult;
use revm::primitives::{Address, Log};

use crate::scenario::{Scenario, abi};
use evm_lanes_evm::Outcome;

/// Why a transaction to `to` did not succeed; `None` if it did.
pub(crate) fn failure(
    outcome: &Outcome,
    scenario: &Scenario,
    to: Option<Address>,
) -> Option<String> {
    match outcome {
        Outcome::Invalid(invalid) => Some(invalid.to_string()),
        Outcome::Included(ExecutionResult::Success { .. }) => None,
        Outcome::Included(ExecutionResult::Revert { output, .. }) => {
            Some(revert(output, scenario, to))
        }
        Outcome::Included(ExecutionResult::Halt { reason, .. }) => Some(reason.to_string()),
    }
}

/// What a reverted call said.
pub(crate) fn revert(output: &[u8], scenario: &Scenario, to: Option<Address>) -> String {
    let reason = abi::describe_revert(&scenario.names, &scenario.library, to, output);
    reason.unwrap_or_else(|| "reverted without a reason".to_owned())
}

/// An event, if its ABI is known.
pub(crate) fn event(scenario: &Scenario, log: &Log) -> Option<String> {
    let (names, library) = (&scenario.names, &scenario.library);
    abi::describe_event(names, library, log.address, log.topics(), &log.data.data)
}
