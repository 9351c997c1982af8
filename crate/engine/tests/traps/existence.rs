//! Traps 6 and 7: who exists, and what code is where.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, KECCAK_EMPTY, U256, keccak256};

use crate::support::*;

const GHOST: Address = Address::repeat_byte(0x60);
const PROBE: Address = Address::repeat_byte(0x9b);

fn no_code() -> U256 {
    U256::from_be_bytes(KECCAK_EMPTY.0)
}

/// A call without value touches: before Spurious Dragon it brings an empty account about, since then it clears one.
#[test]
fn trap_06_touched_empty_account() {
    for fork in FORKS {
        for existed in [false, true] {
            let mut block = Block::new(fork);
            if existed {
                block.balance(GHOST, 0);
            }
            block.contract(PROBE, asm(call(GHOST, 0) + " 0 SSTORE"));
            block.push(Tx::call(ALICE, PROBE));
            block.push(Tx::transfer(BOB, GHOST, 0));
            block.push(Tx::call(CAROL, PROBE));
            let after = check(&block);
            assert_eq!(after.slot(PROBE, 0), 1, "{fork:?}");
            assert_eq!(
                after.exists(GHOST),
                !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON),
                "{fork:?}"
            );
        }
    }
}

/// The gas of a call tells who exists: 25,000 for one who does not, since Spurious Dragon only with value.
#[test]
fn trap_06_existence_is_seen_by_the_price_of_a_call() {
    for fork in FORKS {
        for wei in [0, 1] {
            let mut block = Block::new(fork);
            block.contract(PROBE, asm(call(GHOST, wei)));
            block.balance(PROBE, 100);
            block.push(Tx::call(ALICE, PROBE));
            block.push(Tx::call(BOB, PROBE));
            block.push(Tx::call(CAROL, PROBE));
            let after = check(&block);
            let surcharge = wei > 0 || !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
            assert_eq!(after.gas(1), after.gas(2));
            if fork.is_enabled_in(SpecId::AMSTERDAM) {
                assert_eq!(after.gas(0) > after.gas(1), surcharge, "{fork:?}");
            } else {
                assert_eq!(
                    after.gas(0) - after.gas(1),
                    if surcharge { 25_000 } else { 0 },
                    "{fork:?}"
                );
            }
        }
    }
}

/// EXTCODEHASH: 0 for one who does not exist, the hash of nothing for one with a wei.
#[test]
fn trap_06_code_hash_distinguishes_absent_from_present() {
    for fork in forks_from(SpecId::PETERSBURG) {
        let mut block = Block::new(fork);
        block.contract(PROBE, asm(format!("{GHOST} EXTCODEHASH CALLDATASIZE SSTORE")));
        block.push(Tx::call(ALICE, PROBE).words(&[]));
        block.push(Tx::transfer(BOB, GHOST, 0));
        block.push(Tx::call(ALICE, PROBE).words(&[0]));
        block.push(Tx::transfer(BOB, GHOST, 1));
        block.push(Tx::call(ALICE, PROBE).words(&[0, 0]));
        let after = check(&block);
        let seen = [0, 32, 64].map(|slot| after.word(PROBE, slot));
        assert_eq!(seen, [U256::ZERO, U256::ZERO, no_code()], "{fork:?}");
    }
}

/// An account that becomes empty by paying out all it has, by code that is then gone: it no longer exists.
#[test]
fn trap_06_account_that_becomes_empty_vanishes() {
    for fork in forks_from(SpecId::PETERSBURG) {
        let mut block = Block::new(fork);
        let heir = Address::repeat_byte(0x61);
        block.contract(PROBE, asm(format!("{heir} EXTCODEHASH CALLDATASIZE SSTORE")));
        block.contract(GHOST, asm("0 CALLDATALOAD SELFDESTRUCT"));
        block.balance(GHOST, 3);
        let to =
            |heir: Address| revm::primitives::Bytes::copy_from_slice(heir.into_word().as_slice());
        block.push(Tx::call(ALICE, PROBE));
        block.push(Tx::call(BOB, GHOST).data(to(heir)));
        block.push(Tx::call(CAROL, PROBE).words(&[0]));
        let after = check(&block);
        assert_eq!(after.word(PROBE, 0), U256::ZERO);
        assert_eq!(after.word(PROBE, 32), no_code());
        assert_eq!(after.exists(GHOST), fork.is_enabled_in(SpecId::CANCUN), "{fork:?}");
    }
}

/// EEST's `test_double_kill`: destroyed, paid, destroyed again.
#[test]
fn trap_06_double_kill() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        block.contract(GHOST, asm(format!("{DAVE} SELFDESTRUCT")));
        block.slot(GHOST, 1, 1);
        block.balance(GHOST, 10);
        block.push(Tx::call(ALICE, GHOST));
        block.push(Tx::call(BOB, GHOST));
        block.push(Tx::transfer(CAROL, GHOST, 4));
        block.push(Tx::call(BOB, GHOST));
        let after = check(&block);
        assert!(after.all_succeeded());
        let lives = fork.is_enabled_in(SpecId::CANCUN);
        assert_eq!(
            (after.has_code(GHOST), after.slot(GHOST, 1)),
            (lives, lives.into()),
            "{fork:?}"
        );
        assert_eq!(after.balance(GHOST), U256::from(if lives { 0 } else { 4 }));
        assert_eq!(after.balance(DAVE), ether(100) + U256::from(if lives { 14 } else { 10 }));
    }
}

/// EEST's `create2_selfdestruct_collision_two_different_transactions`: whether a second creation at the same address
/// collides depends on whether the destruction in between destroys.
#[test]
fn trap_06_create2_selfdestruct_collision_two_different_transactions() {
    for fork in forks_from(SpecId::PETERSBURG) {
        let init = initcode(&asm(format!("{DAVE} SELFDESTRUCT")));
        let factory = Address::repeat_byte(0xfa);
        let child = contract_at(factory, 1, &init);
        let mut block = Block::new(fork);
        block.contract(factory, asm(deploy(&init, 0, Some(1)) + " CALLDATASIZE SSTORE"));
        block.push(Tx::call(ALICE, factory));
        block.push(Tx::call(BOB, factory).words(&[0]));
        block.push(Tx::call(CAROL, child));
        block.push(Tx::call(ALICE, factory).words(&[0, 0]));
        let after = check(&block);
        let address = U256::from_be_slice(child.as_slice());
        let again = if fork.is_enabled_in(SpecId::CANCUN) { U256::ZERO } else { address };
        assert_eq!([0, 32, 64].map(|slot| after.word(factory, slot)), [address, U256::ZERO, again]);
        assert_eq!(after.nonce(factory), 4, "a collision still costs a nonce");
    }
}

/// EIP-7610: nothing is created where there is storage, and a touch that ends the account's life (EIP-161) ends that. Stock
/// revm has no such rule, so that every way of running a block could have one of its own.
#[test]
fn trap_06_creation_over_storage() {
    for fork in forks_from(SpecId::PETERSBURG) {
        for wei in [0, 5] {
            let init = initcode(&asm("STOP"));
            let factory = Address::repeat_byte(0xfa);
            let child = contract_at(factory, 1, &init);
            let mut block = Block::new(fork);
            block.contract(factory, asm(deploy(&init, 0, Some(1)) + " CALLDATASIZE SSTORE"));
            block.slot(child, 1, 7);
            block.balance(child, wei);
            block.push(Tx::call(ALICE, factory));
            block.push(Tx::transfer(BOB, child, 0));
            block.push(Tx::call(CAROL, factory).words(&[0]));
            let after = check_own_rule(&block);
            assert!(after.all_succeeded(), "{fork:?}");
            // What is empty goes, whatever it stores; what has ether stays, with its storage.
            let created = wei == 0;
            let address = if created { U256::from_be_slice(child.as_slice()) } else { U256::ZERO };
            assert_eq!([0, 32].map(|slot| after.word(factory, slot)), [U256::ZERO, address]);
            assert_eq!(
                (after.has_code(child), after.slot(child, 1)),
                (created, if created { 0 } else { 7 }),
                "{fork:?}"
            );
            assert_eq!(after.nonce(factory), 3, "a collision still costs a nonce");
        }
    }
}

/// The same of a transaction that creates: it takes all its gas, and nothing else changes. Its value stays with the sender.
#[test]
fn trap_06_transaction_creates_over_storage() {
    for fork in FORKS {
        let child = created_by(ALICE, 1);
        let mut block = Block::new(fork);
        block.slot(child, 1, 7);
        block.push(Tx::transfer(ALICE, BOB, 1));
        block.push(Tx::create(ALICE, initcode(&asm("STOP"))).value(9).gas(500_000));
        block.push(Tx::transfer(CAROL, child, 2));
        let after = check_own_rule(&block);
        assert_eq!(after.gas(1), 500_000, "{fork:?}");
        assert_eq!((after.has_code(child), after.slot(child, 1)), (false, 7), "{fork:?}");
        assert_eq!((after.balance(child), after.nonce(ALICE)), (U256::from(2), 2), "{fork:?}");
    }
}

/// Ether waits where a contract is going to be: it is the contract's.
#[test]
fn trap_06_creation_on_an_account_with_a_balance() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        let child = created_by(ALICE, 1);
        block.push(Tx::transfer(BOB, child, 5));
        block.push(Tx::transfer(ALICE, CAROL, 1));
        block.push(
            Tx::create(ALICE, deploy_with("ADDRESS BALANCE 0 SSTORE", &asm("STOP"))).value(2),
        );
        block.push(Tx::transfer(BOB, child, 1));
        let after = check(&block);
        assert_eq!((after.slot(child, 0), after.balance(child)), (7, U256::from(8)), "{fork:?}");
        assert_eq!(after.nonce(child), u64::from(fork.is_enabled_in(SpecId::SPURIOUS_DRAGON)));
    }
}

/// Deployed by one transaction, used by the next in every way there is to see code.
#[test]
fn trap_07_code_deployed_by_an_earlier_transaction() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        let runtime = asm("CALLER 5 SSTORE 42 0 MSTORE 32 0 RETURN");
        let child = created_by(ALICE, 0);
        block.push(Tx::create(ALICE, initcode(&runtime)));
        block.push(Tx::call(BOB, child));
        let mut watch = format!(
            "{child} EXTCODESIZE 0 SSTORE 32 0 0 {child} EXTCODECOPY 0 MLOAD 1 SSTORE
             32 0 0 0 0 {child} 60000 GAS SUB CALLCODE 2 SSTORE 0 MLOAD 3 SSTORE "
        );
        if fork.is_enabled_in(SpecId::HOMESTEAD) {
            watch += &format!("32 32 0 0 {child} 60000 GAS SUB DELEGATECALL 4 SSTORE ");
        }
        if fork.is_enabled_in(SpecId::PETERSBURG) {
            watch += &format!("{child} EXTCODEHASH 6 SSTORE ");
        }
        block.contract(PROBE, asm(watch));
        block.push(Tx::call(CAROL, PROBE));
        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.output(1), U256::from(42));
        assert_eq!(after.word(child, 5), U256::from_be_slice(BOB.as_slice()));
        assert_eq!(after.slot(PROBE, 0), runtime.len() as u64);
        assert_eq!((after.slot(PROBE, 2), after.slot(PROBE, 3)), (1, 42));
        // The borrowed code has run on the probe's own storage; last as a delegate, for the probe's own caller.
        let caller = if fork.is_enabled_in(SpecId::HOMESTEAD) { CAROL } else { PROBE };
        assert_eq!(after.word(PROBE, 5), U256::from_be_slice(caller.as_slice()));
        if fork.is_enabled_in(SpecId::PETERSBURG) {
            assert_eq!(after.word(PROBE, 6), U256::from_be_bytes(keccak256(&runtime).0));
        }
    }
}

/// A plain payment, by all appearances, to an address that has no code when it is first tried.
#[test]
fn trap_07_payment_to_an_address_that_gets_code() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        let child = created_by(ALICE, 0);
        let fallback = asm("0 SLOAD CALLVALUE ADD 0 SSTORE");
        block.push(Tx::create(ALICE, initcode(&fallback)));
        for sender in [BOB, CAROL, DAVE] {
            block.push(Tx::transfer(sender, child, 11));
        }
        // Not enough for the code, enough for a payment to nobody.
        block.push(Tx::transfer(BOB, child, 1).gas(21_100));
        let after = check(&block);
        assert_eq!(after.slot(child, 0), 33, "{fork:?}");
        assert_eq!(after.balance(child), U256::from(33));
        assert!(after.result(4).is_halt());
    }
}

/// The deployment fails after all, because an earlier transaction has changed what its constructor asks.
#[test]
fn trap_07_code_that_is_not_deployed_after_all() {
    for fork in FORKS {
        let mut block = Block::new(fork);
        block.contract(PROBE, store_first_word());
        let child = created_by(BOB, 0);
        let ask = asm("0 SLOAD 0 MSTORE 32 0 RETURN");
        let asked = Address::repeat_byte(0x45);
        block.contract(asked, ask);
        block.contract(asked, asm("0 CALLDATALOAD @set JUMPI 0 SLOAD 0 MSTORE 32 0 RETURN set: 0 CALLDATALOAD 0 SSTORE"));
        let constructor = format!(
            "32 0 0 64 0 {asked} 60000 GAS SUB CALL POP 0 MLOAD ISZERO @go JUMPI INVALID go: 0 0 MSTORE"
        );
        block.push(Tx::call(ALICE, asked).words(&[1]));
        block.push(Tx::create(BOB, deploy_with(&constructor, &asm("1 7 SSTORE"))));
        block.push(Tx::transfer(CAROL, child, 3));
        let after = check(&block);
        assert!(after.result(1).is_halt(), "{fork:?}");
        assert!(!after.has_code(child));
        assert_eq!((after.slot(child, 7), after.balance(child)), (0, U256::from(3)));
    }
}
