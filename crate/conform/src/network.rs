//! Networks as fixtures name them: a fork, or two with the point at which the second begins.

use std::collections::BTreeMap;

use alloy_eips::eip7840::BlobParams;
use revm::primitives::U256;
use revm::primitives::hardfork::SpecId;
use serde::Deserialize;

use crate::fixture::number::Number;

/// A chain's forks.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    first: Fork,
    then: Option<(Activation, Fork)>,
}

/// The rules of one fork that revm does not know by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fork {
    /// What revm calls it.
    pub(crate) spec: SpecId,
    /// How many blobs and at what price, from Cancun on.
    pub(crate) blobs: Option<BlobParams>,
    /// How many blocks the difficulty bomb has been put off (EIP-649, 1234, 2384, 3554, 4345, 5133).
    pub(crate) bomb_delay: u64,
}

/// When a fork begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activation {
    Block(u64),
    Time(u64),
    /// Behind the first block with this total difficulty.
    TotalDifficulty(U256),
}

/// `config.blobSchedule`, by fork.
pub(crate) type BlobSchedule = BTreeMap<String, Blobs>;

/// Blobs in one fork (EIP-7840).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blobs {
    target: Number,
    max: Number,
    base_fee_update_fraction: Number,
}

impl Network {
    /// Reads a network's name.
    ///
    /// # Errors
    /// Why cases for this network cannot be run.
    pub(crate) fn read(name: &str, schedule: &BlobSchedule) -> Result<Self, String> {
        let fork = |name: &str| Fork::read(name, schedule);
        if let Ok(first) = fork(name) {
            return Ok(Self { first, then: None });
        }
        let unknown = || unsupported(name);
        let (from, rest) = name.split_once("To").ok_or_else(unknown)?;
        let (to, at) = rest.split_once("At").ok_or_else(unknown)?;
        let activation = if let Some(time) = at.strip_prefix("Time") {
            let (digits, unit) = time.strip_suffix('k').map_or((time, 1), |digits| (digits, 1000));
            Activation::Time(digits.parse::<u64>().map_err(|_| unknown())?.saturating_mul(unit))
        } else if let Some(difficulty) = at.strip_prefix("Diff") {
            let difficulty = U256::from_str_radix(difficulty, 16).map_err(|_| unknown())?;
            Activation::TotalDifficulty(difficulty)
        } else {
            Activation::Block(at.parse().map_err(|_| unknown())?)
        };
        Ok(Self { first: fork(from)?, then: Some((activation, fork(to)?)) })
    }

    /// The fork of the block with this number and time behind blocks of this total difficulty.
    pub(crate) fn fork(&self, number: u64, time: u64, difficulty_before: U256) -> &Fork {
        match &self.then {
            Some((activation, then)) if activation.reached(number, time, difficulty_before) => then,
            _ => &self.first,
        }
    }

    /// The last fork.
    pub(crate) fn last(&self) -> &Fork {
        self.then.as_ref().map_or(&self.first, |(_, fork)| fork)
    }
}

impl Activation {
    fn reached(self, number: u64, time: u64, difficulty_before: U256) -> bool {
        match self {
            Self::Block(block) => number >= block,
            Self::Time(start) => time >= start,
            Self::TotalDifficulty(difficulty) => difficulty_before >= difficulty,
        }
    }
}

impl Fork {
    /// Reads a fork's name.
    ///
    /// # Errors
    /// Why it cannot be run.
    pub(crate) fn read(name: &str, schedule: &BlobSchedule) -> Result<Self, String> {
        let (spec, blobs, bomb_delay) = match name {
            "Frontier" => (SpecId::FRONTIER, None, 0),
            "Homestead" => (SpecId::HOMESTEAD, None, 0),
            "EIP150" => (SpecId::TANGERINE, None, 0),
            "EIP158" => (SpecId::SPURIOUS_DRAGON, None, 0),
            "Byzantium" => (SpecId::BYZANTIUM, None, 3_000_000),
            "ConstantinopleFix" | "Petersburg" => (SpecId::PETERSBURG, None, 5_000_000),
            "Istanbul" => (SpecId::ISTANBUL, None, 5_000_000),
            "MuirGlacier" => (SpecId::ISTANBUL, None, 9_000_000),
            "Berlin" => (SpecId::BERLIN, None, 9_000_000),
            "London" => (SpecId::LONDON, None, 9_700_000),
            "ArrowGlacier" => (SpecId::LONDON, None, 10_700_000),
            "GrayGlacier" => (SpecId::LONDON, None, 11_400_000),
            "Paris" | "Merge" => (SpecId::MERGE, None, 0),
            "Shanghai" => (SpecId::SHANGHAI, None, 0),
            "Cancun" => (SpecId::CANCUN, Some(BlobParams::cancun()), 0),
            "Prague" => (SpecId::PRAGUE, Some(BlobParams::prague()), 0),
            "Osaka" => (SpecId::OSAKA, Some(BlobParams::osaka()), 0),
            "BPO1" => (SpecId::OSAKA, Some(BlobParams::bpo1()), 0),
            "BPO2" => (SpecId::OSAKA, Some(BlobParams::bpo2()), 0),
            // Blob-parameter-only forks to come: what they change is in the schedule.
            "BPO3" | "BPO4" | "BPO5" => (SpecId::OSAKA, None, 0),
            "Amsterdam" => (SpecId::AMSTERDAM, Some(BlobParams::bpo2()), 0),
            _ => return Err(unsupported(name)),
        };
        let blobs = match schedule.get(name) {
            Some(given) if spec.is_enabled_in(SpecId::CANCUN) => {
                Some(given.lower(blobs.unwrap_or_else(BlobParams::osaka))?)
            }
            _ => blobs,
        };
        if blobs.is_none() && spec.is_enabled_in(SpecId::CANCUN) {
            return Err(format!("there is no blob schedule for {name}"));
        }
        Ok(Self { spec, blobs, bomb_delay })
    }

    /// Whether blocks are proposed, not mined (EIP-3675).
    pub(crate) fn merged(&self) -> bool {
        self.has(SpecId::MERGE)
    }

    /// Whether `spec` is in force.
    pub(crate) fn has(&self, spec: SpecId) -> bool {
        self.spec.is_enabled_in(spec)
    }
}

impl Blobs {
    fn lower(&self, fork: BlobParams) -> Result<BlobParams, String> {
        let number = |number: Number| {
            number.to::<u64>().filter(|n| *n != 0).ok_or("the blob schedule makes no sense")
        };
        let max_blob_count = number(self.max)?;
        let target = self.target.to::<u64>().filter(|target| *target <= max_blob_count);
        Ok(BlobParams {
            target_blob_count: target.ok_or("the blob schedule makes no sense")?,
            max_blob_count,
            update_fraction: number(self.base_fee_update_fraction)?.into(),
            // EIP-7594 has a limit of its own, in force with EIP-7918's price.
            max_blobs_per_tx: match fork.blob_base_cost {
                0 => max_blob_count,
                _ => fork.max_blobs_per_tx,
            },
            ..fork
        })
    }
}

fn unsupported(name: &str) -> String {
    match name {
        "Constantinople" => {
            "revm has no fork Constantinople (EIP-1283 was never in force)".to_owned()
        }
        name if name.contains("Dao") => {
            format!(
                "{name}: the DAO fork moves the balances of 116 accounts, which no fixture lists"
            )
        }
        name if name.contains("Constantinople") && name.contains("To") => {
            format!("{name}: revm has no fork Constantinople")
        }
        name => format!("revm has no fork {name}"),
    }
}
