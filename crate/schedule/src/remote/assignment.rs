//! Who executes which transaction.

use std::collections::VecDeque;

use crate::{TxIndex, WorkerId};

/// Hands out a block's transactions, in block order, those of one group to one worker.
#[derive(Debug)]
pub(super) struct Assignment {
    /// For each transaction the first one of its group.
    group: Vec<u32>,
    /// Of each group, by its first transaction, who executes it.
    owner: Vec<Option<WorkerId>>,
    /// What has been passed over for a worker because it is of one of its groups.
    waiting: Vec<VecDeque<u32>>,
    /// Everything before is handed out or waits.
    next: u32,
    /// Whether a transaction has been handed out.
    begun: Vec<bool>,
}

impl Assignment {
    /// For `ties[i]`, the earlier transactions that transaction `i` is known to need; whatever is no earlier transaction
    /// is ignored.
    pub(super) fn new<'t>(
        workers: u32,
        transactions: u32,
        ties: impl Fn(u32) -> &'t [TxIndex],
    ) -> Self {
        let mut group: Vec<u32> = (0..transactions).collect();
        for index in 0..transactions {
            for earlier in ties(index).iter().filter(|earlier| earlier.0 < index) {
                let (a, b) = (first(&mut group, earlier.0), first(&mut group, index));
                group[a.max(b) as usize] = a.min(b);
            }
        }
        for index in 0..transactions {
            first(&mut group, index);
        }
        Self {
            owner: vec![None; group.len()],
            begun: vec![false; group.len()],
            waiting: vec![VecDeque::new(); workers as usize],
            group,
            next: 0,
        }
    }

    /// The next transactions for `worker`, at most so many; none if nothing is left for it.
    pub(super) fn take(&mut self, worker: WorkerId, most: usize) -> Vec<TxIndex> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(index) = self.waiting[worker.0 as usize].pop_front()
        {
            self.begin(index, &mut taken);
        }
        while taken.len() < most && (self.next as usize) < self.group.len() {
            let index = self.next;
            self.next += 1;
            let owner = *self.owner[self.group[index as usize] as usize].get_or_insert(worker);
            if owner == worker {
                self.begin(index, &mut taken);
            } else {
                self.waiting[owner.0 as usize].push_back(index);
            }
        }
        taken
    }

    /// Takes one transaction out of turn; whether it has not been handed out before.
    pub(super) fn take_out(&mut self, tx: TxIndex) -> bool {
        !std::mem::replace(&mut self.begun[tx.0 as usize], true)
    }

    fn begin(&mut self, index: u32, taken: &mut Vec<TxIndex>) {
        if self.take_out(TxIndex(index)) {
            taken.push(TxIndex(index));
        }
    }
}

/// The first transaction of the group that `index` is in, found faster the next time.
fn first(group: &mut [u32], index: u32) -> u32 {
    let mut root = index;
    while group[root as usize] != root {
        root = group[root as usize];
    }
    let mut at = index;
    while at != root {
        at = std::mem::replace(&mut group[at as usize], root);
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stay_together_and_everything_is_handed_out_once() {
        // 0←2←4, 1←3, 5 alone; what is not earlier is ignored.
        let ties: [&[TxIndex]; 6] =
            [&[TxIndex(5)], &[], &[TxIndex(0)], &[TxIndex(1)], &[TxIndex(2), TxIndex(9)], &[]];
        let mut assignment = Assignment::new(2, 6, |index| ties[index as usize]);
        let numbers = |taken: Vec<TxIndex>| taken.iter().map(|tx| tx.0).collect::<Vec<_>>();
        assert_eq!(numbers(assignment.take(WorkerId(0), 1)), [0]);
        assert_eq!(numbers(assignment.take(WorkerId(1), 2)), [1, 3]);
        assert!(assignment.take_out(TxIndex(2)));
        assert_eq!(numbers(assignment.take(WorkerId(0), 9)), [4, 5]);
        assert!(!assignment.take_out(TxIndex(5)));
        assert!(assignment.take(WorkerId(1), 9).is_empty());
    }
}
