//! Ethereum's published tests: a scenario is the first block of a chain, or one transaction of a state test.

use alloy_eips::eip2718::Encodable2718 as _;
use alloy_rlp::Decodable as _;
use serde_json::{Map, Value};

use crate::draft::Block;
use crate::parts::{Knowledge, Parts};
use crate::reader::{At, Reader};
use crate::transaction::{self, Envelope};
use crate::{block, state};

type ChainBlock = alloy_consensus::Block<Envelope>;

/// A blockchain test.
pub(crate) fn chain(name: &str, at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    parts.draft.title = Some(name.to_owned()).filter(|name| !name.is_empty());
    parts.draft.fork = at.get("network").and_then(|at| first_fork(&at, reader));
    set_chain(at, parts, reader);
    if let Some(pre) = at.get("pre") {
        parts.take(state::accounts(&pre, reader), Knowledge::Whole);
    }
    let blocks = at.get("blocks").map(|at| at.items()).unwrap_or_default();
    if blocks.len() > 1 {
        let message = format!(
            "only the first of {} blocks is taken: the state before the others is not in the test",
            blocks.len()
        );
        reader.warning(&at.path, message, Some("`evm-lanes conform` runs them all"));
    }
    let Some(first) = blocks.first() else {
        return reader.error(&at.path, "the test has no blocks", None);
    };
    let Some(rlp) = reader.wants(first, "rlp", "a block of a test") else { return };
    let Some(bytes) = reader.bytes(&rlp) else { return };
    let decoded = match ChainBlock::decode(&mut bytes.as_ref()) {
        Ok(block) => block,
        Err(error) => {
            let hint = "is it a test of a block that must be rejected?";
            return reader.error(
                &rlp.path,
                format!("the block cannot be decoded: {error}"),
                Some(hint),
            );
        }
    };
    let header = &decoded.header;
    let merged = header.difficulty.is_zero();
    let mut env = Block {
        number: Some(header.number),
        timestamp: Some(header.timestamp),
        gas_limit: Some(header.gas_limit),
        base_fee: header.base_fee_per_gas.map(alloy_primitives::U256::from),
        beneficiary: Some(header.beneficiary),
        prev_randao: Some(header.mix_hash).filter(|_| merged),
        difficulty: Some(header.difficulty).filter(|_| !merged),
        excess_blob_gas: header.excess_blob_gas,
        ..Block::default()
    };
    if let Some(before) = header.number.checked_sub(1) {
        env.hashes.insert(before, header.parent_hash);
    }
    parts.set_block(env, &first.path, reader);
    for one in &decoded.body.transactions {
        match transaction::decode(&one.encoded_2718().into()) {
            Ok(one) => parts.send(one, &rlp.path, reader),
            Err((message, hint)) => reader.error(&rlp.path, message, Some(hint)),
        }
    }
}

/// A state test: of all its cases the first of the last fork.
pub(crate) fn state_test(name: &str, at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    parts.draft.title = Some(name.to_owned()).filter(|name| !name.is_empty());
    set_chain(at, parts, reader);
    if let Some(env) = at.get("env")
        && let Some(block) = block::environment(&env, reader)
    {
        parts.set_block(block, &env.path, reader);
    }
    if let Some(pre) = at.get("pre") {
        parts.take(state::accounts(&pre, reader), Knowledge::Whole);
    }
    let posts = at.get("post").map(|at| at.members()).unwrap_or_default();
    let Some((fork, cases)) = posts.last() else {
        return reader.error(&at.path, "the test has no cases: `post` is empty", None);
    };
    parts.draft.fork = Some(own_fork(fork));
    let all: usize = posts.iter().map(|(_, cases)| cases.items().len()).sum();
    if all > 1 {
        let message = format!("only the first of {fork}'s cases is taken, of {all} altogether");
        reader.warning(&cases.path, message, Some("`evm-lanes conform` runs them all"));
    }
    let index = |key: &str| {
        let case = cases.items().into_iter().next()?;
        let index = case.get("indexes")?.get(key)?.value.as_u64()?;
        usize::try_from(index).ok()
    };
    let Some(all) = reader.wants(at, "transaction", "a state test") else { return };
    let mut fields = Map::new();
    for (key, field) in all.members() {
        let (own, which) = match key {
            "data" => ("data", "data"),
            "gasLimit" => ("gasLimit", "gas"),
            "value" => ("value", "value"),
            "accessLists" => ("accessList", "data"),
            _ => {
                fields.insert(key.to_owned(), field.value.clone());
                continue;
            }
        };
        let items = field.items();
        match items.get(index(which).unwrap_or(0)) {
            Some(item) => {
                fields.insert(own.to_owned(), item.value.clone());
            }
            None => reader.error(
                &field.path,
                format!("`{key}` has no such index as the case names"),
                None,
            ),
        }
    }
    let value = Value::Object(fields);
    let all = At { value: &value, path: all.path };
    if let Some(one) = transaction::read(&all, reader) {
        parts.send(one, &all.path, reader);
    }
}

/// The chain that a test is of: mainnet, if it does not say.
fn set_chain(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    match at.get("config").and_then(|config| config.get("chainid")) {
        Some(id) => parts.read_chain(Some(id), reader),
        None => parts.set_chain(1, &at.path, reader),
    }
}

/// A network's fork; of two the first, which the first block is in.
fn first_fork(at: &At<'_>, reader: &mut Reader) -> Option<String> {
    let name = at.value.as_str()?;
    let Some((first, _)) = name.split_once("To").filter(|(_, then)| then.contains("At")) else {
        return Some(own_fork(name));
    };
    reader.warning(&at.path, format!("of `{name}` the first fork is taken"), None);
    Some(own_fork(first))
}

/// A fork as scenarios call it.
fn own_fork(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    if name.starts_with("eIP") { name.to_ascii_lowercase() } else { name }
}
