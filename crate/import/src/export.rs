//! Scenarios as other tools read them.

mod cast;
mod t8n;

pub use cast::cast;
pub use t8n::t8n;

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::Block;
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_evm::State;

/// What was written, and what could not be.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The text.
    pub text: String,
    /// Sentences about what is not in it.
    pub left_out: Vec<String>,
}

/// The signed transactions of a scenario as they were signed, one a line.
pub fn raw(scenario: &Scenario) -> Exported {
    let mut out = Exported { text: String::new(), left_out: Vec::new() };
    for (index, transaction) in scenario.transactions.iter().enumerate() {
        match &transaction.signed {
            Some(raw) => out.text.push_str(&format!("{raw}\n")),
            None => out.left_out.push(format!(
                "transaction {index} ({}) is not signed: its sender's key would be needed",
                transaction.path
            )),
        }
    }
    out
}

/// The state before the block, when constructors and the set-up have run.
///
/// # Errors
/// A sentence, if they fail.
fn before(scenario: &Scenario) -> Result<State, String> {
    if scenario.deployments.is_empty() && scenario.setup.is_empty() {
        return Ok(scenario.accounts.clone());
    }
    match Block::prepare(scenario, &AtomicBool::new(false), &|_| {}) {
        Ok(Ok(block)) => Ok(block.before().clone()),
        Ok(Err(failure)) => Err(failure.message),
        Err(error) => Err(error.to_string()),
    }
    .map_err(|why| {
        format!("the set-up has failed ({why}): the accounts are as they were before it")
    })
}
