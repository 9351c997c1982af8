//! Every format: what is good becomes a scenario, and what is wrong gets a message. `UPDATE_EXPECT=1` rewrites `expect/`.

use std::fmt::Write as _;
use std::path::PathBuf;

use alloy_consensus::{EthereumTxEnvelope, SignableTransaction as _, TxEip1559, TxEip4844};
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_primitives::{Address, Bytes, Signature, TxKind, U256, address};
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_import::{Format, Imported, Input, import};
use k256::ecdsa::SigningKey;
use serde_json::{Value, json};

const CONTRACT: Address = address!("00000000000000000000000000000000c0de0001");

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn sender() -> Address {
    Address::from_private_key(&key())
}

/// A signed call of the contract.
fn envelope(chain_id: u64, nonce: u64) -> EthereumTxEnvelope<TxEip4844> {
    let tx = TxEip1559 {
        chain_id,
        nonce,
        gas_limit: 100_000,
        max_fee_per_gas: 2_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Call(CONTRACT),
        value: U256::from(nonce),
        access_list: Default::default(),
        input: Bytes::from_static(&[1]),
    };
    let (signature, recovery) =
        key().sign_prehash_recoverable(tx.signature_hash().as_slice()).unwrap();
    tx.into_signed(Signature::from((signature, recovery))).into()
}

fn raw(chain_id: u64, nonce: u64) -> String {
    Bytes::from(envelope(chain_id, nonce).encoded_2718()).to_string()
}

/// The same as a node gives it.
fn rpc(nonce: u64) -> Value {
    let envelope = envelope(1, nonce);
    let signature = envelope.signature();
    json!({
        "hash": envelope.hash(), "type": "0x2", "chainId": "0x1", "nonce": format!("{nonce:#x}"), "from": sender(), "to": CONTRACT,
        "value": format!("{nonce:#x}"), "gas": "0x186a0", "gasPrice": "0x77359400", "maxFeePerGas": "0x77359400",
        "maxPriorityFeePerGas": "0x3b9aca00", "input": "0x01", "accessList": [],
        "yParity": format!("{:#x}", u8::from(signature.v())), "v": format!("{:#x}", u8::from(signature.v())),
        "r": format!("{:#x}", signature.r()), "s": format!("{:#x}", signature.s()),
    })
}

fn unsigned() -> Value {
    json!({ "from": sender(), "to": CONTRACT, "nonce": "0x0", "gas": "0x186a0", "value": "0x0", "input": "0x01" })
}

fn block() -> Value {
    json!({
        "hash": format!("0x{:064x}", 5), "parentHash": format!("0x{:064x}", 4), "number": "0x7b", "timestamp": "0x6553f100",
        "gasLimit": "0x1c9c380", "gasUsed": "0x0", "miner": address!("00000000000000000000000000000000000000aa"),
        "baseFeePerGas": "0x3b9aca00", "mixHash": format!("0x{:064x}", 9), "difficulty": "0x0", "withdrawalsRoot": format!("0x{:064x}", 1),
        "transactions": [rpc(0), rpc(1)],
    })
}

/// Adds one to slot 0.
fn prestate() -> Value {
    let slot = format!("0x{:064x}", 0);
    json!({
        (sender().to_string()): { "balance": "0xde0b6b3a7640000", "nonce": 0 },
        (CONTRACT.to_string()): { "balance": "0x0", "nonce": 1, "code": "0x5f54600101 5f55".replace(' ', ""), "storage": { (slot): format!("0x{:064x}", 3) } },
    })
}

fn alloc() -> Value {
    let mut alloc = prestate();
    alloc[sender().to_string()]["nonce"] = "0x0".into();
    alloc[CONTRACT.to_string()]["nonce"] = "0x1".into();
    alloc
}

fn env() -> Value {
    json!({
        "currentCoinbase": address!("00000000000000000000000000000000000000aa"), "currentNumber": "0x1", "currentTimestamp": "0x3e8",
        "currentGasLimit": "0x1c9c380", "currentBaseFee": "0x7", "currentDifficulty": "0x0", "currentRandom": "0x0", "blockHashes": { "0": format!("0x{:064x}", 4) },
    })
}

fn traces() -> Value {
    json!([{ "txHash": format!("0x{:064x}", 1), "result": prestate() }])
}

fn state_test() -> Value {
    json!({ "a test": {
        "env": env(), "pre": alloc(), "post": { "Cancun": [{ "hash": "0x00", "logs": "0x00", "indexes": { "data": 0, "gas": 0, "value": 0 } }] },
        "transaction": { "nonce": "0x00", "gasLimit": ["0x186a0"], "value": ["0x00"], "data": ["0x01"], "to": CONTRACT, "gasPrice": "0x0a", "secretKey": format!("0x{}", "07".repeat(32)) },
    } })
}

fn chain_test() -> Value {
    let header = alloy_consensus::Header {
        number: 1,
        gas_limit: 30_000_000,
        timestamp: 1000,
        base_fee_per_gas: Some(7),
        ..Default::default()
    };
    let body = alloy_consensus::BlockBody {
        transactions: vec![envelope(1, 0)],
        ommers: Vec::new(),
        withdrawals: Some(Default::default()),
    };
    let block = alloy_consensus::Block { header, body };
    let rlp = Bytes::from(alloy_rlp::encode(&block));
    json!({ "a test": { "network": "Shanghai", "genesisRLP": "0x", "pre": alloc(), "blocks": [{ "rlp": rlp }], "lastblockhash": "0x" } })
}

fn dump() -> Value {
    json!({
        "block": { "number": "0x2", "coinbase": address!("00000000000000000000000000000000000000aa"), "timestamp": "0x3e8", "gas_limit": "0x1c9c380", "basefee": "0x7", "difficulty": "0x0", "prevrandao": format!("0x{:064x}", 3) },
        "accounts": prestate(), "best_block_number": "0x1", "blocks": [], "transactions": [], "historical_states": null,
    })
}

fn broadcast() -> Value {
    json!({ "chain": 1, "returns": {}, "receipts": [], "pending": [], "transactions": [{
        "hash": null, "transactionType": "CALL", "contractName": "Counter", "function": "increment()", "transaction": unsigned(),
    }] })
}

fn list() -> Value {
    json!([{ "address": CONTRACT, "storageChanges": [{ "slot": "0x0", "changes": [{ "blockAccessIndex": "0x1", "postValue": "0x4" }] }],
        "storageReads": [], "balanceChanges": [], "nonceChanges": [], "codeChanges": [] }])
}

fn created() -> Value {
    json!({ "accessList": [{ "address": CONTRACT, "storageKeys": [format!("0x{:064x}", 0), format!("0x{:064x}", 1)] }], "gasUsed": "0x6000" })
}

/// A format: a text in it, and what else is needed with it.
fn formats() -> Vec<(&'static str, Format, String, Vec<String>)> {
    let raws = format!("{}\n{}\n", raw(1, 0), raw(1, 1));
    let alone = Vec::new;
    vec![
        ("raw", Format::RawTransactions, raws, vec![alloc().to_string()]),
        (
            "transactions",
            Format::Transactions,
            json!([rpc(0), rpc(1)]).to_string(),
            vec![alloc().to_string()],
        ),
        ("block", Format::Block, block().to_string(), vec![prestate().to_string()]),
        ("prestate", Format::Prestate, prestate().to_string(), vec![block().to_string()]),
        ("traces", Format::Prestate, traces().to_string(), vec![block().to_string()]),
        (
            "created-access-list",
            Format::CreatedAccessList,
            created().to_string(),
            vec![unsigned().to_string(), alloc().to_string()],
        ),
        ("alloc", Format::Alloc, alloc().to_string(), vec![unsigned().to_string()]),
        (
            "env",
            Format::Environment,
            env().to_string(),
            vec![alloc().to_string(), unsigned().to_string()],
        ),
        (
            "t8n",
            Format::T8n,
            json!({ "alloc": alloc(), "env": env(), "txs": [rpc(0), rpc(1)] }).to_string(),
            alone(),
        ),
        ("state-test", Format::StateTest, state_test().to_string(), alone()),
        ("blockchain-test", Format::BlockchainTest, chain_test().to_string(), alone()),
        (
            "block-access-list",
            Format::BlockAccessList,
            list().to_string(),
            vec![alloc().to_string(), unsigned().to_string()],
        ),
        ("broadcast", Format::Broadcast, broadcast().to_string(), vec![dump().to_string()]),
        ("anvil-dump", Format::AnvilDump, dump().to_string(), vec![unsigned().to_string()]),
    ]
}

fn read(text: &str, others: &[String]) -> Imported {
    let texts = std::iter::once(text).chain(others.iter().map(String::as_str));
    let inputs: Vec<Input> =
        texts.map(|text| Input { name: "a file".to_owned(), text: text.to_owned() }).collect();
    import(&inputs)
}

fn errors(imported: &Imported) -> Vec<&Diagnostic> {
    let all = imported.diagnostics.iter().flatten();
    all.filter(|one| one.severity == Severity::Error).collect()
}

#[test]
fn every_format_becomes_a_scenario() {
    for (name, format, text, others) in formats() {
        let imported = read(&text, &others);
        assert_eq!(imported.formats[0], Some(format), "{name}");
        let made = imported
            .scenario
            .as_ref()
            .unwrap_or_else(|| panic!("{name}: {:#?}", errors(&imported)));
        let (read, found) = scenario::read(made, &Library::default());
        let read = read.unwrap_or_else(|| panic!("{name}: {found:#?}"));
        assert_eq!(read.transactions[0].env.caller, sender(), "{name}");
        let code = &read.accounts[&CONTRACT].code;
        assert!(code.as_ref().is_some_and(|code| !code.is_empty()), "{name}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let no_state = read(&block().to_string(), &[]);
    let text: Vec<&str> = errors(&no_state).iter().map(|one| one.message.as_str()).collect();
    assert_eq!(text, [format!("block 123 needs the code of {CONTRACT}")]);
    let mut partial = prestate();
    partial.as_object_mut().unwrap().remove(&CONTRACT.to_string());
    let partial = read(&block().to_string(), &[partial.to_string()]);
    assert_eq!(errors(&partial)[0].message, format!("block 123 needs the code of {CONTRACT}"));
    let chains = read(&format!("{}\n{}", raw(1, 0), raw(5, 1)), &[alloc().to_string()]);
    assert_eq!(
        errors(&chains)[0].message,
        "transaction 1 is for chain 5, and the others are for chain 1"
    );
}

#[test]
fn a_packed_dump_is_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, dump().to_string().as_bytes()).unwrap();
    let packed = Bytes::from(packed.finish().unwrap()).to_string();
    for text in [packed.clone(), json!({ "jsonrpc": "2.0", "id": 1, "result": packed }).to_string()]
    {
        let imported = read(&text, &[raw(1, 0)]);
        assert!(imported.scenario.is_some(), "{:#?}", errors(&imported));
        assert_eq!(imported.formats[0], Some(Format::AnvilDump));
    }
}

#[test]
fn what_was_signed_is_exported_as_it_was() {
    let raws = format!("{}\n{}\n", raw(1, 0), raw(1, 1));
    let made = read(&block().to_string(), &[prestate().to_string()]).scenario.unwrap();
    let (scenario, _) = scenario::read(&made, &Library::default());
    let scenario = scenario.unwrap();
    let exported = evm_lanes_import::raw(&made, &scenario);
    assert_eq!((exported.text, exported.left_out.len()), (raws, 0));
    // What t8n reads comes back as the same transactions and accounts.
    let t8n = evm_lanes_import::t8n(&made, &scenario);
    let again = read(&t8n.text, &[]);
    let again = again.scenario.as_ref().unwrap_or_else(|| panic!("{:#?}", errors(&again)));
    let (again, _) = scenario::read(again, &Library::default());
    let again = again.unwrap();
    assert_eq!(again.accounts, scenario.accounts);
    let envs = |one: &scenario::Scenario| {
        one.transactions.iter().map(|one| one.env.clone()).collect::<Vec<_>>()
    };
    assert_eq!(envs(&again), envs(&scenario));
}

/// Forty texts of each format that are wrong, and what is said of each.
#[test]
fn what_is_malformed_gets_a_message() {
    for (name, _, text, others) in formats() {
        let mut said = String::new();
        let mut count = 0;
        let mut seen = std::collections::BTreeSet::new();
        for (how, mutant) in mutants(&text) {
            if count == 40 {
                break;
            }
            let imported = read(&mutant, &others);
            let found = errors(&imported);
            let Some(first) = found.first() else { continue };
            assert!(imported.scenario.is_none());
            if !seen.insert(mutant) {
                continue;
            }
            count += 1;
            let hint = first.hint.as_deref().unwrap_or("–");
            writeln!(
                said,
                "{how}\n  {}:{} {} [{}]\n  {hint}",
                first.line, first.column, first.message, first.path
            )
            .unwrap();
        }
        assert_eq!(count, 40, "{name}");
        expect(name, &said);
    }
}

/// Ways to be wrong, whichever the format.
fn mutants(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let mut leaves = Vec::new();
        walk(&value, String::new(), &mut leaves);
        let long = format!("0x{}", "9".repeat(400));
        let wrong = [json!("0xzz"), json!(long), json!(-1), json!({}), json!("–"), json!([1])];
        for (index, wrong) in wrong.iter().enumerate() {
            for pointer in leaves.iter().skip(index % 2).step_by(1 + leaves.len() / 12) {
                let mut mutant = value.clone();
                *mutant.pointer_mut(pointer).unwrap() = wrong.clone();
                let shown: String = wrong.to_string().chars().take(12).collect();
                all.push((format!("{pointer} is {shown}"), mutant.to_string()));
            }
        }
        if let Some(at) = text.find('{') {
            let (before, after) = text.split_at(at + 1);
            all.insert(
                0,
                ("a key twice".to_owned(), format!("{before}\"twice\":1,\"twice\":2,{after}")),
            );
        }
    } else {
        for at in (2..40).step_by(3) {
            let mut mutant = text.to_owned();
            mutant.replace_range(at..=at, if at % 2 == 0 { "z" } else { "f" });
            all.push((format!("another digit at {at}"), mutant));
        }
        for kind in ["00", "05", "7f", "80", "b8"] {
            all.push((format!("type {kind}"), text.replacen("0x02", &format!("0x{kind}"), 1)));
        }
        all.push(("two in a line".to_owned(), text.replacen('\n', "", 1)));
        all.push(("bytes behind it".to_owned(), text.replacen('\n', "0000\n", 1)));
    }
    for (how, mutant) in
        [("empty", ""), ("null", "null"), ("a list", "[]"), ("an object", "{}"), ("words", "hello")]
    {
        all.push((how.to_owned(), mutant.to_owned()));
    }
    all.push(("no answer".to_owned(), r#"{"jsonrpc":"2.0","id":1,"result":null}"#.to_owned()));
    all.push((
        "an error".to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#.to_owned(),
    ));
    for part in 1..40 {
        let end = (text.trim_end().len() - 1) * part / 40;
        all.push((format!("cut off at {end}"), text.get(..end).unwrap_or_default().to_owned()));
    }
    all
}

fn walk(value: &Value, path: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            // In a fixed order, whatever the features of serde_json.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            for (key, value) in members {
                walk(
                    value,
                    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
                    leaves,
                );
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                walk(value, format!("{path}/{index}"), leaves);
            }
        }
        _ => leaves.push(path),
    }
}

/// Whatever is changed, removed or put in: an answer, and no panic.
#[test]
fn no_mutation_panics() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for (_, _, text, others) in formats() {
        for _ in 0..60 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                match random(4) {
                    0 => bytes[at] = b"0f{}[]\",:x-9zn"[random(14)],
                    1 => drop(bytes.remove(at)),
                    2 => bytes.insert(at, b"0f{}[]\",:x-9zn"[random(14)]),
                    _ => {
                        let end = at + random(bytes.len() - at);
                        let part = bytes[at..end].to_vec();
                        let to = random(bytes.len());
                        bytes.splice(to..to, part);
                    }
                }
            }
            let mutant = String::from_utf8_lossy(&bytes);
            for others in [others.as_slice(), &[]] {
                let imported = read(&mutant, others);
                let alone = imported.formats[0] == Some(Format::Scenario);
                assert!(alone || imported.scenario.is_some() == errors(&imported).is_empty());
            }
        }
    }
}

#[track_caller]
fn expect(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/expect/{name}.txt"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs from {}; UPDATE_EXPECT=1 rewrites it\n{actual}",
        path.display()
    );
}
