//! What other tools write about transactions, read by what is in it and lowered to a scenario.
//!
//! ```text
//! texts ─► format (recognised by content) ─► readers ─► Parts (block, accounts, transactions) ─► missing? ─► scenario
//!                                            ▲                                                 receipts? ─► compared
//!            node: a node's answers ─────────┘
//! ```
//!
//! Several texts make one scenario: a block and the state before it, raw transactions and a dump of anvil's state. No text
//! makes this panic; whatever is wrong or missing is a [`Diagnostic`] at its place.

mod document;
mod format;
mod reader;

mod block;
mod fixture;
mod fork;
mod receipt;
mod state;
mod transaction;

mod draft;
mod parts;
mod write;

mod export;

pub mod node;

pub use export::{Exported, cast, raw, t8n};
pub use format::Format;

use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario::{self, Library};

use crate::parts::Parts;
use crate::reader::Reader;

/// The longest text that is read, in bytes; a scenario has a limit of its own.
pub const MAX_TEXT: usize = 64 << 20;

/// A text and what to call it.
#[derive(Clone, Debug)]
pub struct Input {
    /// A file's name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What came of reading texts.
#[derive(Debug)]
pub struct Imported {
    /// What each text was taken for; none where nothing is like it.
    pub formats: Vec<Option<Format>>,
    /// What is wrong with each text, in order of position; what is missing altogether stands with the last.
    pub diagnostics: Vec<Vec<Diagnostic>>,
    /// Sentences about what is good to know: whether receipts that were among the texts agree with the scenario.
    pub notes: Vec<String>,
    /// The scenario, if no diagnostic is an error.
    pub scenario: Option<String>,
}

/// Reads texts that belong together. A scenario that is alone comes back as it is, whatever is wrong with it.
pub fn import(inputs: &[Input]) -> Imported {
    let mut parts = Parts::default();
    let mut formats = Vec::new();
    let mut diagnostics = Vec::new();
    for input in inputs {
        let mut reader = Reader::default();
        let (format, mut found) =
            document::read(&input.text, inputs.len(), &mut parts, &mut reader);
        if format == Some(Format::Scenario) && inputs.len() == 1 {
            let scenario = Some(input.text.clone());
            let (formats, diagnostics) = (vec![format], vec![found]);
            return Imported { formats, diagnostics, notes: Vec::new(), scenario };
        }
        found.extend(reader.locate(&input.text));
        formats.push(format);
        diagnostics.push(found);
    }
    let broken = |all: &[Vec<Diagnostic>]| {
        all.iter().flatten().any(|found| found.severity == Severity::Error)
    };
    let (mut scenario, mut notes) = (None, Vec::new());
    if let (Some(last), Some(input)) = (diagnostics.len().checked_sub(1), inputs.last())
        && !broken(&diagnostics)
    {
        let mut reader = Reader::default();
        parts.complete(&mut reader);
        diagnostics[last].extend(reader.locate(&input.text));
        if !broken(&diagnostics) {
            let text = write::scenario(&parts.draft);
            let (read, found) = scenario::read(&text, &Library::default());
            let mut reader = Reader::default();
            for one in found.into_iter().filter(|one| one.severity == Severity::Error) {
                reader.error("", format!("{} (at {})", one.message, one.path), one.hint.as_deref());
            }
            if let Some(read) = read.filter(|_| !parts.receipts.is_empty()) {
                notes.extend(receipt::check(&parts, &read, &mut reader));
            }
            diagnostics[last].extend(reader.locate(&input.text));
            scenario = Some(text).filter(|_| !broken(&diagnostics));
        }
    }
    Imported { formats, diagnostics, notes, scenario }
}
