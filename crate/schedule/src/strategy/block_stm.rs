//! Block-STM: every transaction runs at once on what the earlier ones have written so far, is validated, and runs again
//! if it had read something that has changed. The protocol and the argument for it are in the crate's README.

use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::access::LogOf;
use crate::cursor::{Combiner, Cursor, Rewindable};
use crate::drive::{Attempt, Lane, Validation};
use crate::idle::Idle;
use crate::memory::{Memory, Places};
use crate::ready::Ready;
use crate::status::{Status, Step};
use crate::strategy::{Next, Results, Scheduler, Task};
use crate::sync::{AtomicU32, Mutex, MutexGuard, Ordering};
use crate::{EventKind, Hints, Incarnation, TxIndex, Version, Vm};

/// Attempts a transaction may begin on speculation; after them it is parked until everything before it is committed,
/// and then its next attempt is its last.
pub const SPECULATIVE_ATTEMPTS: u32 = 5;

/// The shared state of one run.
pub(crate) struct BlockStm<'a, V: Vm> {
    memory: Arc<Memory<V::Location, V::Value>>,
    idle: &'a Idle,
    hints: &'a Hints<V::Location, V::Value>,
    /// Logs are wanted after the commit.
    keep_logs: bool,
    txs: Box<[Mutex<Tx<V>>]>,
    /// Transactions that have never been claimed.
    execution: CachePadded<Cursor>,
    /// Transactions that may run again, the lowest first.
    ready: Ready,
    /// Published transactions that have not been looked at since. It rests at one that is not published while there is
    /// anything to execute.
    validation: CachePadded<AtomicU32>,
    /// Published transactions above one that has changed the memory since they were looked at.
    again: Rewindable,
    /// How far above a change others are looked at again before they are next to be committed.
    window: u32,
    /// Counts publications that changed the memory: the clock of all stamps.
    changes: CachePadded<AtomicU32>,
    /// Admits one worker at a time to [`Self::commit`].
    ladder: CachePadded<Combiner>,
    /// The first transaction that is not committed. Written on the ladder only.
    head: CachePadded<AtomicU32>,
    /// The last change by a committed transaction. Used on the ladder only.
    settled: AtomicU32,
    /// Every so many commits all workers are woken, so that worker 0 can report progress.
    report_every: u32,
}

/// One transaction.
struct Tx<V: Vm> {
    status: Status,
    incarnation: Incarnation,
    /// Attempts begun.
    attempts: u32,
    /// Parked until it is the head.
    awaits_head: bool,
    /// A worker has borrowed its log to validate it.
    checking: bool,
    /// Its reads were as they should be in view of every change up to this one.
    checked: u32,
    /// Its own last change.
    changed: u32,
    /// How close the head must be for it to be looked at again without being the head.
    patience: u32,
    /// `None` before its first publication, while it is borrowed, and once nobody needs it.
    log: Option<LogOf<V>>,
    written: Places,
    output: Option<V::Output>,
    /// Transactions parked on it.
    dependents: Vec<u32>,
}

impl<'a, V: Vm> BlockStm<'a, V> {
    pub(crate) fn new(
        memory: Arc<Memory<V::Location, V::Value>>,
        idle: &'a Idle,
        hints: &'a Hints<V::Location, V::Value>,
        keep_logs: bool,
        transactions: u32,
        workers: u32,
    ) -> Self {
        Self {
            memory,
            idle,
            hints,
            keep_logs,
            txs: (0..transactions).map(|_| Mutex::new(Tx::default())).collect(),
            execution: Cursor::new(transactions).into(),
            ready: Ready::new([]),
            validation: AtomicU32::new(0).into(),
            again: Rewindable::new(),
            window: workers.saturating_mul(4).saturating_add(16),
            changes: AtomicU32::new(0).into(),
            ladder: Combiner::new().into(),
            head: AtomicU32::new(0).into(),
            settled: AtomicU32::new(0),
            report_every: (transactions / 32).max(1),
        }
    }

    fn len(&self) -> u32 {
        self.txs.len() as u32
    }

    fn tx(&self, index: u32) -> MutexGuard<'_, Tx<V>> {
        self.txs[index as usize].lock()
    }

    /// The lowest transaction that can be executed.
    fn next_execution(&self, lane: &mut Lane<'_, V>) -> Option<Task<V>> {
        if let Some(index) = self.ready.pop() {
            return Some(self.claim(index, &mut self.tx(index)));
        }
        while let Some(index) = self.execution.claim() {
            match self.hint(index) {
                Some(on) => {
                    let version = self.tx(index).park(index);
                    lane.record(version, EventKind::Blocked { on: TxIndex(on), location: None });
                    if let Some(task) = self.depend(index, on) {
                        return Some(task);
                    }
                }
                None => return Some(self.claim(index, &mut self.tx(index))),
            }
        }
        None
    }

    /// The earlier transaction that `index` is said to need, if that one has not published.
    fn hint(&self, index: u32) -> Option<u32> {
        let TxIndex(on) = (*self.hints.predecessor.get(index as usize)?)?;
        (on < index && !self.tx(on).status.is_published()).then_some(on)
    }

    /// The next published transaction to look at.
    fn next_validation(&self, past_unpublished: bool) -> Option<Task<V>> {
        while let Some(index) = self.again.claim() {
            if let Some(task) = self.early_validation(index) {
                return Some(task);
            }
        }
        loop {
            let index = self.validation.load(Ordering::Relaxed);
            let head = self.head.load(Ordering::Relaxed);
            if index.max(head) >= self.execution.position() {
                return None;
            }
            if index >= head && !past_unpublished && !self.tx(index).status.is_published() {
                return None;
            }
            let next = if index < head { head } else { index + 1 };
            let claimed = self
                .validation
                .compare_exchange(index, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
            if claimed
                && index >= head
                && let Some(task) = self.early_validation(index)
            {
                return Some(task);
            }
        }
    }

    /// Claims a validation before it is due, if it seems worth it. At most one for each halving of the distance to the
    /// head: this bounds how often one incarnation is validated, whatever the block does.
    fn early_validation(&self, index: u32) -> Option<Task<V>> {
        let mut tx = self.tx(index);
        let changes = self.changes.load(Ordering::Acquire);
        let others_changed =
            changes > tx.checked && !(changes == tx.changed && changes == tx.checked + 1);
        let distance = index.saturating_sub(self.head.load(Ordering::Relaxed));
        if tx.status != Status::Executed || tx.checking || !others_changed || distance > tx.patience
        {
            return None;
        }
        tx.patience = distance / 2;
        Some(self.claim_validation(index, &mut tx))
    }

    fn claim_validation(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.checking = true;
        // Acquire: every write of every change counted here is visible to the validation.
        let stamp = self.changes.load(Ordering::Acquire);
        let log =
            tx.log.take().expect("only recorded attempts are validated, one worker at a time");
        Task::Validate { version: tx.version(index), stamp, log }
    }

    /// Claims a transaction that is ready.
    fn claim(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.status.step(Step::Claim);
        tx.attempts += 1;
        // Acquire: as for a validation; the attempt's own reads count as one.
        let stamp = self.changes.load(Ordering::Acquire);
        let last = self.head.load(Ordering::Acquire) == index;
        Task::Execute { version: tx.version(index), stamp, last }
    }

    /// Leaves the parked `index` to the publication of `on`; claims it if that has happened.
    fn depend(&self, index: u32, on: u32) -> Option<Task<V>> {
        let mut other = self.tx(on);
        if !other.status.is_published() {
            // Under the lock that its publication takes: it will find this.
            other.dependents.push(index);
            return None;
        }
        drop(other);
        Some(self.resume(index, &mut self.tx(index)))
    }

    /// Leaves `index`, which is being parked under its lock, to the ladder; claims it if it is the head.
    fn await_head(&self, index: u32, tx: &mut Tx<V>) -> Option<Task<V>> {
        tx.awaits_head = true;
        // The ladder raises the head before it takes this lock: either it finds the flag, or the new head is seen here.
        (self.head.load(Ordering::Acquire) >= index).then(|| self.resume(index, tx))
    }

    /// Claims a parked transaction.
    fn resume(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.status.step(Step::Resume);
        tx.awaits_head = false;
        self.claim(index, tx)
    }

    /// Asks for the ladder to be climbed, by whoever is on it.
    fn advance(&self, lane: &mut Lane<'_, V>) {
        self.ladder.request(|| self.climb(lane));
    }

    /// Commits from the head on, up to the first transaction that cannot be. If that one only needs a check, or has
    /// waited to be the head, it is this worker's next task.
    fn climb(&self, lane: &mut Lane<'_, V>) {
        loop {
            let index = self.head.load(Ordering::Relaxed);
            if index == self.len() {
                self.idle.close();
                return;
            }
            let mut tx = self.tx(index);
            match tx.status {
                Status::Executed if tx.checking => return,
                Status::Executed if tx.checked >= self.settled.load(Ordering::Relaxed) => {
                    tx.status.step(Step::Commit);
                    let version = tx.version(index);
                    let written = std::mem::take(&mut tx.written);
                    let log = tx.log.take();
                    let mut changed = tx.changed;
                    drop(tx);
                    if self.memory.settle(version, &written, log.as_deref()) {
                        // Release: as for a publication.
                        changed = self.changes.fetch_add(1, Ordering::AcqRel) + 1;
                    }
                    self.settled.fetch_max(changed, Ordering::Relaxed);
                    match log {
                        Some(log) if !self.keep_logs => lane.recycle(log),
                        log => self.tx(index).log = log,
                    }
                    self.head.store(index + 1, Ordering::Release);
                    lane.record(version, EventKind::Committed);
                    if (index + 1).is_multiple_of(self.report_every) && self.idle.anybody() {
                        self.idle.wake_all();
                    }
                }
                Status::Executed => {
                    self.hand(lane, self.claim_validation(index, &mut tx));
                    return;
                }
                Status::Parked if tx.awaits_head => {
                    self.hand(lane, self.resume(index, &mut tx));
                    return;
                }
                _ => return,
            }
        }
    }

    /// Makes a claimed task this worker's next.
    fn hand(&self, lane: &mut Lane<'_, V>, task: Task<V>) {
        debug_assert!(lane.handed.is_none(), "a worker was handed two tasks");
        lane.handed = Some(task);
    }

    /// Makes parked transactions ready: the lowest is this worker's next task if it has none, so that a chain runs on
    /// where it is; the others are for everybody.
    fn release(&self, lane: &mut Lane<'_, V>, mut dependents: Vec<u32>) {
        if dependents.is_empty() {
            return;
        }
        dependents.sort_unstable();
        for index in dependents {
            let mut tx = self.tx(index);
            if lane.handed.is_none() {
                self.hand(lane, self.resume(index, &mut tx));
            } else {
                tx.status.step(Step::Resume);
                drop(tx);
                self.ready.push(index);
                self.idle.wake();
            }
        }
    }

    /// Has the published transactions above a change of `index` looked at again, and `index` itself.
    fn revalidate(&self, index: u32, changed: bool) {
        if index >= self.validation.load(Ordering::Relaxed) {
            return;
        }
        let committed = self.head.load(Ordering::Relaxed) > index;
        let from = if committed { index + 1 } else { index };
        let end = if changed { index.saturating_add(1 + self.window) } else { index + 1 };
        self.again.lower(from, end.min(self.len()));
        if from < end.min(self.len())
            && self.idle.anybody()
            && self.tx(from).status == Status::Executed
        {
            self.idle.wake();
        }
    }
}

impl<V: Vm> Scheduler<V> for BlockStm<'_, V> {
    /// The paper's `next_task`: the lower of the two cursors, with what is claimed already before both.
    fn next(&self, lane: &mut Lane<'_, V>) -> Next<Task<V>> {
        if let Some(task) = lane.handed.take() {
            return Next::Task(task);
        }
        if self.committed() == self.len() {
            return Next::Done;
        }
        let task = self
            .next_validation(false)
            .or_else(|| self.next_execution(lane))
            .or_else(|| self.next_validation(true));
        task.map_or(Next::Idle, Next::Task)
    }

    /// The paper's `finish_execution` and `add_dependency`.
    fn executed(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>) {
        let Attempt { version, stamp, last, result, .. } = attempt;
        let index = version.tx.0;
        let (output, mut log) = match result {
            Ok(done) => done,
            Err(met) => {
                let mut written = std::mem::take(&mut self.tx(index).written);
                self.memory.expect(version, &met.location, &mut written);
                let mut tx = self.tx(index);
                tx.written = written;
                tx.park(index);
                lane.handed = if tx.attempts >= SPECULATIVE_ATTEMPTS {
                    self.await_head(index, &mut tx)
                } else {
                    drop(tx);
                    self.depend(index, met.on.0)
                };
                return;
            }
        };
        // Nobody else touches `written` while this incarnation is executing.
        let mut written = std::mem::take(&mut self.tx(index).written);
        let published = if last {
            self.memory.commit(version, &mut log, &mut written)
        } else {
            self.memory.publish(version, &log, &mut written)
        };
        // Release: whoever sees the new count sees what was published.
        let change = published.changed.then(|| self.changes.fetch_add(1, Ordering::AcqRel) + 1);

        let mut tx = self.tx(index);
        tx.status.step(Step::Publish);
        tx.checked = if last { u32::MAX } else { stamp };
        tx.changed = change.unwrap_or(tx.changed);
        tx.patience = u32::MAX;
        tx.written = written;
        tx.output = Some(output);
        tx.log = Some(log);
        let dependents = std::mem::take(&mut tx.dependents);
        drop(tx);

        self.advance(lane);
        self.release(lane, dependents);
        self.revalidate(index, published.changed);
    }

    /// The paper's `finish_validation`.
    fn validated(&self, lane: &mut Lane<'_, V>, validation: Validation<V>) {
        let Validation { version, stamp, log, verdict, .. } = validation;
        let index = version.tx.0;
        let mut tx = self.tx(index);
        tx.checking = false;
        tx.log = Some(log);
        let Err((_, stale)) = verdict else {
            tx.checked = tx.checked.max(stamp);
            drop(tx);
            self.advance(lane);
            return;
        };
        tx.status.step(Step::Abort);
        let written = std::mem::take(&mut tx.written);
        drop(tx);
        self.memory.estimate(version.tx, &written);

        let mut tx = self.tx(index);
        tx.written = written;
        tx.incarnation.0 += 1;
        lane.handed = if tx.attempts >= SPECULATIVE_ATTEMPTS {
            tx.park(index);
            self.await_head(index, &mut tx)
        } else if let (None, Some(by)) = (&stale.now, stale.by) {
            // It would only meet the same estimate again.
            tx.park(index);
            drop(tx);
            self.depend(index, by.tx.0)
        } else {
            tx.status.step(Step::Retry);
            Some(self.claim(index, &mut tx))
        };
    }

    fn committed(&self) -> u32 {
        self.head.load(Ordering::Acquire)
    }

    fn into_results(self: Box<Self>) -> Results<V> {
        let outcomes = self.txs.into_iter().map(|tx| {
            let tx = tx.into_inner();
            (tx.output, tx.log)
        });
        Results::collect(outcomes, self.keep_logs)
    }
}

impl<V: Vm> Tx<V> {
    fn version(&self, index: u32) -> Version {
        Version { tx: TxIndex(index), incarnation: self.incarnation }
    }

    fn park(&mut self, index: u32) -> Version {
        self.status.step(Step::Park);
        self.version(index)
    }
}

impl<V: Vm> Default for Tx<V> {
    fn default() -> Self {
        Self {
            status: Status::default(),
            incarnation: Incarnation(0),
            attempts: 0,
            awaits_head: false,
            checking: false,
            checked: 0,
            changed: 0,
            patience: u32::MAX,
            log: None,
            written: Places::new(),
            output: None,
            dependents: Vec::new(),
        }
    }
}
