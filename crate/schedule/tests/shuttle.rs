//! The whole scheduler, with a few toy transactions, under schedules drawn at random and by PCT.
//!
//! `cargo test -p evm-lanes-schedule --features shuttle --test shuttle`; `EVM_LANES_SHUTTLE` sets how many schedules
//! each block is explored with. A failing schedule is printed as a string; keep it here as a test that calls
//! `shuttle::replay` with it. None has been found so far.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::toy::{
    Expected, Ground, Hints, Number, Op, Program, Shape, Toy, reference, true_locks, true_writes,
};
use evm_lanes_schedule::{
    Control, Job, Lanes, Panicked, Pool, Strategy, TxIndex, WorkerId, Write, WriteKind, execute,
};

/// Workers that are the checker's threads.
#[derive(Debug)]
struct Checked(u32);

impl Pool for Checked {
    fn workers(&self) -> u32 {
        self.0
    }

    fn broadcast(&self, job: &(dyn Fn(WorkerId) + Sync)) -> Result<(), Panicked> {
        shuttle::thread::scope(|scope| {
            for id in 1..self.0 {
                scope.spawn(move || job(WorkerId(id)));
            }
            job(WorkerId(0));
        });
        Ok(())
    }
}

#[derive(Clone)]
struct Case {
    block: Vec<Program>,
    hints: Hints,
    workers: u32,
    expected: Expected,
}

impl Case {
    fn new(block: Vec<Program>, workers: u32) -> Self {
        let expected = reference(&block);
        Self { block, hints: Hints::default(), workers, expected }
    }

    fn hinted(mut self) -> Self {
        let predecessor =
            (0..self.block.len() as u32).map(|index| index.checked_sub(1).map(TxIndex));
        self.hints = Hints {
            predecessor: predecessor.collect(),
            locks: true_locks(&self.expected.accesses),
            needs: Graph::new(&self.expected.accesses, &Ground).needs(),
            weights: Vec::new(),
            tiny: 0,
            writes: true_writes(&self.expected.accesses),
        };
        self
    }

    /// One value too few, one too many, and one that is wrong.
    fn foretold_badly(mut self) -> Self {
        let mut writes = true_writes(&self.expected.accesses);
        writes[0].pop();
        writes[1].push(Write { location: 2, kind: WriteKind::Set(Number(7)) });
        writes[2].iter_mut().for_each(|write| write.kind = WriteKind::Set(Number(8)));
        self.hints.writes = writes;
        self
    }

    fn run(&self, strategy: Strategy) {
        let cancel = AtomicBool::new(false);
        let job = Job {
            txs: &self.block,
            base: Arc::new(Ground),
            vm: &|| Toy,
            strategy,
            hints: &self.hints,
            accesses: true,
            clock: None,
            control: &Control { cancel: &cancel, progress: &|_| {} },
        };
        let execution = execute(&job, &Lanes::Real(&Checked(self.workers))).unwrap();
        assert_eq!(execution.outputs, self.expected.outputs);
        assert_eq!(execution.written.state(), self.expected.state);
        let bound = self.block.len() as u64 * u64::from(strategy.most_attempts());
        assert!(execution.counters.attempts <= bound, "{:?}", execution.counters);
    }

    fn explore(self) {
        self.explore_with(&Strategy::ALL);
    }

    fn explore_with(self, strategies: &[Strategy]) {
        let schedules = match std::env::var("EVM_LANES_SHUTTLE") {
            Ok(text) => {
                text.parse().unwrap_or_else(|error| panic!("EVM_LANES_SHUTTLE={text}: {error}"))
            }
            Err(_) => 2_500,
        };
        let case = Arc::new(self);
        for &strategy in strategies {
            let random = case.clone();
            shuttle::check_random(move || random.run(strategy), schedules);
            let pct = case.clone();
            shuttle::check_pct(move || pct.run(strategy), schedules, 3);
        }
    }
}

#[test]
fn trap_24_a_lower_transaction_runs_again_between_validation_and_commit() {
    // 1 reads what 0 writes, 2 what 1 writes at one of two places, so late aborts travel.
    Case::new(
        vec![
            vec![Op::Read(0), Op::Write(1)],
            vec![Op::Read(1), Op::WriteOneOf(2, 2)],
            vec![Op::Read(2), Op::Read(3), Op::Write(4)],
            vec![Op::Read(4), Op::Write(5)],
        ],
        3,
    )
    .explore();
}

#[test]
fn trap_25_wake_ups_are_neither_lost_nor_doubled() {
    Case::new(vec![vec![Op::Read(0), Op::Write(0)]; 5], 3).explore();
}

#[test]
fn trap_25_hinted_chains_are_handed_on() {
    Case::new(Shape::Chain.block(1, 4), 3).hinted().explore();
}

#[test]
fn additions_and_a_reader_among_them() {
    Case::new(
        vec![
            vec![Op::Add(0, 1)],
            vec![Op::Read(7), Op::Add(0, 2)],
            vec![Op::Read(0), Op::Write(7)],
            vec![Op::Add(0, 4), Op::Read(7)],
            vec![Op::Read(0), Op::Write(0)],
        ],
        3,
    )
    .explore();
}

#[test]
fn moving_targets() {
    Case::new(Shape::Moving.block(3, 5), 2).explore();
    Case::new(Shape::FlipFlop.block(5, 5), 3).explore();
}

#[test]
fn trap_29_values_that_are_foretold_wrongly_are_found_out() {
    Case::new(Shape::Chain.block(1, 4), 3).foretold_badly().explore_with(&[Strategy::Bal]);
    Case::new(vec![vec![Op::Read(0), Op::Write(0)]; 4], 3)
        .foretold_badly()
        .explore_with(&[Strategy::Bal]);
}
