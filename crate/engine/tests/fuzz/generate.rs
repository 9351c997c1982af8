//! Random blocks.

use evm_lanes_engine::scenario::InvalidMode;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::program::{World, program, source};
use crate::support::{
    Block, FORKS, MINER, Random, Tx, address, asm, authorization, contract_at, created_by, deploy,
    deploy_with, ether, initcode,
};
use crate::token;

const ACCOUNTS: u64 = 6;
const CONTRACTS: u64 = 4;

/// The block of a seed.
pub(crate) fn block(seed: u64) -> Block {
    let mut random = Random::new(seed);
    // Half of them run on rules that are in force or about to be.
    let fork = match random.below(6) {
        0 => *random.pick(&FORKS),
        1 | 2 => {
            *random.pick(&[SpecId::PETERSBURG, SpecId::BERLIN, SpecId::LONDON, SpecId::SHANGHAI])
        }
        _ => *random.pick(&[SpecId::CANCUN, SpecId::PRAGUE, SpecId::OSAKA, SpecId::AMSTERDAM]),
    };
    let mut block = Block::new(fork);
    block.scenario.accounts.clear();
    let people: Vec<_> = (0..ACCOUNTS).map(address).collect();
    let contracts: Vec<_> = (0..CONTRACTS).map(|index| address(100 + index)).collect();
    let world = world(&mut random, fork, &people, &contracts);

    for person in &people {
        match random.below(8) {
            0 => {}
            1 => block.balance(*person, U256::from(random.below(20_000_000))),
            _ => block.balance(*person, ether(1)),
        }
    }
    for contract in &contracts {
        let statements = 2 + random.below(6);
        block.contract(*contract, program(&mut random, &world, statements));
        block.balance(*contract, U256::from(random.below(5000)));
        for slot in 0..3 {
            if random.once_in(2) {
                block.slot(*contract, slot, 1 + random.below(4));
            }
        }
    }
    let phoenix = match fork.is_enabled_in(SpecId::PETERSBURG) {
        true => phoenix(&mut random, &mut block, &world),
        false => contracts[0],
    };
    token::deploy(&mut random, &mut block);
    let beneficiary = beneficiary(&mut random, &world, &people, &contracts);
    block.beneficiary(beneficiary);
    if random.once_in(12) {
        block.scenario.accounts.entry(beneficiary).or_default();
    }
    if random.once_in(8) {
        block.scenario.block.gas_limit = 300_000 + random.below(4_000_000);
    }
    if random.once_in(12) {
        block.mode(InvalidMode::Reject);
    }
    // A block that is mostly about the token is where additions meet.
    let tokens = if random.once_in(3) { 12 } else { 2 };
    // Where nobody pays a tip, whether the fee recipient exists is another question.
    let free = random.once_in(8);
    for _ in 0..2 + random.below(39) {
        let tx = if random.below(20) < tokens {
            let from = *random.pick(&people);
            let call = token::call(&mut random, from);
            call.gas(if fork.is_enabled_in(SpecId::AMSTERDAM) { 600_000 } else { 150_000 })
        } else {
            transaction(&mut random, &mut block, &world, &people, &contracts, phoenix)
        };
        block.push(tx);
        if free && let Some(last) = block.scenario.transactions.last_mut() {
            last.env.gas_price = block.scenario.block.basefee.into();
            last.env.gas_priority_fee = last.env.gas_priority_fee.map(|_| 0);
        }
    }
    block
}

/// Makes the phoenix anew, whenever it is gone.
const NEST: Address = Address::repeat_byte(0x4e);

/// A contract that counts its calls and, when told 4, destroys itself, and who makes it again and again. Its address.
fn phoenix(random: &mut Random, block: &mut Block, world: &World) -> Address {
    let heir = *random.pick(&world.addresses);
    let rest = source(random, world, 1);
    let code = asm(format!(
        "4 0 CALLDATALOAD EQ ISZERO @live JUMPI {heir} SELFDESTRUCT
         live: 0 SLOAD 1 ADD 0 SSTORE {rest}"
    ));
    let init = initcode(&code);
    let address = contract_at(NEST, 0, &init);
    block.contract(NEST, asm(deploy(&init, 0, Some(0)) + " POP"));
    if random.once_in(2) {
        block.contract(address, code);
        block.slot(address, 0, 50);
    }
    address
}

/// Everything that addresses can be known of beforehand: people, contracts, and what both may create.
fn world(random: &mut Random, fork: SpecId, people: &[Address], contracts: &[Address]) -> World {
    let mut world = World { fork, addresses: Vec::new(), inits: Vec::new() };
    world.addresses.extend(people.iter().chain(contracts).chain(contracts));
    world.addresses.extend([MINER, address(999), Address::with_last_byte(4)]);
    let runtime = program(random, &world, 3);
    let constructor = source(random, &world, 2);
    let init = [
        initcode(&program(random, &world, 4)),
        deploy_with(&constructor, &runtime),
        program(random, &world, 2),
    ];
    for init in init {
        // Longer ones make the code that creates them long, too.
        if init.len() < 300 {
            world.inits.push(init);
        }
    }
    for contract in contracts {
        let by_salt =
            world.inits.iter().map(|init| contract_at(*contract, 0, init)).collect::<Vec<_>>();
        world.addresses.extend(by_salt);
        world.addresses.extend([1, 2].map(|nonce| created_by(*contract, nonce)));
    }
    world.addresses.extend(people.iter().map(|person| created_by(*person, 0)));
    world
}

fn beneficiary(
    random: &mut Random,
    world: &World,
    people: &[Address],
    contracts: &[Address],
) -> Address {
    match random.below(6) {
        0 => *random.pick(people),
        1 => *random.pick(contracts),
        2 => *random.pick(&world.addresses),
        _ => MINER,
    }
}

fn transaction(
    random: &mut Random,
    block: &mut Block,
    world: &World,
    people: &[Address],
    contracts: &[Address],
    phoenix: Address,
) -> Tx {
    let fork = block.fork();
    let from =
        if random.once_in(40) { block.scenario.block.beneficiary } else { *random.pick(people) };
    let words = [random.below(5)];
    let data = &words[..random.below(2) as usize];
    let gas = match fork.is_enabled_in(SpecId::AMSTERDAM) {
        true => *random.pick(&[30_000, 300_000, 600_000, 1_500_000]),
        false => *random.pick(&[30_000, 80_000, 200_000, 400_000]),
    };
    let wei = *random.pick(&[0, 0, 1, 7, 5_000_000]);
    let tx = match random.below(20) {
        0..=3 => Tx::transfer(from, *random.pick(people), wei),
        4 => Tx::transfer(from, *random.pick(&world.addresses), wei),
        5..=10 => Tx::call(from, *random.pick(contracts)).words(data).value(wei),
        11 | 12 => Tx::call(from, phoenix).words(&[*random.pick(&[0, 1, 4])]).value(wei),
        13 => return Tx::call(from, NEST).gas(gas.max(400_000)),
        14 | 15 => Tx::call(from, *random.pick(&world.addresses)).words(data).value(wei),
        16 | 17 if !world.inits.is_empty() => {
            let init = random.pick(&world.inits).clone();
            return Tx::create(from, init).gas(gas.max(200_000)).value(wei);
        }
        _ if fork.is_enabled_in(SpecId::PRAGUE) => {
            let to = *random.pick(&world.addresses);
            return authorizing(random, block, world, people, Tx::call(from, to))
                .gas(gas.max(150_000));
        }
        _ => Tx::call(from, *random.pick(contracts)).words(data),
    };
    priced(random, block, world, tx.gas(gas), from)
}

/// Of any type there is, sometimes without a fee, sometimes not valid.
fn priced(random: &mut Random, block: &mut Block, world: &World, tx: Tx, from: Address) -> Tx {
    let fork = block.fork();
    let next = *block.next_nonce(from);
    match random.below(30) {
        0 => tx.nonce(next + 1),
        1 if next > 0 => tx.nonce(next - 1),
        2 => tx.gas(20_000 + random.below(1200)).nonce(next),
        3 => tx.value(ether(50)).nonce(next),
        4 if fork.is_enabled_in(SpecId::LONDON) => tx.price(6).nonce(next),
        5 | 6 => tx.price(block.scenario.block.basefee.into()),
        7..=10 if fork.is_enabled_in(SpecId::LONDON) => tx.price(20).tip(random.below(4).into()),
        11 | 12 if fork.is_enabled_in(SpecId::BERLIN) => {
            tx.access(*random.pick(&world.addresses), &[0, 2])
        }
        13 if fork.is_enabled_in(SpecId::CANCUN) => tx.blobs(1 + random.below(3) as u8, 2),
        14 => tx.price(10 + u128::from(random.below(100))),
        _ => tx,
    }
}

/// With one to three authorisations, most of them with the right nonce.
fn authorizing(
    random: &mut Random,
    block: &mut Block,
    world: &World,
    people: &[Address],
    mut tx: Tx,
) -> Tx {
    // The sender's own nonce goes up before its authorisations are looked at; those are left to chance.
    for _ in 0..1 + random.below(3) {
        let authority = *random.pick(people);
        let delegate = match random.below(4) {
            0 => Address::ZERO,
            _ => *random.pick(&world.addresses),
        };
        let next = block.next_nonce(authority);
        let nonce = match random.below(8) {
            0 => *next + 1,
            _ => {
                *next += 1;
                *next - 1
            }
        };
        tx = tx.authorize(authorization(authority, delegate, nonce));
    }
    tx
}
