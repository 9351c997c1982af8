//! What would be if the block were a little different.

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::{DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::Report;
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::what_if::{Change, ChangeError, WhatIf};
use evm_lanes_engine::{RunError, Surroundings, run, what_if};
use evm_lanes_schedule::Inline;

/// Everybody increments one counter; the last one only looks at it.
const COUNTER: &str = r#"{
  "accounts": {
    // slot 0 += 1
    "counter": { "code": "0x60005460010160005500" },
    // slot 0 of its own = balance of the shop
    "auditor": { "code": "0x73000000000000000000000000000000000000510031600055" },
    "shop": { "address": "0x0000000000000000000000000000000000005100", "balance": "1 ether" }
  },
  "transactions": [
    { "from": "alice", "to": "counter", "gas": 100000 },
    { "from": "bob", "to": "counter", "gas": 100000 },
    { "from": "carol", "to": "counter", "gas": 100000 },
    { "from": "dave", "to": "shop", "value": "1 ether" },
    { "from": "erin", "to": "shop", "value": "1 ether" },
    { "from": "frank", "to": "auditor", "gas": 100000 }
  ]
}"#;

const SLOT: &str = "counter slot 0x0";
const SHOP: &str = "shop balance";

const DELTAS: [DeltaId; 4] = [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage];

#[test]
fn as_it_is_a_block_stands_as_it_runs() {
    for text in [COUNTER.to_owned(), example("erc20-fan-out"), example("invalid-transactions")] {
        for strategy in StrategyId::ALL {
            for deltas in DELTAS {
                for hints in [HintId::None, HintId::Senders] {
                    let options = Options { strategy, deltas, hints, ..Options::default() };
                    let report = report(&text, &options);
                    let WhatIf { before, after, .. } = answer(&text, &options, &[]);
                    assert_eq!(before, after);
                    assert_eq!(before.total, report.verdict.sequential);
                    assert_eq!(before.parallel, report.verdict.parallel, "{options:?}");
                    assert_eq!(before.speedup, report.verdict.speedup, "{options:?}");
                    assert_eq!(before.bound, report.verdict.speedup_bound, "{options:?}");
                    assert_eq!(before.aborts, report.verdict.aborts, "{options:?}");
                    assert_eq!(before.levels, report.graph.levels, "{options:?}");
                }
            }
        }
    }
}

/// In debug builds the engine asserts for each of these that every transaction ends as before.
#[test]
fn nobody_waits_at_what_is_not_shared() {
    for strategy in StrategyId::ALL {
        for seed in 0..10 {
            for change in [split(SLOT), commute(SLOT)] {
                let options = Options { strategy, seed, workers: 8, ..Options::default() };
                let answer = answer(COUNTER, &options, std::slice::from_ref(&change));
                // The shop's balance is still there.
                let fees = if strategy == StrategyId::Bal { 6 } else { 3 };
                assert_eq!((answer.before.levels, answer.after.levels), (fees, fees));
                assert!(answer.after.critical_path <= answer.before.critical_path);
                assert!(answer.after.parallel <= answer.before.parallel, "{options:?} {change:?}");
                assert_eq!(answer.after.total, answer.before.total);
                assert_eq!((answer.invalid.len(), answer.otherwise.len()), (0, 0));
            }
        }
    }
}

#[test]
fn a_counter_that_is_not_shared_costs_nothing() {
    let text = example("nft-mint-counter");
    let options = Options { strategy: StrategyId::Dag, workers: 20, ..Options::default() };
    let WhatIf { before, costs, .. } = answer(&text, &options, &[]);
    assert_eq!((before.levels, before.transactions), (20, 20));
    let first = &costs[0];
    assert_eq!((first.label.as_str(), first.commutes), ("collection.nextId", true));
    assert_eq!((first.readers, first.writers), (20, 20));
    assert_eq!(first.free.levels, 1);
    assert!(first.factor > 15.0);
    let words = "nextId of collection costs this block 1";
    assert!(first.sentence.starts_with(words), "{}", first.sentence);
    for change in [split("collection.nextId"), commute("collection.nextId")] {
        let answer = answer(&text, &options, &[change]);
        assert_eq!(answer.after.levels, 1);
        // They all run at once, and all that takes longer than the longest is that reads are validated.
        let times = answer.after.parallel / answer.after.critical_path;
        assert!((1.0..1.02).contains(&times), "{times}");
        assert_eq!(answer.after.speedup, first.free.speedup);
        assert!(answer.costs.is_empty(), "nothing else is shared: {:?}", answer.costs);
        assert!(answer.sentence.contains("instead of"), "{}", answer.sentence);
    }
}

/// Each cost is of a run in which its location is not shared, in which the engine asserts that nobody ends otherwise.
#[test]
fn every_example_ends_as_before_whatever_is_not_shared() {
    // These take longest in a debug build, and the other variant of their folder is like them.
    let large = [
        "mixed-block",
        "independent-heavy",
        "one-huge",
        "validity-rollup/parallel",
        "payment-channels/contended",
        "same-sender/parallel",
        "one-huge-transaction/parallel",
    ];
    let mut asked = 0;
    for (index, name) in examples().iter().enumerate() {
        if large.contains(&name.as_str()) || name.ends_with("/busy") {
            continue;
        }
        // Those of the gallery are many: each takes its turn at one kind of additions.
        let all = if name.contains('/') { &DELTAS[index % 4..][..1] } else { &DELTAS[..] };
        for &deltas in all {
            let options = Options { deltas, ..Options::default() };
            let text = example(name);
            for cost in answer(&text, &options, &[]).costs {
                if cost.commutes {
                    let after = answer(&text, &options, &[commute(&cost.label)]).after;
                    assert!(after.levels >= cost.free.levels, "{name} {}", cost.label);
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 400, "{asked}");
}

/// Who pays the shop needs no order then; who looks at what it has needs both.
#[test]
fn who_looks_at_a_sum_still_needs_all_of_it() {
    for deltas in [DeltaId::Fees, DeltaId::Balances] {
        let options = Options { deltas, workers: 8, ..Options::default() };
        let levels = |change| answer(COUNTER, &options, &[change, split(SLOT)]).after.levels;
        assert_eq!(levels(commute(SHOP)), 2, "{deltas:?}");
        assert_eq!(levels(split(SHOP)), 1, "{deltas:?}");
    }
}

#[test]
fn of_two_changes_at_one_location_the_last_counts() {
    let options = Options::default();
    let both = answer(COUNTER, &options, &[split(SHOP), commute(SHOP)]);
    assert_eq!(both, answer(COUNTER, &options, &[commute(SHOP)]));
}

#[test]
fn dropped_and_moved_transactions_are_executed_without_and_elsewhere() {
    let options = Options::default();
    let found = answer(COUNTER, &options, &[drop(5), drop(0), moved(3, 0)]);
    assert_eq!(found.order, [3, 1, 2, 4]);
    assert_eq!(found.after.transactions, 4);
    assert!(found.invalid.is_empty());
    // What is left is what would be if it had been written like that.
    let written: String = COUNTER
        .lines()
        .filter(|line| !line.contains("frank") && !line.contains("alice"))
        .collect::<Vec<_>>()
        .join("\n")
        .replace(
            r#""value": "1 ether" },
  ]"#,
            r#""value": "1 ether" } ]"#,
        );
    let dave = r#"{ "from": "dave", "to": "shop", "value": "1 ether" },"#;
    let written = written
        .replace(dave, "")
        .replace(r#""transactions": ["#, &format!(r#""transactions": [ {dave}"#));
    assert_eq!(found.after, answer(&written, &options, &[]).before);
}

#[test]
fn who_needs_a_dropped_transaction_is_invalid_and_said_to_be() {
    let text = r#"{ "transactions": [
        { "from": "alice", "to": "bob", "value": "1 ether" },
        { "from": "alice", "to": "bob", "value": "1 ether" },
        { "from": "carol", "to": "bob", "value": "1 ether" },
        { "from": "alice", "to": "bob", "value": "1 ether" } ] }"#;
    let found = answer(text, &Options::default(), &[drop(0)]);
    assert_eq!((found.invalid, found.otherwise), (vec![1, 3], vec![]));
    let found = answer(text, &Options::default(), &[moved(3, 0)]);
    assert_eq!((found.order, found.invalid), (vec![3, 0, 1, 2], vec![3]));
}

/// Two locations order the same transactions.
#[test]
fn what_gains_nothing_alone_is_said_to() {
    let text = r#"{ "transactions": [
        { "from": "alice", "to": "bob", "value": "1 ether" },
        { "from": "alice", "to": "carol", "value": "1 ether" } ] }"#;
    // A hint would have the second one wait for the first all the same.
    let options = Options { hints: HintId::None, ..Options::default() };
    let nonce = answer(text, &options, &[split("alice nonce")]);
    assert_eq!(nonce.before.levels, nonce.after.levels);
    assert!(nonce.sentence.starts_with("With this nothing is gained"), "{}", nonce.sentence);
    let cost = nonce.costs.iter().find(|cost| cost.label == "alice balance").unwrap();
    assert_eq!(
        cost.sentence,
        "alice's balance costs this block 2.0×: 0.98× with it, 1.9× without."
    );
}

#[test]
fn a_block_can_be_emptied() {
    let text = r#"{ "transactions": [ { "from": "alice", "to": "bob" } ] }"#;
    let found = answer(text, &Options::default(), &[drop(0)]);
    assert_eq!((found.after.transactions, found.after.speedup, found.after.bound), (0, None, None));
    assert!(found.costs.is_empty());
}

#[test]
fn the_block_itself_is_not_changed() {
    let options = Options::default();
    let before = answer(COUNTER, &options, &[]).before;
    let changes = [drop(1), moved(4, 0), split(SLOT), commute(SHOP)];
    assert_eq!(answer(COUNTER, &options, &changes).before, before);
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let cases = [
        (vec![drop(6)], ChangeError::NoTransaction { transaction: 6, count: 6 }),
        (vec![moved(7, 0)], ChangeError::NoTransaction { transaction: 7, count: 6 }),
        (vec![moved(2, 6)], ChangeError::NoPlace { transaction: 2, to: 6, last: 5 }),
        (vec![drop(0), moved(2, 5)], ChangeError::NoPlace { transaction: 2, to: 5, last: 4 }),
        (vec![moved(2, 0), drop(2)], ChangeError::Dropped { transaction: 2 }),
        (
            vec![split("counter slot 0x00")],
            ChangeError::NoLocation {
                label: "counter slot 0x00".to_owned(),
                meant: Some(SLOT.to_owned()),
            },
        ),
        (vec![commute("")], ChangeError::NoLocation { label: String::new(), meant: None }),
        (
            vec![commute("alice nonce")],
            ChangeError::NotCommutative { label: "alice nonce".to_owned() },
        ),
    ];
    for (changes, expected) in cases {
        match ask(COUNTER, &Options::default(), &changes) {
            Err(RunError::Change(error)) => assert_eq!(error, expected),
            other => panic!("{changes:?}: {other:?}"),
        }
    }
    let error = ask(COUNTER, &Options::default(), &[split("shop balanc")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"no transaction reads or writes "shop balanc" (is "shop balance" meant?); the report lists the locations there are"#
    );
}

#[test]
fn a_text_with_errors_has_no_answer() {
    let found = ask(r#"{ "transactions": [ {} ] }"#, &Options::default(), &[]);
    assert!(matches!(found, Err(RunError::Invalid(_))), "{found:?}");
    let none = ask(COUNTER, &Options { workers: 0, ..Options::default() }, &[]);
    assert!(matches!(none, Err(RunError::Options(_))), "{none:?}");
}

fn drop(transaction: u32) -> Change {
    Change::Drop { transaction }
}

fn moved(transaction: u32, to: u32) -> Change {
    Change::Move { transaction, to }
}

fn split(location: &str) -> Change {
    Change::Split { location: location.to_owned() }
}

fn commute(location: &str) -> Change {
    Change::Commute { location: location.to_owned() }
}

#[track_caller]
fn answer(text: &str, options: &Options, changes: &[Change]) -> WhatIf {
    ask(text, options, changes).unwrap()
}

fn ask(text: &str, options: &Options, changes: &[Change]) -> Result<WhatIf, RunError> {
    with(|with| what_if(text, options, changes, with))
}

fn report(text: &str, options: &Options) -> Report {
    with(|with| run(text, options, with)).unwrap()
}

fn with<R>(job: impl FnOnce(&Surroundings<'_>) -> R) -> R {
    job(&Surroundings {
        pool: &Inline,
        library: Library::bundled(),
        clock: None,
        cancel: &AtomicBool::new(false),
        progress: &|_, _, _| {},
    })
}

fn examples() -> Vec<String> {
    let index = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/index.json");
    let index: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(index).unwrap()).unwrap();
    let groups = index["groups"].as_array().unwrap().iter();
    let names = groups.flat_map(|group| group["examples"].as_array().unwrap());
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn example(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap()
}
