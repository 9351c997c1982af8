//! What transactions were said to write, against what they wrote.

use std::cmp::Ordering;

use crate::{Access, TxIndex, Write, WriteKind};

/// A transaction wrote something else than was foretold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprise<L, V> {
    /// Which.
    pub tx: TxIndex,
    /// Where.
    pub location: L,
    /// What it was said to write; `None` if nothing.
    pub foretold: Option<WriteKind<V>>,
    /// What it wrote; `None` if nothing.
    pub written: Option<WriteKind<V>>,
}

/// Where `accesses`, those of a whole block, differ from what was said of them
/// ([`Hints::writes`](crate::Hints::writes)): by transaction, then by location. What is said of transactions that do not
/// exist is ignored; of several writes at one location the last counts.
pub fn surprises<L: Clone + Ord, V: Clone + PartialEq>(
    foretold: &[Vec<Write<L, V>>],
    accesses: &[Access<L, V>],
) -> Vec<Surprise<L, V>> {
    let mut surprises = Vec::new();
    for (index, access) in accesses.iter().enumerate() {
        let mut said: Vec<&Write<L, V>> = foretold.get(index).into_iter().flatten().rev().collect();
        // Stable, so that the last one said stays.
        said.sort_by(|a, b| a.location.cmp(&b.location));
        said.dedup_by(|a, b| a.location == b.location);
        let mut said = said.into_iter().peekable();
        let mut written = access.writes.iter().peekable();
        loop {
            let order = match (said.peek(), written.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(said), Some(written)) => said.location.cmp(&written.location),
            };
            let said = said.next_if(|_| order.is_le());
            let written = written.next_if(|_| order.is_ge());
            let Some(Write { location, .. }) = said.or(written) else { break };
            let kind = |write: Option<&Write<L, V>>| write.map(|write| write.kind.clone());
            let (foretold, written) = (kind(said), kind(written));
            if foretold != written {
                let tx = TxIndex(index as u32);
                surprises.push(Surprise { tx, location: location.clone(), foretold, written });
            }
        }
    }
    surprises
}
