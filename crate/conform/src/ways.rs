//! The ways in which each block is executed, and how each must equal stock revm.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicBool;

use evm_lanes_evm::bal::{AccessList, differences};
use evm_lanes_evm::block::{Block, Deltas, Hint, Hints, How, Parallel, Sequential, Workplace};
use evm_lanes_evm::cost::Costs;
use evm_lanes_evm::remote;
use evm_lanes_evm::{Outcome, State};
use evm_lanes_schedule::{Error, Scoped, Strategy};

/// Every strategy with every number of workers on every clock, and so on.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Which strategies.
    pub strategies: Vec<Strategy>,
    /// How many workers.
    pub workers: Vec<NonZeroU32>,
    /// Which clocks.
    pub clocks: Vec<Clock>,
    /// Which updates are additions.
    pub deltas: Vec<Deltas>,
    /// What the scheduler is told.
    pub told: Vec<Told>,
    /// Seed of virtual time.
    pub seed: u64,
    /// Whether each number of workers is also one of workers that share no memory and exchange messages.
    pub messages: bool,
}

/// Where workers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Real threads.
    Measured,
    /// Deterministic virtual workers.
    Virtual,
}

/// What the scheduler is told beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// Each transaction follows its sender's previous one.
    Senders,
}

/// One way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    strategy: Strategy,
    workers: NonZeroU32,
    place: Place,
    deltas: Deltas,
    told: Told,
    seed: u64,
}

/// Where workers meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In one memory.
    Shared(Clock),
    /// In the messages they exchange, which is a strategy of its own.
    Messages,
}

impl Told {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Nothing, Self::Senders];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Senders => "senders",
        }
    }
}

impl Clock {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Measured, Self::Virtual];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Virtual => "virtual",
        }
    }
}

impl Default for Ways {
    /// Every strategy on both clocks with 1, 2, 4 and 8 workers, fees added and senders told.
    fn default() -> Self {
        Self {
            strategies: Strategy::ALL.to_vec(),
            workers: [1, 2, 4, 8].into_iter().filter_map(NonZeroU32::new).collect(),
            clocks: Clock::ALL.to_vec(),
            deltas: vec![Deltas::Fees],
            told: vec![Told::Senders],
            seed: 0,
            messages: true,
        }
    }
}

impl Ways {
    /// How many there are.
    pub fn count(&self) -> usize {
        let Self { strategies, workers, clocks, deltas, told, seed: _, messages } = self;
        let kinds = strategies.len() * clocks.len() + usize::from(*messages);
        kinds * workers.len() * deltas.len() * told.len()
    }

    fn all(&self) -> Vec<Way> {
        let mut ways = Vec::with_capacity(self.count());
        let kinds = self.strategies.iter().flat_map(|&strategy| {
            self.clocks.iter().map(move |&clock| (strategy, Place::Shared(clock)))
        });
        let messages = self.messages.then_some((Strategy::Ladder, Place::Messages));
        for (strategy, place) in kinds.chain(messages) {
            for &workers in &self.workers {
                for &deltas in &self.deltas {
                    for &told in &self.told {
                        let seed = self.seed;
                        ways.push(Way { strategy, workers, place, deltas, told, seed });
                    }
                }
            }
        }
        ways
    }

    /// Executes `block` by stock revm and in every way, and says how the ways differ from stock revm: in how a
    /// transaction ended (with its gas, logs and output), in the state after the last one, or in the access list. Whatever
    /// is true of stock revm's result is so of those that do not differ.
    pub(crate) fn execute(
        &self,
        block: &Block,
        lists: Lists<'_>,
        cancel: &AtomicBool,
    ) -> Result<Executed, Error> {
        let reference = block.sequential(None, cancel, &|_| {})?;
        let uses = |strategy| self.strategies.contains(&strategy);
        let list = match lists == Lists::NotMade && !uses(Strategy::Bal) {
            true => AccessList::default(),
            false => block.reference_list(cancel)?,
        };
        let mut known = match uses(Strategy::Dag) || uses(Strategy::Bal) {
            true => Way::TRACKED.known(block, cancel)?,
            false => Hints::default(),
        };
        let given = if let Lists::Given(given) = lists { given } else { &list };
        known.writes = block.foretold(given);
        let mut problems = Vec::new();
        let accesses = lists != Lists::NotMade;
        for way in self.all() {
            match way.execute(block, &known, accesses, cancel) {
                Ok(run) => {
                    let found = block.after(&run);
                    let difference = outcomes(&reference.outcomes, &run.outcomes)
                        .or_else(|| states(&reference.after, &found))
                        .or_else(|| {
                            // What was touched is not among the messages.
                            let listed = accesses && way.place != Place::Messages;
                            let found = listed.then(|| block.access_list(&run))?;
                            let first = differences(&found, &list).into_iter().next()?;
                            Some(format!("its access list differs from stock revm's: {first}"))
                        });
                    problems.extend(difference.map(|difference| format!("{way}: {difference}")));
                }
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => problems.push(format!("{way}: {error}")),
            }
        }
        Ok(Executed { reference, list, differences: problems })
    }
}

/// What access lists there are. [`Strategy::Bal`] runs on the one that is given, or else on stock revm's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lists<'a> {
    /// The block's fork has none.
    NotMade,
    /// Every way's is compared with stock revm's.
    Made,
    /// The same, and the block came with this one.
    Given(&'a AccessList),
}

/// What came of a block.
pub(crate) struct Executed {
    /// Stock revm's result.
    pub(crate) reference: Sequential,
    /// Stock revm's access list of the transactions, where the fork has any.
    pub(crate) list: AccessList,
    /// How ways differ from it.
    pub(crate) differences: Vec<String>,
}

impl Way {
    /// In order, to see who reads what whom has written.
    const TRACKED: Self = Self {
        strategy: Strategy::Sequential,
        workers: NonZeroU32::MIN,
        place: Place::Shared(Clock::Virtual),
        deltas: Deltas::Fees,
        told: Told::Nothing,
        seed: 0,
    };

    /// What executing a block tells of it: its dependency graph, and the gas of its transactions.
    fn known(self, block: &Block, cancel: &AtomicBool) -> Result<Hints, Error> {
        let tracked = self.execute(block, &Hints::default(), true, cancel)?;
        let needs = block.dependencies(&tracked.accesses).needs();
        let weights = tracked.outcomes.iter().map(Outcome::gas_used).collect();
        Ok(Hints { needs, weights, ..Hints::default() })
    }

    /// [`Strategy::Dag`] and [`Strategy::Bal`] are told what is `known`.
    fn execute(
        self,
        block: &Block,
        known: &Hints,
        accesses: bool,
        cancel: &AtomicBool,
    ) -> Result<Parallel, Error> {
        let costs = Costs::Gas;
        let pool = Scoped { workers: self.workers };
        let workplace = match self.place {
            Place::Shared(Clock::Measured) | Place::Messages => Workplace::Real(&pool),
            Place::Shared(Clock::Virtual) => {
                Workplace::Virtual { workers: self.workers.get(), seed: self.seed, costs: &costs }
            }
        };
        let how = How {
            strategy: self.strategy,
            hints: match (self.strategy, self.told) {
                (Strategy::Dag | Strategy::Bal, _) => Hint::Given(known),
                (_, Told::Nothing) => Hint::None,
                (_, Told::Senders) => Hint::Senders,
            },
            // A list has values and no additions.
            deltas: if self.strategy == Strategy::Bal { Deltas::None } else { self.deltas },
            workplace,
            accesses,
            attempts: false,
            clock: None,
            cancel,
            progress: &|_| {},
        };
        match self.place {
            Place::Shared(_) => block.parallel(&how),
            Place::Messages => remote::within_this_thread(block, self.workers.get(), &how),
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Shared(Clock::Measured) => {
                write!(f, "{} on {} thread(s)", self.strategy.id(), self.workers)?;
            }
            Place::Shared(Clock::Virtual) => {
                write!(f, "{} on {} virtual worker(s)", self.strategy.id(), self.workers)?;
            }
            Place::Messages => write!(f, "messages between {} worker(s)", self.workers)?,
        }
        write!(f, " (deltas: {}, hints: {})", self.deltas.id(), self.told.id())
    }
}

/// The first transaction that ended in another way.
fn outcomes(expected: &[Outcome], found: &[Outcome]) -> Option<String> {
    if expected.len() != found.len() {
        return Some(format!("{} outcomes instead of {}", found.len(), expected.len()));
    }
    let mut pairs = expected.iter().zip(found).enumerate();
    let (index, (expected, found)) = pairs.find(|(_, (expected, found))| expected != found)?;
    Some(format!("transaction {index} ended as {found:?}, not as {expected:?}"))
}

/// The first account that is another.
pub(crate) fn states(expected: &State, found: &State) -> Option<String> {
    if expected == found {
        return None;
    }
    let mut addresses = expected.keys().chain(found.keys());
    let address = addresses.find(|address| expected.get(*address) != found.get(*address))?;
    let (expected, found) = (expected.get(address), found.get(address));
    let (Some(expected), Some(found)) = (expected, found) else {
        let exists = if found.is_some() { "exists" } else { "does not exist" };
        return Some(format!("{address} {exists}"));
    };
    let mut slots = expected.storage.keys().chain(found.storage.keys());
    let slot = slots.find(|slot| expected.storage.get(*slot) != found.storage.get(*slot));
    let slot = slot.map(|slot| {
        let value = |state: &evm_lanes_evm::AccountState| {
            state.storage.get(slot).copied().unwrap_or_default()
        };
        format!(", slot {slot:#x} is {:#x}, not {:#x}", value(found), value(expected))
    });
    Some(format!(
        "{address} has {} wei, nonce {} and code {}, not {} wei, nonce {} and code {}{}",
        found.balance,
        found.nonce,
        found.code_hash,
        expected.balance,
        expected.nonce,
        expected.code_hash,
        slot.unwrap_or_default()
    ))
}
