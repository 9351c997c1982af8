//! One transaction's state machine.

/// Where a transaction stands. The README draws it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// It may be claimed for execution.
    #[default]
    Ready,
    /// One worker runs its current incarnation.
    Executing,
    /// It waits for another transaction's publication, or for everything before it to be committed.
    Parked,
    /// Its writes are published.
    Executed,
    /// One worker has found its reads stale and is turning its writes into estimates.
    Aborting,
    /// It is final.
    Committed,
}

/// What can happen to a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A worker takes it for execution.
    Claim,
    /// Its attempt ended and its writes stand in the memory.
    Publish,
    /// It has to wait.
    Park,
    /// What it waited for has happened.
    Resume,
    /// A validation of its current incarnation failed.
    Abort,
    /// Its writes are estimates now; the next incarnation may run.
    Retry,
    /// Everything before it is committed and its reads hold.
    Commit,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Ready,
        Self::Executing,
        Self::Parked,
        Self::Executed,
        Self::Aborting,
        Self::Committed,
    ];

    /// The status after `step`, `None` where that step is not possible.
    pub const fn after(self, step: Step) -> Option<Self> {
        Some(match (self, step) {
            (Self::Ready, Step::Claim) => Self::Executing,
            // A hint says so before it has started, an estimate while it runs, a failed validation after it has run.
            (Self::Ready | Self::Executing | Self::Aborting, Step::Park) => Self::Parked,
            (Self::Executing, Step::Publish) => Self::Executed,
            (Self::Parked, Step::Resume) => Self::Ready,
            // Before its writes stood, if what it had read changed while it ran.
            (Self::Executed | Self::Executing, Step::Abort) => Self::Aborting,
            (Self::Aborting, Step::Retry) => Self::Ready,
            (Self::Executed, Step::Commit) => Self::Committed,
            _ => return None,
        })
    }

    /// Takes the step.
    ///
    /// # Panics
    /// If it is not possible, which is a defect of the scheduler.
    pub fn step(&mut self, step: Step) {
        match self.after(step) {
            Some(next) => *self = next,
            None => panic!("a transaction that is {self:?} cannot {step:?}"),
        }
    }

    /// Whether its writes stand, so that nobody needs to wait for it.
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Executed | Self::Committed)
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 7] = [
        Self::Claim,
        Self::Publish,
        Self::Park,
        Self::Resume,
        Self::Abort,
        Self::Retry,
        Self::Commit,
    ];
}

#[cfg(test)]
mod tests {
    use super::{Status, Step};

    /// The whole table: a row for each status, a column for each step, in the order of `Step::ALL`.
    #[test]
    fn the_table() {
        use Status::{Aborting, Committed, Executed, Executing, Parked, Ready};
        let table: [(Status, [Option<Status>; 7]); 6] = [
            //           Claim            Publish         Park          Resume       Abort           Retry        Commit
            (Ready, [Some(Executing), None, Some(Parked), None, None, None, None]),
            (Executing, [None, Some(Executed), Some(Parked), None, Some(Aborting), None, None]),
            (Parked, [None, None, None, Some(Ready), None, None, None]),
            (Executed, [None, None, None, None, Some(Aborting), None, Some(Committed)]),
            (Aborting, [None, None, Some(Parked), None, None, Some(Ready), None]),
            (Committed, [None; 7]),
        ];
        assert_eq!(table.map(|(status, _)| status), Status::ALL);
        for (status, row) in table {
            for (step, expected) in Step::ALL.into_iter().zip(row) {
                assert_eq!(status.after(step), expected, "{status:?} {step:?}");
            }
        }
    }

    #[test]
    fn nothing_leaves_committed_and_nothing_else_is_final() {
        for status in Status::ALL {
            let leaves = Step::ALL.into_iter().any(|step| status.after(step).is_some());
            assert_eq!(leaves, status != Status::Committed, "{status:?}");
        }
    }
}
