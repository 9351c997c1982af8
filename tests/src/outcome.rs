//! What came of a block, in a form that tests can ask questions of.

use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{LogReport, Report, Status, TransactionReport};

use crate::examples::{read, run_verified};

/// 10¹⁸.
pub const ETHER: u128 = 1_000_000_000_000_000_000;

/// A run of an example, with the default options.
#[derive(Debug)]
pub struct Outcome {
    /// All of it.
    pub report: Report,
}

/// A transaction of it.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'r>(pub &'r TransactionReport);

impl Outcome {
    /// Runs the example `id`.
    pub fn of(id: &str) -> Self {
        Self { report: run_verified(id, &read(id), &Options::default()) }
    }

    /// Every transaction, in order.
    pub fn all(&self) -> impl Iterator<Item = Sent<'_>> + Clone {
        self.report.transactions.iter().map(Sent)
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
    pub fn events(&self, name: &str) -> Vec<Vec<u128>> {
        self.all().flat_map(|sent| sent.events(name)).collect()
    }

    /// What the location with this label holds in the end, if the block changes it.
    pub fn left_at(&self, label: &str) -> Option<u128> {
        let location = self.report.locations.iter().position(|one| one.label == label)? as u32;
        let mut writes = self.report.transactions.iter().flat_map(|one| &one.writes);
        writes.rfind(|write| write.location == location).map(|write| number(&write.value))
    }

    /// By how many wei the block changes the balance of the account `name`.
    pub fn gain(&self, name: &str) -> i128 {
        let account = self.report.accounts.iter().find(|one| one.name.as_deref() == Some(name));
        let account = account.unwrap_or_else(|| panic!("there is no account `{name}`"));
        number(&account.balance_after) as i128 - number(&account.balance_before) as i128
    }

    /// Asserts which transactions fail, in order, and that each names the error expected of it.
    pub fn assert_failures(&self, expected: &[&str]) {
        let failed = self.all().filter(|sent| sent.0.status != Status::Success);
        let reasons: Vec<&str> =
            failed.map(|sent| sent.0.reason.as_deref().unwrap_or("no reason")).collect();
        let names: Vec<&str> =
            reasons.iter().map(|reason| reason.split('(').next().unwrap_or(reason)).collect();
        assert_eq!(names, expected, "{reasons:#?}");
    }
}

impl Sent<'_> {
    /// Its events of this name, each as the words of its data.
    pub fn events(&self, name: &str) -> Vec<Vec<u128>> {
        let is_it = |log: &&LogReport| {
            log.event.as_ref().and_then(|words| words.split('(').next()) == Some(name)
        };
        self.0.logs.iter().filter(is_it).map(|log| words(&log.data)).collect()
    }

    /// Its one event of this name.
    pub fn event(&self, name: &str) -> Vec<u128> {
        let mut events = self.events(name);
        assert_eq!(events.len(), 1, "{name} in {:?}: {:?}", self.0.path, self.0.reason);
        events.remove(0)
    }

    /// What it returned, as words.
    pub fn returned(&self) -> Vec<u128> {
        words(&self.0.output)
    }
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
fn number(hex: &str) -> u128 {
    let digits = hex.trim_start_matches("0x");
    let lower = &digits[digits.len().saturating_sub(32)..];
    u128::from_str_radix(lower, 16).unwrap_or_else(|error| panic!("{hex}: {error}"))
}

fn words(hex: &str) -> Vec<u128> {
    let digits = hex.trim_start_matches("0x").as_bytes();
    let chunks = digits.chunks(64);
    chunks.map(|word| number(std::str::from_utf8(word).expect("they are digits"))).collect()
}
