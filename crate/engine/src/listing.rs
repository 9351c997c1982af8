//! The block access list (EIP-7928) that a scenario's block gives.

use evm_lanes_evm::bal::{AccessList, encode};
use revm::primitives::{B256, keccak256};

use crate::run::{placed, prepare};
use crate::scenario::{self, Scenario};
use crate::{Phase, RunError, Surroundings};

/// A block's access list. It has indices 1 to n for n transactions: a scenario has no system calls before them, which
/// would be index 0, and no withdrawals behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// In the order that lists have.
    pub list: AccessList,
    /// Its encoding (RLP).
    pub encoded: Vec<u8>,
    /// Hash of the encoding, as a header has it.
    pub hash: B256,
    /// What the list's accounts are called, in its order; `None` for those without a name.
    pub names: Vec<Option<String>>,
}

/// The list as stock revm builds it, under any fork; headers have its hash from Amsterdam on. What the scenario's own list
/// says makes no difference.
///
/// # Errors
/// Those of a run; and a block that its scenario rejects has no list.
pub fn listing(text: &str, with: &Surroundings<'_>) -> Result<Listing, RunError> {
    let (scenario, diagnostics) = scenario::read(text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    let list = list_of(&scenario, text, with)?;
    let encoded = encode(&list);
    let name = |address| scenario.names.get(&address).map(|name| name.name.clone());
    let names = list.iter().map(|account| name(account.address)).collect();
    Ok(Listing { hash: keccak256(&encoded), encoded, names, list })
}

fn list_of(
    scenario: &Scenario,
    text: &str,
    with: &Surroundings<'_>,
) -> Result<AccessList, RunError> {
    let block = prepare(scenario, with).map_err(|error| placed(error, text))?;
    let total = scenario.transactions.len() as u32;
    let progress = |done| (with.progress)(Phase::Sequential, done, total);
    let outcomes = block.sequential(None, with.cancel, &progress)?.outcomes;
    if let Some(index) = block.rejected_by(&outcomes) {
        let path = &scenario.transactions[index as usize].path;
        let message = "this transaction is invalid and the block with it, so it has no list";
        let found = scenario::error_at(text, path, message.to_owned());
        return Err(RunError::Invalid(vec![found]));
    }
    block.reference_list(with.cancel)
}
