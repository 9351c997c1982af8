//! Storage slots are called what the contracts' sources call them.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{LocationKind, Report};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Surroundings, run};
use evm_lanes_schedule::Inline;

/// Runs an example on the virtual clock and expects these among its slots' labels, and no slot without a name.
#[track_caller]
fn check(example: &str, expected: &[&str]) {
    let report = report(example);
    let slots = report.locations.iter().filter(|location| location.kind == LocationKind::Slot);
    let labels: BTreeSet<&str> = slots.map(|location| location.label.as_str()).collect();
    for label in expected {
        assert!(labels.contains(label), "{example}: no {label} in {labels:#?}");
    }
    let unnamed: Vec<_> = labels.iter().filter(|label| label.contains(" slot 0x")).collect();
    assert!(unnamed.is_empty(), "{example}: {unnamed:#?}");
}

fn report(example: &str) -> Report {
    let file = format!("{}/../../examples/{example}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).unwrap();
    let never = AtomicBool::new(false);
    let with = Surroundings {
        library: Library::bundled(),
        pool: &Inline,
        clock: None,
        cancel: &never,
        progress: &|_, _, _| {},
    };
    run(&text, &Options::default(), &with).unwrap()
}

#[test]
fn tokens() {
    check("erc20-fan-out", &["token.balanceOf[alice]", "token.balanceOf[bob]"]);
}

#[test]
fn pools() {
    check("amm-one-pool", &["pool.reserve0", "pool.reserve1", "gold.allowance[alice][pool]"]);
}

#[test]
fn counters_and_owners() {
    check("nft-mint-counter", &["collection.nextId", "collection._ownerOf[1]"]);
}

#[test]
fn slots_that_move() {
    check("moving-target", &["range.target", "range.hits[7]"]);
}
