//! Block access lists (EIP-7928): what a true one foretells, and what is wrong with wrong ones.

mod support;

use std::num::NonZeroU32;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::{Block as EngineBlock, Deltas, Hint, How, Parallel, Workplace};
use evm_lanes_engine::options::{Options, StrategyId};
use evm_lanes_engine::run;
use evm_lanes_evm::bal::{
    AccessList, AccountChanges, BlockAccessIndex, CodeChange, Content, Field, Malformed, check,
    decode, differences, encode, join,
};
use evm_lanes_evm::block::Hints;
use evm_lanes_evm::cost::Costs;
use evm_lanes_schedule::{Scoped, Strategy};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Bytes, U256};
use support::{ALICE, BOB, Block, CAROL, DAVE, Tx, address, asm, deploy, initcode};

const COUNTER: u64 = 0xc0;

/// Payments in a circle, three calls that count in one slot, and a contract that makes another.
fn block(fork: SpecId) -> Block {
    let mut block = Block::new(fork);
    let counter = address(COUNTER);
    block.contract(counter, asm("0 SLOAD 1 ADD 0 SSTORE 9 SLOAD POP STOP"));
    block.contract(address(0xd0), asm(deploy(&initcode(&asm("STOP")), 0, None)));
    for (from, to) in [(ALICE, BOB), (BOB, CAROL), (CAROL, DAVE), (DAVE, address(0x77))] {
        block.push(Tx::transfer(from, to, 1_000));
        block.push(Tx::call(from, counter).gas(2_000_000));
    }
    block.push(Tx::call(ALICE, address(0xd0)).gas(4_000_000));
    block
}

fn on_list(block: &EngineBlock<'_>, list: &AccessList, workers: u32, real: bool) -> Parallel {
    let hints = Hints { writes: block.foretold(list), ..Hints::default() };
    let pool = Scoped { workers: NonZeroU32::new(workers).unwrap() };
    let costs = Costs::Gas;
    let virtually = Workplace::Virtual { workers, seed: 7, costs: &costs };
    let run = block.parallel(&How {
        strategy: Strategy::Bal,
        hints: Hint::Given(&hints),
        deltas: Deltas::None,
        workplace: if real { Workplace::Real(&pool) } else { virtually },
        accesses: true,
        attempts: false,
        clock: None,
        cancel: &AtomicBool::new(false),
        progress: &|_| {},
    });
    run.unwrap()
}

/// Prepares the block and hands over stock revm's list of it.
fn with_list(fork: SpecId, then: impl Fn(&EngineBlock<'_>, AccessList)) {
    let cancel = AtomicBool::new(false);
    let block = block(fork);
    let prepared = EngineBlock::prepare(&block.scenario, &cancel, &|_| {}).unwrap().unwrap();
    let list = prepared.reference_list(&cancel).unwrap();
    then(&prepared, list);
}

#[test]
fn on_a_true_list_everything_is_executed_once_and_validated_never() {
    for fork in support::FORKS {
        with_list(fork, |block, list| {
            for workers in [1, 2, 8] {
                for real in [false, true] {
                    let run = on_list(block, &list, workers, real);
                    assert_eq!(differences(&list, &block.access_list(&run)), [], "{fork:?}");
                    let counters = run.counters;
                    assert_eq!((counters.attempts, counters.validations), (9, 0), "{fork:?}");
                }
            }
        });
    }
}

/// Makes a list wrong.
type Lie = fn(&mut Vec<AccountChanges>);
/// What a lie is found at.
type Place = fn(&Field) -> bool;

fn account(list: &mut [AccountChanges], of: u64) -> &mut AccountChanges {
    list.iter_mut().find(|account| account.address == address(of)).unwrap()
}

/// Each lie is named, and what comes of the run is true.
#[test]
fn trap_29_a_wrong_list_is_found_out_and_never_believed() {
    let lies: [(&str, Lie, Place); 8] = [
        (
            "account left out",
            |list| list.retain(|one| one.address != address(COUNTER)),
            |field| *field == Field::Account,
        ),
        (
            "account made up",
            |list| list.push(AccountChanges::new(address(0xffff))),
            |field| *field == Field::Account,
        ),
        (
            "slot left out",
            |list| account(list, COUNTER).storage_changes.clear(),
            |field| matches!(field, Field::Slot(..)),
        ),
        (
            "read left out",
            |list| account(list, COUNTER).storage_reads.clear(),
            |field| *field == Field::Read(U256::from(9)),
        ),
        (
            "read made up",
            |list| account(list, COUNTER).storage_reads.push(U256::from(10)),
            |field| *field == Field::Read(U256::from(10)),
        ),
        (
            "another value",
            |list| account(list, COUNTER).storage_changes[0].changes[1].new_value = U256::from(77),
            |field| matches!(field, Field::Slot(..)),
        ),
        (
            "another index",
            |list| {
                let changes = &mut account(list, COUNTER).storage_changes[0].changes;
                changes[1].block_access_index = BlockAccessIndex(5);
            },
            |field| matches!(field, Field::Slot(_, BlockAccessIndex(5))),
        ),
        (
            "code made up",
            |list| {
                let code = CodeChange::new(BlockAccessIndex(3), Bytes::from_static(&[0xef, 1]));
                account(list, COUNTER).code_changes.push(code);
            },
            |field| matches!(field, Field::Code(_)),
        ),
    ];
    with_list(SpecId::AMSTERDAM, |block, list| {
        let expected = block.sequential(None, &AtomicBool::new(false), &|_| {}).unwrap();
        for (name, lie, is_it) in lies {
            let mut wrong = list.clone().into_inner();
            lie(&mut wrong);
            let wrong = AccessList::from(wrong);
            for workers in [1, 2, 8] {
                for real in [false, true] {
                    let run = on_list(block, &wrong, workers, real);
                    assert_eq!(run.outcomes, expected.outcomes, "{name}");
                    assert_eq!(block.after(&run), expected.after, "{name}");
                    assert!(run.counters.attempts <= 18, "{name}: {:?}", run.counters);
                    let built = block.access_list(&run);
                    assert_eq!(built, list, "{name}");
                    let found = differences(&wrong, &built);
                    assert!(found.iter().all(|one| is_it(&one.field)), "{name}: {found:?}");
                    assert!(!found.is_empty(), "{name}");
                }
            }
        }
    });
}

#[test]
fn a_value_at_another_index_is_said_to_be_moved() {
    with_list(SpecId::AMSTERDAM, |_, list| {
        let mut wrong = list.clone().into_inner();
        let changes = &mut account(&mut wrong, COUNTER).storage_changes[0].changes;
        changes[1].block_access_index = BlockAccessIndex(5);
        let found = differences(&AccessList::from(wrong), &list);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].moved, Some(BlockAccessIndex(4)));
        assert_eq!(found[0].said, Some(Content::Number(U256::from(2))));
        assert!(found[0].to_string().ends_with("at index 5 is wrong: it is of index 4"));
    });
}

#[test]
fn what_is_no_list_is_refused_with_the_reason() {
    with_list(SpecId::AMSTERDAM, |_, list| {
        assert_eq!(check(&list, 9, 60_000_000), Ok(()));
        assert!(matches!(check(&list, 3, 60_000_000), Err(Malformed::Structure(_))));
        assert!(matches!(check(&list, 9, 10_000), Err(Malformed::TooLong(_))));
        let mut reversed = list.clone().into_inner();
        reversed.reverse();
        let twice: Vec<_> = list.iter().flat_map(|one| [one.clone(), one.clone()]).collect();
        for wrong in [reversed, twice] {
            let checked = check(&AccessList::from(wrong), 9, 60_000_000);
            assert!(matches!(checked, Err(Malformed::Structure(_))), "{checked:?}");
        }
        for code in [&[0xef, 0x01, 0x00, 0x01][..], &[0xef, 0x00]] {
            let mut wrong = list.clone().into_inner();
            let change = CodeChange::new(BlockAccessIndex(1), Bytes::copy_from_slice(code));
            account(&mut wrong, COUNTER).code_changes.push(change);
            let checked = check(&AccessList::from(wrong), 9, 60_000_000);
            assert!(matches!(checked, Err(Malformed::Code { .. })), "{checked:?}");
        }
    });
}

#[test]
fn an_encoding_is_read_back_and_a_broken_one_is_located() {
    with_list(SpecId::AMSTERDAM, |_, list| {
        let bytes = encode(&list);
        assert_eq!(decode(&bytes).unwrap(), list);
        assert_eq!(join([AccessList::default(), list.clone()]), list);
        let longer = [&bytes[..], &[1]].concat();
        let at = |bytes: &[u8]| match decode(bytes) {
            Err(Malformed::Encoding { at, .. }) => Some(at),
            _ => None,
        };
        assert_eq!(at(&longer), Some(bytes.len()));
        // Whatever byte is missing at the end, it is not read and nothing panics.
        for length in 0..bytes.len() {
            assert_eq!(at(&bytes[..length]), Some(0), "{length}");
        }
        // An address of 19 bytes: the first account cannot be read.
        let mut broken = bytes;
        let place = broken.iter().position(|byte| *byte == 0x94).unwrap();
        broken[place] = 0x93;
        assert!(at(&broken).is_some_and(|at| at > 0 && at < place));
    });
}

/// A scenario may carry its list: a true one is run on, a wrong one is named and not believed, and one that cannot be read is
/// a problem of the text.
#[test]
fn a_scenario_carries_its_list() {
    let text = |list: &[u8]| {
        let list = revm::primitives::hex::encode_prefixed(list);
        format!(
            r#"{{ "fork": "amsterdam", "transactions": [
                {{ "from": "alice", "to": "bob", "value": "1 ether" }},
                {{ "from": "bob", "to": "carol", "value": "2 ether" }}
            ], "blockAccessList": "{list}" }}"#
        )
    };
    let cancel = AtomicBool::new(false);
    let library = evm_lanes_engine::scenario::Library::default();
    let with = evm_lanes_engine::Surroundings {
        library: &library,
        pool: &evm_lanes_schedule::Inline,
        clock: None,
        cancel: &cancel,
        progress: &|_, _, _| {},
    };
    let options = Options { strategy: StrategyId::Bal, ..Options::default() };
    let scenario = |list: &[u8]| {
        let (scenario, problems) = evm_lanes_engine::scenario::read(&text(list), &library);
        scenario.ok_or(problems)
    };
    let empty = scenario(&[0xc0]).unwrap();
    let prepared = EngineBlock::prepare(&empty, &cancel, &|_| {}).unwrap().unwrap();
    let list = prepared.reference_list(&cancel).unwrap();
    let run = |list: &[u8]| run(&text(list), &options, &with).unwrap();

    let right = run(&encode(&list));
    assert!(right.verdict.equal && right.verdict.attempts == 2);
    let lists = right.access_lists.unwrap();
    assert_eq!(lists.sequential, lists.parallel);
    assert!(lists.wrong.is_empty() && !lists.from_execution);

    // Nothing at all is said.
    let wrong = run(&[0xc0]);
    assert!(wrong.verdict.equal && wrong.verdict.attempts > 2);
    let lists = wrong.access_lists.unwrap();
    assert!(
        lists.wrong.iter().any(|one| one.starts_with("account ") && one.ends_with(" is missing"))
    );

    let problems = scenario(&[0xc1]).unwrap_err();
    assert!(problems[0].message.starts_with("byte 0: the list cannot be read"), "{problems:?}");
    assert_eq!(problems[0].path, "blockAccessList");
}

/// The three ways of writing a list down are one list: as nodes do, as the published tests do, and encoded.
#[test]
fn a_list_is_the_same_in_every_form() {
    let library = evm_lanes_engine::scenario::Library::default();
    let read = |list: &str| {
        let text = format!(
            r#"{{ "transactions": [{{ "from": "alice", "to": "bob" }}], "blockAccessList": {list} }}"#
        );
        let (scenario, problems) = evm_lanes_engine::scenario::read(&text, &library);
        scenario.unwrap_or_else(|| panic!("{problems:?}")).access_list.unwrap()
    };
    let nodes = read(
        r#"[
            { "address": "0x00000000000000000000000000000000000000aa",
              "storageChanges": [{ "key": "0x1", "changes": [{ "index": "0x1", "value": "0x2a" }] }],
              "storageReads": ["0x0", "0x7"],
              "balanceChanges": [{ "index": "0x1", "value": "0xde0b6b3a7640000" }],
              "nonceChanges": [{ "index": "0x1", "value": "0x1" }],
              "codeChanges": [{ "index": "0x1", "code": "0x5b00" }] },
            { "address": "0x00000000000000000000000000000000000000bb" }
        ]"#,
    );
    let fixtures = read(
        r#"[
            { "address": "0x00000000000000000000000000000000000000aa",
              "nonceChanges": [{ "blockAccessIndex": "0x01", "postNonce": "0x01" }],
              "balanceChanges": [{ "blockAccessIndex": "0x01", "postBalance": "0x0de0b6b3a7640000" }],
              "codeChanges": [{ "blockAccessIndex": "0x01", "newCode": "0x5b00" }],
              "storageChanges": [{ "slot": "0x01",
                                   "slotChanges": [{ "blockAccessIndex": "0x01", "postValue": "0x2a" }] }],
              "storageReads": ["0x00", "0x07"] },
            { "address": "0x00000000000000000000000000000000000000bb", "nonceChanges": [],
              "balanceChanges": [], "codeChanges": [], "storageChanges": [], "storageReads": [] }
        ]"#,
    );
    let people = read(
        r#"[
            { "address": "0x00000000000000000000000000000000000000AA",
              "storageChanges": [{ "key": 1, "changes": [{ "index": 1, "value": 42 }] }],
              "storageReads": [0, 7], "balanceChanges": [{ "index": 1, "value": "1 ether" }],
              "nonceChanges": [{ "index": 1, "value": 1 }], "codeChanges": [{ "index": 1, "code": "0x5b00" }] },
            { "address": "0x00000000000000000000000000000000000000bb" }
        ]"#,
    );
    let encoded = revm::primitives::hex::encode_prefixed(encode(&nodes));
    let counts = nodes.iter().map(|one| one.storage_slots().count()).collect::<Vec<_>>();
    assert_eq!(counts, [3, 0]);
    assert_eq!(nodes, fixtures);
    assert_eq!(nodes, people);
    assert_eq!(nodes, read(&format!("\"{encoded}\"")));
    // Accounts may be named, also where a slot holds one.
    let named = read(
        r#"[{ "address": "alice",
              "storageChanges": [{ "key": 1, "changes": [{ "index": 1, "value": "alice" }] }] }]"#,
    );
    let (named, alice) = (&named.as_slice()[0], evm_lanes_engine::scenario::named_address("alice"));
    assert_eq!(named.address, alice);
    let value = named.storage_changes[0].changes[0].new_value;
    assert_eq!(value, U256::from_be_bytes(alice.into_word().0));
}
