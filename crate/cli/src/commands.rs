//! The commands: read, call the engine, print.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use evm_lanes_engine::RunError;
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::options::{ClockId, Options};
use evm_lanes_engine::report::{Comparison, Report};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::what_if::WhatIf;
use serde::Serialize;

use crate::arguments::{
    CheckArguments, CompareArguments, ListArguments, RunArguments, WhatIfArguments,
};
use crate::surroundings::Surroundings;
use crate::{comparison, diagnostics, import, listing, output, summary, what_if};

/// How a command ended; the numbers are documented in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Well = 0,
    Differs = 1,
    Usage = 2,
    Problems = 3,
    Cancelled = 4,
    Failed = 5,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        Self::from(end as u8)
    }
}

pub(crate) fn run(arguments: &RunArguments) -> End {
    let engine = Engine {
        call: &evm_lanes_engine::run,
        render: &summary::render,
        equal: |report: &Report| report.verdict.equal,
    };
    engine.answer(&arguments.file, &arguments.options(), arguments.json)
}

pub(crate) fn compare(arguments: &CompareArguments) -> End {
    let engine = Engine {
        call: &evm_lanes_engine::compare,
        render: &comparison::render,
        equal: |comparison: &Comparison| comparison.rows.iter().all(|row| row.equal),
    };
    engine.answer(&arguments.file, &arguments.options(), arguments.json)
}

pub(crate) fn what_if(arguments: &WhatIfArguments) -> End {
    let changes = arguments.changes();
    let engine = Engine {
        call: &|text, options, with| evm_lanes_engine::what_if(text, options, &changes, with),
        render: &|answer| what_if::render(answer, &changes),
        equal: |_: &WhatIf| true,
    };
    // The virtual clock, whatever is said: it needs no threads.
    let options = Options { clock: ClockId::Virtual, ..arguments.run.options() };
    engine.answer(&arguments.run.file, &options, arguments.run.json)
}

/// Something the engine can be asked about a scenario, and what is done with the answer.
struct Engine<'a, R> {
    call: &'a dyn Fn(&str, &Options, &evm_lanes_engine::Surroundings<'_>) -> Result<R, RunError>,
    render: &'a dyn Fn(&R) -> String,
    /// Whether everything was as in the sequential run.
    equal: fn(&R) -> bool,
}

impl<R: Serialize> Engine<'_, R> {
    fn answer(&self, file: &Path, options: &Options, json: bool) -> End {
        let source = match Source::read_runnable(file, json) {
            Ok(source) => source,
            Err(end) => return end,
        };
        let threads = match options.clock {
            ClockId::Measured => options.workers,
            ClockId::Virtual => 1,
        };
        let surroundings = match Surroundings::new(threads) {
            Ok(surroundings) => surroundings,
            Err(error) => return complain(End::Failed, &format!("no handler for Ctrl-C: {error}")),
        };
        match (self.call)(&source.text, options, &surroundings.borrow()) {
            Ok(answer) => {
                if json {
                    output::print_json(&answer);
                } else {
                    output::print(&(self.render)(&answer));
                }
                if (self.equal)(&answer) { End::Well } else { End::Differs }
            }
            Err(error) => source.failed(&error, json),
        }
    }
}

pub(crate) fn access_list(arguments: &ListArguments) -> End {
    let source = match Source::read_runnable(&arguments.file, false) {
        Ok(source) => source,
        Err(end) => return end,
    };
    let surroundings = match Surroundings::new(1) {
        Ok(surroundings) => surroundings,
        Err(error) => return complain(End::Failed, &format!("no handler for Ctrl-C: {error}")),
    };
    match evm_lanes_engine::listing(&source.text, &surroundings.borrow()) {
        Ok(found) => {
            let text = match arguments {
                ListArguments { json: true, .. } => listing::json(&found),
                ListArguments { rlp: true, .. } => listing::rlp(&found),
                _ => listing::render(&found),
            };
            output::print(&text);
            if arguments.json || arguments.rlp {
                output::note(&format!("the list's hash is {}", found.hash));
            }
            End::Well
        }
        Err(error) => source.failed(&error, false),
    }
}

pub(crate) fn check(arguments: &CheckArguments) -> End {
    let source = match Source::read(&arguments.file) {
        Ok(source) => source,
        Err(message) => return complain(End::Usage, &message),
    };
    let source = match import::lowered(source, arguments.json) {
        Ok(source) => source,
        Err(end) => return end,
    };
    let checked = evm_lanes_engine::check(&source.text, Library::bundled());
    if arguments.json {
        output::print_json(&checked);
    } else {
        source.show(&checked.diagnostics, false);
        output::print(&summary::render_check(&checked));
    }
    if has_errors(&checked.diagnostics) { End::Problems } else { End::Well }
}

/// A scenario's text and what to call it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let (name, text) = if file == Path::new("-") {
            let mut text = String::new();
            let name = "<standard input>".to_owned();
            if std::io::stdin().is_terminal() {
                output::note("reading the scenario from standard input; end it with Ctrl-D");
            }
            let read = std::io::stdin().read_to_string(&mut text);
            (name, read.map(|_| text))
        } else {
            (file.display().to_string(), std::fs::read_to_string(file))
        };
        match text {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(format!("cannot read {name}: {error}")),
        }
    }

    /// Reads a scenario and shows what is wrong with it; as JSON only what makes it unusable.
    pub(crate) fn read_runnable(file: &Path, json: bool) -> Result<Self, End> {
        let source = Self::read(file).map_err(|message| complain(End::Usage, &message))?;
        let source = import::lowered(source, json)?;
        let checked = evm_lanes_engine::check(&source.text, Library::bundled());
        let broken = has_errors(&checked.diagnostics);
        if broken || !json {
            source.show(&checked.diagnostics, json);
        }
        if broken { Err(End::Problems) } else { Ok(source) }
    }

    /// Says why nothing came of it.
    pub(crate) fn failed(&self, error: &RunError, json: bool) -> End {
        let end = match error {
            RunError::Invalid(found) => {
                self.show(found, json);
                return End::Problems;
            }
            RunError::Options(_) | RunError::Change(_) => End::Usage,
            RunError::Cancelled => End::Cancelled,
            RunError::Panicked(_) => End::Failed,
        };
        complain(end, &error.to_string())
    }

    /// Prints diagnostics: for people to standard error, as JSON to standard output.
    pub(crate) fn show(&self, found: &[Diagnostic], json: bool) {
        if json {
            output::print_json(&serde_json::json!({ "diagnostics": found }));
        } else if !found.is_empty() {
            output::complain(&diagnostics::render(&self.name, &self.text, found));
        }
    }
}

fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

pub(crate) fn complain(end: End, message: &str) -> End {
    output::complain(&diagnostics::render_plain(message));
    end
}
