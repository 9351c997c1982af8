//! The graph known beforehand: list scheduling on it, longest remaining path first. With the block's true graph this is
//! what any scheduler that respects conflicts can do at best, and no engine's speedup: somebody has executed the block
//! to know it.

use crate::Vm;
use crate::strategy::Setup;
use crate::strategy::list_schedule::{ListSchedule, Precedence};

/// Runs on [`Hints::needs`](crate::Hints::needs) and [`Hints::weights`](crate::Hints::weights).
pub(crate) fn dag<'a, V: Vm>(setup: &Setup<'a, V>) -> ListSchedule<'a, V> {
    let hints = setup.hints;
    let needs = (0..).zip(&hints.needs);
    let pairs = needs.flat_map(|(to, needs)| needs.iter().map(move |from| (from.0, to)));
    let precedence = Precedence::new(setup.transactions, pairs).longest_path_first(&hints.weights);
    ListSchedule::new(setup, precedence)
}
