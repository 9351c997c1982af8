//! Blocks and environments: as nodes write them, as t8n and state tests do, and as anvil does.

use std::collections::BTreeMap;

use alloy_primitives::B256;

use crate::draft::{Block, Transaction};
use crate::fork;
use crate::reader::{At, Reader};
use crate::transaction;

/// A block as nodes write it, with whole transactions.
#[derive(Clone, Debug)]
pub struct NodeBlock {
    /// Its hash, if it is said.
    pub hash: Option<B256>,
    /// What its transactions run in.
    pub environment: Block,
    /// The rules that it was made under, as far as its header and the chain tell.
    pub fork: &'static str,
    /// Whether the excess blob gas is not the header's but one that gives the block's blob price in a scenario.
    pub scaled: bool,
    /// In order.
    pub transactions: Vec<Transaction>,
    /// Whether it has transactions of which only the hashes are there.
    pub only_hashes: bool,
}

/// What to do about a block that has only hashes.
pub(crate) const ASK_FOR_WHOLE: &str =
    "ask for it with whole transactions: the second argument of eth_getBlockByNumber is `true`";

/// `eth_getBlockByNumber`. Its chain is that of its transactions if it is not given.
pub(crate) fn rpc(at: &At<'_>, chain_id: Option<u64>, reader: &mut Reader) -> Option<NodeBlock> {
    let mut environment = environment(at, reader)?;
    for key in ["number", "timestamp", "gasLimit"] {
        reader.wants(at, key, "a block");
    }
    let items = at.get("transactions").map(|at| at.items()).unwrap_or_default();
    // One hash tells of all the others.
    let only_hashes = items.first().is_some_and(|item| item.value.is_string());
    let items = if only_hashes { Vec::new() } else { items };
    let transactions: Vec<_> =
        items.iter().filter_map(|item| transaction::read(item, reader)).collect();
    let chain_id = chain_id.or_else(|| transactions.iter().find_map(|one| one.chain_id));
    let fork = fork::of_header(at, &environment, chain_id);
    let scaled = chain_id.and_then(|chain| {
        let time = environment.timestamp.unwrap_or_default();
        fork::scaled_excess(chain, time, environment.excess_blob_gas?)
    });
    environment.excess_blob_gas = scaled.or(environment.excess_blob_gas);
    let hash = at.get("hash").and_then(|hash| reader.hash(&hash));
    let scaled = scaled.is_some();
    Some(NodeBlock { hash, environment, fork, scaled, transactions, only_hashes })
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
                block.hashes.extend(hashes(&field, reader));
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

/// Hashes of blocks, by their numbers.
pub(crate) fn hashes(at: &At<'_>, reader: &mut Reader) -> BTreeMap<u64, B256> {
    let mut hashes = BTreeMap::new();
    for (number, hash) in at.members() {
        let number = crate::reader::parse_number(number);
        let number = number.and_then(|number| u64::try_from(number).ok());
        match (number, reader.hash(&hash)) {
            (Some(number), Some(hash)) => {
                hashes.insert(number, hash);
            }
            (None, _) => reader.error(&hash.path, "hashes go by a block's number", None),
            _ => {}
        }
    }
    hashes
}
