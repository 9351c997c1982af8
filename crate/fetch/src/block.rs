//! Blocks, transactions and receipts as nodes write them.

use alloy_consensus::{
    EthereumTxEnvelope, SignableTransaction as _, Signed, TxEip1559, TxEip2930, TxEip4844,
    TxEip7702, TxLegacy,
};
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_eips::eip7702::{Authorization, SignedAuthorization};
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U64, U128, U256};
use serde::Deserialize;

/// `eth_getBlockByNumber` with whole transactions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Block {
    pub(crate) hash: B256,
    pub(crate) parent_hash: B256,
    number: U64,
    timestamp: U64,
    gas_limit: U64,
    pub(crate) miner: Address,
    pub(crate) base_fee_per_gas: Option<U256>,
    pub(crate) mix_hash: Option<B256>,
    pub(crate) difficulty: Option<U256>,
    excess_blob_gas: Option<U64>,
    slot_number: Option<U64>,
    pub(crate) withdrawals_root: Option<B256>,
    pub(crate) parent_beacon_block_root: Option<B256>,
    pub(crate) requests_hash: Option<B256>,
    pub(crate) block_access_list_hash: Option<B256>,
    pub(crate) transactions: Vec<Transaction>,
}

/// One of its transactions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transaction {
    pub(crate) hash: B256,
    pub(crate) from: Address,
    pub(crate) to: Option<Address>,
    pub(crate) value: U256,
    pub(crate) input: Bytes,
    nonce: U64,
    gas: U64,
    gas_price: Option<U128>,
    max_fee_per_gas: Option<U128>,
    max_priority_fee_per_gas: Option<U128>,
    max_fee_per_blob_gas: Option<U128>,
    blob_versioned_hashes: Option<Vec<B256>>,
    access_list: Option<Vec<Access>>,
    authorization_list: Option<Vec<Delegation>>,
    chain_id: Option<U64>,
    #[serde(rename = "type")]
    kind: Option<U64>,
    r: Option<U256>,
    s: Option<U256>,
    v: Option<U64>,
    y_parity: Option<U64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Access {
    pub(crate) address: Address,
    #[serde(default)]
    pub(crate) storage_keys: Vec<B256>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delegation {
    chain_id: U256,
    address: Address,
    nonce: U64,
    y_parity: Option<U64>,
    v: Option<U64>,
    r: U256,
    s: U256,
}

/// What became of a transaction.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(crate) transaction_hash: B256,
    pub(crate) block_hash: B256,
    pub(crate) contract_address: Option<Address>,
    gas_used: U64,
    /// Since Byzantium.
    status: Option<U64>,
}

impl Block {
    pub(crate) fn number(&self) -> u64 {
        self.number.to()
    }

    pub(crate) fn timestamp(&self) -> u64 {
        self.timestamp.to()
    }

    pub(crate) fn gas_limit(&self) -> u64 {
        self.gas_limit.to()
    }

    pub(crate) fn excess_blob_gas(&self) -> Option<u64> {
        self.excess_blob_gas.map(|gas| gas.to())
    }

    pub(crate) fn slot_number(&self) -> Option<u64> {
        self.slot_number.map(|slot| slot.to())
    }

    /// Whether it was proposed, not mined.
    pub(crate) fn merged(&self) -> bool {
        self.difficulty.is_none_or(|difficulty| difficulty.is_zero())
    }
}

impl Receipt {
    pub(crate) fn gas_used(&self) -> u64 {
        self.gas_used.to()
    }

    pub(crate) fn succeeded(&self) -> Option<bool> {
        self.status.map(|status| !status.is_zero())
    }
}

impl Transaction {
    /// EIP-2718 type.
    pub(crate) fn kind(&self) -> u64 {
        self.kind.map_or(0, |kind| kind.to())
    }

    pub(crate) fn nonce(&self) -> u64 {
        self.nonce.to()
    }

    pub(crate) fn gas(&self) -> u64 {
        self.gas.to()
    }

    pub(crate) fn gas_price(&self) -> u128 {
        self.gas_price.unwrap_or_default().to()
    }

    pub(crate) fn max_fee(&self) -> u128 {
        self.max_fee_per_gas.unwrap_or_default().to()
    }

    pub(crate) fn priority_fee(&self) -> u128 {
        self.max_priority_fee_per_gas.unwrap_or_default().to()
    }

    pub(crate) fn blob_fee(&self) -> u128 {
        self.max_fee_per_blob_gas.unwrap_or_default().to()
    }

    pub(crate) fn blob_hashes(&self) -> Vec<B256> {
        self.blob_versioned_hashes.clone().unwrap_or_default()
    }

    pub(crate) fn accesses(&self) -> &[Access] {
        self.access_list.as_deref().unwrap_or_default()
    }

    /// As it was signed, if that can be put together again: its hash and its sender say whether it can.
    pub(crate) fn signed(&self) -> Option<Bytes> {
        let envelope = self.envelope()?;
        let sender =
            alloy_consensus::transaction::SignerRecoverable::recover_signer_unchecked(&envelope);
        (*envelope.hash() == self.hash && sender.is_ok_and(|sender| sender == self.from))
            .then(|| envelope.encoded_2718().into())
    }

    fn envelope(&self) -> Option<EthereumTxEnvelope<TxEip4844>> {
        let v = self.v.map(|v| v.to::<u64>());
        let parity = match (self.y_parity, v) {
            (Some(parity), _) => !parity.is_zero(),
            (None, Some(v @ (0 | 1))) => v == 1,
            (None, Some(v @ (27 | 28))) => v == 28,
            (None, Some(v @ 35..)) => (v - 35) % 2 == 1,
            _ => return None,
        };
        let signature = Signature::new(self.r?, self.s?, parity);
        let to = self.to.map_or(TxKind::Create, TxKind::Call);
        let (nonce, gas_limit) = (self.nonce(), self.gas());
        let (value, input) = (self.value, self.input.clone());
        let list = self
            .accesses()
            .iter()
            .cloned()
            .map(|Access { address, storage_keys }| AccessListItem { address, storage_keys });
        let access_list = AccessList(list.collect());
        let chain_id = self.chain_id.map(|id| id.to::<u64>());
        let (max_fee_per_gas, max_priority_fee_per_gas) = (self.max_fee(), self.priority_fee());
        Some(match self.kind() {
            0 => {
                // EIP-155 puts the chain id into `v`; some nodes give `chainId` whatever was signed.
                let chain_id = match v {
                    Some(v @ 35..) => Some((v - 35) / 2),
                    Some(27 | 28) => None,
                    _ => chain_id,
                };
                let gas_price = self.gas_price();
                let tx = TxLegacy { chain_id, nonce, gas_price, gas_limit, to, value, input };
                tx.into_signed(signature).into()
            }
            1 => {
                let (chain_id, gas_price) = (chain_id?, self.gas_price());
                let tx = TxEip2930 {
                    chain_id,
                    nonce,
                    gas_price,
                    gas_limit,
                    to,
                    value,
                    access_list,
                    input,
                };
                tx.into_signed(signature).into()
            }
            2 => {
                let tx = TxEip1559 {
                    chain_id: chain_id?,
                    nonce,
                    gas_limit,
                    max_fee_per_gas,
                    max_priority_fee_per_gas,
                    to,
                    value,
                    access_list,
                    input,
                };
                tx.into_signed(signature).into()
            }
            3 => {
                let tx = TxEip4844 {
                    chain_id: chain_id?,
                    nonce,
                    gas_limit,
                    max_fee_per_gas,
                    max_priority_fee_per_gas,
                    to: self.to?,
                    value,
                    access_list,
                    input,
                    blob_versioned_hashes: self.blob_hashes(),
                    max_fee_per_blob_gas: self.blob_fee(),
                };
                let signed: Signed<TxEip4844> = tx.into_signed(signature);
                EthereumTxEnvelope::Eip4844(signed)
            }
            4 => {
                let list = self.authorization_list.as_deref().unwrap_or_default();
                let tx = TxEip7702 {
                    chain_id: chain_id?,
                    nonce,
                    gas_limit,
                    max_fee_per_gas,
                    max_priority_fee_per_gas,
                    to: self.to?,
                    value,
                    access_list,
                    input,
                    authorization_list: list.iter().map(Delegation::signed).collect(),
                };
                tx.into_signed(signature).into()
            }
            _ => return None,
        })
    }
}

impl Delegation {
    fn signed(&self) -> SignedAuthorization {
        let Self { chain_id, address, nonce, r, s, .. } = *self;
        let inner = Authorization { chain_id, address, nonce: nonce.to() };
        let parity = self.y_parity.or(self.v).map_or(0, |parity| parity.to::<u64>());
        // Whatever is no parity stays none.
        let parity = u8::try_from(parity).unwrap_or(u8::MAX);
        SignedAuthorization::new_unchecked(inner, parity, r, s)
    }
}
