//! Traps 3 to 5: an account that is destroyed takes its old slots with it, and nobody may find them again.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes, U256};

use crate::support::*;

/// Makes the child by `CREATE2`, at every call; notes its address, or 0 for a failure, at slot 0.
const FACTORY: Address = Address::repeat_byte(0xfa);

const DESTROY: u64 = 0;
const WRITE: u64 = 1;
const READ: u64 = 2;

/// Takes a command, a slot and a value.
fn child() -> Bytes {
    asm(format!(
        "0 CALLDATALOAD {WRITE} EQ @write JUMPI
         0 CALLDATALOAD {READ} EQ @read JUMPI
         {BOB} SELFDESTRUCT
         write: 64 CALLDATALOAD 32 CALLDATALOAD SSTORE STOP
         read: 32 CALLDATALOAD SLOAD 0 MSTORE 32 0 RETURN"
    ))
}

fn child_address() -> Address {
    contract_at(FACTORY, 0, &initcode(&child()))
}

/// Forks with `CREATE2` on which any contract can be destroyed.
fn revivals() -> impl Iterator<Item = SpecId> {
    forks_from(SpecId::PETERSBURG).filter(|fork| !fork.is_enabled_in(SpecId::CANCUN))
}

fn with_factory(fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    block.contract(FACTORY, asm(deploy(&initcode(&child()), 0, Some(0)) + " 0 SSTORE"));
    block
}

fn with_child(fork: SpecId, slots: &[(u64, u64)]) -> Block {
    let mut block = with_factory(fork);
    block.contract(child_address(), child());
    for (slot, value) in slots {
        block.slot(child_address(), *slot, *value);
    }
    block
}

fn command(from: Address, command: &[u64]) -> Tx {
    Tx::call(from, child_address()).words(command)
}

/// The slot is only in the state before the block.
#[test]
fn trap_03_self_destruct_masks_slots_of_the_base() {
    for fork in revivals() {
        let mut block = with_child(fork, &[(1, 11), (2, 22)]);
        block.push(command(ALICE, &[READ, 1]));
        block.push(command(BOB, &[DESTROY]));
        block.push(Tx::call(CAROL, FACTORY));
        block.push(command(DAVE, &[READ, 1]));
        let after = check(&block);
        assert_eq!((after.output(0), after.output(3)), (U256::from(11), U256::ZERO), "{fork:?}");
        assert!(after.account(child_address()).storage.is_empty());
    }
}

/// The slot is only in the memory of this block.
#[test]
fn trap_03_self_destruct_masks_slots_of_the_block() {
    for fork in revivals() {
        let mut block = with_child(fork, &[]);
        block.push(command(ALICE, &[WRITE, 1, 11]));
        block.push(command(BOB, &[DESTROY]));
        block.push(Tx::call(CAROL, FACTORY));
        block.push(command(DAVE, &[READ, 1]));
        let after = check(&block);
        assert_eq!(after.output(3), U256::ZERO, "{fork:?}");
        assert!(after.account(child_address()).storage.is_empty());
    }
}

/// Without a revival: the account is gone, and one that ether is sent to is a new one.
#[test]
fn trap_03_self_destruct_leaves_nothing() {
    for fork in FORKS.into_iter().filter(|fork| !fork.is_enabled_in(SpecId::CANCUN)) {
        for wei in [0, 5] {
            let mut block = with_child(fork, &[(1, 11)]);
            block.push(command(ALICE, &[WRITE, 2, 22]));
            block.push(command(BOB, &[DESTROY]));
            block.push(command(CAROL, &[READ, 1]).value(wei));
            let after = check(&block);
            let there = wei > 0 || !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
            assert_eq!(after.exists(child_address()), there, "{fork:?}");
            assert_eq!((after.nonce(child_address()), after.has_code(child_address())), (0, false));
            assert!(after.account(child_address()).storage.is_empty());
            assert_eq!(after.balance(child_address()), U256::from(wei));
        }
    }
}

/// Write, destroy, create again, read: a look-up of the latest life alone sees the revival and forgets the wipe. With
/// the slot in the base, in the block or in both, and rewritten after the revival or not.
#[test]
fn trap_04_destroy_recreate_read() {
    for fork in revivals() {
        for (in_base, in_block, rewritten) in
            [(true, false, false), (false, true, false), (true, true, false), (true, true, true)]
        {
            let mut block = with_child(fork, if in_base { &[(1, 11), (2, 22)] } else { &[] });
            if in_block {
                block.push(command(ALICE, &[WRITE, 1, 12]));
            }
            block.push(command(BOB, &[DESTROY]));
            block.push(Tx::call(CAROL, FACTORY));
            if rewritten {
                block.push(command(ALICE, &[WRITE, 1, 13]));
            }
            block.push(command(DAVE, &[READ, 1]));
            block.push(command(DAVE, &[READ, 2]));
            let after = check(&block);
            let last = block.len() - 1;
            let expected = U256::from(if rewritten { 13 } else { 0 });
            assert_eq!(
                (after.output(last - 1), after.output(last)),
                (expected, U256::ZERO),
                "{fork:?}"
            );
            assert_eq!(after.word(FACTORY, 0), U256::from_be_slice(child_address().as_slice()));
        }
    }
}

/// Several lives in one block, each with its own slots.
#[test]
fn trap_04_destroy_recreate_again_and_again() {
    for fork in revivals() {
        let mut block = with_child(fork, &[(1, 11), (9, 99)]);
        for life in 0..4 {
            block.push(command(ALICE, &[READ, 1]));
            block.push(command(BOB, &[WRITE, 1, 100 + life]));
            block.push(command(BOB, &[WRITE, 2 + life, 7]));
            block.push(command(CAROL, &[DESTROY]));
            block.push(Tx::call(DAVE, FACTORY));
        }
        block.push(command(ALICE, &[READ, 1]));
        block.push(command(ALICE, &[WRITE, 5, 55]));
        let after = check(&block);
        assert_eq!(after.output(0), U256::from(11));
        for life in 1..5 {
            assert_eq!(after.output(5 * life), U256::ZERO, "{fork:?}, life {life}");
        }
        let slots: Vec<_> = after.account(child_address()).storage.into_iter().collect();
        assert_eq!(slots, [(U256::from(5), U256::from(55))]);
    }
}

/// The pattern of mainnet block 11133845: each transaction of a row destroys the child and the next one makes it again
/// and uses it at once.
#[test]
fn trap_04_destroy_in_one_recreate_and_use_in_the_next() {
    for fork in revivals() {
        let mut block = with_child(fork, &[(1, 1)]);
        // Creates the child, writes its slot 1 and destroys it, all at once, depending on what is there.
        let user = Address::repeat_byte(0x05);
        let act = format!(
            "{WRITE} 0 MSTORE 1 32 MSTORE 77 64 MSTORE
             0 0 0 0 0 {FACTORY} GAS CALL POP
             32 0x200 64 0x300 0 {child} GAS CALL POP
             {READ} 0 MSTORE 32 0x200 64 0 0 {child} GAS CALL POP
             0x200 MLOAD CALLDATASIZE SSTORE
             96 0 MSTORE {WRITE} 0 MSTORE 0 0 96 0 0 {child} GAS CALL POP
             {DESTROY} 0 MSTORE 0 0 32 0 0 {child} GAS CALL POP",
            child = child_address()
        );
        block.contract(user, asm(act));
        block.push(command(ALICE, &[DESTROY]));
        for words in [&[][..], &[0], &[0, 0]] {
            block.push(Tx::call(BOB, user).words(words));
            block.push(command(CAROL, &[READ, 1]));
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!([0, 32, 64].map(|slot| after.slot(user, slot)), [0, 0, 0], "{fork:?}");
        assert!(!after.has_code(child_address()));
        assert!(after.account(child_address()).storage.is_empty());
    }
}

/// Before `CREATE2` an address comes back only by a creation with the same nonce: a creator that is itself created
/// anew. Here by `CREATE2`, its child by `CREATE`.
#[test]
fn trap_04_creator_recreated_creates_at_the_same_address() {
    for fork in revivals() {
        let mut block = Block::new(fork);
        // The creator's constructor does nothing; a call with data destroys it, one without makes a grandchild.
        let grandchild = child();
        let creator = asm(format!(
            "CALLDATASIZE @destroy JUMPI {} STOP destroy: {BOB} SELFDESTRUCT",
            deploy(&initcode(&grandchild), 0, None)
        ));
        let init = initcode(&creator);
        block.contract(FACTORY, asm(deploy(&init, 0, Some(3)) + " POP"));
        let creator = contract_at(FACTORY, 3, &init);
        let grandchild = created_by(creator, 1);
        for life in 0..3 {
            block.push(Tx::call(ALICE, FACTORY));
            block.push(Tx::call(BOB, creator));
            block.push(Tx::call(CAROL, grandchild).words(&[READ, 1]));
            block.push(Tx::call(CAROL, grandchild).words(&[WRITE, 1, 10 + life]));
            block.push(Tx::call(DAVE, grandchild).words(&[DESTROY]));
            block.push(Tx::call(BOB, creator).words(&[1]));
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        for life in 0..3 {
            assert_eq!(after.output(6 * life + 2), U256::ZERO, "{fork:?}");
        }
        assert!(!after.exists(creator) && !after.exists(grandchild));
    }
}

#[test]
fn trap_05_created_and_destroyed_in_one_transaction() {
    for fork in forks_from(SpecId::CANCUN) {
        let mut block = with_factory(fork);
        let both = Address::repeat_byte(0x05);
        let act = format!(
            "0 0 0 0 0 {FACTORY} GAS CALL POP
             {WRITE} 0 MSTORE 1 32 MSTORE 77 64 MSTORE 0 0 96 0 0 {child} GAS CALL POP
             0 0 0 0 3 {child} GAS CALL",
            child = child_address()
        );
        block.contract(both, asm(act));
        block.balance(both, 100);
        block.push(Tx::call(ALICE, both));
        block.push(command(BOB, &[READ, 1]));
        block.push(Tx::call(CAROL, both));
        block.push(Tx::call(DAVE, FACTORY));
        block.push(command(BOB, &[READ, 1]));
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!(after.result(1).output().unwrap().len(), 0, "there is no code at {fork:?}");
        assert_eq!(after.output(4), U256::ZERO);
        assert_eq!(after.balance(both), U256::from(94));
        // It could be created a third time only because it was gone twice.
        assert_eq!(after.word(FACTORY, 0), U256::from_be_slice(child_address().as_slice()));
    }
}

/// What an earlier transaction of the same block created was not created in this one.
#[test]
fn trap_05_created_in_a_prior_transaction_is_not_created_local_at_cancun() {
    for fork in forks_from(SpecId::CANCUN) {
        let mut block = with_factory(fork);
        block.push(Tx::call(ALICE, FACTORY));
        block.push(command(BOB, &[WRITE, 1, 77]));
        block.push(command(CAROL, &[DESTROY]).value(5));
        block.push(command(DAVE, &[READ, 1]));
        block.push(Tx::call(ALICE, FACTORY));
        let after = check(&block);
        assert_eq!(after.output(3), U256::from(77), "{fork:?}");
        assert!(after.has_code(child_address()));
        assert_eq!(after.balance(child_address()), U256::ZERO);
        assert_eq!(after.slot(FACTORY, 0), 0, "a second creation collides");
    }
}

/// To itself: what exists already keeps its balance, what was created in this transaction loses it (until EIP-8246).
#[test]
fn trap_05_self_destruct_to_self() {
    for fork in forks_from(SpecId::SPURIOUS_DRAGON) {
        let mut block = Block::new(fork);
        let old = Address::repeat_byte(0x0d);
        block.contract(old, asm("ADDRESS SELFDESTRUCT"));
        block.slot(old, 1, 1);
        block.balance(old, 50);
        block.push(Tx::call(ALICE, old).value(5));
        block.push(Tx::create(BOB, asm("1 1 SSTORE ADDRESS SELFDESTRUCT")).value(9));
        block.push(Tx::transfer(CAROL, created_by(BOB, 0), 2));
        block.push(Tx::transfer(CAROL, old, 1));
        let after = check(&block);
        let cancun = fork.is_enabled_in(SpecId::CANCUN);
        assert_eq!(after.balance(old), U256::from(if cancun { 56 } else { 1 }), "{fork:?}");
        assert_eq!((after.slot(old, 1), after.has_code(old)), (cancun.into(), cancun));
        let kept = if fork.is_enabled_in(SpecId::AMSTERDAM) { 11 } else { 2 };
        let new = created_by(BOB, 0);
        assert_eq!(after.balance(new), U256::from(kept), "{fork:?}");
        assert_eq!((after.slot(new, 1), after.nonce(new)), (0, 0));
    }
}

/// The frame around the destruction reverts: nothing was destroyed, nothing may be published.
#[test]
fn trap_05_reverted_destroy_publishes_nothing() {
    for fork in forks_from(SpecId::BYZANTIUM) {
        let mut block = with_child(fork, &[(1, 11)]);
        block.balance(child_address(), 40);
        let outer = Address::repeat_byte(0x06);
        let inner = Address::repeat_byte(0x07);
        block.contract(inner, asm(format!("0 0 0 0 0 {} GAS CALL 0 0 REVERT", child_address())));
        block.contract(outer, asm(format!("1 0 0 0 0 {inner} GAS CALL 0 SSTORE 1 1 SSTORE")));
        block.push(Tx::call(ALICE, outer));
        block.push(command(BOB, &[READ, 1]));
        let after = check(&block);
        assert_eq!((after.slot(outer, 0), after.slot(outer, 1)), (0, 1));
        assert_eq!(after.output(1), U256::from(11), "{fork:?}");
        assert_eq!(after.balance(child_address()), U256::from(40));
        assert!(after.has_code(child_address()));
    }
}

/// Created by a factory in a transaction that as a whole reverts: it never was.
#[test]
fn trap_05_reverted_creation_publishes_nothing() {
    for fork in forks_from(SpecId::PETERSBURG) {
        let mut block = with_factory(fork);
        let outer = Address::repeat_byte(0x06);
        block.contract(outer, asm(format!("0 0 0 0 0 {FACTORY} GAS CALL 0 0 REVERT")));
        block.push(Tx::call(ALICE, outer));
        block.push(command(BOB, &[READ, 1]));
        block.push(Tx::call(CAROL, FACTORY));
        let after = check(&block);
        assert!(!after.succeeded(0));
        assert_eq!(after.result(1).output().unwrap().len(), 0);
        assert_eq!(after.word(FACTORY, 0), U256::from_be_slice(child_address().as_slice()));
        assert_eq!(after.nonce(FACTORY), 2);
    }
}
