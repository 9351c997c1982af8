#![cfg(not(any(loom, feature = "shuttle")))]
//! What sets each strategy apart: what its attempts see, how much it executes, and how long that takes.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use evm_lanes_schedule::foretold::surprises;
use evm_lanes_schedule::graph::{Graph, speedup_bound};
use evm_lanes_schedule::locks::{LockEdge, lock_order, over_serialised};
use evm_lanes_schedule::toy::{
    Expected, Ground, Hints, Jitter, Number, Op, Place, Program, Random, Shape, Toy, reference,
    true_locks, true_writes,
};
use evm_lanes_schedule::{
    Access, Base, Blocked, Clock, Control, Cost, EventKind, Execution, Job, Lanes, Lock, LockMode,
    Scoped, Strategy, TxIndex, View, VirtualTime, Vm, WorkerId, Write, WriteKind, execute,
};

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> u64 {
        0
    }
}

/// Every transaction has its own cost; to validate costs as much as is said.
#[derive(Debug)]
struct Each<'a> {
    attempts: &'a [u64],
    validation: u64,
}

impl Cost<Toy> for Each<'_> {
    fn attempt(&self, tx: TxIndex, _: Result<&u64, &Blocked>, _: usize) -> u64 {
        self.attempts[tx.0 as usize]
    }

    fn validation(&self, _: TxIndex, _: usize) -> u64 {
        self.validation
    }
}

fn run(
    strategy: Strategy,
    block: &[Program],
    hints: &Hints,
    lanes: &Lanes<'_, Toy>,
) -> Execution<Toy> {
    let cancel = AtomicBool::new(false);
    let job = Job {
        txs: block,
        base: Arc::new(Ground),
        vm: &|| Toy,
        strategy,
        hints,
        accesses: true,
        clock: Some(&Stopped),
        control: &Control { cancel: &cancel, progress: &|_| {} },
    };
    execute(&job, lanes).unwrap()
}

/// In virtual time, with nothing known beforehand.
fn virtually(
    strategy: Strategy,
    block: &[Program],
    workers: u32,
    seed: u64,
    cost: &dyn Cost<Toy>,
) -> Execution<Toy> {
    let lanes = Lanes::Virtual(VirtualTime { workers, seed, cost });
    run(strategy, block, &Hints::default(), &lanes)
}

fn truth(expected: &Expected) -> Hints {
    Hints {
        locks: true_locks(&expected.accesses),
        needs: Graph::new(&expected.accesses, &Ground).needs(),
        writes: true_writes(&expected.accesses),
        ..Hints::default()
    }
}

fn threads(workers: u32) -> Scoped {
    Scoped { workers: NonZeroU32::new(workers).unwrap() }
}

/// The transactions whose reads are not all of the state before the block.
fn conflicting(accesses: &[Access<Place, Number>]) -> u64 {
    let stale = |access: &&Access<Place, Number>| {
        access.reads.iter().enumerate().any(|(position, read)| {
            let ground = Ground.load(&read.location);
            let guard = access.guard(position);
            !guard.map_or(read.value == ground, |guard| guard.holds(&ground))
        })
    };
    accesses.iter().filter(stale).count() as u64
}

#[test]
fn two_phase_executes_again_exactly_what_reads_what_others_have_changed() {
    let pool = threads(3);
    for seed in 0..100 {
        for shape in Shape::ALL {
            let block = shape.block(seed, 40);
            let conflicting = conflicting(&reference(&block).accesses);
            for workers in [1, 2, 8] {
                let cost = Jitter::new(seed, 9);
                let lanes = [
                    Lanes::Real(&pool),
                    Lanes::Virtual(VirtualTime { workers, seed, cost: &cost }),
                ];
                for lanes in lanes {
                    let execution = run(Strategy::TwoPhase, &block, &Hints::default(), &lanes);
                    let counters = execution.counters;
                    assert_eq!(counters.attempts, 40 + conflicting, "seed {seed}, {shape:?}");
                    assert_eq!(counters.aborts, conflicting, "seed {seed}, {shape:?}");
                }
            }
        }
    }
}

#[test]
fn two_phase_commits_nothing_before_everything_has_run() {
    for workers in [1, 3, 8] {
        let cost = Jitter::new(1, 9);
        let execution =
            virtually(Strategy::TwoPhase, &Shape::Chain.block(1, 60), workers, 1, &cost);
        let first_commit = execution
            .events
            .iter()
            .position(|event| matches!(event.kind, EventKind::Committed))
            .unwrap();
        let speculative = execution.events[..first_commit]
            .iter()
            .filter(|event| event.version.incarnation.0 == 0)
            .filter(|event| matches!(event.kind, EventKind::Executed))
            .count();
        assert_eq!(speculative, 60, "{workers} workers");
    }
}

/// A chain: half the time goes into the first phase, shared by all, and then one worker does it all.
#[test]
fn two_phase_takes_the_time_of_its_two_phases() {
    let cost = Each { attempts: &[10; 64], validation: 1 };
    for workers in [1, 2, 4, 8, 64] {
        let time = |shape: Shape| {
            virtually(Strategy::TwoPhase, &shape.block(1, 64), workers, 1, &cost).virtual_time
        };
        let first = 640 / u64::from(workers);
        // The first needs neither a check nor another attempt, all others need a check.
        assert_eq!(time(Shape::Independent), first + 63, "{workers} workers");
        assert_eq!(time(Shape::Hot), first + 63 * 11, "{workers} workers");
    }
}

#[test]
fn ordered_merge_on_one_worker_executes_once_and_validates_nothing() {
    for seed in 0..50 {
        for shape in Shape::ALL {
            let cost = Jitter::new(seed, 9);
            let block = shape.block(seed, 60);
            let counters = virtually(Strategy::OrderedMerge, &block, 1, seed, &cost).counters;
            assert_eq!((counters.attempts, counters.validations), (60, 0), "{shape:?}");
        }
    }
}

#[test]
fn ordered_merge_reads_what_is_committed_and_pays_a_chain_twice() {
    let cost = Each { attempts: &[10; 100], validation: 0 };
    for seed in 0..50 {
        for shape in Shape::ALL {
            let block = shape.block(seed, 100);
            let execution = virtually(Strategy::OrderedMerge, &block, 4, seed, &cost);
            let counters = execution.counters;
            // Less is executed again than if everything had run on the state before the block.
            let conflicting = conflicting(&reference(&block).accesses);
            assert!(counters.aborts <= conflicting, "seed {seed}, {shape:?}: {counters:?}");
            assert_eq!(counters.blocked, 0);
        }
        // Four begin at once; three of them have to run again one after another, and meanwhile others begin.
        let chain = virtually(Strategy::OrderedMerge, &Shape::Hot.block(1, 100), 4, seed, &cost);
        assert!((950..=1_010).contains(&chain.virtual_time), "{}", chain.virtual_time);
        let alone =
            virtually(Strategy::OrderedMerge, &Shape::Independent.block(1, 100), 4, 1, &cost);
        assert_eq!(alone.virtual_time, 250);
    }
}

/// A chain that the hints tell of, and a block with fewer than two transactions for each worker.
#[test]
fn the_ladder_runs_in_order_on_one_worker_where_nothing_is_to_be_gained() {
    let cost = Each { attempts: &[10; 200], validation: 1 };
    let chain = Shape::Chain.block(1, 200);
    let predecessor = (0..200_u32).map(|index| index.checked_sub(1).map(TxIndex)).collect();
    let hints = Hints { predecessor, ..Hints::default() };
    let lanes = |workers| Lanes::Virtual(VirtualTime { workers, seed: 1, cost: &cost });
    for (block, hints, workers) in
        [(&chain[..], &hints, 4), (&Shape::Independent.block(1, 15), &Hints::default(), 8)]
    {
        let execution = run(Strategy::Ladder, block, hints, &lanes(workers));
        let counters = execution.counters;
        assert_eq!((counters.attempts, counters.validations), (block.len() as u64, 0));
        assert_eq!(execution.virtual_time, 10 * block.len() as u64);
        assert!(execution.events.iter().all(|event| event.worker == WorkerId(0)));
    }
}

/// Nobody says that these are chains; what is found out in the first transactions is enough.
#[test]
fn the_ladder_stops_running_ahead_where_that_is_wasted() {
    let cost = Each { attempts: &[10; 1_000], validation: 1 };
    for shape in [Shape::Hot, Shape::Chain] {
        let block = shape.block(1, 1_000);
        for (seed, workers) in [(1, 2), (2, 4), (3, 8)] {
            let execution = virtually(Strategy::Ladder, &block, workers, seed, &cost);
            let counters = execution.counters;
            assert!(counters.attempts <= 1_350, "{shape:?}, {workers}: {counters:?}");
            assert!(execution.virtual_time <= 10_800, "{shape:?}: {}", execution.virtual_time);
        }
    }
}

#[test]
fn the_ladder_executes_what_is_independent_once_and_at_once() {
    let cost = Each { attempts: &[10; 1_000], validation: 0 };
    let block = Shape::Independent.block(1, 1_000);
    for workers in [2, 4, 8] {
        let execution = virtually(Strategy::Ladder, &block, workers, 1, &cost);
        assert_eq!(execution.counters.attempts, 1_000);
        assert_eq!(execution.virtual_time, 10_000 / u64::from(workers));
    }
}

/// With guards a value that no prefix of the block leaves can turn up, and then it takes one more attempt.
#[test]
fn with_the_truth_told_locks_and_dag_execute_everything_once() {
    let pool = threads(3);
    for seed in 0..100 {
        for shape in Shape::ALL.into_iter().filter(|shape| shape.is_exact()) {
            let block = shape.block(seed, 40);
            let hints = truth(&reference(&block));
            for strategy in [Strategy::Locks, Strategy::Dag] {
                for workers in [1, 2, 8] {
                    let cost = Jitter::new(seed, 9);
                    let lanes = [
                        Lanes::Real(&pool),
                        Lanes::Virtual(VirtualTime { workers, seed, cost: &cost }),
                    ];
                    for lanes in lanes {
                        let counters = run(strategy, &block, &hints, &lanes).counters;
                        let case = format!("seed {seed}, {shape:?}, {strategy:?}: {counters:?}");
                        assert_eq!((counters.attempts, counters.aborts), (40, 0), "{case}");
                        // Nothing below changes after it was looked at, so once is enough.
                        assert!(counters.validations < 40, "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn on_true_values_bal_executes_everything_once_and_validates_nothing() {
    let pool = threads(3);
    for seed in 0..100 {
        for shape in Shape::ALL {
            let block = shape.block(seed, 40);
            let expected = reference(&block);
            let hints = truth(&expected);
            for workers in [1, 2, 8] {
                let cost = Jitter::new(seed, 9);
                let lanes = [
                    Lanes::Real(&pool),
                    Lanes::Virtual(VirtualTime { workers, seed, cost: &cost }),
                ];
                for lanes in lanes {
                    let execution = run(Strategy::Bal, &block, &hints, &lanes);
                    let counters = execution.counters;
                    let case = format!("seed {seed}, {shape:?}: {counters:?}");
                    assert_eq!((counters.attempts, counters.validations), (40, 0), "{case}");
                    assert_eq!(surprises(&hints.writes, &execution.accesses), [], "{case}");
                }
            }
        }
    }
}

/// Nobody waits for anybody: what remains is to pack the weights, and the longest first is at most a third from the best.
#[test]
fn on_true_values_the_longest_transaction_is_the_only_path() {
    for seed in 0..100 {
        for shape in Shape::ALL {
            let block = shape.block(seed, 60);
            let mut random = Random(seed);
            let weights: Vec<u64> = (0..60).map(|_| 1 + random.below(100)).collect();
            let (total, longest) = (weights.iter().sum::<u64>(), *weights.iter().max().unwrap());
            let hints = Hints { weights: weights.clone(), ..truth(&reference(&block)) };
            let cost = Each { attempts: &weights, validation: 0 };
            for workers in [1, 2, 3, 8, 60] {
                let lanes = Lanes::Virtual(VirtualTime { workers, seed, cost: &cost });
                let time = run(Strategy::Bal, &block, &hints, &lanes).virtual_time;
                let least = total.div_ceil(u64::from(workers)).max(longest);
                let case = format!("seed {seed}, {shape:?}, {workers} workers: {time}, {least}");
                assert!(time >= least && 3 * time <= 4 * least + 3, "{case}");
                if workers == 60 {
                    assert_eq!(time, longest, "{case}");
                }
            }
        }
    }
}

/// One value of one transaction is not what was foretold: that is found and named, and only what had read it is executed
/// again.
#[test]
fn what_was_foretold_wrongly_is_named_and_executed_again_by_those_who_read_it() {
    let mut again = 0;
    for seed in 0..100 {
        for shape in Shape::ALL {
            let block = shape.block(seed, 40);
            let expected = reference(&block);
            let mut random = Random(seed);
            let wrong = random.below(40) as u32;
            let true_writes = &expected.accesses[wrong as usize].writes;
            let place = true_writes.first().map_or(7, |write| write.location);
            let write = |number| Write { location: place, kind: WriteKind::Set(Number(number)) };
            let rest = true_writes.get(1..).unwrap_or_default();
            let lies = [
                ("another value", [&[write(1)], rest].concat()),
                ("nothing", rest.to_vec()),
                ("too much", [true_writes, &[Write { location: 9_999, ..write(1) }][..]].concat()),
            ];
            for (lie, writes) in lies {
                let mut hints = truth(&expected);
                hints.writes[wrong as usize] = writes;
                for workers in [1, 2, 8] {
                    let cost = Jitter::new(seed, 9);
                    let lanes = Lanes::Virtual(VirtualTime { workers, seed, cost: &cost });
                    let execution = run(Strategy::Bal, &block, &hints, &lanes);
                    let case = format!("seed {seed}, {shape:?}, {lie} at {wrong}");
                    assert_eq!(execution.outputs, expected.outputs, "{case}");
                    assert_eq!(execution.written.state(), expected.state, "{case}");
                    let found = surprises(&hints.writes, &execution.accesses);
                    assert!(found.iter().all(|surprise| surprise.tx.0 == wrong), "{case}");
                    let lied = hints.writes[wrong as usize] != *true_writes;
                    assert_eq!(found.len(), usize::from(lied), "{case}: {found:?}");
                    let reads = |access: &Access<Place, Number>| {
                        access.reads.iter().any(|read| read.location == place)
                    };
                    let readers = expected.accesses[wrong as usize..].iter().skip(1);
                    // What is executed again may go wrong where others are about to as well.
                    let most = if readers.clone().any(reads) { 40 - u64::from(wrong) } else { 0 };
                    assert!(execution.counters.aborts <= most, "{case}: {:?}", execution.counters);
                    again += execution.counters.aborts;
                }
            }
        }
    }
    assert!(again > 1_000, "no lie mattered: {again}");
}

/// Graham's bounds for list scheduling; as many workers as transactions reach the critical path itself.
#[test]
fn the_dag_is_between_the_lower_bound_and_grahams() {
    for seed in 0..300 {
        for shape in Shape::ALL.into_iter().filter(|shape| shape.is_exact()) {
            let block = shape.block(seed, 60);
            let mut random = Random(seed);
            let weights: Vec<u64> = (0..60).map(|_| 1 + random.below(100)).collect();
            let expected = reference(&block);
            let graph = Graph::new(&expected.accesses, &Ground);
            let path = graph.critical_path(&weights).weight;
            let total: u64 = weights.iter().sum();
            let hints = Hints { weights: weights.clone(), ..truth(&expected) };
            let cost = Each { attempts: &weights, validation: 0 };
            for workers in [1, 2, 3, 8, 60] {
                let lanes = Lanes::Virtual(VirtualTime { workers, seed, cost: &cost });
                let time = run(Strategy::Dag, &block, &hints, &lanes).virtual_time;
                let case =
                    format!("seed {seed}, {shape:?}, {workers} workers: {time}, path {path}");
                let least = total as f64 / speedup_bound(path, &weights, workers);
                assert!(time as f64 >= least - 1e-6, "{case}");
                let share = total as f64 / f64::from(workers);
                let most = share + (1.0 - 1.0 / f64::from(workers)) * path as f64;
                assert!(time as f64 <= most + 1e-6, "{case}");
                if workers == 60 {
                    assert_eq!(time, path, "{case}");
                }
            }
        }
    }
}

/// A long chain that begins late in the block goes first, because everybody else can wait for it.
#[test]
fn the_dag_begins_with_the_longest_remaining_path() {
    let mut block: Vec<Program> =
        (0..40).map(|index| vec![Op::Read(100 + index), Op::Write(100 + index)]).collect();
    block.extend(Shape::Chain.block(1, 40));
    let cost = Each { attempts: &[10; 80], validation: 0 };
    let hints = truth(&reference(&block));
    let time = |strategy| {
        let lanes = Lanes::Virtual(VirtualTime { workers: 2, seed: 1, cost: &cost });
        run(strategy, &block, &hints, &lanes).virtual_time
    };
    assert_eq!(time(Strategy::Dag), 400);
    assert_eq!(time(Strategy::Locks), 200 + 400);
}

/// Declarations that leave out what orders the block cost a second attempt each and nothing else.
#[test]
fn what_was_not_declared_is_found_and_executed_again() {
    let mut again = 0;
    for seed in 0..100 {
        for shape in [Shape::Hot, Shape::Moving, Shape::Mixed] {
            let block = shape.block(seed, 60);
            let expected = reference(&block);
            let mut hints = truth(&expected);
            let mut random = Random(seed);
            for locks in &mut hints.locks {
                locks.retain(|_| random.below(2) == 0);
            }
            for needs in &mut hints.needs {
                needs.retain(|_| random.below(2) == 0);
            }
            for strategy in [Strategy::Locks, Strategy::Dag] {
                let cost = Jitter::new(seed, 9);
                let lanes = Lanes::Virtual(VirtualTime { workers: 4, seed, cost: &cost });
                let execution = run(strategy, &block, &hints, &lanes);
                assert_eq!(execution.outputs, expected.outputs, "seed {seed}, {shape:?}");
                assert_eq!(execution.written.state(), expected.state, "seed {seed}, {shape:?}");
                again += execution.counters.aborts;
                for event in &execution.events {
                    if let EventKind::Aborted(cause) = &event.kind {
                        assert_ne!(cause.now.as_ref(), Some(&cause.read), "a cause that is none");
                    }
                }
            }
        }
    }
    assert!(again > 1_000, "nothing was left out that mattered: {again}");
}

fn lock(key: u32, mode: LockMode) -> Lock {
    Lock { key, mode }
}

fn edge(from: u32, to: u32, keys: &[u32]) -> LockEdge {
    LockEdge { from: TxIndex(from), to: TxIndex(to), keys: keys.to_vec() }
}

#[test]
fn readers_share_a_lock_and_writers_do_not() {
    use LockMode::{Read, Write};
    let order = lock_order(&[
        vec![lock(1, Write), lock(2, Read)],
        vec![lock(1, Read)],
        // Twice, and to write is what counts.
        vec![lock(2, Write), lock(1, Read), lock(2, Read)],
        vec![lock(1, Write)],
        vec![],
        vec![lock(1, Write), lock(2, Write)],
    ]);
    let expected = [
        edge(0, 1, &[1]),
        edge(0, 2, &[1, 2]),
        edge(1, 3, &[1]),
        edge(2, 3, &[1]),
        edge(2, 5, &[2]),
        edge(3, 5, &[1]),
    ];
    assert_eq!(order, expected);
}

#[test]
fn locks_on_too_much_are_told_from_locks_that_were_needed() {
    // Three transactions under one key; the last reads what the first wrote, the second has nothing to do with either.
    let block: Vec<Program> = vec![
        vec![Op::Write(1)],
        vec![Op::Read(2), Op::Write(2)],
        vec![Op::Read(1), Op::Write(3)],
        // Needs the third, which follows from its lock and from its read.
        vec![Op::Read(3)],
    ];
    let graph = Graph::new(&reference(&block).accesses, &Ground);
    let write = |key| vec![lock(key, LockMode::Write)];
    let order = lock_order(&[write(0), write(0), write(0), vec![lock(0, LockMode::Read)]]);
    assert_eq!(order, [edge(0, 1, &[0]), edge(1, 2, &[0]), edge(2, 3, &[0])]);
    assert_eq!(over_serialised(&order, &graph), [edge(0, 1, &[0]), edge(1, 2, &[0])]);
}

/// Against a search from each transaction backwards, on blocks of more than 64 that are waited for.
#[test]
fn over_serialised_pairs_are_those_without_a_chain_between_them() {
    let (mut needless, mut needed) = (0, 0);
    for seed in 0..60 {
        for shape in Shape::ALL {
            let accesses = reference(&shape.block(seed, 150)).accesses;
            let graph = Graph::new(&accesses, &Ground);
            let needs = graph.needs();
            let depends = |to: TxIndex, from: TxIndex| {
                let mut open = vec![to];
                let mut seen = vec![false; needs.len()];
                while let Some(next) = open.pop() {
                    if next == from {
                        return true;
                    }
                    for &before in &needs[next.0 as usize] {
                        if !std::mem::replace(&mut seen[before.0 as usize], true) {
                            open.push(before);
                        }
                    }
                }
                false
            };
            // Coarser than the places.
            let mut locks = true_locks(&accesses);
            for lock in locks.iter_mut().flatten() {
                lock.key /= 3;
            }
            let order = lock_order(&locks);
            let found = over_serialised(&order, &graph);
            let expected: Vec<_> =
                order.iter().filter(|edge| !depends(edge.to, edge.from)).cloned().collect();
            assert_eq!(found, expected, "seed {seed}, {shape:?}");
            needless += found.len();
            needed += order.len() - found.len();
        }
    }
    assert!(needless > 1_000 && needed > 1_000, "{needless} needless, {needed} needed");
}

/// A machine whose second and third transactions return only when both are running.
struct Meeting<'a>(&'a AtomicU32);

impl Vm for Meeting<'_> {
    type Tx = ();
    type Location = Place;
    type Value = Number;
    type Output = ();

    fn attempt(
        &mut self,
        index: TxIndex,
        (): &(),
        _: &mut View<Place, Number>,
    ) -> Result<(), Blocked> {
        if index.0 == 0 {
            // Long enough for the other workers to have parked.
            std::thread::sleep(Duration::from_millis(50));
            return Ok(());
        }
        if index.0 > 2 {
            return Ok(());
        }
        self.0.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        while self.0.load(Ordering::Relaxed) < 2 {
            assert!(start.elapsed() < Duration::from_secs(20), "nobody has woken the other worker");
            std::thread::yield_now();
        }
        Ok(())
    }
}

#[test]
fn what_may_begin_wakes_those_who_sleep() {
    let (write, read) = (lock(0, LockMode::Write), lock(0, LockMode::Read));
    let hints = Hints {
        locks: vec![vec![write], vec![read], vec![read]],
        needs: vec![vec![], vec![TxIndex(0)], vec![TxIndex(0)]],
        ..Hints::default()
    };
    for strategy in [Strategy::Locks, Strategy::Dag] {
        let running = AtomicU32::new(0);
        let cancel = AtomicBool::new(false);
        let job = Job {
            // So many that not every commit wakes everybody.
            txs: &[(); 100],
            base: Arc::new(Ground),
            vm: &|| Meeting(&running),
            strategy,
            hints: &hints,
            accesses: false,
            clock: None,
            control: &Control { cancel: &cancel, progress: &|_| {} },
        };
        execute(&job, &Lanes::Real(&threads(2))).unwrap();
    }
}
