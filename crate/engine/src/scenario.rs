//! A scenario that cannot be wrong: what the text means once every problem in it has been reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use evm_lanes_evm::Deployment;
use evm_lanes_evm::bal::AccessList;
use revm::context::{BlockEnv, TxEnv};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes};

use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{Checked, TransactionRow};
use crate::state::State;

mod json;
mod problems;
mod raw;
mod values;
pub(crate) use problems::closest;
pub use values::{fork_name, named_address};

pub mod abi;
pub(crate) mod layout;
mod library;
pub use library::{Contract, Library, LibraryError};

mod access_list;
mod arguments;
mod generate;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "schema")]
pub use schema::schema;

mod lower;
mod own;
mod signature;
mod signed;
mod template;
mod transactions;
mod well_known;

/// The longest text of a scenario, in bytes.
pub const MAX_TEXT: usize = 8 << 20;

/// Reads a scenario's text. There is a scenario if and only if no diagnostic is an error.
///
/// Contracts are those of `library`. Every problem is reported at once, in order of position. No text makes this panic, and work and memory are bounded
/// by limits that are themselves reported.
pub fn read(text: &str, library: &Library) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut problems = problems::Problems::default();
    if text.len() > MAX_TEXT {
        problems.error(0..0, format!("the text is longer than {MAX_TEXT} bytes"));
        return (None, problems.into_diagnostics("", None));
    }
    let document = json::parse(text, &mut problems);
    let mut scenario = None;
    if document.reliable
        && let Some(raw) = <raw::RawScenario as raw::Read>::read(&document.root, &mut problems)
    {
        let lowered = lower::lower(&raw, library, &mut problems);
        scenario = Some(lowered).filter(|_| problems.errors() == 0);
    }
    (scenario, problems.into_diagnostics(text, Some(&document.root)))
}

/// An error at the element with this path (`setup[2]`) that showed only when the scenario ran.
pub(crate) fn error_at(text: &str, path: &str, message: String) -> Diagnostic {
    let document = json::parse(text, &mut problems::Problems::default());
    let mut problems = problems::Problems::default();
    problems.error(problems::span_at(&document.root, path), message);
    let found = problems.into_diagnostics(text, None).pop();
    Diagnostic { path: path.to_owned(), ..found.expect("one problem gives one diagnostic") }
}

/// A problem that a reader of another format found in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `result.transactions[3].to`.
    pub path: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Places in a JSON text for problems of which the path is known; a path that leads nowhere is placed where it ends.
pub fn locate(text: &str, findings: Vec<Finding>) -> Vec<Diagnostic> {
    let document = json::parse(text, &mut problems::Problems::default());
    let mut problems = problems::Problems::default();
    for Finding { path, severity, message, hint } in findings {
        let span = problems::span_at(&document.root, &path);
        match severity {
            Severity::Error => problems.error(span, message).hint_if(hint),
            Severity::Warning => problems.warning(span, message).hint_if(hint),
        }
    }
    problems.into_diagnostics(text, Some(&document.root))
}

/// Everything that is wrong with a text as JSON, comments and trailing commas allowed: all of it, keys that are there
/// twice too, with places.
pub fn syntax(text: &str) -> Vec<Diagnostic> {
    let mut problems = problems::Problems::default();
    let document = json::parse(text, &mut problems);
    problems.into_diagnostics(text, Some(&document.root))
}

/// What the page shows of a text before anything has run.
pub fn check(text: &str, library: &Library) -> Checked {
    let (scenario, diagnostics) = read(text, library);
    let rows = scenario.as_ref().map(rows).unwrap_or_default();
    let (title, description) = scenario.map(|s| (s.title, s.description)).unzip();
    Checked { diagnostics, title, description, rows }
}

/// The block as a table.
pub fn rows(scenario: &Scenario) -> Vec<TransactionRow> {
    let name = |address| abi::describe_address(&scenario.names, address);
    scenario
        .transactions
        .iter()
        .map(|transaction| {
            let env = &transaction.env;
            TransactionRow {
                path: transaction.path.clone(),
                label: transaction.label.clone(),
                from: name(env.caller),
                to: env.kind.to().map(|to| name(*to)),
                call: transaction
                    .call
                    .clone()
                    .unwrap_or_else(|| abi::short_bytes_or_nothing(&env.data)),
                value: format!("0x{:x}", env.value),
                gas_limit: env.gas_limit,
            }
        })
        .collect()
}

/// A block to execute and all it needs.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// One line.
    pub title: String,
    /// A paragraph that says what to look at.
    pub description: String,
    /// The rules in force.
    pub fork: SpecId,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The block's environment.
    pub block: BlockEnv,
    /// Seconds by which constructors and `setup` run earlier than the block; at most its timestamp.
    pub since_setup: u64,
    /// Hashes of earlier blocks by number, for `BLOCKHASH`.
    pub block_hashes: BTreeMap<u64, B256>,
    /// What an invalid transaction means.
    pub invalid: InvalidMode,
    /// Names of accounts, by address.
    pub names: BTreeMap<Address, Name>,
    /// The contracts there are: what they log and say when they fail is put in words wherever it comes from.
    pub library: Library,
    /// The accounts before anything runs.
    pub accounts: State,
    /// Contracts whose constructors run at fixed addresses, so that their addresses are as stable as their names; in
    /// order, before `setup`.
    pub deployments: Vec<Deployment>,
    /// Transactions that run in order before the block and are not measured. Each must succeed.
    pub setup: Vec<Transaction>,
    /// The block.
    pub transactions: Vec<Transaction>,
    /// What the block is said to touch and to write. It is well formed, and may be wrong.
    pub access_list: Option<AccessList>,
}

/// What an invalid transaction means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InvalidMode {
    /// It is reported and the block goes on without it (a block builder's view).
    #[default]
    Skip,
    /// The block is invalid and changes nothing (a validator's view).
    Reject,
}

/// What an address is called.
#[derive(Clone, Debug)]
pub struct Name {
    /// As written in the scenario.
    pub name: String,
    /// The contract at it, if it is one of the library.
    pub contract: Option<Arc<Contract>>,
}

/// One transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// As revm takes it.
    pub env: TxEnv,
    /// A note from the scenario.
    pub label: Option<String>,
    /// The call it makes, in words, if the ABI is known: `transfer(bob, 5)`.
    pub call: Option<String>,
    /// Path of the element it came from: `transactions[3]`.
    pub path: String,
    /// As it was signed (EIP-2718), if it was.
    pub signed: Option<Bytes>,
}
