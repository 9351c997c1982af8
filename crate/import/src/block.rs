//! Blocks and environments: as nodes write them, as t8n and state tests do, and as anvil does.

use alloy_primitives::U256;

use crate::parts::{Block, Parts};
use crate::reader::{At, Reader};
use crate::transaction;

/// Chains whose fork osaka began at a known time: chain id and timestamp.
const OSAKA: [(u64, u64); 3] =
    [(1, 1_764_798_551), (11_155_111, 1_760_427_360), (560_048, 1_761_677_592)];

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

/// `eth_getBlockByNumber`.
pub(crate) fn rpc(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let Some(block) = environment(at, reader) else { return };
    let number = block.number;
    for key in ["number", "timestamp", "gasLimit"] {
        reader.wants(at, key, "a block");
    }
    let mut transactions = Vec::new();
    for item in at.get("transactions").map(|at| at.items()).unwrap_or_default() {
        // One hash tells of all the others.
        let hash = item.value.as_str().is_some_and(|text| text.len() == 66);
        let one = transaction::read(&item, reader);
        if hash {
            break;
        }
        transactions.extend(one);
    }
    let chain = transactions.iter().find_map(|one| one.chain_id);
    parts.fork = Some(fork(at, &block, chain).to_owned());
    parts.title = number.map(|number| format!("Block {number}"));
    parts.set_block(block, &at.path, reader);
    parts.transactions.extend(transactions);
}

/// A block's fields by any of the names they have.
pub(crate) fn environment(at: &At<'_>, reader: &mut Reader) -> Option<Block> {
    let mut block = Block::default();
    for (key, field) in at.members().into_iter().filter(|(_, field)| !field.value.is_null()) {
        match key {
            "number" | "currentNumber" => block.number = Some(reader.small(&field)?),
            "timestamp" | "currentTimestamp" => block.timestamp = Some(reader.small(&field)?),
            "gasLimit" | "currentGasLimit" | "gas_limit" => {
                // More than 64 bits of gas are as good as the most of them.
                let gas = reader.number(&field)?;
                block.gas_limit = Some(u64::try_from(gas).unwrap_or(u64::MAX));
            }
            "baseFeePerGas" | "currentBaseFee" | "basefee" => {
                block.base_fee = Some(reader.number(&field)?);
            }
            "miner" | "coinbase" | "currentCoinbase" | "beneficiary" => {
                block.beneficiary = Some(reader.address(&field)?);
            }
            "mixHash" | "currentRandom" | "prevrandao" => {
                block.prev_randao = Some(reader.hash(&field)?);
            }
            "difficulty" | "currentDifficulty" => block.difficulty = Some(reader.number(&field)?),
            "excessBlobGas" | "currentExcessBlobGas" => {
                block.excess_blob_gas = Some(reader.small(&field)?);
            }
            "slotNumber" => block.slot_number = Some(reader.small(&field)?),
            "blockHashes" => {
                for (number, hash) in field.members() {
                    let number = crate::reader::parse_number(number);
                    let number = number.and_then(|number| u64::try_from(number).ok());
                    match (number, reader.hash(&hash)) {
                        (Some(number), Some(hash)) => {
                            block.hashes.insert(number, hash);
                        }
                        (None, _) => {
                            reader.error(&hash.path, "hashes go by a block's number", None)
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    if let (Some(hash), Some(number)) = (at.get("parentHash"), block.number)
        && let Some(hash) = reader.hash(&hash)
        && let Some(before) = number.checked_sub(1)
    {
        block.hashes.insert(before, hash);
    }
    Some(block)
}

/// The fork by what is in the header, which later forks have added to; where that leaves a choice, by the chain's schedule.
fn fork(at: &At<'_>, block: &Block, chain: Option<u64>) -> &'static str {
    let osaka = OSAKA.iter().find(|(id, _)| Some(*id) == chain).map(|(_, from)| *from);
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
        let merged = block.difficulty.is_none_or(|difficulty| difficulty == U256::ZERO);
        if merged { "paris" } else { "london" }
    } else if chain == Some(1) {
        let number = block.number.unwrap_or_default();
        MAINNET.iter().find(|(first, _)| *first <= number).map_or("frontier", |(_, name)| name)
    } else {
        "berlin"
    }
}
