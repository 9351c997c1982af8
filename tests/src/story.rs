//! What a block did, in the words of its contracts: events, refusals, and what places hold in the end.

use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{Report, Status};

use crate::examples::{read, run_verified};

/// The story of a run, for assertions about what contracts do.
#[derive(Debug)]
pub struct Story(pub Report);

impl Story {
    /// What the scenario `id` tells: `dao-vote/contended`.
    pub fn of(id: &str) -> Self {
        Self::told(id, &read(id))
    }

    /// What the scenario `id` tells when each `old` in it is `new`.
    pub fn with(id: &str, old: &str, new: &str) -> Self {
        let text = read(id);
        assert!(text.contains(old), "{id} has no {old}");
        Self::told(id, &text.replace(old, new))
    }

    fn told(id: &str, text: &str) -> Self {
        Self(run_verified(id, text, &Options::default()))
    }

    /// The events of this name, in block order, each with its transaction.
    pub fn events(&self, name: &str) -> Vec<(usize, Event<'_>)> {
        let mut found = Vec::new();
        for (index, transaction) in self.0.transactions.iter().enumerate() {
            let texts = transaction.logs.iter().filter_map(|log| log.event.as_deref());
            let named = texts.filter(|text| text.split('(').next() == Some(name));
            found.extend(named.map(|text| (index, Event(text))));
        }
        found
    }

    /// The only event of this name.
    pub fn event(&self, name: &str) -> Event<'_> {
        match self.events(name).as_slice() {
            [(_, event)] => *event,
            other => panic!("one {name} was expected: {other:?}"),
        }
    }

    /// Why transactions failed, in block order: the errors' names.
    pub fn refusals(&self) -> Vec<&str> {
        let failed = self.0.transactions.iter().filter(|tx| tx.status != Status::Success);
        failed
            .map(|tx| tx.reason.as_deref().unwrap_or("").split('(').next().unwrap_or(""))
            .collect()
    }

    /// What the place with this label holds after the block, if a transaction wrote it: `dao.tallyOf[1].against`.
    pub fn last(&self, label: &str) -> u128 {
        let is_it = |location: u32| self.0.locations[location as usize].label == label;
        let mut writes = self.0.transactions.iter().flat_map(|tx| &tx.writes);
        let last = writes.rfind(|write| is_it(write.location) && !write.added);
        let last = last.unwrap_or_else(|| panic!("nobody wrote {label}"));
        u128::from_str_radix(last.value.trim_start_matches("0x"), 16).expect("it fits")
    }

    /// What a balance was when the block first read it, in wei.
    pub fn first(&self, label: &str) -> u128 {
        let is_it = |location: u32| self.0.locations[location as usize].label == label;
        let mut reads = self.0.transactions.iter().flat_map(|tx| &tx.reads);
        let first = reads.find(|read| is_it(read.location) && read.from.is_none());
        let first = first.unwrap_or_else(|| panic!("nobody read {label} as it was"));
        u128::from_str_radix(first.value.trim_start_matches("0x"), 16).expect("it fits")
    }
}

/// An event in words: `Paid(to: bob, amount: 1e18)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a>(pub &'a str);

impl<'a> Event<'a> {
    /// A parameter as it is shown.
    pub fn text(self, name: &str) -> &'a str {
        let inner = self.0.split_once('(').map_or("", |(_, inner)| inner);
        let inner = inner.strip_suffix(')').unwrap_or(inner);
        let start = format!("{name}: ");
        let mut found = inner.split(", ").filter_map(|part| part.strip_prefix(&start));
        found.next().unwrap_or_else(|| panic!("{} has no {name}", self.0))
    }

    /// A parameter that is a number: `12`, `2.5e18`.
    pub fn number(self, name: &str) -> u128 {
        number(self.text(name))
    }
}

/// A number as reports show it, exactly.
fn number(text: &str) -> u128 {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: usize = exponent.parse().expect("an exponent");
    let zeros = "0".repeat(exponent - fraction.len());
    format!("{whole}{fraction}{zeros}").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}
