//! Trap 8: EIP-7702 lets a transaction change other accounts' code and nonces.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::support::*;

const FIRST: Address = Address::repeat_byte(0x71);
const SECOND: Address = Address::repeat_byte(0x72);
const NOBODY: Address = Address::ZERO;

/// Two delegates: the first adds 1 to slot 0, the second adds 10.
fn with_delegates(fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    block.contract(FIRST, asm("0 SLOAD 1 ADD 0 SSTORE"));
    block.contract(SECOND, asm("0 SLOAD 10 ADD 0 SSTORE"));
    block
}

fn set_code(from: Address, authority: Address, delegate: Address, nonce: u64) -> Tx {
    Tx::call(from, from).tip(2).authorize(authorization(authority, delegate, nonce))
}

fn forks() -> impl Iterator<Item = SpecId> {
    forks_from(SpecId::PRAGUE)
}

#[test]
fn trap_08_delegate_redelegate_reset() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(Tx::call(BOB, DAVE));
        block.push(set_code(ALICE, DAVE, FIRST, 0));
        block.push(Tx::call(BOB, DAVE));
        block.push(set_code(ALICE, DAVE, SECOND, 1));
        block.push(Tx::call(CAROL, DAVE));
        block.push(Tx::call(BOB, DAVE));
        block.push(set_code(ALICE, DAVE, NOBODY, 2));
        block.push(Tx::call(CAROL, DAVE));
        let after = check(&block);
        assert!(after.all_succeeded());
        // The delegation is gone, the storage stays.
        assert_eq!((after.slot(DAVE, 0), after.nonce(DAVE), after.has_code(DAVE)), (21, 3, false));
    }
}

/// What an account with a delegation looks like from outside: 23 bytes, 0xef0100 and the delegate.
#[test]
fn trap_08_delegation_is_seen() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        let probe = Address::repeat_byte(0x9b);
        let watch = format!(
            "{DAVE} EXTCODESIZE CALLDATASIZE SSTORE {DAVE} EXTCODEHASH CALLDATASIZE 1 ADD SSTORE
             23 0 9 {DAVE} EXTCODECOPY 0 MLOAD CALLDATASIZE 2 ADD SSTORE"
        );
        block.contract(probe, asm(watch));
        block.push(Tx::call(BOB, probe));
        block.push(set_code(ALICE, DAVE, FIRST, 0));
        block.push(Tx::call(BOB, probe).words(&[0]));
        block.push(set_code(ALICE, DAVE, NOBODY, 1));
        block.push(Tx::call(BOB, probe).words(&[0, 0]));
        let after = check(&block);
        assert_eq!([0, 32, 64].map(|slot| after.slot(probe, slot)), [0, 23, 0], "{fork:?}");
        let mut code = U256::from(0xef0100) << 160;
        code |= U256::from_be_slice(FIRST.as_slice());
        assert_eq!(after.word(probe, 34), code);
        assert_eq!(after.word(probe, 1), after.word(probe, 65));
        assert_ne!(after.word(probe, 33), after.word(probe, 1));
    }
}

/// Several authorities in one transaction, one of them by a nonce that is wrong, one twice.
#[test]
fn trap_08_several_authorities_and_one_twice() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        let lists = Tx::call(ALICE, ALICE)
            .tip(2)
            .authorize(authorization(BOB, FIRST, 0))
            .authorize(authorization(CAROL, FIRST, 5))
            .authorize(authorization(DAVE, FIRST, 0))
            .authorize(authorization(DAVE, SECOND, 1))
            .authorize(authorization(DAVE, FIRST, 1));
        block.push(lists);
        for authority in [BOB, CAROL, DAVE] {
            block.push(Tx::call(ALICE, authority));
        }
        let after = check(&block);
        assert_eq!([BOB, CAROL, DAVE].map(|who| after.slot(who, 0)), [1, 0, 10], "{fork:?}");
        assert_eq!([BOB, CAROL, DAVE].map(|who| after.nonce(who)), [1, 0, 2]);
    }
}

/// The sender authorises on its own: its nonce has already gone up by then, so one that names the nonce before that
/// is void.
#[test]
fn trap_08_sender_is_authority() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(set_code(ALICE, ALICE, FIRST, 1));
        block.push(Tx::call(ALICE, ALICE).nonce(2));
        block.push(set_code(ALICE, ALICE, SECOND, 3).nonce(3));
        block.push(Tx::call(ALICE, ALICE).nonce(4));
        block.push(Tx::call(ALICE, ALICE).nonce(6));
        let after = check(&block);
        assert!(after.invalid(4).contains("nonce"), "{fork:?}: {}", after.invalid(4));
        // Every one calls its own sender, and the first delegation is in force at once.
        assert_eq!((after.slot(ALICE, 0), after.nonce(ALICE)), (4, 5));
    }
}

/// The same with nonces that are right: it sends a transaction in between as a delegated account.
#[test]
fn trap_08_delegated_account_sends() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(set_code(ALICE, ALICE, FIRST, 1));
        block.push(Tx::call(ALICE, ALICE).nonce(2));
        block.push(set_code(ALICE, ALICE, SECOND, 4).nonce(3));
        block.push(Tx::call(ALICE, ALICE).nonce(5));
        let after = check(&block);
        assert!(after.all_succeeded());
        // 1 by each of the first two, 10 by each of the last two.
        assert_eq!((after.slot(ALICE, 0), after.nonce(ALICE)), (22, 6), "{fork:?}");
    }
}

/// An authorisation uses up a nonce of its authority, whose own later transaction is invalid by that.
#[test]
fn trap_08_authority_nonce_bump_invalidates_later_transaction() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(set_code(ALICE, BOB, FIRST, 0));
        block.push(Tx::transfer(BOB, CAROL, 5).nonce(0));
        block.push(Tx::transfer(BOB, CAROL, 7).nonce(1));
        let after = check(&block);
        assert!(after.invalid(1).contains("nonce"), "{fork:?}");
        assert_eq!((after.nonce(BOB), after.balance(CAROL)), (2, ether(100) + U256::from(7)));
    }
}

/// The other way round: the authority's own transaction comes first and the authorisation is void.
#[test]
fn trap_08_authorization_void_by_an_earlier_transaction() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(Tx::transfer(BOB, CAROL, 5).nonce(0));
        block.push(set_code(ALICE, BOB, FIRST, 0));
        block.push(Tx::call(ALICE, BOB));
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!(
            (after.nonce(BOB), after.slot(BOB, 0), after.has_code(BOB)),
            (1, 0, false),
            "{fork:?}"
        );
    }
}

/// The delegate's code gives the account's money away; its later transaction is unfunded.
#[test]
fn trap_08_delegate_drains_balance() {
    for fork in forks() {
        let mut block = Block::new(fork);
        block.contract(FIRST, asm(format!("0 0 0 0 ADDRESS BALANCE {CAROL} GAS CALL")));
        block.push(set_code(ALICE, BOB, FIRST, 0));
        block.push(Tx::call(DAVE, BOB));
        block.push(Tx::transfer(BOB, ALICE, 1).nonce(1));
        block.push(Tx::transfer(DAVE, BOB, 1));
        let after = check(&block);
        assert!(after.invalid(2).contains("funds"), "{fork:?}: {}", after.invalid(2));
        assert_eq!((after.balance(BOB), after.nonce(BOB)), (U256::ZERO, 1));
        assert_eq!(after.balance(CAROL), ether(200) + U256::from(1));
    }
}

/// A delegation to a delegated account is not followed twice; one to a precompile or to nobody runs nothing.
#[test]
fn trap_08_delegation_chains_and_precompiles() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        block.push(set_code(ALICE, BOB, FIRST, 0));
        block.push(set_code(ALICE, CAROL, BOB, 0));
        block.push(set_code(ALICE, DAVE, Address::with_last_byte(2), 0));
        for to in [BOB, CAROL, DAVE] {
            block.push(Tx::call(ALICE, to).value(1));
        }
        let after = check(&block);
        assert!(after.succeeded(3) && !after.succeeded(4) && after.succeeded(5), "{fork:?}");
        assert_eq!([BOB, CAROL, DAVE].map(|who| after.slot(who, 0)), [1, 0, 0]);
    }
}

/// The authority does not exist before: it comes about by its nonce alone. The refund for one that exists differs.
#[test]
fn trap_08_absent_authority() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        let new = Address::repeat_byte(0x99);
        block.push(set_code(ALICE, new, FIRST, 0));
        block.push(set_code(BOB, new, SECOND, 1));
        block.push(Tx::call(CAROL, new));
        let after = check(&block);
        assert_eq!((after.nonce(new), after.balance(new), after.slot(new, 0)), (2, U256::ZERO, 10));
        assert!(after.gas(0) > after.gas(1), "{fork:?}");
    }
}

/// A transaction that reverts keeps its authorisations.
#[test]
fn trap_08_authorization_outlives_revert() {
    for fork in forks() {
        let mut block = with_delegates(fork);
        let no = Address::repeat_byte(0x06);
        block.contract(no, asm("0 0 REVERT"));
        block.push(Tx::call(ALICE, no).tip(2).authorize(authorization(BOB, FIRST, 0)));
        block.push(Tx::call(CAROL, BOB));
        let after = check(&block);
        assert!(!after.succeeded(0) && after.succeeded(1), "{fork:?}");
        assert_eq!(after.slot(BOB, 0), 1);
    }
}

/// The delegate itself is deployed by an earlier transaction of the block, and changed by nobody seen to call it.
#[test]
fn trap_08_delegate_deployed_in_the_block() {
    for fork in forks() {
        let mut block = Block::new(fork);
        let delegate = created_by(CAROL, 0);
        block.push(set_code(ALICE, BOB, delegate, 0));
        block.push(Tx::call(DAVE, BOB).value(1));
        block.push(Tx::create(CAROL, initcode(&asm("0 SLOAD 1 ADD 0 SSTORE"))));
        block.push(Tx::call(DAVE, BOB));
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!(after.slot(BOB, 0), 1, "{fork:?}");
        assert!(after.gas(3) > after.gas(1));
    }
}

/// The pattern of mainnet block 22546209: one sponsor's transactions delegate many accounts, each of which is used,
/// pays and is reset within the block.
#[test]
fn trap_08_sponsored_accounts_in_a_row() {
    for fork in forks() {
        let mut block = Block::new(fork);
        block.contract(FIRST, asm(format!("0 SLOAD 1 ADD 0 SSTORE {}", call(CAROL, 2))));
        let accounts: Vec<_> = (0..5).map(|index| address(700 + index)).collect();
        for account in &accounts {
            block.balance(*account, 10);
            block.push(
                Tx::call(ALICE, *account).tip(1).authorize(authorization(*account, FIRST, 0)),
            );
            block.push(Tx::call(BOB, *account));
        }
        for account in &accounts {
            block.push(
                Tx::call(ALICE, *account).tip(1).authorize(authorization(*account, NOBODY, 1)),
            );
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        for account in accounts {
            let state = after.account(account);
            assert_eq!(
                (state.nonce, state.balance, state.code),
                (2, U256::from(6), None),
                "{fork:?}"
            );
            assert_eq!(after.slot(account, 0), 2);
        }
        assert_eq!(after.balance(CAROL), ether(100) + U256::from(20));
    }
}
