//! Why something failed and what was logged, in words.

use revm::context::result::ExecutionResult;
use revm::primitives::{Address, Log};

use crate::scenario::abi;
use evm_lanes_evm::Outcome;

/// Why a transaction to `to` did not succeed; `None` if it did.
pub(crate) fn failure(
    outcome: &Outcome,
    names: &abi::Names,
    to: Option<Address>,
) -> Option<String> {
    match outcome {
        Outcome::Invalid(invalid) => Some(invalid.to_string()),
        Outcome::Included(ExecutionResult::Success { .. }) => None,
        Outcome::Included(ExecutionResult::Revert { output, .. }) => {
            Some(revert(output, names, to))
        }
        Outcome::Included(ExecutionResult::Halt { reason, .. }) => Some(reason.to_string()),
    }
}

/// What a reverted call said.
pub(crate) fn revert(output: &[u8], names: &abi::Names, to: Option<Address>) -> String {
    let reason = abi::describe_revert(names, to, output);
    reason.unwrap_or_else(|| "reverted without a reason".to_owned())
}

/// An event, if its ABI is known.
pub(crate) fn event(names: &abi::Names, log: &Log) -> Option<String> {
    abi::describe_event(names, log.address, log.topics(), &log.data.data)
}
