//! How far workers may run ahead, by how much of what they did lately was wasted.

use crate::sync::{AtomicU32, Ordering};

/// A number of transactions above the head.
///
/// It begins with 64 for each worker. Each stretch of commits is weighed by the attempts it took: more than 1.6 for each
/// commit make it two for each worker, and then one, or 1, where only the head runs, if of seven commits not even one is
/// of an attempt that ran ahead. After enough stretches of at most 1.2 it is twice as wide; each time it has to be
/// narrowed, enough is twice as many, so that a block that stays contended is left alone.
///
/// All but [`Self::size`] is used by one worker at a time, so no order between the cells is needed.
#[derive(Debug)]
pub(crate) struct Window {
    size: AtomicU32,
    workers: u32,
    most: u32,
    /// Commits in a stretch.
    stretch: u32,
    /// Commits of this stretch.
    commits: AtomicU32,
    /// Attempts they took.
    attempts: AtomicU32,
    /// How many of them are of attempts that ran ahead.
    ahead: AtomicU32,
    /// Calm stretches in a row.
    calm: AtomicU32,
    /// How many of them widen it.
    enough: AtomicU32,
}

impl Window {
    pub(crate) fn new(transactions: u32, workers: u32) -> Self {
        let most = workers.saturating_mul(64);
        Self {
            size: AtomicU32::new(most),
            workers,
            most,
            stretch: (transactions / 64).clamp(8, 32),
            commits: AtomicU32::new(0),
            attempts: AtomicU32::new(0),
            ahead: AtomicU32::new(0),
            calm: AtomicU32::new(0),
            enough: AtomicU32::new(1),
        }
    }

    pub(crate) fn size(&self) -> u32 {
        self.size.load(Ordering::Relaxed)
    }

    /// One more commit, of a transaction that took so many attempts, the last of them `ahead` of its turn or not.
    pub(crate) fn committed(&self, attempts: u32, ahead: bool) {
        let ahead = self.ahead.load(Ordering::Relaxed) + u32::from(ahead);
        let commits = self.commits.load(Ordering::Relaxed) + 1;
        let attempts = self.attempts.load(Ordering::Relaxed) + attempts;
        if commits < self.stretch {
            self.commits.store(commits, Ordering::Relaxed);
            self.attempts.store(attempts, Ordering::Relaxed);
            self.ahead.store(ahead, Ordering::Relaxed);
            return;
        }
        self.commits.store(0, Ordering::Relaxed);
        self.ahead.store(0, Ordering::Relaxed);
        self.attempts.store(0, Ordering::Relaxed);
        let (size, enough) = (self.size(), self.enough.load(Ordering::Relaxed));
        if attempts * 10 > commits * 16 {
            let least = if ahead * 7 >= commits { self.workers } else { 1 };
            self.size.store((size / 32).max(least), Ordering::Relaxed);
            self.enough.store(enough.saturating_mul(2), Ordering::Relaxed);
            self.calm.store(0, Ordering::Relaxed);
        } else if attempts * 10 <= commits * 12 {
            let calm = self.calm.load(Ordering::Relaxed) + 1;
            if calm >= enough {
                self.size.store((size * 2).min(self.most), Ordering::Relaxed);
            }
            self.calm.store(if calm >= enough { 0 } else { calm }, Ordering::Relaxed);
        }
    }
}

#[cfg(all(test, not(any(loom, feature = "shuttle"))))]
mod tests {
    use super::Window;

    /// The sizes after each of so many stretches in which every commit took so many attempts, more than one only at its turn.
    fn after(window: &Window, stretches: u32, attempts: u32) -> Vec<u32> {
        let stretch = |_| {
            (0..window.stretch).for_each(|_| window.committed(attempts, attempts == 1));
            window.size()
        };
        (0..stretches).map(stretch).collect()
    }

    #[test]
    fn wasted_work_narrows_it_and_calm_widens_it_more_and_more_slowly() {
        let window = Window::new(10_000, 2);
        assert_eq!(after(&window, 2, 1), [128, 128]);
        assert_eq!(after(&window, 4, 2), [4, 1, 1, 1]);
        assert_eq!(after(&window, 33, 1)[14..], [[1].as_slice(), &[2; 16], &[4; 2]].concat());
        assert_eq!(after(&window, 1, 3), [1]);
        assert_eq!(after(&window, 32, 1)[30..], [1, 2]);
        // What is wasted is worth it if some of it stands.
        let window = Window::new(10_000, 8);
        for commit in 0..3 * window.stretch {
            window.committed(3, commit % 4 == 0);
        }
        assert_eq!(window.size(), 8);
        assert_eq!(after(&window, 1, 3), [1]);
    }
}
