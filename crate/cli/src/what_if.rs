//! What would be, in a page of text: the sentence first.

use std::fmt::{self, Write as _};

use evm_lanes_engine::report::Unit;
use evm_lanes_engine::what_if::{Change, Standing, WhatIf};

use crate::numbers::{count, time};
use crate::output::clean;
use crate::summary::{BAD, FAINT, GOOD, HEADING};

/// The answer to what would be with `changes`.
pub(crate) fn render(answer: &WhatIf, changes: &[Change]) -> String {
    let mut out = String::new();
    write(&mut out, answer, changes).expect("writing to a string does not fail");
    out
}

fn write(out: &mut String, answer: &WhatIf, changes: &[Change]) -> fmt::Result {
    writeln!(out, "{GOOD}{}{GOOD:#}", clean(&answer.sentence))?;
    let workers = count(answer.workers as usize, "worker");
    writeln!(out, "  {FAINT}{workers} in virtual time{FAINT:#}")?;

    if !changes.is_empty() {
        writeln!(out, "\n{HEADING}What is different{HEADING:#}")?;
        for change in changes {
            writeln!(out, "  {}", clean(&in_words(change)))?;
        }
        for (places, what) in
            [(&answer.invalid, "invalid"), (&answer.otherwise, "ending otherwise")]
        {
            if !places.is_empty() {
                let list: Vec<String> = places.iter().map(ToString::to_string).collect();
                let transactions = count(places.len(), "transaction");
                writeln!(out, "  {BAD}{transactions} now {what}{BAD:#}: {}", list.join(", "))?;
            }
        }
    }

    writeln!(out, "\n{HEADING}{:<24} {:>18} {:>18}{HEADING:#}", "Block", "as it is", "with this")?;
    let unit = answer.unit;
    let rows: [(&str, Row); 7] = [
        ("transactions", |standing, _| standing.transactions.to_string()),
        ("levels", |standing, _| standing.levels.to_string()),
        ("sequential", |standing, unit| time(standing.total, unit)),
        ("critical path", |standing, unit| time(standing.critical_path, unit)),
        ("parallel", |standing, unit| time(standing.parallel, unit)),
        ("at most", |standing, _| factor(standing.bound)),
        ("speedup", |standing, _| factor(standing.speedup)),
    ];
    for (name, row) in rows {
        let [before, after] = [&answer.before, &answer.after].map(|standing| row(standing, unit));
        writeln!(out, "  {name:<22} {before:>18} {after:>18}")?;
    }

    if !answer.costs.is_empty() {
        writeln!(out, "\n{HEADING}What locations cost it{HEADING:#}")?;
        for cost in &answer.costs {
            writeln!(out, "  {}", clean(&cost.sentence))?;
        }
    }
    Ok(())
}

type Row = fn(&Standing, Unit) -> String;

fn factor(factor: Option<f64>) -> String {
    factor.map_or_else(|| "–".to_owned(), |factor| format!("{factor:.2}×"))
}

fn in_words(change: &Change) -> String {
    match change {
        Change::Drop { transaction } => format!("without transaction {transaction}"),
        Change::Move { transaction, to } => format!("transaction {transaction} at place {to}"),
        Change::Split { location } => format!("{location}: a copy for every transaction"),
        Change::Commute { location } => format!("{location}: additions"),
    }
}
