//! Which rules a block was made under.

use evm_lanes_import::node::{self, NodeBlock};
use serde_json::{Value, json};

use crate::Problem;
use crate::node::Node;

/// What anvil calls the forks that scenarios know.
const NAMES: [&str; 13] = [
    "homestead",
    "tangerine",
    "spuriousdragon",
    "byzantium",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
    "paris",
    "shanghai",
    "cancun",
    "prague",
    "osaka",
];

/// The fork by what is in the header, unless the chain is somebody's own and its node says what it runs (anvil).
pub(crate) async fn find(
    node: &mut Node,
    chain_id: u64,
    block: &NodeBlock,
) -> Result<String, Problem> {
    let stated = if node::has_schedule(chain_id) { None } else { stated(node).await? };
    Ok(stated.unwrap_or_else(|| block.fork.to_owned()))
}

/// What a node for development says that it runs.
async fn stated(node: &mut Node) -> Result<Option<String>, Problem> {
    let info = node.one("anvil_nodeInfo", json!([])).await?.unwrap_or(Value::Null);
    let fork = info["hardFork"].as_str().unwrap_or_default().to_lowercase();
    let fork = if fork == "merge" { "paris".to_owned() } else { fork };
    Ok(Some(fork).filter(|fork| NAMES.contains(&fork.as_str())))
}
