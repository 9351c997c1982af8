//! `cargo xtask bench`: the same workloads natively and in Chromium, on the measured clock, at one worker and at all,
//! against the sequential fast path. Ratios within one run are worth more than times between machines. And what a reader
//! of the page waits for, beside the design's budgets.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::command::{Run, cargo, target};
use crate::{browser, node, site};

/// Timed repetitions; medians are reported.
const REPEATS: u32 = 9;

/// What is run: names, and what the scenario's generator is given.
const WORKLOADS: &str = include_str!("../../../tests/bench/workloads.json");

/// Measures, prints a table, and writes `docs/bench/DATE-COMMIT.json`.
pub(crate) fn bench(native: bool, in_browser: bool) -> anyhow::Result<()> {
    let list: Vec<Value> = serde_json::from_str(WORKLOADS)?;
    let workloads: Vec<(&str, String)> = list
        .iter()
        .map(|workload| {
            let name = workload["name"].as_str().unwrap_or_default();
            let generated = json!([{ "generate": workload["generate"] }]);
            (name, json!({ "title": name, "transactions": generated }).to_string())
        })
        .collect();
    let mut results = Vec::new();
    if native {
        results.push(natively(&workloads)?);
    }
    if in_browser {
        results.push(in_chromium(&workloads)?);
    }
    for result in &results {
        print!("{}{}", table(result), page_table(result));
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).read()?.trim().to_owned();
    let record = json!({
        "date": date,
        "commit": commit,
        "uncommittedChanges": changed,
        "machine": machine(),
        "cores": cores(),
        "repeats": REPEATS,
        "unit": "microseconds, medians",
        "results": results,
    });
    std::fs::create_dir_all("docs/bench")?;
    let path = format!("docs/bench/{date}-{commit}.json");
    std::fs::write(&path, serde_json::to_string_pretty(&record)? + "\n")?;
    println!("\nwritten to {path}");
    Ok(())
}

/// Through the command line, built for speed.
fn natively(workloads: &[(&str, String)]) -> anyhow::Result<Value> {
    eprintln!("building the command line");
    cargo(["build", "--quiet", "--locked", "--release", "--package", "evm-lanes-cli"]).run()?;
    let program = target().join("release/evm-lanes");
    let mut rows = Vec::new();
    for (name, text) in workloads {
        let measure = |strategy: &str, workers: usize| -> anyhow::Result<Value> {
            let mut command = Command::new(&program);
            command
                .args(["run", "-", "--json", "--clock", "measured", "--strategy", strategy])
                .args(["--workers", &workers.to_string(), "--repeats", &REPEATS.to_string()]);
            let report: Value = serde_json::from_str(&feed(&mut command, text)?)?;
            if report["verdict"]["equal"] != true {
                bail!("{name}: parallel and sequential differ");
            }
            Ok(report)
        };
        let one = measure("block-stm", 1)?;
        let all = measure("block-stm", cores())?;
        rows.push(json!({
            "name": name,
            "transactions": all["transactions"].as_array().map_or(0, Vec::len),
            "sequential": all["verdict"]["sequential"],
            "oneWorker": one["verdict"]["parallel"],
            "workers": all["verdict"]["workers"],
            "allWorkers": all["verdict"]["parallel"],
            "aborts": all["verdict"]["aborts"],
        }));
        eprintln!("  {name}");
    }
    Ok(json!({ "runtime": "native", "rows": rows }))
}

/// Through the page's own client.
fn in_chromium(workloads: &[(&str, String)]) -> anyhow::Result<Value> {
    site::build()?;
    node::install("tests/browser")?;
    let mut command = Command::new("node");
    command.current_dir("tests/browser").arg("bench.mjs");
    if let Some(chromium) = browser::find()? {
        command.env("CHROMIUM", chromium);
    }
    let workloads: Vec<Value> =
        workloads.iter().map(|(name, text)| json!({ "name": name, "text": text })).collect();
    let input = json!({ "repeats": REPEATS, "workloads": workloads }).to_string();
    Ok(serde_json::from_str(&feed(&mut command, &input)?)?)
}

/// Ratios over the fastest sequential run; more is faster.
fn table(result: &Value) -> String {
    let mut text = format!(
        "\n{}\n{:22} {:>6} {:>14} {:>10} {:>18} {:>7}\n",
        result["runtime"].as_str().unwrap_or_default(),
        "workload",
        "txs",
        "sequential",
        "1 worker",
        "all workers",
        "aborts"
    );
    for row in result["rows"].as_array().into_iter().flatten() {
        let number = |key: &str| row[key].as_f64();
        let sequential = number("sequential").unwrap_or(f64::NAN);
        let best =
            number("sequentialSingleBuild").map_or(sequential, |alone| alone.min(sequential));
        let ratio = |key: &str| best / number(key).unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "{:22} {:>6} {:>11.2} ms {:>9.2}× {:>7.2}× ({:>2} workers) {:>5}",
            row["name"].as_str().unwrap_or_default(),
            row["transactions"],
            best / 1000.0,
            ratio("oneWorker"),
            ratio("allWorkers"),
            row["workers"],
            row["aborts"],
        );
    }
    text
}

/// What a reader of the page waits for, beside its budget; nothing where no page was measured.
fn page_table(result: &Value) -> String {
    let mut text = String::new();
    for (place, row) in result["page"].as_array().into_iter().flatten().enumerate() {
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

/// Runs it with `input` on its standard input; returns its standard output.
fn feed(command: &mut Command, input: &str) -> anyhow::Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the benchmark")?;
    child.stdin.take().context("no standard input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the benchmark failed ({})", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn git(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(Command::new("git").args(arguments).read()?.trim().to_owned())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    format!("{model}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
