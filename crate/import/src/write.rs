//! The scenario's text.

use alloy_primitives::U256;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use crate::parts::{Account, Block, Parts, Transaction};
use crate::state;

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

/// A scenario of what was read.
pub(crate) fn scenario(parts: &Parts) -> String {
    let mut text = Ordered::default();
    let title = parts.title.clone().unwrap_or_else(|| match parts.transactions.len() {
        1 => "1 imported transaction".to_owned(),
        count => format!("{count} imported transactions"),
    });
    text.add("title", title);
    text.add_if("fork", parts.fork.clone());
    text.add_if("chainId", parts.chain_id);
    if let Some(block) = &parts.block {
        text.0.push(("block".to_owned(), Field::Object(environment(block, parts.fork.as_deref()))));
    }
    let mut accounts = Ordered::default();
    for (address, one) in &parts.accounts {
        // One that is empty is none, but a sender must be said to be empty.
        let sends = parts.transactions.iter().any(|transaction| transaction.from == *address);
        if sends || !state::is_empty(one) || !one.storage.is_empty() {
            accounts.0.push((address.to_string(), Field::Object(account(one))));
        }
    }
    let senders = parts.transactions.iter().map(|one| one.from);
    for sender in senders
        .filter(|sender| !parts.accounts.contains_key(sender))
        .collect::<std::collections::BTreeSet<_>>()
    {
        accounts.0.push((sender.to_string(), Field::Object(account(&Account::default()))));
    }
    text.0.push(("accounts".to_owned(), Field::Object(accounts)));
    let transactions = parts.transactions.iter().map(transaction).collect();
    text.0.push(("transactions".to_owned(), Field::List(transactions)));
    text.add_if("blockAccessList", parts.list.clone());
    serde_json::to_string_pretty(&text).unwrap_or_default() + "\n"
}

fn environment(block: &Block, fork: Option<&str>) -> Ordered {
    let mut out = Ordered::default();
    let mined = fork.is_some_and(is_proof_of_work);
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

fn is_proof_of_work(fork: &str) -> bool {
    const MERGED: [&str; 7] =
        ["paris", "merge", "shanghai", "cancun", "prague", "osaka", "amsterdam"];
    !MERGED.iter().any(|merged| merged.eq_ignore_ascii_case(fork))
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
    out.add("from", one.from.to_string());
    out.add_if("to", one.to.map(|to| to.to_string()));
    out.add("value", wei(one.value));
    out.add_if("data", Some(&one.data).filter(|data| !data.is_empty()).map(ToString::to_string));
    out.add_if("gas", one.gas);
    out.add_if("nonce", one.nonce);
    let dynamic = one.max_fee.is_some() || one.kind.is_some_and(|kind| kind >= 2);
    // Nodes give the price that was paid beside the most that was offered.
    out.add_if("gasPrice", one.gas_price.filter(|_| !dynamic).map(wei));
    out.add_if("maxFeePerGas", one.max_fee.map(wei));
    out.add_if("maxPriorityFeePerGas", one.priority_fee.map(wei));
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
    out.add_if("label", one.label.clone());
    out
}

/// As a number if JavaScript can read it as one.
fn wei(amount: U256) -> Value {
    match u64::try_from(amount) {
        Ok(small) if small < 1 << 53 => small.into(),
        _ => format!("{amount:#x}").into(),
    }
}
