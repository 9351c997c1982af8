//! `evm-lanes conform`: published tests and real blocks against every strategy.

use std::fmt::Write as _;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anstyle::AnsiColor;
use clap::Args;
use evm_lanes_conform::{Clock, Deltas, Job, Rules, Summary, Told, Ways, run};
use evm_lanes_engine::options::MAX_WORKERS;
use evm_lanes_schedule::Strategy;
use serde::Serialize;

use crate::commands::{End, complain};
use crate::numbers::{count, grouped};
use crate::output::{self, clean};
use crate::surroundings;

/// The most failed cases told in full.
const MOST_FAILURES: usize = 50;

#[derive(Debug, Args)]
pub(crate) struct ConformArguments {
    /// Files, archives (.tar, .gz, .zst) or folders of them, at any depth.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Which strategies: all, or a list.
    #[arg(long, value_name = "IDS", default_value = "all", value_delimiter = ',')]
    strategy: Vec<String>,
    /// How many workers, a list of numbers of 1 to 64.
    #[arg(
        long,
        value_name = "N",
        default_value = "1,2,4,8",
        value_delimiter = ',',
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_WORKERS))
    )]
    workers: Vec<u32>,
    /// Which clocks: all, measured (real threads) or virtual.
    #[arg(long, value_name = "IDS", default_value = "all", value_delimiter = ',')]
    clock: Vec<String>,
    /// Which updates are commutative additions: all, none, fees, balances, storage, or a list.
    #[arg(long, value_name = "IDS", default_value = "fees", value_delimiter = ',')]
    deltas: Vec<String>,
    /// What the scheduler is told beforehand: all, none or senders.
    #[arg(long, value_name = "IDS", default_value = "senders", value_delimiter = ',')]
    hints: Vec<String>,
    /// Seed of the virtual schedule.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Which draft of a fork: current (what revm implements) or bal@v5.1.0 [default: what each fixture says].
    #[arg(long, value_name = "ID")]
    rules: Option<String>,
    /// Only cases with this in the name of their file or their own.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How many cases at a time [default: one for each core].
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// The result as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result {
    strategies: Vec<&'static str>,
    workers: Vec<NonZeroU32>,
    clocks: Vec<&'static str>,
    cases: u64,
    failed: usize,
    #[serde(flatten)]
    summary: Summary,
    seconds: f64,
}

/// Runs the command.
pub(crate) fn conform(arguments: &ConformArguments) -> End {
    let (ways, rules) = match arguments.ways().and_then(|ways| Ok((ways, arguments.rules()?))) {
        Ok(read) => read,
        Err(message) => return complain(End::Usage, &message),
    };
    let cancel = match surroundings::cancel() {
        Ok(cancel) => cancel,
        Err(error) => return complain(End::Failed, &format!("no handler for Ctrl-C: {error}")),
    };
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let start = Instant::now();
    let summary = run(&Job {
        paths: &arguments.paths,
        ways: &ways,
        rules,
        only: arguments.only.as_deref(),
        threads: arguments.jobs.unwrap_or(cores),
        cancel,
        progress: &|done| output::progress(&format!("{} cases", grouped(done))),
    });
    output::progress_ends();
    let elapsed = start.elapsed();
    let end = match &summary {
        summary if summary.cancelled => End::Cancelled,
        summary if !summary.failures.is_empty() => End::Differs,
        summary if summary.cases() == 0 => End::Usage,
        _ => End::Well,
    };
    if arguments.json {
        output::print_json(&Result {
            strategies: ways.strategies.iter().map(|strategy| strategy.id()).collect(),
            workers: ways.workers.clone(),
            clocks: ways.clocks.iter().map(|clock| clock.id()).collect(),
            cases: summary.cases(),
            failed: summary.failures.len(),
            summary,
            seconds: elapsed.as_secs_f64(),
        });
    } else {
        output::print(&render(&summary, &ways, elapsed));
    }
    match end {
        End::Usage => complain(end, "there are no fixtures below these paths"),
        end => end,
    }
}

impl ConformArguments {
    fn ways(&self) -> std::result::Result<Ways, String> {
        let strategies =
            pick(&self.strategy, &Strategy::ALL, |strategy| strategy.id(), "strategy")?;
        let clocks = pick(&self.clock, &Clock::ALL, |clock| clock.id(), "clock")?;
        let deltas = pick(&self.deltas, &Deltas::ALL, |deltas| deltas.id(), "set of deltas")?;
        let told = pick(&self.hints, &Told::ALL, |told| told.id(), "hint")?;
        let workers = self.workers.iter().filter_map(|workers| NonZeroU32::new(*workers)).collect();
        // Who names strategies or clocks wants those.
        let messages = strategies.len() == Strategy::ALL.len() && clocks.len() == Clock::ALL.len();
        Ok(Ways { strategies, workers, clocks, deltas, told, seed: self.seed, messages })
    }

    fn rules(&self) -> std::result::Result<Option<Rules>, String> {
        let Some(rules) = &self.rules else { return Ok(None) };
        let picked =
            pick(std::slice::from_ref(rules), &Rules::ALL, |rules| rules.id(), "rule set")?;
        Ok(picked.first().copied())
    }
}

/// Those with these names, in their own order; all of them for `all`.
fn pick<T: Copy>(
    names: &[String],
    all: &[T],
    id: impl Fn(&T) -> &'static str,
    what: &str,
) -> std::result::Result<Vec<T>, String> {
    if let Some(unknown) =
        names.iter().find(|name| *name != "all" && all.iter().all(|one| id(one) != name.as_str()))
    {
        let known: Vec<_> = all.iter().map(&id).collect();
        let unknown = clean(unknown);
        return Err(format!("there is no {what} {unknown:?}; there are {}", known.join(", ")));
    }
    let wanted = |one: &&T| names.iter().any(|name| name == "all" || name == id(one));
    Ok(all.iter().filter(wanted).copied().collect())
}

fn render(summary: &Summary, ways: &Ways, elapsed: Duration) -> String {
    let mut text = String::new();
    let bold = anstyle::Style::new().bold();
    let red = AnsiColor::Red.on_default().bold();
    let green = AnsiColor::Green.on_default().bold();
    for failure in summary.failures.iter().take(MOST_FAILURES) {
        let _ = writeln!(text, "{red}failed{red:#} {}", clean(&failure.file));
        if !failure.case.is_empty() {
            let _ = writeln!(text, "       {}", clean(&failure.case));
        }
        for problem in &failure.problems {
            let _ = writeln!(text, "         {}", clean(problem));
        }
    }
    let more = summary.failures.len().saturating_sub(MOST_FAILURES);
    if more > 0 {
        let _ = writeln!(text, "… and {} more that failed (--json has all)", grouped(more as u64));
    }
    let strategies: Vec<_> = ways.strategies.iter().map(|strategy| strategy.id()).collect();
    let workers: Vec<_> = ways.workers.iter().map(ToString::to_string).collect();
    let clocks: Vec<_> = ways.clocks.iter().map(|clock| clock.id()).collect();
    let _ = writeln!(
        text,
        "{bold}{} in {}{bold:#}, {:.1} s; {} ways: {} on {} workers, {} clock",
        count(usize::try_from(summary.cases()).unwrap_or(usize::MAX), "case"),
        count(usize::try_from(summary.files).unwrap_or(usize::MAX), "file"),
        elapsed.as_secs_f64(),
        ways.count(),
        strategies.join(", "),
        workers.join(", "),
        clocks.join(" and "),
    );
    let _ = writeln!(
        text,
        "  {green}passed{green:#}  {:>7}  {} blocks, {} transactions, {} gas in each way",
        grouped(summary.passed),
        grouped(summary.blocks),
        grouped(summary.transactions),
        grouped(summary.gas),
    );
    if summary.access_lists > 0 {
        let lists = grouped(summary.access_lists);
        let _ = writeln!(text, "                   with the hashes of {lists} block access lists");
    }
    let style = if summary.failures.is_empty() { green } else { red };
    let _ =
        writeln!(text, "  {style}failed{style:#}  {:>7}", grouped(summary.failures.len() as u64));
    let _ = writeln!(text, "  skipped {:>7}", grouped(summary.skipped_cases()));
    for (reason, number) in &summary.skipped {
        let _ = writeln!(text, "          {:>7}  {}", grouped(*number), clean(reason));
    }
    for name in summary.other_files.iter().take(MOST_FAILURES) {
        let _ = writeln!(text, "  no fixture: {}", clean(name));
    }
    let more = summary.other_files.len().saturating_sub(MOST_FAILURES);
    if more > 0 {
        let _ = writeln!(text, "  … and {} more files without fixtures", grouped(more as u64));
    }
    if summary.cancelled {
        let _ = writeln!(text, "  {red}cancelled{red:#}: there are more");
    }
    text
}
