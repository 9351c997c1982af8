//! Good texts of every format, about the same account that calls the same contract.

use alloy_consensus::{
    EthereumTxEnvelope, SignableTransaction, TxEip1559, TxEip2930, TxEip4844, TxEip7702,
    TxEnvelope, TxLegacy,
};
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_eips::eip4844::{Blob, BlobTransactionSidecar, Bytes48};
use alloy_eips::eip7594::BlobTransactionSidecarVariant;
use alloy_eips::eip7702::{Authorization, SignedAuthorization};
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256, address};
use evm_lanes_import::Format;
use k256::ecdsa::SigningKey;
use serde_json::{Value, json};

pub(crate) const CONTRACT: Address = address!("00000000000000000000000000000000c0de0001");
const BENEFICIARY: Address = address!("00000000000000000000000000000000000000aa");
const GAS: u64 = 100_000;
const GWEI: u128 = 1_000_000_000;

pub(crate) type Envelope = EthereumTxEnvelope<TxEip4844>;

pub(crate) fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(crate) fn sender() -> Address {
    Address::from_private_key(&key())
}

fn sign(hash: B256) -> Signature {
    Signature::from(key().sign_prehash_recoverable(hash.as_slice()).unwrap())
}

/// The call of the contract that an envelope of any type carries.
pub(crate) struct Call {
    pub(crate) kind: u8,
    pub(crate) chain_id: u64,
    pub(crate) nonce: u64,
    pub(crate) gas_limit: u64,
}

impl Call {
    pub(crate) fn new(kind: u8, nonce: u64) -> Self {
        Self { kind, chain_id: 1, nonce, gas_limit: GAS }
    }

    pub(crate) fn signed(&self) -> Envelope {
        let &Self { chain_id, nonce, gas_limit, .. } = self;
        let (to, value, input) = (CONTRACT, U256::from(nonce), Bytes::from_static(&[1]));
        let (max_fee_per_gas, max_priority_fee_per_gas) = (2 * GWEI, GWEI);
        let access_list = access_list();
        match self.kind {
            0 => envelope(TxLegacy {
                chain_id: Some(chain_id),
                nonce,
                gas_price: max_fee_per_gas,
                gas_limit,
                to: TxKind::Call(to),
                value,
                input,
            }),
            1 => envelope(TxEip2930 {
                chain_id,
                nonce,
                gas_price: max_fee_per_gas,
                gas_limit,
                to: TxKind::Call(to),
                value,
                access_list,
                input,
            }),
            2 => envelope(TxEip1559 {
                chain_id,
                nonce,
                gas_limit,
                max_fee_per_gas,
                max_priority_fee_per_gas,
                to: TxKind::Call(to),
                value,
                access_list: AccessList::default(),
                input,
            }),
            3 => envelope(self.with_blob()),
            4 => envelope(TxEip7702 {
                chain_id,
                nonce,
                gas_limit,
                max_fee_per_gas,
                max_priority_fee_per_gas,
                to,
                value,
                access_list,
                authorization_list: vec![authorization()],
                input,
            }),
            other => panic!("there is no type {other}"),
        }
    }

    fn with_blob(&self) -> TxEip4844 {
        TxEip4844 {
            chain_id: self.chain_id,
            nonce: self.nonce,
            gas_limit: self.gas_limit,
            max_fee_per_gas: 2 * GWEI,
            max_priority_fee_per_gas: GWEI,
            to: CONTRACT,
            value: U256::from(self.nonce),
            access_list: access_list(),
            blob_versioned_hashes: vec![blob_hash()],
            max_fee_per_blob_gas: GWEI,
            input: Bytes::from_static(&[1]),
        }
    }

    pub(crate) fn raw(&self) -> String {
        Bytes::from(self.signed().encoded_2718()).to_string()
    }

    /// As a wallet signs it, which is not yet signed.
    pub(crate) fn unsigned_raw(&self) -> String {
        use alloy_consensus::EthereumTypedTransaction as Typed;
        let encoded = match self.signed().into_typed_transaction() {
            Typed::Legacy(tx) => tx.encoded_for_signing(),
            Typed::Eip2930(tx) => tx.encoded_for_signing(),
            Typed::Eip1559(tx) => tx.encoded_for_signing(),
            Typed::Eip4844(tx) => tx.encoded_for_signing(),
            Typed::Eip7702(tx) => tx.encoded_for_signing(),
        };
        Bytes::from(encoded).to_string()
    }

    /// A blob transaction as it travels, with its blob.
    pub(crate) fn raw_with_blobs(&self) -> String {
        let (tx, zero) = (self.with_blob(), vec![Bytes48::default()]);
        let sidecar = BlobTransactionSidecar::new(vec![Blob::default()], zero.clone(), zero);
        let signature = sign(tx.signature_hash());
        let tx = alloy_consensus::TxEip4844Variant::from((tx, sidecar))
            .map_sidecar(BlobTransactionSidecarVariant::Eip4844);
        Bytes::from(TxEnvelope::from(tx.into_signed(signature)).encoded_2718()).to_string()
    }

    /// The same as a node gives it.
    pub(crate) fn rpc(&self) -> Value {
        let envelope = self.signed();
        let signature = envelope.signature();
        let mut fields = self.fields();
        let parity = u64::from(signature.v());
        let v = if self.kind == 0 { self.chain_id * 2 + 35 + parity } else { parity };
        for (key, value) in [
            ("hash", json!(envelope.hash())),
            ("v", json!(format!("{v:#x}"))),
            ("r", json!(format!("{:#x}", signature.r()))),
            ("s", json!(format!("{:#x}", signature.s()))),
        ] {
            fields[key] = value;
        }
        if self.kind > 0 {
            fields["yParity"] = json!(format!("{parity:#x}"));
        }
        fields
    }

    /// Its fields without the signature.
    pub(crate) fn fields(&self) -> Value {
        let hex = |value: u64| json!(format!("{value:#x}"));
        let mut fields = json!({
            "type": hex(self.kind.into()), "chainId": hex(self.chain_id), "nonce": hex(self.nonce), "from": sender(),
            "to": CONTRACT, "value": hex(self.nonce), "gas": hex(self.gas_limit), "gasPrice": "0x77359400", "input": "0x01",
        });
        let list = json!([{ "address": CONTRACT, "storageKeys": [slot(0)] }]);
        if self.kind == 2 {
            fields["accessList"] = json!([]);
        } else if self.kind > 0 {
            fields["accessList"] = list;
        }
        if self.kind >= 2 {
            fields["maxFeePerGas"] = json!("0x77359400");
            fields["maxPriorityFeePerGas"] = json!("0x3b9aca00");
        }
        if self.kind == 3 {
            fields["blobVersionedHashes"] = json!([blob_hash()]);
            fields["maxFeePerBlobGas"] = json!("0x3b9aca00");
        }
        if self.kind == 4 {
            let one = authorization();
            fields["authorizationList"] = json!([{
                "chainId": "0x1", "address": CONTRACT, "nonce": "0x0", "yParity": format!("{:#x}", one.y_parity()),
                "r": format!("{:#x}", one.r()), "s": format!("{:#x}", one.s()),
            }]);
        }
        fields
    }
}

fn envelope<T: SignableTransaction<Signature>>(tx: T) -> Envelope
where
    Envelope: From<alloy_consensus::Signed<T>>,
{
    let signature = sign(tx.signature_hash());
    tx.into_signed(signature).into()
}

fn access_list() -> AccessList {
    AccessList(vec![AccessListItem { address: CONTRACT, storage_keys: vec![slot(0)] }])
}

fn authorization() -> SignedAuthorization {
    let inner = Authorization { chain_id: U256::from(1), address: CONTRACT, nonce: 0 };
    let signature = sign(inner.signature_hash());
    inner.into_signed(signature)
}

/// Of version 1.
fn blob_hash() -> B256 {
    let mut hash = B256::repeat_byte(5);
    hash[0] = 1;
    hash
}

pub(crate) fn slot(number: u64) -> B256 {
    U256::from(number).into()
}

pub(crate) fn raw(chain_id: u64, nonce: u64) -> String {
    Call { chain_id, ..Call::new(2, nonce) }.raw()
}

fn rpc(nonce: u64) -> Value {
    Call::new(2, nonce).rpc()
}

pub(crate) fn unsigned() -> Value {
    json!({ "from": sender(), "to": CONTRACT, "nonce": "0x0", "gas": "0x186a0", "value": "0x0", "input": "0x01" })
}

pub(crate) fn block_of(transactions: &[Value]) -> Value {
    json!({
        "hash": slot(5), "parentHash": slot(4), "number": "0x7b", "timestamp": "0x6953f100", "gasLimit": "0x1c9c380", "gasUsed": "0x0",
        "miner": BENEFICIARY, "baseFeePerGas": "0x3b9aca00", "mixHash": slot(9), "difficulty": "0x0", "withdrawalsRoot": slot(1),
        "parentBeaconBlockRoot": slot(2), "excessBlobGas": "0x0", "requestsHash": slot(3), "transactions": transactions,
    })
}

pub(crate) fn block() -> Value {
    block_of(&[rpc(0), rpc(1)])
}

/// Adds one to slot 0.
pub(crate) fn prestate() -> Value {
    json!({
        (sender().to_string()): { "balance": "0xde0b6b3a7640000", "nonce": 0 },
        (CONTRACT.to_string()): { "balance": "0x0", "nonce": 1, "code": "0x5f546001015f55", "storage": { (slot(0).to_string()): slot(3) } },
    })
}

pub(crate) fn alloc() -> Value {
    let mut alloc = prestate();
    alloc[sender().to_string()]["nonce"] = "0x0".into();
    alloc[CONTRACT.to_string()]["nonce"] = "0x1".into();
    alloc
}

fn env() -> Value {
    json!({
        "currentCoinbase": BENEFICIARY, "currentNumber": "0x1", "currentTimestamp": "0x3e8", "currentGasLimit": "0x1c9c380",
        "currentBaseFee": "0x7", "currentDifficulty": "0x0", "currentRandom": "0x0", "blockHashes": { "0": slot(4) },
    })
}

fn traces() -> Value {
    json!([{ "txHash": slot(1), "result": prestate() }])
}

/// What the block of [`block`] comes to: 21,016 for the call with its one byte, 2,100 and 2,900 for the slot, 10 for the rest.
pub(crate) fn receipts() -> Value {
    let one = |nonce| {
        json!({
            "transactionHash": Call::new(2, nonce).signed().hash(), "blockHash": slot(5), "gasUsed": "0x65aa", "status": "0x1",
            "contractAddress": null, "from": sender(), "to": CONTRACT, "type": "0x2", "logs": [],
        })
    };
    json!([one(0), one(1)])
}

pub(crate) fn state_test_of(call: &Call) -> Value {
    let mut fields = call.fields();
    let fields = fields.as_object_mut().unwrap();
    for key in ["type", "chainId", "from", "gas", "input"] {
        fields.remove(key);
    }
    if call.kind >= 2 {
        fields.remove("gasPrice");
    }
    if let Some(list) = fields.remove("accessList") {
        fields.insert("accessLists".to_owned(), json!([list]));
    }
    let value = json!([fields["value"]]);
    for (key, value) in [
        ("gasLimit", json!([format!("{:#x}", call.gas_limit)])),
        ("value", value),
        ("data", json!(["0x01"])),
        ("secretKey", json!(format!("0x{}", "07".repeat(32)))),
    ] {
        fields.insert(key.to_owned(), value);
    }
    let case =
        json!({ "hash": "0x00", "logs": "0x00", "indexes": { "data": 0, "gas": 0, "value": 0 } });
    json!({ "a test": { "env": env(), "pre": alloc(), "post": { "Prague": [case] }, "transaction": fields } })
}

/// A blockchain test whose block has these transactions, each as it is encoded alone.
pub(crate) fn chain_test_of(transactions: &[Bytes]) -> Value {
    let header = alloy_consensus::Header {
        number: 1,
        gas_limit: 30_000_000,
        timestamp: 1000,
        base_fee_per_gas: Some(7),
        withdrawals_root: Some(slot(1)),
        blob_gas_used: Some(0),
        excess_blob_gas: Some(0),
        parent_beacon_block_root: Some(slot(2)),
        requests_hash: Some(slot(3)),
        ..Default::default()
    };
    // One of no type is a list by itself; all others are in the list as bytes.
    let encoded = transactions.iter().flat_map(|one| match one.first() {
        Some(0xc0..) => one.to_vec(),
        _ => alloy_rlp::encode(one),
    });
    let list = |payload: Vec<u8>| {
        let mut list = Vec::new();
        alloy_rlp::Header { list: true, payload_length: payload.len() }.encode(&mut list);
        list.extend(payload);
        list
    };
    let parts =
        [alloy_rlp::encode(&header), list(encoded.collect()), list(Vec::new()), list(Vec::new())];
    let rlp = Bytes::from(list(parts.concat()));
    json!({ "a test": { "network": "Prague", "genesisRLP": "0x", "pre": alloc(), "blocks": [{ "rlp": rlp }], "lastblockhash": "0x" } })
}

fn dump() -> Value {
    json!({
        "block": { "number": "0x2", "coinbase": BENEFICIARY, "timestamp": "0x3e8", "gas_limit": "0x1c9c380", "basefee": "0x7",
            "difficulty": "0x0", "prevrandao": slot(3) },
        "accounts": prestate(), "best_block_number": "0x1", "blocks": [], "transactions": [], "historical_states": null,
    })
}

/// The same as `anvil_dumpState` answers.
pub(crate) fn packed_dump() -> String {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, dump().to_string().as_bytes()).unwrap();
    Bytes::from(packed.finish().unwrap()).to_string()
}

pub(crate) fn broadcast_of(transaction: &Value) -> Value {
    json!({ "chain": 1, "returns": {}, "receipts": [], "pending": [], "transactions": [{
        "hash": null, "transactionType": "CALL", "contractName": "Counter", "function": "increment()", "transaction": transaction,
    }] })
}

fn broadcast() -> Value {
    let mut transaction = unsigned();
    transaction["chainId"] = json!("0x1");
    broadcast_of(&transaction)
}

fn list() -> Value {
    json!([{ "address": CONTRACT, "storageChanges": [{ "slot": "0x0", "changes": [{ "blockAccessIndex": "0x1", "postValue": "0x4" }] }],
        "storageReads": [], "balanceChanges": [], "nonceChanges": [], "codeChanges": [] }])
}

fn encoded_list() -> String {
    let list: Vec<alloy_eip7928::AccountChanges> = serde_json::from_value(list()).unwrap();
    Bytes::from(alloy_rlp::encode(list)).to_string()
}

fn created() -> Value {
    json!({ "accessList": [{ "address": CONTRACT, "storageKeys": [slot(0), slot(1)] }], "gasUsed": "0x6000" })
}

pub(crate) fn t8n_of(transactions: &[Value]) -> Value {
    json!({ "alloc": alloc(), "env": env(), "txs": transactions })
}

pub(crate) fn bundle_of(transactions: &[Value]) -> Value {
    json!({ "block": block_of(transactions), "prestate": prestate(), "receipts": receipts() })
}

/// A format.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) format: Format,
    /// A text in it.
    pub(crate) text: String,
    /// What else is needed.
    pub(crate) others: Vec<String>,
}

/// One text of each format, at least.
pub(crate) fn samples() -> Vec<Sample> {
    let sample = |name, format, text: &dyn ToString, others: &[Value]| Sample {
        name,
        format,
        text: text.to_string(),
        others: others.iter().map(ToString::to_string).collect(),
    };
    let raws = format!("{}\n{}\n", raw(1, 0), raw(1, 1));
    let both = [rpc(0), rpc(1)];
    let first = Call::new(2, 0).raw().parse().unwrap();
    vec![
        sample("raw", Format::RawTransactions, &raws, &[alloc()]),
        sample("transactions", Format::Transactions, &json!(both), &[alloc()]),
        sample("block", Format::Block, &block(), &[prestate()]),
        sample("prestate", Format::Prestate, &prestate(), &[block()]),
        sample("traces", Format::Prestate, &traces(), &[block()]),
        sample("receipts", Format::Receipts, &receipts(), &[block(), prestate()]),
        sample("bundle", Format::Bundle, &bundle_of(&both), &[]),
        sample(
            "created-access-list",
            Format::CreatedAccessList,
            &created(),
            &[unsigned(), alloc()],
        ),
        sample("alloc", Format::Alloc, &alloc(), &[unsigned()]),
        sample("env", Format::Environment, &env(), &[alloc(), unsigned()]),
        sample("t8n", Format::T8n, &t8n_of(&both), &[]),
        sample("state-test", Format::StateTest, &state_test_of(&Call::new(0, 0)), &[]),
        sample("blockchain-test", Format::BlockchainTest, &chain_test_of(&[first]), &[]),
        sample("block-access-list", Format::BlockAccessList, &list(), &[alloc(), unsigned()]),
        sample("encoded-list", Format::BlockAccessList, &encoded_list(), &[alloc(), unsigned()]),
        sample("broadcast", Format::Broadcast, &broadcast(), &[dump()]),
        sample("anvil-dump", Format::AnvilDump, &dump(), &[unsigned()]),
        sample("packed-dump", Format::AnvilDump, &packed_dump(), &[unsigned()]),
    ]
}
