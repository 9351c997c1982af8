//! Traps 13 and 14: payments that are added without being read.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::support::*;

const POOR: Address = Address::repeat_byte(0x70);
const READER: Address = Address::repeat_byte(0x9b);
const SLOW: Address = Address::repeat_byte(0x51);
const BORDERS: [SpecId; 5] =
    [SpecId::FRONTIER, SpecId::SPURIOUS_DRAGON, SpecId::LONDON, SpecId::CANCUN, SpecId::AMSTERDAM];

fn reward(fork: SpecId) -> u64 {
    if fork.is_enabled_in(SpecId::LONDON) { 3 } else { 10 }
}

/// Notes the fee recipient's balance at the slot that is the length of the data.
fn with_reader(fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    block.contract(READER, asm("COINBASE BALANCE CALLDATASIZE SSTORE"));
    // Counts down from a thousand, then pays.
    let pay = call(POOR, 10_000_000);
    block.contract(SLOW, asm(format!("1000 again: 1 SWAP1 SUB DUP1 @again JUMPI {pay}")));
    block.balance(SLOW, ether(1));
    block
}

fn assert_sum(fork: SpecId, after: &After, slot: u64, until: usize) {
    let included = (0..until).filter(|index| matches!(after.outcome(*index), Outcome::Included(_)));
    let sum: u64 = included.map(|index| after.gas(index) * reward(fork)).sum();
    assert_eq!(after.word(READER, slot), U256::from(sum), "{fork:?}");
}

/// A fee appears late and in the middle: whoever pays it has no money until a slow transaction has run, while all
/// the other fees are there from the start.
#[test]
fn trap_13_addition_appears_between_those_folded() {
    for fork in BORDERS {
        let mut block = with_reader(fork);
        block.push(Tx::transfer(ALICE, BOB, 1));
        block.push(Tx::call(BOB, SLOW));
        block.push(Tx::transfer(POOR, BOB, 1).gas(30_000));
        block.push(Tx::transfer(CAROL, BOB, 1));
        block.push(Tx::call(DAVE, READER));
        block.push(Tx::call(ALICE, READER).words(&[0]));
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_sum(fork, &after, 0, 4);
        assert_sum(fork, &after, 32, 5);
    }
}

/// A fee vanishes: its payer was in time for the first try only.
#[test]
fn trap_13_addition_vanishes() {
    for fork in forks_from(SpecId::PRAGUE) {
        let mut block = with_reader(fork);
        block.balance(POOR, 1_000_000);
        // By the time it has run, the nonce that the next one has is used up.
        block.push(Tx::call(BOB, SLOW).tip(3).authorize(authorization(POOR, Address::ZERO, 0)));
        block.push(Tx::transfer(POOR, BOB, 1).gas(30_000).nonce(0));
        block.push(Tx::transfer(CAROL, BOB, 1));
        block.push(Tx::call(DAVE, READER));
        let after = check(&block);
        assert!(after.invalid(1).contains("nonce"), "{fork:?}");
        assert_sum(fork, &after, 0, 3);
    }
}

/// A fee changes: how much gas one uses depends on what a slow one writes.
#[test]
fn trap_13_addition_changes_its_amount() {
    for fork in BORDERS {
        let mut block = with_reader(fork);
        let gate = Address::repeat_byte(0x6a);
        let open = "CALLDATASIZE @open JUMPI 0 SLOAD @dear JUMPI STOP
                    dear: 1 1 SSTORE STOP
                    open: 500 again: 1 SWAP1 SUB DUP1 @again JUMPI 1 0 SSTORE";
        block.contract(gate, asm(open));
        block.push(Tx::call(ALICE, gate).words(&[1]));
        block.push(Tx::call(BOB, gate));
        block.push(Tx::call(CAROL, gate));
        block.push(Tx::call(DAVE, READER));
        let after = check(&block);
        assert_eq!(after.slot(gate, 1), 1);
        assert_sum(fork, &after, 0, 3);
    }
}

/// The fee recipient's balance is set, added to, set again and added to again, with a look in between each.
#[test]
fn trap_13_additions_above_and_below_absolute_writes() {
    for fork in BORDERS {
        let mut block = with_reader(fork);
        block.balance(MINER, ether(1));
        for round in 0..3 {
            block.push(Tx::transfer(ALICE, BOB, 1));
            block.push(Tx::transfer(BOB, MINER, 500));
            block.push(Tx::transfer(CAROL, DAVE, 1));
            block.push(Tx::transfer(MINER, ALICE, 300).gas(100_000));
            block.push(Tx::call(DAVE, READER).words(&[0, 0, 0][..round]));
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        let mut expected = ether(1);
        for round in 0..3 {
            let start = 5 * round;
            let fees = |index: usize| U256::from(after.gas(index) * reward(fork));
            let price = U256::from(after.gas(start + 3) * 10);
            expected += fees(start) + fees(start + 1) + fees(start + 2) + fees(start + 3);
            expected = expected + U256::from(200) - price;
            assert_eq!(after.word(READER, 32 * round as u64), expected, "{fork:?}, {round}");
            expected += fees(start + 4);
        }
        assert_eq!(after.balance(MINER), expected);
    }
}

/// It destroys itself between additions from before and after.
#[test]
fn trap_14_addition_and_self_destruct() {
    for fork in BORDERS {
        let mut block = with_reader(fork);
        block.contract(MINER, asm(format!("{POOR} SELFDESTRUCT")));
        block.balance(MINER, 1000);
        block.push(Tx::transfer(ALICE, BOB, 1));
        block.push(Tx::call(BOB, MINER).value(7));
        block.push(Tx::call(CAROL, READER).words(&[]));
        block.push(Tx::call(DAVE, MINER).value(9));
        block.push(Tx::call(ALICE, READER).words(&[0]));
        let after = check(&block);
        let fee = |index: usize| U256::from(after.gas(index) * reward(fork));
        let (first, second);
        if fork.is_enabled_in(SpecId::CANCUN) {
            first = fee(1);
            second = fee(3);
            assert_eq!(after.balance(POOR), U256::from(1016) + fee(0) + fee(1) + fee(2));
        } else {
            first = U256::ZERO;
            second = fee(2) + fee(3) + U256::from(9);
            assert_eq!(after.balance(POOR), U256::from(1007) + fee(0));
        }
        assert_eq!((after.word(READER, 0), after.word(READER, 32)), (first, second), "{fork:?}");
    }
}

#[test]
fn trap_14_addition_and_zero_value_and_self_transfer() {
    for fork in FORKS {
        let mut block = with_reader(fork);
        block.push(Tx::transfer(ALICE, ALICE, 1000));
        block.push(Tx::transfer(BOB, BOB, 0));
        block.push(Tx::transfer(CAROL, POOR, 0));
        block.push(Tx::transfer(ALICE, ALICE, 5));
        block.push(Tx::call(DAVE, READER));
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_sum(fork, &after, 0, 4);
        assert_eq!(after.exists(POOR), !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON));
        let spent = U256::from((after.gas(0) + after.gas(3)) * 10);
        assert_eq!(after.balance(ALICE), ether(100) - spent, "{fork:?}");
    }
}

/// The fee recipient pays itself, and is its own transaction's sender: one account, three roles.
#[test]
fn trap_14_addition_when_sender_is_beneficiary() {
    for fork in FORKS {
        let mut block = with_reader(fork);
        block.beneficiary(ALICE);
        block.push(Tx::transfer(BOB, CAROL, 1));
        block.push(Tx::transfer(ALICE, ALICE, 123));
        block.push(Tx::transfer(CAROL, ALICE, 7));
        block.push(Tx::call(DAVE, READER));
        let after = check(&block);
        let fee = |index: usize| after.gas(index) * reward(fork);
        let earned = U256::from(fee(0) + fee(1) + fee(2) + 7);
        let expected = ether(100) + earned - U256::from(after.gas(1) * 10);
        assert_eq!(after.word(READER, 0), expected, "{fork:?}");
    }
}

/// A payment to a precompile; if that fails nothing is credited, but the fee is.
#[test]
fn trap_14_recipient_is_precompile() {
    let (identity, pairing) = (Address::with_last_byte(4), Address::with_last_byte(8));
    for fork in forks_from(SpecId::BYZANTIUM) {
        let mut block = with_reader(fork);
        block.push(Tx::transfer(ALICE, identity, 5));
        // 32 bytes are no pairs of points.
        block.push(Tx::transfer(BOB, pairing, 5).words(&[1]));
        block.push(Tx::transfer(CAROL, identity, 6));
        block.push(Tx::call(DAVE, READER));
        let after = check(&block);
        assert!(after.succeeded(0) && after.succeeded(2) && after.result(1).is_halt(), "{fork:?}");
        assert_eq!((after.balance(identity), after.exists(pairing)), (U256::from(11), false));
        assert_sum(fork, &after, 0, 3);
    }
}

/// The fee recipient is a precompile: warm from the start, called and paid.
#[test]
fn trap_14_beneficiary_is_precompile() {
    let identity = Address::with_last_byte(4);
    for fork in FORKS {
        let mut block = with_reader(fork);
        block.beneficiary(identity);
        block.push(Tx::transfer(ALICE, BOB, 5));
        block.push(Tx::transfer(BOB, identity, 5));
        block.push(Tx::call(CAROL, READER));
        let after = check(&block);
        let fees = (after.gas(0) + after.gas(1)) * reward(fork);
        assert_eq!(after.word(READER, 0), U256::from(fees + 5), "{fork:?}");
    }
}

/// A balance that nearly overflows: revm then drops a credit, which is not commutative, so nothing may be added.
#[test]
fn trap_14_balances_near_overflow() {
    for fork in BORDERS {
        let mut block = with_reader(fork);
        block.balance(MINER, U256::MAX - U256::from(500_000));
        block.push(Tx::transfer(ALICE, BOB, 1));
        block.push(Tx::call(CAROL, READER));
        block.push(Tx::transfer(DAVE, MINER, 100_000));
        block.push(Tx::transfer(BOB, ALICE, 1));
        block.push(Tx::call(CAROL, READER).words(&[0]));
        check(&block);
    }
}

/// A transaction that fails pays its fee, too, and one without a fee brings nobody about.
#[test]
fn trap_14_failed_and_free_transactions() {
    for fork in FORKS {
        let mut block = with_reader(fork);
        block.contract(POOR, asm("INVALID"));
        let free = block.scenario.block.basefee.into();
        block.push(Tx::transfer(ALICE, BOB, 1).price(free));
        block.push(Tx::call(BOB, READER).words(&[]));
        block.push(Tx::call(CAROL, POOR).gas(50_000));
        block.push(Tx::call(DAVE, READER).words(&[0]));
        let after = check(&block);
        assert!(after.result(2).is_halt());
        assert_eq!(after.gas(2), 50_000);
        assert_eq!(after.slot(READER, 0), 0, "{fork:?}");
        let fees = (after.gas(1) + after.gas(2)) * reward(fork);
        assert_eq!(after.slot(READER, 32), fees, "{fork:?}");
    }
}
