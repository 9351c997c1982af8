//! Which rules a block was made under, and what its blobs cost in a scenario.

use alloy_eips::eip7691::BLOB_GASPRICE_UPDATE_FRACTION_PECTRA;
use alloy_eips::eip7892::{BPO1_BASE_UPDATE_FRACTION, BPO2_BASE_UPDATE_FRACTION};

use crate::draft::Block;
use crate::reader::At;

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

/// The fork by what is in the header, which later forks have added to; where that leaves a choice, by the chain's
/// schedule. A chain without one is taken for up to date.
pub(crate) fn of_header(at: &At<'_>, block: &Block, chain_id: Option<u64>) -> &'static str {
    let osaka = chain_id.and_then(osaka);
    let time = block.timestamp.unwrap_or_default();
    let has = |key| at.get(key).is_some();
    if has("blockAccessListHash") {
        "amsterdam"
    } else if has("requestsHash") {
        if osaka.is_some_and(|from| time < from) { "prague" } else { "osaka" }
    } else if has("parentBeaconBlockRoot") {
        "cancun"
    } else if has("withdrawalsRoot") {
        "shanghai"
    } else if has("baseFeePerGas") {
        let merged = block.difficulty.is_none_or(|difficulty| difficulty.is_zero());
        if merged { "paris" } else { "london" }
    } else if chain_id == Some(1) {
        let number = block.number.unwrap_or_default();
        MAINNET.iter().find(|(first, _)| *first <= number).map_or("frontier", |(_, name)| name)
    } else {
        "berlin"
    }
}

/// Whether it is known when the chain's forks begin.
pub fn has_schedule(chain_id: u64) -> bool {
    osaka(chain_id).is_some()
}

fn osaka(chain_id: u64) -> Option<u64> {
    OSAKA.iter().find(|(chain, _)| *chain == chain_id).map(|(_, from)| *from)
}

/// Whether blocks are mined under these rules.
pub(crate) fn is_proof_of_work(fork: &str) -> bool {
    const MERGED: [&str; 7] =
        ["paris", "merge", "shanghai", "cancun", "prague", "osaka", "amsterdam"];
    !MERGED.iter().any(|merged| merged.eq_ignore_ascii_case(fork))
}

/// The excess blob gas that gives a block's blob price in a scenario, where prices are those of Prague and Osaka; none if
/// it is the header's own.
pub(crate) fn scaled_excess(chain_id: u64, timestamp: u64, excess: u64) -> Option<u64> {
    let mut prices = BLOB_PRICES.iter();
    let price = prices.find(|(chain, from, _)| *chain == chain_id && *from <= timestamp);
    price.map(|(.., fraction)| scaled(excess, *fraction))
}

fn scaled(excess: u64, fraction: u64) -> u64 {
    let scaled = u128::from(excess) * BLOB_GASPRICE_UPDATE_FRACTION_PECTRA / u128::from(fraction);
    u64::try_from(scaled).unwrap_or(u64::MAX)
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
