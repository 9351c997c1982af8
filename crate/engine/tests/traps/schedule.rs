//! Traps 22 to 26 and 30 to 33: what can be seen of the scheduler by what blocks come to.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use evm_lanes_engine::RunError;
use evm_lanes_engine::options::{DeltaId, HintId, StrategyId};
use evm_lanes_schedule::{
    Base, Blocked, Control, Error, Hints, Inline, Job, Lanes, Location, Pool, Scoped, Strategy,
    TxIndex, Value, View, Vm, execute,
};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::support::*;

const CELL: Address = Address::repeat_byte(0xce);
const PAIR: Address = Address::repeat_byte(0x22);

/// Counts down from `times`, then goes on.
fn spin(times: u32) -> String {
    format!("{times} spin: 1 SWAP1 SUB DUP1 @spin JUMPI POP")
}

/// Two slots that are always written together; who reads both must never find them different. One who did would run
/// until its gas is gone. The reads are far apart.
#[test]
fn trap_22_opacity_within_one_transaction() {
    let mut block = Block::new(SpecId::OSAKA);
    let read = format!(
        "CALLDATASIZE @write JUMPI
         1 SLOAD {} 2 SLOAD EQ @same JUMPI trapped: @trapped JUMP
         same: 1 SLOAD CALLER SSTORE STOP
         write: 1 SLOAD 1 ADD DUP1 1 SSTORE 2 SSTORE",
        spin(20)
    );
    block.contract(PAIR, asm(read));
    for round in 0..4 {
        block.push(Tx::call(ALICE, PAIR).words(&[1]));
        for sender in [BOB, CAROL, DAVE] {
            block.push(Tx::call(sender, PAIR).gas(150_000 + round));
        }
    }
    let after = check_exhaustively(&block);
    assert!(after.all_succeeded());
    assert_eq!((after.slot(PAIR, 1), after.slot(PAIR, 2)), (4, 4));
}

/// The same, where the zombie would jump into nothing, allocate memory, or call itself to the full depth.
#[test]
fn trap_22_zombies_end() {
    for zombie in [
        "77 JUMP",
        "0 0x100000000 MSTORE",
        "1 SLOAD 0 MSTORE 0 0 0 0 0 ADDRESS GAS CALL 0 0xffffff SHA",
        "2 1 SLOAD SUB 20 MUL 0 0 LOG0 0 SLOAD JUMP",
    ] {
        let zombie = zombie.replace("SHA", "KECCAK256");
        let mut block = Block::new(SpecId::OSAKA);
        let code = format!(
            "CALLDATASIZE @write JUMPI
             1 SLOAD 2 SLOAD EQ @same JUMPI {zombie}
             same: STOP
             write: 1 SLOAD 1 ADD DUP1 1 SSTORE 2 SSTORE"
        );
        block.contract(PAIR, asm(code));
        for _ in 0..3 {
            block.push(Tx::call(ALICE, PAIR).words(&[1]));
            block.push(Tx::call(BOB, PAIR));
            block.push(Tx::call(CAROL, PAIR));
        }
        assert!(check(&block).all_succeeded());
    }
}

/// The first attempt writes two slots, the next one only one of them. Whoever reads the other must find the older
/// version: of the base, or of an earlier transaction.
#[test]
fn trap_23_stale_writes_are_removed() {
    for older in [None, Some(9)] {
        let mut block = Block::new(SpecId::OSAKA);
        // By the length of the data: 0 opens the gate after a while, 32 writes, 64 reads the other slot.
        let code = format!(
            "CALLDATASIZE 32 EQ @write JUMPI CALLDATASIZE 64 EQ @read JUMPI CALLDATASIZE 96 EQ @older JUMPI
             {} 1 0 SSTORE STOP
             write: 7 1 SSTORE 0 SLOAD @closed JUMPI 8 2 SSTORE closed: STOP
             read: 2 SLOAD 3 SSTORE STOP
             older: 9 2 SSTORE",
            spin(100)
        );
        block.contract(CELL, asm(code));
        block.slot(CELL, 2, 5);
        if older.is_some() {
            block.push(Tx::call(DAVE, CELL).words(&[0; 3]));
        }
        block.push(Tx::call(ALICE, CELL));
        block.push(Tx::call(BOB, CELL).words(&[0]));
        block.push(Tx::call(CAROL, CELL).words(&[0; 2]));
        let after = check_exhaustively(&block);
        let other = older.unwrap_or(5);
        assert_eq!([1, 2, 3].map(|slot| after.slot(CELL, slot)), [7, other, other]);
    }
}

/// The same with an account: the first attempt creates a contract, the next one does not.
#[test]
fn trap_23_stale_creation_is_removed() {
    let mut block = Block::new(SpecId::OSAKA);
    let init = initcode(&asm("1 0 SSTORE"));
    let code = format!(
        "CALLDATASIZE @make JUMPI {} 1 0 SSTORE STOP
         make: 0 SLOAD @closed JUMPI {} STOP closed: STOP",
        spin(100),
        deploy(&init, 3, Some(1))
    );
    block.contract(CELL, asm(code));
    block.balance(CELL, 10);
    let child = contract_at(CELL, 1, &init);
    block.push(Tx::call(ALICE, CELL));
    block.push(Tx::call(BOB, CELL).words(&[0]));
    block.push(Tx::transfer(CAROL, child, 1));
    let after = check_exhaustively(&block);
    let state = after.account(child);
    assert_eq!((state.balance, state.nonce, state.code), (U256::from(1), 0, None));
    assert_eq!((after.balance(CELL), after.nonce(CELL)), (U256::from(10), 1));
}

/// Adds 1 to slot 0 after having looked at the slot given, and moves on to other slots by what it finds.
fn counter() -> revm::primitives::Bytes {
    asm(
        "0 CALLDATALOAD SLOAD 32 CALLDATALOAD SLOAD ADD 1 ADD DUP1 64 CALLDATALOAD SSTORE 3 AND 16 ADD DUP1 SLOAD 1 ADD SWAP1 SSTORE",
    )
}

/// A lower transaction runs again while higher ones have already been validated: chains that skip, under every seed.
#[test]
fn trap_24_validate_commit_race() {
    let mut block = Block::new(SpecId::OSAKA);
    block.contract(CELL, counter());
    let mut random = Random::new(24);
    for index in 0..10 {
        let words = [random.below(4), random.below(4), random.below(4)];
        block.push(Tx::call([ALICE, BOB, CAROL, DAVE][index % 4], CELL).words(&words));
    }
    let after = check_exhaustively(&block);
    let sum: u64 = (16..20).map(|slot| after.slot(CELL, slot)).sum();
    assert_eq!(sum, 10);
}

/// Many wait for one, which is aborted again and again and wakes them each time.
#[test]
fn trap_25_lost_wake_up() {
    let mut block = Block::new(SpecId::OSAKA);
    block.contract(CELL, asm("0 SLOAD 1 ADD DUP1 0 SSTORE CALLER SSTORE"));
    let readers: Vec<_> = (0..3).map(address).collect();
    for round in 0..4 {
        block.push(Tx::call(ALICE, CELL).gas(100_000 + round));
        for reader in &readers {
            block.balance(*reader, ether(1));
            block.push(Tx::call(*reader, CELL));
        }
    }
    let after = check_exhaustively(&block);
    assert_eq!(after.slot(CELL, 0), 16);
    // The last ones in each round have seen all before them.
    for (index, reader) in readers.iter().enumerate() {
        let seen = after.account(CELL).storage[&U256::from_be_slice(reader.as_slice())];
        assert_eq!(seen, U256::from(14 + index));
    }
}

/// If the rule by which a read is resolved were not the one by which it is validated, a transaction would be aborted
/// although nothing it read has changed. So: independent transactions, of the kinds that have gone wrong elsewhere,
/// take one attempt each, and any block takes no more attempts than the cap allows.
#[test]
fn trap_26_validation_resolves_like_reading() {
    for fork in [SpecId::FRONTIER, SpecId::ISTANBUL, SpecId::SHANGHAI, SpecId::OSAKA] {
        let mut block = Block::new(fork);
        for index in 0..8 {
            let (sender, doomed) = (address(index), address(100 + index));
            block.balance(sender, ether(1));
            block.contract(
                doomed,
                asm(format!("1 SLOAD 2 SSTORE {} SELFDESTRUCT", address(200 + index))),
            );
            block.slot(doomed, 1, 5);
            match index % 4 {
                0 => block.push(Tx::transfer(sender, address(300 + index), 5)),
                1 => block.push(Tx::call(sender, doomed)),
                2 => block.push(Tx::create(sender, deploy_with("1 1 SSTORE", &asm("STOP")))),
                _ => block.push(Tx::call(sender, address(400)).gas(20_000)),
            }
        }
        let after = check(&block);
        for (config, counters) in after.work() {
            // Two of them are invalid in one way, by too little gas, and those read nothing that is written.
            if config.strategy == StrategyId::BlockStm && config.deltas == DeltaId::Fees {
                assert_eq!((counters.attempts, counters.aborts), (8, 0), "{fork:?}, {config:?}");
            }
        }
    }
}

/// Destroyed and created again, over and over: of the blocks on which other engines have retried without end.
#[test]
fn trap_26_attempts_are_bounded() {
    let init = initcode(&asm(format!(
        "CALLDATASIZE @die JUMPI 1 SLOAD 1 ADD 1 SSTORE STOP die: {BOB} SELFDESTRUCT"
    )));
    let child = contract_at(CELL, 0, &init);
    let mut block = Block::new(SpecId::SHANGHAI);
    block.contract(CELL, asm(deploy(&init, 0, Some(0)) + " 0 SSTORE"));
    for _ in 0..4 {
        block.push(Tx::call(ALICE, CELL));
        block.push(Tx::call(BOB, child));
        block.push(Tx::call(CAROL, child));
        block.push(Tx::call(DAVE, child).words(&[0]));
    }
    let after = check_exhaustively(&block);
    assert!(after.all_succeeded());
    for (config, counters) in after.work() {
        let each = Strategy::from(config.strategy).most_attempts();
        let most = block.len() as u64 * u64::from(each);
        assert!(counters.attempts <= most, "{config:?}: {counters:?}");
        let greedy = config.strategy == StrategyId::BlockStm;
        if greedy && config.workers == 1 && config.hints == HintId::None {
            assert_eq!(
                counters.attempts,
                block.len() as u64,
                "one worker never has to repeat anything"
            );
        }
    }
}

/// Accounts and slots that differ in one bit each, and all the pieces of one account, are different places.
#[test]
fn trap_28_location_identity() {
    let mut block = Block::new(SpecId::OSAKA);
    let contracts: Vec<_> = [0, 7, 19]
        .map(|byte| {
            let mut address = CELL;
            address.0[byte] ^= 1;
            address
        })
        .into_iter()
        .chain([CELL])
        .collect();
    let slots: Vec<_> = (0..256).step_by(51).map(|bit| U256::from(1) << bit).collect();
    for contract in &contracts {
        block.contract(
            *contract,
            asm("0 CALLDATALOAD SLOAD 32 CALLDATALOAD ADD 0 CALLDATALOAD SSTORE"),
        );
    }
    let mut expected = Vec::new();
    for round in 0..2 {
        for (c, contract) in contracts.iter().enumerate() {
            for (s, slot) in slots.iter().enumerate() {
                let amount = (100 * c + s + 1) as u64;
                let data =
                    [*slot, U256::from(amount)].map(|word| word.to_be_bytes::<32>()).concat();
                let sender = address((round * 100 + c * 10 + s) as u64);
                block.balance(sender, ether(1));
                block.push(Tx::call(sender, *contract).data(data.into()));
                if round == 0 {
                    expected.push((*contract, *slot, U256::from(2 * amount)));
                }
            }
        }
    }
    let after = check(&block);
    for (contract, slot, amount) in expected {
        assert_eq!(after.account(contract).storage[&slot], amount, "{contract} {slot:#x}");
    }
}

/// A place whose hash is the same as every other's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Forged(u32);

impl Location for Forged {
    fn same_family(&self, other: &Self) -> bool {
        self == other
    }

    fn hash_family<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(42);
    }
}

#[derive(Clone, Debug, PartialEq, PartialOrd)]
struct Count(u64);

impl Value for Count {
    fn plus(&self, amount: &Self) -> Self {
        Self(self.0 + amount.0)
    }
}

/// Every place holds its own number at first.
struct Numbered;

impl Base<Forged, Count> for Numbered {
    fn load(&self, place: &Forged) -> Count {
        Count(place.0.into())
    }
}

/// Copies from one place to another, and returns what it found. Panics where it is told to.
#[derive(Default)]
struct Copier;

impl Vm for Copier {
    type Tx = (u32, u32);
    type Location = Forged;
    type Value = Count;
    type Output = u64;

    fn attempt(
        &mut self,
        _: TxIndex,
        (from, to): &(u32, u32),
        view: &mut View<Forged, Count>,
    ) -> Result<u64, Blocked> {
        assert!(*from != PANIC, "told to");
        let found = view.read(&Forged(*from))?;
        view.write(Forged(*to), Count(found.0 + 1));
        Ok(found.0)
    }
}

const PANIC: u32 = u32::MAX;

fn copy(txs: &[(u32, u32)], pool: &dyn Pool) -> Result<Vec<u64>, Error> {
    let job = Job {
        txs,
        base: Arc::new(Numbered),
        vm: &|| Copier,
        strategy: Strategy::BlockStm,
        hints: &Hints::default(),
        accesses: true,
        clock: None,
        control: &Control { cancel: &AtomicBool::new(false), progress: &|_| {} },
    };
    execute(&job, &Lanes::Real(pool)).map(|execution| execution.outputs)
}

fn threads(workers: u32) -> Scoped {
    Scoped { workers: NonZeroU32::new(workers).expect("at least one") }
}

/// All hashes are equal; the results must be right all the same.
#[test]
fn trap_28_location_identity_with_a_forged_hasher() {
    let mut random = Random::new(28);
    for _ in 0..50 {
        let txs: Vec<_> =
            (0..30).map(|_| (random.below(9) as u32, random.below(9) as u32)).collect();
        let mut memory: Vec<u64> = (0..9).collect();
        let sequential: Vec<_> = txs
            .iter()
            .map(|(from, to)| {
                let found = memory[*from as usize];
                memory[*to as usize] = found + 1;
                found
            })
            .collect();
        for workers in [1, 3] {
            assert_eq!(copy(&txs, &threads(workers)).expect("nothing fails"), sequential);
        }
    }
}

#[test]
fn trap_30_termination_of_no_and_few_transactions() {
    for fork in FORKS {
        for transactions in [0, 1, 2] {
            let mut block = Block::new(fork);
            for _ in 0..transactions {
                block.push(Tx::transfer(ALICE, BOB, 1));
            }
            let after = check(&block);
            assert_eq!(after.outcomes().len(), transactions);
            assert_eq!(after.exists(MINER), transactions > 0);
        }
    }
}

#[test]
fn trap_30_termination_of_all_invalid() {
    let mut block = Block::new(SpecId::OSAKA);
    for index in 0..40 {
        block.push(Tx::transfer(ALICE, BOB, 1).nonce(40 - index));
    }
    let after = check(&block);
    assert!((0..40).all(|index| after.invalid(index).contains("nonce")));
    assert_eq!(*after.state(), block.scenario.accounts);
}

/// The 1,408 transactions of mainnet block 13287210 that form one chain, here all of one sender; hinted and not.
#[test]
fn trap_30_termination_of_a_chain_of_1408() {
    let mut block = Block::new(SpecId::LONDON);
    for index in 0..1408 {
        block.push(Tx::transfer(ALICE, BOB, index).gas(21_000));
    }
    let configs = [2, 8].into_iter().flat_map(|workers| {
        [HintId::None, HintId::Senders].into_iter().flat_map(move |hints| {
            [Some(1), None].map(|seed| Config { seed, workers, hints, ..Config::DEFAULT })
        })
    });
    let after = verify(&block, configs);
    assert!(after.all_succeeded());
    assert_eq!(after.nonce(ALICE), 1408);
    for (config, counters) in after.work() {
        let most = 1408 * u64::from(Strategy::from(config.strategy).most_attempts());
        assert!(counters.attempts <= most, "{config:?}: {counters:?}");
    }
}

/// The same chain through a slot, which no hint tells of.
#[test]
fn trap_30_termination_of_a_chain_through_a_slot() {
    let mut block = Block::new(SpecId::LONDON);
    block.contract(CELL, asm("0 SLOAD 1 ADD 0 SSTORE"));
    for index in 0..300 {
        block.balance(address(index), ether(1));
        block.push(Tx::call(address(index), CELL));
    }
    let configs = [2, 3, 8].into_iter().flat_map(|workers| {
        [Some(0), Some(1), None].map(|seed| Config { seed, workers, ..Config::DEFAULT })
    });
    let after = verify(&block, configs);
    assert_eq!(after.slot(CELL, 0), 300);
}

/// One transaction that fills a block of 30 million gas among small ones that depend on it (as in mainnet 15537393).
#[test]
fn trap_30_termination_with_one_huge_transaction() {
    let mut block = Block::new(SpecId::LONDON);
    let code = "CALLDATASIZE @note JUMPI
                forever: GAS 50000 LT @forever JUMPI 1 0 SSTORE STOP
                note: 0 SLOAD CALLER SSTORE";
    block.contract(CELL, asm(code));
    block.push(Tx::transfer(BOB, CAROL, 1));
    block.push(Tx::call(ALICE, CELL).gas(30_000_000));
    for sender in [BOB, CAROL, DAVE] {
        block.push(Tx::call(sender, CELL).words(&[0]));
    }
    let configs = [1, 2, 8].into_iter().flat_map(|workers| {
        [Some(0), None].map(|seed| Config { seed, workers, ..Config::DEFAULT })
    });
    let after = verify(&block, configs);
    assert!(after.gas(1) > 29_900_000, "{}", after.gas(1));
    for sender in [BOB, CAROL, DAVE] {
        assert_eq!(
            after.account(CELL).storage[&U256::from_be_slice(sender.as_slice())],
            U256::from(1)
        );
    }
}

/// A worker panics in the middle of an attempt: the run ends with its message, on every pool, and the pool goes on.
#[test]
fn trap_31_worker_failure() {
    let good: Vec<_> = (0..40).map(|index| (index % 5, (index + 1) % 5)).collect();
    for position in [0, 7, 39] {
        let mut bad = good.clone();
        bad[position] = (PANIC, 0);
        for workers in [1, 2, 8] {
            let pool = threads(workers);
            let expected = copy(&good, &pool).expect("nothing fails");
            match copy(&bad, &pool) {
                Err(Error::Panicked(message)) => assert!(message.contains("told to"), "{message}"),
                other => panic!("{other:?}"),
            }
            assert_eq!(copy(&good, &pool).expect("the pool is usable"), expected);
        }
        assert!(matches!(copy(&bad, &Inline), Err(Error::Panicked(_))));
    }
}

/// The same one floor up: whoever is told of the progress panics.
#[test]
fn trap_31_failure_outside_a_worker() {
    let mut block = Block::new(SpecId::OSAKA);
    for index in 0..200 {
        block.balance(address(index), ether(1));
        block.push(Tx::transfer(address(index), BOB, 1));
    }
    let engine = Engine::new(&block.scenario);
    for workers in [1, 4] {
        let config = Config { workers, ..Config::DEFAULT };
        let calls = AtomicU32::new(0);
        let result = engine.run(&config, &|_| {
            calls.fetch_add(1, Ordering::Relaxed);
            panic!("no time for this");
        });
        match result {
            Err(RunError::Panicked(message)) => assert!(message.contains("no time"), "{message}"),
            Ok(_) => assert_eq!(calls.into_inner(), 0, "the panic was lost"),
            Err(other) => panic!("{other:?}"),
        }
        verify(&block, std::iter::once(config));
    }
}

/// Torn or reordered reads would show on real threads only: the same block, over and over, on more threads than cores.
#[test]
fn trap_32_memory_model() {
    let mut block = Block::new(SpecId::OSAKA);
    block.contract(CELL, counter());
    let init = initcode(&asm("0 SLOAD 1 ADD 0 SSTORE"));
    block.contract(PAIR, asm(deploy(&init, 1, Some(7)) + " CALLER SSTORE"));
    block.balance(PAIR, 100);
    let child = contract_at(PAIR, 7, &init);
    let mut random = Random::new(32);
    for index in 0..32 {
        let sender = address(index % 12);
        block.balance(sender, ether(1));
        let words = [random.below(3), random.below(3), random.below(6)];
        block.push(match index % 8 {
            0 => Tx::call(sender, PAIR),
            1 | 2 => Tx::transfer(sender, child, 3),
            3 => Tx::transfer(sender, MINER, 1),
            _ => Tx::call(sender, CELL).words(&words),
        });
    }
    let real = |workers| (0..60).map(move |_| Config { workers, ..Config::DEFAULT });
    let after = verify(&block, real(2).chain(real(5)).chain(real(8)));
    assert!(after.all_succeeded());
}

/// One block with everything in it that all forks know, replayed under every set of rules.
#[test]
fn trap_33_fork_gates() {
    let mut results = Vec::new();
    for fork in FORKS {
        let mut block = Block::new(fork);
        let ghost = Address::repeat_byte(0x60);
        block.contract(
            CELL,
            asm(format!("0 SLOAD 1 ADD 0 SSTORE {} POP {} POP", call(ghost, 0), call(DAVE, 1))),
        );
        block.balance(CELL, 1000);
        block.slot(CELL, 0, 1);
        block.contract(PAIR, asm(format!("{ghost} BALANCE 1 SSTORE {ghost} SELFDESTRUCT")));
        block.balance(PAIR, 77);
        let runtime = asm("CALLER 0 SSTORE");
        let child = created_by(CAROL, 0);
        block.push(Tx::call(ALICE, CELL));
        block.push(Tx::call(BOB, PAIR));
        block.push(Tx::create(CAROL, initcode(&runtime)).value(3));
        block.push(Tx::call(DAVE, child));
        block.push(Tx::call(ALICE, PAIR).value(5));
        block.push(Tx::transfer(BOB, ghost, 0));
        block.push(Tx::transfer(CAROL, MINER, 0).price(block.scenario.block.basefee.into()));
        block.push(Tx::transfer(DAVE, ghost, 1).tip(1));
        block.push(Tx::create(ALICE, asm("INVALID")).gas(100_000));
        // Out of gas while its code is stored: Frontier keeps the account without code, later forks fail.
        block.push(Tx::create(BOB, asm("2000 0 RETURN")).gas(if fork == SpecId::AMSTERDAM {
            300_000
        } else {
            150_000
        }));
        block.push(Tx::call(CAROL, CELL).access(ghost, &[0]));
        block.push(Tx::call(BOB, CELL));
        let after = check(&block);
        assert_eq!(
            after.slot(CELL, 0),
            if fork.is_enabled_in(SpecId::BERLIN) { 4 } else { 3 },
            "{fork:?}"
        );
        assert_eq!(after.has_code(PAIR), fork.is_enabled_in(SpecId::CANCUN), "{fork:?}");
        assert_eq!(after.succeeded(9), fork == SpecId::FRONTIER, "{fork:?}");
        results.push(after.state().clone());
    }
    // Rules that no longer make a difference would mean that the fork is not passed on.
    let distinct: std::collections::BTreeSet<_> =
        results.iter().map(|state| format!("{state:?}")).collect();
    assert!(distinct.len() >= 9, "{} different outcomes", distinct.len());
}
