//! Real blocks and official fixtures come out as they say, in every strategy. The same as `evm-lanes conform`, for fewer
//! workers and clocks, so that it fits into every test run.
//!
//! The corpus is not part of the repository; `EVM_LANES_CORPUS` names its folder, and without it `../shared/corpus` beside
//! the workspace is tried.

use std::io::Write as _;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use evm_lanes_conform::{Clock, Deltas, Job, Told, Ways, run};

#[test]
fn real_blocks_are_what_the_chain_says() {
    let threads = ways(4, Clock::Measured);
    // Nobody is told anything, and nothing commutes.
    let virtual_workers =
        Ways { deltas: vec![Deltas::None], told: vec![Told::Nothing], ..ways(8, Clock::Virtual) };
    check("blocks", 43, 0, &threads);
    check("blocks", 43, 0, &virtual_workers);
}

#[test]
fn chains_of_blocks_are_what_their_tests_say() {
    check("blockchain_tests", 775, 18, &ways(3, Clock::Virtual));
}

#[test]
fn chains_under_the_next_fork_are_what_their_tests_say() {
    check("bal", 771, 97, &ways(3, Clock::Virtual));
}

#[test]
fn single_transactions_are_what_their_tests_say() {
    check("state_tests", 9812, 0, &ways(1, Clock::Virtual));
}

/// Every strategy with so many workers.
fn ways(workers: u32, clock: Clock) -> Ways {
    let workers = NonZeroU32::new(workers).expect("at least one");
    Ways { workers: vec![workers], clocks: vec![clock], ..Ways::default() }
}

/// Runs a part of the corpus. A case that begins or ceases to be skipped is as much of a change as one that fails.
fn check(part: &str, passed: u64, skipped: u64, ways: &Ways) {
    let folder = folder();
    if !folder.is_dir() {
        // Past the test runner's capture, which would hide it because the test passes; `cargo xtask test` counts it. It may
        // come when a line has begun.
        let cases = passed + skipped;
        let line = format!(
            "\nSKIPPED: {cases} cases of {part}: there is no folder {}\n",
            folder.display()
        );
        let _ = std::io::stdout().write_all(line.as_bytes());
        return;
    }
    let summary = run(&Job {
        paths: &[folder.join(part)],
        ways,
        rules: None,
        only: None,
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        cancel: &AtomicBool::new(false),
        progress: &|_| {},
    });
    let failures: Vec<_> = summary.failures.iter().take(20).collect();
    assert!(failures.is_empty(), "{} failed: {failures:#?}", summary.failures.len());
    assert_eq!((summary.passed, summary.skipped_cases()), (passed, skipped), "{summary:#?}");
}

/// Where the corpus is, if there is one.
fn folder() -> PathBuf {
    match std::env::var_os("EVM_LANES_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
    }
}
