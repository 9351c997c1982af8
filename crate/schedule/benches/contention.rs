//! A contention sweep on the toy machine: how the strategies compare with sequential execution as more of a block
//! touches one place, for light and heavy transactions. `cargo bench -p evm-lanes-schedule [-- PART OF A NAME]`; a part
//! of `block-stm: 10 % hot (light, 1 µs)`, say. Locks, dag and bal are told the truth.
//!
//! Sequential here runs through the same views and memory, so the ratios show what the scheduler costs and gains.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::toy::{
    Ground, Hints, Number, Op, Program, Random, Toy, reference, true_writes,
};
use evm_lanes_schedule::{
    Access, Control, Counters, Inline, Job, Lanes, Lock, LockMode, Pool, Scoped, Strategy, TxIndex,
    WriteKind, execute,
};

const TRANSACTIONS: u32 = 10_000;
const ROUNDS: usize = 9;

fn main() {
    println!("{TRANSACTIONS} transactions, median of {ROUNDS}; ratio = sequential / this");
    println!(
        "{:<48} {:>8} {:>10} {:>7} {:>9} {:>9} {:>9}",
        "block", "workers", "ns/tx", "ratio", "attempts", "checks", "aborts"
    );
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u32);
    // Cargo adds `--bench`.
    let wanted =
        std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (weight, work) in
        [("light, 1 µs", 400), ("middling, 10 µs", 5_000), ("heavy, 100 µs", 50_000)]
    {
        for (name, block, hints) in blocks(work) {
            let mut workers = vec![1, 2, threads];
            workers.dedup();
            let hints = Hints { predecessor: hints.predecessor, ..truth(&block) };
            for strategy in Strategy::ALL {
                let name = format!("{}: {name} ({weight})", strategy.id());
                if strategy != Strategy::Sequential && name.contains(&wanted) {
                    compare(strategy, &name, &block, &hints, &workers);
                }
            }
        }
    }
}

/// Transfers: four reads and three writes of their own and an addition for all, some of them at one hot place.
fn blocks(work: u32) -> Vec<(String, Vec<Program>, Hints)> {
    let transactions = if work > 10_000 { TRANSACTIONS / 10 } else { TRANSACTIONS };
    let mut blocks: Vec<_> = [0, 1, 10, 50, 100]
        .into_iter()
        .map(|percent| {
            let mut random = Random(percent);
            let block = (0..transactions)
                .map(|index| {
                    let hot = random.below(100) < percent;
                    let to = if hot { 1 } else { 10 + 4 * index };
                    transfer(10 + 4 * index + 1, to, work)
                })
                .collect();
            (format!("{percent} % hot"), block, Hints::default())
        })
        .collect();
    let chain: Vec<Program> =
        (0..transactions).map(|index| transfer(2, 10 + 4 * index, work)).collect();
    let predecessor = (0..transactions).map(|index| index.checked_sub(1).map(TxIndex)).collect();
    blocks.push(("one sender".to_owned(), chain.clone(), Hints::default()));
    blocks.push((
        "one sender, hinted".to_owned(),
        chain,
        Hints { predecessor, ..Hints::default() },
    ));
    blocks
}

fn transfer(from: u32, to: u32, work: u32) -> Program {
    vec![
        Op::Read(from),
        Op::Read(from + 500_000),
        Op::Read(from + 1_000_000),
        Op::Read(to),
        Op::Work(work),
        Op::Write(from),
        Op::Write(from + 500_000),
        Op::Write(to),
        Op::Add(0, 1),
    ]
}

/// What locks, dag and bal are told. Additions commute and are not locked.
fn truth(block: &[Program]) -> Hints {
    let accesses = reference(block).accesses;
    let lock = |key, mode| Lock { key, mode };
    let of = |access: &Access<u32, Number>| {
        let set = access.writes.iter().filter(|write| matches!(write.kind, WriteKind::Set(_)));
        let reads = access.reads.iter().map(|read| lock(read.location, LockMode::Read));
        reads.chain(set.map(|write| lock(write.location, LockMode::Write))).collect()
    };
    Hints {
        locks: accesses.iter().map(of).collect(),
        needs: Graph::new(&accesses, &Ground).needs(),
        writes: true_writes(&accesses),
        ..Hints::default()
    }
}

fn compare(strategy: Strategy, name: &str, block: &[Program], hints: &Hints, workers: &[u32]) {
    let pools: Vec<Scoped> = workers
        .iter()
        .map(|&workers| Scoped { workers: NonZeroU32::new(workers).unwrap() })
        .collect();
    let mut sequential = Vec::new();
    let mut parallel: Vec<(Vec<Duration>, Counters)> = vec![Default::default(); pools.len()];
    // Interleaved, so that a slow spell of the machine hits all of them.
    for _ in 0..ROUNDS {
        sequential.push(run(block, hints, Strategy::Sequential, &Inline).0);
        for (pool, (times, counters)) in pools.iter().zip(&mut parallel) {
            let (time, counted) = run(block, hints, strategy, pool);
            times.push(time);
            *counters = counted;
        }
    }
    let sequential = median(&mut sequential);
    let each = |time: Duration| time.as_nanos() as f64 / block.len() as f64;
    println!("{name:<48} {:>8} {:>10.0}", "seq", each(sequential));
    for (workers, (times, counters)) in workers.iter().zip(&mut parallel) {
        let time = median(times);
        println!(
            "{name:<48} {workers:>8} {:>10.0} {:>7.2} {:>9} {:>9} {:>9}",
            each(time),
            sequential.as_secs_f64() / time.as_secs_f64(),
            counters.attempts,
            counters.validations,
            counters.aborts
        );
    }
}

fn run(
    block: &[Program],
    hints: &Hints,
    strategy: Strategy,
    pool: &dyn Pool,
) -> (Duration, Counters) {
    let cancel = AtomicBool::new(false);
    let job = Job {
        txs: block,
        base: Arc::new(Ground),
        vm: &|| Toy,
        strategy,
        hints,
        accesses: false,
        clock: None,
        control: &Control { cancel: &cancel, progress: &|_| {} },
    };
    let start = Instant::now();
    let execution = execute(&job, &Lanes::Real(pool)).expect("nothing cancels or panics");
    let time = start.elapsed();
    assert_eq!(execution.outputs.len(), block.len());
    (time, execution.counters)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
