//! Values known beforehand: every transaction's writes stand in the memory from the start, so nobody waits for anybody
//! (block access lists, EIP-7928).

use crate::Vm;
use crate::strategy::Setup;
use crate::strategy::list_schedule::{ListSchedule, Precedence};

/// Runs on [`Hints::writes`](crate::Hints::writes), the longest first by [`Hints::weights`](crate::Hints::weights), in
/// block order where they do not differ. Whoever writes something else than was said has changed the memory, and what
/// had read it is found by its values.
pub(crate) fn bal<'a, V: Vm>(setup: &Setup<'a, V>) -> ListSchedule<'a, V> {
    let precedence =
        Precedence::new(setup.transactions, []).longest_path_first(&setup.hints.weights);
    ListSchedule::new(setup, precedence).foretold(&setup.hints.writes)
}
