#![cfg(not(any(loom, feature = "shuttle")))]
//! Any block on any number of workers that share no memory, whatever the order in which messages arrive: the sequential
//! result.
//!
//! `EVM_LANES_SEED` sets the first seed, `EVM_LANES_BLOCKS` how many blocks of each shape are run.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::remote::{Coordinator, Garbled, Order, Record, RemoteJob, Replica};
use evm_lanes_schedule::toy::{
    Expected, Ground, Hints, Number, Op, Place, Program, Random, Shape, Toy, reference,
};
use evm_lanes_schedule::{Clock, Error, EventKind, Execution, TxIndex, WorkerId};

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
    let first = number("EVM_LANES_SEED", 1);
    let blocks = number("EVM_LANES_BLOCKS", 300);
    println!("EVM_LANES_SEED={first} EVM_LANES_BLOCKS={blocks}");
    let mut held = 0;
    for seed in first..first + blocks {
        let mut random = Random(seed);
        for shape in Shape::ALL {
            let block = shape.block(random.number(), random.below(90) as u32);
            let expected = reference(&block);
            let hints = hints(&block, &expected, &mut random);
            for workers in [1, 2, 3, 4] {
                let case = format!("seed {seed}, {shape:?}, {workers} workers");
                let run = run(&block, &hints, workers, &mut random).expect("nobody cancels");
                held += run.counters.validations - run.counters.aborts;
                assert_equal(run, &expected, &case);
            }
        }
    }
    assert!(held > 0, "no attempt of a replica has ever held");
}

/// What each knows of the others is enough: without conflicts no attempt is in vain, and with hints no chain's is.
#[test]
fn what_is_known_to_belong_together_is_executed_once() {
    let chain: Vec<Program> =
        (0..200).map(|index| vec![Op::Read(index % 5 * 4), Op::Write(index % 5 * 4)]).collect();
    let expected = reference(&chain);
    let needs = Graph::new(&expected.accesses, &Ground).needs();
    for (hints, in_vain) in [(Hints { needs, ..Hints::default() }, false), (Hints::default(), true)]
    {
        let mut aborts = 0;
        for seed in 0..20 {
            let run = run(&chain, &hints, 3, &mut Random(seed)).expect("nobody cancels");
            aborts += run.counters.aborts;
            assert_equal(run, &expected, &format!("seed {seed}"));
        }
        assert_eq!(aborts > 0, in_vain, "{aborts} aborts");
    }
}

#[test]
fn a_run_can_be_cancelled_and_refuses_what_it_has_not_asked_for() {
    let block = Shape::ALL[0].block(1, 20);
    let hints = Hints::default();
    let cancel = AtomicBool::new(true);
    let job = || RemoteJob {
        txs: &block,
        base: Arc::new(Ground),
        workers: 1,
        hints: &hints,
        clock: None,
        cancel: &cancel,
    };
    let mut coordinator = Coordinator::new(job(), Toy);
    let order = coordinator.order(WorkerId(0), 5).expect("nothing is handed out yet");
    let mut replica = Replica::new(Arc::new(Ground), Toy, block.len());
    let records = replica.perform(&block, order.clone(), None).expect("it is the first");
    let other = Order { execute: vec![TxIndex(20)], ..order };
    assert_eq!(replica.perform(&block, other.clone(), None), Err(Garbled));
    assert_eq!(replica.perform(&block, Order { from: TxIndex(1), ..other }, None), Err(Garbled));
    assert_eq!(coordinator.take(WorkerId(0), records.clone()), Err(Error::Cancelled));
    assert!(matches!(coordinator.take(WorkerId(0), records), Err(Error::Panicked(_))));
}

/// Carries messages, each worker's in order, otherwise as they come.
fn run(
    block: &[Program],
    hints: &Hints,
    workers: u32,
    random: &mut Random,
) -> Result<Execution<Toy>, Error> {
    let cancel = AtomicBool::new(false);
    let job = RemoteJob {
        txs: block,
        base: Arc::new(Ground),
        workers,
        hints,
        clock: Some(&Stopped),
        cancel: &cancel,
    };
    let mut coordinator = Coordinator::new(job, Toy);
    let mut lines: Vec<Line> = (0..workers).map(|_| Line::new(block.len())).collect();
    while coordinator.committed() < block.len() as u32 {
        for (id, line) in (0..).map(WorkerId).zip(&mut lines) {
            while line.orders.len() + line.records.len() < 2
                && let Some(order) = coordinator.order(id, 1 + random.below(9) as usize)
            {
                line.orders.push_back(order);
            }
        }
        let busy: Vec<u32> = (0..workers).filter(|&id| lines[id as usize].is_busy()).collect();
        assert!(!busy.is_empty(), "nothing is on its way and the block is not done");
        let id = busy[random.below(busy.len() as u64) as usize];
        let line = &mut lines[id as usize];
        let arrives = line.orders.is_empty() || random.below(2) == 0;
        if arrives && let Some(records) = line.records.pop_front() {
            coordinator.take(WorkerId(id), records)?;
        } else if let Some(order) = line.orders.pop_front() {
            let mut records = line.replica.perform(block, order, None).expect("it follows");
            for record in &mut records {
                // Some outputs are not told.
                record.output = record.output.filter(|_| random.below(30) > 0);
            }
            line.records.push_back(records);
        }
    }
    Ok(coordinator.finish())
}

/// A worker and what is on its way to it and back.
struct Line {
    replica: Replica<Toy>,
    orders: VecDeque<Order<Place, Number>>,
    records: VecDeque<Vec<Record<Place, Number, u64>>>,
}

impl Line {
    fn new(transactions: usize) -> Self {
        let replica = Replica::new(Arc::new(Ground), Toy, transactions);
        Self { replica, orders: VecDeque::new(), records: VecDeque::new() }
    }

    fn is_busy(&self) -> bool {
        !self.orders.is_empty() || !self.records.is_empty()
    }
}

/// No hints, true ones, or lies.
fn hints(block: &[Program], expected: &Expected, random: &mut Random) -> Hints {
    let length = block.len() as u64;
    let lie = |random: &mut Random| TxIndex(random.below(length + 5) as u32);
    let predecessor = match random.below(2) {
        0 => Vec::new(),
        _ => (0..random.below(length + 3))
            .map(|_| (random.below(2) == 0).then(|| lie(random)))
            .collect(),
    };
    let needs = match random.below(3) {
        0 => Vec::new(),
        1 => Graph::new(&expected.accesses, &Ground).needs(),
        _ => (0..random.below(length + 3))
            .map(|_| (0..random.below(4)).map(|_| lie(random)).collect())
            .collect(),
    };
    Hints { predecessor, needs, ..Hints::default() }
}

fn assert_equal(run: Execution<Toy>, expected: &Expected, case: &str) {
    assert_eq!(run.outputs, expected.outputs, "{case}");
    assert_eq!(run.written.state(), expected.state, "{case}");
    let mut accesses = run.accesses;
    // Which attempt a value is from depends on the schedule; which transaction does not.
    for read in accesses.iter_mut().flat_map(|access| &mut access.reads) {
        if let Some(from) = &mut read.from {
            from.incarnation.0 = 0;
        }
    }
    assert_eq!(accesses, expected.accesses, "{case}");

    let length = run.outputs.len() as u64;
    let counters = run.counters;
    assert_eq!(counters.attempts, length + counters.aborts, "{case}");
    assert!(counters.attempts <= 2 * length, "{case}");
    let committed: Vec<u32> = (run.events.iter())
        .filter(|event| matches!(event.kind, EventKind::Committed))
        .map(|event| event.version.tx.0)
        .collect();
    assert_eq!(committed, (0..length as u32).collect::<Vec<_>>(), "{case}");
}
