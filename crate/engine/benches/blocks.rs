//! How long blocks take: `block-stm` at several worker counts against the sequential baseline, natively.
//!
//! `cargo bench -p evm-lanes-engine --bench blocks -- [--json] [--rounds N] [--workers 1,2] [--only ID]`
//!
//! Every round measures the baseline and then each worker count, and a ratio is taken within a round: on a machine that
//! does other things as well, neighbours in time are what can be compared. The blocks are those of
//! `tests/bench/workloads.json`, which the bench in the browser runs too.

use std::num::{NonZeroU32, NonZeroUsize};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use evm_lanes_engine::block::{Block, Deltas, Hint, How, Parallel, Workplace};
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_schedule::{Clock, Counters, Scoped, Strategy};
use serde::{Deserialize, Serialize};
use serde_json::json;

const WORKLOADS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/bench/workloads.json"));

/// An entry of `workloads.json`.
#[derive(Deserialize)]
struct Workload {
    id: String,
    name: String,
    generate: serde_json::Value,
}

/// A line of the result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measurement {
    workload: String,
    name: String,
    transactions: usize,
    gas: u64,
    strategy: &'static str,
    workers: u32,
    cores: usize,
    rounds: usize,
    /// Medians.
    sequential_microseconds: f64,
    parallel_microseconds: f64,
    /// Median of the rounds' sequential over parallel.
    speedup: f64,
    /// The slowest and the fastest round's.
    speedup_range: [f64; 2],
    /// Of the last round.
    attempts: u64,
    aborts: u64,
    blocked: u64,
}

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let workloads: Vec<Workload> =
        serde_json::from_str(WORKLOADS).expect("workloads.json is a list of workloads");
    let mut right = true;
    if !arguments.json {
        println!("{} cores, {} rounds, medians", cores(), arguments.rounds);
        println!(
            "{:<18} {:>6} {:>7} {:>12} {:>12} {:>8}  {:<13} attempts, aborts, blocked",
            "workload", "txs", "workers", "sequential", "block-stm", "speedup", "range"
        );
    }
    for workload in &workloads {
        if arguments.only.as_ref().is_some_and(|only| *only != workload.id) {
            continue;
        }
        match measure(workload, &arguments) {
            Ok(lines) => lines.iter().for_each(|line| line.print(arguments.json)),
            Err(message) => {
                eprintln!("{}: {message}", workload.id);
                right = false;
            }
        }
    }
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(workload: &Workload, arguments: &Arguments) -> Result<Vec<Measurement>, String> {
    let never = AtomicBool::new(false);
    let text = json!({ "transactions": [{ "generate": workload.generate }] }).to_string();
    let (scenario, problems) = scenario::read(&text, Library::bundled());
    let scenario = scenario.ok_or_else(|| format!("{problems:#?}"))?;
    let block = Block::prepare(&scenario, &never, &|_| {})
        .map_err(|error| error.to_string())?
        .map_err(|failure| failure.message)?;
    let run = |workers: u32| -> Result<Parallel, String> {
        let pool = Scoped { workers: NonZeroU32::new(workers).ok_or("no workers")? };
        let how = How {
            strategy: Strategy::BlockStm,
            hints: Hint::Senders,
            deltas: Deltas::Fees,
            workplace: Workplace::Real(&pool),
            accesses: false,
            clock: None,
            cancel: &never,
            progress: &|_| {},
        };
        block.parallel(&how).map_err(|error| error.to_string())
    };

    // A fast wrong answer is no answer; and this warms up what there is to be warmed up.
    let expected = block.sequential(None, &never, &|_| {}).map_err(|error| error.to_string())?;
    for &workers in &arguments.workers {
        let found = run(workers)?;
        if found.outcomes != expected.outcomes || block.after(&found) != expected.after {
            return Err(format!("with {workers} workers the result is wrong"));
        }
    }
    let gas = expected.outcomes.iter().map(|outcome| outcome.gas_used()).sum();

    let clock = SinceStart(Instant::now());
    let mut sequential = Vec::new();
    let mut parallel = vec![Vec::new(); arguments.workers.len()];
    let mut counters = vec![Counters::default(); arguments.workers.len()];
    for _ in 0..arguments.rounds {
        let nanoseconds =
            block.time_sequential(&clock, &never).map_err(|error| error.to_string())?;
        sequential.push(nanoseconds as f64 / 1e3);
        for (index, &workers) in arguments.workers.iter().enumerate() {
            let start = clock.now();
            let done = run(workers)?;
            parallel[index].push((clock.now() - start) as f64 / 1e3);
            counters[index] = done.counters;
        }
    }
    let lines = arguments.workers.iter().zip(parallel).zip(counters);
    let lines = lines.map(|((&workers, parallel), counters)| {
        let ratios = sequential.iter().zip(&parallel).map(|(s, p)| s / p);
        let ratios = sorted(ratios.collect());
        Measurement {
            workload: workload.id.clone(),
            name: workload.name.clone(),
            transactions: scenario.transactions.len(),
            gas,
            strategy: "block-stm",
            workers,
            cores: cores(),
            rounds: arguments.rounds,
            sequential_microseconds: median(sequential.clone()),
            parallel_microseconds: median(parallel),
            speedup: ratios[ratios.len() / 2],
            speedup_range: [ratios[0], ratios[ratios.len() - 1]],
            attempts: counters.attempts,
            aborts: counters.aborts,
            blocked: counters.blocked,
        }
    });
    Ok(lines.collect())
}

impl Measurement {
    fn print(&self, json: bool) {
        if json {
            println!("{}", serde_json::to_string(self).expect("plain data"));
            return;
        }
        let Self { workload, transactions, workers, speedup, .. } = self;
        let (sequential, parallel) =
            (self.sequential_microseconds / 1e3, self.parallel_microseconds / 1e3);
        let range = format!("{:.2} to {:.2}", self.speedup_range[0], self.speedup_range[1]);
        println!(
            "{workload:<18} {transactions:>6} {workers:>7} {sequential:>9.2} ms {parallel:>9.2} ms \
             {speedup:>7.2}×  {range:<13} {}, {}, {}",
            self.attempts, self.aborts, self.blocked,
        );
    }
}

struct Arguments {
    json: bool,
    rounds: usize,
    workers: Vec<u32>,
    only: Option<String>,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let all = u32::try_from(cores()).unwrap_or(u32::MAX);
        let mut workers = vec![1, 2, all];
        workers.sort_unstable();
        workers.dedup();
        let mut parsed = Self { json: false, rounds: 15, workers, only: None };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            let wrong = |_| format!("{argument} needs a number");
            match argument.as_str() {
                "--json" => parsed.json = true,
                "--rounds" => parsed.rounds = value()?.parse::<usize>().map_err(wrong)?.max(1),
                "--workers" => {
                    let list = value()?;
                    let numbers = list.split(',').map(|n| n.trim().parse().map_err(wrong));
                    parsed.workers = numbers.collect::<Result<_, _>>()?;
                }
                "--only" => parsed.only = Some(value()?),
                // Cargo says so to every bench.
                "--bench" => {}
                _ => return Err(format!("what is {argument}?")),
            }
        }
        Ok(parsed)
    }
}

#[derive(Debug)]
struct SinceStart(Instant);

impl Clock for SinceStart {
    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

fn median(values: Vec<f64>) -> f64 {
    let values = sorted(values);
    values[values.len() / 2]
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}
