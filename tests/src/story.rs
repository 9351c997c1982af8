//! What a block did, in the words of its contracts: events, refusals, and what places hold in the end.

use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{LogReport, Report, Status, TransactionReport};

use crate::examples::{read, run_verified};

/// 10¹⁸.
pub const ETHER: u128 = 1_000_000_000_000_000_000;

/// The story of a run, for assertions about what contracts do.
#[derive(Debug)]
pub struct Story(pub Report);

/// A transaction of it.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'r>(pub &'r TransactionReport);

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

    /// Every transaction, in order.
    pub fn all(&self) -> impl Iterator<Item = Sent<'_>> + Clone {
        self.0.transactions.iter().map(Sent)
    }

    /// The transactions whose call begins with `call`: `"swap("`.
    pub fn calls<'r>(&'r self, call: &'r str) -> impl Iterator<Item = Sent<'r>> + Clone {
        self.all()
            .filter(move |sent| sent.0.call.as_ref().is_some_and(|words| words.starts_with(call)))
    }

    /// The first transaction with this label.
    pub fn labelled(&self, label: &str) -> Sent<'_> {
        let mut all = self.all();
        all.find(|sent| sent.0.label.as_deref() == Some(label))
            .unwrap_or_else(|| panic!("no transaction is labelled `{label}`"))
    }

    /// The events of this name in the whole block, each as the words of its data: what is not indexed.
    pub fn logged(&self, name: &str) -> Vec<Vec<u128>> {
        self.all().flat_map(|sent| sent.logged(name)).collect()
    }

    /// The events of this name, in block order, each in words with its transaction.
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
    pub fn left_at(&self, label: &str) -> Option<u128> {
        let is_it = |location: u32| self.0.locations[location as usize].label == label;
        let mut writes = self.0.transactions.iter().flat_map(|tx| &tx.writes);
        let last = writes.rfind(|write| is_it(write.location) && !write.added);
        last.map(|write| word(&write.value))
    }

    /// The same where some transaction must have written it.
    pub fn last(&self, label: &str) -> u128 {
        self.left_at(label).unwrap_or_else(|| panic!("nobody wrote {label}"))
    }

    /// What a balance was when the block first read it, in wei.
    pub fn first(&self, label: &str) -> u128 {
        let is_it = |location: u32| self.0.locations[location as usize].label == label;
        let mut reads = self.0.transactions.iter().flat_map(|tx| &tx.reads);
        let first = reads.find(|read| is_it(read.location) && read.from.is_none());
        word(&first.unwrap_or_else(|| panic!("nobody read {label} as it was")).value)
    }

    /// By how many wei the block changes the balance of the account `name`.
    pub fn gain(&self, name: &str) -> i128 {
        let account = self.0.accounts.iter().find(|one| one.name.as_deref() == Some(name));
        let account = account.unwrap_or_else(|| panic!("there is no account `{name}`"));
        word(&account.balance_after) as i128 - word(&account.balance_before) as i128
    }
}

impl Sent<'_> {
    /// Its events of this name, each as the words of its data.
    pub fn logged(&self, name: &str) -> Vec<Vec<u128>> {
        let is_it = |log: &&LogReport| {
            log.event.as_ref().and_then(|words| words.split('(').next()) == Some(name)
        };
        self.0.logs.iter().filter(is_it).map(|log| words(&log.data)).collect()
    }

    /// Its one event of this name.
    pub fn logged_once(&self, name: &str) -> Vec<u128> {
        let mut events = self.logged(name);
        assert_eq!(events.len(), 1, "{name} in {:?}: {:?}", self.0.path, self.0.reason);
        events.remove(0)
    }

    /// What it returned, as words.
    pub fn returned(&self) -> Vec<u128> {
        words(&self.0.output)
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

/// Asserts that `actual` units of 10¹⁸ are `expected`, to nine digits.
pub fn assert_near(actual: u128, expected: f64) {
    let actual = units(actual);
    assert!((actual - expected).abs() <= 1e-9 * expected.abs(), "{actual} is not {expected}");
}

/// Wei in ether, and whatever else has 18 decimals.
pub fn units(amount: u128) -> f64 {
    amount as f64 / ETHER as f64
}

/// The lower half of a word; the upper one of amounts and indices is empty.
fn word(hex: &str) -> u128 {
    let digits = hex.trim_start_matches("0x");
    let lower = &digits[digits.len().saturating_sub(32)..];
    u128::from_str_radix(lower, 16).unwrap_or_else(|error| panic!("{hex}: {error}"))
}

fn words(hex: &str) -> Vec<u128> {
    let digits = hex.trim_start_matches("0x").as_bytes();
    let chunks = digits.chunks(64);
    chunks.map(|digits| word(std::str::from_utf8(digits).expect("they are digits"))).collect()
}
