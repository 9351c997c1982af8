//! Every instruction, on every fork, with operands nobody chose: the loop that attempts run does what stock revm's does, to
//! the last unit of gas and in what a transaction ends with.

mod support;

use revm::bytecode::opcode::OpCode;
use revm::primitives::{Address, U256};
use support::{ALICE, BOB, Block, Config, FORKS, Outcome, Random, Tx, address, asm, compare};

/// Programs for each instruction and fork.
const PROGRAMS: u64 = 40;

/// The stack's capacity in words.
const FULL: usize = 1024;

#[test]
fn every_instruction_does_what_it_does_in_stock_revm() {
    for (number, fork) in FORKS.into_iter().enumerate() {
        let mut seen = [0_u32; 256];
        for program in 0..PROGRAMS {
            let seed = number as u64 * PROGRAMS + program;
            let mut random = Random::new(seed);
            let mut block = Block::new(fork);
            block.contract(BOB, asm("160 0 0 0 1 0 CALLDATALOAD 30000 GAS SUB CALL 160 0 RETURN"));
            for opcode in 0..=u8::MAX {
                let code = code(&mut random, opcode);
                let contract = address(u64::from(opcode));
                block.contract(contract, code.into()).storage.insert(U256::ONE, U256::from(7));
                block.balance(contract, 5);
                // Some run out of gas somewhere.
                let gas = if random.once_in(3) { random.below(4_000) } else { 200_000 };
                let data = (0..random.below(70)).map(|_| random.next() as u8).collect();
                // Some are called by a contract, with no data.
                let called = if random.once_in(3) { BOB } else { contract };
                let tx = Tx::call(ALICE, called).value(random.word(3)).gas(30_000 + gas);
                block.push(if called == BOB {
                    tx.data(contract.into_word().into())
                } else {
                    tx.data(data)
                });
            }
            let after = compare(&block.scenario, [Config::SEQUENTIAL].into_iter())
                .unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
            for (opcode, outcome) in after.outcomes().iter().enumerate() {
                let Outcome::Included(result) = outcome else { panic!("{outcome:?}") };
                seen[opcode] += u32::from(result.is_success());
            }
        }
        // Programs that all fail would show little.
        let succeeded = seen.iter().filter(|count| **count > 0).count();
        assert!(succeeded >= 100, "{fork:?}: only {succeeded} instructions succeeded at all");
    }
}

/// Words, the instruction, a few more of any kind, and then everything that can be seen: three words of the stack, the
/// gas that is left, and how large the memory has become.
fn code(random: &mut Random, opcode: u8) -> Vec<u8> {
    let mut code = Vec::new();
    if random.once_in(8) {
        // To where the stack is nearly full, or is.
        push(&mut code, operand(random));
        code.resize(code.len() + FULL - 1 - random.below(9) as usize, OpCode::DUP1.get());
    } else {
        let words = if random.once_in(4) { random.below(4) } else { 4 + random.below(18) };
        for _ in 0..words {
            push(&mut code, operand(random));
        }
    }
    instruction(&mut code, opcode, random);
    for _ in 0..random.below(4) {
        push(&mut code, operand(random));
        let opcode = random.next() as u8;
        instruction(&mut code, opcode, random);
    }
    for offset in [0, 32, 64] {
        push(&mut code, U256::from(offset));
        code.push(OpCode::MSTORE.get());
    }
    for (offset, observed) in [(96, OpCode::GAS), (128, OpCode::MSIZE)] {
        code.push(observed.get());
        push(&mut code, U256::from(offset));
        code.push(OpCode::MSTORE.get());
    }
    push(&mut code, U256::from(160));
    push(&mut code, U256::ZERO);
    code.push(OpCode::RETURN.get());
    code
}

/// The instruction with what is read from the code behind it, and for jumps often somewhere to go.
fn instruction(code: &mut Vec<u8>, opcode: u8, random: &mut Random) {
    let jump = [OpCode::JUMP.get(), OpCode::JUMPI.get()].contains(&opcode);
    if jump && !random.once_in(3) {
        // `PUSH2 target JUMP`, and the target right behind it.
        let target = code.len() as u16 + 4 + u16::from(random.once_in(4));
        code.push(OpCode::PUSH2.get());
        code.extend(target.to_be_bytes());
        code.extend([opcode, OpCode::JUMPDEST.get()]);
        return;
    }
    code.push(opcode);
    let pushes = OpCode::PUSH1.get()..=OpCode::PUSH32.get();
    if pushes.contains(&opcode) {
        code.extend((OpCode::PUSH1.get()..=opcode).map(|_| random.next() as u8));
    }
    if [OpCode::DUPN.get(), OpCode::SWAPN.get(), OpCode::EXCHANGE.get()].contains(&opcode) {
        code.push(random.next() as u8);
    }
}

/// `PUSH32`, which every fork has.
fn push(code: &mut Vec<u8>, word: U256) {
    code.push(OpCode::PUSH32.get());
    code.extend(word.to_be_bytes::<32>());
}

/// Small, near a power of two, an address, or anything.
fn operand(random: &mut Random) -> U256 {
    let near = |random: &mut Random| U256::ONE << random.below(256);
    match random.below(8) {
        0..=2 => random.word(70),
        3 => near(random).wrapping_sub(U256::from(random.below(3))),
        4 => near(random).wrapping_neg(),
        5 => U256::from_be_slice(address(random.below(256)).as_slice()),
        6 => U256::from_be_slice(Address::with_last_byte(random.below(12) as u8).as_slice()),
        _ => U256::from_limbs([random.next(), random.next(), random.next(), random.next()]),
    }
}
