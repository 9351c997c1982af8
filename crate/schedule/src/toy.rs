//! A virtual machine for tests and benchmarks: what it writes, and where, is a hash of what it has read, so that a stale
//! read shows in the output and moves the targets of later reads and writes.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{
    Access, Base, Blocked, Cost, Guard, Incarnation, Location, Lock, LockMode, Read, TxIndex,
    Value, Version, View, Vm, Write, WriteKind,
};

/// Where a toy value lives.
pub type Place = u32;

/// Four neighbours are a family.
impl Location for Place {
    fn same_family(&self, other: &Self) -> bool {
        self / 4 == other / 4
    }

    fn hash_family<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self / 4);
    }
}

/// A toy value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub u64);

impl Value for Number {
    fn plus(&self, amount: &Self) -> Self {
        Self(self.0.wrapping_add(amount.0))
    }
}

/// Every place starts with a hash of its number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ground;

impl Base<Place, Number> for Ground {
    fn load(&self, place: &Place) -> Number {
        Number(mix(u64::from(*place)))
    }
}

/// One step of a toy transaction. All of them work on an accumulator, which is also the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Reads there into the accumulator.
    Read(Place),
    /// Reads from one of so many places, from the first on; the accumulator says which.
    ReadOneOf(Place, u32),
    /// Reads the whole family of a place at once.
    ReadFamily(Place),
    /// Writes the accumulator there.
    Write(Place),
    /// Writes the accumulator to one of so many places; the accumulator says which.
    WriteOneOf(Place, u32),
    /// Writes there what was read there last, so that only the version changes.
    WriteSame(Place),
    /// Adds the amount there.
    Add(Place, u64),
    /// Adds the accumulator to one of so many places.
    AddOneOf(Place, u32),
    /// Takes the amount from there if there is as much, and does not look closer at what is there. If there is not, leaves
    /// out the next step.
    Spend(Place, u64),
    /// Leaves out the next step if the accumulator is odd.
    SkipIfOdd,
    /// Hashes so many times.
    Work(u32),
}

/// A toy transaction.
pub type Program = Vec<Op>;

/// The toy machine. Keeps nothing between attempts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Toy;

impl Vm for Toy {
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
        interpret(index, program, view)
    }
}

/// What a program does its reads and writes on.
trait Store {
    type Stop;
    fn read(&mut self, place: Place) -> Result<u64, Self::Stop>;
    fn read_each(&mut self, places: [Place; 4]) -> Result<[u64; 4], Self::Stop>;
    fn write(&mut self, place: Place, value: u64);
    fn add(&mut self, place: Place, amount: u64);
    fn guard(&mut self, place: Place, guard: Guard<Number>);
}

impl Store for View<Place, Number> {
    type Stop = Blocked;

    fn read(&mut self, place: Place) -> Result<u64, Blocked> {
        Self::read(self, &place).map(|Number(value)| value)
    }

    fn read_each(&mut self, places: [Place; 4]) -> Result<[u64; 4], Blocked> {
        let family = self.family(&places[0]);
        let base = || places.map(|place| Ground.load(&place));
        Ok(Self::read_each(self, family, places, base)?.map(|Number(value)| value))
    }

    fn write(&mut self, place: Place, value: u64) {
        Self::write(self, place, Number(value));
    }

    /// In one place of three at the commit.
    fn add(&mut self, place: Place, amount: u64) {
        match place % 3 {
            2 => self.add_at_commit(place, Number(amount)),
            _ => Self::add(self, place, Number(amount)),
        }
    }

    fn guard(&mut self, place: Place, guard: Guard<Number>) {
        let family = self.family(&place);
        self.guard_in(family, &place, guard);
    }
}

fn interpret<S: Store>(index: TxIndex, program: &[Op], store: &mut S) -> Result<u64, S::Stop> {
    let mut sum = mix(u64::from(index.0) ^ 0x0a11_ce00);
    let mut store = Looking { store, known: BTreeMap::new() };
    let mut ops = program.iter();
    while let Some(op) = ops.next() {
        match *op {
            Op::Read(place) => sum = mix(sum ^ store.read(place)?),
            Op::ReadOneOf(place, of) => sum = mix(sum ^ store.read(place + one_of(sum, of))?),
            Op::ReadFamily(place) => {
                let first = place / 4 * 4;
                let values = store.read_each([first, first + 1, first + 2, first + 3])?;
                sum = values.into_iter().fold(sum, |sum, value| mix(sum ^ value));
            }
            Op::Write(place) => store.write(place, mix(sum ^ u64::from(place))),
            Op::WriteOneOf(place, of) => store.write(place + one_of(sum, of), mix(sum)),
            Op::WriteSame(place) => {
                let value = store.read(place)?;
                store.write(place, value);
            }
            Op::Add(place, amount) => store.add(place, amount),
            Op::AddOneOf(place, of) => store.add(place + one_of(sum, of), sum),
            Op::Spend(place, amount) => {
                let enough = store.has(place, amount)?;
                sum = mix(sum ^ u64::from(enough));
                if enough {
                    store.add(place, amount.wrapping_neg());
                } else {
                    ops.next();
                }
            }
            Op::SkipIfOdd => {
                if sum & 1 == 1 {
                    ops.next();
                }
            }
            Op::Work(times) => sum = (0..times).fold(sum, |sum, _| std::hint::black_box(mix(sum))),
        }
    }
    store.guard();
    Ok(sum)
}

/// Remembers how closely a program has looked at what it read.
struct Looking<'a, S> {
    store: &'a mut S,
    /// What it knows of each value; `None` for all.
    known: BTreeMap<Place, Option<Guard<Number>>>,
}

impl<S: Store> Looking<'_, S> {
    fn read(&mut self, place: Place) -> Result<u64, S::Stop> {
        self.known.insert(place, None);
        self.store.read(place)
    }

    fn read_each(&mut self, places: [Place; 4]) -> Result<[u64; 4], S::Stop> {
        self.known.extend(places.map(|place| (place, None)));
        self.store.read_each(places)
    }

    /// Whether there is so much there.
    fn has(&mut self, place: Place, amount: u64) -> Result<bool, S::Stop> {
        let value = self.store.read(place)?;
        let all = Guard { low: Number(0), high: Number(u64::MAX) };
        if let Some(known) = self.known.entry(place).or_insert(Some(all)) {
            if value >= amount {
                known.low = known.low.max(Number(amount));
            } else {
                known.high = known.high.min(Number(amount - 1));
            }
        }
        Ok(value >= amount)
    }

    fn write(&mut self, place: Place, value: u64) {
        self.store.write(place, value);
    }

    fn add(&mut self, place: Place, amount: u64) {
        self.store.add(place, amount);
    }

    fn guard(self) {
        for (place, known) in self.known {
            if let Some(guard) = known {
                self.store.guard(place, guard);
            }
        }
    }
}

/// What toy transactions may be said to do.
pub type Hints = crate::Hints<Place, Number>;

/// A block's outcome worked out without this crate's memory, views and schedulers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// As in [`crate::Execution`].
    pub outputs: Vec<u64>,
    /// As in [`crate::Execution`], every incarnation 0.
    pub accesses: Vec<Access<Place, Number>>,
    /// As in [`crate::Execution`].
    pub state: Vec<(Place, Number)>,
}

/// Interprets a block on a plain map.
pub fn reference(block: &[Program]) -> Expected {
    let mut state: BTreeMap<Place, (u64, TxIndex)> = BTreeMap::new();
    let mut expected = Expected { outputs: Vec::new(), accesses: Vec::new(), state: Vec::new() };
    for (index, program) in block.iter().enumerate() {
        let index = TxIndex(index as u32);
        let mut plain = Plain {
            state: &state,
            reads: Vec::new(),
            guards: BTreeMap::new(),
            writes: BTreeMap::new(),
        };
        let Ok(output) = interpret(index, program, &mut plain);
        let Plain { reads, guards, writes, .. } = plain;
        for (&place, kind) in &writes {
            let value = match *kind {
                WriteKind::Set(Number(value)) => value,
                WriteKind::Add(Number(amount)) => value_in(&state, place).wrapping_add(amount),
            };
            state.insert(place, (value, index));
        }
        let writes = writes.into_iter().map(|(location, kind)| Write { location, kind }).collect();
        expected.outputs.push(output);
        let guards = guards.into_iter().collect();
        expected.accesses.push(Access { reads, guards, writes });
    }
    expected.state = state.into_iter().map(|(place, (value, _))| (place, Number(value))).collect();
    expected
}

/// The locks of a block whose transactions declare exactly what they touch: its place is the key.
pub fn true_locks(accesses: &[Access<Place, Number>]) -> Vec<Vec<Lock>> {
    let lock = |key, mode| Lock { key, mode };
    let of = |access: &Access<Place, Number>| {
        let reads = access.reads.iter().map(|read| lock(read.location, LockMode::Read));
        let writes = access.writes.iter().map(|write| lock(write.location, LockMode::Write));
        reads.chain(writes).collect()
    };
    accesses.iter().map(of).collect()
}

/// What each transaction of a block writes.
pub fn true_writes(accesses: &[Access<Place, Number>]) -> Vec<Vec<Write<Place, Number>>> {
    accesses.iter().map(|access| access.writes.clone()).collect()
}

struct Plain<'a> {
    state: &'a BTreeMap<Place, (u64, TxIndex)>,
    reads: Vec<Read<Place, Number>>,
    guards: BTreeMap<u32, Guard<Number>>,
    writes: BTreeMap<Place, WriteKind<Number>>,
}

impl Store for Plain<'_> {
    type Stop = std::convert::Infallible;

    fn read(&mut self, place: Place) -> Result<u64, Self::Stop> {
        let value = value_in(self.state, place);
        if self.reads.iter().all(|read| read.location != place) {
            let from =
                self.state.get(&place).map(|&(_, tx)| Version { tx, incarnation: Incarnation(0) });
            self.reads.push(Read { location: place, value: Number(value), from });
        }
        Ok(value)
    }

    fn read_each(&mut self, places: [Place; 4]) -> Result<[u64; 4], Self::Stop> {
        let [a, b, c, d] = places;
        Ok([self.read(a)?, self.read(b)?, self.read(c)?, self.read(d)?])
    }

    fn write(&mut self, place: Place, value: u64) {
        self.writes.insert(place, WriteKind::Set(Number(value)));
    }

    fn add(&mut self, place: Place, amount: u64) {
        let kind = self.writes.entry(place).or_insert(WriteKind::Add(Number(0)));
        let (WriteKind::Set(value) | WriteKind::Add(value)) = kind;
        *value = value.plus(&Number(amount));
    }

    fn guard(&mut self, place: Place, guard: Guard<Number>) {
        let position = self.reads.iter().position(|read| read.location == place);
        self.guards.extend(position.map(|position| (position as u32, guard)));
    }
}

fn value_in(state: &BTreeMap<Place, (u64, TxIndex)>, place: Place) -> u64 {
    state.get(&place).map_or_else(|| Ground.load(&place).0, |&(value, _)| value)
}

/// Kinds of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No transaction touches what another does.
    Independent,
    /// Each reads what the one before wrote.
    Chain,
    /// All read and write one place.
    Hot,
    /// All add to one place; now and then one reads or replaces it.
    Adds,
    /// They pay each other out of a few accounts, which do not always have enough.
    Payments,
    /// Where they read and write depends on what they have read.
    Moving,
    /// What a transaction writes flips with what those before it write, so that one change re-executes all.
    FlipFlop,
    /// Steps drawn at random over a few places.
    Mixed,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] = [
        Self::Independent,
        Self::Chain,
        Self::Hot,
        Self::Adds,
        Self::Payments,
        Self::Moving,
        Self::FlipFlop,
        Self::Mixed,
    ];

    /// Whether every read depends on the very value.
    pub fn is_exact(self) -> bool {
        self != Self::Payments
    }

    /// A block of this shape with `transactions` transactions.
    pub fn block(self, seed: u64, transactions: u32) -> Vec<Program> {
        let mut random = Random(seed);
        (0..transactions).map(|index| self.program(index, &mut random)).collect()
    }

    fn program(self, index: u32, random: &mut Random) -> Program {
        let mut one_in = |times: u64| random.below(times) == 0;
        match self {
            Self::Independent => vec![Op::Read(index), Op::Write(index)],
            Self::Chain => vec![Op::Read(index), Op::Write(index + 1)],
            Self::Hot => vec![Op::Read(0), Op::Write(0)],
            Self::Adds if one_in(16) => vec![Op::Read(0), Op::Write(1000 + index)],
            Self::Adds if one_in(16) => vec![Op::Read(index), Op::Write(0)],
            Self::Adds => vec![Op::Read(1000 + index), Op::AddOneOf(0, 2), Op::Add(0, 1)],
            Self::Payments if one_in(16) => vec![Op::Read(0), Op::Write(1000 + index)],
            Self::Payments if one_in(16) => vec![Op::Spend(1, 1 << 62), Op::Write(0)],
            Self::Payments if one_in(4) => {
                let spend = Op::Spend(random.below(6) as Place, random.number() >> random.below(4));
                let others = (0..random.below(5)).map(|_| random.op());
                std::iter::once(spend).chain(others).collect()
            }
            Self::Payments => {
                let (from, to) = (random.below(6) as Place, random.below(6) as Place);
                let amount = random.number() >> (1 + random.below(8));
                vec![Op::Spend(from, amount), Op::Add(to, amount), Op::Write(1000 + index)]
            }
            Self::Moving => vec![
                Op::ReadFamily(4),
                Op::ReadOneOf(0, 8),
                Op::ReadOneOf(8, 8),
                Op::WriteOneOf(0, 16),
                Op::SkipIfOdd,
                Op::WriteOneOf(0, 16),
                Op::AddOneOf(8, 8),
            ],
            Self::FlipFlop => {
                let mut program: Program =
                    (1..=3).map(|back| Op::ReadOneOf(2 * index.max(back) - 2, 2)).collect();
                program.extend([
                    Op::WriteOneOf(2 * index, 2),
                    Op::SkipIfOdd,
                    Op::Write(2 * index + 1),
                ]);
                program
            }
            Self::Mixed => {
                let length = 1 + random.below(8);
                (0..length).map(|_| random.op()).collect()
            }
        }
    }
}

/// A seeded source of test data (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    fn op(&mut self) -> Op {
        let place = self.below(6) as u32;
        match self.below(10) {
            0..2 => Op::Read(place),
            2 => Op::ReadFamily(place),
            3 => Op::ReadOneOf(place, 4),
            4 => Op::Write(place),
            5 => Op::WriteOneOf(place, 4),
            6 => Op::WriteSame(place),
            7 => Op::Add(place, 1 + self.below(3)),
            8 => Op::AddOneOf(place, 4),
            _ => Op::SkipIfOdd,
        }
    }
}

/// Costs drawn at random, 0 among them: explores the schedules of virtual time.
#[derive(Debug)]
pub struct Jitter {
    /// What to draw from.
    pub seed: u64,
    /// How many costs have been drawn.
    pub drawn: AtomicU64,
    /// The highest cost of an attempt.
    pub most: u64,
}

impl Jitter {
    /// Attempts cost up to `most`, validations up to a quarter of it.
    pub fn new(seed: u64, most: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0), most }
    }

    fn draw(&self, most: u64) -> u64 {
        mix(self.seed ^ mix(self.drawn.fetch_add(1, Ordering::Relaxed))) % (most + 1)
    }
}

impl Cost<Toy> for Jitter {
    fn attempt(&self, _tx: TxIndex, _result: Result<&u64, &Blocked>, _reads: usize) -> u64 {
        self.draw(self.most)
    }

    fn validation(&self, _tx: TxIndex, _reads: usize) -> u64 {
        self.draw(self.most / 4)
    }
}

fn one_of(sum: u64, of: u32) -> u32 {
    (sum % u64::from(of)) as u32
}

/// The finaliser of SplitMix64.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
