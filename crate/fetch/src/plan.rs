//! What is asked, in which order.

use std::collections::BTreeSet;

use alloy_primitives::{B256, U64};
use evm_lanes_engine::scenario::{self, Library, Scenario};
use evm_lanes_import::node::{self, Draft, NodeBlock, Receipt, Transaction};
use serde_json::{Value, json};

use crate::fetch::{Stage, Taken, Wanted, Which};
use crate::node::{Call, Node, clean, read};
use crate::state::Known;
use crate::{Problem, fork, state};

/// Longer lists are a mistake.
const MOST_HASHES: usize = 10_000;

/// Takes a block, or some of its transactions.
pub(crate) async fn take(mut node: Node, wanted: Wanted) -> Result<Taken, Problem> {
    let chain_id: U64 = node.get("eth_chainId", json!([])).await?;
    let chain_id = chain_id.to::<u64>();
    if let Some(wanted) = wanted.chain_id.filter(|wanted| *wanted != chain_id) {
        return Err(Problem::WrongChain { wanted, found: chain_id });
    }

    node.note(|progress| progress.stage = Stage::Block);
    let (block, chosen) = choose(&mut node, &wanted.which, chain_id).await?;
    let number = number(&block);
    if number == 0 {
        return Err(Problem::Genesis);
    }
    let Some(&last) = chosen.last() else { return Err(Problem::Empty(number)) };
    // Those before the last one make the state that it found, so they are needed as well.
    let transactions = &block.transactions[..=last];

    node.note(|progress| progress.stage = Stage::Receipts);
    let receipts = receipts(&mut node, &block, transactions).await?;
    let fork = match wanted.fork {
        Some(fork) => fork,
        None => fork::find(&mut node, chain_id, &block).await?,
    };

    let draft = |transactions: Vec<Transaction>, state: Known| Draft {
        title: Some(format!(
            "{} {number} of chain {chain_id}",
            if transactions.len() == block.transactions.len() {
                "Block"
            } else {
                "Transactions of block"
            }
        )),
        description: Some(format!(
            "Taken from a node: {} of the {} transactions of the block with hash {}, and the state they found.",
            transactions.len(),
            block.transactions.len(),
            block.hash.unwrap_or_default(),
        )),
        fork: Some(fork.clone()),
        chain_id: Some(chain_id),
        block: Some(node::Block { hashes: state.hashes.clone(), ..block.environment.clone() }),
        accounts: state.into_accounts(),
        transactions,
        list: None,
    };
    let trial = understood(&node::scenario(&draft(transactions.to_vec(), Known::default())))?;

    node.note(|progress| progress.stage = Stage::Trace);
    let mut known = Known::default();
    // The parent's, which stands in the header.
    known.hashes.clone_from(&block.environment.hashes);
    let mut notes = Vec::new();
    let traced = match state::trace(&mut node, number, &receipts).await? {
        Ok(traced) => {
            known.take(traced);
            true
        }
        Err(why) => {
            notes.push(format!(
                "the node's tracer was of no use ({why}), so the state was looked up piece by piece"
            ));
            false
        }
    };
    node.note(|progress| progress.stage = Stage::State);
    let found = state::complete(&mut node, &mut known, &trial, &chosen, number).await?;

    let kept: Vec<Transaction> = chosen.iter().map(|&index| transactions[index].clone()).collect();
    let expected: Vec<Option<&Receipt>> =
        chosen.iter().map(|&index| Some(&receipts[index])).collect();
    if kept.len() < block.transactions.len() {
        notes.push(format!(
            "{} of the block's {} transactions; each location holds what the first of them found there",
            kept.len(),
            block.transactions.len()
        ));
    }
    let unsigned = kept.iter().filter(|one| one.raw.is_none()).count();
    if unsigned > 0 {
        notes.push(format!(
            "{unsigned} transaction(s) have no signature that fits their hash (sent by impersonation?); they stand field by field"
        ));
    }
    if block.scaled {
        notes.push(
            "scenarios have the blob schedule of Osaka, so the excess blob gas is one that gives the block's blob price"
                .to_owned(),
        );
    }
    let text = node::scenario(&draft(kept, found));
    let compared = node::compare(&understood(&text)?, &expected).map_err(Problem::Scenario)?;
    let progress = node.progress();
    Ok(Taken { scenario: text, chain_id, block: number, fork, traced, compared, notes, progress })
}

/// The scenario that the text is.
fn understood(text: &str) -> Result<Scenario, Problem> {
    let (scenario, diagnostics) = scenario::read(text, &Library::default());
    scenario.ok_or_else(|| {
        let first = diagnostics.first();
        Problem::Scenario(first.map_or_else(String::new, |first| {
            let hint = first.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
            format!("{}: {}{hint}", first.path, first.message)
        }))
    })
}

/// The block, and the places of the transactions that are wanted in it.
async fn choose(
    node: &mut Node,
    which: &Which,
    chain_id: u64,
) -> Result<(NodeBlock, BTreeSet<usize>), Problem> {
    let (hashes, block) = match which {
        Which::Block(name) => {
            let block = self::block(node, name, chain_id).await?;
            let all = (0..block.transactions.len()).collect();
            return Ok((block, all));
        }
        Which::Transactions(hashes, block) => (hashes, block),
    };
    if hashes.is_empty() || hashes.len() > MOST_HASHES {
        return Err(Problem::Usage(format!("give 1 to {MOST_HASHES} transaction hashes")));
    }
    let mut wanted = Vec::with_capacity(hashes.len());
    for text in hashes {
        wanted.push(text.trim().parse::<B256>().map_err(|_| {
            Problem::Usage(format!(
                "\"{text}\" is no transaction hash: it has 64 hexadecimal digits behind 0x"
            ))
        })?);
    }
    let block = match block {
        Some(name) => self::block(node, name, chain_id).await?,
        None => {
            let name = block_of(node, &wanted).await?;
            self::block(node, &name, chain_id).await?
        }
    };
    let mut chosen = BTreeSet::new();
    for hash in wanted {
        let place = block.transactions.iter().position(|one| one.hash == Some(hash));
        chosen.insert(place.ok_or_else(|| {
            Problem::NoTransaction(format!("{hash} in block {}", number(&block)))
        })?);
    }
    Ok((block, chosen))
}

/// The hash of the block that all of them are in.
async fn block_of(node: &mut Node, hashes: &[B256]) -> Result<String, Problem> {
    const METHOD: &str = "eth_getTransactionByHash";
    let calls: Vec<Call> =
        hashes.iter().map(|hash| Call { method: METHOD, params: json!([hash]) }).collect();
    let mut blocks = BTreeSet::new();
    for (hash, answer) in hashes.iter().zip(node.ask(&calls).await?) {
        let place: Value = answer.map_err(|error| error.of(METHOD))?;
        if place.is_null() {
            return Err(Problem::NoTransaction(hash.to_string()));
        }
        let place: Place = read(METHOD, place)?;
        match (place.block_number, place.block_hash) {
            (Some(number), Some(block)) => blocks.insert((number.to::<u64>(), block)),
            _ => return Err(Problem::Pending(hash.to_string())),
        };
    }
    if blocks.len() > 1 {
        let numbers: Vec<String> =
            blocks.iter().take(5).map(|(number, _)| number.to_string()).collect();
        let more = if blocks.len() > 5 { ", …" } else { "" };
        return Err(Problem::SeveralBlocks(format!("{}{more}", numbers.join(", "))));
    }
    let (_, hash) = blocks.pop_first().expect("there is a hash");
    Ok(hash.to_string())
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    block_hash: Option<B256>,
    block_number: Option<U64>,
}

/// A block by number (decimal or hexadecimal), hash, or tag.
async fn block(node: &mut Node, name: &str, chain_id: u64) -> Result<NodeBlock, Problem> {
    let name = name.trim();
    let (method, param) = if name.len() == 66 && name.parse::<B256>().is_ok() {
        ("eth_getBlockByHash", name.to_owned())
    } else if ["latest", "safe", "finalized"].contains(&name) {
        ("eth_getBlockByNumber", name.to_owned())
    } else {
        let number = match name.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16),
            None => name.parse(),
        };
        let number = number.map_err(|_| {
            Problem::Usage(format!("\"{name}\" is no block: give its number, its hash, or latest"))
        })?;
        ("eth_getBlockByNumber", format!("0x{number:x}"))
    };
    match node.one(method, json!([param, true])).await? {
        Ok(Value::Null) => Err(Problem::NoBlock(name.to_owned())),
        Ok(value) => node::block(&value, chain_id).map_err(|what| Problem::Block(clean(&what))),
        Err(error) if error.message.to_lowercase().contains("not found") => {
            Err(Problem::NoBlock(name.to_owned()))
        }
        Err(error) => Err(error.of(method)),
    }
}

/// The receipts of the block's first transactions: all at once where the node can, else one by one.
async fn receipts(
    node: &mut Node,
    block: &NodeBlock,
    transactions: &[Transaction],
) -> Result<Vec<Receipt>, Problem> {
    const ALL: &str = "eth_getBlockReceipts";
    const ONE: &str = "eth_getTransactionReceipt";
    let number = format!("0x{:x}", self::number(block));
    let receipts: Vec<Receipt> = match node.one(ALL, json!([number])).await? {
        Ok(value @ Value::Array(_)) => given(ALL, &value)?,
        _ => {
            let call = |one: &Transaction| Call { method: ONE, params: json!([one.hash]) };
            let calls: Vec<Call> = transactions.iter().map(call).collect();
            let mut values = Vec::with_capacity(calls.len());
            for answer in node.ask(&calls).await? {
                let value = answer.map_err(|error| error.of(ONE))?;
                if value.is_null() {
                    return Err(Problem::Reorganised);
                }
                values.push(value);
            }
            given(ONE, &Value::Array(values))?
        }
    };
    let belong = |(receipt, one): (&Receipt, &Transaction)| {
        Some(receipt.transaction_hash) == one.hash && receipt.block_hash == block.hash
    };
    if receipts.len() < transactions.len() || !receipts.iter().zip(transactions).all(belong) {
        return Err(Problem::Reorganised);
    }
    Ok(receipts.into_iter().take(transactions.len()).collect())
}

fn given(method: &str, value: &Value) -> Result<Vec<Receipt>, Problem> {
    node::receipts(value)
        .map_err(|what| Problem::Unreadable { method: method.to_owned(), what: clean(&what) })
}

/// A node's block has one, or it is not read.
fn number(block: &NodeBlock) -> u64 {
    block.environment.number.unwrap_or_default()
}
