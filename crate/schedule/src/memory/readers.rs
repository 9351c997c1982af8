//! Who has read a location.

/// Most written locations are read by one transaction, their writer, and that one needs no allocation.
#[derive(Debug, Default)]
pub(super) enum Readers {
    #[default]
    None,
    One(u32),
    Many(Box<Words>),
}

/// Positions of transactions, 64 to a word.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The words that are not empty, each with its place among all words, in order.
    words: Vec<(u32, u64)>,
}

impl Readers {
    pub(super) fn insert(&mut self, tx: u32) {
        match self {
            Self::None => *self = Self::One(tx),
            Self::One(other) if *other == tx => {}
            Self::One(other) => {
                let mut words = Box::<Words>::default();
                words.insert(*other);
                words.insert(tx);
                *self = Self::Many(words);
            }
            Self::Many(words) => words.insert(tx),
        }
    }

    /// Adds those above `tx`, up to and with `last`, to `readers`.
    pub(super) fn between(&self, tx: u32, last: u32, readers: &mut Vec<u32>) {
        match self {
            Self::One(reader) if (tx + 1..=last).contains(reader) => readers.push(*reader),
            Self::None | Self::One(_) => {}
            Self::Many(words) => words.between(tx, last, readers),
        }
    }

    /// Forgets those up to `tx`, or most of them.
    pub(super) fn forget_up_to(&mut self, tx: u32) {
        match self {
            Self::One(reader) if *reader <= tx => *self = Self::None,
            Self::None | Self::One(_) => {}
            Self::Many(words) => words.forget_up_to(tx),
        }
    }
}

impl Words {
    fn insert(&mut self, tx: u32) {
        let (word, bit) = (tx / 64, 1 << (tx % 64));
        match self.words.binary_search_by_key(&word, |&(word, _)| word) {
            Ok(at) => self.words[at].1 |= bit,
            Err(at) => self.words.insert(at, (word, bit)),
        }
    }

    fn between(&self, tx: u32, last: u32, readers: &mut Vec<u32>) {
        let from = self.words.partition_point(|&(word, _)| word < tx / 64);
        for &(word, bits) in self.words[from..].iter().take_while(|&&(word, _)| word <= last / 64) {
            let mut bits = bits;
            while bits != 0 {
                let reader = word * 64 + bits.trailing_zeros();
                bits &= bits - 1;
                if reader > tx && reader <= last {
                    readers.push(reader);
                }
            }
        }
    }

    fn forget_up_to(&mut self, tx: u32) {
        let gone = self.words.partition_point(|&(word, _)| word < tx / 64);
        self.words.drain(..gone);
    }
}

#[cfg(all(test, not(any(loom, feature = "shuttle"))))]
mod tests {
    use std::collections::BTreeSet;

    use super::Readers;
    use crate::toy::Random;

    #[test]
    fn it_is_a_set() {
        for seed in 0..200 {
            let mut random = Random(seed);
            let (mut readers, mut expected) = (Readers::default(), BTreeSet::new());
            for _ in 0..random.below(60) {
                let tx = random.below(300) as u32;
                readers.insert(tx);
                expected.insert(tx);
            }
            let (tx, last) = (random.below(300) as u32, random.below(400) as u32);
            readers.forget_up_to(tx);
            let mut found = Vec::new();
            readers.between(tx, last, &mut found);
            let expected: Vec<u32> =
                expected.into_iter().filter(|&reader| reader > tx && reader <= last).collect();
            assert_eq!(found, expected, "seed {seed}");
        }
    }
}
