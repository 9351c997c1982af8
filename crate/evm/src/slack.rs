//! How closely an attempt has looked at numbers that others may change in the meantime.

use std::cmp::Ordering;

use revm::primitives::U256;

/// How much lower and how much higher a number could have been without anybody noticing. What is asked is asked of a number
/// that moves along with it, because something was added to it or taken from it; neither may get past the ends of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slack {
    lower: U256,
    higher: U256,
}

impl Slack {
    /// Nothing depends on it.
    pub(crate) const ALL: Self = Self { lower: U256::MAX, higher: U256::MAX };
    /// It had to be just that.
    pub(crate) const NONE: Self = Self { lower: U256::ZERO, higher: U256::ZERO };

    /// It could have been so much lower or higher, and no more.
    pub(crate) fn narrow(&mut self, lower: U256, higher: U256) {
        self.lower = self.lower.min(lower);
        self.higher = self.higher.min(higher);
    }

    /// It stood at `number`, and it was asked whether that is less than `limit`.
    pub(crate) fn compared(&mut self, number: U256, limit: U256) {
        match number.checked_sub(limit) {
            Some(more) => self.narrow(more, U256::MAX - number),
            None => self.narrow(number, limit - number - U256::ONE),
        }
    }

    /// Two numbers that both move along with it were compared: with neither past the end the answer is always the same.
    pub(crate) fn compared_with_itself(&mut self, one: U256, other: U256) {
        self.narrow(one.min(other), U256::MAX - one.max(other));
    }

    /// It stood at `number`, and it was asked whether that is `other`.
    pub(crate) fn equated(&mut self, number: U256, other: U256) {
        match number.cmp(&other) {
            Ordering::Less => self.narrow(number, other - number - U256::ONE),
            Ordering::Equal => *self = Self::NONE,
            Ordering::Greater => self.narrow(number - other - U256::ONE, U256::MAX - number),
        }
    }

    /// The lowest and the highest that it could have been, where it was `number` to begin with.
    pub(crate) fn around(self, number: U256) -> (U256, U256) {
        (number.saturating_sub(self.lower), number.saturating_add(self.higher))
    }
}

#[cfg(test)]
mod tests {
    use super::{Slack, U256};

    fn around(number: u64, look: impl FnOnce(&mut Slack)) -> (u64, u64) {
        let mut slack = Slack::ALL;
        look(&mut slack);
        let (low, high) = slack.around(U256::from(number));
        (low.saturating_to(), high.saturating_to())
    }

    #[test]
    fn what_was_found_out_is_all_that_counts() {
        let number = |number: u64| U256::from(number);
        assert_eq!(around(7, |_| {}), (0, u64::MAX));
        assert_eq!(around(7, |slack| slack.compared(number(7), number(7))), (7, u64::MAX));
        assert_eq!(around(7, |slack| slack.compared(number(7), number(8))), (0, 7));
        assert_eq!(around(7, |slack| slack.equated(number(7), number(5))), (6, u64::MAX));
        assert_eq!(around(7, |slack| slack.equated(number(7), number(9))), (0, 8));
        assert_eq!(around(7, |slack| slack.equated(number(7), number(7))), (7, 7));
        // It was 7, and stands at 4 once 3 are taken from it: it was no less than 3 all the same.
        assert_eq!(around(7, |slack| slack.compared(number(4), number(1))), (4, u64::MAX));
        assert_eq!(around(7, |slack| slack.compared(number(4), number(5))), (3, 7));
        assert_eq!(around(7, |slack| slack.equated(number(4), number(9))), (3, 11));
        assert_eq!(
            around(7, |slack| slack.compared_with_itself(number(7), number(4))),
            (3, u64::MAX)
        );
    }
}
