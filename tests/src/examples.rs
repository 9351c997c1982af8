//! The examples, run every way there is.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use evm_lanes_engine::options::{ClockId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{Report, Status};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Surroundings, run};
use evm_lanes_schedule::{Clock, Scoped};

/// Runs the example `id` under every strategy, with 1, 2, 4 and 8 workers, on virtual workers with several seeds and
/// on real threads, with and without deltas and hints; asserts that each run equals sequential execution and that all
/// tell the same story; compares the story with `tests/expect/<id>.txt` (`UPDATE_EXPECT=1` rewrites it); and returns
/// the report of the page's default run.
pub fn check(id: &str) -> Report {
    let text = read(id);
    let report = run_verified(id, &text, &Options::default());
    // Without deltas the graph has more edges. A block access list has values and no additions.
    let exact = run_verified(id, &text, &Options { deltas: DeltaId::None, ..Options::default() });
    // A large block is as good as many small ones.
    let seeds = if report.bounds.total > 5e6 { 1 } else { 3 };
    for strategy in StrategyId::ALL {
        let worker_counts: &[u32] = match strategy {
            StrategyId::Sequential => &[1],
            StrategyId::BlockStm | StrategyId::Ladder => &[1, 2, 4, 8],
            _ => &[4],
        };
        let story = if strategy == StrategyId::Bal { &exact } else { &report };
        for &workers in worker_counts {
            let options = Options { strategy, workers, ..Options::default() };
            for seed in 0..seeds {
                let again = run_verified(id, &text, &Options { seed, ..options.clone() });
                assert_same_story(id, story, &again);
            }
            let measured = Options { clock: ClockId::Measured, repeats: 1, ..options };
            assert_same_story(id, story, &run_verified(id, &text, &measured));
        }
    }
    // What is an addition decides who depends on whom, advice not even that, and neither how the block ends.
    for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage] {
        let own = run_verified(id, &text, &Options { deltas, ..Options::default() });
        assert_same_end(id, &report, &own);
        for strategy in StrategyId::ALL {
            let story = if strategy == StrategyId::Bal { &exact } else { &own };
            let options = Options { deltas, strategy, ..Options::default() };
            let mut ways = vec![Options { hints: HintId::None, ..options.clone() }];
            if seeds > 1 {
                ways.push(options.clone());
                ways.push(Options { clock: ClockId::Measured, repeats: 1, ..options });
            }
            for options in ways {
                assert_same_story(id, story, &run_verified(id, &text, &options));
            }
        }
    }
    let eight = run_verified(id, &text, &Options { workers: 8, ..Options::default() });
    compare_with_expected(id, &summary(&report, &eight));
    report
}

/// The text of the example `id`.
pub fn read(id: &str) -> String {
    let path = folder().join(format!("{id}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder of the examples.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// Runs `text` and asserts that the parallel result equals the sequential one.
pub fn run_verified(id: &str, text: &str, options: &Options) -> Report {
    let with = Surroundings {
        library: Library::bundled(),
        pool: &Scoped { workers: NonZeroU32::new(options.workers).expect("at least one worker") },
        clock: Some(&Wall(Instant::now())),
        cancel: &AtomicBool::new(false),
        progress: &|_, _, _| {},
    };
    let report = run(text, options, &with)
        .unwrap_or_else(|error| panic!("{id} with {options:?} does not run: {error:?}"));
    let verdict = &report.verdict;
    assert!(verdict.equal, "{id} with {options:?} differs: {:?}", verdict.differences);
    assert!(verdict.differences.is_empty(), "{id} with {options:?}");
    assert_eq!(verdict.parallel_state_root, verdict.sequential_state_root, "{id} with {options:?}");
    report
}

/// How a block ends and who depends on whom must not depend on how it was run.
fn assert_same_story(id: &str, one: &Report, other: &Report) {
    assert_same_end(id, one, other);
    let how = &other.options;
    assert_eq!(one.graph.edges, other.graph.edges, "{id} with {how:?}");
    assert_eq!(one.locations, other.locations, "{id} with {how:?}");
    for (a, b) in one.transactions.iter().zip(&other.transactions) {
        let path = &a.path;
        assert_eq!((&a.reads, &a.writes), (&b.reads, &b.writes), "{id} {path} with {how:?}");
    }
}

/// What came of the block and of each transaction.
fn assert_same_end(id: &str, one: &Report, other: &Report) {
    let how = &other.options;
    let root = |report: &Report| report.verdict.parallel_state_root.clone();
    assert_eq!(root(one), root(other), "{id} with {how:?}");
    assert_eq!(one.transactions.len(), other.transactions.len(), "{id} with {how:?}");
    for (a, b) in one.transactions.iter().zip(&other.transactions) {
        let path = &a.path;
        assert_eq!(
            (a.status, &a.reason, a.gas_used, &a.output, &a.logs),
            (b.status, &b.reason, b.gas_used, &b.output, &b.logs),
            "{id} {path} with {how:?}"
        );
    }
}

/// What is worth pinning down, deterministic on the gas clock.
fn summary(report: &Report, eight: &Report) -> String {
    let mut text = String::new();
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        text.write_fmt(arguments)
            .and_then(|()| text.write_char('\n'))
            .expect("strings take everything");
    };
    let graph = &report.graph;
    line(format_args!("{}", report.scenario.title));
    line(format_args!("fork {}", report.scenario.fork));
    line(format_args!("state root {}", report.verdict.sequential_state_root));
    let count = |status| report.transactions.iter().filter(|t| t.status == status).count();
    line(format_args!(
        "{} transactions: {} success, {} revert, {} halt, {} invalid",
        report.transactions.len(),
        count(Status::Success),
        count(Status::Revert),
        count(Status::Halt),
        count(Status::Invalid),
    ));
    line(format_args!(
        "{} edges, {} write after write, {} write after read",
        graph.edges.len(),
        graph.write_after_write.len(),
        graph.write_after_read.len()
    ));
    line(format_args!("{} levels, {} components", graph.levels, graph.components));
    let path = &graph.critical_path_gas;
    line(format_args!(
        "critical path {} of {} gas, {} transactions",
        path.weight,
        path.total,
        path.transactions.len()
    ));
    for r in [report, eight] {
        let verdict = &r.verdict;
        line(format_args!(
            "{} workers: speedup {:.3} of at most {:.3}, {} aborts, {} blocked, work ratio {:.3}",
            verdict.workers,
            verdict.speedup.unwrap_or(0.0),
            verdict.speedup_bound.unwrap_or(0.0),
            verdict.aborts,
            verdict.blocked,
            verdict.work_ratio,
        ));
    }
    for hot in report.hot.iter().take(8) {
        line(format_args!(
            "hot {}: {} readers, {} writers, {} edges, costs {} gas, {} aborts",
            report.locations[hot.location as usize].label,
            hot.readers,
            hot.writers,
            hot.edges,
            hot.cost_gas,
            hot.aborts,
        ));
    }
    // The state root pins a large block down well enough.
    if report.transactions.len() <= 100 {
        for (index, tx) in report.transactions.iter().enumerate() {
            line(format_args!(
                "{index} {:?} {} gas, level {}{}",
                tx.status,
                tx.gas_used,
                tx.level,
                tx.reason.as_ref().map_or(String::new(), |reason| format!(", {reason}")),
            ));
        }
    }
    text
}

fn compare_with_expected(id: &str, summary: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("expect").join(format!("{id}.txt"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().expect("it has one")).expect("the folder can be made");
        fs::write(&path, summary).expect("the expectation can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        summary == expected,
        "{} is not what came out (UPDATE_EXPECT=1 rewrites it). Expected:\n{expected}\nFound:\n{summary}",
        path.display(),
    );
}

/// Wall time since it was made.
#[derive(Debug)]
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}
