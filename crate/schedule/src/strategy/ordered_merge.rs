//! Ordered merge: workers run ahead on what is committed so far; results are merged in block order, each once its reads
//! hold, else it runs again at its turn (Monad).

use crate::Vm;
use crate::cursor::Cursor;
use crate::drive::{Attempt, Lane, Validation};
use crate::strategy::rolling_commit::{Ended, RollingCommit, Visible};
use crate::strategy::{Next, Results, Scheduler, Setup, Task};

/// First attempts begin in block order and read committed values only.
pub(crate) struct OrderedMerge<'a, V: Vm> {
    block: RollingCommit<'a, V>,
    execution: Cursor,
}

impl<'a, V: Vm> OrderedMerge<'a, V> {
    pub(crate) fn new(setup: &Setup<'a, V>) -> Self {
        Self {
            block: RollingCommit::new(setup, Visible::Committed),
            execution: Cursor::new(setup.transactions),
        }
    }
}

impl<V: Vm> Scheduler<V> for OrderedMerge<'_, V> {
    fn next(&self, lane: &mut Lane<'_, V>) -> Next<Task<V>> {
        if let Some(task) = lane.handed.take() {
            return Next::Task(task);
        }
        match self.execution.claim() {
            Some(index) => Next::Task(self.block.first_attempt(index)),
            None if self.committed() == self.block.len() => Next::Done,
            None => Next::Idle,
        }
    }

    fn executed(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>) {
        let ended = self.block.take_in(lane, attempt);
        debug_assert_ne!(ended, Ended::Blocked, "nobody reads what is not committed");
        self.block.advance(lane);
    }

    fn validated(&self, lane: &mut Lane<'_, V>, validation: Validation<V>) {
        self.block.validated(lane, validation);
    }

    fn committed(&self) -> u32 {
        self.block.committed()
    }

    fn into_results(self: Box<Self>) -> Results<V> {
        self.block.into_results()
    }
}
