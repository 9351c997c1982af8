//! Which format a text is in, by what is in it.

use std::fmt;

use alloy_eip7928::AccountChanges;
use alloy_primitives::Bytes;
use alloy_rlp::Decodable as _;
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario;
use serde_json::Value;

use crate::parts::{Knowledge, Parts};
use crate::reader::{At, Reader};
use crate::{MAX_TEXT, block, fixture, state, transaction};

/// What a text was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        })
    }
}

const FORMATS: &str = "what can be read: scenarios, raw transactions (one 0x… a line), JSON-RPC blocks and transactions, prestateTracer and debug_traceBlock* output, eth_createAccessList, geth alloc/env/txs, Ethereum tests, EIP-7928 lists, Foundry broadcasts, anvil dumps";

/// Reads a text of whatever format. What is wrong with it as text is returned, and the rest is in `reader`.
pub(crate) fn read(
    text: &str,
    texts: usize,
    parts: &mut Parts,
    reader: &mut Reader,
) -> (Option<Format>, Vec<Diagnostic>) {
    if text.len() > MAX_TEXT {
        let message = format!("the text is longer than {MAX_TEXT} bytes");
        reader.error("", message, Some("import fewer transactions at a time"));
        return (None, Vec::new());
    }
    let text = text.trim_start_matches('\u{feff}');
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[', '"', '/']) {
        return lines(text, parts, reader);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let format = value_format(&At::root(&value));
            if format == Some(Format::Scenario) && texts == 1 {
                return (format, Vec::new());
            }
            // Of keys that are there twice JSON's reader takes the last, which nobody may have meant.
            let found: Vec<Diagnostic> = scenario::syntax(text)
                .into_iter()
                .filter(|one| one.severity == Severity::Error)
                .collect();
            let format = document(&At::root(&value), format, parts, reader);
            (format, found)
        }
        Err(error) => {
            let found = scenario::syntax(text);
            if found.iter().any(|one| one.severity == Severity::Error) {
                return (None, found);
            }
            // Comments and trailing commas are a scenario's alone.
            if texts == 1 && text.contains("\"transactions\"") {
                return (Some(Format::Scenario), Vec::new());
            }
            reader.error(
                "",
                format!("this is no JSON: {error}"),
                Some("remove comments and trailing commas"),
            );
            (None, found)
        }
    }
}

/// Hexadecimal, an item a line.
fn lines(text: &str, parts: &mut Parts, reader: &mut Reader) -> (Option<Format>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut format = None;
    for (index, line) in text.lines().enumerate() {
        let item = line.trim().trim_end_matches(',');
        if item.is_empty() || item.starts_with('#') {
            continue;
        }
        let mut own = Reader::default();
        let value = Value::String(item.to_owned());
        let at = At::root(&value);
        if item.starts_with("0x") || item.bytes().all(|c| c.is_ascii_hexdigit()) {
            format = hexadecimal(&at, parts, &mut own).or(format);
        } else if format.is_some() {
            own.error(
                "",
                format!("expected bytes in hexadecimal, found {}", at.shown()),
                Some("one transaction a line, 0x and digits"),
            );
        } else {
            reader.error("", "this is in no format that can be read", Some(FORMATS));
            return (None, found);
        }
        // Problems stand at the line.
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let end = u32::try_from(line.encode_utf16().count() + 1).unwrap_or(u32::MAX);
        found.extend(own.locate("").into_iter().map(|one| Diagnostic {
            line: number,
            end_line: number,
            column: 1,
            end_column: end,
            ..one
        }));
    }
    if format.is_none() && found.is_empty() {
        reader.error("", "there is nothing in the text", Some(FORMATS));
    }
    (format, found)
}

/// A transaction, an encoded access list, or a packed dump.
fn hexadecimal(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) -> Option<Format> {
    let bytes = reader.bytes(at)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        match state::unpack(&bytes).map(|text| serde_json::from_str::<Value>(&text)) {
            Ok(Ok(value)) => {
                let mut inner = Reader::default();
                state::dump(&At::root(&value), parts, &mut inner);
                for one in inner.into_findings() {
                    reader.error(
                        &at.path,
                        format!("{} (in the dump at {})", one.message, one.path),
                        one.hint.as_deref(),
                    );
                }
            }
            Ok(Err(error)) => reader.error(
                &at.path,
                format!("the dump holds no JSON: {error}"),
                Some("call anvil_dumpState again"),
            ),
            Err(message) => {
                reader.error(&at.path, message, Some("call anvil_dumpState again: is it cut off?"))
            }
        }
        return Some(Format::AnvilDump);
    }
    match transaction::decode(&bytes) {
        Ok(one) => parts.transactions.push(one),
        Err((message, hint)) => {
            let list = Vec::<AccountChanges>::decode(&mut bytes.as_ref());
            if list.is_ok_and(|list| !list.is_empty()) {
                parts.list = Some(Value::String(bytes.to_string()));
                return Some(Format::BlockAccessList);
            }
            if let Some(all) = encoded_list(&bytes) {
                parts.transactions.extend(all);
            } else {
                reader.error(&at.path, message, Some(hint));
            }
        }
    }
    Some(Format::RawTransactions)
}

/// `txs.rlp` of t8n: a list of transactions, those with a type as bytes.
fn encoded_list(bytes: &Bytes) -> Option<Vec<crate::parts::Transaction>> {
    let list = Vec::<alloy_consensus::EthereumTxEnvelope<alloy_consensus::TxEip4844>>::decode(
        &mut bytes.as_ref(),
    )
    .ok()?;
    let again = |one: &alloy_consensus::EthereumTxEnvelope<alloy_consensus::TxEip4844>| {
        transaction::decode(&alloy_eips::eip2718::Encodable2718::encoded_2718(one).into()).ok()
    };
    list.iter().map(again).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
}

/// What a document is; a response of JSON-RPC is what it brings.
fn value_format(at: &At<'_>) -> Option<Format> {
    if let Some(result) = at.get("result").filter(|_| at.has(&["jsonrpc"])) {
        return value_format(&result);
    }
    match at.value {
        Value::String(_) => Some(Format::RawTransactions),
        Value::Array(_) => {
            let items = at.items();
            let first = items.first()?;
            match () {
                () if first.value.is_string() => Some(Format::RawTransactions),
                () if first.has(&["result"])
                    || first.has(&["txHash"])
                    || first.has(&["pre", "post"]) =>
                {
                    Some(Format::Prestate)
                }
                () if first.has(&["address"]) => Some(Format::BlockAccessList),
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
                let inner = value_format(&first)?;
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

fn document(
    at: &At<'_>,
    format: Option<Format>,
    parts: &mut Parts,
    reader: &mut Reader,
) -> Option<Format> {
    if at.has(&["jsonrpc"]) || at.has(&["error", "id"]) {
        if let Some(error) = at.get("error") {
            let message = error.get("message").map_or_else(|| error.shown(), |at| at.shown());
            reader.error(
                &error.path,
                format!("the node has not answered: {message}"),
                Some("ask it again, or another node"),
            );
            return None;
        }
        return match at.get("result") {
            Some(result) => document(&result, format, parts, reader),
            None => {
                reader.error(
                    &at.path,
                    "the node's answer is null",
                    Some("does it have this block, and its state?"),
                );
                None
            }
        };
    }
    let Some(format) = format else {
        reader.error(&at.path, "this is in no format that can be read", Some(FORMATS));
        return None;
    };
    match format {
        Format::Scenario => reader.error(
            &at.path,
            "a scenario is whole and cannot be put together with others",
            Some("import it alone"),
        ),
        Format::RawTransactions if at.value.is_string() => return hexadecimal(at, parts, reader),
        Format::RawTransactions | Format::Transactions => transactions(at, parts, reader),
        Format::Block => block::rpc(at, parts, reader),
        Format::Prestate => traces(at, parts, reader),
        Format::CreatedAccessList => {
            if let Some(error) = at.get("error") {
                reader.error(
                    &error.path,
                    format!("the transaction failed when its list was made: {}", error.shown()),
                    None,
                );
            }
            parts.created_lists.extend(at.get("accessList").map(|list| list.value.clone()));
        }
        Format::Alloc => state::accounts(at, Knowledge::Whole, parts, reader),
        Format::Environment => environment(at, parts, reader),
        Format::T8n => {
            if let Some(alloc) = at.get("alloc") {
                state::accounts(&alloc, Knowledge::Whole, parts, reader);
            }
            if let Some(env) = at.get("env") {
                environment(&env, parts, reader);
            }
            if let Some(txs) = at.get("txs") {
                if txs.value.is_string() {
                    hexadecimal(&txs, parts, reader);
                } else {
                    transactions(&txs, parts, reader);
                }
            }
            // A genesis file says in `config` which chain it is of.
            if let Some(id) = at.get("config").and_then(|config| config.get("chainId")) {
                parts.chain_id = reader.small(&id);
            }
        }
        Format::BlockchainTest | Format::StateTest => {
            let read =
                if format == Format::StateTest { fixture::state_test } else { fixture::chain };
            if at.has(&["pre"]) {
                read("", at, parts, reader);
            } else {
                let members = at.members();
                if let [(_, first), .., (last, _)] = members.as_slice() {
                    let message = format!(
                        "only the first of {} tests is taken, from here to `{}`",
                        members.len(),
                        crate::reader::short(last)
                    );
                    reader.warning(&first.path, message, Some("leave only the one that is wanted"));
                }
                if let Some((name, test)) = members.first() {
                    read(name, test, parts, reader);
                }
            }
        }
        Format::BlockAccessList => parts.list = Some(at.value.clone()),
        Format::Broadcast => broadcast(at, parts, reader),
        Format::AnvilDump => state::dump(at, parts, reader),
    }
    Some(format)
}

fn transactions(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let items = if at.value.is_array() { at.items() } else { vec![at.clone()] };
    for item in items {
        parts.transactions.extend(transaction::read(&item, reader));
    }
}

fn environment(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    if !at.value.is_object() {
        return reader.error(
            &at.path,
            format!("expected a block's environment, found {}", at.shown()),
            None,
        );
    }
    if let Some(block) = block::environment(at, reader) {
        parts.set_block(block, &at.path, reader);
    }
}

/// Of one transaction, or of several in their order.
fn traces(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let items = if at.value.is_array() { at.items() } else { vec![at.clone()] };
    for item in items {
        if let Some(error) = item.get("error").filter(|_| !item.has(&["result"])) {
            reader.error(
                &error.path,
                format!("this transaction was not traced: {}", error.shown()),
                Some("trace the block again, with a longer timeout"),
            );
            continue;
        }
        state::prestate(&item.get("result").unwrap_or(item), parts, reader);
    }
}

/// Foundry's: transactions before they were signed, each with what the script calls it.
fn broadcast(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    if let Some(chain) = at.get("chain") {
        parts.chain_id = reader.small(&chain);
    }
    for item in at.get("transactions").map(|at| at.items()).unwrap_or_default() {
        let Some(inner) = reader.wants(&item, "transaction", "a transaction of a broadcast file")
        else {
            continue;
        };
        if let Some(mut one) = transaction::read(&inner, reader) {
            let word = |key: &str| item.get(key).and_then(|at| at.value.as_str());
            let words = [word("contractName"), word("function")];
            let words: Vec<&str> = words.into_iter().flatten().collect();
            one.label = Some(words.join(".")).filter(|label| !label.is_empty()).or(one.label);
            parts.transactions.push(one);
        }
    }
}
