//! Traps 9 to 12: nonces, funds, and transactions that cannot be included.

use evm_lanes_engine::scenario::InvalidMode;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::support::*;

const POOR: Address = Address::repeat_byte(0x70);
const BORDERS: [SpecId; 5] =
    [SpecId::FRONTIER, SpecId::SPURIOUS_DRAGON, SpecId::LONDON, SpecId::CANCUN, SpecId::AMSTERDAM];

#[test]
fn trap_09_nonce_chain() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        for index in 0..12 {
            block.push(Tx::transfer(ALICE, address(index), index + 1));
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        assert_eq!(after.nonce(ALICE), 12);
        assert!(
            (0..12).all(|index| after.balance(address(index)) == U256::from(index + 1)),
            "{fork:?}"
        );
    }
}

/// Chains of several senders, woven together.
#[test]
fn trap_09_nonce_chains_interleaved() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        let mut random = Random::new(9);
        for _ in 0..24 {
            let [from, to] = [(); 2].map(|()| *random.pick(&[ALICE, BOB, CAROL, DAVE]));
            block.push(Tx::transfer(from, to, random.below(100)));
        }
        let after = check(&block);
        assert!(after.all_succeeded());
        let sent: u64 = [ALICE, BOB, CAROL, DAVE].map(|who| after.nonce(who)).iter().sum();
        assert_eq!(sent, 24, "{fork:?}");
    }
}

/// A factory's nonce decides where its next child goes.
#[test]
fn trap_09_contract_nonces() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        let factory = Address::repeat_byte(0xfa);
        let init = deploy_with("CALLER 0 SSTORE", &asm("1 1 SSTORE"));
        block.contract(factory, asm(deploy(&init, 0, None) + " CALLER SSTORE"));
        for sender in [ALICE, BOB, CAROL, DAVE] {
            block.push(Tx::call(sender, factory));
        }
        let after = check(&block);
        for (index, sender) in [ALICE, BOB, CAROL, DAVE].into_iter().enumerate() {
            let child = created_by(factory, 1 + index as u64);
            let noted = after.account(factory).storage[&U256::from_be_slice(sender.as_slice())];
            assert_eq!(noted, U256::from_be_slice(child.as_slice()), "{fork:?}");
            assert_eq!(after.word(child, 0), U256::from_be_slice(factory.as_slice()));
        }
        assert_eq!(after.nonce(factory), 5);
    }
}

/// Every reason a transaction can be invalid for, between valid ones; each with what revm says about it.
fn invalid_transactions(fork: SpecId) -> (Block, Vec<(usize, &'static str)>) {
    let mut block = Block::new(fork);
    block.contract(POOR, asm("STOP"));
    block.balance(POOR, ether(1));
    let mut expected = Vec::new();
    let mut bad = |block: &mut Block, tx: Tx, reason| {
        expected.push((block.len(), reason));
        block.push(tx);
        block.push(Tx::transfer(BOB, CAROL, 1));
    };
    bad(&mut block, Tx::transfer(ALICE, BOB, 1).nonce(1), "nonce");
    bad(&mut block, Tx::transfer(BOB, BOB, 1).nonce(0), "nonce");
    bad(&mut block, Tx::transfer(address(5), BOB, 1).nonce(0), "funds");
    bad(&mut block, Tx::transfer(ALICE, BOB, 1).value(ether(1000)).nonce(0), "funds");
    bad(&mut block, Tx::transfer(POOR, BOB, 1).nonce(1), "code");
    bad(&mut block, Tx::transfer(ALICE, BOB, 1).gas(11_000).nonce(0), "gas");
    bad(&mut block, Tx::transfer(ALICE, BOB, 1).chain(5).nonce(0), "chain");
    bad(&mut block, Tx::transfer(ALICE, BOB, 1).gas(2_000_000_000).nonce(0), "gas");
    if fork.is_enabled_in(SpecId::LONDON) {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).price(6).nonce(0), "basefee");
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).tip(11).nonce(0), "priority fee");
    } else {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).tip(1).nonce(0), "not supported");
    }
    if !fork.is_enabled_in(SpecId::BERLIN) {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).kind(1).nonce(0), "not supported");
    }
    if fork.is_enabled_in(SpecId::CANCUN) {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).blobs(1, 0).kind(3).nonce(0), "blob");
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).blobs(30, 5).nonce(0), "blob");
    } else {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).blobs(1, 5).nonce(0), "not supported");
    }
    if fork.is_enabled_in(SpecId::PRAGUE) {
        bad(&mut block, Tx::transfer(ALICE, BOB, 1).tip(1).kind(4).nonce(0), "authorization list");
    }
    (block, expected)
}

#[test]
fn trap_10_invalid_transactions_skipped() {
    for fork in FORKS {
        let (block, expected) = invalid_transactions(fork);
        let after = check(&block);
        for (index, reason) in &expected {
            let said = after.invalid(*index).to_lowercase();
            assert!(said.contains(reason), "{fork:?}: {said}, not {reason}");
        }
        let valid = (0..block.len()).filter(|index| !expected.iter().any(|(bad, _)| bad == index));
        assert!(valid.clone().all(|index| after.succeeded(index)));
        assert_eq!(after.nonce(BOB), valid.count() as u64);
        assert_eq!((after.nonce(ALICE), after.balance(ALICE)), (0, ether(100)));
    }
}

#[test]
fn trap_10_invalid_transaction_rejects_block() {
    for fork in FORKS {
        let (mut block, expected) = invalid_transactions(fork);
        block.mode(InvalidMode::Reject);
        // The first valid one of Bob's moves to the front, so that there is something to take back.
        let first = block.scenario.transactions.remove(1);
        block.scenario.transactions.insert(0, first);
        let after = check(&block);
        assert_eq!(after.rejected_by(), Some(expected[0].0 + 1), "{fork:?}");
        assert_eq!(*after.state(), block.scenario.accounts);
    }
}

#[test]
fn trap_10_valid_block_is_not_rejected() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        block.mode(InvalidMode::Reject);
        block.push(Tx::transfer(ALICE, POOR, 1_000_000));
        block.push(Tx::transfer(POOR, BOB, 1).gas(50_000));
        block.push(Tx::transfer(POOR, BOB, 1).gas(30_000));
        let after = check(&block);
        assert_eq!(after.rejected_by(), None, "{fork:?}");
        assert_eq!(after.nonce(POOR), 2);
    }
}

/// One invalid transaction makes the sender's later ones invalid, too; another makes one valid.
#[test]
fn trap_10_invalidity_depends_on_invalidity() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        block.balance(POOR, 500_000);
        block.push(Tx::transfer(POOR, BOB, 600_000).gas(30_000).nonce(0));
        block.push(Tx::transfer(POOR, BOB, 1).gas(30_000).nonce(1));
        block.push(Tx::transfer(POOR, BOB, 2).gas(30_000).nonce(0));
        block.push(Tx::transfer(POOR, BOB, 3).gas(30_000).nonce(0));
        let after = check(&block);
        assert!(after.invalid(0).contains("funds"), "{fork:?}");
        assert!(after.invalid(1).contains("nonce"));
        assert!(after.succeeded(2));
        assert!(after.invalid(3).contains("nonce"));
    }
}

/// A sender that has nothing at first is paid, and passes it on. At the first try that is no fatal error.
#[test]
fn trap_11_funds_arrive_earlier_in_the_block() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        let chain: Vec<_> = (0..6).map(|index| address(300 + index)).collect();
        let step = 4_000_000;
        let mut wei = 100_000_000;
        block.push(Tx::transfer(ALICE, chain[0], wei));
        for pair in chain.windows(2) {
            wei -= step;
            block.push(Tx::transfer(pair[0], pair[1], wei).gas(300_000));
        }
        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.balance(chain[5]), U256::from(wei));
    }
}

/// It is paid by a contract, by what another contract leaves, and by the creation of one.
#[test]
fn trap_11_funds_arrive_from_contracts() {
    for fork in BORDERS {
        let mut block = Block::new(fork);
        let (payer, leaver) = (Address::repeat_byte(0x31), Address::repeat_byte(0x32));
        let [first, second, third] = [0, 1, 2].map(|index| address(400 + index));
        block.contract(payer, asm(call(first, 1_000_000)));
        block.balance(payer, ether(1));
        block.contract(leaver, asm(format!("{second} SELFDESTRUCT")));
        block.balance(leaver, 1_000_000);
        block.push(Tx::call(ALICE, payer));
        block.push(Tx::call(BOB, leaver));
        block.push(Tx::create(CAROL, asm(format!("{third} SELFDESTRUCT"))).value(1_000_000));
        for sender in [first, second, third] {
            block.push(Tx::transfer(sender, DAVE, 1).gas(30_000));
        }
        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.balance(DAVE), ether(100) + U256::from(3));
    }
}

/// What a transaction must have: gas at its full price, its value, and the blobs at theirs.
fn needed(gas: u64, price: u64, value: u64, blobs: u64, blob_price: u64) -> U256 {
    U256::from(gas * price + value + blobs * 131_072 * blob_price)
}

/// A balance that is exactly enough at the highest fees, or a wei more, or a wei less.
#[test]
fn trap_12_sender_sufficiency_to_the_wei() {
    for fork in BORDERS {
        for (offset, enough) in [(-1, false), (0, true), (1, true)] {
            let tx = Tx::transfer(POOR, BOB, 77).gas(30_000).price(20);
            let exactly = needed(30_000, 20, 77, 0, 0);
            check_sufficiency(fork, tx, exactly, offset, enough);
        }
    }
}

/// The fee that is paid is lower than the one that must be there.
#[test]
fn trap_12_sender_sufficiency_at_the_fee_cap() {
    for fork in forks_from(SpecId::LONDON) {
        for (offset, enough) in [(-1, false), (0, true), (1, true)] {
            let tx = Tx::transfer(POOR, BOB, 77).gas(30_000).price(20).tip(1);
            check_sufficiency(fork, tx, needed(30_000, 20, 77, 0, 0), offset, enough);
        }
    }
}

#[test]
fn trap_12_sender_sufficiency_with_blob_fee() {
    for fork in forks_from(SpecId::CANCUN) {
        for (offset, enough) in [(-1, false), (0, true), (1, true)] {
            let tx = Tx::transfer(POOR, BOB, 77).gas(30_000).price(20).blobs(2, 3);
            check_sufficiency(fork, tx, needed(30_000, 20, 77, 2, 3), offset, enough);
        }
    }
}

/// The money comes in two payments within the block, so that it is there only if neither is forgotten.
fn check_sufficiency(fork: SpecId, tx: Tx, exactly: U256, offset: i64, enough: bool) {
    let mut block = Block::new(fork);
    let funds = exactly.to::<u64>().saturating_add_signed(offset);
    block.push(Tx::transfer(ALICE, POOR, funds / 3));
    block.push(Tx::transfer(CAROL, POOR, funds - funds / 3));
    block.push(tx);
    let after = check(&block);
    if enough {
        assert!(after.succeeded(2), "{fork:?}, {offset}");
        assert_eq!(after.balance(BOB), ether(100) + U256::from(77));
    } else {
        assert!(after.invalid(2).contains("funds"), "{fork:?}, {offset}: {}", after.invalid(2));
        assert_eq!(after.balance(POOR), U256::from(funds));
    }
}

/// Its own earlier transactions leave exactly enough for the last one, or a wei less.
#[test]
fn trap_12_sender_drained_by_its_own_earlier_transactions() {
    for fork in BORDERS {
        // What the first two really cost; with EIP-2780 that is not 21,000 gas each.
        let mut rehearsal = Block::new(fork);
        rehearsal.balance(POOR, ether(1));
        let pay = |block: &mut Block| block.push(Tx::transfer(POOR, BOB, 5).gas(25_000).price(9));
        pay(&mut rehearsal);
        pay(&mut rehearsal);
        let cost = ether(1) - reference(&rehearsal).balance(POOR);
        for (short, enough) in [(0, true), (1, false)] {
            let mut block = Block::new(fork);
            block.balance(POOR, cost + U256::from(25_000 * 9 + 5 - short));
            (0..3).for_each(|_| pay(&mut block));
            let after = check(&block);
            assert_eq!(matches!(after.outcome(2), Outcome::Included(_)), enough, "{fork:?}");
        }
    }
}

/// A contract it has delegated to takes a part, which leaves enough, or a wei too little.
#[test]
fn trap_12_sender_drained_by_a_contract() {
    for fork in forks_from(SpecId::PRAGUE) {
        for (taken, enough) in [(1_000, true), (1_001, false)] {
            let mut block = Block::new(fork);
            let taker = Address::repeat_byte(0x31);
            block.contract(taker, asm(call(CAROL, taken)));
            block.balance(POOR, 30_000 * 10 + 5 + 1_000);
            block.push(Tx::call(ALICE, POOR).tip(1).authorize(authorization(POOR, taker, 0)));
            block.push(Tx::transfer(POOR, BOB, 5).gas(30_000).nonce(1));
            let after = check(&block);
            assert_eq!(matches!(after.outcome(1), Outcome::Included(_)), enough, "{fork:?}");
            assert_eq!(after.balance(CAROL), ether(100) + U256::from(taken));
        }
    }
}
