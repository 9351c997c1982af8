//! A scenario's own contracts are deployed, called, and their slots and events named, like the bundled ones.

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{Report, Status};
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_engine::{RunError, Surroundings, run};
use evm_lanes_schedule::Inline;
use serde_json::{Value, json};

/// What the compiler has made of a contract of the examples.
fn compiled(name: &str) -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/contracts/contracts.json");
    let all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut found = all.into_iter().find(|contract| contract["name"] == name).unwrap();
    found.as_object_mut().unwrap().remove("name");
    found
}

fn try_run(scenario: &Value, library: &Library) -> Result<Report, RunError> {
    let never = AtomicBool::new(false);
    let with = Surroundings {
        library,
        pool: &Inline,
        clock: None,
        cancel: &never,
        progress: &|_, _, _| {},
    };
    run(&scenario.to_string(), &Options::default(), &with)
}

fn coins(contract: &str) -> Value {
    json!({
        "contracts": { contract: compiled("Token") },
        "sources": { "Coin.sol": "contract Coin {}" },
        "accounts": { "coin": { "contract": contract, "args": ["Coin", "C", "alice"] } },
        "setup": [{ "from": "alice", "to": "coin", "call": "mint", "args": ["alice", 100] }],
        "transactions": [
            { "from": "alice", "to": "coin", "call": "transfer", "args": ["bob", 5] },
            { "from": "alice", "contract": contract, "args": ["Other", "O", "bob"] },
        ]
    })
}

#[test]
fn they_are_deployed_called_and_named() {
    // Without a library, so that nothing can come from there.
    let report = try_run(&coins("Coin"), &Library::default()).unwrap();
    assert!(report.verdict.equal);
    assert!(report.transactions.iter().all(|row| row.status == Status::Success));
    assert_eq!(report.transactions[0].call.as_deref(), Some("transfer(bob, 5)"));
    let event = report.transactions[0].logs[0].event.as_deref();
    assert_eq!(event, Some("Transfer(from: alice, to: bob, amount: 5)"));
    assert_eq!(report.transactions[1].call.as_deref(), Some("new Coin"));
    let labels: Vec<&str> = report.locations.iter().map(|at| at.label.as_str()).collect();
    assert!(labels.contains(&"coin.balanceOf[bob]"), "{labels:?}");
}

#[test]
fn they_take_the_place_of_a_bundled_one_except_in_workloads() {
    let mut scenario = coins("Token");
    scenario["contracts"]["Token"] = compiled("Hasher");
    scenario["accounts"]["coin"] = json!({ "contract": "Token" });
    scenario["setup"] = json!([]);
    scenario["transactions"] =
        json!([{ "generate": { "workload": "erc20-transfers", "count": 5, "accounts": 3 } }]);
    let report = try_run(&scenario, Library::bundled()).unwrap();
    assert!(report.transactions.iter().all(|row| row.status == Status::Success));
    let contract = |name: &str| {
        let mut accounts = report.accounts.iter();
        let found = accounts.find(|account| account.name.as_deref() == Some(name)).unwrap();
        assert_eq!(found.contract.as_deref(), Some("Token"));
        scenario["contracts"]["Token"]["abi"].clone()
    };
    assert_eq!(contract("coin"), compiled("Hasher")["abi"]);
}

#[test]
fn a_constructor_without_end_says_which_cap_it_hit() {
    // JUMPDEST PUSH0 JUMP: round and round.
    let scenario = json!({
        "contracts": { "Endless": { "abi": [], "bytecode": "0x5b5f56" } },
        "accounts": { "endless": { "contract": "Endless" } },
        "transactions": [{ "from": "alice", "to": "bob" }]
    });
    let Err(RunError::Invalid(found)) = try_run(&scenario, &Library::default()) else {
        panic!("it ended");
    };
    assert_eq!(found[0].path, "accounts.endless");
    assert!(found[0].message.contains("100,000,000"), "{}", found[0].message);
}

/// Layouts that no compiler writes: types in circles, types on many ways, names that are everywhere.
#[test]
fn made_up_layouts_take_no_time() {
    let member = |r#type: &str| json!({ "label": "a", "slot": "0", "offset": 0, "type": r#type });
    let many = |r#type: &str| (0..1000).map(|_| member(r#type)).collect::<Vec<_>>();
    let structure = |members: Vec<Value>| {
        let bytes = "9999999999999999";
        json!({ "encoding": "inplace", "label": "s", "numberOfBytes": bytes, "members": members })
    };
    let array = |base: &str| json!({ "encoding": "inplace", "label": "x[9999999999]", "numberOfBytes": "99999999999", "base": base });
    let types = json!({
        "circle": structure(many("circle")),
        "wide": structure(many("wider")),
        "wider": structure(many("nothing")),
        "nothing": structure(vec![]),
        "rings": array("rings"),
        "flat": { "encoding": "inplace", "label": "uint256", "numberOfBytes": "32" }
    });
    for name in ["circle", "wide", "rings", "flat"] {
        let mut scenario = coins("Coin");
        scenario["contracts"]["Coin"]["storageLayout"] =
            json!({ "storage": many(name), "types": types });
        let started = std::time::Instant::now();
        let report = try_run(&scenario, &Library::default()).unwrap();
        assert!(started.elapsed().as_secs() < 5, "{name}: {:?}", started.elapsed());
        let longest = report.locations.iter().map(|at| at.label.len()).max();
        assert!(longest < Some(1000), "{name}: {longest:?}");
    }
}

#[test]
fn too_many_are_too_many() {
    let contracts: serde_json::Map<String, Value> =
        (0..300).map(|n| (format!("C{n}"), json!({ "abi": [] }))).collect();
    let text = json!({ "contracts": contracts, "transactions": [] }).to_string();
    let (scenario, found) = scenario::read(&text, &Library::default());
    assert!(scenario.is_none());
    assert!(found.iter().any(|problem| problem.severity == Severity::Error
        && problem.message == "there are more than 256 contracts"));
}
