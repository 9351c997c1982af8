//! The production parts under every interleaving that the memory model allows.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p evm-lanes-schedule --release --test loom`
#![cfg(loom)]

use evm_lanes_schedule::parts::{Combiner, Cursor, Idle, Rewindable};
use evm_lanes_schedule::toy::{Ground, Hints, Number, Op, Program, Toy, reference};
use evm_lanes_schedule::{
    Control, Job, Lanes, Panicked, Pool, Strategy, TxIndex, WorkerId, Write, WriteKind, execute,
};
use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, Ordering};
use loom::thread;

#[test]
fn a_cursor_hands_out_each_index_once() {
    loom::model(|| {
        let cursor = Arc::new(Cursor::new(3));
        let other = {
            let cursor = cursor.clone();
            thread::spawn(move || [cursor.claim(), cursor.claim()])
        };
        let mut claimed: Vec<_> = [cursor.claim(), cursor.claim()].into_iter().flatten().collect();
        claimed.extend(other.join().unwrap().into_iter().flatten());
        claimed.sort_unstable();
        assert_eq!(claimed, [0, 1, 2]);
        assert_eq!(cursor.position(), 3);
        assert_eq!(cursor.claim(), None);
    });
}

#[test]
fn a_cursor_hands_out_stretches_that_do_not_overlap() {
    loom::model(|| {
        let cursor = Arc::new(Cursor::new(5));
        let other = {
            let cursor = cursor.clone();
            thread::spawn(move || cursor.claim_some(2, 3))
        };
        let mut claimed: Vec<_> = cursor.claim_some(2, 5).chain(cursor.claim_some(2, 5)).collect();
        claimed.extend(other.join().unwrap());
        claimed.sort_unstable();
        let left: Vec<_> = (cursor.position()..5).collect();
        assert_eq!([claimed, left].concat(), [0, 1, 2, 3, 4]);
    });
}

#[test]
fn lowering_a_cursor_is_not_lost_to_a_claim() {
    loom::model(|| {
        let cursor = Arc::new(Rewindable::new());
        cursor.lower(5, 7);
        let other = {
            let cursor = cursor.clone();
            thread::spawn(move || cursor.lower(2, 4))
        };
        let early = cursor.claim();
        other.join().unwrap();
        assert!(matches!(early, Some(2 | 5)), "{early:?}");
        let rest: Vec<_> = std::iter::from_fn(|| cursor.claim()).collect();
        let expected: &[u32] = if early == Some(2) { &[3] } else { &[2, 3] };
        assert_eq!(rest, expected);
    });
}

/// The server's passes see every request, and no two passes overlap.
#[test]
fn no_request_to_the_ladder_is_lost() {
    loom::model(|| {
        struct Shared {
            ladder: Combiner,
            asked: AtomicU32,
            served: AtomicU32,
            inside: AtomicU32,
        }
        let shared = Arc::new(Shared {
            ladder: Combiner::new(),
            asked: AtomicU32::new(0),
            served: AtomicU32::new(0),
            inside: AtomicU32::new(0),
        });
        let ask = |shared: &Shared| {
            shared.asked.fetch_add(1, Ordering::Relaxed);
            shared.ladder.request(|| {
                assert_eq!(shared.inside.fetch_add(1, Ordering::Relaxed), 0);
                shared.served.store(shared.asked.load(Ordering::Relaxed), Ordering::Relaxed);
                shared.inside.fetch_sub(1, Ordering::Relaxed);
            });
        };
        let other = {
            let shared = shared.clone();
            thread::spawn(move || ask(&shared))
        };
        ask(&shared);
        other.join().unwrap();
        assert_eq!(shared.served.load(Ordering::Relaxed), 2);
    });
}

/// Work that is announced while a worker is about to park is found. A lost wake-up is a deadlock, which loom reports.
#[test]
fn trap_25_parking_never_misses_work() {
    loom::model(|| {
        let idle = Arc::new(Idle::new());
        let work = Arc::new(AtomicU32::new(0));
        let worker = {
            let (idle, work) = (idle.clone(), work.clone());
            thread::spawn(move || {
                loop {
                    let ticket = idle.ticket();
                    if work.load(Ordering::Relaxed) == 1 {
                        break;
                    }
                    idle.park(ticket);
                }
            })
        };
        work.store(1, Ordering::Relaxed);
        idle.wake();
        worker.join().unwrap();
    });
}

#[test]
fn closing_frees_everyone_who_parks() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let idle = Arc::new(Idle::new());
        let workers = [0, 1].map(|_| {
            let idle = idle.clone();
            thread::spawn(move || {
                while !idle.is_closed() {
                    let ticket = idle.ticket();
                    idle.park(ticket);
                }
            })
        });
        idle.close();
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

/// Workers that are loom's threads.
#[derive(Debug)]
struct Checked;

impl Pool for Checked {
    fn workers(&self) -> u32 {
        2
    }

    #[expect(unsafe_code, reason = "loom has no scoped threads")]
    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        // SAFETY: the thread that uses the extended borrow is joined before this returns; if worker 0 panics, loom
        // ends the whole test.
        let extended = unsafe {
            std::mem::transmute::<&(dyn Fn(WorkerId) + Sync), &'static (dyn Fn(WorkerId) + Sync)>(
                job,
            )
        };
        let other = thread::spawn(move || extended(WorkerId(1)));
        job(WorkerId(0));
        other.join().unwrap();
        Ok(())
    }
}

/// A whole run on two workers, every interleaving with up to two preemptions: a dependent that parks while its blocker
/// publishes, or while it becomes the head, is resumed exactly once (a second resume panics, a lost one is a deadlock).
fn explore(strategy: Strategy, block: Vec<Program>, hints: Hints) {
    let expected = reference(&block);
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.max_branches = 20_000;
    model.check(move || {
        let cancel = std::sync::atomic::AtomicBool::new(false);
        let job = Job {
            txs: &block,
            base: std::sync::Arc::new(Ground),
            vm: &|| Toy,
            strategy,
            hints: &hints,
            accesses: true,
            clock: None,
            control: &Control { cancel: &cancel, progress: &|_| {} },
        };
        let execution = execute(&job, &Lanes::Real(&Checked)).unwrap();
        assert_eq!(execution.outputs, expected.outputs);
        assert_eq!(execution.written.state(), expected.state);
    });
}

/// The second reads what the first writes.
fn pair() -> Vec<Program> {
    vec![vec![Op::Write(0)], vec![Op::Read(0), Op::Write(1)]]
}

#[test]
fn trap_25_a_hinted_dependent_is_resumed_exactly_once() {
    let hints = Hints { predecessor: vec![None, Some(TxIndex(0))], ..Hints::default() };
    explore(Strategy::BlockStm, vec![vec![Op::Read(0), Op::Write(0)]; 2], hints);
}

#[test]
fn trap_24_a_conflict_is_found_under_every_interleaving() {
    explore(Strategy::BlockStm, pair(), Hints::default());
}

#[test]
fn trap_24_two_phase_finds_a_conflict_under_every_interleaving() {
    explore(Strategy::TwoPhase, pair(), Hints::default());
}

#[test]
fn trap_24_ordered_merge_finds_a_conflict_under_every_interleaving() {
    explore(Strategy::OrderedMerge, pair(), Hints::default());
}

#[test]
fn trap_24_locks_find_what_was_not_declared_under_every_interleaving() {
    explore(Strategy::Locks, pair(), Hints::default());
}

#[test]
fn trap_25_whoever_needs_a_transaction_is_released_exactly_once() {
    let hints = Hints { needs: vec![vec![], vec![TxIndex(0)]], ..Hints::default() };
    explore(Strategy::Dag, pair(), hints);
}

#[test]
fn trap_29_values_that_are_foretold_wrongly_are_found_under_every_interleaving() {
    let wrong = Write { location: 0, kind: WriteKind::Set(Number(7)) };
    let hints = Hints { writes: vec![vec![wrong], vec![]], ..Hints::default() };
    explore(Strategy::Bal, pair(), hints);
}

#[test]
fn trap_24_the_ladder_finds_a_conflict_under_every_interleaving() {
    explore(Strategy::Ladder, pair(), Hints::default());
}

#[test]
fn trap_25_a_reader_that_is_told_while_it_runs_is_resumed_exactly_once() {
    explore(Strategy::Ladder, vec![vec![Op::Read(0), Op::Write(0)]; 2], Hints::default());
}

#[test]
fn trap_25_a_hinted_dependent_on_the_ladder_is_resumed_exactly_once() {
    let hints = Hints { predecessor: vec![None, Some(TxIndex(0))], ..Hints::default() };
    explore(Strategy::Ladder, pair(), hints);
}
