//! What is wrong with a text, where, and what to do about it. Plain data; crosses every boundary unchanged.

use serde::{Deserialize, Serialize};

/// One problem in a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character in UTF-16 code units, from 1.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the last character.
    pub end_column: u32,
    /// Where in the document: `transactions[3].value`.
    pub path: String,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can be run, but perhaps not as meant.
    Warning,
}
