//! One after another: the specification that every other strategy is compared with.

use std::sync::Arc;

use crate::drive::{Attempt, Lane};
use crate::memory::{Memory, Places};
use crate::strategy::{Next, Results, Scheduler, Task};
use crate::sync::Mutex;
use crate::{EventKind, Incarnation, TxIndex, Version, Vm, WorkerId};

/// Worker 0 executes and commits each transaction before it begins the next.
pub(crate) struct Sequential<V: Vm> {
    memory: Arc<Memory<V::Location, V::Value>>,
    transactions: u32,
    keep_logs: bool,
    results: Mutex<Results<V>>,
}

impl<V: Vm> Sequential<V> {
    pub(crate) fn new(
        memory: Arc<Memory<V::Location, V::Value>>,
        transactions: u32,
        keep_logs: bool,
    ) -> Self {
        let outputs = Vec::with_capacity(transactions as usize);
        let results = Mutex::new(Results { outputs, logs: Vec::new() });
        Self { memory, transactions, keep_logs, results }
    }
}

impl<V: Vm> Scheduler<V> for Sequential<V> {
    fn next(&self, lane: &mut Lane<'_, V>) -> Next<Task<V>> {
        let index = self.committed();
        if lane.id != WorkerId(0) || index == self.transactions {
            return Next::Done;
        }
        let version = Version { tx: TxIndex(index), incarnation: Incarnation(0) };
        Next::Task(Task::Execute { version, stamp: 0, last: true })
    }

    fn executed(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>) {
        let Attempt { version, result, .. } = attempt;
        let Ok((output, mut log)) = result else {
            unreachable!("sequential execution leaves no estimates")
        };
        self.memory.commit(version, &mut log, &mut Places::new());
        let mut results = self.results.lock();
        results.outputs.push(output);
        if self.keep_logs {
            results.logs.push(log);
        } else {
            lane.recycle(log);
        }
        drop(results);
        lane.record(version, EventKind::Committed);
    }

    fn committed(&self) -> u32 {
        self.results.lock().outputs.len() as u32
    }

    fn into_results(self: Box<Self>) -> Results<V> {
        self.results.into_inner()
    }
}
