//! WebAssembly bindings of the engine: convert, call, convert. Nothing is decided here.
//!
//! One instance runs in the page's coordinator worker, which calls [`start`] first; with the feature `threads` further
//! instances on the same memory are the pool's threads. `web/src/engine/worker.ts` is the only caller.

mod boundary;
mod clock;
mod failure;
mod pool;
#[cfg(not(feature = "threads"))]
mod remote;

use std::cell::RefCell;
use std::sync::atomic::AtomicBool;
use std::sync::{LazyLock, Mutex, PoisonError};

use evm_lanes_engine::options::{ClockId, Options};
use evm_lanes_engine::report::Story;
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Phase, Surroundings};
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

/// Set by the page, through shared memory, to end a run; it clears it before each job.
static CANCEL: AtomicBool = AtomicBool::new(false);

/// The contracts that scenarios can name; changed between jobs only.
static LIBRARY: LazyLock<Mutex<Library>> = LazyLock::new(Mutex::default);

thread_local! {
    /// Told of progress; only the coordinator's thread has one.
    static PROGRESS: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// Of the last run; on the coordinator's thread, too.
    static STORY: RefCell<Option<Story>> = const { RefCell::new(None) };
}

/// The engine's version.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Announces panics, of any thread from now on, on the BroadcastChannel of this name.
#[wasm_bindgen]
pub fn start(failures: String) {
    failure::announce_on(failures);
}

/// Adds contracts that scenarios can name; throws a string if the text is no list of contracts.
#[wasm_bindgen(js_name = addContracts)]
pub fn add_contracts(text: &str) -> Result<(), JsValue> {
    let more = library().and(text).map_err(|error| JsValue::from(error.to_string()))?;
    set_library(more);
    Ok(())
}

/// There are no further contracts; scenarios that name one are told `why`.
#[wasm_bindgen(js_name = noContracts)]
pub fn no_contracts(why: &str) {
    set_library(library().lacking(why));
}

/// Takes the `threads` started by `initThreadPool` into use.
#[cfg(feature = "threads")]
#[wasm_bindgen(js_name = poolStarted)]
pub fn pool_started(threads: u32) {
    pool::started(threads);
}

/// Address of the byte that ends a run when it is set to 1.
#[wasm_bindgen(js_name = cancelFlag)]
pub fn cancel_flag() -> usize {
    CANCEL.as_ptr().addr()
}

/// Reads a scenario's text and returns a `Checked`.
#[wasm_bindgen]
pub fn check(text: &str) -> Result<JsValue, JsValue> {
    boundary::to_js(&evm_lanes_engine::check(text, &library()))
}

/// Runs a scenario and returns a `Report`, or throws an `ErrorData`. What is [told](tell) from then on is told of this run.
#[wasm_bindgen]
pub fn run(text: &str, options: JsValue, progress: &Function) -> Result<JsValue, JsValue> {
    let options = boundary::options(&options)?;
    let report = with_surroundings(&options, progress, |options, with| {
        evm_lanes_engine::run_and_tell(text, options, with)
    });
    let (report, story) = report.map_err(boundary::run_error)?;
    STORY.set(Some(story));
    boundary::report(report)
}

/// What happened at the last of the first `step` events of the last run, and the versions of a location then: a `Told`, or
/// `null` if nothing has been run.
#[wasm_bindgen]
pub fn tell(step: u32, location: Option<u32>) -> Result<JsValue, JsValue> {
    STORY.with_borrow(|story| {
        boundary::to_js(&story.as_ref().map(|story| story.tell(step, location)))
    })
}

/// Runs a scenario at each of `workers` in virtual time and returns a `Curve`, or throws an `ErrorData`.
#[wasm_bindgen]
pub fn curve(
    text: &str,
    options: JsValue,
    workers: &[u32],
    progress: &Function,
) -> Result<JsValue, JsValue> {
    let options = boundary::options(&options)?;
    let curve = with_surroundings(&options, progress, |options, with| {
        evm_lanes_engine::curve(text, options, workers, with)
    });
    boundary::to_js(&curve.map_err(boundary::run_error)?)
}

/// Runs a scenario in every strategy and returns a `Comparison`, or throws an `ErrorData`.
#[wasm_bindgen]
pub fn compare(text: &str, options: JsValue, progress: &Function) -> Result<JsValue, JsValue> {
    let options = boundary::options(&options)?;
    let comparison = with_surroundings(&options, progress, |options, with| {
        evm_lanes_engine::compare(text, options, with)
    });
    boundary::to_js(&comparison.map_err(boundary::run_error)?)
}

/// What would be if a scenario's block were different by `changes`, a list of `Change`; returns a `WhatIf`, or throws an
/// `ErrorData`.
#[wasm_bindgen(js_name = whatIf)]
pub fn what_if(
    text: &str,
    options: JsValue,
    changes: &Array,
    progress: &Function,
) -> Result<JsValue, JsValue> {
    let options = boundary::options(&options)?;
    let changes = changes.iter().map(|change| boundary::change(&change));
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    let answer = with_surroundings(&options, progress, |options, with| {
        evm_lanes_engine::what_if(text, options, &changes, with)
    });
    boundary::to_js(&answer.map_err(boundary::run_error)?)
}

/// The instructions around the one with number `at` of the attempt that an event of the last run has ended: an `OpcodeTrace`,
/// or `null`.
#[wasm_bindgen]
pub fn opcodes(event: u32, at: u32) -> Result<JsValue, JsValue> {
    STORY.with_borrow(|story| {
        boundary::to_js(&story.as_ref().and_then(|story| story.opcodes(event, at)))
    })
}

/// For tests: panics on one worker of the pool, 0 being the calling thread.
#[wasm_bindgen(js_name = injectPanic)]
pub fn inject_panic(worker: u32) -> Result<(), JsValue> {
    let pool = pool::with(worker.saturating_add(1));
    pool.broadcast(&|id| assert!(id.0 != worker, "injected by a test"))
        .map_err(|panicked| boundary::error("panicked", &panicked.0, &[]))
}

fn with_surroundings<R>(
    options: &Options,
    progress: &Function,
    job: impl FnOnce(&Options, &Surroundings<'_>) -> R,
) -> R {
    let mut options = options.clone();
    let pool = pool::with(options.workers);
    // On the measured clock no more workers run than there are; the report gives the options as they were resolved.
    if options.clock == ClockId::Measured {
        options.workers = options.workers.min(pool.workers().max(1));
    }
    let clock = clock::PerformanceClock::new();
    PROGRESS.set(Some(progress.clone()));
    let result = job(
        &options,
        &Surroundings {
            library: &library(),
            pool: &*pool,
            clock: Some(&clock),
            cancel: &CANCEL,
            progress: &report_progress,
        },
    );
    PROGRESS.set(None);
    result
}

/// A share of what there is.
fn library() -> Library {
    LIBRARY.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn set_library(library: Library) {
    *LIBRARY.lock().unwrap_or_else(PoisonError::into_inner) = library;
}

fn report_progress(phase: Phase, done: u32, total: u32) {
    let phase = match phase {
        Phase::Setup => "setup",
        Phase::Sequential => "sequential",
        Phase::Parallel => "parallel",
        Phase::Analysis => "analysis",
        Phase::Curve => "curve",
        Phase::Comparison => "comparison",
    };
    PROGRESS.with_borrow(|progress| {
        if let Some(progress) = progress {
            // What a listener throws is its own affair.
            let _ = progress.call3(&JsValue::NULL, &phase.into(), &done.into(), &total.into());
        }
    });
}
