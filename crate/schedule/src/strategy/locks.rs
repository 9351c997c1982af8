//! Locks: every transaction locks in block order what it has declared, and begins when it holds all of it (Solana's
//! Sealevel; the declarations of EIP-2930).

use crate::Vm;
use crate::locks::{LockEdge, lock_order};
use crate::strategy::Setup;
use crate::strategy::list_schedule::{ListSchedule, Precedence};

/// Locks are held until the first attempt has ended. A transaction that declares nothing begins at once.
pub(crate) fn locks<'a, V: Vm>(setup: &Setup<'a, V>) -> ListSchedule<'a, V> {
    let order = lock_order(&setup.hints.locks);
    let pairs = order.into_iter().map(|LockEdge { from, to, .. }| (from.0, to.0));
    let precedence = Precedence::new(setup.transactions, pairs);
    ListSchedule::new(setup, precedence)
}
