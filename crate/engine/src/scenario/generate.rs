//! Seeded workloads.

use super::json::{Node, Value, shorten};
use super::lower::Lowering;
use super::problems::{Problems, closest};
use super::raw::{RawGenerated, Read};
use super::transactions::Draft;
use super::values::wrong_kind;

/// Kinds of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
    /// Each sender pays somebody of its own.
    IndependentTransfers,
}

impl Read for Workload {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        problems.error(node.span.clone(), "generated workloads are not read yet");
        None
    }
}

impl Lowering<'_> {
    pub(super) fn generate(&mut self, _raw: &RawGenerated, _path: &str, _drafts: &mut Vec<Draft>) {}
}
