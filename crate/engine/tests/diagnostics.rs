//! Each `diagnostics/*.jsonc` is read, and what is reported must equal its `.expected` file, line by line.
//! `UPDATE_EXPECT=1` writes those files anew.

use std::fmt::Write;
use std::path::Path;

use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::scenario::{self, Library};

#[test]
fn every_bad_scenario_is_reported_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonc"))
        .collect();
    files.sort();
    assert!(files.len() >= 60, "only {} cases", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let found = report(&text);
        let golden = file.with_extension("expected");
        if update {
            std::fs::write(&golden, &found).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{}\n{found}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One line for each problem: `severity line:column-line:column path: message [hint]`.
fn report(text: &str) -> String {
    let (scenario, diagnostics) = scenario::read(text, Library::bundled());
    let errors = diagnostics.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(scenario.is_none(), errors, "there is a scenario if and only if there is no error");
    let mut out = String::new();
    for problem in diagnostics {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = write!(
            out,
            "{severity} {}:{}-{}:{} {}: {}",
            problem.line,
            problem.column,
            problem.end_line,
            problem.end_column,
            problem.path,
            problem.message
        );
        if let Some(hint) = problem.hint {
            let _ = write!(out, " [{hint}]");
        }
        out.push('\n');
    }
    out
}
