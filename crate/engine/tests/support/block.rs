//! Blocks in a few words.

use std::collections::BTreeMap;

use evm_lanes_engine::scenario::{InvalidMode, Library, Scenario, Transaction};
use evm_lanes_engine::state::{AccountState, State};
use revm::context::either::Either;
use revm::context::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::context::{BlockEnv, TxEnv};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use revm::state::Bytecode;

pub(crate) const ALICE: Address = Address::repeat_byte(0xa1);
pub(crate) const BOB: Address = Address::repeat_byte(0xb0);
pub(crate) const CAROL: Address = Address::repeat_byte(0xca);
pub(crate) const DAVE: Address = Address::repeat_byte(0xda);
/// The fee recipient, unless a test says otherwise. It does not exist at first.
pub(crate) const MINER: Address = Address::repeat_byte(0xfe);

/// Every set of rules revm knows.
pub(crate) const FORKS: [SpecId; 15] = [
    SpecId::FRONTIER,
    SpecId::HOMESTEAD,
    SpecId::TANGERINE,
    SpecId::SPURIOUS_DRAGON,
    SpecId::BYZANTIUM,
    SpecId::PETERSBURG,
    SpecId::ISTANBUL,
    SpecId::BERLIN,
    SpecId::LONDON,
    SpecId::MERGE,
    SpecId::SHANGHAI,
    SpecId::CANCUN,
    SpecId::PRAGUE,
    SpecId::OSAKA,
    SpecId::AMSTERDAM,
];

/// `first` and every later one.
pub(crate) fn forks_from(first: SpecId) -> impl Iterator<Item = SpecId> {
    FORKS.into_iter().filter(move |fork| fork.is_enabled_in(first))
}

pub(crate) fn ether(amount: u64) -> U256 {
    U256::from(amount) * U256::from(10).pow(U256::from(18))
}

/// The `index`th of as many unrelated addresses as are needed.
pub(crate) fn address(index: u64) -> Address {
    Address::from_word(keccak256(index.to_be_bytes()))
}

/// Where `creator`'s contract with this nonce goes.
pub(crate) fn created_by(creator: Address, nonce: u64) -> Address {
    creator.create(nonce)
}

/// Where `creator` puts `init` by `CREATE2`.
pub(crate) fn contract_at(creator: Address, salt: u64, init: &[u8]) -> Address {
    creator.create2_from_code(B256::from(U256::from(salt)), init)
}

/// A block and the state before it. Senders' nonces are counted.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) scenario: Scenario,
    nonces: BTreeMap<Address, u64>,
}

impl Block {
    /// Alice, Bob, Carol and Dave have 100 ether each; the base fee is 7 wei where there is one.
    pub(crate) fn new(fork: SpecId) -> Self {
        let block = BlockEnv {
            number: U256::from(1000),
            beneficiary: MINER,
            timestamp: U256::from(1_700_000_000),
            gas_limit: 1_000_000_000,
            basefee: if fork.is_enabled_in(SpecId::LONDON) { 7 } else { 0 },
            ..BlockEnv::default()
        };
        let scenario = Scenario {
            title: String::new(),
            description: String::new(),
            fork,
            chain_id: 1,
            block,
            since_setup: 0,
            block_hashes: BTreeMap::new(),
            invalid: InvalidMode::Skip,
            names: BTreeMap::new(),
            library: Library::default(),
            accounts: State::new(),
            deployments: Vec::new(),
            setup: Vec::new(),
            transactions: Vec::new(),
            access_list: None,
        };
        let mut block = Self { scenario, nonces: BTreeMap::new() };
        for rich in [ALICE, BOB, CAROL, DAVE] {
            block.balance(rich, ether(100));
        }
        block
    }

    pub(crate) fn fork(&self) -> SpecId {
        self.scenario.fork
    }

    pub(crate) fn beneficiary(&mut self, beneficiary: Address) {
        self.scenario.block.beneficiary = beneficiary;
    }

    pub(crate) fn mode(&mut self, mode: InvalidMode) {
        self.scenario.invalid = mode;
    }

    /// The account, which from now on exists before the block.
    pub(crate) fn account(&mut self, address: Address) -> &mut AccountState {
        self.scenario.accounts.entry(address).or_default()
    }

    pub(crate) fn balance(&mut self, address: Address, wei: impl TryInto<U256>) {
        self.account(address).balance = wei.try_into().ok().expect("an amount of wei");
    }

    /// A contract with this code; its nonce is 1, as if it had been created after Spurious Dragon.
    pub(crate) fn contract(&mut self, address: Address, code: Bytes) -> &mut AccountState {
        let account = self.account(address);
        let code = Bytecode::new_raw(code);
        account.nonce = 1;
        account.code_hash = code.hash_slow();
        account.code = Some(code);
        account
    }

    /// Sets a slot, to anything but 0.
    pub(crate) fn slot(&mut self, address: Address, slot: u64, value: u64) {
        assert_ne!(value, 0, "a slot that is 0 is not there");
        self.account(address).storage.insert(U256::from(slot), U256::from(value));
    }

    /// Appends a transaction; if it has no nonce of its own it gets its sender's next one.
    pub(crate) fn push(&mut self, tx: Tx) {
        let mut env = tx.env;
        env.nonce = match tx.nonce {
            Some(nonce) => nonce,
            None => {
                let next = self.next_nonce(env.caller);
                *next += 1;
                *next - 1
            }
        };
        if tx.typed {
            env.derive_tx_type().expect("a transaction of some type");
        }
        let path = format!("transactions[{}]", self.scenario.transactions.len());
        let one = Transaction { env, label: None, call: None, path, signed: None };
        self.scenario.transactions.push(one);
    }

    /// The nonce that `sender`'s next transaction gets.
    pub(crate) fn next_nonce(&mut self, sender: Address) -> &mut u64 {
        let before = self.scenario.accounts.get(&sender).map_or(0, |account| account.nonce);
        self.nonces.entry(sender).or_insert(before)
    }

    pub(crate) fn len(&self) -> usize {
        self.scenario.transactions.len()
    }
}

/// A transaction: legacy, at 10 wei for each gas, with a million gas, unless more is said.
#[derive(Clone, Debug)]
pub(crate) struct Tx {
    env: TxEnv,
    nonce: Option<u64>,
    typed: bool,
}

impl Tx {
    pub(crate) fn call(from: Address, to: Address) -> Self {
        let env = TxEnv {
            caller: from,
            kind: TxKind::Call(to),
            gas_limit: 1_000_000,
            gas_price: 10,
            chain_id: Some(1),
            ..TxEnv::default()
        };
        Self { env, nonce: None, typed: true }
    }

    pub(crate) fn create(from: Address, init: Bytes) -> Self {
        let mut tx = Self::call(from, Address::ZERO);
        tx.env.kind = TxKind::Create;
        tx.env.data = init;
        tx
    }

    pub(crate) fn transfer(from: Address, to: Address, wei: u64) -> Self {
        Self::call(from, to).value(wei)
    }

    pub(crate) fn value(mut self, wei: impl TryInto<U256>) -> Self {
        self.env.value = wei.try_into().ok().expect("an amount of wei");
        self
    }

    /// Data: these words, 32 bytes each.
    pub(crate) fn words(mut self, words: &[u64]) -> Self {
        let bytes = words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>());
        self.env.data = bytes.collect();
        self
    }

    pub(crate) fn data(mut self, data: Bytes) -> Self {
        self.env.data = data;
        self
    }

    pub(crate) fn gas(mut self, limit: u64) -> Self {
        self.env.gas_limit = limit;
        self
    }

    /// Wei for each gas; of a type with a tip the most it pays.
    pub(crate) fn price(mut self, wei: u128) -> Self {
        self.env.gas_price = wei;
        self
    }

    /// Makes it EIP-1559's.
    pub(crate) fn tip(mut self, wei: u128) -> Self {
        self.env.gas_priority_fee = Some(wei);
        self
    }

    pub(crate) fn nonce(mut self, nonce: u64) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// Makes it EIP-2930's, or adds to its list.
    pub(crate) fn access(mut self, address: Address, slots: &[u64]) -> Self {
        let storage_keys = slots.iter().map(|slot| B256::from(U256::from(*slot))).collect();
        let mut items = std::mem::take(&mut self.env.access_list).0;
        items.push(AccessListItem { address, storage_keys });
        self.env.access_list = AccessList(items);
        self
    }

    /// Makes it EIP-4844's.
    pub(crate) fn blobs(mut self, count: u8, most: u128) -> Self {
        self.env.max_fee_per_blob_gas = most;
        self.env.gas_priority_fee = self.env.gas_priority_fee.or(Some(1));
        self.env.blob_hashes = (0..count)
            .map(|index| {
                let mut hash = B256::repeat_byte(index);
                hash[0] = 1;
                hash
            })
            .collect();
        self
    }

    /// Makes it EIP-7702's, or adds to its list.
    pub(crate) fn authorize(mut self, authorization: RecoveredAuthorization) -> Self {
        self.env.gas_priority_fee = self.env.gas_priority_fee.or(Some(1));
        self.env.authorization_list.push(Either::Right(authorization));
        self
    }

    /// Of this EIP-2718 type, whatever its fields say.
    pub(crate) fn kind(mut self, kind: u8) -> Self {
        self.env.tx_type = kind;
        self.typed = false;
        self
    }

    pub(crate) fn chain(mut self, chain_id: u64) -> Self {
        self.env.chain_id = Some(chain_id);
        self
    }
}

/// `authority` says that `delegate`'s code runs at its address, or none if that is zero.
pub(crate) fn authorization(
    authority: Address,
    delegate: Address,
    nonce: u64,
) -> RecoveredAuthorization {
    let inner = Authorization { chain_id: U256::from(1), address: delegate, nonce };
    RecoveredAuthorization::new_unchecked(inner, RecoveredAuthority::Valid(authority))
}
