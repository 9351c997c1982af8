//! The side that decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::assignment::Assignment;
use super::replica::{attempt, log_of};
use super::{Committed, Order, Record, RecordOf};
use crate::access::{Log, LogOf, Mark, guard_of};
use crate::execute::Written;
use crate::memory::{Found, Memory, Places, Stale};
use crate::{
    Access, Base, Clock, Counters, Error, Event, EventKind, Execution, Hints, Incarnation, Read,
    TxIndex, Version, View, Vm, WorkerId, trace,
};

/// Validates what replicas have executed, in block order, and commits it; executes itself what they got wrong.
///
/// Whoever drives it sends each [`Order`] to its worker and hands the [`Record`]s that come back to [`Self::take`], and asks for
/// further orders whenever a worker has less to do than it could: after every `take`, for all of them. It is done when
/// everything is [committed](Self::committed); until then there is an order for somebody, or one whose records are due.
#[expect(missing_debug_implementations, reason = "a virtual machine need not be Debug")]
pub struct Coordinator<'a, V: Vm> {
    block: RemoteJob<'a, V>,
    vm: V,
    view: View<V::Location, V::Value>,
    memory: Arc<Memory<V::Location, V::Value>>,
    assignment: Assignment,
    /// Records that are not committed, and whose they are.
    waiting: Vec<Option<(WorkerId, RecordOf<V>)>>,
    /// Of each worker, how many committed transactions it has been told of.
    told: Vec<u32>,
    /// Of what is committed: whose attempt it was, `None` for the coordinator's own.
    by: Vec<Option<WorkerId>>,
    outputs: Vec<V::Output>,
    logs: Vec<LogOf<V>>,
    trust: Trust,
    /// When it began, by the clock.
    origin: u64,
    counters: Counters,
    events: Vec<Event<V::Location, V::Value>>,
}

/// What is executed by workers that share no memory.
#[expect(missing_debug_implementations, reason = "it holds a clock and transactions")]
pub struct RemoteJob<'a, V: Vm> {
    /// The block.
    pub txs: &'a [V::Tx],
    /// The state before it.
    pub base: Arc<dyn Base<V::Location, V::Value>>,
    /// How many workers there are, at least one.
    pub workers: u32,
    /// Of these, [`Hints::predecessor`] and [`Hints::needs`] tie transactions together that one worker is to execute.
    pub hints: &'a Hints<V::Location, V::Value>,
    /// Records events. Its times and those of the records must have one origin.
    pub clock: Option<&'a dyn Clock>,
    /// Set from anywhere to end the run with [`Error::Cancelled`].
    pub cancel: &'a AtomicBool,
}

impl<'a, V: Vm> Coordinator<'a, V> {
    /// Before the first transaction; `vm` is for what the coordinator executes itself.
    ///
    /// # Panics
    /// If there are 2³² transactions or more.
    pub fn new(block: RemoteJob<'a, V>, vm: V) -> Self {
        let transactions = u32::try_from(block.txs.len()).expect("fewer than 2^32 transactions");
        let memory = Arc::new(Memory::new(Arc::clone(&block.base), 1, block.txs.len()));
        let ties = |index| ties(block.hints, index);
        Self {
            assignment: Assignment::new(block.workers.max(1), transactions, ties),
            view: View::new(Arc::clone(&memory)),
            waiting: block.txs.iter().map(|_| None).collect(),
            told: vec![0; block.workers.max(1) as usize],
            by: Vec::with_capacity(block.txs.len()),
            outputs: Vec::with_capacity(block.txs.len()),
            logs: Vec::with_capacity(block.txs.len()),
            trust: Trust::default(),
            origin: block.clock.map_or(0, Clock::now),
            counters: Counters::default(),
            events: Vec::new(),
            block,
            vm,
            memory,
        }
    }

    /// How many transactions are committed.
    pub fn committed(&self) -> u32 {
        self.outputs.len() as u32
    }

    /// The next order for `worker`, of at most `most` transactions; `None` if there is nothing for it to execute.
    pub fn order(&mut self, worker: WorkerId, most: usize) -> Option<Order<V::Location, V::Value>> {
        let execute = self.assignment.take(worker, most);
        if execute.is_empty() {
            return None;
        }
        let told = &mut self.told[worker.0 as usize];
        let from = std::mem::replace(told, self.by.len() as u32);
        let news = from as usize..self.by.len();
        let committed = self.by[news.clone()].iter().zip(&self.logs[news]);
        let committed = committed.map(|(by, log)| match by {
            Some(by) if *by == worker => Committed::Yours,
            _ => Committed::Writes(log.writes.clone()),
        });
        Some(Order { from: TxIndex(from), committed: committed.collect(), execute })
    }

    /// What `worker` has executed. Commits as far as that goes.
    ///
    /// # Errors
    /// When it was cancelled, or with a record that was not asked for.
    pub fn take(&mut self, worker: WorkerId, records: Vec<RecordOf<V>>) -> Result<(), Error> {
        for record in records {
            let tx = record.tx.0 as usize;
            // One that has been committed meanwhile is none of the coordinator's: it only executes what nobody has begun.
            if self.waiting.get(tx).is_none_or(Option::is_some) || tx < self.outputs.len() {
                let message = format!("worker {} sent transaction {tx} unasked", worker.0);
                return Err(Error::Panicked(message));
            }
            if record.output.is_some() {
                self.counters.attempts += 1;
                self.record(worker, record.tx, 0, record.time, EventKind::Executed);
            }
            self.waiting[tx] = Some((worker, record));
        }
        self.advance()
    }

    /// What came of the block.
    ///
    /// # Panics
    /// If not everything is committed.
    pub fn finish(self) -> Execution<V> {
        assert_eq!(self.outputs.len(), self.block.txs.len(), "everything is committed");
        let mut events = self.events;
        trace::sort(&mut events);
        Execution {
            outputs: self.outputs,
            accesses: self.logs.into_iter().map(|log| log.into_access()).collect(),
            written: Written { memory: self.memory },
            events,
            virtual_time: 0,
            counters: self.counters,
        }
    }

    /// Commits what can be.
    fn advance(&mut self) -> Result<(), Error> {
        while let Some(waiting) = self.waiting.get_mut(self.outputs.len()) {
            if self.block.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let tx = TxIndex(self.outputs.len() as u32);
            match waiting.take() {
                Some((worker, Record { access, output: Some(output), .. })) => {
                    self.validate(tx, worker, access, output);
                }
                Some((_, Record { output: None, .. })) => self.execute(tx, 0),
                None if self.trust.is_lost() && self.assignment.take_out(tx) => {
                    self.trust.alone();
                    self.execute(tx, 0);
                }
                // Its record is due, or nobody has asked for it yet.
                None => break,
            }
        }
        Ok(())
    }

    /// Commits the next transaction by `worker`'s attempt, or by another one if that does not hold.
    fn validate(
        &mut self,
        tx: TxIndex,
        worker: WorkerId,
        access: Access<V::Location, V::Value>,
        output: V::Output,
    ) {
        let start = self.now();
        let mut log = self.log(access);
        self.counters.validations += 1;
        let checked = self.check(&mut log, tx);
        let time = (start, self.now());
        self.trust.learn(checked.is_ok());
        match checked {
            Ok(()) => {
                self.record(self.own(), tx, 0, time, EventKind::Validated);
                self.commit(tx, 0, Some(worker), output, log);
            }
            Err((position, stale)) => {
                self.counters.aborts += 1;
                let cause = stale.cause(&log, position);
                self.record(self.own(), tx, 0, time, EventKind::Aborted(cause));
                self.execute(tx, 1);
            }
        }
    }

    /// Executes the next transaction here, where nothing can be wrong.
    fn execute(&mut self, tx: TxIndex, incarnation: u32) {
        let start = self.now();
        self.counters.attempts += 1;
        let transaction = &self.block.txs[tx.0 as usize];
        let (output, log) = attempt(&mut self.vm, &mut self.view, tx, transaction);
        let time = (start, self.now());
        self.record(self.own(), tx, incarnation, time, EventKind::Executed);
        self.commit(tx, incarnation, None, output, log);
    }

    fn commit(
        &mut self,
        tx: TxIndex,
        incarnation: u32,
        by: Option<WorkerId>,
        output: V::Output,
        mut log: LogOf<V>,
    ) {
        let version = Version { tx, incarnation: Incarnation(incarnation) };
        self.memory.commit(version, &mut log, &mut Places::new());
        self.outputs.push(output);
        self.by.push(by);
        self.logs.push(log);
        let now = self.now();
        self.record(self.own(), tx, incarnation, (now, now), EventKind::Committed);
    }

    /// A record's reads and writes as the memory's own.
    fn log(&self, access: Access<V::Location, V::Value>) -> LogOf<V> {
        let Access { reads, guards, writes } = access;
        let mark = |read: &Read<V::Location, V::Value>| Mark {
            family: self.memory.family(&read.location),
            slot: None,
            folded: false,
        };
        let marks = reads.iter().map(mark).collect();
        Box::new(Log { reads, marks, guards, ..log_of(&self.memory, writes) })
    }

    /// Whether an attempt's reads hold when everything before it is committed; then its values and sources are the memory's.
    /// By value alone: the replica may have found what nobody has written.
    fn check(
        &self,
        log: &mut Log<V::Location, V::Value>,
        tx: TxIndex,
    ) -> Result<(), (usize, Stale<V::Value>)> {
        let Log { reads, marks, guards, .. } = log;
        for (position, (read, mark)) in reads.iter_mut().zip(marks).enumerate() {
            let found = self.memory.read(&read.location, mark.family, tx.0);
            let Ok(Found { value, source, .. }) = found else {
                unreachable!("there are no estimates")
            };
            let holds = value == read.value
                || guard_of(guards, position).is_some_and(|guard| guard.holds(&value));
            if !holds {
                return Err((position, Stale { now: Some(value), by: source.from }));
            }
            (read.value, read.from) = (value, source.from);
        }
        Ok(())
    }

    /// The coordinator, as a worker: the one after the last.
    fn own(&self) -> WorkerId {
        WorkerId(self.told.len() as u32)
    }

    fn now(&self) -> u64 {
        self.block.clock.map_or(0, Clock::now)
    }

    fn record(
        &mut self,
        worker: WorkerId,
        tx: TxIndex,
        incarnation: u32,
        (start, end): (u64, u64),
        kind: EventKind<V::Location, V::Value>,
    ) {
        if self.block.clock.is_some() {
            let version = Version { tx, incarnation: Incarnation(incarnation) };
            // Clocks of different workers may differ by a little.
            let [start, end] = [start, end].map(|time| time.saturating_sub(self.origin));
            self.events.push(Event { worker, version, start, end, kind });
        }
    }
}

/// Whether guesses are worth making.
#[derive(Debug, Default)]
struct Trust {
    /// Of the last guesses, a bit for each that failed, the last one the lowest.
    failed: u32,
    /// How many transactions the coordinator still executes alone.
    alone: u32,
    /// How many it does the next time.
    stretch: u32,
}

impl Trust {
    /// It goes on alone when as many of the last 32 guesses have failed.
    const MOST_FAILED: u32 = 16;
    /// For this many transactions the first time.
    const STRETCH: u32 = 32;

    fn learn(&mut self, held: bool) {
        self.failed = self.failed << 1 | u32::from(!held);
        if self.failed.count_ones() >= Self::MOST_FAILED {
            self.failed = 0;
            self.stretch = self.stretch.saturating_mul(2).max(Self::STRETCH);
            self.alone = self.stretch;
        }
    }

    fn is_lost(&self) -> bool {
        self.alone > 0
    }

    fn alone(&mut self) {
        self.alone -= 1;
    }
}

/// The earlier transactions that `index` is known to need.
fn ties<L, V>(hints: &Hints<L, V>, index: u32) -> &[TxIndex] {
    let index = index as usize;
    match (hints.needs.get(index), hints.predecessor.get(index)) {
        (Some(needs), _) => needs,
        (None, Some(Some(predecessor))) => std::slice::from_ref(predecessor),
        (None, _) => &[],
    }
}
