//! The worker's side.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Committed, Garbled, Order, Record, RecordOf};
use crate::access::{Log, WriteMark};
use crate::drive::Done;
use crate::memory::{Memory, Places};
use crate::{Base, Clock, Incarnation, TxIndex, Version, View, Vm, Write};

/// One worker's instance: a virtual machine, and a memory of what it has been told of and has executed.
#[expect(missing_debug_implementations, reason = "a virtual machine need not be Debug")]
pub struct Replica<V: Vm> {
    vm: V,
    view: View<V::Location, V::Value>,
    memory: Arc<Memory<V::Location, V::Value>>,
    /// Where its own attempts wrote, until it is told what became of them.
    written: BTreeMap<TxIndex, Places>,
    /// How many committed transactions it has been told of.
    told: u32,
}

/// Of a replica's own attempts.
const GUESSED: Incarnation = Incarnation(0);
/// Of what it is told.
const TOLD: Incarnation = Incarnation(1);

impl<V: Vm> Replica<V> {
    /// On `base`, for a block of so many transactions.
    pub fn new(base: Arc<dyn Base<V::Location, V::Value>>, vm: V, transactions: usize) -> Self {
        let memory = Arc::new(Memory::new(base, 1, transactions));
        let view = View::new(Arc::clone(&memory));
        Self { vm, view, memory, written: BTreeMap::new(), told: 0 }
    }

    /// Takes note of what was committed, and executes what is asked for; `txs` is the whole block.
    ///
    /// # Errors
    /// If it does not follow the orders before, or the block has no such transaction.
    pub fn perform(
        &mut self,
        txs: &[V::Tx],
        order: Order<V::Location, V::Value>,
        clock: Option<&dyn Clock>,
    ) -> Result<Vec<RecordOf<V>>, Garbled> {
        let Order { from, committed, execute } = order;
        if from.0 != self.told || committed.len() + self.told as usize > txs.len() {
            return Err(Garbled);
        }
        for committed in committed {
            self.note(TxIndex(self.told), committed);
            self.told += 1;
        }
        let now = || clock.map_or(0, Clock::now);
        let mut records = Vec::with_capacity(execute.len());
        for tx in execute {
            let start = now();
            let transaction = txs.get(tx.0 as usize).ok_or(Garbled)?;
            let (output, log) = attempt(&mut self.vm, &mut self.view, tx, transaction);
            let mut written = Places::new();
            self.memory.publish(Version { tx, incarnation: GUESSED }, &log, &mut written);
            self.written.insert(tx, written);
            let (access, output) = (log.into_access(), Some(output));
            records.push(Record { tx, access, output, time: (start, now()) });
        }
        Ok(records)
    }

    /// Everything before `tx` is committed and has been noted.
    fn note(&mut self, tx: TxIndex, committed: Committed<V::Location, V::Value>) {
        let mut written = self.written.remove(&tx).unwrap_or_default();
        match committed {
            Committed::Yours => {
                let version = Version { tx, incarnation: GUESSED };
                self.memory.settle(version, &written, None);
            }
            Committed::Writes(writes) => {
                let mut log = log_of(&self.memory, writes);
                let version = Version { tx, incarnation: TOLD };
                self.memory.commit(version, &mut log, &mut written);
            }
        }
    }
}

/// An attempt where no estimates are.
pub(super) fn attempt<V: Vm>(
    vm: &mut V,
    view: &mut View<V::Location, V::Value>,
    tx: TxIndex,
    transaction: &V::Tx,
) -> Done<V> {
    view.begin(tx, true);
    let output = vm.attempt(tx, transaction, view);
    match (output, view.end(|| None)) {
        (Ok(output), Ok(log)) => (output, log),
        _ => unreachable!("there are no estimates to be blocked by"),
    }
}

/// Writes as a memory takes them.
pub(super) fn log_of<L: crate::Location, V: crate::Value>(
    memory: &Memory<L, V>,
    writes: Vec<Write<L, V>>,
) -> Log<L, V> {
    let mark = |write: &Write<L, V>| WriteMark {
        family: memory.family(&write.location),
        has_read: false,
        at_commit: false,
    };
    let write_marks = writes.iter().map(mark).collect();
    Log { writes, write_marks, ..Log::default() }
}
