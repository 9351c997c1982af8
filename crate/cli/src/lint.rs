//! `evm-lanes lint`: fails where a block is too serial, and says what is to blame. What a contract's authors run in their CI.

use std::fmt::{self, Write as _};
use std::path::Path;

use evm_lanes_engine::RunError;
use evm_lanes_engine::options::{ClockId, Options};
use evm_lanes_engine::report::Unit;
use evm_lanes_engine::what_if::{Change, LocationCost, Standing, WhatIf};
use serde::Serialize;

use crate::arguments::LintArguments;
use crate::commands::{End, Source, complain};
use crate::numbers::{count, time};
use crate::output::{self, clean};
use crate::summary::{BAD, GOOD};
use crate::surroundings::Surroundings;

/// Lints every file, whatever comes of the others.
pub(crate) fn lint(arguments: &LintArguments) -> End {
    // Virtual time needs no threads.
    let surroundings = match Surroundings::new(1) {
        Ok(surroundings) => surroundings,
        Err(error) => return complain(End::Failed, &format!("no handler for Ctrl-C: {error}")),
    };
    let options = Options { clock: ClockId::Virtual, ..arguments.options() };
    let mut found = Vec::new();
    let mut worst = End::Well;
    for file in &arguments.files {
        let source = match Source::read_runnable(file, arguments.json) {
            Ok(source) => source,
            Err(end) => {
                worst = worst.max(end);
                continue;
            }
        };
        let ask = |changes: &[Change]| {
            evm_lanes_engine::what_if(&source.text, &options, changes, &surroundings.borrow())
        };
        match ask(&[]).and_then(|answer| Finding::new(file, answer, arguments).explained(ask)) {
            Ok(finding) => {
                worst = worst.max(if finding.serial.is_empty() { End::Well } else { End::Differs });
                if !arguments.json {
                    output::print(&finding.to_string());
                }
                if arguments.github {
                    output::print(&finding.annotations());
                }
                found.push(finding);
            }
            Err(error) => worst = worst.max(source.failed(&error, arguments.json)),
        }
    }
    if arguments.json {
        output::print_json(&found);
    }
    worst
}

/// By how much a block has to become faster without a location for that to be to blame.
const NOTICEABLE: f64 = 1.05;

/// What is to be said of a block.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    file: String,
    transactions: u32,
    /// The block's gas over that of its heaviest chain of dependent transactions: what any number of workers could reach.
    parallelism: f64,
    /// That chain's share of the block's gas.
    critical_path_share: f64,
    /// In gas.
    critical_path: f64,
    /// Which limits it misses, in words; none of a block that is parallel enough.
    serial: Vec<String>,
    /// What each of its locations costs it, the worst first.
    costs: Vec<LocationCost>,
    /// What serialises it, in sentences.
    blame: Vec<String>,
    #[serde(skip)]
    unit: Unit,
}

impl Finding {
    fn new(file: &Path, answer: WhatIf, limits: &LintArguments) -> Self {
        let WhatIf { before, unit, costs, .. } = answer;
        let Standing { transactions, total, critical_path, .. } = before;
        // A block without transactions is in nobody's way.
        let share = if total > 0.0 { critical_path / total } else { 0.0 };
        let parallelism = if critical_path > 0.0 { total / critical_path } else { f64::INFINITY };
        let mut serial = Vec::new();
        if let Some(least) = limits.min_parallelism
            && parallelism < least
        {
            serial.push(format!("its parallelism is {parallelism:.2}, at least {least} is wanted"));
        }
        if let Some(most) = limits.max_critical_path_share
            && share > most
        {
            serial.push(format!(
                "its critical path has {share:.2} of its gas, at most {most} is wanted"
            ));
        }
        let file = file.display().to_string();
        let critical_path_share = share;
        // JSON has no infinity.
        let parallelism = parallelism.min(f64::from(transactions));
        let blame = Vec::new();
        Self {
            file,
            transactions,
            parallelism,
            critical_path_share,
            critical_path,
            serial,
            costs,
            blame,
            unit,
        }
    }

    /// With what is to blame: the locations without any one of which the block would be faster, or, where each leaves the
    /// others, all that several transactions write to together.
    fn explained(
        mut self,
        ask: impl Fn(&[Change]) -> Result<WhatIf, RunError>,
    ) -> Result<Self, RunError> {
        if self.serial.is_empty() {
            return Ok(self);
        }
        let alone = self.costs.iter().filter(|cost| cost.factor > NOTICEABLE);
        self.blame.extend(alone.map(|cost| cost.sentence.clone()));
        let shared = self.costs.iter().filter(|cost| cost.writers > 1).map(|cost| &cost.label);
        let shared: Vec<String> = shared.cloned().collect();
        if self.blame.is_empty() && shared.len() > 1 {
            let split = |location: &String| Change::Split { location: location.clone() };
            let WhatIf { before, after, .. } = ask(&shared.iter().map(split).collect::<Vec<_>>())?;
            let factor = before.parallel / after.parallel;
            if factor > NOTICEABLE {
                let (last, others) = shared.split_last().expect("there are several");
                let list = others.join(", ");
                self.blame.push(format!(
                    "{list} and {last} cost this block {factor:.1}× together, none of them alone."
                ));
            }
        }
        if self.blame.is_empty() {
            self.blame.push(
                "No storage or balance is to blame: one sender's transactions follow each other, or one is most of the block.".to_owned(),
            );
        }
        Ok(self)
    }

    /// For GitHub's log, which shows them beside the file: workflow commands, in which `%`, line ends, and in properties `,`
    /// and `:` are escaped.
    fn annotations(&self) -> String {
        let blame: Vec<&str> = self.blame.iter().map(String::as_str).collect();
        let mut out = String::new();
        for reason in &self.serial {
            let message = [&[reason.as_str()], blame.as_slice()].concat().join("\n");
            let message = message.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
            let file = self.file.replace('%', "%25").replace(',', "%2C").replace(':', "%3A");
            let _ = writeln!(out, "::error file={file},title=too serial::{message}");
        }
        out
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = clean(&self.file);
        let transactions = count(self.transactions as usize, "transaction");
        if self.serial.is_empty() {
            writeln!(f, "{file}: {GOOD}parallel enough{GOOD:#}")?;
        } else {
            writeln!(f, "{file}: {BAD}too serial{BAD:#}")?;
        }
        let path = time(self.critical_path, self.unit);
        let Self { parallelism, critical_path_share, .. } = self;
        writeln!(
            f,
            "  {transactions}, parallelism {parallelism:.2}; the longest chain takes {path}, {critical_path_share:.2} of all"
        )?;
        for line in self.serial.iter().chain(&self.blame) {
            writeln!(f, "  {}", clean(line))?;
        }
        Ok(())
    }
}
