//! Runs every case there is below some paths, several at a time, and counts.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use evm_lanes_schedule::Panicked;
use serde::Serialize;

use crate::case::{Passed, Unfit, Verdict};
use crate::fixture::{self, Contents, Entry};
use crate::rules::Rules;
use crate::source::{self, Found};
use crate::ways::Ways;

/// What to run and how.
#[expect(missing_debug_implementations, reason = "it holds a closure")]
pub struct Job<'a> {
    /// Files, archives and folders.
    pub paths: &'a [PathBuf],
    /// How to execute each block.
    pub ways: &'a Ways,
    /// Rules for every case; `None` for those that a fixture says it was filled for.
    pub rules: Option<Rules>,
    /// Only cases with this text in the name of their file or their own.
    pub only: Option<&'a str>,
    /// How many cases at a time. Each has its workers besides.
    pub threads: NonZeroUsize,
    /// Ends the run.
    pub cancel: &'a AtomicBool,
    /// Called with the number of cases done, from any thread.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// What came of a run.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Documents with cases that were run.
    pub files: u64,
    /// Files that are no fixtures, by name.
    pub other_files: Vec<String>,
    /// Cases that passed.
    pub passed: u64,
    /// What did not.
    pub failures: Vec<Failure>,
    /// Cases that were not run or not decided: how many, for which reason.
    pub skipped: BTreeMap<String, u64>,
    /// Blocks executed in passed cases, in each way.
    pub blocks: u64,
    /// Their transactions.
    pub transactions: u64,
    /// Their gas.
    pub gas: u64,
    /// Block access lists in passed cases, built in each way and compared with their hash.
    pub access_lists: u64,
    /// It ended early.
    pub cancelled: bool,
}

/// A case that failed, or a file that cannot be read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The case; empty if it is the whole file.
    pub case: String,
    /// What is wrong.
    pub problems: Vec<String>,
    #[serde(skip)]
    place: (u64, usize),
}

/// An entry of a document to be run.
struct Task {
    file: Arc<str>,
    /// Of its document among all, and its own in the document.
    place: (u64, usize),
    entry: Entry,
}

impl Summary {
    /// How many cases were skipped.
    pub fn skipped_cases(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// How many cases there were.
    pub fn cases(&self) -> u64 {
        self.passed + self.failures.len() as u64 + self.skipped_cases()
    }
}

/// Runs the job. In memory there is one document, and a few entries waiting for a thread.
pub fn run(job: &Job<'_>) -> Summary {
    let counts = Mutex::new(Summary::default());
    let (sender, receiver) = mpsc::sync_channel::<Task>(job.threads.get());
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        for _ in 0..job.threads.get() {
            scope.spawn(|| {
                loop {
                    let task = lock(&receiver).recv();
                    let Ok(task) = task else { return };
                    work(job, &task, &counts);
                }
            });
        }
        produce(job, &sender, &counts);
        drop(sender);
    });
    let mut summary = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary.failures.sort_by_key(|failure| failure.place);
    summary.cancelled = job.cancel.load(Ordering::Relaxed);
    summary
}

/// Takes everything apart that is below the paths.
fn produce(job: &Job<'_>, sender: &mpsc::SyncSender<Task>, counts: &Mutex<Summary>) {
    let mut documents = 0;
    for path in job.paths {
        let ended = source::walk(path, &mut |found| {
            documents += 1;
            let broken = |file: String, problem: String| {
                let place = (documents, 0);
                let problems = vec![problem];
                let failure = Failure { file, case: String::new(), problems, place };
                lock(counts).failures.push(failure);
            };
            match found {
                Found::Broken(error) => broken(error.name.clone(), error.to_string()),
                Found::Other(name) => lock(counts).other_files.push(name),
                Found::Document(document) => match fixture::entries(&document.text) {
                    Err(error) => broken(document.name, format!("it is not JSON: {error}")),
                    Ok(Contents::Nothing) => lock(counts).other_files.push(document.name),
                    Ok(Contents::Entries(entries)) => {
                        let file: Arc<str> = document.name.into();
                        let wanted = |entry: &Entry| match job.only {
                            Some(text) => file.contains(text) || entry.name.contains(text),
                            None => true,
                        };
                        let mut any = false;
                        for (index, entry) in entries.into_iter().enumerate() {
                            if job.cancel.load(Ordering::Relaxed) {
                                return ControlFlow::Break(());
                            }
                            if wanted(&entry) {
                                any = true;
                                let place = (documents, index);
                                let task = Task { file: file.clone(), place, entry };
                                // The threads go on until there is nothing left to receive.
                                let _ = sender.send(task);
                            }
                        }
                        lock(counts).files += u64::from(any);
                    }
                },
            }
            ControlFlow::Continue(())
        });
        if ended.is_break() {
            return;
        }
    }
}

fn work(job: &Job<'_>, task: &Task, counts: &Mutex<Summary>) {
    if job.cancel.load(Ordering::Relaxed) {
        return;
    }
    let panicked = |payload: Box<dyn std::any::Any + Send>| {
        Verdict::Failed(vec![format!("panicked: {}", Panicked::from_payload(&*payload).0)])
    };
    let cases = catch_unwind(AssertUnwindSafe(|| task.entry.cases(job.rules)));
    let cases = match cases {
        Ok(cases) => cases,
        Err(payload) => {
            return count(job, task, task.entry.name.clone(), panicked(payload), counts);
        }
    };
    for (name, case) in cases {
        let verdict = match case {
            Ok(case) => catch_unwind(AssertUnwindSafe(|| case.check(job.ways, job.cancel)))
                .unwrap_or_else(panicked),
            Err(Unfit::Skip(reason)) => Verdict::Skipped(reason),
            Err(Unfit::Broken(reason)) => Verdict::Failed(vec![reason]),
        };
        count(job, task, name, verdict, counts);
    }
}

fn count(job: &Job<'_>, task: &Task, name: String, verdict: Verdict, counts: &Mutex<Summary>) {
    let mut summary = lock(counts);
    match verdict {
        Verdict::Passed(Passed { blocks, transactions, gas, access_lists }) => {
            summary.passed += 1;
            summary.blocks += blocks;
            summary.transactions += transactions;
            summary.gas += gas;
            summary.access_lists += access_lists;
        }
        Verdict::Skipped(reason) => *summary.skipped.entry(reason).or_default() += 1,
        Verdict::Failed(problems) => {
            let file = task.file.to_string();
            summary.failures.push(Failure { file, case: name, problems, place: task.place });
        }
        Verdict::Cancelled => return,
    }
    let done = summary.cases();
    drop(summary);
    (job.progress)(done);
}

/// A panic elsewhere leaves the counts as good as they were.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
