//! The scenario's text.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::Serialize;

use crate::block::{Block, Transaction};
use crate::state::Known;
use crate::{Problem, fork};

/// What a scenario is written from.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) chain_id: u64,
    pub(crate) fork: &'a str,
    pub(crate) block: &'a Block,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    title: String,
    description: String,
    fork: &'a str,
    chain_id: u64,
    block: Environment<'a>,
    accounts: BTreeMap<Address, Account<'a>>,
    transactions: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment<'a> {
    number: u64,
    timestamp: u64,
    gas_limit: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_fee: Option<U256>,
    beneficiary: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_randao: Option<B256>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difficulty: Option<U256>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excess_blob_gas: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot_number: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    block_hashes: &'a BTreeMap<u64, B256>,
}

#[derive(Serialize)]
struct Account<'a> {
    balance: U256,
    nonce: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a Bytes>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    storage: BTreeMap<U256, U256>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item<'a> {
    Signed { raw: Bytes, label: String },
    Plain(Box<Plain<'a>>),
}

/// One whose signature is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plain<'a> {
    #[serde(rename = "type")]
    kind: u64,
    from: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Address>,
    value: U256,
    data: &'a Bytes,
    gas: u64,
    nonce: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    gas_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_fee_per_gas: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_priority_fee_per_gas: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_fee_per_blob_gas: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blob_hashes: Vec<B256>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    access_list: Vec<Listed<'a>>,
    label: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    address: Address,
    storage_keys: &'a [B256],
}

impl Draft<'_> {
    /// The scenario of these transactions on this state.
    pub(crate) fn text(
        &self,
        transactions: &[&Transaction],
        state: &Known,
    ) -> Result<String, Problem> {
        let items: Result<Vec<Item<'_>>, Problem> =
            transactions.iter().map(|one| item(one)).collect();
        let whole = transactions.len() == self.block.transactions.len();
        let (number, hash, chain) = (self.block.number(), self.block.hash, self.chain_id);
        let what = if whole { "Block" } else { "Transactions of block" };
        let text = Text {
            title: format!("{what} {number} of chain {chain}"),
            description: format!(
                "Taken from a node: {} of the {} transactions of the block with hash {hash}, and the state they found.",
                transactions.len(),
                self.block.transactions.len(),
            ),
            fork: self.fork,
            chain_id: chain,
            block: self.environment(&state.hashes),
            accounts: accounts(transactions, state),
            transactions: items?,
        };
        serde_json::to_string_pretty(&text).map_err(|error| Problem::Scenario(error.to_string()))
    }

    fn environment<'a>(&'a self, block_hashes: &'a BTreeMap<u64, B256>) -> Environment<'a> {
        let block = self.block;
        // A node for development proposes its blocks under every fork, so the header does not tell.
        let merged = !fork::is_proof_of_work(self.fork);
        Environment {
            number: block.number(),
            timestamp: block.timestamp(),
            gas_limit: block.gas_limit(),
            base_fee: block.base_fee_per_gas,
            beneficiary: block.miner,
            prev_randao: block.mix_hash.filter(|_| merged),
            difficulty: block.difficulty.filter(|_| !merged),
            excess_blob_gas: fork::excess_blob_gas(self.chain_id, block).map(|(excess, _)| excess),
            slot_number: block.slot_number(),
            block_hashes,
        }
    }
}

/// The accounts there are. One that is empty is none, but a sender must be said to be empty.
fn accounts<'a>(transactions: &[&Transaction], state: &'a Known) -> BTreeMap<Address, Account<'a>> {
    let mut accounts: BTreeMap<Address, Account<'a>> = state
        .accounts
        .iter()
        .filter(|(address, account)| {
            !account.is_empty() || transactions.iter().any(|one| one.from == **address)
        })
        .map(|(address, account)| {
            let (balance, nonce) = (account.balance, account.nonce);
            let code = Some(&account.code).filter(|code| !code.is_empty());
            (*address, Account { balance, nonce, code, storage: BTreeMap::new() })
        })
        .collect();
    for ((address, slot), value) in &state.slots {
        if let Some(account) = accounts.get_mut(address).filter(|_| !value.is_zero()) {
            account.storage.insert(*slot, *value);
        }
    }
    accounts
}

fn item(one: &Transaction) -> Result<Item<'_>, Problem> {
    let label = one.hash.to_string();
    if let Some(raw) = one.signed() {
        return Ok(Item::Signed { raw, label });
    }
    let kind = one.kind();
    let unfit = |why: String| Err(Problem::Transaction { hash: one.hash.to_string(), why });
    match kind {
        0..=3 => {}
        4 => return unfit("delegates code, and its signature does not fit its hash".to_owned()),
        _ => {
            return unfit(format!(
                "has type {kind:#x}, which is none of Ethereum's (a rollup's own?)"
            ));
        }
    }
    let wei = |amount: u128, given: bool| given.then(|| format!("{amount:#x}"));
    Ok(Item::Plain(Box::new(Plain {
        kind,
        from: one.from,
        to: one.to,
        value: one.value,
        data: &one.input,
        gas: one.gas(),
        nonce: one.nonce(),
        gas_price: wei(one.gas_price(), kind < 2),
        max_fee_per_gas: wei(one.max_fee(), kind >= 2),
        max_priority_fee_per_gas: wei(one.priority_fee(), kind >= 2),
        max_fee_per_blob_gas: wei(one.blob_fee(), kind == 3),
        blob_hashes: one.blob_hashes(),
        access_list: one
            .accesses()
            .iter()
            .map(|one| Listed { address: one.address, storage_keys: &one.storage_keys })
            .collect(),
        label,
    })))
}
