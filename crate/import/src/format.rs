//! Which format a text is in, by what is in it.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::reader::At;
use crate::state;

/// What a text was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// A scenario of EVM Lanes.
    Scenario,
    /// Signed transactions in hexadecimal, one a line or as a JSON list.
    RawTransactions,
    /// Transactions of JSON-RPC or of t8n.
    Transactions,
    /// `eth_getBlockByNumber`.
    Block,
    /// `prestateTracer`, of one transaction or of a block's (`debug_traceBlock*`).
    Prestate,
    /// `eth_createAccessList`.
    CreatedAccessList,
    /// Genesis accounts of geth.
    Alloc,
    /// `env.json` of t8n.
    Environment,
    /// `alloc`, `txs` and `env` of t8n in one object.
    T8n,
    /// A blockchain test.
    BlockchainTest,
    /// A state test.
    StateTest,
    /// A block access list (EIP-7928).
    BlockAccessList,
    /// What `forge script --broadcast` leaves.
    Broadcast,
    /// `anvil_dumpState`, or `anvil --dump-state`.
    AnvilDump,
    /// `eth_getBlockReceipts`, or one receipt.
    Receipts,
    /// Several of these in one object or list: `{ block, prestate, receipts }`, the answers to a batch of calls.
    Bundle,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scenario => "a scenario",
            Self::RawTransactions => "raw signed transactions",
            Self::Transactions => "transactions in JSON",
            Self::Block => "a block (eth_getBlockByNumber)",
            Self::Prestate => "the state before transactions (prestateTracer)",
            Self::CreatedAccessList => "an access list (eth_createAccessList)",
            Self::Alloc => "accounts (alloc)",
            Self::Environment => "a block's environment (t8n env)",
            Self::T8n => "input of evm t8n",
            Self::BlockchainTest => "a blockchain test",
            Self::StateTest => "a state test",
            Self::BlockAccessList => "a block access list (EIP-7928)",
            Self::Broadcast => "a Foundry broadcast file",
            Self::AnvilDump => "a dump of anvil's state",
            Self::Receipts => "receipts (eth_getBlockReceipts)",
            Self::Bundle => "several of a node's answers in one text",
        })
    }
}

pub(crate) const FORMATS: &str = "what can be read: scenarios, raw transactions (one 0x… a line), JSON-RPC blocks, transactions and receipts, prestateTracer and debug_traceBlock* output, eth_createAccessList, geth alloc/env/txs, Ethereum tests, EIP-7928 lists, Foundry broadcasts, anvil dumps";

/// What a document is; a response of JSON-RPC is what it brings.
pub(crate) fn of(at: &At<'_>) -> Option<Format> {
    if let Some(result) = at.get("result").filter(|_| at.has(&["jsonrpc"])) {
        return of(&result);
    }
    match at.value {
        Value::String(_) => Some(Format::RawTransactions),
        Value::Array(_) => {
            let items = at.items();
            let first = items.first()?;
            match () {
                () if first.value.is_string() => Some(Format::RawTransactions),
                () if first.has(&["jsonrpc"]) => Some(Format::Bundle),
                () if first.has(&["result"])
                    || first.has(&["txHash"])
                    || first.has(&["pre", "post"]) =>
                {
                    Some(Format::Prestate)
                }
                () if first.has(&["address"]) => Some(Format::BlockAccessList),
                () if is_receipt(first) => Some(Format::Receipts),
                () if items.iter().any(|item| of(item) == Some(Format::Block)) => {
                    Some(Format::Bundle)
                }
                () if is_transaction(first) => Some(Format::Transactions),
                () if state::is_accounts(first) || first.has(&["structLogs"]) => {
                    Some(Format::Prestate)
                }
                () => None,
            }
        }
        Value::Object(members) => match () {
            () if at.has(&["alloc"]) || at.has(&["txs"]) => Some(Format::T8n),
            () if at.has(&["network", "blocks"]) => Some(Format::BlockchainTest),
            () if at.has(&["env", "pre", "transaction"]) => Some(Format::StateTest),
            () if at.has(&["currentCoinbase"]) || at.has(&["currentNumber"]) => {
                Some(Format::Environment)
            }
            () if at.has(&["accessList", "gasUsed"]) => Some(Format::CreatedAccessList),
            () if at.has(&["accounts"])
                && (at.has(&["best_block_number"]) || at.has(&["historical_states"])) =>
            {
                Some(Format::AnvilDump)
            }
            () if at.get("block").is_some_and(|block| of(&block) == Some(Format::Block)) => {
                Some(Format::Bundle)
            }
            () if is_receipt(at) => Some(Format::Receipts),
            () if at.has(&["transactions"])
                && (at.has(&["pending"]) || at.has(&["returns"]) || at.has(&["receipts"])) =>
            {
                Some(Format::Broadcast)
            }
            () if at.has(&["transactions"])
                && ["parentHash", "gasUsed", "stateRoot", "miner"]
                    .iter()
                    .any(|key| at.has(&[key])) =>
            {
                Some(Format::Block)
            }
            () if at.has(&["transactions"]) => Some(Format::Scenario),
            () if is_transaction(at) => Some(Format::Transactions),
            () if at.has(&["pre", "post"])
                || at.has(&["structLogs"])
                || at.has(&["txHash", "result"]) =>
            {
                Some(Format::Prestate)
            }
            // geth's alloc and its tracer print nearly the same: an alloc has texts for nonces.
            () if state::is_accounts(at) => {
                match members.values().any(|one| one["nonce"].is_string()) {
                    true => Some(Format::Alloc),
                    false => Some(Format::Prestate),
                }
            }
            () => {
                let first = members.values().next().map(At::root)?;
                let inner = of(&first)?;
                matches!(inner, Format::BlockchainTest | Format::StateTest).then_some(inner)
            }
        },
        _ => None,
    }
}

fn is_transaction(at: &At<'_>) -> bool {
    let has = |key| at.has(&[key]);
    has("raw")
        || ((has("input") || has("data") || has("to") || has("value"))
            && (has("from") || has("gas") || has("gasLimit") || has("nonce") || has("v")))
}

fn is_receipt(at: &At<'_>) -> bool {
    at.has(&["transactionHash", "gasUsed"])
}
