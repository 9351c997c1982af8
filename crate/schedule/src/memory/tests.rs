use std::sync::{Arc, Mutex, OnceLock, Weak};

use super::{Memory, Places, Published};
use crate::toy::{Ground, Number, Place, Random};
use crate::{Base, Blocked, Guard, Incarnation, TxIndex, Version, View, Write, WriteKind};

/// A memory and a view on it, driven by hand.
struct Bench {
    memory: Arc<Memory<Place, Number>>,
    view: View<Place, Number>,
    written: Vec<Places>,
}

impl Bench {
    fn new() -> Self {
        let memory = Arc::new(Memory::new(Arc::new(Ground), 2, 10));
        Self { view: View::new(memory.clone()), memory, written: vec![Places::new(); 64] }
    }

    /// Publishes an attempt that writes this, and says whether it changed anything.
    fn publish(&mut self, tx: u32, incarnation: u32, writes: &[(Place, WriteKind<u64>)]) -> bool {
        self.published(tx, incarnation, writes).changed
    }

    fn published(
        &mut self,
        tx: u32,
        incarnation: u32,
        writes: &[(Place, WriteKind<u64>)],
    ) -> Published {
        let version = Version { tx: TxIndex(tx), incarnation: Incarnation(incarnation) };
        self.view.begin(version.tx, true);
        for (place, kind) in writes {
            match kind {
                WriteKind::Set(value) => self.view.write(*place, Number(*value)),
                WriteKind::Add(amount) => self.view.add(*place, Number(*amount)),
            }
        }
        let log = self.view.end(|| None).unwrap();
        self.memory.publish(version, &log, &mut self.written[tx as usize])
    }

    fn settle(&self, tx: u32) {
        let version = Version { tx: TxIndex(tx), incarnation: Incarnation(0) };
        self.memory.settle(version, &self.written[tx as usize], None);
    }

    fn abort(&mut self, tx: u32) {
        self.memory.estimate(TxIndex(tx), &self.written[tx as usize]);
    }

    fn read(&mut self, reader: u32, place: Place) -> Result<u64, Blocked> {
        self.view.begin(TxIndex(reader), true);
        self.view.read(&place).map(|Number(value)| value)
    }
}

/// Nobody sees it before the commit, and then whoever may have read there is told of.
#[test]
fn an_addition_at_the_commit_is_seen_from_then_on() {
    let mut bench = Bench::new();
    bench.memory = Arc::new(Memory::new(Arc::new(Ground), 2, 10).adding_at_commit());
    bench.view = View::new(bench.memory.clone());
    let version = |tx| Version { tx: TxIndex(tx), incarnation: Incarnation(0) };
    let publish = |bench: &mut Bench, tx: u32| {
        bench.view.begin(TxIndex(tx), true);
        bench.view.add_at_commit(5, Number(10));
        let log = bench.view.end(|| None).unwrap();
        let published = bench.memory.publish(version(tx), &log, &mut bench.written[tx as usize]);
        assert!(!published.changed && bench.written[tx as usize].is_empty());
        log
    };
    let logs = [0, 1, 2].map(|tx| publish(&mut bench, tx));
    let commit =
        |bench: &Bench, tx: u32| bench.memory.settle(version(tx), &[], Some(&logs[tx as usize]));
    assert_eq!(bench.read(9, 5), Ok(ground(5)));
    assert!(commit(&bench, 0), "somebody had read there before there was a cell");
    assert!(!commit(&bench, 1), "nobody has read there since");
    assert_eq!(bench.read(9, 5), Ok(ground(5) + 20));
    assert!(commit(&bench, 2));
    assert_eq!(bench.read(9, 5), Ok(ground(5) + 30));
}

fn ground(place: Place) -> u64 {
    Ground.load(&place).0
}

#[test]
fn trap_22_a_second_read_returns_the_first_value_and_validation_sees_the_change() {
    for few in [true, false] {
        let mut bench = Bench::new();
        bench.view.begin(TxIndex(5), true);
        let places = if few { 0..3 } else { 0..100 };
        for place in places.clone() {
            assert_eq!(bench.view.read(&place), Ok(Number(ground(place))));
        }
        let mut other = Bench { view: View::new(bench.memory.clone()), ..bench };
        std::mem::swap(&mut other.view, &mut bench.view);
        other.publish(2, 0, &[(1, WriteKind::Set(7)), (2, WriteKind::Add(1))]);
        for place in places.clone() {
            assert_eq!(bench.view.read(&place), Ok(Number(ground(place))), "{place}");
        }
        let mut log = bench.view.end(|| None).unwrap();
        assert_eq!(log.reads.len(), places.len());
        let (position, stale) = other.memory.check(&mut log, 5).err().unwrap();
        assert_eq!((position, stale.now), (1, Some(Number(7))));
    }
}

#[test]
fn trap_23_what_the_next_incarnation_does_not_write_vanishes() {
    let mut bench = Bench::new();
    bench.publish(1, 0, &[(9, WriteKind::Set(100))]);
    assert!(bench.publish(3, 0, &[(8, WriteKind::Set(1)), (9, WriteKind::Set(2))]));
    assert_eq!(bench.read(5, 9), Ok(2));
    bench.abort(3);
    assert_eq!(bench.read(5, 9), Err(Blocked { on: TxIndex(3) }));
    assert!(bench.publish(3, 1, &[(8, WriteKind::Set(1))]));
    assert_eq!(bench.read(5, 9), Ok(100));
    assert_eq!(bench.memory.state(), [(8, Number(1)), (9, Number(100))]);
}

#[test]
fn rewriting_the_same_values_changes_nothing_for_anybody() {
    let mut bench = Bench::new();
    let writes = [(8, WriteKind::Set(1)), (9, WriteKind::Add(2))];
    assert!(bench.publish(3, 0, &writes));
    bench.view.begin(TxIndex(5), true);
    assert_eq!(bench.view.read(&8), Ok(Number(1)));
    assert_eq!(bench.view.read(&9), Ok(Number(ground(9).wrapping_add(2))));
    let mut log = bench.view.end(|| None).unwrap();
    bench.abort(3);
    assert!(bench.memory.check(&mut log, 5).is_err(), "an estimate fails a validation");
    assert!(!bench.publish(3, 1, &writes));
    assert!(bench.memory.check(&mut log, 5).is_ok());
    assert_eq!(log.reads[0].from.unwrap().incarnation, Incarnation(1));
}

#[test]
fn an_addition_where_nobody_had_written_is_seen() {
    let mut bench = Bench::new();
    bench.view.begin(TxIndex(5), true);
    assert_eq!(bench.view.read(&0), Ok(Number(ground(0))));
    let mut log = bench.view.end(|| None).unwrap();
    bench.publish(7, 0, &[(0, WriteKind::Add(10))]);
    assert!(bench.memory.check(&mut log, 5).is_ok(), "it comes later");
    bench.publish(2, 0, &[(0, WriteKind::Add(10))]);
    assert!(bench.memory.check(&mut log, 5).is_err());
}

#[test]
fn committed_additions_leave_one_value_and_its_writer() {
    let mut bench = Bench::new();
    for tx in 0..4 {
        bench.publish(tx, 0, &[(0, WriteKind::Add(10))]);
    }
    for tx in 0..3 {
        bench.settle(tx);
    }
    bench.view.begin(TxIndex(3), true);
    assert_eq!(bench.view.read(&0), Ok(Number(ground(0).wrapping_add(30))));
    let log = bench.view.end(|| None).unwrap();
    assert_eq!(log.reads[0].from.unwrap().tx, TxIndex(2));
    bench.settle(3);
    assert_eq!(bench.memory.state(), [(0, Number(ground(0).wrapping_add(40)))]);
}

/// A base of which each load takes so long that somebody else reads there in the meantime.
#[derive(Default)]
struct Slow {
    memory: OnceLock<Weak<Memory<Place, Number>>>,
    /// What transaction 5 read, the last time that it did not ask the base itself.
    seen: Mutex<Option<Number>>,
}

impl Base<Place, Number> for Slow {
    fn load(&self, place: &Place) -> Number {
        // The reader's own load finds this locked.
        if let Ok(mut seen) = self.seen.try_lock()
            && let Some(memory) = self.memory.get().and_then(Weak::upgrade)
        {
            *seen = memory.read(place, memory.family(place), 5).ok().map(|found| found.value);
        }
        Ground.load(place)
    }
}

/// The fuzzer found it on threads: the entry was gone while the base was loaded, and what was committed then was no
/// change, so that nobody asked again those who had read in between.
#[test]
fn a_foretold_addition_is_never_missed_while_it_is_committed() {
    let base = Arc::new(Slow::default());
    let memory = Arc::new(Memory::new(base.clone(), 2, 10));
    base.memory.set(Arc::downgrade(&memory)).unwrap();
    let write = Write { location: 0, kind: WriteKind::Add(Number(10)) };
    let mut written = memory.foretell(TxIndex(2), &[write]);

    let mut view = View::new(memory.clone());
    view.begin(TxIndex(2), false);
    view.add(0, Number(10));
    let mut log = view.end(|| None).unwrap();
    let version = Version { tx: TxIndex(2), incarnation: Incarnation(0) };
    assert!(!memory.commit(version, &mut log, &mut written).changed, "it was foretold");
    assert_eq!(*base.seen.lock().unwrap(), Some(Number(ground(0).wrapping_add(10))));
}

#[test]
fn an_addition_that_appears_below_a_folded_read_is_seen() {
    let mut bench = Bench::new();
    bench.publish(1, 0, &[(0, WriteKind::Add(10))]);
    bench.publish(4, 0, &[(0, WriteKind::Add(40))]);
    bench.view.begin(TxIndex(9), true);
    assert_eq!(bench.view.read(&0), Ok(Number(ground(0).wrapping_add(50))));
    let mut log = bench.view.end(|| None).unwrap();
    assert!(bench.memory.check(&mut log, 9).is_ok());
    // The highest contributor is still the same version.
    bench.publish(2, 0, &[(0, WriteKind::Add(20))]);
    assert!(bench.memory.check(&mut log, 9).is_err());
}

#[test]
fn a_guarded_read_holds_as_long_as_its_guard_and_then_has_the_true_value() {
    let mut bench = Bench::new();
    bench.view.begin(TxIndex(5), true);
    let Number(value) = bench.view.read(&0).unwrap();
    let family = bench.view.family(&0);
    let guard = Guard { low: Number(value), high: Number(value + 10) };
    bench.view.guard_in(family, &0, guard);
    let mut log = bench.view.end(|| None).unwrap();
    bench.publish(1, 0, &[(0, WriteKind::Add(10))]);
    assert!(bench.memory.check(&mut log, 5).is_ok());
    assert_eq!(
        (log.reads[0].value, log.reads[0].from.unwrap().tx),
        (Number(value + 10), TxIndex(1))
    );
    // One more in between, and then what makes up for it.
    bench.publish(3, 0, &[(0, WriteKind::Add(1))]);
    let (position, stale) = bench.memory.check(&mut log, 5).err().unwrap();
    assert_eq!((position, stale.now), (0, Some(Number(value + 11))));
    bench.publish(2, 0, &[(0, WriteKind::Add(1_u64.wrapping_neg()))]);
    assert!(bench.memory.check(&mut log, 5).is_ok());
    assert_eq!(log.reads[0].from.unwrap().tx, TxIndex(3));
}

#[test]
fn trap_26_a_reader_and_a_validator_never_disagree() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut bench = Bench::new();
        for tx in 0..20 {
            let writes: Vec<_> = (0..random.below(4))
                .map(|_| {
                    let (place, value) = (random.below(5) as Place, random.below(3));
                    (
                        place,
                        if random.below(2) == 0 {
                            WriteKind::Set(value)
                        } else {
                            WriteKind::Add(value)
                        },
                    )
                })
                .collect();
            bench.publish(tx, 0, &writes);
        }
        // Some prefix is committed between the reads and the check; that moves where the walks end.
        let reader = random.below(21) as u32;
        bench.view.begin(TxIndex(reader), true);
        for place in 0..5 {
            bench.view.read(&place).unwrap();
        }
        let mut log = bench.view.end(|| None).unwrap();
        let reads = log.reads.clone();
        for tx in 0..random.below(u64::from(reader) + 1) as u32 {
            bench.settle(tx);
        }
        assert!(bench.memory.check(&mut log, reader).is_ok(), "seed {seed}");
        assert_eq!(log.reads, reads, "seed {seed}");
    }
}

#[test]
fn a_change_is_told_to_its_readers_up_to_the_next_writer() {
    let mut bench = Bench::new();
    bench.memory = Arc::new(Memory::new(Arc::new(Ground), 2, 10).noting_readers());
    bench.view = View::new(bench.memory.clone());
    bench.publish(2, 0, &[(0, WriteKind::Set(2)), (1, WriteKind::Set(2))]);
    bench.publish(6, 0, &[(0, WriteKind::Set(6)), (1, WriteKind::Add(6))]);
    for reader in [1, 3, 5, 6, 7, 30] {
        bench.read(reader, 0).unwrap();
        bench.read(reader, 1).unwrap();
    }
    let mut told = |tx, writes: &[(Place, WriteKind<u64>)]| {
        bench.abort(tx);
        let mut readers = bench.published(tx, 1, writes).readers;
        readers.sort_unstable();
        readers
    };
    // What is replaced further up hides the change; an addition does not.
    assert_eq!(told(2, &[(0, WriteKind::Set(3)), (1, WriteKind::Set(2))]), [3, 5, 6]);
    assert_eq!(told(2, &[(0, WriteKind::Set(3)), (1, WriteKind::Set(3))]), [3, 5, 6, 7, 30]);
    assert_eq!(told(2, &[(0, WriteKind::Set(3)), (1, WriteKind::Set(3))]), [0; 0], "no change");
    // A write that vanishes is a change.
    assert_eq!(told(6, &[(1, WriteKind::Add(6))]), [7, 30]);
}
