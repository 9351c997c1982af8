//! Every format: what is good becomes a scenario, and what is wrong gets a message. `UPDATE_EXPECT=1` rewrites `expect/`.

mod malformed;
mod texts;

use alloy_primitives::Bytes;
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario::{self, Library, Scenario};
use evm_lanes_import::{Imported, Input, import};
use revm::context::either::Either;
use revm::context_interface::transaction::AuthorizationTr as _;
use serde_json::json;

use texts::{
    CONTRACT, Call, Sample, alloc, block, block_of, broadcast_of, bundle_of, chain_test_of,
    packed_dump, prestate, raw, receipts, samples, sender, state_test_of, t8n_of,
};

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

/// The scenario that comes of texts that are right.
fn scenario(name: &str, text: &str, others: &[String]) -> Scenario {
    let imported = read(text, others);
    let Some(made) = &imported.scenario else { panic!("{name}: {:#?}", errors(&imported)) };
    let (scenario, found) = scenario::read(made, &Library::default());
    scenario.unwrap_or_else(|| panic!("{name}: {found:#?}"))
}

#[test]
fn every_format_becomes_a_scenario() {
    for Sample { name, format, text, others } in samples() {
        assert_eq!(read(&text, &others).formats[0], Some(format), "{name}");
        let read = scenario(name, &text, &others);
        assert_eq!(read.transactions[0].env.caller, sender(), "{name}");
        let code = &read.accounts[&CONTRACT].code;
        assert!(code.as_ref().is_some_and(|code| !code.is_empty()), "{name}");
    }
}

/// `tests/browser/import.spec.ts` opens the same texts in the page. `UPDATE_EXPECT=1` rewrites its file, too.
#[test]
fn the_browser_tests_have_these_texts() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/formats.json");
    let samples = samples().into_iter().map(|Sample { name, format, text, others }| {
        let texts: Vec<String> = std::iter::once(text).chain(others).collect();
        json!({ "name": name, "format": format, "texts": texts })
    });
    let expected = serde_json::to_string_pretty(&samples.collect::<Vec<_>>()).unwrap() + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap_or_default() == expected, "{path} is stale");
}

#[test]
fn transactions_of_every_type_are_in_every_format_that_can_hold_them() {
    for kind in 0..=4 {
        let call = Call::new(kind, 0);
        let (raw, rpc, fields) = (call.raw(), call.rpc(), call.fields());
        let encoded = Bytes::from(alloy_rlp::encode(vec![call.signed()])).to_string();
        let mut texts = vec![
            ("raw", raw.clone()),
            ("a list of raw ones", json!([raw]).to_string()),
            ("an encoded list", encoded.clone()),
            ("of JSON-RPC", rpc.to_string()),
            ("without signature", fields.to_string()),
            ("a block", block_of(std::slice::from_ref(&rpc)).to_string()),
            ("t8n", t8n_of(std::slice::from_ref(&rpc)).to_string()),
            ("t8n with txs.rlp", json!({ "alloc": alloc(), "txs": encoded }).to_string()),
            ("a blockchain test", chain_test_of(&[raw.parse().unwrap()]).to_string()),
            ("a state test", state_test_of(&call).to_string()),
            ("a broadcast", broadcast_of(&fields).to_string()),
            ("a bundle", bundle_of(&[rpc]).to_string()),
        ];
        if kind == 3 {
            texts.push(("raw with blobs", call.raw_with_blobs()));
        }
        for (name, text) in texts {
            let whole = ["t8n", "t8n with txs.rlp", "a blockchain test", "a state test"];
            let others = if whole.contains(&name) { vec![] } else { vec![alloc().to_string()] };
            let read = scenario(&format!("type {kind} as {name}"), &text, &others);
            let env = &read.transactions[0].env;
            assert_eq!(env.tx_type, kind, "{name}");
            assert_eq!(
                env.access_list.0.len(),
                usize::from(kind == 1 || kind > 2),
                "{kind} {name}"
            );
            assert_eq!(env.blob_hashes.len(), usize::from(kind == 3), "{kind} {name}");
            let delegations = env.authorization_list.iter().map(|one| match one {
                Either::Left(signed) => (signed.authority(), signed.address),
                Either::Right(recovered) => (recovered.authority(), recovered.address),
            });
            let expected = if kind == 4 { vec![(Some(sender()), CONTRACT)] } else { vec![] };
            assert_eq!(delegations.collect::<Vec<_>>(), expected, "{kind} {name}");
        }
    }
}

#[test]
fn receipts_are_compared_with_the_scenario() {
    let agrees = read(&bundle_of(&[Call::new(2, 0).rpc(), Call::new(2, 1).rpc()]).to_string(), &[]);
    assert_eq!(
        agrees.notes,
        ["2 of 2 transactions have a receipt, and their gas and status are what it says"]
    );
    let mut wrong = receipts();
    wrong[1]["status"] = json!("0x0");
    wrong[1]["gasUsed"] = json!("0x5208");
    let others = [block().to_string(), prestate().to_string()];
    let differs = read(&wrong.to_string(), &others);
    assert_eq!(
        differs.notes,
        ["2 of 2 transactions have a receipt, and 1 have another gas or status than it says"]
    );
    let said: Vec<&str> =
        differs.diagnostics.iter().flatten().map(|one| one.message.as_str()).collect();
    let hash = wrong[1]["transactionHash"].as_str().unwrap();
    assert_eq!(
        said,
        [format!(
            "{hash}: gas 26026, and its receipt says 21000; status success, and its receipt says failure"
        )]
    );
    assert!(differs.scenario.is_some(), "it can be run all the same");
}

/// The answers to a batch of calls, and members of other names.
#[test]
fn bundles_are_recognised_however_they_are_put_together() {
    let answer = |id: u32, result| json!({ "jsonrpc": "2.0", "id": id, "result": result });
    let (block, prestate, receipts) = (block(), prestate(), receipts());
    let code = prestate[CONTRACT.to_string()]["code"].clone();
    let hash = alloy_primitives::keccak256(code.as_str().unwrap().parse::<Bytes>().unwrap());
    let mut bare = alloc();
    let contract = bare[CONTRACT.to_string()].as_object_mut().unwrap();
    contract.remove("code");
    contract.insert("code_hash".to_owned(), json!(hash));
    for bundle in [
        json!([block, [{ "txHash": "0x01", "result": prestate }], receipts]),
        json!([prestate, block]),
        json!([answer(1, block.clone()), answer(2, prestate.clone()), answer(3, receipts)]),
        json!({ "block": answer(1, block.clone()), "debug_traceBlockByNumber": answer(2, json!([{ "result": prestate }])) }),
        json!({ "chainId": 1, "block": block, "preState": bare, "codes": { (hash.to_string()): code }, "blockHashes": { "120": hash } }),
    ] {
        let read = scenario(&bundle.to_string(), &bundle.to_string(), &[]);
        assert_eq!(read.transactions.len(), 2);
        let code = read.accounts[&CONTRACT].code.as_ref().unwrap();
        assert_eq!(code.original_bytes().len(), 7);
        assert_eq!(read.block_hashes.contains_key(&120), bundle.get("codes").is_some());
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
    // A block with hashes is of use beside its transactions.
    let hash = Call::new(2, 0).signed().hash().to_string();
    let hashes = block_of(&[json!(hash)]).to_string();
    let only = read(&hashes, &[alloc().to_string()]);
    assert_eq!(errors(&only)[0].message, "block 123 has only the hashes of its transactions");
    assert!(errors(&only)[0].hint.as_ref().unwrap().contains("`true`"));
    let with = [raw(1, 0), alloc().to_string()];
    assert_eq!(scenario("hashes", &hashes, &with).block.number.to::<u64>(), 123);
    let chains = read(&format!("{}\n{}", raw(1, 0), raw(5, 1)), &[alloc().to_string()]);
    assert_eq!(errors(&chains)[0].line, 2);
    assert_eq!(
        errors(&chains)[0].message,
        "this is for chain 5, and what was read before is for chain 1"
    );
}

#[test]
fn a_dump_may_come_as_an_answer() {
    let packed = packed_dump();
    for text in [json!(packed), json!({ "jsonrpc": "2.0", "id": 1, "result": packed })] {
        scenario("a dump", &text.to_string(), &[raw(1, 0)]);
    }
}

#[test]
fn what_was_signed_is_exported_as_it_was() {
    let raws = format!("{}\n{}\n", raw(1, 0), raw(1, 1));
    let made = read(&block().to_string(), &[prestate().to_string()]).scenario.unwrap();
    let (scenario, _) = scenario::read(&made, &Library::default());
    let scenario = scenario.unwrap();
    let exported = evm_lanes_import::raw(&scenario);
    assert_eq!((exported.text, exported.left_out.len()), (raws, 0));
    // What t8n reads comes back as the same transactions and accounts.
    let t8n = evm_lanes_import::t8n(&scenario);
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

/// Whatever is changed, removed or put in: an answer, and no panic.
#[test]
fn no_mutation_panics() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for Sample { text, others, .. } in samples() {
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
                let alone = imported.formats[0] == Some(evm_lanes_import::Format::Scenario);
                assert!(alone || imported.scenario.is_some() == errors(&imported).is_empty());
            }
        }
    }
}
