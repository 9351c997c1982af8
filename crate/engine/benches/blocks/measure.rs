//! One block, measured in every way.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use evm_lanes_engine::RunError;
use evm_lanes_engine::block::{Block, Deltas, Hint, How, Parallel, Workplace};
use evm_lanes_evm::block::Hints;
use evm_lanes_schedule::{Clock, Counters, EventKind, Inline, Scoped, Strategy};
use serde::Serialize;

use crate::arguments::{Arguments, cores};
use crate::list::{self, Entry};

/// What a block took. Times are medians, in microseconds.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Measurement {
    block: String,
    name: String,
    transactions: usize,
    gas: u64,
    cores: usize,
    rounds: usize,
    /// Stock revm, one transaction after another.
    stock_revm: f64,
    /// The sequential baseline, which has the loop that attempts run.
    sequential: f64,
    runs: Vec<Run>,
}

/// A way to execute a block.
#[derive(Clone, Copy)]
struct Way {
    strategy: Strategy,
    workers: u32,
    deltas: Deltas,
}

/// What a way took.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    strategy: &'static str,
    workers: u32,
    deltas: &'static str,
    time: f64,
    /// The sequential baseline's time over this one's, the median of all rounds.
    speedup: f64,
    /// The slowest round's and the fastest one's.
    speedup_range: [f64; 2],
    /// The same against stock revm.
    over_stock_revm: f64,
    /// Speedup by worker.
    efficiency: f64,
    /// Gas of all attempts over the gas of the block, each attempt at what its transaction comes to.
    wasted_work: f64,
    /// Of all threads together; `None` where that is not known.
    processor_seconds: Option<f64>,
    attempts: u64,
    aborts: u64,
    blocked: u64,
}

/// Measures a block, once every way has been found to give what stock revm gives.
pub(crate) fn measure(entry: &Entry, arguments: &Arguments) -> Result<Measurement, String> {
    let prepared = entry.prepare()?;
    let scenario = list::read(&prepared.text)?;
    let never = AtomicBool::new(false);
    let block = Block::prepare(&scenario, &never, &|_| {})
        .map_err(|error| error.to_string())?
        .map_err(|failure| format!("{:?}: {}", failure.at, failure.message))?;
    let bench = Bench::new(&block, arguments.deltas, entry.is_real())?;
    if prepared.gas.is_some_and(|gas| gas != bench.gas()) {
        return Err(format!("it uses {} gas, not {:?}", bench.gas(), prepared.gas));
    }

    let ways = ways(arguments);
    // A fast wrong answer is no answer; and this warms up what there is to be warmed up.
    let mut wasted = Vec::new();
    for &way in &ways {
        let run = bench.execute(way, Some(&bench.clock), false)?;
        let Way { strategy, workers, .. } = way;
        bench.check(&run).map_err(|error| format!("{} on {workers}: {error}", strategy.id()))?;
        wasted.push(bench.wasted_work(&run));
    }

    let mut stock = Vec::new();
    let mut sequential = Vec::new();
    let mut times = vec![Vec::new(); ways.len()];
    let mut processor = vec![Duration::ZERO; ways.len()];
    let mut counters = vec![Counters::default(); ways.len()];
    for _ in 0..arguments.rounds {
        stock.push(microseconds(block.time_stock_revm(&bench.clock, &never))?);
        sequential.push(microseconds(block.time_sequential(&bench.clock, &never))?);
        for (index, &way) in ways.iter().enumerate() {
            let before = processor_time();
            let (time, done) = bench.time(way)?;
            times[index].push(time);
            processor[index] += processor_time().zip(before).map_or(Duration::ZERO, |(a, b)| a - b);
            counters[index] = done;
        }
    }

    let runs = ways.iter().enumerate().map(|(index, &Way { strategy, workers, deltas })| {
        let ratios = |of: &[f64]| -> Vec<f64> {
            of.iter().zip(&times[index]).map(|(sequential, time)| sequential / time).collect()
        };
        let ratios_over_sequential = sorted(ratios(&sequential));
        let speedup = median(&ratios_over_sequential);
        let seconds = processor[index].as_secs_f64() / arguments.rounds as f64;
        Run {
            strategy: strategy.id(),
            workers,
            deltas: deltas.id(),
            time: median(&times[index]),
            speedup,
            speedup_range: ends(&ratios_over_sequential),
            over_stock_revm: median(&ratios(&stock)),
            efficiency: speedup / f64::from(workers),
            wasted_work: wasted[index],
            processor_seconds: processor_time().map(|_| seconds),
            attempts: counters[index].attempts,
            aborts: counters[index].aborts,
            blocked: counters[index].blocked,
        }
    });
    Ok(Measurement {
        block: entry.id.clone(),
        name: entry.name.clone(),
        transactions: scenario.transactions.len(),
        gas: bench.gas(),
        cores: cores(),
        rounds: arguments.rounds,
        stock_revm: median(&stock),
        sequential: median(&sequential),
        runs: runs.collect(),
    })
}

/// Every strategy with every number of workers; and `ladder` on most of them with all the deltas there are.
fn ways(arguments: &Arguments) -> Vec<Way> {
    let Arguments { strategies, workers, deltas, .. } = arguments;
    let each =
        |&strategy| workers.iter().map(move |&workers| Way { strategy, workers, deltas: *deltas });
    let mut ways: Vec<Way> = strategies.iter().flat_map(each).collect();
    let most = Way {
        strategy: Strategy::Ladder,
        workers: workers.iter().copied().max().unwrap_or(1),
        deltas: Deltas::ALL[Deltas::ALL.len() - 1],
    };
    if strategies.contains(&most.strategy) && *deltas != most.deltas {
        ways.push(most);
    }
    ways
}

/// A block and what is known of it.
struct Bench<'b, 's> {
    block: &'b Block<'s>,
    /// Whether it is not told who sent what, which would be a hint.
    unhinted: bool,
    expected: evm_lanes_engine::block::Sequential,
    /// What `dag` and `bal` are told.
    known: Hints,
    never: AtomicBool,
    clock: SinceStart,
}

impl<'b, 's> Bench<'b, 's> {
    fn new(block: &'b Block<'s>, deltas: Deltas, unhinted: bool) -> Result<Self, String> {
        let never = AtomicBool::new(false);
        let expected =
            block.sequential(None, &never, &|_| {}).map_err(|error| error.to_string())?;
        let clock = SinceStart(Instant::now());
        let known = Hints::default();
        let mut bench = Self { block, unhinted, expected, known, never, clock };
        let tracked = bench.execute(
            Way { strategy: Strategy::Sequential, workers: 1, deltas },
            None,
            true,
        )?;
        let weights = bench.expected.outcomes.iter().map(|outcome| outcome.gas_used()).collect();
        let needs = block.dependencies(&tracked.accesses).needs();
        bench.known = Hints { needs, weights, writes: tracked.writes(), ..Hints::default() };
        Ok(bench)
    }

    fn gas(&self) -> u64 {
        self.expected.outcomes.iter().map(|outcome| outcome.gas_used()).sum()
    }

    fn execute(
        &self,
        Way { strategy, workers, deltas }: Way,
        clock: Option<&dyn Clock>,
        accesses: bool,
    ) -> Result<Parallel, String> {
        let scoped = Scoped { workers: NonZeroU32::new(workers).ok_or("no workers")? };
        let sequential = strategy == Strategy::Sequential;
        let how = How {
            strategy,
            hints: match strategy {
                Strategy::Dag | Strategy::Bal => Hint::Given(&self.known),
                _ if self.unhinted => Hint::None,
                _ => Hint::Senders,
            },
            deltas,
            workplace: Workplace::Real(if sequential { &Inline } else { &scoped }),
            accesses,
            attempts: false,
            clock,
            cancel: &self.never,
            progress: &|_| {},
        };
        self.block.parallel(&how).map_err(|error| error.to_string())
    }

    /// In microseconds.
    fn time(&self, way: Way) -> Result<(f64, Counters), String> {
        let start = self.clock.now();
        let done = self.execute(way, None, false)?;
        Ok(((self.clock.now() - start) as f64 / 1e3, done.counters))
    }

    fn check(&self, run: &Parallel) -> Result<(), String> {
        let same =
            run.outcomes == self.expected.outcomes && self.block.after(run) == self.expected.after;
        same.then_some(()).ok_or_else(|| "the result is wrong".to_owned())
    }

    fn wasted_work(&self, run: &Parallel) -> f64 {
        let attempts = run
            .events
            .iter()
            .filter(|event| matches!(event.kind, EventKind::Executed | EventKind::Blocked { .. }));
        let gas =
            attempts.map(|event| self.expected.outcomes[event.version.tx.0 as usize].gas_used());
        gas.sum::<u64>() as f64 / self.gas().max(1) as f64
    }
}

/// Several blocks as if they were one.
#[derive(Default)]
pub(crate) struct Total {
    blocks: Vec<Measurement>,
}

impl Total {
    /// One more.
    pub(crate) fn add(&mut self, measurement: &Measurement) {
        self.blocks.push(measurement.clone());
    }

    /// Sums of times, and ratios of sums; nothing if there are no blocks.
    pub(crate) fn measurement(&self) -> Option<Measurement> {
        let first = self.blocks.first()?;
        let sequential: f64 = self.blocks.iter().map(|block| block.sequential).sum();
        let stock: f64 = self.blocks.iter().map(|block| block.stock_revm).sum();
        let gas: u64 = self.blocks.iter().map(|block| block.gas).sum();
        let runs = first.runs.iter().enumerate().map(|(index, run)| {
            let all: Vec<_> = self.blocks.iter().map(|block| (block, &block.runs[index])).collect();
            let sum = |of: &dyn Fn(&Run) -> f64| all.iter().map(|(_, run)| of(run)).sum::<f64>();
            let time = sum(&|run| run.time);
            let attempted: f64 =
                all.iter().map(|(block, run)| run.wasted_work * block.gas as f64).sum();
            let ratios = sorted(all.iter().map(|(_, run)| run.speedup).collect());
            Run {
                strategy: run.strategy,
                workers: run.workers,
                deltas: run.deltas,
                time,
                speedup: sequential / time,
                speedup_range: ends(&ratios),
                over_stock_revm: stock / time,
                efficiency: sequential / time / f64::from(run.workers),
                wasted_work: attempted / gas as f64,
                processor_seconds: all.iter().map(|(_, run)| run.processor_seconds).sum(),
                attempts: all.iter().map(|(_, run)| run.attempts).sum(),
                aborts: all.iter().map(|(_, run)| run.aborts).sum(),
                blocked: all.iter().map(|(_, run)| run.blocked).sum(),
            }
        });
        Some(Measurement {
            block: "real-total".to_owned(),
            name: format!("all {} real blocks", self.blocks.len()),
            transactions: self.blocks.iter().map(|block| block.transactions).sum(),
            gas,
            cores: first.cores,
            rounds: first.rounds,
            stock_revm: stock,
            sequential,
            runs: runs.collect(),
        })
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, name, transactions, gas, .. } = self;
        let (stock, sequential) = (self.stock_revm / 1e3, self.sequential / 1e3);
        writeln!(
            f,
            "\n{block}: {name}, {transactions} transactions, {:.1} Mgas",
            *gas as f64 / 1e6
        )?;
        writeln!(f, "  stock revm {stock:.2} ms, sequential baseline {sequential:.2} ms")?;
        write!(
            f,
            "  {:<14} {:<8} {:>7} {:>10} {:>8} {:>14} {:>8} {:>10} {:>7} {:>7} {:>7} {:>7} {:>7}",
            "strategy",
            "deltas",
            "workers",
            "time",
            "speedup",
            "range",
            "÷ stock",
            "efficiency",
            "wasted",
            "CPU",
            "tries",
            "aborts",
            "blocked"
        )?;
        for run in &self.runs {
            let Run { strategy, workers, deltas, speedup, over_stock_revm, attempts, .. } = run;
            let range = format!("{:.2} to {:.2}", run.speedup_range[0], run.speedup_range[1]);
            let processor =
                run.processor_seconds.map_or("?".to_owned(), |s| format!("{:.0} ms", s * 1e3));
            write!(
                f,
                "\n  {strategy:<14} {deltas:<8} {workers:>7} {:>7.2} ms {speedup:>7.2}× {range:>14} \
                 {over_stock_revm:>7.2}× {:>8.0} % {:>7.2} {processor:>7} {attempts:>7} {:>7} {:>7}",
                run.time / 1e3,
                run.efficiency * 100.0,
                run.wasted_work,
                run.aborts,
                run.blocked,
            )?;
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct SinceStart(pub(crate) Instant);

impl Clock for SinceStart {
    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What this process has taken on all cores so far.
fn processor_time() -> Option<Duration> {
    cpu_time::ProcessTime::try_now().ok().map(|time| time.as_duration())
}

pub(crate) fn microseconds(nanoseconds: Result<u64, RunError>) -> Result<f64, String> {
    Ok(nanoseconds.map_err(|error| error.to_string())? as f64 / 1e3)
}

fn ends(sorted: &[f64]) -> [f64; 2] {
    [sorted[0], sorted[sorted.len() - 1]]
}

fn median(values: &[f64]) -> f64 {
    sorted(values.to_vec())[values.len() / 2]
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}
