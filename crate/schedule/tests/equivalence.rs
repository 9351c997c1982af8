#![cfg(not(any(loom, feature = "shuttle")))]
//! Any block, any strategy, any number of workers, real or virtual, any seed: the sequential result.
//!
//! `EVM_LANES_RUNS` sets how many transactions are run in all (a million by default), `EVM_LANES_SEED` the first seed.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::toy::{
    Expected, Ground, Hints, Jitter, Number, Place, Program, Random, Shape, Toy, reference,
    true_locks,
};
use evm_lanes_schedule::{
    Access, Clock, Control, EventKind, Execution, Job, Lanes, Lock, LockMode, Scoped, Strategy,
    TxIndex, VirtualTime, Write, WriteKind, execute,
};

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> u64 {
        0
    }
}

#[test]
fn every_run_equals_the_sequential_one() {
    let number = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")),
        Err(_) => default,
    };
    let wanted = number("EVM_LANES_RUNS", 1_000_000);
    let first = number("EVM_LANES_SEED", 1);
    let (mut transactions, mut runs, mut seed) = (0, 0, first);
    while transactions < wanted {
        let mut random = Random(seed);
        for shape in Shape::ALL {
            let block = shape.block(random.number(), random.below(40) as u32);
            let expected = reference(&block);
            let hints = hints(&block, &expected, &mut random);
            for strategy in Strategy::ALL {
                for workers in [1, 2, 3, 4, 8] {
                    let case = format!("seed {seed}, {shape:?}, {strategy:?}, {workers} workers");
                    // What nobody wants to see is not always recorded.
                    let accesses = random.below(2) == 0;
                    // Threads cost more than the toy transactions they run, so most runs are virtual.
                    if random.below(8) == 0 {
                        let pool = Scoped { workers: NonZeroU32::new(workers).unwrap() };
                        let lanes = Lanes::Real(&pool);
                        check(
                            &block,
                            &expected,
                            strategy,
                            &hints,
                            &lanes,
                            accesses,
                            &format!("{case}, real"),
                        );
                        (runs, transactions) = (runs + 1, transactions + block.len() as u64);
                    }
                    let cost = Jitter::new(random.number(), random.below(12));
                    let lanes =
                        Lanes::Virtual(VirtualTime { workers, seed: random.number(), cost: &cost });
                    let case = format!("{case}, virtual");
                    check(&block, &expected, strategy, &hints, &lanes, accesses, &case);
                    (runs, transactions) = (runs + 1, transactions + block.len() as u64);
                }
            }
        }
        seed += 1;
    }
    println!(
        "{transactions} transactions in {runs} runs equal the sequential ones; seeds {first} to {}",
        seed - 1
    );
}

/// Of each kind no hints, true ones, or lies: forward, to itself, to nothing that exists.
fn hints(block: &[Program], expected: &Expected, random: &mut Random) -> Hints {
    let length = block.len() as u64;
    let predecessor = match random.below(3) {
        0 => Vec::new(),
        1 => (0..block.len() as u32).map(|index| index.checked_sub(1).map(TxIndex)).collect(),
        _ => (0..random.below(length + 3))
            .map(|_| (random.below(2) == 0).then(|| TxIndex(random.below(length + 5) as u32)))
            .collect(),
    };
    let locks = match random.below(3) {
        0 => Vec::new(),
        1 => true_locks(&expected.accesses),
        _ => (0..random.below(length + 3))
            .map(|_| {
                let mode = |write| if write { LockMode::Write } else { LockMode::Read };
                (0..random.below(4))
                    .map(|_| Lock { key: random.below(8) as u32, mode: mode(random.below(2) == 0) })
                    .collect()
            })
            .collect(),
    };
    let needs = match random.below(3) {
        0 => Vec::new(),
        1 => Graph::new(&expected.accesses, &Ground).needs(),
        _ => (0..random.below(length + 3))
            .map(|_| {
                (0..random.below(4)).map(|_| TxIndex(random.below(length + 5) as u32)).collect()
            })
            .collect(),
    };
    let weights = (0..random.below(length + 3)).map(|_| random.number()).collect();
    let writes = writes(&expected.accesses, random);
    let tiny = if random.below(8) == 0 { random.below(length + 3) as u32 } else { 0 };
    Hints { predecessor, tiny, locks, needs, weights, writes }
}

/// Nothing, everything, or everything but for one thing in three transactions: left out, made up, or wrong.
fn writes(
    accesses: &[Access<Place, Number>],
    random: &mut Random,
) -> Vec<Vec<Write<Place, Number>>> {
    let kind = random.below(3);
    if kind == 0 {
        return Vec::new();
    }
    let mut writes: Vec<_> = accesses.iter().map(|access| access.writes.clone()).collect();
    writes.resize(writes.len() + random.below(2) as usize, Vec::new());
    let length = writes.len() as u64;
    for _ in 0..if kind == 1 || length == 0 { 0 } else { 3 } {
        let of = &mut writes[random.below(length) as usize];
        let number = Number(random.below(3));
        let kind =
            if random.below(4) == 0 { WriteKind::Add(number) } else { WriteKind::Set(number) };
        match of.len() as u64 {
            0 => of.push(Write { location: random.below(20) as Place, kind }),
            length => {
                let at = random.below(length) as usize;
                match random.below(4) {
                    0 => drop(of.remove(at)),
                    1 => of[at].kind = kind,
                    2 => of[at].location = random.below(20) as Place,
                    // Twice at one place, perhaps.
                    _ => of.push(Write { location: random.below(20) as Place, kind }),
                }
            }
        }
    }
    writes
}

fn check(
    block: &[Program],
    expected: &Expected,
    strategy: Strategy,
    hints: &Hints,
    lanes: &Lanes<'_, Toy>,
    accesses: bool,
    case: &str,
) {
    let cancel = AtomicBool::new(false);
    let control = Control { cancel: &cancel, progress: &|_| {} };
    let job = Job {
        txs: block,
        base: Arc::new(Ground),
        vm: &|| Toy,
        strategy,
        hints,
        accesses,
        clock: Some(&Stopped),
        control: &control,
    };
    let execution = execute(&job, lanes).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(execution.outputs, expected.outputs, "{case}");
    assert_eq!(execution.written.state(), expected.state, "{case}");
    let expected = if accesses { expected.accesses.as_slice() } else { &[] };
    assert_eq!(without_incarnations(&execution), expected, "{case}");
    assert_trace(&execution, strategy, block.len(), case);
}

/// The incarnation that a value is from depends on the schedule; its transaction does not.
fn without_incarnations(execution: &Execution<Toy>) -> Vec<Access<Place, Number>> {
    let mut accesses = execution.accesses.clone();
    for read in accesses.iter_mut().flat_map(|access| &mut access.reads) {
        if let Some(from) = &mut read.from {
            from.incarnation.0 = 0;
        }
    }
    accesses
}

/// Every transaction is committed once and in order; the events add up to the counters; the work is bounded.
fn assert_trace(execution: &Execution<Toy>, strategy: Strategy, transactions: usize, case: &str) {
    let count = |is: fn(&EventKind<Place, Number>) -> bool| {
        execution.events.iter().filter(|event| is(&event.kind)).count() as u64
    };
    let committed: Vec<_> = execution
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Committed))
        .map(|event| event.version.tx.0)
        .collect();
    assert_eq!(committed, (0..transactions as u32).collect::<Vec<_>>(), "{case}");
    let counters = execution.counters;
    let blocked = count(|kind| matches!(kind, EventKind::Blocked { location: Some(_), .. }));
    let aborted = count(|kind| matches!(kind, EventKind::Aborted(_)));
    assert_eq!(blocked, counters.blocked, "{case}");
    assert_eq!(aborted, counters.aborts, "{case}");
    assert_eq!(
        count(|kind| matches!(kind, EventKind::Executed)),
        counters.attempts - blocked,
        "{case}"
    );
    assert_eq!(
        count(|kind| matches!(kind, EventKind::Validated)),
        counters.validations - aborted,
        "{case}"
    );
    // Every attempt ends blocked, aborted or committed.
    assert_eq!(
        counters.attempts,
        transactions as u64 + counters.blocked + counters.aborts,
        "{case}"
    );
    let bound = transactions as u64 * u64::from(strategy.most_attempts());
    assert!(counters.attempts <= bound, "{case}: {counters:?}");
    let bound = strategy.most_validations(transactions as u32);
    assert!(counters.validations <= bound, "{case}: {counters:?}");
    // Nobody has more attempts than the bound either, nor is validated again and again.
    let mut attempts = vec![0; transactions];
    for event in &execution.events {
        if let EventKind::Executed | EventKind::Blocked { location: Some(_), .. } = event.kind {
            attempts[event.version.tx.0 as usize] += 1;
        }
    }
    assert!(attempts.iter().all(|&attempts| attempts <= strategy.most_attempts()), "{case}");
}
