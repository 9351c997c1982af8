//! What the strategies have in common that give a transaction one attempt ahead of its turn and, if that did not hold,
//! one more when everything before it is committed. The argument for it is in the crate's README.

use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::access::LogOf;
use crate::cursor::Combiner;
use crate::drive::{Attempt, Lane, Validation};
use crate::idle::Idle;
use crate::memory::{Memory, Places};
use crate::ready::Ready;
use crate::status::{Status, Step};
use crate::strategy::{Results, Setup, Task};
use crate::sync::{AtomicU32, Mutex, MutexGuard, Ordering};
use crate::{EventKind, Incarnation, TxIndex, Version, Vm, Write};

/// Takes in attempts, in whatever order they were begun, and commits in block order what holds by value.
///
/// A strategy decides which first attempts begin when ([`Self::first_attempt`]); everything else happens here. At most
/// two attempts of each transaction are begun. Each is validated at most once as the head and, where writes are visible
/// [at once](Visible::AtOnce), once before that.
pub(crate) struct RollingCommit<'a, V: Vm> {
    memory: Arc<Memory<V::Location, V::Value>>,
    idle: &'a Idle,
    /// Logs are wanted after the commit.
    keep_logs: bool,
    visible: Visible,
    txs: Box<[Mutex<Tx<V>>]>,
    /// Counts publications that changed the memory: the clock of all stamps.
    changes: CachePadded<AtomicU32>,
    /// Admits one worker at a time to [`Self::climb`].
    ladder: CachePadded<Combiner>,
    /// The first transaction that is not committed. Written on the ladder only.
    head: CachePadded<AtomicU32>,
    /// The last change by a committed transaction. Used on the ladder only.
    settled: AtomicU32,
    /// The first transaction that has not been looked at on the ladder: everything before it has ended. Used on the
    /// ladder only, as is the next.
    seen: AtomicU32,
    /// The last change by a transaction before `seen`.
    standing: AtomicU32,
    /// Transactions to validate before they are the head.
    due: Ready,
    /// Every so many commits all workers are woken, so that worker 0 can report progress.
    report_every: u32,
}

/// When others see what an attempt has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visible {
    /// When it ends.
    AtOnce,
    /// When it is committed: nobody ever reads what may still change.
    Committed,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its transaction has an outcome, for the first time.
    First,
    /// Its transaction has another outcome.
    Again,
    /// It was blocked, and its transaction will run again at its turn.
    Blocked,
}

/// One transaction.
struct Tx<V: Vm> {
    status: Status,
    incarnation: Incarnation,
    /// A worker has borrowed its log to validate it.
    checking: bool,
    /// Its reads were as they should be in view of every change up to this one.
    checked: u32,
    /// Its own last change.
    changed: u32,
    /// `None` before its first attempt has ended, while it is borrowed, and once nobody needs it.
    log: Option<LogOf<V>>,
    written: Places,
    output: Option<V::Output>,
}

impl<'a, V: Vm> RollingCommit<'a, V> {
    pub(crate) fn new(setup: &Setup<'a, V>, visible: Visible) -> Self {
        Self {
            memory: setup.memory.clone(),
            idle: setup.idle,
            keep_logs: setup.keep_logs,
            visible,
            txs: (0..setup.transactions).map(|_| Mutex::new(Tx::default())).collect(),
            changes: AtomicU32::new(0).into(),
            ladder: Combiner::new().into(),
            head: AtomicU32::new(0).into(),
            settled: AtomicU32::new(0),
            seen: AtomicU32::new(0),
            standing: AtomicU32::new(0),
            due: Ready::new([]),
            report_every: (setup.transactions / 32).max(1),
        }
    }

    pub(crate) fn len(&self) -> u32 {
        self.txs.len() as u32
    }

    pub(crate) fn committed(&self) -> u32 {
        self.head.load(Ordering::Acquire)
    }

    /// Lets the transactions' entries stand in the memory before they have run. To be called before the first attempt.
    pub(crate) fn foretell(&self, writes: &[Vec<Write<V::Location, V::Value>>]) {
        for (index, writes) in (0..self.len()).zip(writes) {
            let written = self.memory.foretell(TxIndex(index), writes);
            self.tx(index).written = written;
        }
    }

    /// Claims the first attempt of `index`. To be called once for each transaction.
    pub(crate) fn first_attempt(&self, index: u32) -> Task<V> {
        self.claim(index, &mut self.tx(index))
    }

    /// Claims a validation that was found to be needed before its transaction is the head.
    pub(crate) fn early_validation(&self) -> Option<Task<V>> {
        while let Some(index) = self.due.pop() {
            let mut tx = self.tx(index);
            // Since it was found to be due it may have been validated as the head, aborted, and have had its last attempt,
            // which stands in the floors already and must not be validated: it would read what it wrote itself.
            // And the head is the ladder's affair: it may have been validated just now, and not be committed yet.
            let needed = tx.checked < self.changes.load(Ordering::Acquire)
                && index > self.head.load(Ordering::Acquire);
            if tx.status == Status::Executed && !tx.checking && needed {
                return Some(self.claim_validation(index, &mut tx));
            }
        }
        None
    }

    /// Takes in an attempt. The caller is to [`Self::advance`] after one that came to its end.
    pub(crate) fn take_in(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>) -> Ended {
        let Attempt { version, stamp, last, result, .. } = attempt;
        let index = version.tx.0;
        let Ok((output, mut log)) = result else {
            // It met the estimate of an earlier transaction that will run again, and so will it.
            lane.handed = self.await_turn(index, &mut self.tx(index));
            return Ended::Blocked;
        };
        let (mut written, mut change) = (Places::new(), None);
        if self.visible == Visible::AtOnce {
            // Nobody else touches `written` while this attempt is running.
            written = std::mem::take(&mut self.tx(index).written);
            change = self.publish(version, last, &mut log, &mut written);
        }
        let mut tx = self.tx(index);
        tx.status.step(Step::Publish);
        tx.checked = if last { u32::MAX } else { stamp };
        tx.changed = change.unwrap_or(tx.changed);
        tx.written = written;
        tx.output = Some(output);
        tx.log = Some(log);
        if version.incarnation == Incarnation(0) { Ended::First } else { Ended::Again }
    }

    /// Takes in a validation.
    pub(crate) fn validated(&self, lane: &mut Lane<'_, V>, validation: Validation<V>) {
        let Validation { version, stamp, log, verdict, .. } = validation;
        let index = version.tx.0;
        let mut tx = self.tx(index);
        tx.checking = false;
        if verdict.is_ok() {
            tx.checked = tx.checked.max(stamp);
            tx.log = Some(log);
            drop(tx);
            self.advance(lane);
            return;
        }
        tx.status.step(Step::Abort);
        let written = std::mem::take(&mut tx.written);
        drop(tx);
        self.memory.estimate(version.tx, &written);
        lane.recycle(log);

        let mut tx = self.tx(index);
        tx.written = written;
        tx.incarnation.0 += 1;
        lane.handed = self.await_turn(index, &mut tx);
    }

    /// Asks for the ladder to be climbed, by whoever is on it.
    pub(crate) fn advance(&self, lane: &mut Lane<'_, V>) {
        self.ladder.request(|| self.climb(lane));
    }

    pub(crate) fn into_results(self) -> Results<V> {
        let outcomes = self.txs.into_iter().map(|tx| {
            let tx = tx.into_inner();
            (tx.output, tx.log)
        });
        Results::collect(outcomes, self.keep_logs)
    }

    /// Commits from the head on, up to the first transaction that cannot be. If that one only needs a check, or its
    /// last attempt, it is this worker's next task.
    fn climb(&self, lane: &mut Lane<'_, V>) {
        loop {
            let index = self.head.load(Ordering::Relaxed);
            if index == self.len() {
                self.idle.close();
                return;
            }
            let mut tx = self.tx(index);
            let task = match tx.status {
                Status::Executed if tx.checking => break,
                Status::Executed if tx.checked >= self.settled.load(Ordering::Relaxed) => {
                    self.commit(lane, index, tx);
                    continue;
                }
                Status::Executed => self.claim_validation(index, &mut tx),
                Status::Parked => self.resume(index, &mut tx),
                _ => break,
            };
            debug_assert!(lane.handed.is_none(), "a worker was handed two tasks");
            lane.handed = Some(task);
            break;
        }
        if self.visible == Visible::AtOnce {
            self.look_ahead();
        }
    }

    /// Commits the head.
    fn commit(&self, lane: &mut Lane<'_, V>, index: u32, mut tx: MutexGuard<'_, Tx<V>>) {
        tx.status.step(Step::Commit);
        let version = tx.version(index);
        let mut change = Some(tx.changed);
        let mut written = std::mem::take(&mut tx.written);
        let mut log = tx.log.take().expect("an attempt that has ended has a log");
        drop(tx);
        match self.visible {
            Visible::AtOnce => {
                self.memory.settle(version, &written, None);
            }
            Visible::Committed => change = self.publish(version, true, &mut log, &mut written),
        }
        self.settled.fetch_max(change.unwrap_or(0), Ordering::Relaxed);
        if self.keep_logs {
            self.tx(index).log = Some(log);
        } else {
            lane.recycle(log);
        }
        self.head.store(index + 1, Ordering::Release);
        lane.record(version, EventKind::Committed);
        if (index + 1).is_multiple_of(self.report_every) && self.idle.anybody() {
            self.idle.wake_all();
        }
    }

    /// Finds the transactions before which everything has ended, and has those of them validated that began before
    /// something below them had changed. What they read then is final, unless an attempt below them does not hold.
    fn look_ahead(&self) {
        let head = self.head.load(Ordering::Relaxed);
        let mut seen = self.seen.load(Ordering::Relaxed);
        let mut standing = self.standing.load(Ordering::Relaxed);
        if seen < head {
            (seen, standing) = (head, self.settled.load(Ordering::Relaxed));
        }
        while seen < self.len() {
            let tx = self.tx(seen);
            if !tx.status.is_published() {
                break;
            }
            let (needed, changed) = (tx.checked < standing && !tx.checking, tx.changed);
            drop(tx);
            if needed {
                self.due.push(seen);
                self.idle.wake();
            }
            standing = standing.max(changed);
            seen += 1;
        }
        self.seen.store(seen, Ordering::Relaxed);
        self.standing.store(standing, Ordering::Relaxed);
    }

    /// Makes an attempt's writes visible, for good if everything before it is committed, and draws a stamp if that
    /// changed what somebody could read.
    fn publish(
        &self,
        version: Version,
        last: bool,
        log: &mut LogOf<V>,
        written: &mut Places,
    ) -> Option<u32> {
        let published = if last {
            self.memory.commit(version, log, written)
        } else {
            self.memory.publish(version, log, written)
        };
        // Release: whoever sees the new count sees what was published.
        published.changed.then(|| self.changes.fetch_add(1, Ordering::AcqRel) + 1)
    }

    fn claim_validation(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.checking = true;
        // Acquire: every write of every change counted here is visible to the validation.
        let stamp = self.changes.load(Ordering::Acquire);
        let log =
            tx.log.take().expect("only recorded attempts are validated, one worker at a time");
        Task::Validate { version: tx.version(index), stamp, log }
    }

    fn claim(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.status.step(Step::Claim);
        // Acquire: as for a validation; the attempt's own reads count as one.
        let stamp = self.changes.load(Ordering::Acquire);
        let last = self.head.load(Ordering::Acquire) == index;
        Task::Execute { version: tx.version(index), stamp, last }
    }

    /// Parks `index` under its lock until it is the head; claims it if it is.
    fn await_turn(&self, index: u32, tx: &mut Tx<V>) -> Option<Task<V>> {
        tx.status.step(Step::Park);
        // The ladder raises the head before it takes this lock: either it finds the transaction parked, or the new head
        // is seen here.
        (self.head.load(Ordering::Acquire) >= index).then(|| self.resume(index, tx))
    }

    fn resume(&self, index: u32, tx: &mut Tx<V>) -> Task<V> {
        tx.status.step(Step::Resume);
        self.claim(index, tx)
    }

    fn tx(&self, index: u32) -> MutexGuard<'_, Tx<V>> {
        self.txs[index as usize].lock()
    }
}

impl<V: Vm> Tx<V> {
    fn version(&self, index: u32) -> Version {
        Version { tx: TxIndex(index), incarnation: self.incarnation }
    }
}

impl<V: Vm> Default for Tx<V> {
    fn default() -> Self {
        Self {
            status: Status::default(),
            incarnation: Incarnation(0),
            checking: false,
            checked: 0,
            changed: 0,
            log: None,
            written: Places::new(),
            output: None,
        }
    }
}
