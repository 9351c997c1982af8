//! Input of geth's evm t8n.

use alloy_consensus::{Transaction as _, Typed2718 as _};
use alloy_eips::eip2718::Decodable2718 as _;
use alloy_eips::eip7702::SignedAuthorization;
use alloy_primitives::{Bytes, U256};
use evm_lanes_engine::scenario::Scenario;
use serde_json::{Map, Value, json};

use super::Exported;
use crate::transaction::Envelope;

/// `alloc`, `env` and `txs` of evm t8n in one object; `alloc` is the state before the block.
pub fn t8n(scenario: &Scenario) -> Exported {
    let mut left_out = Vec::new();
    let before = super::before(scenario).unwrap_or_else(|why| {
        left_out.push(why);
        scenario.accounts.clone()
    });
    let number = |value: U256| Value::String(format!("{value:#x}"));
    let small = |value: u64| Value::String(format!("{value:#x}"));
    let mut alloc = Map::new();
    for (address, account) in &before {
        let storage: Map<String, Value> = account
            .storage
            .iter()
            .map(|(slot, value)| (format!("{slot:#066x}"), json!(format!("{value:#066x}"))))
            .collect();
        let code = account.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
        alloc.insert(
            address.to_string(),
            json!({ "balance": number(account.balance), "nonce": small(account.nonce), "code": code, "storage": storage }),
        );
    }
    let block = &scenario.block;
    let hashes: Map<String, Value> =
        scenario.block_hashes.iter().map(|(n, hash)| (n.to_string(), json!(hash))).collect();
    let env = json!({
        "currentCoinbase": block.beneficiary.to_string(),
        "currentNumber": number(block.number),
        "currentTimestamp": number(block.timestamp),
        "currentGasLimit": small(block.gas_limit),
        "currentBaseFee": small(block.basefee),
        "currentDifficulty": number(block.difficulty),
        "currentRandom": block.prevrandao,
        "currentExcessBlobGas": block.blob_excess_gas_and_price.map(|blobs| small(blobs.excess_blob_gas)),
        "blockHashes": hashes,
    });
    let mut txs = Vec::new();
    for (index, transaction) in scenario.transactions.iter().enumerate() {
        if let Some(fields) = transaction.signed.as_ref().and_then(fields) {
            txs.push(fields);
        } else {
            left_out.push(format!("transaction {index} ({}) is not signed: t8n takes it only with its sender's `secretKey`", transaction.path));
        }
    }
    let text = json!({ "alloc": alloc, "env": env, "txs": txs });
    let text = serde_json::to_string_pretty(&text).unwrap_or_default() + "\n";
    Exported { text, left_out }
}

/// A signed transaction's fields as t8n reads them.
fn fields(bytes: &Bytes) -> Option<Value> {
    let envelope = Envelope::decode_2718(&mut bytes.as_ref()).ok()?;
    let hex = |value: u128| Value::String(format!("{value:#x}"));
    let signature = envelope.signature();
    let parity = u64::from(signature.v());
    let v = match (envelope.ty(), envelope.chain_id()) {
        (0, Some(chain)) => chain * 2 + 35 + parity,
        (0, None) => 27 + parity,
        _ => parity,
    };
    let mut out = json!({
        "type": hex(envelope.ty().into()),
        "nonce": hex(envelope.nonce().into()),
        "gas": hex(envelope.gas_limit().into()),
        "to": envelope.to(),
        "value": format!("{:#x}", envelope.value()),
        "input": envelope.input(),
        "v": hex(v.into()),
        "r": format!("{:#x}", signature.r()),
        "s": format!("{:#x}", signature.s()),
    });
    let object = out.as_object_mut()?;
    if let Some(chain) = envelope.chain_id() {
        object.insert("chainId".to_owned(), hex(chain.into()));
    }
    match envelope.gas_price() {
        Some(price) => {
            object.insert("gasPrice".to_owned(), hex(price));
        }
        None => {
            object.insert("maxFeePerGas".to_owned(), hex(envelope.max_fee_per_gas()));
            let tip = envelope.max_priority_fee_per_gas().unwrap_or_default();
            object.insert("maxPriorityFeePerGas".to_owned(), hex(tip));
        }
    }
    if let Some(list) = envelope.access_list() {
        let list: Vec<Value> = list
            .iter()
            .map(|one| json!({ "address": one.address, "storageKeys": one.storage_keys }))
            .collect();
        object.insert("accessList".to_owned(), list.into());
    }
    if let Some(hashes) = envelope.blob_versioned_hashes() {
        object.insert("blobVersionedHashes".to_owned(), json!(hashes));
        object.insert(
            "maxFeePerBlobGas".to_owned(),
            hex(envelope.max_fee_per_blob_gas().unwrap_or_default()),
        );
    }
    if let Some(list) = envelope.authorization_list() {
        let one = |one: &SignedAuthorization| {
            json!({
                "chainId": format!("{:#x}", one.chain_id), "address": one.address, "nonce": hex(one.nonce.into()),
                "yParity": hex(one.y_parity().into()), "r": format!("{:#x}", one.r()), "s": format!("{:#x}", one.s()),
            })
        };
        let list: Vec<Value> = list.iter().map(one).collect();
        object.insert("authorizationList".to_owned(), list.into());
    }
    Some(out)
}
