//! The file that a Foundry script leaves, with the compiler of the npm package.

use std::process::Command;

use serde_json::{Value, json};

use crate::node::{Anvil, program};
use crate::{assert_runs, import};

/// Of anvil's first account, whose mnemonic anvil prints.
const ALICES_KEY: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const SCRIPT: &str = r#"// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

interface Broadcaster {
    function startBroadcast() external;
    function stopBroadcast() external;
}

contract Counter {
    uint256 public count;
    mapping(address => uint256) public by;

    function add(uint256 amount) external payable {
        count += amount;
        by[msg.sender] += amount;
    }
}

contract Count {
    function run() external {
        Broadcaster vm = Broadcaster(address(uint160(uint256(keccak256("hevm cheat code")))));
        vm.startBroadcast();
        Counter counter = new Counter();
        counter.add(1);
        counter.add{value: 5}(2);
        payable(address(0xbeef)).transfer(1 ether);
        vm.stopBroadcast();
    }
}
"#;

#[test]
fn what_a_script_has_broadcast_runs_as_it_did() {
    let (Some(forge), Some(anvil)) = (program("forge"), Anvil::start(&[])) else { return };
    let compiler = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/node/solc.cjs");
    let folder = std::env::temp_dir().join(format!("evm-lanes-script-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("script")).expect("a folder");
    let project =
        format!("[profile.default]\nsrc = \"script\"\nsolc = {compiler:?}\noffline = true\n");
    std::fs::write(folder.join("foundry.toml"), project).expect("it is written");
    std::fs::write(folder.join("script/Count.s.sol"), SCRIPT).expect("it is written");

    let dump = anvil.call("anvil_dumpState", json!([])).to_string();
    anvil.call("evm_setAutomine", json!([true]));
    let output = Command::new(forge)
        .args(["script", "script/Count.s.sol:Count", "--broadcast", "--offline"])
        .args(["--rpc-url", &anvil.address, "--private-key", ALICES_KEY])
        .current_dir(&folder)
        .env("HOME", &folder)
        .output()
        .expect("forge starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let file = folder.join("broadcast/Count.s.sol/31337/run-latest.json");
    let broadcast = std::fs::read_to_string(file).expect("it leaves what it has sent");
    let _ = std::fs::remove_dir_all(&folder);

    let imported = import(&[broadcast, dump]);
    let note = "4 of 4 transactions have a receipt, and their gas and status are what it says";
    assert_eq!(imported.notes, [note], "{:#?}", imported.diagnostics);
    let text = imported.scenario.expect("it is right");
    assert!(text.contains("Counter.add(uint256)"), "{text}");
    // Those of the file are in whatever order forge has heard of them.
    let blocks =
        (1..=4).map(|number| anvil.call("eth_getBlockReceipts", json!([format!("{number:#x}")])));
    let receipts: Vec<Value> =
        blocks.flat_map(|all| all.as_array().cloned().unwrap_or_default()).collect();
    assert_runs(&text, &json!(receipts));
}
