//! Random code: a few statements that look at the state and change it.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes};

use crate::support::{Random, asm, deploy};

/// What a program can be about.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) fork: SpecId,
    /// Whom it can look at, call and pay.
    pub(crate) addresses: Vec<Address>,
    /// What it can create.
    pub(crate) inits: Vec<Bytes>,
}

/// Code of so many statements. Nothing is left on the stack between statements, so all of them are valid.
pub(crate) fn program(random: &mut Random, world: &World, statements: u64) -> Bytes {
    asm(source(random, world, statements))
}

/// The same as text.
pub(crate) fn source(random: &mut Random, world: &World, statements: u64) -> String {
    let mut writer = Writer { random, world, labels: 0 };
    let statements: Vec<_> = (0..statements).map(|_| writer.statement(2)).collect();
    statements.join(" ")
}

struct Writer<'a> {
    random: &'a mut Random,
    world: &'a World,
    labels: u32,
}

impl Writer<'_> {
    fn has(&self, fork: SpecId) -> bool {
        self.world.fork.is_enabled_in(fork)
    }

    fn address(&mut self) -> String {
        match self.random.below(12) {
            0 => "COINBASE".to_owned(),
            1 => "CALLER".to_owned(),
            2 => "ADDRESS".to_owned(),
            _ => self.random.pick(&self.world.addresses).to_string(),
        }
    }

    /// Pushes one value.
    fn value(&mut self) -> String {
        match self.random.below(20) {
            0 | 1 => self.random.below(4).to_string(),
            2..=4 => format!("{} SLOAD", self.slot()),
            5 => format!("1 {} SLOAD ADD", self.slot()),
            6 | 7 => "0 CALLDATALOAD".to_owned(),
            8 => "CALLVALUE".to_owned(),
            9 => format!("{} BALANCE", self.address()),
            10 => "ADDRESS BALANCE".to_owned(),
            11 => format!("{} EXTCODESIZE", self.address()),
            12 if self.has(SpecId::PETERSBURG) => format!("{} EXTCODEHASH", self.address()),
            13 if self.has(SpecId::CANCUN) => format!("{} TLOAD", self.random.below(2)),
            14 => "COINBASE BALANCE".to_owned(),
            15 => format!("{} ISZERO", self.value()),
            16 => format!("{} {} ADD", self.value(), self.value()),
            17 if self.random.once_in(4) => "GAS".to_owned(),
            18 if self.has(SpecId::ISTANBUL) => "SELFBALANCE".to_owned(),
            _ => "CALLER 7 AND".to_owned(),
        }
    }

    fn slot(&mut self) -> String {
        match self.random.below(4) {
            0 => "0 CALLDATALOAD 3 AND".to_owned(),
            _ => self.random.below(4).to_string(),
        }
    }

    /// Takes one value off the stack.
    fn sink(&mut self) -> String {
        match self.random.below(3) {
            0 => "POP".to_owned(),
            1 => "0 MSTORE".to_owned(),
            _ => format!("{} SSTORE", self.slot()),
        }
    }

    fn statement(&mut self, depth: u32) -> String {
        match self.random.below(27) {
            0..=6 => format!("{} {} SSTORE", self.value(), self.slot()),
            7..=11 => self.call(),
            12..=14 if depth > 0 => {
                self.labels += 1;
                let label = format!("skip{}", self.labels);
                let condition = self.value();
                let body = self.statement(depth - 1);
                format!("{condition} @{label} JUMPI {body} {label}:")
            }
            15 | 16 => self.create(),
            17 => format!("{} 0 MSTORE {} 32 0 LOG1", self.value(), self.value()),
            18 => format!("24 0 0 {} EXTCODECOPY 0 MLOAD {} SSTORE", self.address(), self.slot()),
            19 if self.has(SpecId::CANCUN) => {
                format!("{} {} TSTORE", self.value(), self.random.below(2))
            }
            20 => {
                self.labels += 1;
                let (label, times) = (self.labels, 1 + self.random.below(60));
                format!("{times} spin{label}: 1 SWAP1 SUB DUP1 @spin{label} JUMPI POP")
            }
            21 => self.ends("SELFDESTRUCT"),
            22 if self.has(SpecId::BYZANTIUM) => self.ends("REVERT"),
            22 => self.ends("INVALID"),
            23..=25 => self.counter(),
            _ => format!("{} 32 MSTORE 64 MLOAD {}", self.value(), self.sink()),
        }
    }

    /// A counter goes up or down by something: as it comes, or with the check that Solidity emits, which jumps over the
    /// store here where Solidity reverts.
    fn counter(&mut self) -> String {
        self.labels += 1;
        let (label, slot, amount) = (self.labels, self.slot(), self.value());
        match self.random.below(4) {
            0 => format!("{slot} SLOAD {amount} ADD {slot} SSTORE"),
            1 => format!("{amount} {slot} SLOAD SUB {slot} SSTORE"),
            2 => format!(
                "{slot} SLOAD DUP1 {amount} ADD DUP1 DUP3 GT @full{label} JUMPI
                 DUP1 {slot} SSTORE full{label}: POP POP"
            ),
            _ => format!(
                "{amount} {slot} SLOAD DUP2 DUP2 LT @few{label} JUMPI
                 DUP2 DUP2 SUB {slot} SSTORE few{label}: POP POP"
            ),
        }
    }

    /// An end, nearly always on a condition.
    fn ends(&mut self, how: &str) -> String {
        let end = match how {
            "SELFDESTRUCT" => format!("{} SELFDESTRUCT", self.address()),
            "REVERT" => "32 0 REVERT".to_owned(),
            other => other.to_owned(),
        };
        if self.random.once_in(6) {
            return end;
        }
        self.labels += 1;
        let label = self.labels;
        format!("{} 1 AND @live{label} JUMPI {end} live{label}:", self.value())
    }

    fn call(&mut self) -> String {
        let data = match self.random.below(3) {
            0 => "0".to_owned(),
            _ => "32".to_owned(),
        };
        let prepare = format!("{} 0 MSTORE", self.value());
        let to = self.address();
        let wei = *self.random.pick(&[0, 0, 1, 3, 1000]);
        let gas = "60000 GAS SUB";
        let call = match self.random.below(8) {
            0 => format!("32 0 {data} 0 {wei} {to} {gas} CALLCODE"),
            1 if self.has(SpecId::HOMESTEAD) => format!("32 0 {data} 0 {to} {gas} DELEGATECALL"),
            2 if self.has(SpecId::BYZANTIUM) => format!("32 0 {data} 0 {to} {gas} STATICCALL"),
            _ => format!("32 0 {data} 0 {wei} {to} {gas} CALL"),
        };
        format!("{prepare} {call} {}", self.sink())
    }

    fn create(&mut self) -> String {
        if self.world.inits.is_empty() {
            return "STOP".to_owned();
        }
        let init = self.random.pick(&self.world.inits).clone();
        let salt = (self.has(SpecId::PETERSBURG) && !self.random.once_in(4)).then_some(0);
        let wei = *self.random.pick(&[0, 0, 2]);
        format!("{} {}", deploy(&init, wei, salt), self.sink())
    }
}
