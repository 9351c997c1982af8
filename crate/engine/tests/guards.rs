//! What additions to storage rest on: whatever number a guard lets through, the transaction comes to the same, and adds the
//! same. The programs are random, the numbers are those at the ends of the intervals and some in between, all slots at
//! once, and stock revm says what they come to.

mod support;

use evm_lanes_engine::options::DeltaId;
use evm_lanes_engine::state::AccountState;
use evm_lanes_evm::{Location, Value};
use evm_lanes_schedule::{Write, WriteKind};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};
use support::{ALICE, Accessed, Block, Config, Engine, FORKS, Random, Tx, asm, reference};

/// Programs for each fork.
const PROGRAMS: u64 = 300;
/// Other numbers in the slots, for each program.
const CHANGES: u64 = 8;

const MAIN: Address = Address::repeat_byte(0x11);
const OTHER: Address = Address::repeat_byte(0x22);
const SLOTS: u64 = 4;

#[test]
fn whatever_a_guard_lets_through_comes_to_the_same() {
    let mut seen = Seen::default();
    for (number, fork) in FORKS.into_iter().enumerate() {
        for program in 0..PROGRAMS {
            let seed = number as u64 * PROGRAMS + program;
            let mut random = Random::new(seed);
            let block = random_block(&mut random, fork);
            let access = access(&block);
            seen.note(&access);
            if access.guards.is_empty() {
                continue;
            }
            let expected = reference(&block);
            for change in 0..CHANGES {
                let mut other = block.clone();
                let mut state = expected.state().clone();
                for ((account, key), low, high) in guards(&access) {
                    let number = within(&mut random, change, low, high);
                    let before = set_slot(other.account(account), key, number);
                    let storage = &state[&account].storage;
                    let after = storage.get(&key).copied().unwrap_or_default();
                    let after = after.wrapping_sub(before).wrapping_add(number);
                    set_slot(state.get_mut(&account).expect("it is there"), key, after);
                }
                let found = reference(&other);
                let about = format!("seed {seed}, {fork:?}, change {change}: {access:#?}");
                assert_eq!(found.outcomes(), expected.outcomes(), "{about}");
                assert_eq!(*found.state(), state, "{about}");
            }
        }
    }
    // A test of nothing would pass as well.
    let Seen { guards, bounded, additions } = seen;
    assert!(guards > 3000 && bounded > 1000 && additions > 300, "{seen:?}");
}

/// What the programs have come to.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    guards: usize,
    bounded: usize,
    additions: usize,
}

impl Seen {
    fn note(&mut self, access: &Accessed) {
        self.guards += guards(access).count();
        let bounded = |(_, low, high): &(_, U256, U256)| *low != U256::ZERO || *high != U256::MAX;
        self.bounded += guards(access).filter(bounded).count();
        let adds = |write: &&Write<Location, Value>| {
            matches!(write.location, Location::Slot(..)) && matches!(write.kind, WriteKind::Add(_))
        };
        self.additions += access.writes.iter().filter(adds).count();
    }
}

fn access(block: &Block) -> Accessed {
    let config = Config { deltas: DeltaId::Storage, ..Config::SEQUENTIAL };
    Engine::new(&block.scenario).accesses(&config).remove(0)
}

/// The guarded slots, with what may stand there.
fn guards(access: &Accessed) -> impl Iterator<Item = ((Address, U256), U256, U256)> {
    access.guards.iter().filter_map(|(position, guard)| {
        let Location::Slot(address, key) = access.reads[*position as usize].location else {
            return None;
        };
        match (&guard.low, &guard.high) {
            (Value::Slot { value: low, .. }, Value::Slot { value: high, .. }) => {
                Some(((address, key), *low, *high))
            }
            other => panic!("a slot is no {other:?}"),
        }
    })
}

/// One of the ends at first, then anything.
fn within(random: &mut Random, change: u64, low: U256, high: U256) -> U256 {
    let anything = U256::from_limbs([0; 4].map(|_| random.next()));
    match change {
        0 => low,
        1 => high,
        2 => [low, high][random.below(2) as usize],
        _ => match (high - low).checked_add(U256::ONE) {
            Some(numbers) if random.once_in(2) => low + anything % numbers,
            _ => low.saturating_add(random.word(4)).min(high),
        },
    }
}

/// Puts `number` where another stood, which is returned.
fn set_slot(account: &mut AccountState, key: U256, number: U256) -> U256 {
    let before = match number.is_zero() {
        true => account.storage.remove(&key),
        false => account.storage.insert(key, number),
    };
    before.unwrap_or_default()
}

fn random_block(random: &mut Random, fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    for contract in [MAIN, OTHER] {
        let mut writer = Writer { random: &mut *random, fork, labels: 0 };
        let statements: Vec<_> = (0..5).map(|_| writer.statement(2)).collect();
        // What is left in memory and of the gas is seen by whoever has called.
        let code = format!("{} GAS 32 MSTORE 64 0 RETURN", statements.join(" "));
        block.contract(contract, asm(code));
        for slot in 0..SLOTS {
            let number = near_an_end(random);
            set_slot(block.account(contract), U256::from(slot), number);
        }
    }
    let gas = if random.once_in(8) { random.below(20_000) } else { 800_000 };
    block.push(Tx::call(ALICE, MAIN).gas(40_000 + gas));
    block
}

fn near_an_end(random: &mut Random) -> U256 {
    let end = match random.below(6) {
        0 => U256::ZERO,
        1 => U256::MAX,
        2 => U256::ONE << 96,
        3 => U256::ONE << 255,
        _ => U256::from(10),
    };
    match random.once_in(2) {
        true => end.wrapping_add(random.word(4)),
        false => end.wrapping_sub(random.word(4)),
    }
}

/// Writes code that does to what slots hold what compilers make of counters and balances, and now and then something else.
struct Writer<'a> {
    random: &'a mut Random,
    fork: SpecId,
    labels: u32,
}

impl Writer<'_> {
    fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    fn slot(&mut self) -> u64 {
        self.random.below(SLOTS)
    }

    /// Leaves the height of the stack as it was.
    fn statement(&mut self, depth: u32) -> String {
        let slot = self.slot();
        let number = self.operand();
        match self.random.below(12) {
            0..=4 => {
                let steps: Vec<_> = (0..self.random.below(4)).map(|_| self.step(depth)).collect();
                // Back to where it came from, as a rule.
                let to = if self.random.once_in(6) { self.slot() } else { slot };
                format!("{slot} SLOAD {} {to} SSTORE", steps.join(" "))
            }
            5 => format!("{slot} SLOAD {} POP", self.step(depth)),
            6 if depth > 0 => {
                let label = self.label();
                let (asks, body) = (self.question(), self.statement(depth - 1));
                format!("{slot} SLOAD {asks} @l{label} JUMPI {body} l{label}:")
            }
            7 => {
                // `a += number`, checked; what a contract reverts for, it jumps over here.
                let label = self.label();
                format!(
                    "{slot} SLOAD DUP1 {number} ADD DUP1 DUP3 GT @l{label} JUMPI
                     DUP1 {slot} SSTORE l{label}: POP POP"
                )
            }
            8 => {
                let label = self.label();
                format!(
                    "{number} {slot} SLOAD DUP2 DUP2 LT @l{label} JUMPI
                     DUP2 DUP2 SUB {slot} SSTORE l{label}: POP POP"
                )
            }
            9 => self.call(),
            10 => {
                // A field of 96 bits is taken out and put back.
                let bits = "0xffffffffffffffffffffffff";
                format!(
                    "{slot} SLOAD DUP1 {bits} NOT AND SWAP1 1 SWAP1 DIV {bits} AND {number} ADD
                     {bits} AND 1 MUL OR {slot} SSTORE"
                )
            }
            _ => format!("{number} {slot} SSTORE"),
        }
    }

    /// What happens to the word on top.
    fn step(&mut self, depth: u32) -> String {
        let number = self.operand();
        let slot = self.slot();
        match self.random.below(16) {
            0..=3 => format!("{number} ADD"),
            4 | 5 => format!("{number} SWAP1 SUB"),
            6 => format!("{number} SUB"),
            7 | 8 => {
                let label = self.label();
                format!("DUP1 {} @l{label} JUMPI {number} ADD l{label}:", self.question())
            }
            9 => format!("DUP1 DUP1 {} ADD", self.question_of_two()),
            10 => "DUP1 0 MSTORE".to_owned(),
            11 if depth > 0 => self.statement(depth - 1),
            12 => format!("{number} SWAP1 POP"),
            13 => format!("{slot} SLOAD {}", self.question_of_two()),
            14 => format!("{number} AND"),
            _ => format!("{slot} SLOAD DUP2 {} POP", self.question_of_two()),
        }
    }

    /// Makes a bit of the word on top.
    fn question(&mut self) -> String {
        let number = self.operand();
        match self.random.below(5) {
            0 => "ISZERO".to_owned(),
            // As it comes.
            1 => "0 ADD".to_owned(),
            2 => format!("{number} SWAP1 {}", self.question_of_two()),
            _ => format!("{number} {}", self.question_of_two()),
        }
    }

    fn question_of_two(&mut self) -> &'static str {
        let questions = ["LT", "GT", "EQ", "LT", "GT", "SLT", "SUB"];
        questions[self.random.below(questions.len() as u64) as usize]
    }

    fn operand(&mut self) -> String {
        near_an_end(self.random).to_string()
    }

    fn call(&mut self) -> String {
        let gas = "GAS 2 SWAP1 DIV";
        let how = match self.random.below(4) {
            0 if self.fork.is_enabled_in(SpecId::HOMESTEAD) => "DELEGATECALL",
            1 if self.fork.is_enabled_in(SpecId::BYZANTIUM) => "STATICCALL",
            2 => return format!("{} SLOAD 64 0 0 0 0 {OTHER} {gas} CALL POP POP", self.slot()),
            _ => return format!("64 0 0 0 0 {OTHER} {gas} CALL POP"),
        };
        format!("64 0 0 0 {OTHER} {gas} {how} POP")
    }
}
