//! The traps of parallel execution that can be shown without an EVM, by their numbers in the project's list. Traps 22,
//! 23 and 26 are about the memory's inside and are tested there; 24 and 25 are also explored in `shuttle.rs` and `loom.rs`.
#![cfg(not(any(loom, feature = "shuttle")))]

use std::hash::{Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use evm_lanes_schedule::toy::{self, Ground, Jitter, Number, Op, Program, Shape, Toy, reference};
use evm_lanes_schedule::{
    Base, Blocked, Clock, Control, Cost, Error, EventKind, Execution, Hints, Inline, Job, Lanes,
    Location, Lock, LockMode, Pool, Scoped, Strategy, TxIndex, Value, View, VirtualTime, Vm, Write,
    WriteKind, execute,
};

/// Runs a block of any machine with nothing but its strategy and lanes given.
fn run<V: Vm>(
    strategy: Strategy,
    block: &[V::Tx],
    base: Arc<dyn Base<V::Location, V::Value>>,
    vm: &(dyn Fn() -> V + Sync),
    hints: &Hints<V::Location, V::Value>,
    lanes: &Lanes<'_, V>,
) -> Result<Execution<V>, Error> {
    let cancel = AtomicBool::new(false);
    let control = Control { cancel: &cancel, progress: &|_| {} };
    execute(
        &Job {
            txs: block,
            base,
            vm,
            strategy,
            hints,
            accesses: true,
            clock: Some(&Stopped),
            control: &control,
        },
        lanes,
    )
}

fn toy(
    strategy: Strategy,
    block: &[Program],
    hints: &toy::Hints,
    lanes: &Lanes<'_, Toy>,
) -> Execution<Toy> {
    let execution = run(strategy, block, Arc::new(Ground), &|| Toy, hints, lanes).unwrap();
    let expected = reference(block);
    assert_eq!(execution.outputs, expected.outputs, "{strategy:?}");
    assert_eq!(execution.written.state(), expected.state, "{strategy:?}");
    let bound = block.len() as u64 * u64::from(strategy.most_attempts());
    assert!(execution.counters.attempts <= bound, "{strategy:?}: {:?}", execution.counters);
    let bound = strategy.most_validations(block.len() as u32);
    assert!(execution.counters.validations <= bound, "{strategy:?}: {:?}", execution.counters);
    execution
}

fn threads(workers: u32) -> Scoped {
    Scoped { workers: NonZeroU32::new(workers).unwrap() }
}

/// Says in every way that each transaction needs the one before it.
fn chained(transactions: u32) -> toy::Hints {
    let before = |index: u32| index.checked_sub(1).map(TxIndex);
    let lock = Lock { key: 0, mode: LockMode::Write };
    Hints {
        tiny: 0,
        predecessor: (0..transactions).map(before).collect(),
        locks: vec![vec![lock]; transactions as usize],
        needs: (0..transactions).map(|index| before(index).into_iter().collect()).collect(),
        weights: Vec::new(),
        writes: Vec::new(),
    }
}

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> u64 {
        0
    }
}

/// Every attempt takes as long as it says, and a validation takes as long as it says.
#[derive(Debug)]
struct Fixed {
    attempt: u64,
    validation: u64,
}

impl<V: Vm> Cost<V> for Fixed {
    fn attempt(&self, _: TxIndex, _: Result<&V::Output, &Blocked>, _: usize) -> u64 {
        self.attempt
    }

    fn validation(&self, _: TxIndex, _: usize) -> u64 {
        self.validation
    }
}

#[test]
fn trap_24_a_lower_transaction_runs_again_between_validation_and_commit() {
    let block: Vec<Program> = vec![
        vec![Op::Read(0), Op::Write(1)],
        vec![Op::Read(1), Op::WriteOneOf(2, 2)],
        vec![Op::Read(2), Op::Read(3), Op::WriteOneOf(4, 2)],
        vec![Op::Read(4), Op::Read(5), Op::Write(1)],
        vec![Op::Read(1), Op::Write(6)],
    ];
    for strategy in Strategy::ALL {
        let mut revoked = 0;
        for seed in 0..2_000 {
            let cost = Jitter::new(seed, 9);
            let lanes = Lanes::Virtual(VirtualTime { workers: 2, seed, cost: &cost });
            let execution = toy(strategy, &block, &Hints::default(), &lanes);
            // The race itself: an attempt that was found valid and later was not.
            for (at, event) in execution.events.iter().enumerate() {
                let validated = execution.events[..at].iter().any(|earlier| {
                    earlier.version == event.version && matches!(earlier.kind, EventKind::Validated)
                });
                revoked += u32::from(validated && matches!(event.kind, EventKind::Aborted(_)));
            }
        }
        // The others validate the head only, whose turn it is.
        let early = matches!(
            strategy,
            Strategy::BlockStm | Strategy::Ladder | Strategy::Locks | Strategy::Dag | Strategy::Bal
        );
        assert_eq!(revoked > 0, early, "{strategy:?}: {revoked} validations were revoked");
    }
}

#[test]
fn trap_25_dependents_of_a_transaction_that_is_aborted_again() {
    for seed in 0..500 {
        for shape in [Shape::Hot, Shape::FlipFlop, Shape::Moving] {
            let cost = Jitter::new(seed, 5);
            let lanes = Lanes::Virtual(VirtualTime { workers: 8, seed, cost: &cost });
            for strategy in Strategy::ALL {
                toy(strategy, &shape.block(seed, 30), &Hints::default(), &lanes);
            }
        }
    }
}

/// A location whose hash says nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Collides(u32);

impl Location for Collides {
    fn same_family(&self, other: &Self) -> bool {
        self.0 / 3 == other.0 / 3
    }

    fn hash_family<H: Hasher>(&self, state: &mut H) {
        0_u32.hash(state);
    }
}

/// Reads the places below its index's and sums them into its own.
struct Summing;

struct Zero;

impl Base<Collides, Number> for Zero {
    fn load(&self, location: &Collides) -> Number {
        Number(u64::from(location.0))
    }
}

impl Vm for Summing {
    type Tx = ();
    type Location = Collides;
    type Value = Number;
    type Output = u64;

    fn attempt(
        &mut self,
        index: TxIndex,
        (): &(),
        view: &mut View<Collides, Number>,
    ) -> Result<u64, Blocked> {
        let mut sum = 0_u64;
        for place in (0..index.0.min(40)).chain(0..index.0.min(40)) {
            sum = sum.wrapping_add(view.read(&Collides(place))?.0);
        }
        for place in 0..index.0.min(20) {
            view.add(Collides(1_000 + place), Number(1));
        }
        view.write(Collides(index.0), Number(sum));
        Ok(sum)
    }
}

#[test]
fn trap_28_a_location_is_its_whole_key() {
    let mut places: Vec<u64> = (0..60).collect();
    let mut outputs = Vec::new();
    for index in 0..60_usize {
        let sum = places[..index.min(40)]
            .iter()
            .fold(0_u64, |sum, &place| sum.wrapping_add(2_u64.wrapping_mul(place)));
        outputs.push(sum);
        places[index] = sum;
    }
    for workers in [1, 2, 8] {
        let pool = threads(workers);
        let lanes = Lanes::Real(&pool);
        let expected: Vec<_> = (0..60)
            .map(|place| (Collides(place), Number(places[place as usize])))
            .chain((0..20).map(|place| {
                (Collides(1_000 + place), Number(u64::from(1_000 + place + 59 - place)))
            }))
            .collect();
        for strategy in Strategy::ALL {
            let hints = Hints::default();
            let execution =
                run(strategy, &[(); 60], Arc::new(Zero), &|| Summing, &hints, &lanes).unwrap();
            assert_eq!(execution.outputs, outputs);
            assert_eq!(execution.written.state(), expected);
        }
    }
}

#[test]
fn trap_29_hints_that_lie_cost_time_only() {
    let lies: [fn(u32) -> Option<TxIndex>; 4] = [
        |index| Some(TxIndex(index)),
        |index| Some(TxIndex(index + 1)),
        |_| Some(TxIndex(u32::MAX)),
        |index| Some(TxIndex(index / 2)),
    ];
    for lie in lies {
        // More of them than there are transactions.
        let lock = |TxIndex(index)| Lock { key: index / 3, mode: LockMode::Write };
        let write = |TxIndex(index)| Write {
            location: index % 80,
            kind: WriteKind::Set(Number(u64::from(index))),
        };
        let hints = Hints {
            // One that is believed, so that nothing would be tried.
            tiny: 0,
            predecessor: (0..100).map(lie).collect(),
            locks: (0..100).map(|index| lie(index).map(lock).into_iter().collect()).collect(),
            needs: (0..100).map(|index| lie(index).into_iter().collect()).collect(),
            weights: vec![u64::MAX; 100],
            writes: (0..100).map(|index| lie(index).map(write).into_iter().collect()).collect(),
        };
        for shape in Shape::ALL {
            let block = shape.block(7, 60);
            for strategy in Strategy::ALL {
                toy(strategy, &block, &hints, &Lanes::Real(&threads(3)));
                let cost = Jitter::new(7, 9);
                let time = VirtualTime { workers: 4, seed: 7, cost: &cost };
                toy(strategy, &block, &hints, &Lanes::Virtual(time));
            }
        }
    }
}

#[test]
fn trap_30_every_block_ends() {
    for workers in [1, 2, 8] {
        let pool = threads(workers);
        let lanes = Lanes::Real(&pool);
        for strategy in Strategy::ALL {
            for transactions in [0, 1, 2, 7] {
                for shape in Shape::ALL {
                    let block = shape.block(1, transactions);
                    toy(strategy, &block, &Hints::default(), &lanes);
                    toy(strategy, &block, &chained(transactions), &lanes);
                }
            }
            // The longest chain known from mainnet, block 13287210.
            toy(strategy, &Shape::Chain.block(1, 1_408), &Hints::default(), &lanes);
            toy(strategy, &Shape::Chain.block(1, 1_408), &chained(1_408), &lanes);
            toy(strategy, &Shape::Hot.block(1, 1_408), &Hints::default(), &lanes);
            toy(strategy, &vec![Vec::new(); 500], &Hints::default(), &lanes);
            // One that takes as long as all others together, and that they depend on.
            let mut block = Shape::Hot.block(1, 300);
            block[0].insert(0, Op::Work(3_000_000));
            toy(strategy, &block, &Hints::default(), &lanes);
        }
    }
}

#[test]
fn trap_30_work_is_bounded_on_blocks_made_to_be_aborted() {
    for strategy in Strategy::ALL {
        let mut most: f64 = 0.0;
        for seed in 0..60 {
            for shape in [Shape::FlipFlop, Shape::Moving, Shape::Hot, Shape::Adds, Shape::Mixed] {
                let cost = Jitter::new(seed, 20);
                let lanes = Lanes::Virtual(VirtualTime { workers: 16, seed, cost: &cost });
                // The bounds are looked at in there.
                let execution = toy(strategy, &shape.block(seed, 200), &Hints::default(), &lanes);
                most = most.max(execution.counters.attempts as f64 / 200.0);
            }
        }
        assert!(
            most > 1.5 || strategy == Strategy::Sequential,
            "the blocks are not contended enough to show anything: {strategy:?}, {most}"
        );
    }
}

/// Panics in one transaction, after others have come to depend on it.
#[derive(Clone, Copy)]
struct Exploding(u32);

impl Vm for Exploding {
    type Tx = Program;
    type Location = u32;
    type Value = Number;
    type Output = u64;

    fn attempt(
        &mut self,
        index: TxIndex,
        program: &Program,
        view: &mut View<u32, Number>,
    ) -> Result<u64, Blocked> {
        let output = Toy.attempt(index, program, view)?;
        assert!(index.0 != self.0, "transaction {} explodes", self.0);
        Ok(output)
    }
}

#[test]
fn trap_31_a_panic_in_one_worker_ends_the_run_and_leaves_the_pool_usable() {
    let block = Shape::Hot.block(1, 200);
    for workers in [1, 2, 3, 8] {
        for hints in [Hints::default(), chained(200)] {
            let pool = threads(workers);
            let inline: &dyn Pool = if workers == 1 { &Inline } else { &pool };
            for at in [0, 1, 100, 199] {
                let vm = || Exploding(at);
                let cost = Fixed { attempt: 1, validation: 1 };
                let time = VirtualTime { workers, seed: 1, cost: &cost };
                for lanes in [Lanes::Real(inline), Lanes::Virtual(time)] {
                    for strategy in Strategy::ALL {
                        let ground = Arc::new(Ground);
                        let error = run(strategy, &block, ground, &vm, &hints, &lanes).err();
                        let message = format!("transaction {at} explodes");
                        assert_eq!(error, Some(Error::Panicked(message)), "{strategy:?}");
                    }
                }
            }
            for strategy in Strategy::ALL {
                toy(strategy, &block, &hints, &Lanes::Real(inline));
            }
        }
    }
}

/// A value that panics while the memory holds a lock.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
struct Brittle(u64);

impl Value for Brittle {
    fn plus(&self, amount: &Self) -> Self {
        assert!(self.0 + amount.0 < 1_010, "too much");
        Self(self.0 + amount.0)
    }
}

struct Thousand;

impl Base<u32, Brittle> for Thousand {
    fn load(&self, _: &u32) -> Brittle {
        Brittle(1_000)
    }
}

struct Adding;

impl Vm for Adding {
    type Tx = ();
    type Location = u32;
    type Value = Brittle;
    type Output = ();

    fn attempt(
        &mut self,
        index: TxIndex,
        (): &(),
        view: &mut View<u32, Brittle>,
    ) -> Result<(), Blocked> {
        view.add(0, Brittle(1));
        if index.0 % 4 == 3 {
            view.read(&0)?;
        }
        Ok(())
    }
}

#[test]
fn trap_31_a_panic_under_a_lock_is_told_too() {
    let pool = threads(3);
    let lanes = Lanes::Real(&pool);
    let hints = Hints::default();
    for strategy in Strategy::ALL {
        let run = |block: &[()]| {
            run(strategy, block, Arc::new(Thousand), &|| Adding, &hints, &lanes).err()
        };
        assert_eq!(run(&[(); 9]), None, "{strategy:?}");
        assert_eq!(run(&[(); 100]), Some(Error::Panicked("too much".to_owned())), "{strategy:?}");
    }
}

/// A machine that is told to give up, and tells how often it was asked in vain.
struct Cancelling<'a>(&'a AtomicBool);

impl Vm for Cancelling<'_> {
    type Tx = Program;
    type Location = u32;
    type Value = Number;
    type Output = u64;

    fn attempt(
        &mut self,
        index: TxIndex,
        program: &Program,
        view: &mut View<u32, Number>,
    ) -> Result<u64, Blocked> {
        if index.0 == 50 {
            self.0.store(true, Ordering::Relaxed);
        }
        Toy.attempt(index, program, view)
    }
}

#[test]
fn cancelling_ends_a_run_at_the_next_step_of_every_worker() {
    let block = Shape::Hot.block(1, 1_000);
    let cost = Fixed { attempt: 1, validation: 0 };
    for workers in [1, 2, 8] {
        let pool = threads(workers);
        for strategy in Strategy::ALL {
            for real in [true, false] {
                let cancel = AtomicBool::new(false);
                let time = VirtualTime { workers, seed: 1, cost: &cost };
                let lanes = if real { Lanes::Real(&pool) } else { Lanes::Virtual(time) };
                let highest = AtomicU32::new(0);
                let progress = |committed| {
                    let before = highest.swap(committed, Ordering::Relaxed);
                    assert!(before < committed, "progress went from {before} to {committed}");
                };
                let job = Job {
                    txs: &block,
                    base: Arc::new(Ground),
                    vm: &|| Cancelling(&cancel),
                    strategy,
                    hints: &chained(1_000),
                    accesses: true,
                    clock: None,
                    control: &Control { cancel: &cancel, progress: &progress },
                };
                assert_eq!(execute(&job, &lanes).err(), Some(Error::Cancelled));
                assert!(highest.into_inner() <= 51);
            }
        }
    }
}

#[test]
fn virtual_time_is_the_makespan_and_repeats_event_for_event() {
    let cost = Fixed { attempt: 10, validation: 1 };
    let time = |workers, seed| Lanes::Virtual(VirtualTime { workers, seed, cost: &cost });
    let independent = Shape::Independent.block(1, 64);
    assert_eq!(
        toy(Strategy::BlockStm, &independent, &Hints::default(), &time(1, 1)).virtual_time,
        640
    );
    for workers in [2, 4, 8, 16, 64] {
        let parallel = toy(Strategy::BlockStm, &independent, &Hints::default(), &time(workers, 1))
            .virtual_time;
        let share = 640 / u64::from(workers);
        assert!(
            (share..=share + share / 2 + 10).contains(&parallel),
            "{workers} workers: {parallel}"
        );
        // What depends on what came before is no faster on more workers; with hints it is no slower either.
        let chain = Shape::Chain.block(1, 64);
        assert_eq!(
            toy(Strategy::BlockStm, &chain, &chained(64), &time(workers, 1)).virtual_time,
            640,
            "{workers} workers"
        );
        for seed in 0..20 {
            for block in [Shape::Mixed.block(seed, 64), Shape::Moving.block(seed, 64), families()] {
                for strategy in Strategy::ALL {
                    let lanes = Lanes::Virtual(VirtualTime { workers, seed, cost: &ByReads });
                    let once = toy(strategy, &block, &Hints::default(), &lanes);
                    let twice = toy(strategy, &block, &Hints::default(), &lanes);
                    assert_eq!(once.events, twice.events);
                    assert_eq!(once.virtual_time, twice.virtual_time);
                }
            }
        }
    }
}

/// Each reads some families, and then all of one in which the others write.
fn families() -> Vec<Program> {
    let program = |index: u32| {
        let mut program: Program = (1..12).map(|other| Op::Read(4 * (index + other))).collect();
        program.extend([Op::ReadFamily(0), Op::Write(1 + index % 3)]);
        program
    };
    (0..64).map(program).collect()
}

/// Everything takes as long as it reads, so a read more or less shows.
#[derive(Debug)]
struct ByReads;

impl<V: Vm> Cost<V> for ByReads {
    fn attempt(&self, _: TxIndex, _: Result<&V::Output, &Blocked>, reads: usize) -> u64 {
        1 + reads as u64
    }

    fn validation(&self, _: TxIndex, reads: usize) -> u64 {
        reads as u64
    }
}

/// A chain that nobody announced is found out: it takes little longer than in order, however many try to help.
#[test]
fn a_chain_without_hints_unrolls_link_by_link() {
    let cost = Fixed { attempt: 10, validation: 1 };
    for shape in [Shape::Hot, Shape::Chain] {
        for workers in [2, 4, 16] {
            let lanes = Lanes::Virtual(VirtualTime { workers, seed: 1, cost: &cost });
            let execution =
                toy(Strategy::BlockStm, &shape.block(1, 300), &Hints::default(), &lanes);
            let Execution { virtual_time, counters, .. } = execution;
            println!("{shape:?}, {workers} workers: {virtual_time} for 3000, {counters:?}");
            assert!(
                virtual_time <= 3_600,
                "{shape:?}, {workers} workers: {virtual_time}, {counters:?}"
            );
        }
    }
}
