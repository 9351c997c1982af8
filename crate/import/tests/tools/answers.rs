//! A node's answers of every kind, as it gives them.

use std::process::Command;

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use crate::busy::{REMEMBERS_A_HASH, Scene, busy, scene};
use crate::node::{ALICE, Anvil, BOB, Mined, post, program};
use crate::{assert_runs, import, scenario};

/// A call's whole answer.
fn answer(anvil: &Anvil, method: &str, parameters: Value) -> String {
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
    post(&anvil.address, &call.to_string()).1
}

fn number(mined: &Mined) -> String {
    format!("{:#x}", mined.number)
}

fn receipts(anvil: &Anvil, mined: &Mined) -> Value {
    anvil.call("eth_getBlockReceipts", json!([number(mined)]))
}

/// The scene without the transaction that only a block's hash would make right.
fn plain_scene(arguments: &[&str]) -> Option<Scene> {
    let mut scene = scene(arguments)?;
    let transactions = scene.transactions.as_array_mut().expect("a list");
    transactions.retain(|one| one["data"] != json!(REMEMBERS_A_HASH));
    Some(scene)
}

fn traces(anvil: &Anvil, mined: &Mined, config: Value) -> String {
    let tracer = json!({ "tracer": "prestateTracer", "tracerConfig": config });
    answer(anvil, "debug_traceBlockByNumber", json!([number(mined), tracer]))
}

/// Ends it as Ctrl-C does, with whatever it does then.
fn interrupt(anvil: &mut Anvil) {
    let id = anvil.process.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().expect("there is kill");
    assert!(killed.success());
    anvil.process.wait().expect("it ends");
}

#[test]
fn a_block_its_state_and_its_receipts_are_one_file() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let tracer = json!({ "tracer": "prestateTracer" });
    let earlier = mined.number - 5;
    let hash = anvil.call("eth_getBlockByNumber", json!([format!("{earlier:#x}"), false]));
    let receipts = receipts(&anvil, &mined);
    let bundle = json!({
        "block": anvil.call("eth_getBlockByNumber", json!([number(&mined), true])),
        "prestate": anvil.call("debug_traceBlockByNumber", json!([number(&mined), tracer])),
        "receipts": &receipts,
        "blockHashes": { (earlier.to_string()): hash["hash"] },
    });
    let imported = import(&[bundle.to_string()]);
    let note = format!(
        "{0} of {0} transactions have a receipt, and their gas and status are what it says",
        mined.hashes.len()
    );
    assert_eq!(imported.notes, [note]);
    assert_runs(&imported.scenario.expect("it is right"), &receipts);

    // Nobody tells the hash: what comes of it is told.
    let mut less = bundle;
    less.as_object_mut().unwrap().remove("blockHashes");
    let imported = import(&[less.to_string()]);
    let told = imported.notes.first().expect("receipts are compared");
    assert!(told.ends_with("and 1 have another gas or status than it says"), "{told}");
}

#[test]
fn a_block_and_its_trace_come_as_they_are_answered() {
    let Some(scene) = plain_scene(&[]) else { return };
    let mined = scene.mine();
    let anvil = &scene.anvil;
    let receipts = receipts(anvil, &mined);
    let block = answer(anvil, "eth_getBlockByNumber", json!([number(&mined), true]));
    let hashes = answer(anvil, "eth_getBlockByNumber", json!([number(&mined), false]));
    let whole = traces(anvil, &mined, json!({}));
    assert_runs(&scenario(&[block, whole.clone()]), &receipts);
    // One by one, and of the block only what it is to them.
    let mut texts = vec![hashes.clone()];
    let mut raws = String::new();
    for hash in &mined.hashes {
        texts.push(answer(anvil, "eth_getTransactionByHash", json!([hash])));
        let tracer = json!({ "tracer": "prestateTracer" });
        texts.push(answer(anvil, "debug_traceTransaction", json!([hash, tracer])));
        let raw = anvil.call("eth_getRawTransactionByHash", json!([hash]));
        raws.push_str(raw.as_str().expect("bytes"));
        raws.push('\n');
    }
    assert_runs(&scenario(&texts), &receipts);
    assert_runs(&scenario(&[raws, whole, hashes]), &receipts);
}

#[test]
fn a_dump_is_the_state_before_what_comes_next() {
    let Some(scene) = plain_scene(&[]) else { return };
    let packed = answer(&scene.anvil, "anvil_dumpState", json!([]));
    let mined = scene.mine();
    let anvil = &scene.anvil;
    let receipts = receipts(anvil, &mined);
    let block = answer(anvil, "eth_getBlockByNumber", json!([number(&mined), true]));
    let answered: Value = serde_json::from_str(&packed).expect("an answer");
    let bytes: Bytes = answered["result"].as_str().expect("bytes").parse().expect("hexadecimal");
    let mut unpacked = String::new();
    let mut reader = flate2::read::GzDecoder::new(bytes.as_ref());
    std::io::Read::read_to_string(&mut reader, &mut unpacked).expect("it is packed");
    for dump in [packed, bytes.to_string(), unpacked.clone()] {
        assert_runs(&scenario(&[dump, block.clone()]), &receipts);
    }
    // A trace in diffMode leaves out what is read only; here that is nothing.
    let changed = traces(anvil, &mined, json!({ "diffMode": true }));
    assert_runs(&scenario(&[block.clone(), changed.clone(), unpacked]), &receipts);
    let alone = import(&[block, changed, receipts.to_string()]);
    let warnings: Vec<&str> =
        alone.diagnostics.iter().flatten().map(|one| one.message.as_str()).collect();
    assert_eq!(warnings, ["a tracer in diffMode leaves out what is read and not changed"]);
    assert_runs(&alone.scenario.expect("it is right"), &receipts);
}

#[test]
fn the_file_that_anvil_leaves_is_a_dump() {
    let file = std::env::temp_dir().join(format!("evm-lanes-dump-{}.json", std::process::id()));
    let path = file.display().to_string();
    let Some(mut scene) = plain_scene(&["--dump-state", &path]) else { return };
    interrupt(&mut scene.anvil);
    let Some(anvil) = Anvil::start(&["--load-state", &path]) else { return };
    let scene = Scene { anvil, ..scene };
    let dump = std::fs::read_to_string(&file).expect("anvil has left its state");
    let _ = std::fs::remove_file(&file);
    let mined = scene.mine();
    let receipts = receipts(&scene.anvil, &mined);
    let block = answer(&scene.anvil, "eth_getBlockByNumber", json!([number(&mined), true]));
    assert_runs(&scenario(&[dump, block]), &receipts);
}

#[test]
fn a_created_access_list_belongs_to_its_call() {
    let Some(scene) = plain_scene(&[]) else { return };
    let anvil = &scene.anvil;
    let dump = answer(anvil, "anvil_dumpState", json!([]));
    let swap =
        scene.transactions.as_array().unwrap().iter().find(|one| one["call"] == json!("swap"));
    let pool = swap.expect("there is one")["to"].clone();
    // balanceOf, of the pool.
    let call = json!({ "from": ALICE, "to": scene.transactions[3]["to"], "gas": "0x186a0", "value": "0x0",
        "input": format!("0x70a08231{:0>64}", &pool.as_str().unwrap()[2..]) });
    let list = answer(anvil, "eth_createAccessList", json!([call, "latest"]));
    let made: Value = serde_json::from_str(&list).expect("an answer");
    let mut sent = call.clone();
    sent["accessList"] = made["result"]["accessList"].clone();
    assert!(!sent["accessList"].as_array().expect("a list").is_empty());
    anvil.call("eth_sendTransaction", json!([sent]));
    anvil.call("evm_mine", json!([]));
    let receipts = anvil.call("eth_getBlockReceipts", json!(["latest"]));
    let block = answer(anvil, "eth_getBlockByNumber", json!(["latest", false]));
    assert_runs(&scenario(&[list, call.to_string(), dump, block]), &receipts);
}

/// Of the second and the third of anvil's accounts.
const KEYS: [&str; 2] = [
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
];

#[test]
fn blobs_and_delegations_come_as_they_are_answered() {
    let (Some(cast), Some(anvil)) = (program("cast"), Anvil::start(&[])) else { return };
    // Adds one to slot 0.
    let code = "0x675f546001015f55005f5260086018f3";
    anvil.call("eth_sendTransaction", json!([{ "from": ALICE, "data": code, "gas": "0x30d40" }]));
    anvil.call("evm_mine", json!([]));
    let created = anvil.call("eth_getBlockReceipts", json!(["latest"]));
    let counter = created[0]["contractAddress"].as_str().expect("it is created");
    let file = std::env::temp_dir().join(format!("evm-lanes-blob-{}", std::process::id()));
    std::fs::write(&file, "a blob").expect("it is written");
    let blob = file.display().to_string();
    for arguments in [
        vec![BOB, "--auth", counter, "--gas-limit", "200000", "--private-key", KEYS[0]],
        vec![
            counter,
            "--blob",
            "--path",
            &blob,
            "--blob-gas-price",
            "1000000000",
            "--gas-limit",
            "100000",
            "--private-key",
            KEYS[1],
        ],
    ] {
        let sent = Command::new(&cast)
            .args([
                "send",
                "--async",
                "--rpc-url",
                &anvil.address,
                "--gas-price",
                "4000000000",
                "--priority-gas-price",
                "1000000000",
            ])
            .args(arguments)
            .output()
            .expect("cast starts");
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    }
    let _ = std::fs::remove_file(&file);
    let hash = anvil.call("evm_mine", json!([]));
    assert!(!hash.is_null());
    let block = anvil.call("eth_getBlockByNumber", json!(["latest", true]));
    let types = [&block["transactions"][0]["type"], &block["transactions"][1]["type"]];
    assert_eq!(types, ["0x4", "0x3"]);
    let receipts = anvil.call("eth_getBlockReceipts", json!(["latest"]));
    let tracer = json!({ "tracer": "prestateTracer" });
    let traces = anvil.call("debug_traceBlockByNumber", json!(["latest", tracer])).to_string();
    let mut raws = String::new();
    for transaction in block["transactions"].as_array().expect("a list") {
        let raw = anvil.call("eth_getRawTransactionByHash", json!([transaction["hash"]]));
        raws.push_str(raw.as_str().expect("bytes"));
        raws.push('\n');
    }
    let header = anvil.call("eth_getBlockByNumber", json!(["latest", false])).to_string();
    for texts in [vec![block.to_string(), traces.clone()], vec![raws, header, traces]] {
        let text = scenario(&texts);
        assert_runs(&text, &receipts);
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert!(
            read["transactions"]
                .as_array()
                .expect("a list")
                .iter()
                .all(|one| one["raw"].is_string())
        );
    }
}
