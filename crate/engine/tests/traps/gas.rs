//! Traps 15, 16 and 19: gas that depends on what earlier transactions left, on nothing a worker has left over, and on
//! what the block has left.

use evm_lanes_engine::scenario::InvalidMode;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes, U256};

use crate::support::*;

const CELL: Address = Address::repeat_byte(0xce);
const TOKEN: Address = Address::repeat_byte(0x70);

fn store(from: Address, value: u64, slot: u64) -> Tx {
    Tx::call(from, CELL).words(&[value, slot])
}

/// By how much setting an empty slot is dearer than changing one that is not.
fn premium(fork: SpecId) -> u64 {
    // EIP-2929 takes the 2,100 for a cold slot out of the 5,000, but not out of the 20,000.
    if fork.is_enabled_in(SpecId::BERLIN) { 17_100 } else { 15_000 }
}

/// The second write costs what it costs because of the first: the slot's `original` value is the one that the
/// transactions before have left, not that of the state before the block.
#[test]
fn trap_15_sstore_gas_after_earlier_writes() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        block.contract(CELL, store_first_word());
        block.push(store(ALICE, 7, 1));
        block.push(store(BOB, 8, 1));
        block.push(store(CAROL, 8, 1));
        block.push(store(DAVE, 0x100, 1));
        let after = check(&block);
        if fork.is_enabled_in(SpecId::AMSTERDAM) {
            assert!(after.gas(0) > after.gas(1));
        } else {
            assert_eq!(after.gas(0) - after.gas(1), premium(fork), "{fork:?}");
        }
        let unchanged = match fork {
            SpecId::AMSTERDAM => continue,
            fork if fork.is_enabled_in(SpecId::BERLIN) => 2_800,
            fork if fork.is_enabled_in(SpecId::ISTANBUL) => 4_200,
            _ => 0,
        };
        assert_eq!(after.gas(1) - after.gas(2), unchanged, "{fork:?}");
    }
}

/// Clearing gives gas back only if an earlier transaction has set the slot; a slot set again costs the full price. The
/// value stored is the one sent: data would raise the floor of EIP-7623 above what is left after the refund.
#[test]
fn trap_15_refund_after_earlier_writes() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        block.contract(CELL, asm("CALLVALUE 1 SSTORE"));
        for (sender, wei) in [(ALICE, 7), (BOB, 0), (CAROL, 0), (DAVE, 7)] {
            block.push(Tx::transfer(sender, CELL, wei));
        }
        let after = check(&block);
        let refund = match fork {
            SpecId::AMSTERDAM => after.refund(1).max(1),
            fork if fork.is_enabled_in(SpecId::LONDON) => 4_800,
            // Half of what was used.
            _ => after.result(1).gas().total_gas_spent() / 2,
        };
        assert_eq!([0, 1, 2, 3].map(|index| after.refund(index)), [0, refund, 0, 0], "{fork:?}");
        assert_eq!(after.gas(0), after.gas(3));
    }
}

/// Cleared and restored within one transaction: EIP-2200 gives back by the value the transaction began with, 5, which
/// is not the one the block began with, 0.
#[test]
fn trap_15_original_value_is_of_the_transaction() {
    for fork in forks_from(SpecId::ISTANBUL) {
        let mut block = Block::new(fork);
        block.contract(
            CELL,
            asm("CALLDATASIZE @set JUMPI 0 1 SSTORE 5 1 SSTORE STOP set: 5 1 SSTORE"),
        );
        block.push(Tx::call(ALICE, CELL).words(&[0]));
        block.push(Tx::call(BOB, CELL));
        block.push(Tx::call(CAROL, CELL));
        let after = check(&block);
        // A reset slot gives back all but a read: 5,000 − 800, or 5,000 − 2,100 − 100 from Berlin on.
        let back = match fork {
            SpecId::AMSTERDAM => after.refund(1).max(1),
            fork if fork.is_enabled_in(SpecId::BERLIN) => 2_800,
            _ => 4_200,
        };
        assert_eq!((after.refund(1), after.refund(2)), (back, back), "{fork:?}");
        assert_eq!(after.gas(1), after.gas(2));
    }
}

/// `transfer(to, amount)` of a token without checks: a sender's balance may become 0, a recipient's may have been.
fn token() -> Bytes {
    asm("CALLER SLOAD DUP1 32 CALLDATALOAD GT @no JUMPI
         32 CALLDATALOAD SWAP1 SUB CALLER SSTORE
         0 CALLDATALOAD SLOAD 32 CALLDATALOAD ADD 0 CALLDATALOAD SSTORE STOP
         no: INVALID")
}

fn transfer(from: Address, to: Address, amount: u64) -> Tx {
    let words = [U256::from_be_slice(to.as_slice()), U256::from(amount)];
    Tx::call(from, TOKEN).data(words.iter().flat_map(|word| word.to_be_bytes::<32>()).collect())
}

fn holding(block: &mut Block, who: Address, amount: u64) {
    let slot = U256::from_be_slice(who.as_slice());
    block.account(TOKEN).storage.insert(slot, U256::from(amount));
}

/// The recipient's first token, the sender's last one, in both orders.
#[test]
fn trap_15_token_balances_to_and_from_zero() {
    for fork in FORKS {
        for emptied_first in [true, false] {
            let mut block = Block::new(fork);
            block.contract(TOKEN, token());
            holding(&mut block, ALICE, 10);
            holding(&mut block, BOB, 10);
            let refill = transfer(BOB, ALICE, 4);
            let empty = transfer(ALICE, CAROL, 10);
            for tx in if emptied_first { [empty, refill] } else { [refill, empty] } {
                block.push(tx);
            }
            block.push(transfer(CAROL, DAVE, 10));
            block.push(transfer(DAVE, BOB, 3));
            let after = check(&block);
            assert!(after.all_succeeded(), "{fork:?}");
            let (empty, refill) = if emptied_first { (0, 1) } else { (1, 0) };
            assert_eq!(after.refund(empty) > 0, emptied_first, "{fork:?}");
            if !fork.is_enabled_in(SpecId::AMSTERDAM) {
                let base = after.result(3).gas().total_gas_spent();
                let spent = after.result(refill).gas().total_gas_spent();
                assert_eq!(spent - base, if emptied_first { premium(fork) } else { 0 }, "{fork:?}");
            }
        }
    }
}

/// Whether there is enough gas at all depends on it.
#[test]
fn trap_15_out_of_gas_depends_on_earlier_writes() {
    for fork in FORKS {
        for warmed in [true, false] {
            let mut block = Block::new(fork);
            block.contract(CELL, store_first_word());
            block.push(store(ALICE, 7, if warmed { 1 } else { 2 }));
            block.push(store(BOB, 8, 1).gas(32_000));
            block.push(store(CAROL, 9, 1));
            let after = check(&block);
            assert_eq!(after.succeeded(1), warmed, "{fork:?}");
            assert_eq!(after.slot(CELL, 1), 9);
        }
    }
}

/// One and the same transaction many times over, on workers that have just run others, aborted ones among them: nothing
/// of those may be left. The gate in front makes all of them run again.
fn repeated(fork: SpecId, body: &str) -> (Block, After) {
    let mut block = Block::new(fork);
    let gate = "CALLDATASIZE @open JUMPI 99 SLOAD 98 SLOAD EQ @go JUMPI
                500 burn: 1 SWAP1 SUB DUP1 @burn JUMPI 1 0 SSTORE 1 1 MSTORE 0 77 7 7 LOG2 STOP
                open: 300 again: 1 SWAP1 SUB DUP1 @again JUMPI 1 99 SSTORE STOP go: ";
    block.contract(CELL, asm(format!("{gate} {body}")));
    block.slot(CELL, 98, 1);
    block.slot(CELL, 5, 55);
    block.push(Tx::call(ALICE, CELL).words(&[1]));
    for index in 0..6 {
        block.balance(address(index), ether(1));
        block.push(Tx::call(address(index), CELL));
    }
    let after = check(&block);
    let first = after.result(1);
    assert!(first.is_success(), "{fork:?}: {first:?}");
    for index in 2..7 {
        assert_eq!(after.result(index), first, "{fork:?}");
    }
    (block, after)
}

#[test]
fn trap_16_transient_storage_is_reset() {
    for fork in forks_from(SpecId::CANCUN) {
        let (_, after) = repeated(fork, "1 TLOAD @bad JUMPI 1 1 TSTORE STOP bad: INVALID");
        assert!(after.all_succeeded());
    }
}

#[test]
fn trap_16_warm_sets_are_reset() {
    for fork in forks_from(SpecId::BERLIN) {
        let body = format!(
            "{BOB} BALANCE {BOB} BALANCE 5 SLOAD 5 SLOAD {CAROL} EXTCODESIZE COINBASE EXTCODESIZE"
        );
        repeated(fork, &body);
    }
}

/// Each has its own access list; what one has warmed is cold for the next.
#[test]
fn trap_16_access_lists_are_reset() {
    for fork in forks_from(SpecId::BERLIN) {
        let mut block = Block::new(fork);
        block.contract(
            CELL,
            asm(format!("{DAVE} BALANCE 5 SLOAD 6 SLOAD 99 SLOAD 1 ADD 99 SSTORE")),
        );
        for round in 0..4 {
            block.push(Tx::call(ALICE, CELL).price(10 + round));
            block.push(Tx::call(BOB, CELL).access(DAVE, &[]).access(CELL, &[5, 6]));
        }
        let after = check(&block);
        for index in 4..8 {
            assert_eq!(after.gas(index), after.gas(index - 2), "{fork:?}");
        }
        // A slot too expensive to be loaded first is 2,100; listed, it is 1,900 and then 100 for a warm read.
        assert_eq!(after.slot(CELL, 99), 8);
    }
}

#[test]
fn trap_16_logs_and_memory_are_reset() {
    for fork in FORKS {
        let (_, after) = repeated(fork, "MSIZE 0 MSTORE 32 0 LOG0 7 32 0 LOG1 8 9 32 0 LOG2");
        assert_eq!(after.result(1).logs().len(), 3, "{fork:?}");
        assert!(after.result(1).logs()[0].data.data.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn trap_16_refunds_are_reset() {
    for fork in FORKS {
        // Cleared and restored, so that each finds what the last one found.
        let (_, after) = repeated(fork, "0 5 SSTORE 55 5 SSTORE");
        assert_eq!(after.slot(CELL, 5), 55, "{fork:?}");
    }
}

#[test]
fn trap_16_created_and_destroyed_accounts_are_reset() {
    for fork in forks_from(SpecId::PETERSBURG) {
        let init = asm(format!("1 1 SSTORE {BOB} SELFDESTRUCT"));
        let body = deploy(&init, 0, Some(4)) + " 0 MSTORE 32 0 LOG0";
        repeated(fork, &body);
    }
}

/// A transfer into the next, for a transaction to use `21_000` gas: until EIP-2780.
fn admission_forks() -> impl Iterator<Item = SpecId> {
    FORKS.into_iter().filter(|fork| !fork.is_enabled_in(SpecId::AMSTERDAM))
}

/// What counts is the gas that was used before, not the limits: five limits of a million fit into 1.2 million if each
/// uses 21,000. The last one fits exactly, or by a unit of gas not.
#[test]
fn trap_19_block_gas_admission_by_one() {
    for fork in admission_forks() {
        for (excess, fits) in [(0, true), (1, false)] {
            let mut block = Block::new(fork);
            block.scenario.block.gas_limit = 1_200_000;
            for sender in [ALICE, BOB, CAROL, DAVE] {
                block.push(Tx::transfer(sender, BOB, 1).gas(1_000_000));
            }
            block.push(Tx::transfer(ALICE, BOB, 1).gas(1_200_000 - 4 * 21_000 + excess));
            let after = check(&block);
            assert_eq!(*after.outcome(4) != Outcome::NoRoom, fits, "{fork:?}");
        }
    }
}

/// One that does not fit is passed over; a smaller one after it still fits. Its sender's next nonce is too high.
#[test]
fn trap_19_block_gas_admission_goes_on() {
    for fork in admission_forks() {
        let mut block = Block::new(fork);
        block.scenario.block.gas_limit = 100_000;
        block.push(Tx::transfer(ALICE, BOB, 1).gas(90_000));
        block.push(Tx::transfer(BOB, CAROL, 1).gas(90_000));
        block.push(Tx::transfer(BOB, CAROL, 1).gas(30_000));
        block.push(Tx::transfer(CAROL, DAVE, 1).gas(58_000));
        block.push(Tx::transfer(DAVE, ALICE, 1).gas(58_001));
        block.push(Tx::transfer(DAVE, ALICE, 1).gas(37_000).nonce(0));
        let after = check(&block);
        assert_eq!(*after.outcome(1), Outcome::NoRoom);
        assert!(after.invalid(2).contains("nonce"), "{fork:?}");
        assert!(after.succeeded(3));
        assert_eq!(*after.outcome(4), Outcome::NoRoom);
        assert!(after.succeeded(5));

        block.mode(InvalidMode::Reject);
        assert_eq!(check(&block).rejected_by(), Some(1));
    }
}

/// How much a transaction uses depends on an earlier one, and so does whether a later one fits.
#[test]
fn trap_19_block_gas_admission_depends_on_state() {
    for fork in admission_forks() {
        for dear in [true, false] {
            let mut block = Block::new(fork);
            block.scenario.block.gas_limit = 1_000_000;
            block.contract(CELL, asm("0 SLOAD @dear JUMPI 1 0 SSTORE STOP dear: INVALID"));
            block.push(Tx::call(ALICE, CELL).gas(if dear { 100_000 } else { 25_000 }));
            block.push(Tx::call(BOB, CELL).gas(400_000));
            block.push(Tx::transfer(CAROL, DAVE, 1).gas(650_000));
            block.push(Tx::transfer(DAVE, CAROL, 1).gas(21_000));
            let after = check(&block);
            assert_eq!(after.succeeded(0), dear);
            assert_eq!(*after.outcome(2) == Outcome::NoRoom, dear, "{fork:?}");
            assert!(after.succeeded(3));
        }
    }
}

/// EIP-7825: no transaction may ask for more than 2²⁴ gas.
#[test]
fn trap_19_transaction_gas_cap() {
    for fork in forks_from(SpecId::PRAGUE) {
        let mut block = Block::new(fork);
        block.push(Tx::transfer(ALICE, BOB, 1).gas(16_777_216));
        block.push(Tx::transfer(BOB, CAROL, 1).gas(16_777_217));
        block.push(Tx::transfer(CAROL, BOB, 1).gas(21_000));
        let after = check(&block);
        assert!(after.succeeded(0) && after.succeeded(2));
        if fork == SpecId::OSAKA {
            assert!(after.invalid(1).contains("cap"), "{}", after.invalid(1));
        } else {
            assert!(after.succeeded(1), "{fork:?}");
        }
    }
}

/// EIP-8037: regular gas and gas for new state each have the whole block to themselves.
#[test]
fn trap_19_two_lanes_of_gas() {
    let fork = SpecId::AMSTERDAM;
    let mut rehearsal = Block::new(fork);
    rehearsal.contract(CELL, store_first_word());
    rehearsal.push(store(ALICE, 7, 1).gas(200_000));
    let used = *reference(&rehearsal).result(0).gas();
    let (regular, state) = (used.block_regular_gas_used(), used.block_state_gas_used());
    assert!(state > regular, "new state costs more than all else: {state}, {regular}");

    // After two of them, what is left in the lane for state decides.
    for (excess, fits) in [(0, true), (1, false)] {
        let mut block = rehearsal.clone();
        block.scenario.block.gas_limit = 1_000_000;
        block.push(store(BOB, 7, 2).gas(200_000));
        block.push(Tx::transfer(CAROL, DAVE, 1).gas(1_000_000 - 2 * state + excess));
        block.push(Tx::transfer(DAVE, CAROL, 1).gas(100_000));
        let after = check(&block);
        assert_eq!(*after.outcome(2) != Outcome::NoRoom, fits);
        assert!(after.succeeded(3));
    }
}

/// Blobs have a sum of their own: 6, from Prague on 9, from the second blob-parameter fork on 21.
#[test]
fn trap_19_blob_sum() {
    for (fork, most) in [(SpecId::CANCUN, 6), (SpecId::PRAGUE, 9), (SpecId::OSAKA, 9)] {
        let mut block = Block::new(fork);
        let mut left = most;
        for sender in [ALICE, BOB] {
            let count = 6.min(left - 1);
            left -= count;
            block.push(Tx::transfer(sender, CAROL, 1).blobs(count, 5));
            if left == 1 {
                break;
            }
        }
        let full = block.len();
        block.push(Tx::transfer(CAROL, DAVE, 1).blobs(2, 5));
        block.push(Tx::transfer(CAROL, DAVE, 1).blobs(1, 5).nonce(0));
        block.push(Tx::transfer(DAVE, CAROL, 1).blobs(1, 5));
        block.push(Tx::transfer(DAVE, CAROL, 1).nonce(0));
        let after = check(&block);
        assert_eq!(*after.outcome(full), Outcome::NoRoom, "{fork:?}");
        assert!(after.succeeded(full + 1));
        assert_eq!(*after.outcome(full + 2), Outcome::NoRoom);
        assert!(after.succeeded(full + 3));
    }
}
