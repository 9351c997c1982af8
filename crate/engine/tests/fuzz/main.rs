//! Random blocks: whatever few accounts and contracts do to each other, every way of running the block equals stock
//! revm.
//!
//! `EVM_LANES_FUZZ_BLOCKS` says how many blocks, `EVM_LANES_FUZZ_SEED` from which seed on, `EVM_LANES_FUZZ_RUNS` how many
//! schedules of each under each strategy, `EVM_LANES_FUZZ_THREADS` how many blocks at a time; a block's seed is all it takes to
//! make it again. The first failing block is shrunk. A long run:
//!
//! ```sh
//! EVM_LANES_FUZZ_BLOCKS=20000 EVM_LANES_FUZZ_RUNS=10 cargo test --release -p evm-lanes-engine --test fuzz -- --nocapture
//! ```

#[path = "../support/mod.rs"]
mod support;

mod generate;
mod program;
mod token;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use evm_lanes_engine::options::StrategyId;
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_schedule::Counters;

use support::{Block, Config, DELTAS, HINTS, Outcome, Random, compare};

/// Blocks in an ordinary run: about half a minute on two cores.
const BLOCKS: u64 = 2500;
/// Virtual runs of each block in an ordinary run: of the strategy with the most that can happen, and of each other.
/// On top come one on real threads under that one, one under another, and one in order.
const RUNS: [u64; 2] = [9, 1];

#[test]
fn random_blocks_equal_stock_revm() {
    let blocks = number("EVM_LANES_FUZZ_BLOCKS").unwrap_or(BLOCKS);
    let first = number("EVM_LANES_FUZZ_SEED").unwrap_or(0);
    let next = AtomicU64::new(first);
    let stop = AtomicBool::new(false);
    let failures = Mutex::new(Vec::new());
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..number("EVM_LANES_FUZZ_THREADS").unwrap_or(cores as u64) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + blocks {
                        break;
                    }
                    let result = std::panic::catch_unwind(|| run(seed));
                    match result.unwrap_or_else(|_| Err("it panicked, see above".to_owned())) {
                        Ok(one) => tally.lock().unwrap().add(one),
                        Err(failure) => {
                            failures.lock().unwrap().push((seed, failure));
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{blocks} blocks from seed {first} on: {tally:?}");
    if let Some((seed, failure)) = failures.into_inner().unwrap().into_iter().min() {
        panic!("block {seed} (EVM_LANES_FUZZ_SEED={seed} EVM_LANES_FUZZ_BLOCKS=1):\n{failure}");
    }
    // A fuzzer whose transactions all fail, or never meet, tests nothing.
    if blocks >= 200 {
        assert!(tally.included * 10 > tally.transactions * 6, "too few are included");
        assert!(tally.succeeded * 10 > tally.transactions * 3, "too few succeed");
        assert!(tally.aborts > tally.transactions / 4, "too few conflicts");
    }
}

/// What has been run, to see that it is worth something.
#[derive(Debug, Default)]
struct Tally {
    blocks: u64,
    runs: u64,
    transactions: u64,
    included: u64,
    succeeded: u64,
    /// Over all runs.
    executed: u64,
    aborts: u64,
    blocked: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.runs += other.runs;
        self.transactions += other.transactions;
        self.included += other.included;
        self.succeeded += other.succeeded;
        self.executed += other.executed;
        self.aborts += other.aborts;
        self.blocked += other.blocked;
    }
}

fn run(seed: u64) -> Result<Tally, String> {
    let block = generate::block(seed);
    let configs = configs(seed);
    let after = compare(&block.scenario, configs.iter().copied()).map_err(|failure| {
        let small = shrink(&block, &configs);
        let again = compare(&small.scenario, configs.iter().copied()).err();
        format!("{failure}\n\nShrunk: {}\n{}", again.unwrap_or_default(), describe(&small.scenario))
    })?;
    let mut tally = Tally { blocks: 1, transactions: block.len() as u64, ..Tally::default() };
    for outcome in after.outcomes() {
        if let Outcome::Included(result) = outcome {
            tally.included += 1;
            tally.succeeded += u64::from(result.is_success());
        }
    }
    for (_, Counters { aborts, blocked, .. }) in after.work() {
        tally.runs += 1;
        tally.executed += block.len() as u64;
        tally.aborts += aborts;
        tally.blocked += blocked;
    }
    Ok(tally)
}

/// A few ways to run it.
fn configs(seed: u64) -> Vec<Config> {
    let mut random = Random::new(seed ^ 0xc0f1_6000);
    let runs = number("EVM_LANES_FUZZ_RUNS").map_or(RUNS, |runs| [runs; 2]);
    let mut configs = Vec::new();
    let mut firsts = Vec::new();
    for strategy in StrategyId::ALL.into_iter().filter(|id| *id != StrategyId::Sequential) {
        firsts.push(configs.len());
        let runs = runs[usize::from(strategy != StrategyId::BlockStm)];
        configs.extend((0..runs).map(|_| Config {
            strategy,
            seed: Some(random.next()),
            workers: *random.pick(&[1, 2, 2, 3, 3, 8, 8]),
            deltas: *random.pick(&DELTAS),
            hints: *random.pick(&HINTS),
        }));
    }
    // On real threads, too: what most is expected of, and one of the others.
    configs.push(Config { seed: None, strategy: StrategyId::BlockStm, ..configs[0] });
    configs.push(Config { seed: None, ..configs[*random.pick(&firsts)] });
    // And in order, which keeps no versions there.
    configs.push(Config { seed: None, strategy: StrategyId::Sequential, ..configs[0] });
    configs
}

/// Leaves out every transaction without which it still fails. What fails on real threads only may not shrink.
fn shrink(block: &Block, configs: &[Config]) -> Block {
    let fails = |block: &Block| {
        let compared =
            std::panic::catch_unwind(|| compare(&block.scenario, configs.iter().copied()).is_err());
        compared.unwrap_or(true)
    };
    let mut small = block.clone();
    let mut index = small.len();
    while index > 0 {
        index -= 1;
        let mut smaller = small.clone();
        smaller.scenario.transactions.remove(index);
        if fails(&smaller) {
            small = smaller;
        }
    }
    small
}

fn describe(scenario: &Scenario) -> String {
    let mut text = format!("fee recipient {}\n", scenario.block.beneficiary);
    for (address, account) in &scenario.accounts {
        let code = account.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
        text +=
            &format!("{address}: {} wei, {:?}, code {code}\n", account.balance, account.storage);
    }
    for transaction in &scenario.transactions {
        text += &format!("{}: {:?}\n", transaction.path, transaction.env);
    }
    text
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}
