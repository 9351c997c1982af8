//! A run on workers that share no memory, as seen by whoever carries their messages.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll, Waker};

use evm_lanes_evm::remote;
use evm_lanes_schedule::{Clock, Inline, WorkerId};

use super::measure::{Measured, differences, median, on_pool};
use super::way::Way;
use super::{Ground, placed, prepare, resolved};
use crate::block::{Parallel, Workplace};
use crate::options::Options;
use crate::report::{Report, Story};
use crate::scenario::{self, Library};
use crate::{Phase, RunError, Surroundings};

/// A run with its own thread of control: call [`RemoteRun::step`], send what it returns, and step again with what comes
/// back, as often as something does. To cancel, drop it.
///
/// Its workers have prepared the same scenario ([`RemoteWorker::new`]). Only runs on the measured clock need them.
pub struct RemoteRun {
    run: Pin<Box<dyn Future<Output = Outcome>>>,
    mail: Rc<RefCell<Mail>>,
}

/// What is sent between the run and one of its workers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To which or from which worker.
    pub worker: u32,
    /// What, in a form of this version of the program.
    pub bytes: Vec<u8>,
}

/// The report of such a run, and its story.
type Outcome = Result<(Report, Story), RunError>;

/// What a [`RemoteRun`] needs from outside; as in [`Surroundings`], to keep.
#[expect(missing_debug_implementations, reason = "it holds closures")]
pub struct Setting {
    /// The contracts that scenarios can name.
    pub library: Library,
    /// Time; its origin must be that of the workers' clocks.
    pub clock: Box<dyn Clock>,
    /// Set from anywhere to end the run.
    pub cancel: &'static AtomicBool,
    /// As in [`Surroundings`].
    pub progress: Box<dyn Fn(Phase, u32, u32) + Sync>,
}

/// One worker of such a run.
#[expect(missing_debug_implementations, reason = "a revm instance has none")]
pub struct RemoteWorker(remote::RemoteWorker);

#[derive(Debug, Default)]
struct Mail {
    sent: Vec<Message>,
    received: VecDeque<Message>,
}

/// So many orders are on their way to a worker at a time: it is to have the next one when it is done with one.
const ON_THE_WAY: usize = 2;

impl RemoteRun {
    /// Of a scenario on so many workers.
    pub fn new(text: String, options: Options, workers: u32, setting: Setting) -> Self {
        let mail = Rc::new(RefCell::new(Mail::default()));
        Self { run: Box::pin(run(text, options, workers, setting, Rc::clone(&mail))), mail }
    }

    /// Takes what has come, and returns what is to be sent, and the report with its story or why there is none once it is over.
    /// It does not come back after that.
    pub fn step(&mut self, received: Option<Message>) -> (Vec<Message>, Option<Outcome>) {
        self.mail.borrow_mut().received.extend(received);
        let over = match self.run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        };
        (std::mem::take(&mut self.mail.borrow_mut().sent), over)
    }
}

impl fmt::Debug for RemoteRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteRun").field("mail", &self.mail).finish_non_exhaustive()
    }
}

impl RemoteWorker {
    /// Prepares the scenario's block.
    ///
    /// # Errors
    /// As a run of the scenario.
    pub fn new(text: &str, options: &Options, with: &Surroundings<'_>) -> Result<Self, RunError> {
        let (scenario, diagnostics) = scenario::read(text, with.library);
        let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
        let block = prepare(&scenario, with).map_err(|error| placed(error, text))?;
        let deltas = resolved(options).deltas.into();
        Ok(Self(remote::RemoteWorker::new(block.into_plain(), deltas)))
    }

    /// What to send back for a message of the run.
    ///
    /// # Errors
    /// If it is no message of a run of this scenario.
    pub fn perform(&mut self, message: &[u8], clock: &dyn Clock) -> Result<Vec<u8>, RunError> {
        let answer = self.0.perform(message, Some(clock));
        answer.map_err(|garbled| RunError::Panicked(garbled.to_string()))
    }
}

async fn run(
    text: String,
    options: Options,
    workers: u32,
    setting: Setting,
    mail: Rc<RefCell<Mail>>,
) -> Outcome {
    let Setting { library, clock, cancel, progress } = setting;
    let with = Surroundings {
        pool: &Inline,
        library: &library,
        clock: Some(&*clock),
        cancel,
        progress: &*progress,
    };
    let (scenario, diagnostics) = scenario::read(&text, with.library);
    let scenario = scenario.ok_or(RunError::Invalid(diagnostics))?;
    // What is touched is not sent, so there will be no lists to compare.
    let ground = Ground::find(&scenario, &options, &with, false);
    let ground = ground.map_err(|error| placed(error, &text))?;
    let mut way = ground.way(&with);
    way.keeps_attempts = true;
    let mut messages = false;
    let measured = match ground.measuring {
        Some(clock) => {
            way.options.workers = options.workers.min(workers);
            messages = !gains_nothing(&way);
            if messages { measure(&way, clock, &mail).await? } else { on_pool(&way, clock)? }
        }
        None => ground.virtually(&way)?,
    };
    let report = ground.report(&way, &measured, messages);
    let who = (way.options.strategy, way.options.workers);
    Ok((report, ground.story(who, measured.run)))
}

/// Whether the strategy would leave the block to one worker even if all shared a memory; messages only cost more.
fn gains_nothing(way: &Way<'_>) -> bool {
    let progress = way.progress();
    let how = way.how(Workplace::Real(&Inline), None, &progress);
    let hints = way.block.plain().hints(&how);
    how.strategy.runs_in_order(&hints, way.block.transactions(), way.options.workers)
}

/// Times the baseline and the run in turn, as on a pool: the first round warms up, and the last one is traced.
async fn measure(
    way: &Way<'_>,
    clock: &dyn Clock,
    mail: &RefCell<Mail>,
) -> Result<Measured, RunError> {
    let mut sequential = Vec::new();
    let mut parallel = Vec::new();
    let mut found = Vec::new();
    for round in 0..=way.options.repeats {
        let baseline = way.block.time_sequential(clock, way.with.cancel)?;
        let start = clock.now();
        let run = execute(way, None, mail).await?;
        let time = clock.now().saturating_sub(start);
        if round > 0 {
            sequential.push(baseline);
            parallel.push(time);
        }
        if found.is_empty() {
            found = differences(way.block, way.truth, &run);
        }
    }
    let run = execute(way, Some(clock), mail).await?;
    Ok(Measured { run, sequential: median(sequential), parallel: median(parallel), found })
}

/// One execution of the block.
async fn execute(
    way: &Way<'_>,
    clock: Option<&dyn Clock>,
    mail: &RefCell<Mail>,
) -> Result<Parallel, RunError> {
    let total = way.block.transactions();
    let progress = way.progress();
    let how = way.how(Workplace::Real(&Inline), clock, &progress);
    let block = way.block.plain();
    let hints = block.hints(&how);
    let workers = way.options.workers;
    let mut run = remote::RemoteRun::new(block, &how, &hints, workers);
    // Enough to make a message worth while, few enough to keep all busy until the end.
    let most = (total / (workers * 8)).clamp(1, 64) as usize;
    let mut on_the_way = vec![0; workers as usize];
    while run.committed() < total {
        for worker in 0..workers {
            let on_the_way = &mut on_the_way[worker as usize];
            while *on_the_way < ON_THE_WAY
                && let Some(bytes) = run.order(WorkerId(worker), most)
            {
                *on_the_way += 1;
                mail.borrow_mut().sent.push(Message { worker, bytes });
            }
        }
        let Message { worker, bytes } = next(mail).await;
        let due = on_the_way.get_mut(worker as usize).filter(|on_the_way| **on_the_way > 0);
        let due = due.ok_or_else(|| RunError::Panicked("a message nobody waits for".to_owned()))?;
        *due -= 1;
        run.take(WorkerId(worker), &bytes)?;
        progress(run.committed());
    }
    Ok(run.finish(&how)?)
}

/// The next message, once there is one.
async fn next(mail: &RefCell<Mail>) -> Message {
    std::future::poll_fn(|_| match mail.borrow_mut().received.pop_front() {
        Some(message) => Poll::Ready(message),
        None => Poll::Pending,
    })
    .await
}
