//! One block in every strategy: each row is what a run of that strategy says, and nothing wrong is passed over.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use evm_lanes_engine::options::{ClockId, CostId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{Comparison, ComparisonRow, Unit};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Phase, RunError, Surroundings, compare, run};
use evm_lanes_schedule::{Clock, Inline, Scoped};

/// Payments, a sender with several transactions, a contract that everybody increments, and one that cannot be included.
const MIXED: &str = r#"{
  "accounts": {
    // slot 0 += 1
    "counter": { "code": "0x60005460010160005500" }
  },
  "transactions": [
    { "from": "alice", "to": "bob", "value": "1 ether" },
    { "from": "carol", "to": "counter", "gas": 100000 },
    { "from": "alice", "to": "counter", "gas": 100000 },
    { "from": "dave", "to": "bob", "value": 1, "nonce": 9 },
    { "from": "alice", "to": "erin", "value": 1 },
    { "from": "grace", "to": "counter", "gas": 100000 }
  ]
}"#;

#[test]
fn every_row_says_what_a_run_of_its_strategy_says() {
    for text in [MIXED, &on("amsterdam")] {
        for options in [
            Options::default(),
            Options { workers: 8, seed: 5, deltas: DeltaId::None, ..Options::default() },
            Options { workers: 2, hints: HintId::None, ..Options::default() },
        ] {
            let comparison = compare(text, &options, &nowhere()).unwrap();
            assert_eq!((&comparison.options, comparison.unit), (&options, Unit::Gas));
            assert_eq!(comparison.transactions, 6);
            let strategies: Vec<_> = comparison.rows.iter().map(|row| row.strategy).collect();
            assert_eq!(strategies, StrategyId::ALL);
            for row in &comparison.rows {
                let options = Options { strategy: row.strategy, ..options.clone() };
                let report = run(text, &options, &nowhere()).unwrap();
                let verdict = &report.verdict;
                assert!(row.equal && verdict.equal, "{:?}", row.first_difference);
                assert_eq!(comparison.sequential, verdict.sequential);
                assert_eq!((row.workers, row.time), (verdict.workers, verdict.parallel));
                assert_eq!(
                    (row.speedup, row.speedup_bound, row.work_ratio),
                    (verdict.speedup, verdict.speedup_bound, verdict.work_ratio)
                );
                assert_eq!(
                    (row.attempts, row.aborts, row.blocked),
                    (verdict.attempts, verdict.aborts, verdict.blocked)
                );
                if row.strategy == StrategyId::Bal {
                    assert_eq!(report.access_lists.unwrap().from_execution, row.oracle);
                }
            }
        }
    }
}

#[test]
fn an_oracle_is_what_knows_by_executing() {
    let comparison = compare(MIXED, &Options::default(), &nowhere()).unwrap();
    assert_eq!(oracles(&comparison), [StrategyId::Dag, StrategyId::Bal]);
    // A list that the scenario has, be it ever so wrong, is no knowledge of ours.
    let given = MIXED.replacen('{', r#"{ "blockAccessList": "0xc0","#, 1);
    let comparison = compare(&given, &Options::default(), &nowhere()).unwrap();
    assert_eq!(oracles(&comparison), [StrategyId::Dag]);
    assert!(comparison.rows.iter().all(|row| row.equal), "{:?}", comparison.rows);
}

#[test]
fn a_row_says_whether_hints_make_a_difference() {
    let told = |hints| {
        let options = Options { hints, workers: 3, ..Options::default() };
        compare(&chain(), &options, &nowhere()).unwrap().rows
    };
    let heeding: Vec<_> = told(HintId::None)
        .into_iter()
        .zip(told(HintId::Senders))
        .inspect(|(without, with)| assert_eq!(without.heeds_hints, with.heeds_hints))
        .filter(|(without, with)| without != with)
        .map(|(without, _)| (without.strategy, without.heeds_hints))
        .collect();
    assert_eq!(heeding, [(StrategyId::BlockStm, true), (StrategyId::Ladder, true)]);
    assert_eq!(told(HintId::None).iter().filter(|row| row.heeds_hints).count(), heeding.len());
}

#[test]
fn on_the_virtual_clock_it_is_deterministic_to_the_byte() {
    let options = Options { seed: 11, ..Options::default() };
    let first = serde_json::to_string(&compare(MIXED, &options, &nowhere()).unwrap()).unwrap();
    for _ in 0..10 {
        let again = compare(MIXED, &options, &nowhere()).unwrap();
        assert_eq!(first, serde_json::to_string(&again).unwrap());
    }
}

#[test]
fn measured_rows_share_one_baseline() {
    let options =
        Options { clock: ClockId::Measured, workers: 3, repeats: 2, ..Options::default() };
    let (pool, wall) = (Scoped { workers: 2.try_into().unwrap() }, Wall(Instant::now()));
    let with = Surroundings { pool: &pool, clock: Some(&wall), ..nowhere() };
    let comparison = compare(MIXED, &options, &with).unwrap();
    assert_eq!(comparison.unit, Unit::Microseconds);
    for row in &comparison.rows {
        assert!(row.equal, "{:?}", row.first_difference);
        // Three were asked for, two are there.
        assert_eq!(row.workers, if row.strategy == StrategyId::Sequential { 1 } else { 2 });
        let speedup = row.speedup.unwrap();
        assert!((comparison.sequential / row.time - speedup).abs() < 1e-9 * speedup, "{row:?}");
        assert!(row.attempts >= 6, "{row:?}");
    }
}

#[test]
fn an_empty_block_has_rows_and_no_speedups() {
    let empty = r#"{ "transactions": [] }"#;
    let comparison = compare(empty, &Options::default(), &nowhere()).unwrap();
    let none = |row: &ComparisonRow| (row.speedup, row.speedup_bound) == (None, None) && row.equal;
    assert!(comparison.rows.iter().all(none), "{:?}", comparison.rows);
}

#[test]
fn what_a_run_refuses_is_refused() {
    let refused = [
        Options { workers: 65, ..Options::default() },
        Options { clock: ClockId::Measured, ..Options::default() },
        Options { cost: CostId::Time, ..Options::default() },
    ];
    for options in refused {
        assert!(matches!(compare(MIXED, &options, &nowhere()), Err(RunError::Options(_))));
    }
    let broken = compare("{", &Options::default(), &nowhere());
    assert!(matches!(broken, Err(RunError::Invalid(problems)) if !problems.is_empty()));
}

#[test]
fn it_says_how_far_it_is_and_can_be_cancelled_at_every_strategy() {
    let seen = AtomicU32::new(0);
    let count = |phase, done, total| {
        if phase == Phase::Comparison {
            assert_eq!(total, StrategyId::ALL.len() as u32);
            assert_eq!(seen.fetch_add(1, Ordering::Relaxed), done);
        }
    };
    let with = Surroundings { progress: &count, ..nowhere() };
    assert!(compare(MIXED, &Options::default(), &with).is_ok());
    assert_eq!(seen.into_inner(), StrategyId::ALL.len() as u32 + 1);

    for at in 0..StrategyId::ALL.len() as u32 {
        let cancel = AtomicBool::new(false);
        let stop = |phase, done, _| {
            cancel.fetch_or(phase == Phase::Comparison && done == at, Ordering::Relaxed);
        };
        let with = Surroundings { progress: &stop, cancel: &cancel, ..nowhere() };
        let result = compare(MIXED, &Options::default(), &with);
        assert!(matches!(result, Err(RunError::Cancelled)), "at {at}");
    }
}

fn oracles(comparison: &Comparison) -> Vec<StrategyId> {
    comparison.rows.iter().filter(|row| row.oracle).map(|row| row.strategy).collect()
}

fn on(fork: &str) -> String {
    MIXED.replacen('{', &format!(r#"{{ "fork": "{fork}","#), 1)
}

/// Two senders' chains, which nobody but hints can know of beforehand.
fn chain() -> String {
    let payment = |index: u32| {
        let from = if index.is_multiple_of(2) { "alice" } else { "bob" };
        format!(r#"{{ "from": "{from}", "to": "carol{index}", "value": 1 }}"#)
    };
    let payments: Vec<_> = (0..24).map(payment).collect();
    format!(r#"{{ "transactions": [ {} ] }}"#, payments.join(","))
}

fn nowhere() -> Surroundings<'static> {
    static RUNNING: AtomicBool = AtomicBool::new(false);
    Surroundings {
        library: Library::bundled(),
        pool: &Inline,
        clock: None,
        cancel: &RUNNING,
        progress: &|_, _, _| {},
    }
}

#[derive(Debug)]
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}
