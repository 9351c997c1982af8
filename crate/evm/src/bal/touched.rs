//! What attempts have touched, reads without an effect included.

use std::sync::{Arc, Mutex, PoisonError};

use evm_lanes_schedule::TxIndex;
use revm::context::JournalInner;
use revm::context::journal::JournalEntry;
use revm::primitives::{Address, U256};

/// An account that a transaction has touched, with its slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Which.
    pub account: Address,
    /// The slots that were read or written, in no order.
    pub slots: Vec<U256>,
}

/// What each transaction's last attempt has touched.
///
/// revm's journal knows it: it keeps what was only looked at and what was reverted, and slots of a new account, which are
/// never loaded and so are no reads of a view. One attempt of a transaction follows another, so the last one stays.
#[derive(Debug)]
pub(crate) struct Touched(Box<[Mutex<Vec<Touch>>]>);

impl Touched {
    /// Of a block of so many transactions.
    pub(crate) fn new(transactions: usize) -> Arc<Self> {
        Arc::new(Self((0..transactions).map(|_| Mutex::default()).collect()))
    }

    /// Replaces what is kept of `index`. The fee recipient is touched even where the fee was added without a look.
    pub(crate) fn keep(
        &self,
        index: TxIndex,
        journal: Option<&JournalInner<JournalEntry>>,
        recipient: Address,
    ) {
        let mut touches = Vec::new();
        if let Some(journal) = journal {
            #[expect(clippy::iter_over_hash_type, reason = "a list sorts them")]
            for (account, content) in &journal.state {
                let slots = content.storage.keys().copied().collect();
                touches.push(Touch { account: *account, slots });
            }
            touches.push(Touch { account: recipient, slots: Vec::new() });
        }
        *self.0[index.0 as usize].lock().unwrap_or_else(PoisonError::into_inner) = touches;
    }

    /// By transaction.
    pub(crate) fn take(&self) -> Vec<Vec<Touch>> {
        let take = |one: &Mutex<Vec<Touch>>| {
            std::mem::take(&mut *one.lock().unwrap_or_else(PoisonError::into_inner))
        };
        self.0.iter().map(take).collect()
    }
}
