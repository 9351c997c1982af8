#![cfg(not(any(loom, feature = "shuttle")))]
//! Blocks in worlds other than the true one.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::toy::{Ground, Hints, Number, Op, Place, Program, Shape, Toy};
use evm_lanes_schedule::{
    Base as _, Blocked, Control, Cost, Counterfactual, Execution, Job, Lanes, Strategy, TxIndex,
    View, VirtualTime, Vm, WriteKind, execute,
};

type World = Arc<dyn Counterfactual<Place, Number>>;

/// The toy machine in another world.
struct Elsewhere(World);

impl Vm for Elsewhere {
    type Tx = Program;
    type Location = Place;
    type Value = Number;
    type Output = u64;

    fn attempt(
        &mut self,
        index: TxIndex,
        program: &Program,
        view: &mut View<Place, Number>,
    ) -> Result<u64, Blocked> {
        view.suppose(Arc::clone(&self.0));
        Toy.attempt(index, program, view)
    }
}

/// An attempt takes ten, a read that is validated one.
#[derive(Debug)]
struct Costs;

impl Cost<Elsewhere> for Costs {
    fn attempt(&self, _: TxIndex, _: Result<&u64, &Blocked>, _: usize) -> u64 {
        10
    }

    fn validation(&self, _: TxIndex, reads: usize) -> u64 {
        reads as u64
    }
}

/// Everybody finds 7 in place 0, and nobody leaves anything there.
#[derive(Debug)]
struct Unshared;

impl Counterfactual<Place, Number> for Unshared {
    fn found(&self, _: TxIndex, place: &Place) -> Option<Number> {
        (*place == 0).then_some(Number(7))
    }

    fn left(
        &self,
        _: TxIndex,
        place: &Place,
        kind: WriteKind<Number>,
    ) -> Option<WriteKind<Number>> {
        (*place != 0).then_some(kind)
    }
}

/// The same, but what is written to place 0 adds one to it; and the last transaction finds what is there.
#[derive(Debug)]
struct Counted {
    last: TxIndex,
}

impl Counterfactual<Place, Number> for Counted {
    fn found(&self, tx: TxIndex, place: &Place) -> Option<Number> {
        (*place == 0 && tx != self.last).then_some(Number(7))
    }

    fn left(
        &self,
        _: TxIndex,
        place: &Place,
        kind: WriteKind<Number>,
    ) -> Option<WriteKind<Number>> {
        Some(if *place == 0 { WriteKind::Add(Number(1)) } else { kind })
    }
}

const TRANSACTIONS: u32 = 40;

#[test]
fn nobody_waits_at_a_place_that_is_not_shared() {
    let block = Shape::Hot.block(1, TRANSACTIONS);
    for strategy in Strategy::ALL {
        let run = run(&block, strategy, 8, Arc::new(Unshared));
        assert!(run.accesses.iter().all(|all| all.reads.is_empty() && all.writes.is_empty()));
        assert_eq!(run.written.state(), []);
        assert_eq!((run.counters.attempts, run.counters.aborts), (40, 0), "{strategy:?}");
        let at_once = if strategy == Strategy::Sequential { 1 } else { 8 };
        // What a validation of nothing costs is nothing.
        assert_eq!(run.virtual_time, u64::from(TRANSACTIONS / at_once * 10), "{strategy:?}");
    }
}

#[test]
fn reads_that_find_something_else_are_the_same_every_time_and_for_whole_families() {
    let block: Vec<Program> = (0..TRANSACTIONS)
        .map(|index| vec![Op::ReadFamily(0), Op::Read(0), Op::Write(index % 5), Op::ReadFamily(0)])
        .collect();
    let outputs = |strategy| run(&block, strategy, 8, Arc::new(Unshared)).outputs;
    let expected = outputs(Strategy::Sequential);
    for strategy in Strategy::ALL {
        assert_eq!(outputs(strategy), expected, "{strategy:?}");
    }
}

#[test]
fn what_is_left_is_what_the_next_one_finds() {
    let mut block = Shape::Hot.block(1, TRANSACTIONS);
    block.push(vec![Op::Read(0), Op::Write(1)]);
    let world = || Arc::new(Counted { last: TxIndex(TRANSACTIONS) });
    let sum = Number(Ground.load(&0).0.wrapping_add(u64::from(TRANSACTIONS)));
    for strategy in Strategy::ALL {
        let run = run(&block, strategy, 8, world());
        assert_eq!(run.accesses[TRANSACTIONS as usize].reads[0].value, sum, "{strategy:?}");
        assert_eq!(run.written.state()[0], (0, sum), "{strategy:?}");
    }
}

fn run(block: &[Program], strategy: Strategy, workers: u32, world: World) -> Execution<Elsewhere> {
    let job = Job {
        txs: block,
        base: Arc::new(Ground),
        vm: &|| Elsewhere(Arc::clone(&world)),
        strategy,
        hints: &Hints::default(),
        accesses: true,
        clock: None,
        control: &Control { cancel: &AtomicBool::new(false), progress: &|_| {} },
    };
    let lanes = Lanes::Virtual(VirtualTime { workers, seed: 3, cost: &Costs });
    execute(&job, &lanes).unwrap()
}
