//! `examples/schema.json` is what the reader's own declarations say, and the two accept the same texts.

use std::path::{Path, PathBuf};

use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::scenario::{self, Library};
use serde_json::{Value, json};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

#[test]
fn the_published_schema_is_fresh() {
    let path = examples().join("schema.json");
    let fresh = scenario::schema();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let text = serde_json::to_string_pretty(&fresh).unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    // Compared as values: the order of keys depends on a feature that other crates may switch on.
    let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
    assert!(
        committed == fresh,
        "examples/schema.json is stale: run this test with UPDATE_EXPECT=1"
    );
}

/// The text as plain JSON: the examples have comments on lines of their own, and no trailing commas.
fn plain(text: &str) -> Value {
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    serde_json::from_str(&lines.join("\n")).unwrap()
}

fn example_values() -> Vec<(String, Value)> {
    let index = std::fs::read_to_string(examples().join("index.json")).unwrap();
    let index: Value = serde_json::from_str(&index).unwrap();
    let groups = index["groups"].as_array().unwrap().iter();
    let names = groups.flat_map(|group| group["examples"].as_array().unwrap());
    let values: Vec<(String, Value)> = names
        .map(|name| name.as_str().unwrap().to_owned())
        .map(|name| {
            let file = examples().join(format!("{name}.json"));
            let text = std::fs::read_to_string(file).unwrap();
            (name, plain(&text))
        })
        .collect();
    assert!(values.len() >= 10);
    values
}

#[test]
fn every_example_fits_the_schema() {
    let validator = jsonschema::validator_for(&scenario::schema()).unwrap();
    for (name, value) in example_values() {
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

/// Each way of spoiling or varying a value that the schema can see.
fn mutations(value: &Value) -> Vec<Value> {
    fn everywhere(value: &Value, rebuild: &dyn Fn(Value) -> Value, out: &mut Vec<Value>) {
        match value {
            Value::Object(object) => {
                let mut more = object.clone();
                more.insert("zzz".to_owned(), json!(1));
                out.push(rebuild(Value::Object(more)));
                for (key, inner) in object {
                    // What stands in arguments is typed by the ABI, not by the schema.
                    if key == "args" {
                        continue;
                    }
                    let put = |new: Value| {
                        let mut object = object.clone();
                        object.insert(key.clone(), new);
                        rebuild(Value::Object(object))
                    };
                    for new in
                        [json!(null), json!(true), json!([]), json!({}), json!(-1), json!("@")]
                    {
                        out.push(put(new));
                    }
                    everywhere(inner, &put, out);
                }
            }
            Value::Array(items) => {
                let first = items.first().into_iter();
                for (index, inner) in first.enumerate() {
                    let put = |new: Value| {
                        let mut items = items.clone();
                        items[index] = new;
                        rebuild(Value::Array(items))
                    };
                    for new in [json!(null), json!("0x"), json!(5)] {
                        out.push(put(new));
                    }
                    everywhere(inner, &put, out);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    everywhere(value, &|new| new, &mut out);
    out
}

/// What the schema refuses the reader refuses. The other way round the reader knows more: names, ABIs, forks.
#[test]
fn what_the_schema_refuses_the_reader_refuses() {
    let validator = jsonschema::validator_for(&scenario::schema()).unwrap();
    let rich = json!({
        "title": "x", "fork": "prague", "chainId": 1, "invalid": "skip",
        "block": { "number": 5, "baseFee": "1 gwei", "beneficiary": "miner",
                   "blockHashes": { "4": format!("0x{}", "11".repeat(32)) } },
        "accounts": { "alice": "1 ether", "code": { "code": "0x00", "storage": { "0x1": 5 }, "nonce": 1 } },
        "setup": [{ "from": "alice", "to": "code", "gas": 30000 }],
        "transactions": [
            { "from": "alice", "to": "bob", "value": "1 gwei", "nonce": 3, "data": "0x01",
              "accessList": [{ "address": "bob", "storageKeys": [1] }], "maxFeePerGas": "5 gwei" }
        ]
    });
    let generated = json!({ "transactions": [{ "generate": { "workload": "transfers", "count": 3, "skew": 1 } }] });
    let with_list = json!({
        "transactions": [{ "from": "alice", "to": "bob" }],
        "blockAccessList": [{
            "address": "alice",
            "storageChanges": [{ "key": 1, "changes": [{ "index": 1, "value": 2 }] }],
            "storageReads": ["0x2"],
            "balanceChanges": [{ "blockAccessIndex": 1, "postBalance": "1 ether" }],
            "nonceChanges": [{ "index": 1, "postNonce": 1 }],
            "codeChanges": [{ "index": 1, "newCode": "0x" }]
        }]
    });
    let with_contracts = json!({
        "contracts": { "Box": {
            "abi": [{ "type": "function", "name": "put", "inputs": [{ "name": "x", "type": "uint256" }],
                      "outputs": [], "stateMutability": "nonpayable" }],
            "bytecode": "0x00",
            "storageLayout": { "storage": [{ "label": "x", "slot": "0", "offset": 0, "type": "t_uint256" }],
                               "types": { "t_uint256": { "encoding": "inplace", "label": "uint256", "numberOfBytes": "32" } } }
        } },
        "sources": { "Box.sol": "contract Box {}" },
        "transactions": []
    });
    let encoded = json!({ "transactions": [], "blockAccessList": "0xc0" });
    let (mut refused, mut total) = (0, 0);
    for value in [rich, generated, with_list, with_contracts, encoded] {
        for mutation in mutations(&value) {
            total += 1;
            let text = mutation.to_string();
            let (_, diagnostics) = scenario::read(&text, Library::bundled());
            let readable = diagnostics.iter().all(|problem| problem.severity != Severity::Error);
            if !validator.is_valid(&mutation) {
                refused += 1;
                assert!(!readable, "the schema refuses, the reader accepts: {text}");
            } else if !readable {
                // Then it must be for a reason that no schema can see.
                let known = [
                    "contradict",
                    "takes",
                    "not known",
                    "of use only",
                    "recipient",
                    "carries",
                    "needs the hash",
                    "from 1 to",
                    "cannot create",
                    "empty change list",
                    "cannot be read",
                ];
                assert!(
                    diagnostics
                        .iter()
                        .all(|problem| known.iter().any(|word| problem.message.contains(word))),
                    "the schema accepts, the reader refuses: {text}\n{diagnostics:#?}"
                );
            }
        }
    }
    assert!(refused > 100 && refused < total, "{refused} of {total} mutations were refused");
}
