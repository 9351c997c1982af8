//! Generated workloads: what is in them, and that they stay what they are.

use evm_lanes_engine::scenario::{self, Library, Scenario};
use revm::primitives::keccak256;

fn read(parameters: &str) -> Scenario {
    let text = format!(r#"{{ "transactions": [{{ "generate": {{ {parameters} }} }}] }}"#);
    let (scenario, diagnostics) = scenario::read(&text, Library::bundled());
    assert_eq!(diagnostics, []);
    scenario.unwrap()
}

/// Everything that decides what is executed.
fn fingerprint(scenario: &Scenario) -> String {
    let mut all = String::new();
    for transaction in scenario.setup.iter().chain(&scenario.transactions) {
        all.push_str(&format!("{:?}\n", transaction.env));
    }
    keccak256(all).to_string()[..18].to_owned()
}

const WORKLOADS: [&str; 12] = [
    "independent-transfers",
    "transfers",
    "nonce-chain",
    "hot-recipient",
    "erc20-independent",
    "erc20-transfers",
    "erc20-fan-out",
    "erc20-hot",
    "swaps",
    "mint",
    "compute",
    "mixed",
];

#[test]
fn every_workload_has_as_many_transactions_as_asked_for() {
    for workload in WORKLOADS {
        for (count, accounts) in [(1, 1), (7, 2), (120, 60)] {
            let scenario = read(&format!(
                r#""workload": "{workload}", "count": {count}, "accounts": {accounts}"#
            ));
            assert_eq!(scenario.transactions.len(), count, "{workload}");
            for (index, transaction) in scenario.transactions.iter().enumerate() {
                // Nonces are in order, and every sender has funds.
                let before = scenario.setup.iter().chain(&scenario.transactions[..index]);
                let sent = before.filter(|tx| tx.env.caller == transaction.env.caller).count();
                assert_eq!(transaction.env.nonce, sent as u64, "{workload}");
                assert!(!scenario.accounts[&transaction.env.caller].balance.is_zero());
            }
        }
    }
}

#[test]
fn the_same_parameters_give_the_same_transactions_for_ever() {
    let fixed = read(r#""workload": "mixed", "count": 200, "seed": 5, "skew": 0.8, "pools": 3"#);
    let other = read(r#""workload": "mixed", "count": 200, "seed": 6, "skew": 0.8, "pools": 3"#);
    assert_ne!(fingerprint(&fixed), fingerprint(&other));
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workloads.expected");
    let found = fingerprint(&fixed);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(golden, &found).unwrap();
    }
    assert_eq!(std::fs::read_to_string(golden).unwrap_or_default(), found);
}

#[test]
fn skew_makes_some_recipients_popular() {
    let most = |skew: &str| {
        let scenario = read(&format!(
            r#""workload": "transfers", "count": 2000, "accounts": 100, "skew": {skew}"#
        ));
        let mut counts = std::collections::BTreeMap::new();
        for transaction in &scenario.transactions {
            *counts.entry(transaction.env.kind.to().copied()).or_insert(0) += 1;
        }
        counts.into_values().max().unwrap()
    };
    // Evenly, 20 each on average; by Zipf's law the first of a hundred gets 19 %.
    assert!(most("0") < 50);
    assert!((300..480).contains(&most("1")), "{}", most("1"));
}
