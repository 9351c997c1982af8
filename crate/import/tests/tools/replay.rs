//! Scenarios replayed on a real node by the script that is exported: gas and status are the same there.

use std::process::Command;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::Block;
use evm_lanes_engine::scenario::{self, Library};
use serde_json::json;

use crate::node::{Anvil, program};
use crate::outcome;

/// Comments, trailing commas, constructors, a set-up, every price, a creation that stores the time, a failure, and one that is
/// signed.
const SCENARIO: &str = r#"{
  // A token and who has it.
  "chainId": 31337,
  "accounts": {
    "gold": { "contract": "Token", "args": ["Gold", "GLD", "alice"] },
    "signer": { "address": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "balance": "5 ether" },
  },
  "setup": [
    { "from": "alice", "to": "gold", "call": "mint", "args": ["alice", "100 ether"] },
  ],
  "transactions": [
    { "from": "alice", "to": "gold", "call": "transfer", "args": ["bob", "40 ether"] },
    { "from": "bob", "to": "gold", "call": "transfer", "args": ["carol", "1 ether"], "gasPrice": "3 gwei" },
    { "from": "carol", "to": "gold", "call": "transfer", "args": ["alice", "7 ether"], "gas": 100000 },
    { "from": "dave", "to": "gold", "call": "transfer", "args": ["carol", 0], "gasPrice": "3 gwei",
      "accessList": [{ "address": "gold", "storageKeys": [0] }] },
    { "from": "erin", "data": "0x425f5500", "gas": 200000 },
    { "from": "erin", "to": "frank", "value": "1 ether", "maxFeePerGas": "9 gwei", "maxPriorityFeePerGas": "2 gwei" },
    { "raw": "RAW" },
  ],
}"#;

#[test]
fn a_scenario_without_keys_is_replayed_by_its_script() {
    let Some(cast) = program("cast") else { return };
    let Some(signing) = Anvil::start(&[]) else { return };
    let raw = signing.call(
        "eth_signTransaction",
        json!([{ "from": crate::node::ALICE, "to": crate::node::BOB, "value": "0x1", "nonce": "0x0", "gas": "0x5208",
            "maxFeePerGas": "0x12a05f200", "maxPriorityFeePerGas": "0x3b9aca00", "chainId": "0x7a69" }]),
    );
    drop(signing);
    let text = SCENARIO.replace("RAW", raw.as_str().expect("bytes"));
    let (scenario, problems) = scenario::read(&text, Library::bundled());
    let scenario = scenario.unwrap_or_else(|| panic!("{problems:#?}"));
    let exported = evm_lanes_import::cast(&scenario);
    assert_eq!(exported.left_out, [""; 0]);

    let arguments = exported.text.lines().nth(1).and_then(|line| line.strip_prefix("# anvil "));
    let arguments: Vec<&str> = arguments.expect("it says how to start anvil").split(' ').collect();
    // Those that every node of the tests is started with.
    let own = arguments.iter().filter(|one| !["--no-mining", "--order", "fifo"].contains(one));
    let own: Vec<&str> = own.copied().collect();
    let Some(anvil) = Anvil::start(&own) else { return };
    let file = std::env::temp_dir().join(format!("evm-lanes-replay-{}.sh", std::process::id()));
    std::fs::write(&file, &exported.text).expect("it is written");
    let folder = cast.parent().expect("it is in a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .arg(&file)
        .env("PATH", format!("{folder}:{path}"))
        .env("ETH_RPC_URL", &anvil.address)
        .output()
        .expect("there is a shell");
    let _ = std::fs::remove_file(&file);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");

    let cancel = AtomicBool::new(false);
    let block = Block::prepare(&scenario, &cancel, &|_| {}).unwrap().unwrap();
    let run = block.sequential(None, &cancel, &|_| {}).unwrap();
    let receipts = anvil.call("eth_getBlockReceipts", json!(["latest"]));
    let found: Vec<(u64, bool)> = receipts.as_array().unwrap().iter().map(outcome).collect();
    let expected = run
        .outcomes
        .iter()
        .map(|one| (one.gas_used(), one.included().is_some_and(|result| result.is_success())));
    assert_eq!(found, expected.collect::<Vec<_>>());
    assert!(found.iter().any(|(_, success)| !success), "not by accident: one has failed");
}
