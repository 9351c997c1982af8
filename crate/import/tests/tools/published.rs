//! Ethereum's published tests and real blocks, imported: what comes of them is what they say. `EVM_LANES_CORPUS` names
//! their folder, as for `tests/tests/corpus.rs`.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::{Block, Sequential};
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_engine::state;
use serde_json::{Value, json};

use crate::import;

/// Why a scenario cannot hold a case: there is nothing to run, or it asks for more than scenarios may.
const REFUSALS: [&str; 4] = [
    "has no transactions",
    "a transaction may ask for at most 1000000000 gas here",
    "the transactions ask for more than 100000000000 gas together",
    "the excess blob gas is more than",
];

/// How many cases came out as they say, and how many could not be imported.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    right: u32,
    refused: u32,
    /// Their names.
    wrong: Vec<String>,
}

#[test]
fn real_blocks_use_the_gas_that_the_chain_says() {
    let Some(folder) = part("blocks", 43) else { return };
    let mut count = Count::default();
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mut text = String::new();
        flate2::read::GzDecoder::new(File::open(&file).unwrap()).read_to_string(&mut text).unwrap();
        let block: Value = serde_json::from_str(&text).unwrap();
        check(&file.display().to_string(), text, &mut count, &|run| {
            gas(run) == quantity(&block["expected"]["gasUsed"])
        });
    }
    // One has no transactions.
    assert_eq!(count, Count { right: 42, refused: 1, wrong: Vec::new() });
}

#[test]
fn blocks_of_chains_use_the_gas_that_their_headers_say() {
    let Some(folder) = part("blockchain_tests", 760) else { return };
    let mut count = Count::default();
    each_test(&folder.join("multi_tx.tar.zst"), &mut |name, test| {
        let first = &test["blocks"][0];
        // Constantinople itself is no fork of revm's.
        let unknown = test["network"] == "Constantinople";
        if first["expectException"].is_string() || first["blockHeader"].is_null() || unknown {
            return;
        }
        check(name, json!({ (name): test }).to_string(), &mut count, &|run| {
            gas(run) == quantity(&first["blockHeader"]["gasUsed"])
        });
    });
    assert_eq!(count, Count { right: 726, refused: 34, wrong: Vec::new() });
}

#[test]
fn single_transactions_leave_the_state_that_their_tests_say() {
    let Some(folder) = part("state_tests", 8844) else { return };
    let mut count = Count::default();
    each_test(&folder.join("core.tar.zst"), &mut |name, test| {
        let last = test["post"].as_object().unwrap().values().next_back().unwrap()[0].clone();
        if last["expectException"].is_string() {
            return;
        }
        check(name, json!({ (name): test }).to_string(), &mut count, &|run| {
            json!(state::root(&run.after)) == last["hash"]
        });
    });
    assert_eq!(count, Count { right: 8677, refused: 167, wrong: Vec::new() });
}

/// Imports a text, runs what comes of it in order, and has it looked at.
fn check(name: &str, text: String, count: &mut Count, look: &dyn Fn(&Sequential) -> bool) {
    let imported = import(&[text]);
    let Some(made) = imported.scenario else {
        count.refused += 1;
        let mut errors = imported.diagnostics.iter().flatten().map(|one| &*one.message);
        let known = errors.any(|message| REFUSALS.iter().any(|one| message.contains(one)));
        assert!(known, "{name}: {:?}", imported.diagnostics);
        return;
    };
    let (scenario, found) = scenario::read(&made, &Library::default());
    let scenario = scenario.unwrap_or_else(|| panic!("{name}: {found:#?}"));
    let cancel = AtomicBool::new(false);
    let block = Block::prepare(&scenario, &cancel, &|_| {}).unwrap().unwrap();
    let run = block.sequential(None, &cancel, &|_| {}).unwrap();
    if look(&run) {
        count.right += 1;
    } else {
        count.wrong.push(name.to_owned());
    }
}

fn gas(run: &Sequential) -> u64 {
    run.outcomes.iter().map(|one| one.gas_used()).sum()
}

fn quantity(value: &Value) -> u64 {
    let digits = value.as_str().expect("a quantity").trim_start_matches("0x");
    u64::from_str_radix(digits, 16).expect("hexadecimal")
}

/// Every test of every file in an archive.
fn each_test(archive: &Path, each: &mut dyn FnMut(&str, &Value)) {
    let unpacked = ruzstd::decoding::StreamingDecoder::new(File::open(archive).unwrap()).unwrap();
    let mut archive = tar::Archive::new(unpacked);
    for entry in archive.entries().unwrap() {
        let mut text = String::new();
        let mut entry = entry.unwrap();
        if entry.path().unwrap().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        entry.read_to_string(&mut text).unwrap();
        let tests: Value = serde_json::from_str(&text).unwrap();
        for (name, test) in tests.as_object().into_iter().flatten() {
            each(name, test);
        }
    }
}

/// A part of the corpus, if it is there.
fn part(name: &str, cases: u32) -> Option<PathBuf> {
    let folder = match std::env::var_os("EVM_LANES_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
    };
    let folder = folder.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    // Past the test runner's capture, for `cargo xtask test` to count.
    let line =
        format!("\nSKIPPED: {cases} cases of {name}: there is no folder {}\n", folder.display());
    let _ = std::io::stdout().write_all(line.as_bytes());
    None
}
