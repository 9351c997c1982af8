//! Text in, report out: what a run promises, whatever the block.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use evm_lanes_engine::options::{ClockId, CostId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{LocationKind, Report, Status, Unit};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{RunError, Surroundings, curve, run};
use evm_lanes_schedule::{Clock, Inline, Pool, Scoped};

/// Payments, a chain of one sender, a contract that everybody increments, and one that looks at the fee recipient.
const MIXED: &str = r#"{
  "accounts": {
    // slot 0 += 1
    "counter": { "code": "0x60005460010160005500" },
    // slot 0 = balance(coinbase)
    "reader": { "code": "0x413160005500" }
  },
  "transactions": [
    { "from": "alice", "to": "bob", "value": "1 ether" },
    { "from": "carol", "to": "counter", "gas": 100000 },
    { "from": "dave", "to": "counter", "gas": 100000 },
    { "from": "alice", "to": "counter", "gas": 100000 },
    { "from": "erin", "to": "reader", "gas": 100000 },
    { "from": "bob", "to": "frank", "value": "2 ether" },
    { "from": "grace", "to": "counter", "gas": 100000 }
  ]
}"#;

#[test]
fn set_up_runs_earlier_by_the_time_asked_for() {
    // slot 0 is when it was last called; it returns how long ago that was.
    let clock = r#"{
      "block": { "timestamp": 1000, "sinceSetup": 250 },
      "accounts": { "clock": { "code": "0x60005442034260005560005260206000f3" } },
      "setup": [{ "from": "alice", "to": "clock" }],
      "transactions": [{ "from": "alice", "to": "clock", "gas": 100000 }, { "from": "alice", "to": "clock", "gas": 100000 }]
    }"#;
    let report = virtually(clock, &Options::default());
    let outputs: Vec<_> = report.transactions.iter().map(|one| one.output.as_str()).collect();
    assert_eq!(outputs, [format!("0x{:064x}", 250), format!("0x{:064x}", 0)]);
}

#[test]
fn every_way_of_running_equals_sequential() {
    for strategy in StrategyId::ALL {
        for workers in [1, 2, 3, 8] {
            for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage] {
                for hints in [HintId::None, HintId::Senders] {
                    for seed in 0..25 {
                        let options = Options {
                            strategy,
                            workers,
                            deltas,
                            hints,
                            seed,
                            ..Options::default()
                        };
                        let report = virtually(MIXED, &options);
                        assert!(
                            report.verdict.equal,
                            "{options:?}: {:?}",
                            report.verdict.differences
                        );
                        assert_eq!(
                            report.verdict.sequential_state_root,
                            report.verdict.parallel_state_root
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_oracle_executes_everything_once() {
    for workers in [1, 2, 3, 8, 64] {
        for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage] {
            let strategy = StrategyId::Dag;
            let options = Options { strategy, workers, deltas, ..Options::default() };
            let report = virtually(MIXED, &options);
            let verdict = &report.verdict;
            assert_eq!((verdict.attempts, verdict.aborts), (7, 0), "{options:?}");
            assert!(verdict.parallel >= report.bounds.critical_path, "{options:?}");
            assert!(report.locks.is_none());
        }
    }
}

/// What is paid to a shop, and what the shop pays out of it, orders nobody until somebody asks exactly how much it has.
#[test]
fn balances_that_nobody_looks_at_order_nobody() {
    let block = |asks: &str| {
        let payments = ["alice", "bob", "carol", "dave"]
            .map(|from| format!(r#"{{ "from": "{from}", "to": "shop", "value": "1 ether" }},"#));
        // slot 0 = shop.balance
        let auditor =
            r#""auditor": { "code": "0x73000000000000000000000000000000000000510031600055" }"#;
        let shop = r#""shop": { "address": "0x0000000000000000000000000000000000005100", "balance": "1 ether" }"#;
        format!(
            r#"{{ "accounts": {{ {shop}, {auditor} }}, "transactions": [
                {} {{ "from": "shop", "to": "erin", "value": "0.5 ether" }} {asks} ] }}"#,
            payments.concat()
        )
    };
    let run = |text: &str, deltas| {
        let options = Options { deltas, workers: 8, ..Options::default() };
        let report = virtually(text, &options);
        assert!(report.verdict.equal, "{:?}", report.verdict.differences);
        (report.graph.levels, report.graph.edges.len(), report.verdict.aborts)
    };
    assert_eq!(run(&block(""), DeltaId::Balances), (1, 0, 0));
    assert_eq!(run(&block(""), DeltaId::Fees).0, 5);
    let asks = r#", { "from": "frank", "to": "auditor", "gas": 100000 }"#;
    let (levels, edges, _) = run(&block(asks), DeltaId::Balances);
    assert_eq!((levels, edges), (2, 5));
}

/// Everybody writes a slot of their own, but without an access list the whole storage is locked.
#[test]
fn locks_are_coarse_unless_an_access_list_says_more() {
    let block = |lists: [&str; 3]| {
        let call = |(from, list): (&str, &str)| {
            format!(r#"{{ "from": "{from}", "to": "own", "gas": 100000 {list} }}"#)
        };
        let calls: Vec<_> = ["alice", "bob", "carol"].into_iter().zip(lists).map(call).collect();
        // slot caller = 1
        let own = r#""own": { "code": "0x6001335500" }"#;
        format!(r#"{{ "accounts": {{ {own} }}, "transactions": [ {} ] }}"#, calls.join(","))
    };
    let run = |text: &str| {
        let options = Options { strategy: StrategyId::Locks, workers: 3, ..Options::default() };
        let report = virtually(text, &options);
        assert!(report.verdict.equal && report.graph.edges.is_empty());
        assert_eq!((report.verdict.attempts, report.verdict.aborts), (3, 0));
        (report.locks.unwrap(), report.verdict.speedup.unwrap())
    };
    let (coarse, slow) = run(&block([""; 3]));
    assert_eq!((coarse.pairs, coarse.needless), (2, 2));
    assert_eq!((coarse.listed[0].from, coarse.listed[0].to), (0, 1));
    assert_eq!(coarse.listed[0].locks, ["own storage"]);
    assert!(slow < 1.01, "{slow}");
    // Slots that do not meet. A slot and the whole storage do.
    let list = |slot: u32| {
        format!(r#", "accessList": [{{ "address": "own", "storageKeys": ["{slot:#066x}"] }}]"#)
    };
    let (fine, fast) = run(&block([&list(1), &list(2), &list(3)]));
    assert_eq!((fine.pairs, fine.needless), (0, 0));
    assert!(fast > 2.5, "{fast}");
    assert_eq!(run(&block([&list(1), &list(2), ""])).0.pairs, 2);
}

#[test]
fn virtual_time_in_gas_is_deterministic_to_the_byte_even_with_a_clock_at_hand() {
    let options = Options { seed: 7, ..Options::default() };
    let without = serde_json::to_string(&virtually(MIXED, &options)).unwrap();
    // Each run hashes with another seed.
    for _ in 0..100 {
        let again =
            run(MIXED, &options, &surroundings(&Inline, Some(&Wall::new()), &RUNNING)).unwrap();
        assert_eq!(without, serde_json::to_string(&again).unwrap());
    }
    assert!(!without.contains("\"microseconds\":0"), "no measured time in such a report");
}

#[test]
fn a_measured_run_is_timed_traced_and_verified() {
    let options =
        Options { clock: ClockId::Measured, workers: 3, repeats: 3, ..Options::default() };
    let wall = Wall::new();
    let report = run(
        MIXED,
        &options,
        &surroundings(&Scoped { workers: 2.try_into().unwrap() }, Some(&wall), &RUNNING),
    )
    .unwrap();
    assert!(report.verdict.equal, "{:?}", report.verdict.differences);
    assert_eq!(report.verdict.unit, Unit::Microseconds);
    // Three were asked for, two are there.
    assert_eq!((report.verdict.workers, report.timeline.workers), (2, 2));
    assert!(report.verdict.sequential > 0.0 && report.verdict.parallel > 0.0);
    assert!(report.transactions.iter().all(|transaction| transaction.microseconds.is_some()));
    assert!(report.graph.critical_path_time.is_some());
    let committed = report.timeline.events.kind.iter().filter(|kind| **kind == 4).count();
    assert_eq!(committed, report.transactions.len());
    // The clock was started before the run: its times are not.
    let events = &report.timeline.events;
    assert_eq!(events.start.iter().copied().fold(f64::INFINITY, f64::min), 0.0);
    assert!((events.end.last().unwrap() - report.timeline.duration).abs() < 1e-6);
}

#[test]
fn virtual_time_can_follow_measured_time() {
    let options = Options { cost: CostId::Time, ..Options::default() };
    let wall = Wall::new();
    let report = run(MIXED, &options, &surroundings(&Inline, Some(&wall), &RUNNING)).unwrap();
    assert!(report.verdict.equal);
    assert_eq!(report.bounds.total, report.verdict.sequential);
    assert!(report.bounds.critical_path <= report.bounds.total);
}

#[test]
fn the_graph_has_the_reads_that_order_the_block_and_no_others() {
    let report = virtually(MIXED, &Options::default());
    let edges: Vec<_> = report.graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    // bob was paid; the counter's chain and alice's nonce; every fee before the reader's; the last counter.
    assert_eq!(edges, [(0, 3), (0, 4), (0, 5), (1, 2), (1, 4), (2, 3), (2, 4), (3, 4), (3, 6)]);
    assert_eq!(report.graph.critical_path_gas.transactions.len(), 4);
    let hot = &report.locations[report.hot[0].location as usize];
    assert_eq!((hot.kind, hot.label.as_str()), (LocationKind::Slot, "counter slot 0x0"));
}

#[test]
fn an_abort_says_who_what_and_since_when() {
    let options = Options { hints: HintId::None, workers: 8, ..Options::default() };
    let report = virtually(MIXED, &options);
    let sentences: Vec<_> =
        report.timeline.causes.iter().map(|cause| cause.sentence.as_str()).collect();
    let known = "Transaction 2 had read counter's slot 0x0 = 0 as it was before the block; transaction 1 has since made it 1.";
    assert!(sentences.contains(&known), "{sentences:#?}");
}

#[test]
fn a_transaction_that_does_not_fit_is_refused_given_what_was_really_used() {
    // 100,000 gas: after two payments 58,000 are left, enough for 58,000 but not for 58,001.
    for (gas, fits) in [(58_000, true), (58_001, false)] {
        let text = format!(
            r#"{{ "block": {{ "gasLimit": 100000 }}, "transactions": [
              {{ "from": "alice", "to": "bob", "value": 1, "gas": 60000 }},
              {{ "from": "carol", "to": "bob", "value": 1, "gas": 60000 }},
              {{ "from": "dave", "to": "bob", "value": 1, "gas": {gas} }},
              {{ "from": "erin", "to": "bob", "value": 1, "gas": 30000 }}
            ] }}"#
        );
        for seed in 0..20 {
            let report = virtually(&text, &Options { seed, ..Options::default() });
            assert!(report.verdict.equal, "{:?}", report.verdict.differences);
            let refused = report.transactions[2].status == Status::Invalid;
            assert_eq!(refused, !fits, "{:?}", report.transactions[2].reason);
            assert_eq!(report.transactions[3].status, Status::Success);
        }
    }
}

#[test]
fn rejecting_a_block_changes_nothing_and_says_who_did_it() {
    let text = r#"{ "invalid": "reject", "transactions": [
      { "from": "alice", "to": "bob", "value": "1 ether" },
      { "from": "bob", "to": "alice", "value": 1, "nonce": 3 }
    ] }"#;
    let report = virtually(text, &Options::default());
    assert!(report.verdict.equal);
    assert_eq!(report.verdict.rejected_by, Some(1));
    for account in &report.accounts {
        assert_eq!(account.balance_before, account.balance_after, "{:?}", account.name);
    }
    let skipping = virtually(&text.replace("reject", "skip"), &Options::default());
    assert_eq!(skipping.verdict.rejected_by, None);
    assert_ne!(skipping.verdict.sequential_state_root, report.verdict.sequential_state_root);
}

#[test]
fn a_failing_set_up_is_a_problem_with_a_place() {
    let text = "{\n  \"accounts\": { \"picky\": { \"code\": \"0x60006000fd\" } },\n  \"setup\": [\n    { \"from\": \"alice\", \"to\": \"picky\" }\n  ],\n  \"transactions\": []\n}";
    let error = run(text, &Options::default(), &surroundings(&Inline, None, &RUNNING)).unwrap_err();
    let RunError::Invalid(diagnostics) = error else { panic!("{error}") };
    let [found] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!((found.line, found.column, found.path.as_str()), (4, 5, "setup[0]"));
    assert!(found.message.contains("reverted"), "{}", found.message);
}

#[test]
fn set_up_changes_the_state_before_the_block() {
    let text = r#"{
      "accounts": { "counter": { "code": "0x60005460010160005500" } },
      "setup": [{ "from": "alice", "to": "counter", "gas": 100000 }],
      "transactions": [{ "from": "bob", "to": "counter", "gas": 100000 }]
    }"#;
    let report = virtually(text, &Options::default());
    let read = report.transactions[0]
        .reads
        .iter()
        .find(|read| report.locations[read.location as usize].kind == LocationKind::Slot);
    assert_eq!(read.map(|read| (read.value.as_str(), read.from)), Some(("0x1", None)));
}

#[test]
fn a_constructor_that_is_paid_has_the_money() {
    // The deployer is named nowhere else, so nothing has loaded the account the money comes from.
    let text = r#"{
      "accounts": { "wallet": { "contract": "Wallet", "args": ["alice"], "value": "2 ether" } },
      "transactions": [
        { "from": "alice", "to": "wallet", "call": "pay", "args": ["bob", "2 ether"] },
        { "from": "alice", "to": "wallet", "call": "pay", "args": ["bob", 1] }
      ]
    }"#;
    let report = virtually(text, &Options::default());
    let statuses: Vec<_> = report.transactions.iter().map(|tx| tx.status).collect();
    assert_eq!(statuses, [Status::Success, Status::Revert]);
}

#[test]
fn the_curve_never_exceeds_its_bound_and_starts_at_one_worker() {
    let counts = [1, 2, 4, 64];
    let with = surroundings(&Inline, None, &RUNNING);
    let curve = curve(MIXED, &Options::default(), &counts, &with).unwrap();
    assert_eq!(curve.points.iter().map(|point| point.workers).collect::<Vec<_>>(), counts);
    for point in &curve.points {
        assert!(point.speedup <= point.bound + 1e-9, "{point:?}");
    }
    assert!(curve.points[0].bound == 1.0 && curve.points[0].aborts == 0);
}

#[test]
fn an_empty_block_has_no_speedup() {
    let report = virtually(r#"{ "transactions": [] }"#, &Options::default());
    assert!(report.verdict.equal);
    assert_eq!((report.verdict.speedup, report.verdict.speedup_bound), (None, None));
}

#[test]
fn options_that_do_not_fit_together_are_refused() {
    let refused = [
        Options { clock: ClockId::Measured, ..Options::default() },
        Options { cost: CostId::Time, ..Options::default() },
        Options { workers: 0, ..Options::default() },
        Options { workers: 65, ..Options::default() },
        Options { repeats: 0, ..Options::default() },
        Options { seed: 1 << 53, ..Options::default() },
    ];
    for options in refused {
        let result = run(MIXED, &options, &surroundings(&Inline, None, &RUNNING));
        assert!(matches!(result, Err(RunError::Options(_))), "{options:?}");
    }
}

#[test]
fn cancelling_ends_a_run_and_the_next_one_works() {
    let cancel = AtomicBool::new(true);
    let result = run(MIXED, &Options::default(), &surroundings(&Inline, None, &cancel));
    assert!(matches!(result, Err(RunError::Cancelled)));
    cancel.store(false, Ordering::Relaxed);
    assert!(run(MIXED, &Options::default(), &surroundings(&Inline, None, &cancel)).is_ok());
}

static RUNNING: AtomicBool = AtomicBool::new(false);

fn virtually(text: &str, options: &Options) -> Report {
    match run(text, options, &surroundings(&Inline, None, &RUNNING)) {
        Ok(report) => report,
        Err(RunError::Invalid(diagnostics)) => panic!("{diagnostics:#?}"),
        Err(error) => panic!("{error}"),
    }
}

fn surroundings<'a>(
    pool: &'a dyn Pool,
    clock: Option<&'a dyn Clock>,
    cancel: &'a AtomicBool,
) -> Surroundings<'a> {
    Surroundings { library: Library::bundled(), pool, clock, cancel, progress: &|_, _, _| {} }
}

#[derive(Debug)]
struct Wall(Instant);

impl Wall {
    fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Wall {
    fn now(&self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}
