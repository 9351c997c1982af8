//! What nodes answer, for whoever asks them himself (`evm-lanes-fetch`). An error is a sentence.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use serde_json::Value;

pub use crate::block::NodeBlock;
pub use crate::draft::{Account, Block, Draft, Transaction};
pub use crate::fork::has_schedule;
pub use crate::receipt::{Compared, Difference, Receipt, compare};
pub use crate::write::scenario;

use crate::block::ASK_FOR_WHOLE;
use crate::reader::{At, Reader};
use crate::{block, receipt, state};

/// `eth_getBlockByNumber` with whole transactions, which has its hash and theirs.
///
/// # Errors
/// What is wrong with it, and where.
pub fn block(answer: &Value, chain_id: u64) -> Result<NodeBlock, String> {
    let (at, mut reader) = (At::root(answer), Reader::default());
    for key in ["hash", "parentHash", "miner", "transactions"] {
        reader.wants(&at, key, "a block");
    }
    for transaction in at.get("transactions").map(|at| at.items()).unwrap_or_default() {
        if transaction.value.is_object() {
            reader.wants(&transaction, "hash", "a transaction of a block");
        }
    }
    let block = block::rpc(&at, Some(chain_id), &mut reader);
    reader.sentence()?;
    match block {
        Some(block) if block.only_hashes => {
            Err(format!("it has only the hashes of its transactions; {ASK_FOR_WHOLE}"))
        }
        Some(block) => Ok(block),
        None => Err("it is no block".to_owned()),
    }
}

/// `eth_getBlockReceipts`.
///
/// # Errors
/// What is wrong with it, and where.
pub fn receipts(answer: &Value) -> Result<Vec<Receipt>, String> {
    let mut reader = Reader::default();
    let items = At::root(answer).items();
    let receipts = items.iter().filter_map(|at| receipt::read(at, &mut reader)).collect();
    reader.sentence()?;
    Ok(receipts)
}

/// What `prestateTracer` says of one transaction.
///
/// # Errors
/// What is wrong with it, and where.
pub fn prestate(answer: &Value) -> Result<BTreeMap<Address, Account>, String> {
    let mut reader = Reader::default();
    let accounts = state::accounts(&At::root(answer), &mut reader);
    reader.sentence()?;
    Ok(accounts)
}
