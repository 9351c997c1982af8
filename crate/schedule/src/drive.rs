//! Runs a strategy on lanes: on a pool's threads, or on virtual workers in virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::access::LogOf;
use crate::idle::Idle;
use crate::lanes::{Pool, VirtualTime};
use crate::memory::{Memory, Stale};
use crate::strategy::{Next, Scheduler, Task};
use crate::sync::Mutex;
use crate::vm::Met;
use crate::{Blocked, Clock, Counters, Error, Event, EventKind, Job, Version, View, Vm, WorkerId};

/// One worker's own things, whatever it runs on.
pub(crate) struct Lane<'a, V: Vm> {
    /// Whose they are.
    pub(crate) id: WorkerId,
    /// A task that is claimed already and comes before any other.
    pub(crate) handed: Option<Task<V>>,
    /// Transactions that this worker has taken from the block and not begun.
    pub(crate) claimed: Range<u32>,
    /// Buffers nobody needs any more: of this worker, and of all.
    spares: Vec<LogOf<V>>,
    shared_spares: &'a Mutex<Vec<LogOf<V>>>,
    /// What this worker did.
    pub(crate) counters: Counters,
    time: Time<'a>,
    events: Vec<Event<V::Location, V::Value>>,
}

/// So many buffers change hands at a time.
const SPARES: usize = 16;

/// An attempt that has ended.
pub(crate) struct Attempt<V: Vm> {
    pub(crate) version: Version,
    /// The strategy's note from [`Task::Execute`].
    pub(crate) stamp: u32,
    /// As in [`Task::Execute`].
    pub(crate) last: bool,
    /// Its output and log, or where it was blocked.
    pub(crate) result: Result<Done<V>, Met<V::Location>>,
    start: u64,
    reads: usize,
}

/// An attempt's output and log.
pub(crate) type Done<V> = (<V as Vm>::Output, LogOf<V>);

/// A validation that has ended.
pub(crate) struct Validation<V: Vm> {
    pub(crate) version: Version,
    /// The strategy's note from [`Task::Validate`].
    pub(crate) stamp: u32,
    /// As it was lent, its sources brought up to date if the reads hold.
    pub(crate) log: LogOf<V>,
    /// Whether the reads hold; if not, which does not and why.
    pub(crate) verdict: Result<(), (usize, Stale<V::Value>)>,
    start: u64,
}

/// What all workers of a run together did.
pub(crate) struct Outcome<V: Vm> {
    pub(crate) events: Vec<Event<V::Location, V::Value>>,
    pub(crate) counters: Counters,
    pub(crate) virtual_time: u64,
}

/// A task between its beginning, when it reads, and its end, when what came of it takes effect.
enum Running<V: Vm> {
    Attempt(Attempt<V>),
    Validation(Validation<V>),
}

/// What attempts run on.
struct Machine<V: Vm> {
    vm: V,
    view: View<V::Location, V::Value>,
}

#[derive(Clone, Copy)]
enum Time<'a> {
    Unrecorded,
    Measured { clock: &'a dyn Clock, origin: u64 },
    Virtual(u64),
}

/// Runs `scheduler` on `pool` until all is committed, somebody cancels or a worker panics.
pub(crate) fn real<V: Vm, S: Scheduler<V> + ?Sized>(
    job: &Job<'_, V>,
    memory: &Arc<Memory<V::Location, V::Value>>,
    scheduler: &S,
    idle: &Idle,
    pool: &dyn Pool,
) -> Result<Outcome<V>, Error> {
    let time =
        job.clock.map_or(Time::Unrecorded, |clock| Time::Measured { clock, origin: clock.now() });
    let outcome =
        Mutex::new(Outcome { events: Vec::new(), counters: Counters::default(), virtual_time: 0 });
    let spares = Mutex::new(Vec::new());
    pool.broadcast(&|id| {
        let _closing = CloseOnPanic(idle);
        let mut machine = Machine { vm: (job.vm)(), view: View::new(memory.clone()) };
        let mut lane = Lane::new(id, time, &spares);
        let mut reported = 0;
        while !idle.is_closed() {
            if job.control.cancel.load(Ordering::Relaxed) {
                idle.close();
                break;
            }
            let ticket = idle.ticket();
            match machine.begin(job, memory, scheduler, &mut lane) {
                Next::Task(running) => finish(scheduler, &mut lane, running),
                Next::Idle => idle.park(ticket),
                Next::Done => break,
            }
            report(job, id, scheduler.committed(), &mut reported);
        }
        outcome.lock().add(lane);
    })?;
    Ok(outcome.into_inner())
}

/// Runs `scheduler` on virtual workers, on the calling thread.
///
/// Tasks read at the instant they begin and take effect at the instant they end. At one instant everything that ends
/// does so before anything begins, each in an order drawn from the seed.
pub(crate) fn virtually<V: Vm, S: Scheduler<V> + ?Sized>(
    job: &Job<'_, V>,
    memory: &Arc<Memory<V::Location, V::Value>>,
    scheduler: &S,
    lanes: &VirtualTime<'_, V>,
) -> Result<Outcome<V>, Error> {
    let mut machine = Machine { vm: (job.vm)(), view: View::new(memory.clone()) };
    let spares = Mutex::new(Vec::new());
    let mut workers: Vec<Worker<'_, V>> = (0..lanes.workers.max(1))
        .map(|id| Worker {
            lane: Lane::new(WorkerId(id), Time::Unrecorded, &spares),
            running: None,
        })
        .collect();
    let mut random = SplitMix(lanes.seed);
    let mut free: Vec<u32> = (0..lanes.workers.max(1)).collect();
    let mut busy: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    let mut reported = 0;
    let mut now = 0;
    loop {
        // A worker that was handed a task, or has claimed transactions, has work already. The others are all alike, so
        // when one of them finds nothing, none does.
        random.shuffle(&mut free);
        free.sort_by_key(|&id| {
            let lane = &workers[id as usize].lane;
            lane.handed.is_none() && lane.claimed.is_empty()
        });
        let mut waiting = Vec::new();
        for &id in &free {
            let worker = &mut workers[id as usize];
            if !waiting.is_empty() {
                waiting.push(id);
                continue;
            }
            if job.control.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            worker.lane.time = job.clock.map_or(Time::Unrecorded, |_| Time::Virtual(now));
            match machine.begin(job, memory, scheduler, &mut worker.lane) {
                Next::Task(running) => {
                    busy.push(Reverse((now.saturating_add(running.cost(lanes)), id)));
                    worker.running = Some(running);
                }
                Next::Idle => waiting.push(id),
                Next::Done => {}
            }
        }
        free = waiting;

        let Some(&Reverse((next, _))) = busy.peek() else { break };
        now = next;
        let mut ending = Vec::new();
        while let Some(&Reverse((end, id))) = busy.peek().filter(|Reverse((end, _))| *end == now) {
            debug_assert_eq!(end, now);
            busy.pop();
            ending.push(id);
        }
        random.shuffle(&mut ending);
        for &id in &ending {
            let worker = &mut workers[id as usize];
            worker.lane.time = job.clock.map_or(Time::Unrecorded, |_| Time::Virtual(now));
            if let Some(running) = worker.running.take() {
                finish(scheduler, &mut worker.lane, running);
            }
        }
        report(job, WorkerId(0), scheduler.committed(), &mut reported);
        free.extend(ending);
    }
    let mut outcome =
        Outcome { events: Vec::new(), counters: Counters::default(), virtual_time: now };
    for worker in workers {
        outcome.add(worker.lane);
    }
    Ok(outcome)
}

impl<V: Vm> Machine<V> {
    /// Does the reading part of the next task.
    fn begin<S: Scheduler<V> + ?Sized>(
        &mut self,
        job: &Job<'_, V>,
        memory: &Memory<V::Location, V::Value>,
        scheduler: &S,
        lane: &mut Lane<'_, V>,
    ) -> Next<Running<V>> {
        match scheduler.next(lane) {
            Next::Task(Task::Execute { version, stamp, last }) => {
                let start = lane.now();
                self.view.begin(version.tx, job.accesses || !last);
                let result =
                    self.vm.attempt(version.tx, &job.txs[version.tx.0 as usize], &mut self.view);
                let reads = self.view.reads();
                let result = match (result, self.view.end(|| lane.spare())) {
                    (Ok(output), Ok(log)) => Ok((output, log)),
                    (_, Err(met)) => Err(met),
                    (Err(blocked), Ok(_)) => panic!("the virtual machine made up {blocked:?}"),
                };
                Next::Task(Running::Attempt(Attempt { version, stamp, last, result, start, reads }))
            }
            Next::Task(Task::Validate { version, stamp, mut log }) => {
                let start = lane.now();
                let verdict = memory.check(&mut log, version.tx.0);
                Next::Task(Running::Validation(Validation { version, stamp, log, verdict, start }))
            }
            Next::Idle => Next::Idle,
            Next::Done => Next::Done,
        }
    }
}

/// Lets what a task did take effect.
fn finish<V: Vm, S: Scheduler<V> + ?Sized>(
    scheduler: &S,
    lane: &mut Lane<'_, V>,
    running: Running<V>,
) {
    match running {
        Running::Attempt(attempt) => {
            lane.counters.attempts += 1;
            lane.counters.blocked += u64::from(attempt.result.is_err());
            lane.record_since(attempt.start, attempt.version, || match &attempt.result {
                Ok(_) => EventKind::Executed,
                Err(met) => EventKind::Blocked { on: met.on, location: Some(met.location.clone()) },
            });
            scheduler.executed(lane, attempt);
        }
        Running::Validation(validation) => {
            lane.counters.validations += 1;
            lane.counters.aborts += u64::from(validation.verdict.is_err());
            lane.record_since(validation.start, validation.version, || match &validation.verdict {
                Ok(()) => EventKind::Validated,
                Err((position, stale)) => {
                    EventKind::Aborted(stale.cause(&validation.log, *position))
                }
            });
            scheduler.validated(lane, validation);
        }
    }
}

impl<'a, V: Vm> Lane<'a, V> {
    fn new(id: WorkerId, time: Time<'a>, shared_spares: &'a Mutex<Vec<LogOf<V>>>) -> Self {
        Self {
            id,
            handed: None,
            claimed: 0..0,
            spares: Vec::new(),
            shared_spares,
            counters: Counters::default(),
            time,
            events: Vec::new(),
        }
    }

    /// Gives back a buffer. Whoever commits gets those of all the others, who would have to ask the allocator for new ones
    /// while it frees the old ones, so what is too many here is for all.
    pub(crate) fn recycle(&mut self, log: LogOf<V>) {
        self.spares.push(log);
        if self.spares.len() == 2 * SPARES {
            self.shared_spares.lock().extend(self.spares.drain(SPARES..));
        }
    }

    fn spare(&mut self) -> Option<LogOf<V>> {
        if self.spares.is_empty() {
            let mut shared = self.shared_spares.lock();
            let left = shared.len().saturating_sub(SPARES);
            self.spares.extend(shared.drain(left..));
        }
        self.spares.pop()
    }

    /// Records an instant.
    pub(crate) fn record(&mut self, version: Version, kind: EventKind<V::Location, V::Value>) {
        if !matches!(self.time, Time::Unrecorded) {
            let now = self.now();
            self.events.push(Event { worker: self.id, version, start: now, end: now, kind });
        }
    }

    fn record_since(
        &mut self,
        start: u64,
        version: Version,
        kind: impl FnOnce() -> EventKind<V::Location, V::Value>,
    ) {
        if !matches!(self.time, Time::Unrecorded) {
            let end = self.now();
            self.events.push(Event { worker: self.id, version, start, end, kind: kind() });
        }
    }

    fn now(&self) -> u64 {
        match self.time {
            Time::Unrecorded => 0,
            Time::Measured { clock, origin } => clock.now().saturating_sub(origin),
            Time::Virtual(now) => now,
        }
    }
}

impl<V: Vm> Running<V> {
    fn cost(&self, lanes: &VirtualTime<'_, V>) -> u64 {
        match self {
            Self::Attempt(attempt) => {
                let blocked;
                let result = match &attempt.result {
                    Ok((output, _)) => Ok(output),
                    Err(met) => {
                        blocked = Blocked { on: met.on };
                        Err(&blocked)
                    }
                };
                lanes.cost.attempt(attempt.version.tx, result, attempt.reads)
            }
            Self::Validation(validation) => {
                lanes.cost.validation(validation.version.tx, validation.log.reads.len())
            }
        }
    }
}

impl<V: Vm> Outcome<V> {
    fn add(&mut self, lane: Lane<'_, V>) {
        self.events.extend(lane.events);
        self.counters.attempts += lane.counters.attempts;
        self.counters.blocked += lane.counters.blocked;
        self.counters.validations += lane.counters.validations;
        self.counters.aborts += lane.counters.aborts;
    }
}

struct Worker<'a, V: Vm> {
    lane: Lane<'a, V>,
    running: Option<Running<V>>,
}

/// A worker that dies with a task in its hands would leave the others waiting for that task.
struct CloseOnPanic<'a>(&'a Idle);

impl Drop for CloseOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

/// In steps of a hundredth, if worker 0 looks that often: a call into JavaScript for every transaction took longer than
/// light transactions themselves.
fn report<V: Vm>(job: &Job<'_, V>, worker: WorkerId, committed: u32, reported: &mut u32) {
    if worker != WorkerId(0) || committed == *reported {
        return;
    }
    let total = job.txs.len() as u32;
    if committed == total || committed - *reported >= total.div_ceil(100) {
        *reported = committed;
        (job.control.progress)(committed);
    }
}

/// Steele, Lea and Flood's generator (OOPSLA 2014): enough to order workers, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn shuffle(&mut self, items: &mut [u32]) {
        // So that the draw depends on who is free and not on how they came to be so.
        items.sort_unstable();
        for end in (1..items.len()).rev() {
            items.swap(end, (self.next() % (end as u64 + 1)) as usize);
        }
    }
}
