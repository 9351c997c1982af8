//! List scheduling: a transaction begins when those it is said to need have ended; of several that may begin, the most
//! urgent does.

use std::cmp::Reverse;

use crate::drive::{Attempt, Lane, Validation};
use crate::idle::Idle;
use crate::ready::Ready;
use crate::strategy::rolling_commit::{Ended, RollingCommit, Visible};
use crate::strategy::{Next, Results, Scheduler, Setup, Task};
use crate::sync::{AtomicU32, Ordering};
use crate::{Vm, Write};

/// Runs what a [`Precedence`] allows, and commits it in block order. The precedence is advice.
pub(crate) struct ListSchedule<'a, V: Vm> {
    block: RollingCommit<'a, V>,
    precedence: Precedence,
    /// For each transaction, how many of those it needs have not ended.
    waits_for: Box<[AtomicU32]>,
    /// Transactions that may begin, by urgency.
    ready: Ready,
    idle: &'a Idle,
}

/// Which transaction needs which, and which is urgent.
pub(crate) struct Precedence {
    /// Who needs transaction `i`: `successors[starts[i]..starts[i + 1]]`, ascending.
    starts: Vec<u32>,
    successors: Vec<u32>,
    /// The most urgent transaction first.
    by_urgency: Vec<u32>,
    /// Each transaction's position in `by_urgency`.
    urgency: Vec<u32>,
}

impl Precedence {
    /// Over so many transactions, from pairs of which the first comes before the second; whatever else is said is
    /// ignored. The lowest transaction is the most urgent.
    pub(crate) fn new(transactions: u32, pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut pairs: Vec<_> =
            pairs.into_iter().filter(|&(from, to)| from < to && to < transactions).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; transactions as usize + 1];
        for &(from, _) in &pairs {
            starts[from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            starts,
            successors: pairs.into_iter().map(|(_, to)| to).collect(),
            by_urgency: (0..transactions).collect(),
            urgency: (0..transactions).collect(),
        }
    }

    /// The transaction with the longest remaining path is the most urgent, where `i` takes `weights[i]`, or 1.
    pub(crate) fn longest_path_first(mut self, weights: &[u64]) -> Self {
        let mut remaining = vec![0_u64; self.by_urgency.len()];
        for index in (0..remaining.len()).rev() {
            let after = self.after(index).iter().map(|&to| remaining[to as usize]).max();
            remaining[index] =
                after.unwrap_or(0).saturating_add(weights.get(index).copied().unwrap_or(1));
        }
        self.by_urgency.sort_unstable_by_key(|&index| (Reverse(remaining[index as usize]), index));
        for (urgency, &index) in (0..).zip(&self.by_urgency) {
            self.urgency[index as usize] = urgency;
        }
        self
    }

    fn after(&self, index: usize) -> &[u32] {
        &self.successors[self.starts[index] as usize..self.starts[index + 1] as usize]
    }
}

impl<'a, V: Vm> ListSchedule<'a, V> {
    pub(crate) fn new(setup: &Setup<'a, V>, precedence: Precedence) -> Self {
        let mut waits_for = vec![0; setup.transactions as usize];
        for &to in &precedence.successors {
            waits_for[to as usize] += 1;
        }
        let free = (0..).zip(&waits_for).filter(|&(_, &waits)| waits == 0);
        let ready = Ready::new(free.map(|(index, _): (usize, _)| precedence.urgency[index]));
        Self {
            block: RollingCommit::new(setup, Visible::AtOnce),
            precedence,
            waits_for: waits_for.into_iter().map(AtomicU32::new).collect(),
            ready,
            idle: setup.idle,
        }
    }

    /// The same, where the transactions are said to write this.
    pub(crate) fn foretold(self, writes: &[Vec<Write<V::Location, V::Value>>]) -> Self {
        self.block.foretell(writes);
        self
    }

    /// Lets those begin that needed `index` and nobody else any more.
    fn release(&self, lane: &Lane<'_, V>, index: u32) {
        // This worker looks for work next, unless it has some already; the others may be parked.
        let mut seekers = u32::from(lane.handed.is_none());
        for &to in self.precedence.after(index as usize) {
            // AcqRel: who makes it the last sees what all the others have published.
            if self.waits_for[to as usize].fetch_sub(1, Ordering::AcqRel) == 1 {
                self.ready.push(self.precedence.urgency[to as usize]);
                if seekers == 0 {
                    self.idle.wake();
                }
                seekers = seekers.saturating_sub(1);
            }
        }
    }
}

impl<V: Vm> Scheduler<V> for ListSchedule<'_, V> {
    fn next(&self, lane: &mut Lane<'_, V>) -> Next<Task<V>> {
        if let Some(task) = lane.handed.take().or_else(|| self.block.early_validation()) {
            return Next::Task(task);
        }
        match self.ready.pop() {
            Some(urgency) => {
                let index = self.precedence.by_urgency[urgency as usize];
                Next::Task(self.block.first_attempt(index))
            }
            None if self.committed() == self.block.len() => Next::Done,
            None => Next::Idle,
        }
    }

    fn executed(&self, lane: &mut Lane<'_, V>, attempt: Attempt<V>) {
        let index = attempt.version.tx.0;
        let ended = self.block.take_in(lane, attempt);
        if ended != Ended::Blocked {
            self.block.advance(lane);
        }
        if ended == Ended::First {
            self.release(lane, index);
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
