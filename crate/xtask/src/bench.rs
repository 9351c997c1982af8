//! `cargo xtask bench`: the same blocks natively and in Chromium, on the measured clock, under every strategy, against
//! sequential execution. Ratios within one run are worth more than times between machines. And what a reader of the page
//! waits for, beside the design's budgets.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{Run, cargo, target};
use crate::{browser, node, site};

/// What is measured.
pub(crate) struct What {
    pub(crate) native: bool,
    pub(crate) browser: bool,
    /// Few repeats, and without the largest blocks.
    pub(crate) quick: bool,
    /// Only blocks with one of these texts, separated by commas, in their id.
    pub(crate) only: Option<String>,
}

/// Measures, prints tables, and writes `docs/bench/DATE-COMMIT.json`.
pub(crate) fn bench(what: &What) -> anyhow::Result<()> {
    if let Err(error) = node::install("tests/bench") {
        eprintln!("without npm's packages there is no Uniswap: {error:#}");
    }
    let folder = std::path::absolute(target().join("bench"))?;
    fs::create_dir_all(&folder)?;
    let native = if what.native { natively(what, &folder)? } else { Value::Null };
    let chromium = if what.browser { in_chromium(what, &folder)? } else { Value::Null };
    print!("{}{}", page_table(&chromium), wasm_table(&native, &chromium));

    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).read()?.trim().to_owned();
    let record = json!({
        "date": date,
        "commit": commit,
        "uncommittedChanges": changed,
        "machine": machine(),
        "cores": cores(),
        "unit": "microseconds, medians",
        "native": native,
        "chromium": chromium,
    });
    fs::create_dir_all("docs/bench")?;
    let path = format!("docs/bench/{date}-{commit}.json");
    fs::write(&path, serde_json::to_string_pretty(&record)? + "\n")?;
    println!("\nwritten to {path}");
    Ok(())
}

/// The bench of the engine, with more arguments.
fn blocks(what: &What) -> Command {
    let mut command = cargo(["bench", "--quiet", "--locked", "--package", "evm-lanes-engine"]);
    command.args(["--bench", "blocks", "--"]);
    if what.quick {
        command.arg("--quick");
    }
    if let Some(only) = &what.only {
        command.args(["--only", only]);
    }
    command
}

fn natively(what: &What, folder: &Path) -> anyhow::Result<Value> {
    let path = folder.join("native.json");
    blocks(what).arg("--json").arg(&path).run()?;
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// Through the page's own client. The largest blocks only when they are named: each run comes with a report.
fn in_chromium(what: &What, folder: &Path) -> anyhow::Result<Value> {
    site::build()?;
    node::install("tests/browser")?;
    let scenarios = folder.join("scenarios");
    if scenarios.exists() {
        fs::remove_dir_all(&scenarios)?;
    }
    let small = What { quick: true, only: what.only.clone(), ..*what };
    blocks(&small).arg("--write").arg(&scenarios).run()?;
    let path = folder.join("chromium.json");
    let mut command = node_in_chromium("bench.mjs")?;
    command.arg(&scenarios).arg(&path).arg(if what.quick { "3" } else { "9" });
    command.run()?;
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

fn node_in_chromium(script: &str) -> anyhow::Result<Command> {
    let mut command = Command::new("node");
    command.current_dir("tests/browser").arg(script);
    if let Some(chromium) = browser::find()? {
        command.env("CHROMIUM", chromium);
    }
    Ok(command)
}

/// What a reader of the page waits for, beside its budget; nothing where no page was measured.
fn page_table(result: &Value) -> String {
    let mut text = String::new();
    for (place, row) in list(&result["page"]).enumerate() {
        if place == 0 {
            let _ = writeln!(
                text,
                "\n{:58} {:>10} {:>10} {:>10}",
                "the page", "median", "worst", "budget"
            );
        }
        let milliseconds = |key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "{:58} {:>7.1} ms {:>7.1} ms {:>7.0} ms",
            row["name"].as_str().unwrap_or_default(),
            milliseconds("median"),
            milliseconds("worst"),
            milliseconds("budget"),
        );
    }
    text
}

/// One worker in Chromium beside stock revm in this machine's own code; nothing where one of them is missing.
fn wasm_table(native: &Value, chromium: &Value) -> String {
    let mut text = String::new();
    for row in list(&chromium["blocks"]) {
        let Some(other) = list(native).find(|other| other["block"] == row["block"]) else {
            continue;
        };
        let (Some(stock), Some(wasm)) = (other["stockRevm"].as_f64(), row["sequential"].as_f64())
        else {
            continue;
        };
        if text.is_empty() {
            let _ = writeln!(
                text,
                "\n{:30} {:>14} {:>18} {:>8}",
                "one thread", "native revm", "wasm in Chromium", "ratio"
            );
        }
        let name = row["name"].as_str().unwrap_or_default();
        let (ratio, stock, wasm) = (stock / wasm, stock / 1e3, wasm / 1e3);
        let _ = writeln!(text, "{name:30} {stock:>11.2} ms {wasm:>15.2} ms {ratio:>7.2}×");
    }
    text
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn git(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(Command::new("git").args(arguments).read()?.trim().to_owned())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    format!("{model}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
