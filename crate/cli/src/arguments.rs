//! What can be said on the command line.

use std::path::PathBuf;

use crate::conform::ConformArguments;
use crate::fetch::FetchArguments;
use clap::{ArgGroup, Args, Parser, Subcommand};
use evm_lanes_engine::options::{
    ClockId, CostId, DeltaId, HintId, MAX_WORKERS, Options, StrategyId,
};
use evm_lanes_engine::what_if::Change;
use serde::de::{DeserializeOwned, IntoDeserializer as _, value};

const EXIT_CODES: &str = "\
Exit codes:
  0  the parallel result equals the sequential one (check: nothing is wrong; compare: every one does)
  1  the parallel result differs from the sequential one (compare: one of them does)
  2  wrong usage, or the file cannot be read
  3  the scenario has problems
  4  cancelled (Ctrl-C)
  5  a failure of the program itself";

const WHAT_IF_HELP: &str = "\
Transactions go by their place in the block, counted from 0, locations by their labels in the report.
Transactions are dropped first, then moved one after another. All times are virtual. Where a location is split
or commutative, every transaction finds there what it finds in block order, and does not wait for it.

  evm-lanes what-if block.json --drop 3 --move 5:0 --split token.totalSupply

Exit codes:
  0  answered
  2  wrong usage, the file cannot be read, or a change names something that is not there
  3  the scenario has problems
  4  cancelled (Ctrl-C)
  5  a failure of the program itself";

const CONFORM_EXIT_CODES: &str = "\
Fixtures are told by what is in them: blockchain tests, state tests, and real blocks.

Exit codes:
  0  no case failed
  1  a case failed
  2  wrong usage, or there are no fixtures
  4  cancelled (Ctrl-C)
  5  a failure of the program itself";

const LINT_EXIT_CODES: &str = "\
Parallelism is the block's gas over that of its longest chain of dependent transactions: no number of workers makes it
faster than that. A share is that of the chain in the block's gas, from 0 to 1.

  evm-lanes lint block.json --min-parallelism 4 --max-critical-path-share 0.5

Exit codes:
  0  every block is parallel enough
  1  a block is too serial
  2  wrong usage, or a file cannot be read
  3  a scenario has problems
  4  cancelled (Ctrl-C)
  5  a failure of the program itself";

const FETCH_HELP: &str = "\
The state comes from the node's prestateTracer where it has `debug_`; otherwise the block is run again and again, and
what it lacked is looked up at the block before, until it lacks nothing.

  evm-lanes fetch --rpc http://localhost:8545 --block latest -o block.json && evm-lanes run block.json

Exit codes:
  0  every transaction has the gas and the status of its receipt
  1  one of them has not (the scenario is written all the same)
  2  wrong usage
  4  cancelled (Ctrl-C)
  5  the node gives no such block, or no answer";

const LIST_EXIT_CODES: &str = "\
With --json or --rlp the list is what a scenario's `blockAccessList` takes.

Exit codes:
  0  there is a list
  2  wrong usage, or the file cannot be read
  3  the scenario has problems
  4  cancelled (Ctrl-C)
  5  a failure of the program itself";

const IMPORT_HELP: &str = "\
Formats are told by what is in a file: raw signed transactions (one 0x… a line), JSON-RPC blocks, transactions and
receipts, prestateTracer and debug_traceBlock* output, eth_createAccessList, geth's alloc, env and txs, Ethereum's
blockchain and state tests, block access lists (EIP-7928), Foundry's broadcast files, dumps of anvil. What belongs
together is given together, in files of its own or in one: an object such as { \"block\": …, \"prestate\": …,
\"receipts\": … }, a list, or the answers to a batch of calls. Receipts are compared with what the scenario gives.
`run` and the others take each of these formats, too.

  evm-lanes import block.json prestate.json -o scenario.json
  evm-lanes import transactions.txt anvil-state.json | evm-lanes run -

Exit codes:
  0  there is a scenario
  2  wrong usage, or a file cannot be read
  3  a file has problems, or something is missing";

const EXPORT_HELP: &str = "\
The script of cast starts with the command for its anvil, and needs nobody's keys: transactions that are not signed are
sent by impersonation.

  evm-lanes export scenario.json --format cast -o replay.sh

Exit codes:
  0  everything was written
  1  something could not be, and was left out
  2  wrong usage, or a file cannot be read
  3  the scenario has problems";

/// Execute a block of Ethereum transactions in parallel, see what conflicts, and check the result against sequential
/// execution.
#[derive(Debug, Parser)]
#[command(name = "evm-lanes", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario sequentially and in parallel, and compare the two.
    #[command(after_help = EXIT_CODES)]
    Run(RunArguments),
    /// Run a scenario in every strategy, and compare each with the sequential run.
    #[command(after_help = EXIT_CODES)]
    Compare(CompareArguments),
    /// Say what a scenario's locations cost its block, and how it would stand if it were a little different.
    #[command(name = "what-if", after_help = WHAT_IF_HELP)]
    WhatIf(WhatIfArguments),
    /// Fail where a block is too serial, and say which locations are to blame.
    #[command(after_help = LINT_EXIT_CODES)]
    Lint(LintArguments),
    /// Write a scenario of what other tools have written.
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArguments),
    /// Write a scenario as other tools read it.
    #[command(after_help = EXPORT_HELP)]
    Export(ExportArguments),
    /// Only look for problems in a scenario.
    #[command(after_help = EXIT_CODES)]
    Check(CheckArguments),
    /// Print the block access list (EIP-7928) that a scenario's block gives, and its hash.
    #[command(name = "access-list", after_help = LIST_EXIT_CODES)]
    AccessList(ListArguments),
    /// Take a block, or some of its transactions, from a node: a scenario, checked against the node's receipts.
    #[command(after_help = FETCH_HELP)]
    Fetch(FetchArguments),
    /// Run Ethereum's published tests and real blocks in every way, and compare with what they say.
    #[command(after_help = CONFORM_EXIT_CODES)]
    Conform(ConformArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The files; - for standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Where to write the scenario [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The scenario, or a file in any format that `import` reads; - for standard input.
    pub(crate) file: PathBuf,
    /// t8n (alloc, env and txs), raw (signed transactions, one a line), cast (a script that replays the block on anvil, whoever
    /// has the keys) or scenario.
    #[arg(long, value_name = "t8n|raw|cast|scenario")]
    pub(crate) format: ExportFormat,
    /// Where to write it [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What other tools read.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    T8n,
    Raw,
    Cast,
    Scenario,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The scenario; - for standard input.
    pub(crate) file: PathBuf,
    /// Print what was found as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("limits").required(true).multiple(true)))]
pub(crate) struct LintArguments {
    /// The scenarios; - for standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The least parallelism, 1 or more.
    #[arg(long, value_name = "X", group = "limits", value_parser = at_least_one)]
    pub(crate) min_parallelism: Option<f64>,
    /// The largest share of the critical path, from 0 to 1.
    #[arg(long, value_name = "X", group = "limits", value_parser = share)]
    pub(crate) max_critical_path_share: Option<f64>,
    #[command(flatten)]
    how: HowArguments,
    /// Print what was found as JSON, a list with an item for each file.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print what is too serial as GitHub's log wants it, too.
    #[arg(long, conflicts_with = "json")]
    pub(crate) github: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The scenario; - for standard input.
    pub(crate) file: PathBuf,
    /// Print the list as JSON, an account a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the list as it is encoded (RLP, hexadecimal).
    #[arg(long, conflicts_with = "json")]
    pub(crate) rlp: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The scenario; - for standard input.
    pub(crate) file: PathBuf,
    /// How parallelism is found: sequential, two-phase, ordered-merge, block-stm, ladder, locks, dag (an oracle) or
    /// bal (a block access list).
    #[arg(long, value_name = "ID", value_parser = id::<StrategyId>)]
    strategy: Option<StrategyId>,
    #[command(flatten)]
    how: HowArguments,
    /// Print the whole report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The scenario; - for standard input.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    how: HowArguments,
    /// Print the comparison as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How to run, whatever the strategy.
#[derive(Debug, Args)]
struct HowArguments {
    /// How many workers, 1 to 64 [default: 4; on the measured clock, one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_WORKERS)))]
    workers: Option<u32>,
    /// Which clock: virtual (deterministic, any number of workers) or measured (real threads).
    #[arg(long, value_name = "ID", value_parser = id::<ClockId>)]
    clock: Option<ClockId>,
    /// What a transaction costs in virtual time: its gas, or its measured sequential time.
    #[arg(long, value_name = "gas|time", value_parser = id::<CostId>)]
    cost: Option<CostId>,
    /// Seed of the virtual schedule, below 2^53.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..1 << 53))]
    seed: Option<u64>,
    /// Which updates are commutative additions: none, fees, balances or storage.
    #[arg(long, value_name = "ID", value_parser = id::<DeltaId>)]
    deltas: Option<DeltaId>,
    /// What the scheduler is told beforehand: none or senders.
    #[arg(long, value_name = "ID", value_parser = id::<HintId>)]
    hints: Option<HintId>,
    /// Timed repetitions on the measured clock, 1 to 100; the median counts.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct WhatIfArguments {
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Leave this transaction out.
    #[arg(long, value_name = "N")]
    drop: Vec<u32>,
    /// Move a transaction to another place, counted in the block without it.
    #[arg(long = "move", value_name = "FROM:TO", value_parser = pair)]
    moves: Vec<(u32, u32)>,
    /// Give every transaction its own copy of this location.
    #[arg(long, value_name = "LOCATION")]
    split: Vec<String>,
    /// Turn what is written to this location into additions.
    #[arg(long, value_name = "LOCATION")]
    commute: Vec<String>,
}

impl WhatIfArguments {
    /// What is to be different.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let drops = self.drop.iter().map(|&transaction| Change::Drop { transaction });
        let moves = self.moves.iter().map(|&(transaction, to)| Change::Move { transaction, to });
        let split = |location: &String| Change::Split { location: location.clone() };
        let commute = |location: &String| Change::Commute { location: location.clone() };
        let locations = self.split.iter().map(split).chain(self.commute.iter().map(commute));
        drops.chain(moves).chain(locations).collect()
    }
}

impl RunArguments {
    /// The engine's options: its defaults where nothing was said.
    pub(crate) fn options(&self) -> Options {
        self.how.options(self.strategy)
    }
}

impl CompareArguments {
    /// The same.
    pub(crate) fn options(&self) -> Options {
        self.how.options(None)
    }
}

impl LintArguments {
    /// The same.
    pub(crate) fn options(&self) -> Options {
        self.how.options(None)
    }
}

impl HowArguments {
    fn options(&self, strategy: Option<StrategyId>) -> Options {
        let default = Options::default();
        let clock = self.clock.unwrap_or(default.clock);
        let workers = match clock {
            ClockId::Virtual => default.workers,
            ClockId::Measured => cores().min(MAX_WORKERS),
        };
        Options {
            strategy: strategy.unwrap_or(default.strategy),
            workers: self.workers.unwrap_or(workers),
            clock,
            cost: self.cost.unwrap_or(default.cost),
            seed: self.seed.unwrap_or(default.seed),
            deltas: self.deltas.unwrap_or(default.deltas),
            hints: self.hints.unwrap_or(default.hints),
            repeats: self.repeats.unwrap_or(default.repeats),
        }
    }
}

/// One of the engine's ids, by the name it has everywhere else; the error lists the names there are.
fn id<T: DeserializeOwned>(text: &str) -> Result<T, value::Error> {
    T::deserialize(text.into_deserializer())
}

fn at_least_one(text: &str) -> Result<f64, &'static str> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 1.0);
    number.ok_or("not a number from 1 on")
}

fn share(text: &str) -> Result<f64, &'static str> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or("not a number from 0 to 1")
}

/// `5:0`.
fn pair(text: &str) -> Result<(u32, u32), &'static str> {
    let numbers =
        text.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    numbers.ok_or("not two numbers with a colon between them, as in 5:0")
}

fn cores() -> u32 {
    std::thread::available_parallelism()
        .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX))
}
