//! Which blocks are measured: those of `tests/bench/workloads.json`, and the real blocks of a corpus.

use evm_lanes_engine::scenario::{self, Library, Scenario};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::interleaved::Interleaved;
use crate::{real, uniswap};

const WORKLOADS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/bench/workloads.json"));

/// A block to be measured.
pub(crate) struct Entry {
    /// How it is chosen on the command line, and its file's name.
    pub(crate) id: String,
    /// What tables call it.
    pub(crate) name: String,
    /// It is measured with @ethereumjs/vm, too.
    pub(crate) ethereumjs: bool,
    source: Source,
}

enum Source {
    Listed(Content),
    Real(Box<real::Bundle>),
}

/// An entry of `workloads.json`.
#[derive(Deserialize)]
struct Workload {
    id: String,
    name: String,
    #[serde(default)]
    ethereumjs: bool,
    #[serde(flatten)]
    content: Content,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Content {
    /// What the scenario format's `generate` is given.
    Generate(Value),
    /// A scenario's transactions.
    Transactions(Value),
    /// Transactions of several kinds, some of which meet.
    Interleave(Interleaved),
    /// So many swaps through Uniswap V3's own contracts, each in a pool of its own.
    Uniswap(usize),
}

/// A block's scenario, and how much gas it is known to use.
pub(crate) struct Prepared {
    pub(crate) text: String,
    pub(crate) gas: Option<u64>,
}

/// A group of blocks that is not measured, and why.
pub(crate) type LeftOut = (&'static str, String);

/// Every block there is on this machine.
pub(crate) fn all() -> Result<(Vec<Entry>, Vec<LeftOut>), String> {
    let workloads: Vec<Workload> =
        serde_json::from_str(WORKLOADS).map_err(|error| format!("workloads.json: {error}"))?;
    let mut left_out = Vec::new();
    let missing = uniswap::missing();
    let mut entries = Vec::new();
    for Workload { id, name, ethereumjs, content } in workloads {
        match (&missing, &content) {
            (Some(why), Content::Uniswap(_)) => left_out.push(("Uniswap V3", why.clone())),
            _ => entries.push(Entry { id, name, ethereumjs, source: Source::Listed(content) }),
        }
    }
    match real::bundles() {
        Ok(bundles) => entries.extend(bundles.into_iter().map(|bundle| Entry {
            id: format!("{REAL}{}", bundle.number),
            name: format!("real block {}", bundle.number),
            ethereumjs: false,
            source: Source::Real(Box::new(bundle)),
        })),
        Err(why) => left_out.push(("real blocks", why)),
    }
    left_out.dedup();
    Ok((entries, left_out))
}

/// What the ids of real blocks begin with.
const REAL: &str = "real-";

impl Entry {
    /// It is a block of the chain.
    pub(crate) fn is_real(&self) -> bool {
        matches!(self.source, Source::Real(_))
    }

    /// It is of the size that pevm measures, ten times as large as the others.
    pub(crate) fn is_gigagas(&self) -> bool {
        self.id.starts_with("gigagas-")
    }

    /// Its scenario.
    pub(crate) fn prepare(&self) -> Result<Prepared, String> {
        let (mut scenario, gas) = match &self.source {
            Source::Real(bundle) => (bundle.scenario()?, Some(bundle.gas_used)),
            Source::Listed(content) => (content.scenario()?, None),
        };
        scenario["title"] = json!(self.name);
        Ok(Prepared { text: scenario.to_string(), gas })
    }
}

impl Content {
    fn scenario(&self) -> Result<Value, String> {
        Ok(match self {
            Self::Generate(workload) => json!({ "transactions": [{ "generate": workload }] }),
            Self::Transactions(transactions) => json!({ "transactions": transactions }),
            Self::Interleave(interleaved) => interleaved.scenario(),
            Self::Uniswap(swaps) => uniswap::scenario(*swaps)?,
        })
    }
}

/// Reads a scenario's text, which has no problems.
pub(crate) fn read(text: &str) -> Result<Scenario, String> {
    let (scenario, problems) = scenario::read(text, Library::bundled());
    scenario.ok_or_else(|| format!("{:#?}", &problems[..problems.len().min(5)]))
}
