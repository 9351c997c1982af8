//! The story of a run: sentences as in `telling.expected` (`UPDATE_EXPECT=1` writes it anew), and versions that fit the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::{ClockId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{Report, Status, Story, VersionState};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Surroundings, run, run_and_tell};
use evm_lanes_schedule::{Clock, Inline, Scoped};

const EXAMPLES: [&str; 5] =
    ["erc20-fan-out", "nonce-chain", "amm-one-pool", "hot-recipient", "fee-recipient-read"];

/// Of each example under each strategy the first event of each kind, told.
#[test]
fn sentences_are_as_expected() {
    let mut told = String::new();
    for example in EXAMPLES {
        for strategy in StrategyId::ALL {
            for hints in [HintId::None, HintId::Senders] {
                let options = Options { strategy, hints, workers: 3, ..Options::default() };
                let (report, story) = tell(example, &options);
                let _ = writeln!(told, "{example}, {strategy:?}, {hints:?}");
                let mut seen = BTreeSet::new();
                let events = &report.timeline.events;
                let _ = writeln!(told, "  {:>4}  {}", 0, story.tell(0, None).sentence);
                for (event, &kind) in events.kind.iter().enumerate() {
                    let again = events.incarnation[event] > 0;
                    if seen.insert((kind, again)) {
                        let step = event as u32 + 1;
                        let _ = writeln!(told, "  {step:>4}  {}", story.tell(step, None).sentence);
                    }
                }
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/telling.expected");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &told).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(told == expected, "telling.expected is not what is told: UPDATE_EXPECT=1 rewrites it");
}

/// The report is the one of a run that is not told; at every event there is a sentence; versions are those that the report
/// says are written, and committed in the end.
#[test]
fn versions_fit_the_report() {
    for example in EXAMPLES {
        for strategy in StrategyId::ALL {
            for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Storage] {
                for workers in [1, 4] {
                    let options = Options { strategy, deltas, workers, ..Options::default() };
                    let (report, story) = tell(example, &options);
                    assert_eq!(report, run(&text(example), &options, &nowhere()).unwrap());
                    check(&report, &story);
                }
            }
        }
    }
}

#[test]
fn measured_runs_are_told_too() {
    let pool = Scoped { workers: 4.try_into().unwrap() };
    let with = Surroundings { pool: &pool, clock: Some(&Now), ..nowhere() };
    for strategy in StrategyId::ALL {
        let options =
            Options { strategy, clock: ClockId::Measured, repeats: 1, ..Options::default() };
        let (report, story) = run_and_tell(&text("erc20-fan-out"), &options, &with).unwrap();
        check(&report, &story);
    }
}

/// Whoever asks for what is not there gets an answer all the same.
#[test]
fn there_is_an_answer_to_everything() {
    let (report, story) = tell("nonce-chain", &Options::default());
    let last = story.tell(u32::MAX, Some(u32::MAX));
    assert_eq!(last, story.tell(report.timeline.events.kind.len() as u32, None));
    let empty = r#"{ "transactions": [] }"#;
    let (_, story) = run_and_tell(empty, &Options::default(), &nowhere()).unwrap();
    assert_eq!(
        story.tell(7, Some(0)).sentence,
        "Nothing has happened yet: 0 transactions for 4 workers."
    );
}

fn check(report: &Report, story: &Story) {
    let events = &report.timeline.events;
    let steps = events.kind.len() as u32;
    // On real workers others may have read a version, and be done, before the end of what wrote it is timed; not before it began.
    let measured = report.options.clock == ClockId::Measured;
    let executed: BTreeMap<(u32, u32), usize> = (0..steps as usize)
        .filter(|&event| events.kind[event] == 0)
        .map(|event| ((events.transaction[event], events.incarnation[event]), event))
        .collect();
    let hot = report.hot.iter().map(|hot| hot.location).take(3);
    for location in hot {
        for step in 0..=steps {
            let told = story.tell(step, Some(location));
            assert!(told.sentence.ends_with('.'), "{}", told.sentence);
            let versions = told.versions.expect("the location is in the report");
            assert!(versions.complete);
            for row in &versions.rows {
                assert_eq!(row.readers.len() as u32, row.readers_total);
                let Some(tx) = row.transaction else {
                    assert_eq!(row.state, VersionState::Committed);
                    continue;
                };
                // Nobody has read from a transaction that comes later.
                assert!(row.readers.iter().all(|reader| reader.transaction > tx));
                match row.incarnation {
                    Some(incarnation) => {
                        let event = executed[&(tx, incarnation)];
                        let now = events.end[step.saturating_sub(1) as usize];
                        let begun = measured && events.start[event] <= now;
                        assert!(begun || event < step as usize, "{tx}.{incarnation} at {step}");
                    }
                    None => assert_eq!(row.state, VersionState::Foretold),
                }
            }
            let foretold = row_states(&versions.rows, VersionState::Foretold);
            assert!(foretold == 0 || report.options.strategy == StrategyId::Bal);
        }

        let end = story.tell(steps, Some(location)).versions.unwrap();
        let written = report.transactions.iter().enumerate().flat_map(|(tx, transaction)| {
            let here = transaction.writes.iter().filter(|write| write.location == location);
            here.map(move |write| (Some(tx as u32), Some(write.value.clone()), write.added))
        });
        let rows = end.rows.iter().filter(|row| row.transaction.is_some());
        let rows = rows.filter(|row| row.state == VersionState::Committed);
        let found: Vec<_> =
            rows.map(|row| (row.transaction, row.value.clone(), row.added)).collect();
        // What is an addition in a sequential run may have been one by one in another, and the other way round.
        if report.options.deltas != DeltaId::Storage {
            assert_eq!(found, written.collect::<Vec<_>>(), "{:?}", report.options);
        }
    }
}

/// What an attempt did on its last values is what the transaction did; every page of it is a part of the same.
#[test]
fn opcodes_are_those_of_the_run() {
    for example in EXAMPLES {
        for (strategy, deltas) in
            [(StrategyId::BlockStm, DeltaId::Fees), (StrategyId::Ladder, DeltaId::Storage)]
        {
            let options = Options { strategy, deltas, ..Options::default() };
            let (report, story) = tell(example, &options);
            let events = &report.timeline.events;
            let mut last = vec![None; report.transactions.len()];
            for event in (0..events.kind.len()).filter(|&event| events.kind[event] == 0) {
                last[events.transaction[event] as usize] = Some(event as u32);
            }
            for (transaction, event) in report.transactions.iter().zip(last) {
                let event = event.expect("it was executed");
                let first = story.opcodes(event, 0).unwrap();
                assert_eq!(first.gas_used, transaction.gas_used, "{example} {}", transaction.path);
                let called = example.starts_with("amm") || example.starts_with("erc20");
                assert_eq!(called, first.total > 100, "{example} {}", transaction.path);
                let mut seen = first.counter.len();
                while seen < first.total as usize {
                    let page = story.opcodes(event, seen as u32).unwrap();
                    assert_eq!((page.first, page.total), (seen as u32, first.total));
                    assert_eq!(page.height as usize, page.stack.len());
                    seen += page.counter.len();
                }
                assert_eq!(seen, first.total as usize);
                // Before it stops it has seen in storage what the report says it has read.
                let end = story.opcodes(event, first.total.saturating_sub(1)).unwrap();
                if transaction.status == Status::Success {
                    for word in &end.storage {
                        let location = word.location.expect("what is touched is in the report");
                        let read = transaction.reads.iter().any(|read| read.location == location);
                        let write =
                            transaction.writes.iter().any(|write| write.location == location);
                        assert!(read || write, "{example}: {}", transaction.path);
                    }
                }
            }
            assert_eq!(story.opcodes(u32::MAX, 0), None);
        }
    }
}

fn row_states(rows: &[evm_lanes_engine::report::VersionRow], state: VersionState) -> usize {
    rows.iter().filter(|row| row.state == state).count()
}

fn tell(example: &str, options: &Options) -> (Report, Story) {
    run_and_tell(&text(example), options, &nowhere()).unwrap()
}

fn text(example: &str) -> String {
    let file = format!("{}/../../examples/{example}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(file).unwrap()
}

fn nowhere() -> Surroundings<'static> {
    static NEVER: AtomicBool = AtomicBool::new(false);
    Surroundings {
        library: Library::bundled(),
        pool: &Inline,
        clock: None,
        cancel: &NEVER,
        progress: &|_, _, _| {},
    }
}

#[derive(Debug)]
struct Now;

impl Clock for Now {
    fn now(&self) -> u64 {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed().as_nanos() as u64
    }
}
