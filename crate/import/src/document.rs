//! Texts, read by what is in them.

use std::collections::{BTreeMap, VecDeque};

use alloy_eip7928::AccountChanges;
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_primitives::Bytes;
use alloy_rlp::Decodable as _;
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario;
use serde_json::Value;

use crate::draft::Transaction;
use crate::format::{FORMATS, Format};
use crate::parts::{Knowledge, Parts};
use crate::reader::{At, Reader};
use crate::transaction::Envelope;
use crate::{MAX_TEXT, block, fixture, format, receipt, state, transaction};

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
            let format = format::of(&At::root(&value));
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
        Ok(one) => parts.send(one, &at.path, reader),
        Err((message, hint)) => {
            let list = Vec::<AccountChanges>::decode(&mut bytes.as_ref());
            if list.is_ok_and(|list| !list.is_empty()) {
                parts.draft.list = Some(Value::String(bytes.to_string()));
                return Some(Format::BlockAccessList);
            }
            if let Some(all) = encoded_list(&bytes) {
                for one in all {
                    parts.send(one, &at.path, reader);
                }
            } else {
                // What begins with a list may be either.
                let list = bytes.first().is_some_and(|first| *first >= 0xc0);
                let neither = if list { ", and no block access list either" } else { "" };
                reader.error(&at.path, format!("{message}{neither}"), Some(hint));
            }
        }
    }
    Some(Format::RawTransactions)
}

/// `txs.rlp` of t8n: a list of transactions, those with a type as bytes.
fn encoded_list(bytes: &Bytes) -> Option<Vec<Transaction>> {
    let list = Vec::<Envelope>::decode(&mut bytes.as_ref()).ok()?;
    let again = |one: &Envelope| transaction::decode(&one.encoded_2718().into()).ok();
    list.iter().map(again).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
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
        Format::Block => block(at, parts, reader),
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
        Format::Alloc => parts.take(state::accounts(at, reader), Knowledge::Whole),
        Format::Environment => environment(at, parts, reader),
        Format::T8n => {
            // A genesis file says in `config` which chain it is of.
            let chain = at.get("config").and_then(|config| config.get("chainId"));
            parts.read_chain(chain, reader);
            if let Some(alloc) = at.get("alloc") {
                parts.take(state::accounts(&alloc, reader), Knowledge::Whole);
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
        Format::BlockAccessList => parts.draft.list = Some(at.value.clone()),
        Format::Broadcast => broadcast(at, parts, reader),
        Format::AnvilDump => state::dump(at, parts, reader),
        Format::Receipts => receipts(at, parts, reader),
        Format::Bundle => bundle(at, parts, reader),
    }
    Some(format)
}

fn block(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let Some(read) = block::rpc(at, parts.draft.chain_id, reader) else { return };
    parts.draft.fork = Some(read.fork.to_owned());
    parts.draft.title = read.environment.number.map(|number| format!("Block {number}"));
    parts.set_block(read.environment, &at.path, reader);
    for (index, one) in read.transactions.into_iter().enumerate() {
        parts.send(one, &format!("{}[{index}]", at.child("transactions")), reader);
    }
    parts.only_hashes |= read.only_hashes;
}

fn receipts(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let items = if at.value.is_array() { at.items() } else { vec![at.clone()] };
    parts.receipts.extend(items.iter().filter_map(|item| receipt::read(item, reader)));
}

/// Several documents in one, each of its own format.
fn bundle(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    for item in at.items() {
        document(&item, format::of(&item), parts, reader);
    }
    // What the block is read by.
    parts.read_chain(at.get("chainId"), reader);
    let codes = at.get("codes");
    for (key, member) in at.members() {
        match (key, format::of(&member)) {
            ("codes" | "blockHashes", _) => {}
            // Accounts whose codes stand beside them are all that there are.
            (_, Some(Format::Alloc | Format::Prestate)) if codes.is_some() => {
                let whole = state::with_codes(member.value, codes.as_ref());
                let whole = At { value: &whole, path: member.path };
                parts.take(state::accounts(&whole, reader), Knowledge::Whole);
            }
            (_, Some(format)) if !member.value.is_string() => {
                document(&member, Some(format), parts, reader);
            }
            _ if member.value.is_object() || member.value.is_array() => {
                let message = format!("`{}` is not read", crate::reader::short(key));
                reader.warning(&member.path, message, Some(FORMATS));
            }
            _ => {}
        }
    }
    if let Some(hashes) = at.get("blockHashes") {
        let hashes = block::hashes(&hashes, reader);
        parts.draft.block.get_or_insert_default().hashes.extend(hashes);
    }
}

fn transactions(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    let items = if at.value.is_array() { at.items() } else { vec![at.clone()] };
    for item in items {
        if let Some(one) = transaction::read(&item, reader) {
            parts.send(one, &item.path, reader);
        }
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

/// Foundry's: transactions before they were signed, each with what the script calls it, and the receipts of those that were
/// mined.
fn broadcast(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    parts.read_chain(at.get("chain"), reader);
    let mut sent = Vec::new();
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
            sent.push((one, inner.path));
        }
    }
    let items = at.get("receipts").map(|at| at.items()).unwrap_or_default();
    let mut mined = Vec::new();
    for item in &items {
        let place = ["blockNumber", "transactionIndex"].map(|key| item.get(key)?.value.as_str());
        let place = place.map(|text| text.and_then(crate::reader::parse_number));
        let from = item.get("from").and_then(|from| reader.address(&from));
        if let Some(receipt) = receipt::read(item, reader) {
            mined.push((place, from, receipt));
        }
    }
    // A sender's transactions are mined in their order. The hashes beside them are not theirs if they were sent all at once:
    // forge writes them down in the order of the node's answers.
    mined.sort_by_key(|(place, ..)| *place);
    let mut in_order: Vec<&mut Transaction> = sent.iter_mut().map(|(one, _)| one).collect();
    in_order.sort_by_key(|one| one.nonce);
    let mut by_sender: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
    for one in in_order {
        by_sender.entry(Some(one.from)).or_default().push_back(one);
    }
    for (_, from, receipt) in &mined {
        if let Some(one) = by_sender.get_mut(from).and_then(VecDeque::pop_front) {
            one.hash = Some(receipt.transaction_hash);
        }
    }
    for (one, path) in sent {
        parts.send(one, &path, reader);
    }
    parts.receipts.extend(mined.into_iter().map(|(.., receipt)| receipt));
}
