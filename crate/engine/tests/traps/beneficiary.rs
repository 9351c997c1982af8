//! Traps 1 and 2: everybody pays the fee recipient, and it can be anybody.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::support::*;

/// The rules on each side of Spurious Dragon, London and Cancun, and the last ones.
const BORDERS: [SpecId; 7] = [
    SpecId::TANGERINE,
    SpecId::SPURIOUS_DRAGON,
    SpecId::BERLIN,
    SpecId::LONDON,
    SpecId::SHANGHAI,
    SpecId::CANCUN,
    SpecId::AMSTERDAM,
];

/// Wei the fee recipient gets for each gas of a transaction at 10 wei.
fn reward(fork: SpecId) -> u64 {
    if fork.is_enabled_in(SpecId::LONDON) { 3 } else { 10 }
}

fn fees(block: &Block, after: &After, of: impl Iterator<Item = usize>) -> U256 {
    U256::from(of.map(|index| after.gas(index)).sum::<u64>() * reward(block.fork()))
}

/// Eight transfers between strangers, then whatever `middle` does, then eight more.
fn between_transfers(fork: SpecId, middle: impl FnOnce(&mut Block)) -> Block {
    let mut block = Block::new(fork);
    let transfer = |block: &mut Block, index| {
        block.balance(address(index), ether(1));
        block.push(Tx::transfer(address(index), address(100 + index), 5));
    };
    (0..8).for_each(|index| transfer(&mut block, index));
    middle(&mut block);
    (8..16).for_each(|index| transfer(&mut block, index));
    block
}

/// Stores the fee recipient's balance at slot 0.
fn balance_of_coinbase() -> revm::primitives::Bytes {
    asm("COINBASE BALANCE 0 SSTORE")
}

#[test]
fn trap_01_beneficiary_credit() {
    for fork in FORKS {
        let block = between_transfers(fork, |block| {
            block.contract(CAROL, balance_of_coinbase());
            block.push(Tx::call(ALICE, CAROL));
        });
        let after = check(&block);
        assert_eq!(after.word(CAROL, 0), fees(&block, &after, 0..8), "{fork:?}");
        assert_eq!(after.balance(MINER), fees(&block, &after, 0..17), "{fork:?}");
    }
}

/// The test the trap names: a thousand transfers, one reader anywhere among them.
#[test]
fn trap_01_beneficiary_credit_seen_after_many_transfers() {
    let mut random = Random::new(1);
    let reader = random.below(1000) as usize;
    let mut block = Block::new(SpecId::OSAKA);
    block.contract(CAROL, balance_of_coinbase());
    for index in 0..1001 {
        if index == reader as u64 {
            block.push(Tx::call(ALICE, CAROL));
        } else {
            block.balance(address(index), ether(1));
            block.push(Tx::transfer(address(index), address(10_000 + index), 1));
        }
    }
    let few = [1, 3, 8].into_iter().flat_map(|workers| {
        [Some(0), Some(1), None].map(|seed| Config { seed, workers, ..Config::DEFAULT })
    });
    let after = verify(&block, few);
    assert!(after.all_succeeded());
    assert_eq!(after.word(CAROL, 0), fees(&block, &after, 0..reader));
    assert_eq!(after.balance(MINER), fees(&block, &after, 0..1001));
}

/// It pays out of what it has just been paid: nothing else is on its account.
#[test]
fn trap_02_beneficiary_as_sender() {
    for fork in BORDERS {
        let block = between_transfers(fork, |block| {
            block.push(Tx::transfer(MINER, BOB, 1).gas(21_000).price(7));
            block.push(Tx::transfer(MINER, BOB, 2).gas(21_000).price(7));
        });
        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.nonce(MINER), 2);
        assert_eq!(after.balance(BOB), ether(100) + U256::from(3));
    }
}

/// It cannot pay one wei more than it has been paid by then.
#[test]
fn trap_02_beneficiary_as_sender_to_the_wei() {
    for fork in BORDERS {
        for surplus in [0, 1] {
            let mut block = Block::new(fork);
            block.balance(MINER, 0);
            for sender in [ALICE, CAROL, DAVE] {
                block.push(Tx::transfer(sender, BOB, 1).gas(21_000));
            }
            let base_fee = if fork.is_enabled_in(SpecId::LONDON) { 7 } else { 0 };
            let earned = 3 * 21_000 * reward(fork);
            // With EIP-2780 a transfer between accounts that exist is cheaper than it says it may be.
            let earned = if fork == SpecId::AMSTERDAM {
                reference(&block).balance(MINER).to()
            } else {
                earned
            };
            // The price is all base fee, so that nothing comes back to it.
            let fee = 21_000 * base_fee;
            if fee > earned {
                block.balance(MINER, fee);
            }
            let funds = if fee > earned { earned + fee } else { earned };
            let value = funds - fee + surplus;
            block.push(Tx::transfer(MINER, BOB, value).gas(21_000).price(base_fee.into()));
            let after = check(&block);
            if surplus == 0 {
                assert!(after.succeeded(3), "{fork:?}");
            } else {
                assert!(after.invalid(3).contains("funds"), "{fork:?}: {}", after.invalid(3));
            }
        }
    }
}

#[test]
fn trap_02_beneficiary_as_recipient() {
    for fork in BORDERS {
        let block = between_transfers(fork, |block| {
            block.push(Tx::transfer(ALICE, MINER, 1_000_000));
            block.push(Tx::transfer(BOB, MINER, 0));
        });
        let after = check(&block);
        assert_eq!(after.balance(MINER), fees(&block, &after, 0..18) + U256::from(1_000_000));
    }
}

/// It is a contract that counts its calls and notes its balance.
#[test]
fn trap_02_beneficiary_as_contract_with_storage() {
    for fork in BORDERS {
        let block = between_transfers(fork, |block| {
            let code = asm("0 SLOAD 1 ADD 0 SSTORE ADDRESS BALANCE 0 SLOAD SSTORE");
            block.contract(MINER, code);
            block.push(Tx::call(ALICE, MINER).value(7));
            block.push(Tx::call(BOB, MINER));
        });
        let after = check(&block);
        assert_eq!(after.slot(MINER, 0), 2);
        assert_eq!(after.word(MINER, 1), fees(&block, &after, 0..8) + U256::from(7));
        assert_eq!(after.word(MINER, 2), fees(&block, &after, 0..9) + U256::from(7));
        assert_eq!(after.balance(MINER), fees(&block, &after, 0..18) + U256::from(7));
    }
}

/// Another contract leaves all it has to it.
#[test]
fn trap_02_beneficiary_as_self_destruct_target() {
    for fork in BORDERS {
        let block = between_transfers(fork, |block| {
            block.contract(CAROL, asm("COINBASE SELFDESTRUCT"));
            block.balance(CAROL, 12_345);
            block.push(Tx::call(ALICE, CAROL));
            block.push(Tx::call(BOB, CAROL).value(55));
        });
        let after = check(&block);
        assert_eq!(after.has_code(CAROL), fork.is_enabled_in(SpecId::CANCUN));
        // Before Cancun the second call meets an account that is gone, and its 55 wei bring it about again.
        let left = if fork.is_enabled_in(SpecId::CANCUN) { 0 } else { 55 };
        assert_eq!(after.balance(CAROL), U256::from(left));
        assert_eq!(after.balance(MINER), fees(&block, &after, 0..18) + U256::from(12_400 - left));
    }
}

/// It destroys itself, and what it is paid for that very transaction goes with it; later fees bring it about again.
#[test]
fn trap_02_beneficiary_destroys_itself() {
    for fork in BORDERS {
        let block = between_transfers(fork, |block| {
            block.contract(MINER, asm(format!("{BOB} SELFDESTRUCT")));
            block.slot(MINER, 3, 9);
            block.push(Tx::call(ALICE, MINER));
        });
        let after = check(&block);
        let earlier = fees(&block, &after, 0..8);
        assert_eq!(after.balance(BOB), ether(100) + earlier);
        if fork.is_enabled_in(SpecId::CANCUN) {
            assert_eq!(after.slot(MINER, 3), 9);
            assert_eq!(after.balance(MINER), fees(&block, &after, 8..17));
        } else {
            assert_eq!(after.slot(MINER, 3), 0);
            assert!(!after.has_code(MINER));
            assert_eq!(after.balance(MINER), fees(&block, &after, 9..17));
        }
    }
}

/// It is created and destroyed within one transaction, the only way to destroy an account since Cancun.
#[test]
fn trap_02_beneficiary_created_and_destroyed_in_one_transaction() {
    for fork in forks_from(SpecId::SPURIOUS_DRAGON) {
        let mut block = between_transfers(fork, |block| {
            block.push(Tx::create(ALICE, asm(format!("1 1 SSTORE {BOB} SELFDESTRUCT"))));
        });
        block.beneficiary(created_by(ALICE, 0));
        let miner = created_by(ALICE, 0);
        let after = check(&block);
        assert_eq!(after.balance(BOB), ether(100) + fees(&block, &after, 0..8), "{fork:?}");
        assert_eq!(
            (after.slot(miner, 1), after.nonce(miner), after.has_code(miner)),
            (0, 0, false)
        );
        // EIP-8246 keeps the balance of a destroyed account: here the fee of that transaction.
        let first = if fork.is_enabled_in(SpecId::AMSTERDAM) { 8 } else { 9 };
        let kept = after.balance(miner);
        assert!(
            kept == fees(&block, &after, first..17) || kept == fees(&block, &after, 9..17),
            "{fork:?}: {kept}"
        );
    }
}

/// It delegates to a contract, pays by that contract's code, and takes the delegation back.
#[test]
fn trap_02_beneficiary_as_authority() {
    for fork in forks_from(SpecId::PRAGUE) {
        let block = between_transfers(fork, |block| {
            block.contract(CAROL, asm(format!("ADDRESS BALANCE 0 SSTORE {}", call(DAVE, 1))));
            block.push(Tx::call(ALICE, BOB).tip(3).authorize(authorization(MINER, CAROL, 0)));
            block.push(Tx::call(BOB, MINER));
            block.push(Tx::call(ALICE, BOB).tip(3).authorize(authorization(
                MINER,
                Address::ZERO,
                1,
            )));
            block.push(Tx::transfer(BOB, MINER, 1));
        });
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!(after.word(MINER, 0), fees(&block, &after, 0..9));
        assert_eq!((after.nonce(MINER), after.has_code(MINER)), (2, false));
        assert_eq!(after.balance(DAVE), ether(100) + U256::from(1));
        // One wei out, one wei in.
        assert_eq!(after.balance(MINER), fees(&block, &after, 0..20));
    }
}

/// It does not exist until it is paid; who looks before that finds nobody.
#[test]
fn trap_02_beneficiary_absent() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        let probe = match fork.is_enabled_in(SpecId::PETERSBURG) {
            true => {
                "COINBASE EXTCODEHASH CALLDATASIZE SSTORE COINBASE BALANCE CALLDATASIZE 1 ADD SSTORE"
            }
            false => {
                "COINBASE EXTCODESIZE CALLDATASIZE SSTORE COINBASE BALANCE CALLDATASIZE 1 ADD SSTORE"
            }
        };
        block.contract(CAROL, asm(probe));
        block.push(Tx::call(ALICE, CAROL));
        block.push(Tx::transfer(DAVE, address(1), 3));
        block.push(Tx::call(BOB, CAROL).words(&[0]));
        let after = check(&block);
        assert_eq!((after.slot(CAROL, 0), after.slot(CAROL, 1)), (0, 0));
        assert_eq!(after.word(CAROL, 33), fees(&block, &after, 0..2));
        let hash = U256::from_be_bytes(revm::primitives::KECCAK_EMPTY.0);
        let expected = if fork.is_enabled_in(SpecId::PETERSBURG) { hash } else { U256::ZERO };
        assert_eq!(after.word(CAROL, 32), expected);
    }
}

/// Nothing for each gas: before Spurious Dragon that brings the account about, since then it removes one that is
/// empty. Who looks sees the difference by the code hash.
#[test]
fn trap_02_beneficiary_zero_reward() {
    for fork in BORDERS {
        for before in ["absent", "empty", "rich"] {
            let mut block = Block::new(fork);
            match before {
                "absent" => {}
                "empty" => block.balance(MINER, 0),
                _ => block.balance(MINER, 5),
            }
            if fork.is_enabled_in(SpecId::PETERSBURG) {
                block.contract(CAROL, asm("COINBASE EXTCODEHASH CALLDATASIZE SSTORE"));
            } else {
                block.contract(CAROL, asm("COINBASE EXTCODESIZE CALLDATASIZE SSTORE"));
            }
            let price = block.scenario.block.basefee.into();
            block.push(Tx::transfer(ALICE, address(1), 1).price(price));
            block.push(Tx::call(BOB, CAROL).price(price));
            block.push(Tx::transfer(DAVE, address(2), 1).price(price));
            let after = check(&block);
            let stays = before == "rich" || !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
            assert_eq!(after.exists(MINER), stays, "{fork:?}, {before}");
            let hash = U256::from_be_bytes(revm::primitives::KECCAK_EMPTY.0);
            let seen = stays && fork.is_enabled_in(SpecId::PETERSBURG);
            assert_eq!(
                after.word(CAROL, 0),
                if seen { hash } else { U256::ZERO },
                "{fork:?}, {before}"
            );
        }
    }
}

/// The same where nobody looks: then only the transfers themselves can bring the account about or remove it.
#[test]
fn trap_02_beneficiary_zero_reward_unseen() {
    for fork in FORKS {
        for before in ["absent", "empty", "rich"] {
            let mut block = Block::new(fork);
            match before {
                "absent" => {}
                "empty" => block.balance(MINER, 0),
                _ => block.balance(MINER, 5),
            }
            let price = block.scenario.block.basefee.into();
            for sender in [ALICE, BOB, CAROL] {
                block.push(Tx::transfer(sender, DAVE, 1).price(price));
            }
            let stays = before == "rich" || !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
            assert_eq!(check(&block).exists(MINER), stays, "{fork:?}, {before}");
        }
    }
}

/// It is the sender of every transaction: its nonce orders them, its fees come back to it.
#[test]
fn trap_02_beneficiary_sends_everything() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        block.beneficiary(ALICE);
        for index in 0..6 {
            block.push(Tx::transfer(ALICE, address(index), 10));
        }
        let after = check(&block);
        let burnt: u64 = (0..6).map(|index| after.gas(index) * (10 - reward(fork))).sum();
        assert_eq!(after.balance(ALICE), ether(100) - U256::from(60 + burnt));
        assert_eq!(after.nonce(ALICE), 6);
    }
}
