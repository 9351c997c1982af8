//! Two-phase optimistic concurrency: first everything at once on the state before the block, then in block order what
//! does not hold (Saraph and Herlihy, arXiv 1901.01376).

use crate::Vm;
use crate::cursor::Cursor;
use crate::drive::{Attempt, Lane, Validation};
use crate::strategy::rolling_commit::{Ended, RollingCommit, Visible};
use crate::strategy::{Next, Results, Scheduler, Setup, Task};
use crate::sync::{AtomicU32, Ordering};

/// Nothing is committed before the first phase is over, so all its attempts read the state before the block. The worker
/// that ends it goes through the block alone: it commits each transaction whose reads hold and executes the others.
pub(crate) struct TwoPhase<'a, V: Vm> {
    block: RollingCommit<'a, V>,
    execution: Cursor,
    /// First attempts that have not ended.
    speculating: AtomicU32,
}

impl<'a, V: Vm> TwoPhase<'a, V> {
    pub(crate) fn new(setup: &Setup<'a, V>) -> Self {
        Self {
            block: RollingCommit::new(setup, Visible::Committed),
            execution: Cursor::new(setup.transactions),
            speculating: AtomicU32::new(setup.transactions),
        }
    }
}

impl<V: Vm> Scheduler<V> for TwoPhase<'_, V> {
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
        // AcqRel: the last of the first phase sees what all others have ended.
        let second_phase = match self.block.take_in(lane, attempt) {
            Ended::First => self.speculating.fetch_sub(1, Ordering::AcqRel) == 1,
            Ended::Again => true,
            Ended::Blocked => unreachable!("nobody reads what is not committed"),
        };
        if second_phase {
            self.block.advance(lane);
        }
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
