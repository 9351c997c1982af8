//! What a scenario is written from: a block, accounts, and transactions, signed or not.

use std::collections::BTreeMap;

use alloy_eips::eip7702::SignedAuthorization;
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::Value;

/// A scenario that comes together.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Made from the rest if there is none.
    pub title: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// As scenarios call it.
    pub fork: Option<String>,
    /// EIP-155.
    pub chain_id: Option<u64>,
    /// The block's environment.
    pub block: Option<Block>,
    /// The state before.
    pub accounts: BTreeMap<Address, Account>,
    /// In order.
    pub transactions: Vec<Transaction>,
    /// A block access list, in either of its forms.
    pub list: Option<Value>,
}

/// A block's environment, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Its number.
    pub number: Option<u64>,
    /// Seconds since 1970.
    pub timestamp: Option<u64>,
    /// The most gas of its transactions together.
    pub gas_limit: Option<u64>,
    /// In wei, since London.
    pub base_fee: Option<U256>,
    /// Who gets the fees.
    pub beneficiary: Option<Address>,
    /// Since the merge.
    pub prev_randao: Option<B256>,
    /// Before the merge.
    pub difficulty: Option<U256>,
    /// Since Cancun.
    pub excess_blob_gas: Option<u64>,
    /// Since Amsterdam.
    pub slot_number: Option<u64>,
    /// Of earlier blocks, by number.
    pub hashes: BTreeMap<u64, B256>,
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// In wei.
    pub balance: U256,
    /// How many transactions it has sent, or contracts created.
    pub nonce: u64,
    /// What it runs.
    pub code: Bytes,
    /// By slot.
    pub storage: BTreeMap<U256, U256>,
}

/// A transaction, signed or not.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    /// As it was signed; the fields beside it say what is in it.
    pub raw: Option<Bytes>,
    /// Its hash, if it is signed or somebody says it.
    pub hash: Option<B256>,
    /// EIP-2718.
    pub kind: Option<u64>,
    /// The sender.
    pub from: Address,
    /// Nobody if it creates a contract.
    pub to: Option<Address>,
    /// In wei.
    pub value: U256,
    /// Call data, or init code.
    pub data: Bytes,
    /// The most gas.
    pub gas: Option<u64>,
    /// How many its sender has sent before.
    pub nonce: Option<u64>,
    /// In wei, like all prices.
    pub gas_price: Option<U256>,
    /// EIP-1559.
    pub max_fee: Option<U256>,
    /// EIP-1559.
    pub priority_fee: Option<U256>,
    /// EIP-4844.
    pub blob_fee: Option<U256>,
    /// EIP-4844.
    pub blob_hashes: Vec<B256>,
    /// EIP-2930.
    pub access_list: Vec<(Address, Vec<B256>)>,
    /// EIP-7702.
    pub authorizations: Vec<SignedAuthorization>,
    /// The chain that it is for, if it says so.
    pub chain_id: Option<u64>,
    /// What it is called.
    pub label: Option<String>,
}

impl Account {
    /// Whether there is none (EIP-161).
    pub fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code.is_empty()
    }
}
