//! A comparison of strategies as a table.

use std::fmt::{self, Write as _};

use evm_lanes_engine::options::StrategyId;
use evm_lanes_engine::report::{Comparison, ComparisonRow};

use crate::numbers::{count, time};
use crate::output::clean;
use crate::summary::{BAD, FAINT, GOOD, HEADING, clock_in_words, rest_in_words, strategy_in_words};

/// One line for each strategy, and under it where it differs.
pub(crate) fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    write(comparison, &mut out).expect("writing to a string does not fail");
    out
}

fn write(comparison: &Comparison, out: &mut String) -> fmt::Result {
    let Comparison { options, rows, .. } = comparison;
    let wrong = rows.iter().filter(|row| !row.equal).count();
    let clock = clock_in_words(options);
    match wrong {
        0 => writeln!(out, "{GOOD}✓ every strategy = sequential{GOOD:#} · {clock}")?,
        _ => writeln!(out, "{BAD}✗ {wrong} of {} strategies ≠ sequential{BAD:#}", rows.len())?,
    }
    let title = clean(&comparison.title);
    let title = if title.is_empty() { "Untitled" } else { &title };
    writeln!(out, "\n{HEADING}{title}{HEADING:#}")?;
    let transactions = count(comparison.transactions as usize, "transaction");
    let workers = rows.iter().map(|row| row.workers).max().unwrap_or(1);
    let workers = count(workers as usize, "worker");
    writeln!(out, "  {transactions}, {workers}, {}\n", rest_in_words(options))?;
    writeln!(
        out,
        "  {FAINT}{:<14} {:>17} {:>8} {:>8} {:>8} {:>7} {:>7} {:>5}{FAINT:#}",
        "strategy", "time", "speedup", "at most", "attempts", "aborts", "blocked", "work",
    )?;
    for row in rows {
        line(comparison, row, out)?;
    }
    if rows.iter().any(|row| row.oracle) {
        let label = "an oracle knows what only executing the block tells: no engine's speedup";
        writeln!(out, "  {FAINT}{label}{FAINT:#}")?;
    }
    Ok(())
}

fn line(comparison: &Comparison, row: &ComparisonRow, out: &mut String) -> fmt::Result {
    let name = match row.strategy {
        StrategyId::Bal if row.oracle => "bal, an oracle",
        other => strategy_in_words(other),
    };
    write!(
        out,
        "  {name:<14} {:>17} {:>8} {:>8} {:>8} {:>7} {:>7} {:>5.2}  ",
        time(row.time, comparison.unit),
        factor(row.speedup),
        factor(row.speedup_bound),
        row.attempts,
        row.aborts,
        row.blocked,
        row.work_ratio,
    )?;
    if row.equal {
        return writeln!(out, "{GOOD}✓{GOOD:#}");
    }
    writeln!(out, "{BAD}✗ {}{BAD:#}", count(row.differences as usize, "difference"))?;
    match &row.first_difference {
        Some(words) => writeln!(out, "    {}", clean(words)),
        None => Ok(()),
    }
}

fn factor(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}×"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use evm_lanes_engine::options::Options;
    use evm_lanes_engine::report::Unit;

    /// No engine at hand is wrong, so that it would be shown can only be seen with a row that is made up.
    #[test]
    fn a_strategy_that_differs_is_shown_where_it_stands() {
        let row = ComparisonRow {
            strategy: StrategyId::Ladder,
            workers: 4,
            time: 10.0,
            speedup: Some(2.0),
            speedup_bound: None,
            attempts: 3,
            aborts: 1,
            blocked: 0,
            work_ratio: 1.5,
            equal: false,
            differences: 2,
            first_difference: Some("gas of transaction 1: 21000, and not 21001".to_owned()),
            oracle: false,
            heeds_hints: true,
        };
        let right = ComparisonRow {
            strategy: StrategyId::Sequential,
            equal: true,
            differences: 0,
            first_difference: None,
            ..row
        };
        let text = anstream::adapter::strip_str(&render(&Comparison {
            format: 1,
            title: String::new(),
            transactions: 2,
            options: Options::default(),
            unit: Unit::Gas,
            sequential: 20.0,
            rows: vec![right, row],
        }))
        .to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "✗ 1 of 2 strategies ≠ sequential");
        assert!(lines[6].starts_with("  sequential") && lines[6].ends_with('✓'), "{text}");
        assert!(
            lines[7].starts_with("  ladder") && lines[7].ends_with("✗ 2 differences"),
            "{text}"
        );
        assert_eq!(lines[8], "    gas of transaction 1: 21000, and not 21001");
        assert_eq!(lines.len(), 9);
    }
}
