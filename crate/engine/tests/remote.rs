//! Runs on workers that share no memory: whatever the order in which their messages arrive, they equal the sequential run.
//! `SEED` repeats a run.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use evm_lanes_engine::options::{ClockId, DeltaId, HintId, Options, StrategyId};
use evm_lanes_engine::report::{Report, Story, VersionState};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Message, RemoteRun, RemoteWorker, RunError, Setting, Surroundings, run};
use evm_lanes_schedule::{Clock, Inline};

static NEVER: AtomicBool = AtomicBool::new(false);

/// Every look takes a microsecond.
#[derive(Debug, Default)]
struct Ticking(std::sync::atomic::AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> u64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

#[test]
fn every_example_and_every_choice_equals_the_sequential_run() {
    let seed = std::env::var("SEED").map_or(1, |text| text.parse().expect("SEED is a number"));
    println!("SEED={seed}");
    let mut random = Random(seed);
    let mut held = 0;
    for (name, text) in texts() {
        for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage] {
            let workers = 1 + random.below(3) as u32;
            let hints = if random.below(2) == 0 { HintId::None } else { HintId::Senders };
            let options = options(StrategyId::BlockStm, workers, deltas, hints);
            let (report, story) = carry(&text, &options, &mut random).expect(&name);
            check_story(&name, &report, &story);
            let options = Options { clock: ClockId::Virtual, ..options };
            let expected = run(&text, &options, &surroundings()).expect(&name);
            held += check(&name, &report, &expected);
        }
    }
    assert!(held > 0, "no attempt of another worker has ever held");
}

#[test]
fn what_the_strategy_knows_is_used() {
    let (name, text) = texts().into_iter().next().expect("there are some");
    for strategy in [StrategyId::Dag, StrategyId::Bal, StrategyId::Locks] {
        let options = options(strategy, 2, DeltaId::Fees, HintId::None);
        let (report, story) = carry(&text, &options, &mut Random(1)).expect(&name);
        check_story(&name, &report, &story);
        let expected = run(&text, &Options { clock: ClockId::Virtual, ..options }, &surroundings())
            .expect(&name);
        check(&name, &report, &expected);
        if strategy == StrategyId::Dag {
            assert_eq!(report.verdict.aborts, 0);
        }
    }
}

#[test]
fn a_block_that_gains_nothing_is_left_to_one_worker() {
    let texts = texts();
    let (name, text) =
        texts.iter().find(|(name, _)| name.ends_with("nonce-chain.json")).expect("it is there");
    for (strategy, messages) in
        [(StrategyId::Sequential, false), (StrategyId::Ladder, false), (StrategyId::BlockStm, true)]
    {
        let options = options(strategy, 2, DeltaId::Fees, HintId::Senders);
        let (report, story) = carry(text, &options, &mut Random(1)).expect(name);
        assert!(report.verdict.equal, "{name}: {:?}", report.verdict.differences);
        assert_eq!(report.verdict.messages, messages, "{strategy:?}");
        check_story(name, &report, &story);
    }
}

#[test]
fn what_is_wrong_with_a_text_or_a_message_is_said() {
    let options = options(StrategyId::Ladder, 2, DeltaId::Fees, HintId::None);
    assert!(matches!(carry("{", &options, &mut Random(1)), Err(RunError::Invalid(_))));
    let zero = Options { workers: 0, ..options };
    let (name, text) = texts().into_iter().next().expect("there are some");
    assert!(matches!(carry(&text, &zero, &mut Random(1)), Err(RunError::Options(_))), "{name}");

    let mut worker = RemoteWorker::new(&text, &options, &surroundings()).expect(&name);
    let mut run = RemoteRun::new(text, options, 2, setting());
    let (orders, over) = run.step(None);
    assert!(over.is_none());
    let order = &orders[0].bytes;
    for length in 0..order.len() {
        assert!(worker.perform(&order[..length], &Ticking::default()).is_err(), "{length} bytes");
    }
    let mut random = Random(7);
    for _ in 0..2000 {
        let mut garbled = order.clone();
        let at = random.below(garbled.len() as u64) as usize;
        garbled[at] ^= 1 << random.below(8);
        // Some are orders too; none makes it panic.
        drop(worker.perform(&garbled, &Ticking::default()));
    }
    let unasked = Message { worker: 9, bytes: Vec::new() };
    assert!(matches!(run.step(Some(unasked)).1, Some(Err(RunError::Panicked(_)))));
}

/// The examples: with and without conflicts, with destruction, creation, delegation and failures among them.
fn texts() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut texts: Vec<_> = std::fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter(|path| !["index.json", "schema.json"].iter().any(|name| path.ends_with(name)))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("a text")))
        .collect();
    texts.sort();
    texts
}

/// Carries messages between a run and its workers, each worker's in order, otherwise as they come.
fn carry(text: &str, options: &Options, random: &mut Random) -> Result<(Report, Story), RunError> {
    let mut workers: Vec<(RemoteWorker, VecDeque<Vec<u8>>)> = Vec::new();
    let mut run = RemoteRun::new(text.to_owned(), options.clone(), options.workers, setting());
    let mut received = None;
    loop {
        let (sent, over) = run.step(received.take());
        if let Some(result) = over {
            return result;
        }
        for Message { worker, bytes } in sent {
            while workers.len() <= worker as usize {
                let worker = RemoteWorker::new(text, options, &surroundings())?;
                workers.push((worker, VecDeque::new()));
            }
            workers[worker as usize].1.push_back(bytes);
        }
        let busy: Vec<usize> =
            (0..workers.len()).filter(|&worker| !workers[worker].1.is_empty()).collect();
        assert!(!busy.is_empty(), "nothing is on its way and the run is not over");
        let id = busy[random.below(busy.len() as u64) as usize];
        let (worker, orders) = &mut workers[id];
        let order = orders.pop_front().expect("it has one");
        let bytes = worker.perform(&order, &Ticking::default())?;
        received = Some(Message { worker: id as u32, bytes });
    }
}

/// Events are told, with what was read and written; and in the end all versions are committed or gone.
fn check_story(name: &str, report: &Report, story: &Story) {
    let events = report.timeline.events.kind.len() as u32;
    // A stretch of them: the story is looked through from its beginning for each.
    for step in (0..=events).step_by(1 + events as usize / 100) {
        let sentence = story.tell(step, None).sentence;
        assert!(!sentence.contains("too much to keep"), "{name}, {step}: {sentence}");
    }
    let Some(hot) = report.hot.first() else { return };
    let versions = story.tell(events, Some(hot.location)).versions.expect("it was asked for");
    for row in &versions.rows {
        let settled = matches!(row.state, VersionState::Committed | VersionState::Gone);
        assert!(settled, "{name}: {row:?}");
    }
}

/// How many attempts of other workers have held.
fn check(name: &str, report: &Report, expected: &Report) -> u32 {
    let verdict = &report.verdict;
    assert!(verdict.equal, "{name}: {:?}", verdict.differences);
    assert!(verdict.messages);
    assert_eq!(verdict.parallel_state_root, expected.verdict.sequential_state_root, "{name}");
    let transactions = report.transactions.len() as u32;
    assert_eq!(verdict.attempts, transactions + verdict.aborts, "{name}");
    assert_eq!(report.timeline.workers, verdict.workers + 1, "{name}");
    let ends = |report: &Report| -> Vec<_> {
        let ends = report.transactions.iter();
        ends.map(|one| (one.status, one.gas_used, one.output.clone(), one.logs.clone())).collect()
    };
    assert_eq!(ends(report), ends(expected), "{name}");
    transactions - verdict.aborts
}

fn options(strategy: StrategyId, workers: u32, deltas: DeltaId, hints: HintId) -> Options {
    let clock = ClockId::Measured;
    Options { strategy, workers, clock, deltas, hints, repeats: 1, ..Options::default() }
}

fn setting() -> Setting {
    Setting {
        library: Library::bundled().clone(),
        clock: Box::new(Ticking::default()),
        cancel: &NEVER,
        progress: Box::new(|_, _, _| {}),
    }
}

fn surroundings() -> Surroundings<'static> {
    Surroundings {
        pool: &Inline,
        library: Library::bundled(),
        clock: None,
        cancel: &NEVER,
        progress: &|_, _, _| {},
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
