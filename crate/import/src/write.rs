//! The scenario's text.

use std::collections::BTreeMap;

use alloy_eips::eip7702::SignedAuthorization;
use alloy_primitives::U256;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use crate::draft::{Account, Block, Draft, Transaction};
use crate::fork;

/// An object whose members stand in the order in which they were added.
#[derive(Debug, Default)]
struct Ordered(Vec<(String, Field)>);

#[derive(Debug)]
enum Field {
    Plain(Value),
    Object(Ordered),
    List(Vec<Ordered>),
}

impl Ordered {
    fn add(&mut self, key: &str, value: impl Into<Value>) {
        self.0.push((key.to_owned(), Field::Plain(value.into())));
    }

    fn add_if<T: Into<Value>>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::Object(value) => value.serialize(serializer),
            Self::List(value) => value.serialize(serializer),
        }
    }
}

/// The scenario's text.
pub fn scenario(draft: &Draft) -> String {
    let mut text = Ordered::default();
    let title = draft.title.clone().unwrap_or_else(|| match draft.transactions.len() {
        1 => "1 imported transaction".to_owned(),
        count => format!("{count} imported transactions"),
    });
    text.add("title", title);
    text.add_if("description", draft.description.clone());
    text.add_if("fork", draft.fork.clone());
    text.add_if("chainId", draft.chain_id);
    if let Some(block) = &draft.block {
        let block = environment(block, draft.fork.as_deref());
        text.0.push(("block".to_owned(), Field::Object(block)));
    }
    // An account that is empty is none, but a sender must be said to be empty.
    let nobody = Account::default();
    let mut accounts: BTreeMap<_, _> =
        draft.transactions.iter().map(|one| (one.from, &nobody)).collect();
    let there = |one: &Account| !one.is_empty() || one.storage.values().any(|one| !one.is_zero());
    accounts.extend(
        draft.accounts.iter().filter(|(_, one)| there(one)).map(|(address, one)| (*address, one)),
    );
    let accounts = accounts.into_iter();
    let accounts =
        accounts.map(|(address, one)| (address.to_string(), Field::Object(account(one))));
    text.0.push(("accounts".to_owned(), Field::Object(Ordered(accounts.collect()))));
    let transactions = draft.transactions.iter().map(transaction).collect();
    text.0.push(("transactions".to_owned(), Field::List(transactions)));
    text.add_if("blockAccessList", draft.list.clone());
    serde_json::to_string_pretty(&text).unwrap_or_default() + "\n"
}

fn environment(block: &Block, fork: Option<&str>) -> Ordered {
    let mut out = Ordered::default();
    let mined = fork.is_some_and(fork::is_proof_of_work);
    out.add_if("number", block.number);
    out.add_if("timestamp", block.timestamp);
    out.add_if("gasLimit", block.gas_limit);
    out.add_if("baseFee", block.base_fee.map(wei));
    out.add_if("beneficiary", block.beneficiary.map(|address| address.to_string()));
    out.add_if("prevRandao", block.prev_randao.filter(|_| !mined).map(|hash| hash.to_string()));
    out.add_if("difficulty", block.difficulty.filter(|_| mined).map(wei));
    out.add_if("excessBlobGas", block.excess_blob_gas);
    out.add_if("slotNumber", block.slot_number);
    if !block.hashes.is_empty() {
        let hashes = block.hashes.iter();
        let hashes = hashes.map(|(n, hash)| (n.to_string(), Field::Plain(hash.to_string().into())));
        out.0.push(("blockHashes".to_owned(), Field::Object(Ordered(hashes.collect()))));
    }
    out
}

fn account(account: &Account) -> Ordered {
    let mut out = Ordered::default();
    out.add("balance", wei(account.balance));
    out.add("nonce", account.nonce);
    out.add_if(
        "code",
        Some(&account.code).filter(|code| !code.is_empty()).map(ToString::to_string),
    );
    let storage: Vec<_> = account
        .storage
        .iter()
        .filter(|(_, value)| !value.is_zero())
        .map(|(slot, value)| (format!("{slot:#x}"), Field::Plain(format!("{value:#x}").into())))
        .collect();
    if !storage.is_empty() {
        out.0.push(("storage".to_owned(), Field::Object(Ordered(storage))));
    }
    out
}

fn transaction(one: &Transaction) -> Ordered {
    let mut out = Ordered::default();
    if let Some(raw) = &one.raw {
        out.add("raw", raw.to_string());
        out.add_if("label", one.label.clone());
        return out;
    }
    // A list that was made for a transaction gives it another type.
    let listed = !one.access_list.is_empty();
    out.add_if("type", one.kind.filter(|kind| *kind > 0 || !listed));
    out.add("from", one.from.to_string());
    out.add_if("to", one.to.map(|to| to.to_string()));
    out.add("value", wei(one.value));
    out.add_if("data", Some(&one.data).filter(|data| !data.is_empty()).map(ToString::to_string));
    out.add_if("gas", one.gas);
    out.add_if("nonce", one.nonce);
    let dynamic = one.kind.map_or(one.max_fee.is_some(), |kind| kind >= 2);
    // Nodes give the price that was paid beside the most that was offered.
    out.add_if("gasPrice", one.gas_price.filter(|_| !dynamic).map(wei));
    out.add_if("maxFeePerGas", one.max_fee.filter(|_| dynamic).map(wei));
    out.add_if("maxPriorityFeePerGas", one.priority_fee.filter(|_| dynamic).map(wei));
    out.add_if("maxFeePerBlobGas", one.blob_fee.map(wei));
    if !one.blob_hashes.is_empty() {
        out.add("blobHashes", json!(one.blob_hashes));
    }
    if !one.access_list.is_empty() {
        let list = one.access_list.iter();
        let list: Vec<Value> = list
            .map(|(address, keys)| json!({ "address": address, "storageKeys": keys }))
            .collect();
        out.add("accessList", list);
    }
    if !one.authorizations.is_empty() {
        out.add("authorizations", one.authorizations.iter().map(delegation).collect::<Vec<_>>());
    }
    out.add_if("label", one.label.clone());
    out
}

/// An authorization as if signed by its authority. Scenarios have none whose signature is wrong; one for another chain has no
/// effect either (EIP-7702), before it touches anything.
fn delegation(signed: &SignedAuthorization) -> Value {
    let chain_id = u64::try_from(signed.chain_id).unwrap_or(u64::MAX);
    let (authority, chain_id) = match signed.recover_authority() {
        Ok(authority) => (authority, chain_id),
        Err(_) => (signed.address, u64::MAX),
    };
    json!({
        "authority": authority.to_string(),
        "address": signed.address.to_string(),
        "chainId": wei(U256::from(chain_id)),
        "nonce": wei(U256::from(signed.nonce)),
    })
}

/// As a number if JavaScript can read it as one.
fn wei(amount: U256) -> Value {
    match u64::try_from(amount) {
        Ok(small) if small < 1 << 53 => small.into(),
        _ => format!("{amount:#x}").into(),
    }
}
