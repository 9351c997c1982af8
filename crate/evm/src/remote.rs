//! A block on workers that share no memory: orders and records as bytes.
//!
//! The protocol is the schedule crate's (`remote.rs` there). Every worker has prepared the same block from the same text, so
//! that what travels is only what transactions read and write and how they end.

mod outcome;
mod wire;

use std::sync::Arc;

use evm_lanes_schedule::remote::{Coordinator, Garbled, RemoteJob, Replica};
use evm_lanes_schedule::{Clock, Error, WorkerId};

use crate::admission::Admission;
use crate::attempts::Attempts;
use crate::block::{Block, Deltas, Hints, How, Parallel};
use crate::{Location, Machine, Value};

pub(crate) type Order = evm_lanes_schedule::remote::Order<Location, Value>;
pub(crate) type Record = evm_lanes_schedule::remote::Record<Location, Value, crate::Outcome>;

/// The worker's side of a run.
#[expect(missing_debug_implementations, reason = "a revm instance has none")]
pub struct RemoteWorker {
    block: Block,
    deltas: Deltas,
    replica: Replica<Machine>,
}

/// The deciding side of a run.
#[expect(missing_debug_implementations, reason = "a revm instance has none")]
pub struct RemoteRun<'a> {
    block: &'a Block,
    coordinator: Coordinator<'a, Machine>,
    /// Which workers have had an order of this run.
    begun: Vec<bool>,
    /// [`How::attempts`].
    attempts: Option<Arc<Attempts>>,
}

/// What an order begins with: whether it is a worker's first one in its run.
const FIRST: u8 = 1;

impl RemoteWorker {
    /// Of runs of `block` with these deltas, one after another.
    pub fn new(block: Block, deltas: Deltas) -> Self {
        Self { replica: replica(&block, deltas), block, deltas }
    }

    /// Does what a [`RemoteRun::order`] says, and returns what [`RemoteRun::take`] wants.
    ///
    /// # Errors
    /// If it is no order for this block.
    pub fn perform(&mut self, order: &[u8], clock: Option<&dyn Clock>) -> Result<Vec<u8>, Garbled> {
        let (first, order) = order.split_first().ok_or(Garbled)?;
        if *first == FIRST {
            self.replica = replica(&self.block, self.deltas);
        }
        let order = wire::order(order)?;
        let records = self.replica.perform(self.block.transactions(), order, clock)?;
        Ok(wire::of_records(&records))
    }
}

impl<'a> RemoteRun<'a> {
    /// Of `block` on so many workers, with what [`Block::hints`] says for `how`.
    pub fn new(block: &'a Block, how: &How<'a>, hints: &'a Hints, workers: u32) -> Self {
        let job = RemoteJob {
            txs: block.transactions(),
            base: block.base(),
            workers,
            hints,
            clock: how.clock,
            cancel: how.cancel,
        };
        let attempts = how.attempts.then(|| Attempts::new(block.transactions().len()));
        let machine = block.machine(how.deltas, Admission::Assumed);
        let machine = match &attempts {
            Some(attempts) => machine.keeping(Arc::clone(attempts)),
            None => machine,
        };
        let begun = vec![false; workers as usize];
        Self { block, coordinator: Coordinator::new(job, machine), begun, attempts }
    }

    /// How many transactions are committed; it is over when all are.
    pub fn committed(&self) -> u32 {
        self.coordinator.committed()
    }

    /// The next order for a worker, of at most so many transactions; `None` if there is nothing for it to execute.
    pub fn order(&mut self, worker: WorkerId, most: usize) -> Option<Vec<u8>> {
        let order = self.coordinator.order(worker, most)?;
        let begun = std::mem::replace(&mut self.begun[worker.0 as usize], true);
        let mut bytes = vec![if begun { 0 } else { FIRST }];
        bytes.extend(wire::of_order(&order));
        Some(bytes)
    }

    /// What a worker has sent. Commits as far as that goes.
    ///
    /// # Errors
    /// When it was cancelled, or if these are no records that the worker was asked for.
    pub fn take(&mut self, worker: WorkerId, records: &[u8]) -> Result<(), Error> {
        let records = wire::records(records);
        let records = records.map_err(|garbled| Error::Panicked(garbled.to_string()))?;
        if let Some(attempts) = &self.attempts {
            let transactions = self.block.transactions().len();
            // The coordinator counts as attempts those whose output is told, and refuses what is of no transaction.
            let counted =
                |record: &&Record| record.output.is_some() && (record.tx.0 as usize) < transactions;
            for Record { tx, access, .. } in records.iter().filter(counted) {
                attempts.keep_told(*tx, access);
            }
        }
        self.coordinator.take(worker, records)
    }

    /// What came of the block. If a transaction did not fit into it, it is run again, here and as `how` says, as every
    /// strategy does.
    ///
    /// # Errors
    /// When it was cancelled.
    pub fn finish(self, how: &How<'_>) -> Result<Parallel, Error> {
        let mut run = Parallel::of(self.coordinator.finish());
        run.attempts = self.attempts.map_or_else(Vec::new, |attempts| attempts.take());
        self.block.again_if_overfull(run, how, None, None)
    }
}

/// Runs a block by messages that are carried within this thread, to check what comes of it.
///
/// # Errors
/// When it was cancelled.
pub fn within_this_thread(block: &Block, workers: u32, how: &How<'_>) -> Result<Parallel, Error> {
    let hints = block.hints(how);
    let mut run = RemoteRun::new(block, how, &hints, workers);
    let copy = || block.with_transactions(block.transactions().to_vec());
    let mut remote: Vec<_> = (0..workers).map(|_| RemoteWorker::new(copy(), how.deltas)).collect();
    // Each executes before any of them is heard, so that as little as possible is known to all.
    while (run.committed() as usize) < block.transactions().len() {
        let mut sent = Vec::new();
        for (worker, remote) in (0..).map(WorkerId).zip(&mut remote) {
            let Some(order) = run.order(worker, 3) else { continue };
            let records = remote.perform(&order, how.clock);
            sent.push((worker, records.map_err(|error| Error::Panicked(error.to_string()))?));
        }
        for (worker, records) in sent {
            run.take(worker, &records)?;
        }
    }
    run.finish(how)
}

fn replica(block: &Block, deltas: Deltas) -> Replica<Machine> {
    let machine = block.machine(deltas, Admission::Assumed);
    Replica::new(block.base(), machine, block.transactions().len())
}
