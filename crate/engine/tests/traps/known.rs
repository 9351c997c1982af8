//! Traps 27 and 29: what is known of a block from having executed it, and what becomes of a block of which that is wrong.

use evm_lanes_engine::options::StrategyId;
use evm_lanes_evm::bal::hash;
use evm_lanes_evm::block::Hints;
use evm_lanes_evm::{Code, Location, Value};
use evm_lanes_schedule::foretold::surprises;
use evm_lanes_schedule::{TxIndex, Write, WriteKind};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, U256};
use revm::state::Bytecode;

use crate::support::*;

const CELL: Address = Address::repeat_byte(0xce);
const HEIR: Address = Address::repeat_byte(0x4e);

/// Reads that others change, an account that is created, code, payments, and an end that depends on all of it.
fn entangled(fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    let child = initcode(&asm("0 SLOAD 1 ADD 0 SSTORE"));
    let create = deploy(&child, 1, Some(0));
    block.contract(
        CELL,
        asm(format!(
            "9 SLOAD POP 0 SLOAD 1 ADD DUP1 0 SSTORE 3 AND @rest JUMPI {create} POP
             rest: {HEIR} BALANCE 1 SLOAD ADD 1 SSTORE {} POP",
            call(HEIR, 2)
        )),
    );
    block.balance(CELL, 1000);
    let at = contract_at(CELL, 0, &child);
    for round in 0..3 {
        for sender in [ALICE, BOB, CAROL] {
            block.push(Tx::call(sender, CELL));
        }
        block.push(Tx::call(DAVE, at));
        block.push(Tx::transfer(ALICE, HEIR, round));
    }
    block
}

/// What a block is said to have read and written is of the attempts that count, and of no others: under every strategy,
/// over 1,000 seeds, it is what sequential execution reads and writes. A block access list is made of nothing else.
#[test]
fn trap_27_accesses_are_deterministic() {
    let block = entangled(SpecId::OSAKA);
    let engine = Engine::new(&block.scenario);
    let expected = engine.accesses(&Config::SEQUENTIAL);
    assert!(expected.iter().all(|access| !access.reads.is_empty() && !access.writes.is_empty()));
    for seed in 0..1000 {
        for strategy in STRATEGIES {
            let workers = [2, 3, 8, 16][seed as usize / 2 % 4];
            let config = Config { strategy, seed: Some(seed), workers, ..Config::SEQUENTIAL };
            for (index, (found, expected)) in
                engine.accesses(&config).iter().zip(&expected).enumerate()
            {
                assert_eq!(found.writes, expected.writes, "{config:?}, transaction {index}");
                let values = |access: &Accessed| -> Vec<_> {
                    access.reads.iter().map(|read| (read.location, read.value.clone())).collect()
                };
                assert_eq!(values(found), values(expected), "{config:?}, transaction {index}");
            }
        }
    }
}

/// The same of the block access list, as its hash says, with threads as well, and whatever is an addition.
#[test]
fn trap_27_access_lists_are_deterministic() {
    let block = entangled(SpecId::AMSTERDAM);
    let engine = Engine::new(&block.scenario);
    let list = engine.reference_list();
    assert!(list.iter().any(|account| !account.code_changes.is_empty()), "a contract is created");
    assert!(list.iter().any(|account| !account.storage_reads.is_empty()), "a slot is only read");
    let expected = hash(&list);
    for strategy in STRATEGIES {
        for seed in (0..1000).map(Some).chain([None; 20]) {
            let turn = seed.unwrap_or_default() as usize / 2;
            let (workers, deltas) = ([2, 3, 8, 16][turn % 4], DELTAS[turn / 4 % DELTAS.len()]);
            let config = Config { strategy, seed, workers, deltas, ..Config::SEQUENTIAL };
            assert_eq!(engine.list_hash(&config), expected, "{config:?}");
        }
    }
}

type Lie = fn(&mut Hints);

/// Every way in which what is known can be wrong. The result is right all the same, and what was wrong can be named.
#[test]
fn trap_29_what_is_known_may_be_wrong() {
    let lies: [(&str, Lie); 8] = [
        ("nothing is known of a transaction", |known| known.writes[1].clear()),
        ("a location is missing", |known| {
            known.writes[0].retain(|write| !matches!(write.location, Location::Slot(..)));
        }),
        ("an account is missing", |known| {
            known.writes[9].retain(|write| write.location != Location::Balance(HEIR));
        }),
        ("a value is wrong", |known| {
            for write in known.writes.iter_mut().flatten() {
                if let WriteKind::Set(Value::Slot { value, .. }) = &mut write.kind {
                    *value += U256::from(1);
                }
            }
        }),
        ("there is an entry too many", |known| {
            let kind = WriteKind::Set(Value::Balance(U256::from(7)));
            known.writes[2].push(Write { location: Location::Balance(DAVE), kind });
        }),
        ("it is of other transactions", |known| known.writes.rotate_right(1)),
        ("it is of transactions that do not exist", |known| {
            let last = known.writes.last().cloned().unwrap_or_default();
            known.writes.extend([last.clone(), last]);
            known.needs.push(vec![TxIndex(0), TxIndex(u32::MAX)]);
            known.writes[0].clear();
        }),
        ("code is illegal", |known| {
            for bytes in [&[0xef, 0x00, 0x01][..], &[0xef, 0x01, 0x00, 0x11]] {
                let bytecode = Bytecode::new_legacy(Bytes::copy_from_slice(bytes));
                let code = Code { hash: B256::repeat_byte(0xef), bytecode: Some(bytecode) };
                let kind = WriteKind::Set(Value::Code(code));
                known.writes[0].push(Write { location: Location::Code(HEIR), kind });
            }
        }),
    ];
    let block = entangled(SpecId::OSAKA);
    let engine = Engine::new(&block.scenario);
    let accesses = engine.accesses(&Config::SEQUENTIAL);
    let truth = engine.known(Config::SEQUENTIAL.deltas).clone();
    assert_eq!(surprises(&truth.writes, &accesses), []);
    for (what, lie) in lies {
        let mut known = truth.clone();
        lie(&mut known);
        assert_ne!(surprises(&known.writes, &accesses), [], "{what}");
        // The graph is wrong as well.
        known.needs.reverse();
        for strategy in [StrategyId::Bal, StrategyId::Dag] {
            for seed in (0..100).map(Some).chain([None; 5]) {
                for workers in [1, 2, 8] {
                    let config = Config { strategy, seed, workers, ..Config::SEQUENTIAL };
                    let found = engine.told(&config, &known);
                    let differences = differences(&engine.baseline(), &found);
                    assert!(differences.is_empty(), "{what}, {config:?}: {differences:#?}");
                }
            }
        }
    }
}
