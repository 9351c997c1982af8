//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use evm_lanes_engine::block::Deltas;
use evm_lanes_schedule::Strategy;

use crate::list::Entry;

/// What was asked for.
pub(crate) struct Arguments {
    /// Where the measurements are to be written.
    pub(crate) json: Option<PathBuf>,
    /// Without the largest blocks, and in few rounds.
    pub(crate) quick: bool,
    /// How often everything is measured.
    pub(crate) rounds: usize,
    /// With how many workers.
    pub(crate) workers: Vec<u32>,
    /// Under which strategies.
    pub(crate) strategies: Vec<Strategy>,
    /// Which updates are additions.
    pub(crate) deltas: Deltas,
    /// Only blocks with one of these texts in their id; all if there are none.
    only: Vec<String>,
    /// Where scenarios are to be written.
    pub(crate) write: Option<PathBuf>,
    /// Nothing is measured but stock revm, whenever somebody asks.
    pub(crate) answer: bool,
}

impl Arguments {
    /// Reads them.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut workers = vec![1, 2, u32::try_from(cores()).unwrap_or(u32::MAX)];
        workers.sort_unstable();
        workers.dedup();
        let mut parsed = Self {
            json: None,
            quick: false,
            rounds: 9,
            workers,
            // The sequential baseline is measured in any case.
            strategies: Strategy::ALL.into_iter().filter(|s| *s != Strategy::Sequential).collect(),
            deltas: Deltas::Fees,
            only: Vec::new(),
            write: None,
            answer: false,
        };
        let mut rounds = None;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            let wrong = |_| format!("{argument} needs a number");
            match argument.as_str() {
                "--json" => parsed.json = Some(value()?.into()),
                "--quick" => parsed.quick = true,
                "--answer" => parsed.answer = true,
                "--rounds" => rounds = Some(value()?.parse::<usize>().map_err(wrong)?.max(1)),
                "--workers" => {
                    let list = value()?;
                    let numbers = list.split(',').map(|n| n.trim().parse().map_err(wrong));
                    parsed.workers = numbers.collect::<Result<_, _>>()?;
                }
                "--strategies" => {
                    let list = value()?;
                    parsed.strategies = list.split(',').map(strategy).collect::<Result<_, _>>()?;
                }
                "--deltas" => parsed.deltas = deltas(&value()?)?,
                "--only" => parsed.only = value()?.split(',').map(str::to_owned).collect(),
                "--write" => parsed.write = Some(value()?.into()),
                // Cargo says so to every bench.
                "--bench" => {}
                _ => return Err(format!("what is {argument}?")),
            }
        }
        parsed.rounds = rounds.unwrap_or(if parsed.quick { 3 } else { parsed.rounds });
        Ok(parsed)
    }

    /// The block is to be measured.
    pub(crate) fn wants(&self, entry: &Entry) -> bool {
        let named = self.only.iter().any(|text| entry.id.contains(text.as_str()));
        let small = !(self.quick && entry.is_gigagas());
        if self.only.is_empty() { small } else { named }
    }
}

fn strategy(id: &str) -> Result<Strategy, String> {
    let found = Strategy::ALL.into_iter().find(|strategy| strategy.id() == id.trim());
    found.ok_or_else(|| {
        let ids = Strategy::ALL.map(Strategy::id).join(", ");
        format!("there is no strategy {id}; they are {ids}")
    })
}

fn deltas(id: &str) -> Result<Deltas, String> {
    let found = Deltas::ALL.into_iter().find(|deltas| deltas.id() == id);
    found.ok_or_else(|| {
        format!("there are no deltas {id}; they are {}", Deltas::ALL.map(Deltas::id).join(", "))
    })
}

/// How many there are.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
