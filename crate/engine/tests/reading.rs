//! What good scenarios mean.

use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::scenario::{self, Library, Scenario};
use revm::primitives::{TxKind, U256, keccak256};

fn read(text: &str) -> Scenario {
    let (scenario, diagnostics) = scenario::read(text, Library::bundled());
    let bad: Vec<_> =
        diagnostics.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    scenario.unwrap()
}

#[test]
fn a_call_by_name_is_encoded() {
    let scenario = read(
        r#"{
            // comments and trailing commas are fine
            "accounts": {
                "token": { "contract": "Token", "args": ["Gold", "GLD", "alice"] },
                "bob": "1.5 ether",
            },
            "transactions": [
                { "from": "alice", "to": "token", "call": "transfer", "args": ["bob", "2 ether"] },
                { "from": "alice", "to": "token", "call": "transfer(address,uint256)", "args": ["bob", 5] },
                { "from": "bob", "to": "alice", "value": "1 gwei" },
            ],
        }"#,
    );
    let [first, second, third] = &scenario.transactions[..] else { panic!() };
    assert_eq!(first.call.as_deref(), Some("transfer(bob, 2e18)"));
    assert_eq!(second.call.as_deref(), Some("transfer(bob, 5)"));
    assert_eq!((first.env.nonce, second.env.nonce, third.env.nonce), (0, 1, 0));
    assert_eq!(first.env.data[..4], [0xa9, 0x05, 0x9c, 0xbb]);
    let bob = scenario::named_address("bob");
    assert_eq!(bob.as_slice(), &keccak256("evm-lanes:bob")[12..]);
    assert_eq!(&first.env.data[16..36], bob.as_slice());
    assert_eq!(first.env.data.len(), 68);
    assert_eq!(third.env.gas_limit, 21_000);
    assert_eq!(third.env.kind, TxKind::Call(scenario::named_address("alice")));
    assert_eq!(third.env.tx_type, 2);
    assert_eq!(third.env.gas_price, 3_000_000_000);
    assert_eq!(third.env.gas_priority_fee, Some(1_000_000_000));
    assert_eq!(scenario.accounts[&bob].balance, U256::from(1_500_000_000_000_000_000u64));
    assert_eq!(scenario.accounts[&first.env.caller].balance, U256::from(10).pow(U256::from(21)));
    let [deployment] = &scenario.deployments[..] else { panic!() };
    assert_eq!(deployment.address, scenario::named_address("token"));
    assert!(deployment.init_code.len() > 1000);
    assert_eq!(scenario::rows(&scenario).len(), 3);
}

#[test]
fn without_contracts_only_what_names_one_is_refused() {
    let library = Library::default().lacking("the network is down");
    let plain = r#"{ "transactions": [{ "from": "alice", "to": "bob", "value": 1 }] }"#;
    assert!(scenario::read(plain, &library).0.is_some());
    for text in [
        r#"{ "accounts": { "token": { "contract": "Token", "args": ["Gold", "GLD", "alice"] } }, "transactions": [] }"#,
        r#"{ "transactions": [{ "generate": { "workload": "erc20-transfers", "count": 10 } }] }"#,
    ] {
        let (scenario, problems) = scenario::read(text, &library);
        assert!(scenario.is_none(), "{text}");
        let [problem] = &problems[..] else { panic!("{text}: {problems:#?}") };
        assert_eq!(problem.message, "the contract `Token` could not be loaded");
        assert_eq!(problem.hint.as_deref(), Some("the network is down"));
    }
}

/// The examples of the page.
fn examples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let index = std::fs::read_to_string(format!("{folder}/index.json")).unwrap();
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let groups = index["groups"].as_array().unwrap().iter();
    let names = groups.flat_map(|group| group["examples"].as_array().unwrap());
    names
        .map(|name| format!("{folder}/{}.json", name.as_str().unwrap()))
        .map(|file| (file.clone(), std::fs::read_to_string(&file).unwrap()))
        .collect()
}

#[test]
fn every_example_reads_without_a_problem() {
    let mut bad = Vec::new();
    for (file, text) in examples() {
        for problem in scenario::read(&text, Library::bundled()).1 {
            bad.push(format!(
                "{file}:{}:{}: {} {:?}",
                problem.line, problem.column, problem.message, problem.hint
            ));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
