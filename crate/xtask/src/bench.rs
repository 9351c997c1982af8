//! `cargo xtask bench`: the same blocks natively and in Chromium, on the measured clock, under every strategy, against
//! sequential execution; one thread of wasm beside native revm and @ethereumjs/vm; and what a reader of the page waits for.
//! Ratios within one run are worth more than times between machines. At the end it says which targets are reached.

mod record;
mod tables;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{Run, cargo, target};
use crate::fingerprint::when_changed;
use crate::{browser, node, play, site};

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
    println!("{}, {} cores, load {}", machine(), cores(), load());
    if let Err(error) = node::install(PACKAGES) {
        eprintln!("without npm's packages there are no Uniswap and no @ethereumjs/vm: {error:#}");
    }
    let folder = folder()?;
    let native = if what.native { natively(what, &folder)? } else { Value::Null };
    let chromium = if what.browser { in_chromium(what, &folder)? } else { Value::Null };
    let targets = targets::all(&native, &chromium);
    print!("{}", tables::all(&chromium, &targets));

    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).read()?.trim().to_owned();
    let record = json!({
        "date": date,
        "commit": commit,
        "uncommittedChanges": changed,
        "machine": machine(),
        "cores": cores(),
        "unit": "microseconds, medians; with @ethereumjs/vm and of the page milliseconds",
        "targets": targets.iter().map(targets::Target::json).collect::<Vec<_>>(),
        "native": native,
        "chromium": chromium,
    });
    fs::create_dir_all("docs/bench")?;
    let path = format!("docs/bench/{date}-{commit}.json");
    fs::write(&path, record::text(&record))?;
    println!("\nwritten to {path}");
    Ok(())
}

/// Serves the page that shows one thread of wasm beside @ethereumjs/vm, until it is interrupted.
pub(crate) fn page(port: u16) -> anyhow::Result<()> {
    node::install(PACKAGES)?;
    let what = What { native: false, browser: true, quick: true, only: None };
    let folder = comparison(&what, &folder()?)?;
    play::serve("EVM Lanes beside @ethereumjs/vm", port, true, &folder_config(&folder))
}

/// What is measured, and what it is measured against.
const PACKAGES: &str = "tests/bench";

fn folder() -> anyhow::Result<PathBuf> {
    let folder = std::path::absolute(target().join("bench"))?;
    fs::create_dir_all(&folder)?;
    Ok(folder)
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
    let small = What { quick: true, only: what.only.clone(), ..*what };
    let comparison = comparison(&small, folder)?;
    let mut answer = blocks(&small);
    answer.arg("--answer");
    let words = std::iter::once(answer.get_program()).chain(answer.get_args());
    let settings = json!({
        "rounds": if what.quick { 3 } else { 9 },
        "comparison": comparison,
        "native": words.map(|word| word.to_string_lossy()).collect::<Vec<_>>(),
    });
    node::install("tests/browser")?;
    let (settings_path, path) = (folder.join("settings.json"), folder.join("chromium.json"));
    fs::write(&settings_path, settings.to_string())?;
    let mut command = Command::new("node");
    command.current_dir("tests/browser").arg("bench.mjs").arg(settings_path).arg(&path);
    // It starts the answering bench by cargo.
    for (name, _) in answer.get_envs() {
        command.env_remove(name);
    }
    if let Some(chromium) = browser::find()? {
        command.env("CHROMIUM", chromium);
    }
    command.run()?;
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// Builds the site, and the page beside @ethereumjs/vm with its scenarios, whose folder is returned.
fn comparison(what: &What, folder: &Path) -> anyhow::Result<PathBuf> {
    site::build()?;
    let page = folder.join("page");
    let inputs = ["tests/bench/page", "tests/bench/package-lock.json", "web/src", "web/public"];
    when_changed("bench-page", &inputs.map(Path::new), "", &page.join("index.html"), || {
        let mut vite = node::web("vite");
        vite.args(["build", "--emptyOutDir", "--logLevel", "warn"]).args(folder_config(&page));
        vite.run()
    })?;
    let scenarios = page.join("blocks");
    if scenarios.exists() {
        fs::remove_dir_all(&scenarios)?;
    }
    blocks(what).arg("--write").arg(&scenarios).run()?;
    Ok(page)
}

/// Makes vite build or serve that page in `folder`.
fn folder_config(folder: &Path) -> Vec<String> {
    let config = ["--config", "../tests/bench/page/vite.config.js", "--outDir"];
    config.map(str::to_owned).into_iter().chain([folder.display().to_string()]).collect()
}

fn git(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(Command::new("git").args(arguments).read()?.trim().to_owned())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many threads have wanted to run in the last minute; more than none, and the times are worth little.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    format!("{model}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
