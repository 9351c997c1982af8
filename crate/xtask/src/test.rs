//! `cargo xtask test`: everything CI checks, in the order that fails soonest.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::command::{Run, cargo, target};
use crate::{browser, budget, documentation, node, site, wasm};

/// How many checks there were. A stage without tests of its own counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Runs the stages, all of them even if one fails, and prints a closing line `N passed, N failed, N skipped`.
pub(crate) fn test(quick: bool) -> ExitCode {
    type Stage = (&'static str, bool, fn() -> anyhow::Result<Tally>);
    // A stage marked `true` belongs to --quick.
    let stages: [Stage; 15] = [
        ("formatting", true, || check(&mut cargo(["fmt", "--all", "--check"]))),
        ("clippy", true, clippy),
        ("native tests", true, if quick { few_native_tests } else { native_tests }),
        ("packages", true, || done(node::install("web"))),
        ("TypeScript types", true, || check(node::web("tsc").arg("--noEmit"))),
        ("TypeScript tests", true, vitest),
        ("browser test types", false, browser_test_types),
        ("contracts", false, contracts),
        ("loom", false, loom),
        ("shuttle", false, shuttle),
        ("wasm modules", false, || done(wasm::build_all())),
        ("site", false, || done(site::bundle())),
        ("sizes", false, || done(budget::check())),
        ("documentation tools", false, || done(documentation::install())),
        ("browser tests", false, playwright),
    ];
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for (name, in_quick, stage) in stages {
        if quick && !in_quick {
            total.skipped += 1;
            lines.push(format!("{name:20} left out by --quick"));
            continue;
        }
        println!("\n== {name}");
        let started = Instant::now();
        let tally = stage().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally { failed: 1, ..Tally::default() }
        });
        total.add(tally);
        let verdict = if tally.failed > 0 { "FAILED" } else { "ok" };
        lines.push(format!(
            "{name:20} {verdict:6} {:7.1} s   {tally}",
            started.elapsed().as_secs_f64()
        ));
    }
    println!("\n{}\n\n{total}", lines.join("\n"));
    if total.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn native_tests() -> anyhow::Result<Tally> {
    // The real node that crate/fetch takes blocks from; without it those cases count as skipped.
    node::install("tests/node")?;
    cargo_tests(&mut cargo(["test", "--locked"]))
}

/// The same tests on a tenth of the random blocks and without the corpus, which they count as skipped.
fn few_native_tests() -> anyhow::Result<Tally> {
    let mut tests = cargo(["test", "--locked"]);
    tests.envs([("EVM_LANES_RUNS", "100000"), ("EVM_LANES_FUZZ_BLOCKS", "250")]);
    cargo_tests(tests.env("EVM_LANES_CORPUS", "left-out-by-quick"))
}

/// Rewrites what tests compare with.
pub(crate) fn refresh() -> anyhow::Result<()> {
    cargo(["test", "--locked", "--package", "evm-lanes-tests"]).env("UPDATE_EXPECT", "1").run()
}

fn clippy() -> anyhow::Result<Tally> {
    let features = "evm-lanes-wasm/threads,evm-lanes-xtask/bindgen";
    check(
        cargo([
            "clippy",
            "--quiet",
            "--locked",
            "--workspace",
            "--all-targets",
            "--features",
            features,
        ])
        .args(["--", "-D", "warnings"]),
    )
}

/// The status hand-offs and cursors in every interleaving: crate/schedule/README.md says what and why.
fn loom() -> anyhow::Result<Tally> {
    cargo_tests(
        cargo([
            "test",
            "--locked",
            "--release",
            "--package",
            "evm-lanes-schedule",
            "--test",
            "loom",
        ])
        .env("RUSTFLAGS", "--cfg loom")
        .env("CARGO_TARGET_DIR", target().join("loom")),
    )
}

/// The whole scheduler under explored schedules.
fn shuttle() -> anyhow::Result<Tally> {
    cargo_tests(
        cargo(["test", "--locked", "--package", "evm-lanes-schedule", "--features", "shuttle"])
            .args(["--test", "shuttle"]),
    )
}

fn vitest() -> anyhow::Result<Tally> {
    let report = std::path::absolute(target().join("xtask/vitest.json"))?;
    let _ = std::fs::remove_file(&report);
    let succeeded = node::web("vitest")
        .args(["run", "--reporter=default", "--reporter=json", "--testTimeout=30000"])
        .arg(format!("--outputFile.json={}", report.display()))
        .status()?
        .success();
    let report = json(&report)?;
    let number = |key: &str| report[key].as_u64().unwrap_or(0);
    let skipped = number("numPendingTests") + number("numTodoTests");
    let tally =
        Tally { passed: number("numPassedTests"), failed: number("numFailedTests"), skipped };
    tally.agrees_with(succeeded)
}

/// The browser tests' own types: Playwright runs them without looking.
fn browser_test_types() -> anyhow::Result<Tally> {
    node::install("tests/browser")?;
    check(node::package("tests/browser", "tsc").arg("--noEmit"))
}

/// The committed artifacts are what the pinned compiler makes of the committed sources.
fn contracts() -> anyhow::Result<Tally> {
    node::install("examples/contracts")?;
    check(Command::new("node").current_dir("examples/contracts").args(["compile.mjs", "--check"]))
}

fn playwright() -> anyhow::Result<Tally> {
    node::install("tests/browser")?;
    // The real node that the page takes blocks from; where it has no build, those tests are skipped.
    node::install("tests/node")?;
    let report = std::path::absolute(target().join("xtask/playwright.json"))?;
    let _ = std::fs::remove_file(&report);
    let mut command = node::package("tests/browser", "playwright");
    command.args(["test", "--reporter=list,json"]).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    // Tests of those that are not there are skipped.
    command.envs(documentation::programs()?);
    if let Some(chromium) = browser::find()? {
        command.env("CHROMIUM", chromium);
    }
    browser::fonts();
    match browser::firefox() {
        Some(firefox) => command.env("FIREFOX", firefox),
        None => {
            eprintln!(
                "no Firefox, and none could be installed: its tests are skipped (apt-get install firefox-esr)"
            );
            command.env_remove("FIREFOX")
        }
    };
    let succeeded = command.status()?.success();
    let stats = json(&report)?["stats"].take();
    let number = |key: &str| stats[key].as_u64().unwrap_or(0);
    // A test that passed only when repeated has failed.
    let failed = number("unexpected") + number("flaky");
    Tally { passed: number("expected"), failed, skipped: number("skipped") }.agrees_with(succeeded)
}

fn json(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).context("the tests did not run to their end")?;
    Ok(serde_json::from_str(&text)?)
}

fn check(command: &mut Command) -> anyhow::Result<Tally> {
    done(command.run())
}

fn done(result: anyhow::Result<()>) -> anyhow::Result<Tally> {
    result.map(|()| Tally { passed: 1, ..Tally::default() })
}

fn cargo_tests(command: &mut Command) -> anyhow::Result<Tally> {
    let (output, succeeded) = command.arg("--no-fail-fast").tee()?;
    Tally::of_cargo(&output).agrees_with(succeeded)
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Sums the lines `test result: ok. 3 passed; 0 failed; 1 ignored; …`, and `SKIPPED: 43 cases …` of a test that
    /// found out as it ran that it cannot check them.
    fn of_cargo(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            if let Some(skipped) = line.strip_prefix("SKIPPED: ") {
                let number = skipped.split_whitespace().next().and_then(|word| word.parse().ok());
                tally.skipped += number.unwrap_or(1);
            }
            let Some(result) = line.strip_prefix("test result: ") else { continue };
            for part in result.split(['.', ';']) {
                let mut words = part.split_whitespace();
                let (Some(Ok(number)), Some(what)) =
                    (words.next().map(str::parse::<u64>), words.next())
                else {
                    continue;
                };
                match what {
                    "passed" => tally.passed += number,
                    "failed" => tally.failed += number,
                    "ignored" => tally.skipped += number,
                    _ => {}
                }
            }
        }
        tally
    }

    /// Numbers that contradict the exit code, and a run without a single test, are failures.
    fn agrees_with(self, succeeded: bool) -> anyhow::Result<Self> {
        if succeeded && self.passed == 0 {
            bail!("no test ran");
        }
        if !succeeded && self.failed == 0 {
            // It did not compile, or died.
            return Ok(Self { failed: 1, ..self });
        }
        Ok(self)
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_results_are_summed() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            SKIPPED: 43 cases of blocks (the corpus is not there)\n\
            test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s\n";
        let tally = Tally::of_cargo(output);
        assert_eq!(tally, Tally { passed: 13, failed: 2, skipped: 44 });
        assert_eq!(tally.to_string(), "13 passed, 2 failed, 44 skipped");
    }

    #[test]
    fn an_exit_code_is_never_outvoted() {
        let passed = Tally { passed: 4, ..Tally::default() };
        assert_eq!(passed.agrees_with(true).unwrap(), passed);
        assert_eq!(passed.agrees_with(false).unwrap().failed, 1);
        assert!(Tally::default().agrees_with(true).is_err());
    }
}
