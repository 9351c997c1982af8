//! What locations, calls and events are called where the scenario does not say whose code it is: proxies, contracts created
//! in the block, and contracts without source.

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{Report, Status};
use evm_lanes_engine::scenario::{Library, named_address};
use evm_lanes_engine::{Surroundings, run};
use evm_lanes_schedule::Inline;
use revm::primitives::{U256, hex, keccak256};
use serde_json::{Value, json};

fn report(scenario: &Value, library: &Library) -> Report {
    let never = AtomicBool::new(false);
    let with = Surroundings {
        library,
        pool: &Inline,
        clock: None,
        cancel: &never,
        progress: &|_, _, _| {},
    };
    let report = run(&scenario.to_string(), &Options::default(), &with).unwrap();
    assert!(report.verdict.equal);
    for row in &report.transactions {
        assert_eq!(row.status, Status::Success, "{:?}", row.reason);
    }
    report
}

#[track_caller]
fn has(report: &Report, label: &str) {
    let labels: Vec<&str> = report.locations.iter().map(|at| at.label.as_str()).collect();
    assert!(labels.contains(&label), "no {label} in {labels:#?}");
}

/// The runtime code that a constructor leaves, as the engine itself runs it.
fn runtime(name: &str) -> String {
    let scenario = json!({
        "accounts": { "it": { "contract": name, "args": ["Gold", "G", "alice"] } },
        "transactions": [{ "from": "alice", "to": "bob" }]
    });
    let (scenario, _) = evm_lanes_engine::scenario::read(&scenario.to_string(), Library::bundled());
    let scenario = scenario.unwrap();
    let never = AtomicBool::new(false);
    let block =
        evm_lanes_engine::block::Block::prepare(&scenario, &never, &|_| {}).unwrap().unwrap();
    let code = block.before()[&named_address("it")].code.as_ref().unwrap();
    hex::encode_prefixed(code.original_byte_slice())
}

#[test]
fn a_created_contract_is_recognised_by_its_code() {
    let created = named_address("alice").create(0);
    let scenario = json!({ "transactions": [
        { "from": "alice", "contract": "Token", "args": ["Gold", "G", "alice"] },
        { "from": "alice", "to": created.to_string(), "call": "mint(address,uint256)", "args": ["bob", 5] },
    ] });
    let report = report(&scenario, Library::bundled());
    let text = created.to_checksum(None);
    has(&report, &format!("{}…{}.balanceOf[bob]", &text[..6], &text[38..]));
    let row = report.accounts.iter().find(|account| account.address == text).unwrap();
    assert_eq!(row.contract.as_deref(), Some("Token"));
}

/// DELEGATECALLs whoever stands in the slot of EIP-1967, with the call's data, and returns what comes back.
fn proxy() -> String {
    let slot = "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
    format!("0x365f5f375f5f365f7f{slot}545af43d5f5f3e3d5ff3")
}

const BEACON: &str = "a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";

/// Asks whoever stands in the beacon's slot of EIP-1967 whom to DELEGATECALL.
fn beacon_proxy() -> String {
    format!("0x60205f5f5f7f{BEACON}545afa50365f6020375f5f3660205f515af4503d5f5f3e3d5ff3")
}

#[test]
fn a_proxy_has_its_implementations_names() {
    let slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
    let beacon_slot = format!("0x{BEACON}");
    let alice = U256::from_be_bytes(named_address("alice").into_word().0);
    let balances = |holder: U256| {
        keccak256([holder.to_be_bytes::<32>(), U256::from(3).to_be_bytes()].concat()).to_string()
    };
    let minimal = {
        let target = named_address("logic");
        format!("0x363d3d373d3d3d363d73{}5af43d82803e903d91602b57fd5bf3", hex::encode(target))
    };
    let scenario = json!({
        "accounts": {
            "logic": { "contract": "Token", "args": ["Gold", "G", "alice"] },
            "proxy": { "code": proxy(), "storage": { slot: "logic", balances(alice): 100 } },
            "clone": { "code": minimal, "storage": { balances(alice): 100 } },
            "beacon": { "code": "0x60015460005260206000f3", "storage": { "0": "alice", "1": "logic" } },
            "lit": { "code": beacon_proxy(), "storage": { beacon_slot: "beacon", balances(alice): 100 } },
        },
        "transactions": [
            { "from": "alice", "to": "proxy", "call": "transfer(address,uint256)", "args": ["bob", 5] },
            { "from": "alice", "to": "clone", "call": "transfer(address,uint256)", "args": ["bob", 6] },
            { "from": "alice", "to": "proxy", "data": "0x06fdde03" },
            { "from": "alice", "to": "lit", "call": "transfer(address,uint256)", "args": ["bob", 7] },
            { "from": "carol", "authorizations": [{ "authority": "carol", "address": "logic" }], "to": "carol",
              "data": "0x06fdde03" },
        ]
    });
    let report = report(&scenario, Library::bundled());
    has(&report, "proxy.implementation (EIP-1967)");
    has(&report, "proxy.balanceOf[bob]");
    has(&report, "clone.balanceOf[alice]");
    has(&report, "lit.beacon (EIP-1967)");
    has(&report, "lit.balanceOf[bob]");
    // An account that delegates to it (EIP-7702), from after the block.
    has(&report, "carol.name");
    assert_eq!(report.transactions[2].call.as_deref(), Some("name()"));
}

#[test]
fn what_has_no_source_is_guessed_and_says_so() {
    let slot = |key: U256, base: u64| {
        keccak256([key.to_be_bytes::<32>(), U256::from(base).to_be_bytes()].concat()).to_string()
    };
    let word = |name: &str| U256::from_be_bytes(named_address(name).into_word().0);
    let data = |selector: &str, words: &[U256]| {
        let words: String =
            words.iter().map(|word| hex::encode(word.to_be_bytes::<32>())).collect();
        format!("0x{selector}{words}")
    };
    let (alice, bob) = (word("alice"), word("bob"));
    let scenario = json!({
        "accounts": { "bob": "1 ether", "coin": { "code": runtime("Token"), "storage": { slot(alice, 3): 100 } } },
        "transactions": [
            { "from": "alice", "to": "coin", "data": data("a9059cbb", &[bob, U256::from(5)]) },
            { "from": "alice", "to": "coin", "data": data("095ea7b3", &[bob, U256::from(7)]) },
        ]
    });
    // Nobody knows the contract.
    let report = report(&scenario, &Library::default());
    has(&report, "coin.balanceOf[bob]?");
    has(&report, "coin.allowance[alice][bob]?");
    assert_eq!(report.transactions[0].call.as_deref(), Some("transfer(bob, 5)"));
    assert_eq!(report.transactions[1].call.as_deref(), Some("approve(bob, 7)"));
    let events = |at: usize| report.transactions[at].logs[0].event.as_deref();
    assert_eq!(events(0), Some("Transfer(from: alice, to: bob, value: 5)"));
    assert_eq!(events(1), Some("Approval(owner: alice, spender: bob, value: 7)"));
}

#[test]
fn a_mapping_without_source_or_events_has_its_slot_and_keys() {
    // Stores 1 at keccak256(caller ++ 5).
    let scenario = json!({
        "accounts": { "box": { "code": "0x335f526005602052600160405f2055" } },
        "transactions": [{ "from": "alice", "to": "box" }]
    });
    has(&report(&scenario, &Library::default()), "box.slot5[alice]");
}

#[test]
fn the_fixed_slots_are_hashes_of_their_names() {
    for (name, slot) in [
        ("implementation", "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"),
        ("admin", "b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"),
        ("beacon", "a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"),
    ] {
        let hash: U256 = keccak256(format!("eip1967.proxy.{name}")).into();
        assert_eq!(format!("{:064x}", hash - U256::from(1)), slot);
    }
}
