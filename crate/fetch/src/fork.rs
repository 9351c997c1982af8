//! Which rules a block was made under.

use alloy_eips::eip7691::BLOB_GASPRICE_UPDATE_FRACTION_PECTRA;
use alloy_eips::eip7892::{BPO1_BASE_UPDATE_FRACTION, BPO2_BASE_UPDATE_FRACTION};
use serde_json::{Value, json};

use crate::Problem;
use crate::block::Block;
use crate::node::Node;

/// Chains whose fork of the name osaka is at a known time: chain id and timestamp.
const OSAKA: [(u64, u64); 3] =
    [(1, 1_764_798_551), (11_155_111, 1_760_427_360), (560_048, 1_761_677_592)];

/// From when on blobs have another price for the same excess (EIP-7892): chain id, timestamp, and by how much excess the
/// price grows e-fold; the later first.
const BLOB_PRICES: [(u64, u64, u64); 6] = [
    (1, 1_767_747_671, BPO2_BASE_UPDATE_FRACTION),
    (1, 1_765_290_071, BPO1_BASE_UPDATE_FRACTION),
    (11_155_111, 1_761_607_008, BPO2_BASE_UPDATE_FRACTION),
    (11_155_111, 1_761_017_184, BPO1_BASE_UPDATE_FRACTION),
    (560_048, 1_762_955_544, BPO2_BASE_UPDATE_FRACTION),
    (560_048, 1_762_365_720, BPO1_BASE_UPDATE_FRACTION),
];

/// Mainnet's forks that no header tells of, by their first block.
const MAINNET: [(u64, &str); 8] = [
    (12_244_000, "berlin"),
    (9_069_000, "istanbul"),
    (7_280_000, "petersburg"),
    (4_370_000, "byzantium"),
    (2_675_000, "spuriousDragon"),
    (2_463_000, "tangerine"),
    (1_150_000, "homestead"),
    (0, "frontier"),
];

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

/// The fork by what is in the header, which later forks have added to; where that leaves a choice, by the chain's
/// schedule. A chain of somebody's own may have a node that says what it runs (anvil); if not, it is taken for up to date.
pub(crate) async fn find(node: &mut Node, chain_id: u64, block: &Block) -> Result<String, Problem> {
    let osaka = OSAKA.iter().find(|(chain, _)| *chain == chain_id).map(|(_, from)| *from);
    if osaka.is_none()
        && let Some(fork) = stated(node).await?
    {
        return Ok(fork);
    }
    let name = if block.block_access_list_hash.is_some() {
        "amsterdam"
    } else if block.requests_hash.is_some() {
        if osaka.is_some_and(|from| block.timestamp() < from) { "prague" } else { "osaka" }
    } else if block.parent_beacon_block_root.is_some() {
        "cancun"
    } else if block.withdrawals_root.is_some() {
        "shanghai"
    } else if block.base_fee_per_gas.is_some() {
        if block.merged() { "paris" } else { "london" }
    } else if chain_id == 1 {
        let fork = MAINNET.iter().find(|(first, _)| *first <= block.number());
        fork.map_or("frontier", |(_, name)| name)
    } else {
        "berlin"
    };
    Ok(name.to_owned())
}

/// What a node for development says that it runs.
async fn stated(node: &mut Node) -> Result<Option<String>, Problem> {
    let info = node.one("anvil_nodeInfo", json!([])).await?.unwrap_or(Value::Null);
    let fork = info["hardFork"].as_str().unwrap_or_default().to_lowercase();
    let fork = if fork == "merge" { "paris".to_owned() } else { fork };
    Ok(Some(fork).filter(|fork| NAMES.contains(&fork.as_str())))
}

/// The excess blob gas that gives the block's blob price in a scenario, where prices are those of Prague and Osaka, and
/// whether it is another one than the header's.
pub(crate) fn excess_blob_gas(chain_id: u64, block: &Block) -> Option<(u64, bool)> {
    let excess = block.excess_blob_gas()?;
    let mut prices = BLOB_PRICES.iter();
    let price = prices.find(|(chain, from, _)| *chain == chain_id && *from <= block.timestamp());
    Some(match price {
        Some((.., fraction)) => (scaled(excess, *fraction), true),
        None => (excess, false),
    })
}

fn scaled(excess: u64, fraction: u64) -> u64 {
    let scaled = u128::from(excess) * BLOB_GASPRICE_UPDATE_FRACTION_PECTRA / u128::from(fraction);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// Whether blocks are mined under these rules.
pub(crate) fn is_proof_of_work(fork: &str) -> bool {
    let mined = MAINNET.iter().map(|(_, name)| *name).chain(["constantinople", "london"]);
    mined.into_iter().any(|name| name.eq_ignore_ascii_case(fork))
}

#[cfg(test)]
mod tests {
    use revm::context_interface::block::calc_blob_gasprice;

    use super::*;

    #[test]
    fn the_scaled_excess_gives_the_price_within_a_millionth() {
        for fraction in [BPO1_BASE_UPDATE_FRACTION, BPO2_BASE_UPDATE_FRACTION] {
            for excess in [0, 131_072, 10_000_000, 100_000_000, 250_000_000] {
                let right = calc_blob_gasprice(excess, fraction);
                let found = calc_blob_gasprice(scaled(excess, fraction), 5_007_716);
                assert!(found <= right, "a transaction that could pay must still be able to");
                assert!(right - found <= 1 + right / 1_000_000, "{right} {found}");
            }
        }
    }
}
