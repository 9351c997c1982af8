//! The real blocks of the corpus: read into a [`Scenario`], with what the chain says came out of them.
//!
//! The corpus is not part of the repository; `EVM_LANES_CORPUS` names its folder, and without it `../shared/corpus`
//! beside the workspace is tried.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use alloy_primitives::{U64, U128};
use evm_lanes_engine::scenario::{InvalidMode, Library, Scenario, Transaction};
use evm_lanes_engine::state::{AccountState, State};
use flate2::bufread::GzDecoder;
use revm::context::either::Either;
use revm::context::transaction::{AccessList, AccessListItem};
use revm::context::{BlockEnv, TxEnv};
use revm::primitives::eip4844::{
    BLOB_BASE_FEE_UPDATE_FRACTION_CANCUN, BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE,
};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, KECCAK_EMPTY, TxKind, U256, address};
use revm::state::Bytecode;
use serde::Deserialize;

/// A real block and what must come out of it.
#[derive(Debug)]
pub struct Block {
    /// Its number on its chain.
    pub number: u64,
    /// The block as the engine takes it.
    pub scenario: Scenario,
    /// What the chain says.
    pub expected: Expected,
}

/// What the chain and the reference implementation say came out of a block.
#[derive(Debug)]
pub struct Expected {
    /// Gas used by all transactions.
    pub gas_used: u64,
    /// All logs' bloom filter.
    pub logs_bloom: Bytes,
    /// Root of the receipts; `None` before Byzantium, where receipts hold intermediate state roots.
    pub receipts_root: Option<B256>,
    /// Every account that the block changed, as it is afterwards; `None` if it is gone.
    pub changed: BTreeMap<Address, Option<ChangedAccount>>,
    /// What was paid to each address after the transactions, in wei, and is part of `changed`.
    pub withdrawals: BTreeMap<Address, U256>,
    /// What happened before the first transaction and is part of `changed`: slots written by system calls.
    pub system_writes: Vec<(Address, U256, U256)>,
}

/// An account after a block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedAccount {
    /// In wei.
    pub balance: U256,
    /// Its nonce.
    pub nonce: U64,
    /// Its code, if the block set it.
    pub code: Option<Bytes>,
    /// The slots that the block changed.
    #[serde(default)]
    pub storage: BTreeMap<U256, U256>,
}

/// The corpus' folder, if there is one.
pub fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("EVM_LANES_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
    };
    folder.is_dir().then_some(folder)
}

/// The blocks' files, by number.
pub fn files(folder: &Path) -> Vec<(u64, PathBuf)> {
    let mut files: Vec<_> = std::fs::read_dir(folder.join("blocks"))
        .expect("the corpus has a folder of blocks")
        .map(|entry| entry.expect("it can be listed").path())
        .filter_map(|path| {
            let number = path.file_name()?.to_str()?.strip_suffix(".json.gz")?.parse().ok()?;
            Some((number, path))
        })
        .collect();
    files.sort();
    files
}

/// Reads one block.
pub fn read(path: &Path) -> Block {
    let mut text = String::new();
    let file = File::open(path).expect("the block can be opened");
    GzDecoder::new(BufReader::new(file)).read_to_string(&mut text).expect("it is gzip");
    let raw: RawBlock =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    raw.into_block()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBlock {
    number: u64,
    chain_id: u64,
    spec: String,
    block: RawHeader,
    pre_state: BTreeMap<Address, RawAccount>,
    codes: BTreeMap<B256, Bytes>,
    block_hashes: BTreeMap<u64, B256>,
    expected: RawExpected,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHeader {
    parent_hash: B256,
    miner: Address,
    difficulty: U256,
    number: U256,
    gas_limit: U64,
    timestamp: U256,
    mix_hash: B256,
    base_fee_per_gas: Option<U64>,
    excess_blob_gas: Option<U64>,
    parent_beacon_block_root: Option<B256>,
    #[serde(default)]
    withdrawals: Vec<RawWithdrawal>,
    transactions: Vec<RawTransaction>,
}

#[derive(Deserialize)]
struct RawWithdrawal {
    address: Address,
    amount: U256,
}

#[derive(Deserialize)]
struct RawAccount {
    balance: U256,
    nonce: u64,
    code_hash: Option<B256>,
    #[serde(default)]
    storage: BTreeMap<U256, U256>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTransaction {
    #[serde(rename = "type")]
    kind: Option<U64>,
    chain_id: Option<U64>,
    from: Address,
    to: Option<Address>,
    nonce: U64,
    gas: U64,
    gas_price: Option<U128>,
    max_fee_per_gas: Option<U128>,
    max_priority_fee_per_gas: Option<U128>,
    max_fee_per_blob_gas: Option<U128>,
    value: U256,
    input: Bytes,
    #[serde(default)]
    access_list: Vec<RawAccess>,
    #[serde(default)]
    blob_versioned_hashes: Vec<B256>,
    #[serde(default)]
    authorization_list: Vec<RawAuthorization>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAccess {
    address: Address,
    storage_keys: Vec<B256>,
}

#[derive(Deserialize)]
struct RawAuthorization {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawExpected {
    gas_used: U64,
    logs_bloom: Bytes,
    receipts_root: Option<B256>,
    post_state_diff: RawDiff,
}

#[derive(Deserialize)]
struct RawDiff {
    stage: String,
    changed: BTreeMap<Address, Option<ChangedAccount>>,
}

impl RawBlock {
    fn into_block(self) -> Block {
        let fork = fork(&self.spec);
        let header = &self.block;
        let mut accounts: State = self
            .pre_state
            .into_iter()
            .map(|(address, account)| (address, account.into_state(&self.codes)))
            .collect();

        // Most differences are of the transactions alone. Where one is of the whole block, what the system calls do
        // before the first transaction becomes part of the state before, and both sides are compared with it.
        let whole_block = self.expected.post_state_diff.stage.starts_with("whole block");
        assert!(
            whole_block
                || self.expected.post_state_diff.stage.starts_with("after all transactions")
        );
        let mut withdrawals = BTreeMap::new();
        let mut system_writes = Vec::new();
        if whole_block {
            system_writes = header.system_writes();
            for &(address, slot, value) in &system_writes {
                let account = accounts.get_mut(&address).expect("the system contract is there");
                account.storage.insert(slot, value);
            }
            for withdrawal in &header.withdrawals {
                // Withdrawals are in gwei.
                *withdrawals.entry(withdrawal.address).or_default() +=
                    withdrawal.amount * U256::from(1_000_000_000);
            }
        }

        let transactions = header
            .transactions
            .iter()
            .enumerate()
            .map(|(index, transaction)| transaction.lower(index, self.chain_id, fork))
            .collect();
        let scenario = Scenario {
            title: format!("Block {}", self.number),
            description: String::new(),
            fork,
            chain_id: self.chain_id,
            block: header.lower(fork),
            block_hashes: self.block_hashes,
            invalid: InvalidMode::Reject,
            names: BTreeMap::new(),
            library: Library::default(),
            accounts,
            deployments: Vec::new(),
            setup: Vec::new(),
            transactions,
        };
        let expected = Expected {
            gas_used: self.expected.gas_used.to(),
            logs_bloom: self.expected.logs_bloom,
            receipts_root: self.expected.receipts_root,
            changed: self.expected.post_state_diff.changed,
            withdrawals,
            system_writes,
        };
        Block { number: self.number, scenario, expected }
    }
}

impl RawHeader {
    fn lower(&self, fork: SpecId) -> BlockEnv {
        let merged = fork.is_enabled_in(SpecId::MERGE);
        let mut block = BlockEnv {
            number: self.number,
            beneficiary: self.miner,
            timestamp: self.timestamp,
            gas_limit: self.gas_limit.to(),
            basefee: self.base_fee_per_gas.map_or(0, |fee| fee.to()),
            difficulty: self.difficulty,
            prevrandao: merged.then_some(self.mix_hash),
            blob_excess_gas_and_price: None,
            slot_num: 0,
        };
        if let Some(excess) = self.excess_blob_gas {
            let fraction = if fork.is_enabled_in(SpecId::PRAGUE) {
                BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE
            } else {
                BLOB_BASE_FEE_UPDATE_FRACTION_CANCUN
            };
            block.set_blob_excess_gas_and_price(excess.to(), fraction);
        }
        block
    }

    /// What the calls of EIP-4788 and EIP-2935 write before the first transaction.
    fn system_writes(&self) -> Vec<(Address, U256, U256)> {
        const BEACON_ROOTS: Address = address!("000F3df6D732807Ef1319fB7B8bB8522d0Beac02");
        const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");
        let ring = U256::from(8191);
        let root = self.parent_beacon_block_root.expect("a block after Cancun has one");
        let at = self.timestamp % ring;
        vec![
            (BEACON_ROOTS, at, self.timestamp),
            (BEACON_ROOTS, at + ring, root.into()),
            (HISTORY, (self.number - U256::from(1)) % ring, self.parent_hash.into()),
        ]
    }
}

impl RawAccount {
    fn into_state(self, codes: &BTreeMap<B256, Bytes>) -> AccountState {
        let code_hash = self.code_hash.unwrap_or(KECCAK_EMPTY);
        // A block built from a witness brings no code for contracts of which only the hash is asked.
        let code = (code_hash != KECCAK_EMPTY)
            .then(|| codes.get(&code_hash).cloned().map_or_else(Bytecode::new, Bytecode::new_raw));
        let storage = self.storage.into_iter().filter(|(_, value)| !value.is_zero()).collect();
        AccountState { balance: self.balance, nonce: self.nonce, code_hash, code, storage }
    }
}

impl RawTransaction {
    fn lower(&self, index: usize, chain_id: u64, fork: SpecId) -> Transaction {
        assert!(self.authorization_list.is_empty(), "no block of the corpus has authorisations");
        let kind: u8 = self.kind.map_or(0, |kind| kind.to());
        let access_list = AccessList(
            self.access_list
                .iter()
                .map(|access| AccessListItem {
                    address: access.address,
                    storage_keys: access.storage_keys.clone(),
                })
                .collect(),
        );
        // Replay protection came with Spurious Dragon, and old transactions may still do without it.
        let named = self.chain_id.map(|id| id.to::<u64>());
        if let Some(named) = named {
            assert!(fork.is_enabled_in(SpecId::SPURIOUS_DRAGON) && named == chain_id);
        }
        let env = TxEnv {
            tx_type: kind,
            caller: self.from,
            gas_limit: self.gas.to(),
            gas_price: self.max_fee_per_gas.or(self.gas_price).expect("it has a price").to(),
            kind: self.to.map_or(TxKind::Create, TxKind::Call),
            value: self.value,
            data: self.input.clone(),
            nonce: self.nonce.to(),
            chain_id: named,
            access_list,
            gas_priority_fee: self.max_priority_fee_per_gas.map(|fee| fee.to()),
            blob_hashes: self.blob_versioned_hashes.clone(),
            max_fee_per_blob_gas: self.max_fee_per_blob_gas.map_or(0, |fee| fee.to()),
            authorization_list: Vec::<Either<_, _>>::new(),
        };
        Transaction { env, label: None, call: None, path: format!("transactions[{index}]") }
    }
}

fn fork(name: &str) -> SpecId {
    match name {
        "FRONTIER" => SpecId::FRONTIER,
        "HOMESTEAD" => SpecId::HOMESTEAD,
        "TANGERINE" => SpecId::TANGERINE,
        "SPURIOUS_DRAGON" => SpecId::SPURIOUS_DRAGON,
        "BYZANTIUM" => SpecId::BYZANTIUM,
        "PETERSBURG" => SpecId::PETERSBURG,
        "ISTANBUL" => SpecId::ISTANBUL,
        "BERLIN" => SpecId::BERLIN,
        "LONDON" => SpecId::LONDON,
        "MERGE" => SpecId::MERGE,
        "SHANGHAI" => SpecId::SHANGHAI,
        "CANCUN" => SpecId::CANCUN,
        "PRAGUE" => SpecId::PRAGUE,
        other => panic!("unknown fork {other}"),
    }
}
