//! A report in a page of text: the verdict first.

use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};
use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::options::{ClockId, CostId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{
    Checked, CriticalPath, Granularity, Report, Status, TransactionReport, Unit,
};

use crate::numbers::{count, grouped, time};
use crate::output::clean;

/// How much of each list is shown; the report as JSON has all.
const DIFFERENCES: usize = 10;
const HOT_LOCATIONS: usize = 8;
const ABORTS: usize = 8;
const TRANSACTIONS: usize = 40;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const HEADING: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// What came of a run.
pub(crate) fn render(report: &Report) -> String {
    let mut out = String::new();
    Summary { report, out: &mut out }.write().expect("writing to a string does not fail");
    out
}

/// What a check found, in a line.
pub(crate) fn render_check(checked: &Checked) -> String {
    let number =
        |severity| checked.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let title = clean(checked.title.as_deref().unwrap_or_default());
    let verdict = if errors > 0 {
        format!("{BAD}✗ {}{BAD:#}", count(errors, "error"))
    } else {
        format!("{GOOD}✓ {}{GOOD:#}", count(checked.rows.len(), "transaction"))
    };
    let warnings =
        if warnings > 0 { format!(", {}", count(warnings, "warning")) } else { String::new() };
    let title = if title.is_empty() { title } else { format!(" · {title}") };
    format!("{verdict}{warnings}{title}\n")
}

struct Summary<'a> {
    report: &'a Report,
    out: &'a mut String,
}

impl Summary<'_> {
    fn write(mut self) -> fmt::Result {
        self.verdict()?;
        self.differences()?;
        self.scenario()?;
        self.bounds()?;
        self.work()?;
        self.hot_locations()?;
        self.aborts()?;
        self.transactions()
    }

    fn verdict(&mut self) -> fmt::Result {
        let verdict = &self.report.verdict;
        let options = &self.report.options;
        if verdict.equal {
            write!(self.out, "{GOOD}✓ parallel = sequential{GOOD:#}")?;
        } else {
            write!(self.out, "{BAD}✗ parallel ≠ sequential{BAD:#}")?;
        }
        if let Some(speedup) = verdict.speedup {
            let workers = count(verdict.workers as usize, "worker");
            write!(self.out, " · {speedup:.2}× with {workers} in {}", clock_in_words(options))?;
        }
        if let Some(bound) = verdict.speedup_bound {
            write!(self.out, " (at most {bound:.2}×)")?;
        }
        writeln!(self.out)?;
        if let Some(index) = verdict.rejected_by {
            writeln!(self.out, "  the block is rejected: transaction {index} is invalid")?;
        }
        writeln!(self.out, "  {FAINT}state root {}{FAINT:#}", verdict.sequential_state_root)
    }

    fn differences(&mut self) -> fmt::Result {
        let differences = &self.report.verdict.differences;
        for difference in differences.iter().take(DIFFERENCES) {
            write!(self.out, "  {BAD}{}{BAD:#}", difference.what)?;
            if let Some(transaction) = difference.transaction {
                write!(self.out, " of transaction {transaction}")?;
            }
            if let Some(account) = difference.account {
                write!(self.out, " of {}", self.account(account))?;
            }
            if let Some(slot) = &difference.slot {
                write!(self.out, " {slot}")?;
            }
            let (sequential, parallel) =
                (clean(&difference.sequential), clean(&difference.parallel));
            writeln!(self.out, ": sequential {sequential}, parallel {parallel}")?;
        }
        self.more(differences.len(), DIFFERENCES)
    }

    fn scenario(&mut self) -> fmt::Result {
        let Report { scenario, options, verdict, transactions, .. } = self.report;
        let title = clean(&scenario.title);
        let title = if title.is_empty() { "Untitled" } else { &title };
        writeln!(self.out, "\n{HEADING}{title}{HEADING:#} {FAINT}on {}{FAINT:#}", scenario.fork)?;
        let workers = count(verdict.workers as usize, "worker");
        write!(self.out, "  {}, ", count(transactions.len(), "transaction"))?;
        let strategy = strategy_in_words(options.strategy);
        writeln!(self.out, "{strategy}, {workers}, {}", rest_in_words(options))?;
        if let Some(lists) = &self.report.access_lists {
            writeln!(self.out, "  block access list {}", lists.parallel)?;
            for wrong in &lists.wrong {
                writeln!(self.out, "  the scenario's list is wrong: {wrong}")?;
            }
            if lists.from_execution {
                let label = "the list is from executing the block first: no engine's speedup";
                writeln!(self.out, "  {label}")?;
            }
        }
        if let Some(locks) = &self.report.locks {
            let pairs = count(locks.pairs as usize, "pair");
            writeln!(self.out, "  locks ordered {pairs}, {} of them without need", locks.needless)?;
        }
        Ok(())
    }

    fn bounds(&mut self) -> fmt::Result {
        let Report { verdict, bounds, graph, .. } = self.report;
        let unit = verdict.unit;
        self.heading("Time and its bounds")?;
        let path = match unit {
            Unit::Gas => Some(&graph.critical_path_gas),
            Unit::Microseconds => graph.critical_path_time.as_ref(),
        };
        let chain = path.map(chain_in_words).unwrap_or_default();
        let rows = [
            ("sequential", verdict.sequential, String::new()),
            ("parallel", verdict.parallel, String::new()),
            ("critical path", bounds.critical_path, chain),
            ("longest transaction", bounds.longest, String::new()),
        ];
        for (name, value, note) in rows {
            let value = time(value, unit);
            writeln!(self.out, "  {name:<20} {value:>18}{FAINT}{note}{FAINT:#}")?;
        }
        let levels = count(graph.levels as usize, "level");
        let components = count(graph.components as usize, "independent group");
        let edges = count(graph.edges.len(), "dependency edge");
        writeln!(self.out, "  {edges}, {levels}, {components}")?;
        for lens in &self.report.coarser {
            let told = match lens.granularity {
                Granularity::Account => "only accounts were told apart",
                Granularity::Slot => "nothing but fees were an addition",
                Granularity::SlotWithDeltas => continue,
            };
            let bound = lens.speedup_bound.unwrap_or(1.0);
            let levels = count(lens.graph.levels as usize, "level");
            writeln!(self.out, "  if {told}: at most {bound:.2}×, {levels}")?;
        }
        Ok(())
    }

    fn work(&mut self) -> fmt::Result {
        let verdict = &self.report.verdict;
        self.heading("Work")?;
        let attempts = count(verdict.attempts as usize, "attempt");
        let transactions = count(self.report.transactions.len(), "transaction");
        writeln!(
            self.out,
            "  {attempts} for {transactions}: {} aborted, {} blocked; {:.2}× the work of one attempt each",
            verdict.aborts, verdict.blocked, verdict.work_ratio,
        )
    }

    fn hot_locations(&mut self) -> fmt::Result {
        let hot = &self.report.hot;
        if hot.is_empty() {
            return Ok(());
        }
        self.heading("Locations that cost the most")?;
        for location in hot.iter().take(HOT_LOCATIONS) {
            let label = self.report.locations.get(location.location as usize);
            let label = clean(label.map_or("?", |location| &location.label));
            writeln!(
                self.out,
                "  {label:<32} {:>14} off the critical path without it {FAINT}· {}, {}, {}, {}{FAINT:#}",
                format!("{} gas", grouped(location.cost_gas)),
                count(location.edges as usize, "edge"),
                count(location.readers as usize, "reader"),
                count(location.writers as usize, "writer"),
                count(location.aborts as usize, "abort"),
            )?;
        }
        self.more(hot.len(), HOT_LOCATIONS)
    }

    fn aborts(&mut self) -> fmt::Result {
        let causes = &self.report.timeline.causes;
        if causes.is_empty() {
            return Ok(());
        }
        self.heading("Aborts")?;
        for cause in causes.iter().take(ABORTS) {
            writeln!(self.out, "  {}", clean(&cause.sentence))?;
        }
        self.more(causes.len(), ABORTS)
    }

    fn transactions(&mut self) -> fmt::Result {
        let transactions = &self.report.transactions;
        if transactions.is_empty() {
            return Ok(());
        }
        self.heading("Transactions")?;
        let shown = &transactions[..transactions.len().min(TRANSACTIONS)];
        let ends: Vec<String> = shown.iter().map(|transaction| self.ends(transaction)).collect();
        let width = ends.iter().map(|ends| ends.chars().count()).max().unwrap_or(0).min(48);
        writeln!(self.out, "  {FAINT}   # level tries         gas  status   from → to{FAINT:#}")?;
        for (index, (transaction, ends)) in shown.iter().zip(&ends).enumerate() {
            let (style, status) = match transaction.status {
                Status::Success => (Style::new(), "success"),
                Status::Revert => (BAD, "revert"),
                Status::Halt => (BAD, "halt"),
                Status::Invalid => (BAD, "invalid"),
            };
            let TransactionReport { level, attempts, .. } = transaction;
            let gas = grouped(transaction.gas_used);
            write!(self.out, "  {index:>4} {level:>5} {attempts:>5} {gas:>11}  ")?;
            let notes = [&transaction.call, &transaction.reason, &transaction.label];
            let notes: Vec<String> = notes.into_iter().flatten().map(|note| clean(note)).collect();
            let rest = format!("{ends:<width$}  {}", notes.join("  "));
            writeln!(self.out, "{style}{status:<7}{style:#}  {}", rest.trim_end())?;
        }
        self.more(transactions.len(), TRANSACTIONS)
    }

    fn ends(&self, transaction: &TransactionReport) -> String {
        let from = self.account(transaction.from);
        let to = match (transaction.to, transaction.created) {
            (Some(to), _) => self.account(to),
            (None, Some(created)) => format!("new {}", self.account(created)),
            (None, None) => "new".to_owned(),
        };
        format!("{from} → {to}")
    }

    /// An account's name, or the two ends of its address.
    fn account(&self, index: u32) -> String {
        let Some(account) = self.report.accounts.get(index as usize) else {
            return "?".to_owned();
        };
        match (&account.name, &account.address) {
            (Some(name), _) => clean(name),
            (None, address) if address.len() == 42 => {
                format!("{}…{}", &address[..6], &address[38..])
            }
            (None, address) => address.clone(),
        }
    }

    fn heading(&mut self, text: &str) -> fmt::Result {
        writeln!(self.out, "\n{HEADING}{text}{HEADING:#}")
    }

    fn more(&mut self, all: usize, shown: usize) -> fmt::Result {
        if all > shown {
            let rest = grouped((all - shown) as u64);
            writeln!(self.out, "  {FAINT}… and {rest} more; --json has all{FAINT:#}")?;
        }
        Ok(())
    }
}

/// The options that are neither a strategy nor a number of workers.
pub(crate) fn rest_in_words(options: &Options) -> String {
    let clock = match options.clock {
        ClockId::Virtual => format!("seed {}", options.seed),
        ClockId::Measured => count(options.repeats as usize, "repeat"),
    };
    let deltas = match options.deltas {
        DeltaId::None => "no additions",
        DeltaId::Fees => "fees as additions",
        DeltaId::Balances => "balances as additions",
        DeltaId::Storage => "balances and storage as additions",
    };
    let hints = match options.hints {
        HintId::None => "no hints",
        HintId::Senders => "hints from senders",
    };
    format!("{clock}, {deltas}, {hints}")
}

pub(crate) fn clock_in_words(options: &Options) -> &'static str {
    match (options.clock, options.cost) {
        (ClockId::Measured, _) => "measured time",
        (ClockId::Virtual, CostId::Gas) => "virtual time, in gas",
        (ClockId::Virtual, CostId::Time) => "virtual time, at measured costs",
    }
}

pub(crate) fn strategy_in_words(strategy: StrategyId) -> &'static str {
    match strategy {
        StrategyId::Sequential => "sequential",
        StrategyId::TwoPhase => "two-phase",
        StrategyId::OrderedMerge => "ordered-merge",
        StrategyId::BlockStm => "block-stm",
        StrategyId::Ladder => "ladder",
        StrategyId::Locks => "locks",
        StrategyId::Dag => "dag, an oracle",
        StrategyId::Bal => "bal",
    }
}

fn chain_in_words(path: &CriticalPath) -> String {
    if path.total <= 0.0 {
        return String::new();
    }
    let share = 100.0 * path.weight / path.total;
    let transactions = count(path.transactions.len(), "transaction");
    format!("  {transactions} in a row, {share:.0} % of the work")
}
