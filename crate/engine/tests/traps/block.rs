//! Traps 17, 18, 20 and 21: what belongs to a block, and what a fork adds to a payment.

use std::collections::BTreeMap;

use evm_lanes_evm::frame::Frame;
use evm_lanes_evm::{Environment, Outcome as EngineOutcome};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, U256, address, keccak256};

use crate::support::*;

const CELL: Address = Address::repeat_byte(0xce);
/// Who logs payments of ether (EIP-7708).
const PAYMENTS: Address = address!("fffffffffffffffffffffffffffffffffffffffe");

/// From Amsterdam on a payment is logged (EIP-7708), also one that no code sees, and an account that it creates costs gas
/// for state (EIP-2780, EIP-8037), but for the first of those who pay it only.
#[test]
fn trap_17_transfers_log_and_pay_for_new_accounts() {
    for fork in [SpecId::OSAKA, SpecId::AMSTERDAM] {
        let amsterdam = fork == SpecId::AMSTERDAM;
        let new = Address::repeat_byte(0x17);
        let mut block = Block::new(fork);
        block.push(Tx::transfer(ALICE, new, 5).gas(400_000));
        block.push(Tx::transfer(BOB, new, 7).gas(400_000));
        block.push(Tx::transfer(CAROL, new, 0).gas(400_000));
        block.push(Tx::transfer(DAVE, DAVE, 9).gas(400_000));
        let after = check(&block);
        assert!(after.all_succeeded());
        let logs = [0, 1, 2, 3].map(|index| after.result(index).logs().len());
        // Neither nothing nor what stays where it is has been paid.
        assert_eq!(logs, if amsterdam { [1, 1, 0, 0] } else { [0; 4] }, "{fork:?}");
        if amsterdam {
            let log = &after.result(1).logs()[0];
            assert_eq!(log.address, PAYMENTS);
            assert_eq!(log.topics()[0], keccak256("Transfer(address,address,uint256)"));
            assert_eq!(log.topics()[1..], [BOB, new].map(|who| who.into_word()));
            assert_eq!(log.data.data, Bytes::from(U256::from(7).to_be_bytes::<32>()));
            assert!(after.gas(0) > after.gas(1) + 100_000, "only the first creates it");
        } else {
            assert_eq!(after.gas(0), after.gas(1));
        }
        assert_eq!(after.balance(new), U256::from(12));
    }
}

/// The same where code pays: who comes first creates the account, and that may be another one in each attempt.
#[test]
fn trap_17_the_first_of_the_block_creates() {
    let new = Address::repeat_byte(0x18);
    let mut block = Block::new(SpecId::AMSTERDAM);
    // Pays a wei if it has been told to.
    block.contract(CELL, asm(format!("0 SLOAD @pay JUMPI 1 0 SSTORE STOP pay: {}", call(new, 1))));
    block.balance(CELL, 10);
    for sender in [ALICE, BOB, CAROL] {
        block.push(Tx::call(sender, CELL).gas(600_000));
    }
    let after = check(&block);
    assert!(after.all_succeeded());
    let state = |index: usize| after.result(index).gas().block_state_gas_used();
    assert!(state(1) > 0, "it creates the account");
    assert_eq!(state(2), 0, "it is there");
    assert_eq!(after.result(2).logs().len(), 1);
    assert_eq!(after.balance(new), U256::from(2));
}

/// What comes before the transactions is seen by all of them, what comes after by none, and what they have logged is
/// collected in their order.
#[test]
fn trap_18_system_calls_before_and_after_all_transactions() {
    const BEACON_ROOTS: Address = address!("000F3df6D732807Ef1319fB7B8bB8522d0Beac02");
    const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");
    const DEPOSITS: Address = address!("00000000219ab540356cBB839Cbe05303d7705Fa");
    const EXITS: Address = address!("00000961Ef480Eb55e80D19ad83579A64c007002");
    const MERGERS: Address = address!("0000BBdDc7CE488642fb579F8B00f3a590007251");

    for fork in forks_from(SpecId::PRAGUE) {
        let mut block = Block::new(fork);
        // With data they store it, without they return what they have.
        for store in [BEACON_ROOTS, HISTORY] {
            block.contract(
                store,
                asm("CALLDATASIZE @set JUMPI 0 SLOAD 0 MSTORE 32 0 RETURN set: 0 CALLDATALOAD 0 SSTORE"),
            );
        }
        // Transactions count up; the system takes the count away.
        for counter in [EXITS, MERGERS] {
            block.contract(
                counter,
                asm("CALLDATASIZE @add JUMPI 0 SLOAD 0 MSTORE 0 0 SSTORE 32 0 RETURN
                     add: 0 SLOAD 1 ADD 0 SSTORE"),
            );
        }
        // The first byte of a deposit's index is the first word of the data.
        let fields = [(160, 48), (256, 32), (320, 8), (384, 96), (512, 8)];
        let mut log = String::new();
        for (index, (at, length)) in fields.into_iter().enumerate() {
            log += &format!("{at} {} MSTORE {length} {at} MSTORE ", index * 32);
        }
        let event = keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)");
        block.contract(
            DEPOSITS,
            asm(format!(
                "{log} 0 CALLDATALOAD {} MUL 544 MSTORE {} 576 0 LOG1",
                U256::from(1) << 248,
                U256::from_be_bytes(event.0)
            )),
        );
        let ask = |what: Address, slot: u64| {
            format!("32 0 0 0 0 {what} GAS CALL POP 0 MLOAD {slot} SSTORE ")
        };
        let asks = ask(BEACON_ROOTS, 1) + &ask(HISTORY, 2);
        block.contract(CELL, asm(format!("{asks} {CAROL} BALANCE 3 SSTORE")));
        let senders = [ALICE, BOB, DAVE, ALICE];
        for (index, sender) in senders.into_iter().enumerate() {
            block.push(Tx::call(sender, DEPOSITS).words(&[index as u64]));
            block.push(Tx::call(sender, EXITS).words(&[1]));
            block.push(Tx::call(sender, CELL));
        }
        let scenario = &mut block.scenario;
        let environment =
            Environment::new(fork, scenario.chain_id, scenario.block.clone(), BTreeMap::new());
        let frame = Frame {
            parent_hash: B256::repeat_byte(0x29),
            parent_beacon_block_root: B256::repeat_byte(0x47),
            credits: vec![(CAROL, ether(32)), (MINER, ether(1))],
            builder_requests: false,
        };
        scenario.accounts = frame.open(&environment, std::mem::take(&mut scenario.accounts)).before;

        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.word(CELL, 1), U256::from_be_bytes([0x47; 32]));
        assert_eq!(after.word(CELL, 2), U256::from_be_bytes([0x29; 32]));
        assert_eq!(after.word(CELL, 3), ether(100), "withdrawals come later");
        assert_eq!(after.slot(EXITS, 0), 4);

        let outcomes: Vec<EngineOutcome> =
            (0..block.len()).map(|tx| EngineOutcome::Included(after.result(tx).clone())).collect();
        let closed = frame.close(&environment, after.state().clone(), &outcomes);
        let closed = closed.expect("every contract is there");
        let kinds: Vec<u8> = closed.requests.iter().map(|request| request[0]).collect();
        assert_eq!(kinds, [0, 1, 2]);
        let deposits: Vec<u8> = closed.requests[0][1..].chunks(192).map(|one| one[184]).collect();
        assert_eq!(deposits, [0, 1, 2, 3]);
        assert_eq!(closed.requests[1][1..], U256::from(4).to_be_bytes::<32>());
        assert_eq!(closed.after[&EXITS].storage.get(&U256::ZERO), None, "taken away");
        assert_eq!(closed.after[&CAROL].balance, ether(132));
        assert_eq!(closed.after[&MINER].balance, after.balance(MINER) + ether(1));
    }
}

/// The engine has no precompiled contracts of its own, so none has a state that a second attempt could find changed. Those
/// there are give the same in every attempt, on whatever worker, from input that other transactions change.
#[test]
fn trap_20_precompiles_are_repeatable() {
    for fork in [SpecId::FRONTIER, SpecId::BYZANTIUM, SpecId::ISTANBUL, SpecId::OSAKA] {
        let mut block = Block::new(fork);
        let mut code = "0 SLOAD 1 ADD DUP1 0 SSTORE 0 MSTORE".to_owned();
        for number in 1..=9_u64 {
            let to = Address::with_last_byte(number as u8);
            // Its gas is limited, because input that is wrong takes all there is.
            code += &format!(
                " 32 64 32 0 0 {to} 30000 CALL {} SSTORE 64 MLOAD 0 MLOAD XOR {} SSTORE",
                number * 2,
                number * 2 + 1
            );
        }
        block.contract(CELL, asm(code));
        for sender in [ALICE, BOB, CAROL, DAVE, ALICE, BOB] {
            block.push(Tx::call(sender, CELL).gas(1_500_000));
        }
        let after = check(&block);
        assert!(after.all_succeeded(), "{fork:?}");
        assert_eq!(after.slot(CELL, 0), 6);
        // The hash of the count, which every other call changes.
        let hash = after.word(CELL, 5);
        assert!(!hash.is_zero(), "{fork:?}");
        // The identity leaves nothing of it.
        assert_eq!(after.word(CELL, 9), U256::ZERO);
    }
}

/// Every worker is told the same of the block, and the window of old hashes ends where it should.
#[test]
fn trap_21_the_block_is_the_same_on_every_worker() {
    let mut block = Block::new(SpecId::OSAKA);
    // What the reference's empty database has for every block.
    let hash = |number: u64| keccak256(number.to_string());
    let number = |number: u64| U256::from(number);
    let what = [
        ("NUMBER", number(1000)),
        ("TIMESTAMP", number(2_000_000_000)),
        ("GASLIMIT", number(50_000_000)),
        ("DIFFICULTY", number(77)),
        ("BASEFEE", number(7)),
        ("999 BLOCKHASH", hash(999).into()),
        ("744 BLOCKHASH", hash(744).into()),
        ("743 BLOCKHASH", number(0)),
        ("1000 BLOCKHASH", number(0)),
    ];
    let scenario = &mut block.scenario;
    scenario.block.number = U256::from(1000);
    scenario.block.timestamp = U256::from(2_000_000_000_u64);
    scenario.block.gas_limit = 50_000_000;
    scenario.block.basefee = 7;
    scenario.block.prevrandao = Some(B256::from(U256::from(77)));
    for number in [743, 744, 999, 1000] {
        scenario.block_hashes.insert(number, hash(number));
    }
    let mut code = "0 CALLDATALOAD".to_owned();
    for (index, (instruction, _)) in what.iter().enumerate() {
        code += &format!(" {instruction} DUP2 {index} ADD SSTORE");
    }
    block.contract(CELL, asm(code));
    for index in 0..12 {
        block.balance(address(index), ether(1));
        block.push(Tx::call(address(index), CELL).words(&[100 * index]));
    }
    let after = check(&block);
    assert!(after.all_succeeded());
    for index in 0..12 {
        for (slot, (instruction, value)) in (0..).zip(&what) {
            assert_eq!(after.word(CELL, 100 * index + slot), *value, "{instruction}");
        }
    }
}
