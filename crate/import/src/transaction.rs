//! Transactions: as they were signed, or as nodes and tools write their fields.

use alloy_consensus::transaction::SignerRecoverable as _;
use alloy_consensus::{
    EthereumTxEnvelope, EthereumTypedTransaction, SignableTransaction as _, Transaction as _,
    TxEip1559, TxEip2930, TxEip4844, TxEip7702, TxEnvelope, TxLegacy, Typed2718 as _,
};
use alloy_eips::eip2718::{Decodable2718 as _, Encodable2718 as _};
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_eips::eip7702::{Authorization, SignedAuthorization};
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256};
use k256::ecdsa::SigningKey;

use crate::draft::Transaction;
use crate::reader::{At, Reader};

pub(crate) type Envelope = EthereumTxEnvelope<TxEip4844>;

/// A signed transaction (EIP-2718). One with blobs is taken without them, as blocks have it.
///
/// # Errors
/// What is wrong with it, and a hint.
pub(crate) fn decode(bytes: &Bytes) -> Result<Transaction, (String, &'static str)> {
    let mut rest = bytes.as_ref();
    let envelope = match Envelope::decode_2718(&mut rest) {
        Ok(envelope) => envelope,
        Err(error) => {
            rest = bytes.as_ref();
            let with_blobs = TxEnvelope::decode_2718(&mut rest).ok();
            let with_blobs = with_blobs.filter(|_| bytes.first() == Some(&3));
            with_blobs.ok_or_else(|| not_signed(bytes, &error.to_string()))?.into()
        }
    };
    if !rest.is_empty() {
        let message = format!("there are {} bytes behind the signed transaction", rest.len());
        return Err((message, "one transaction a line"));
    }
    let from = envelope.recover_signer_unchecked();
    let from =
        from.map_err(|_| ("its signature is not valid".to_owned(), "is it cut off or changed?"))?;
    Ok(signed(&envelope, from))
}

/// Why the bytes are no signed transaction.
fn not_signed(bytes: &Bytes, error: &str) -> (String, &'static str) {
    let unsigned = |rest: &mut &[u8]| {
        EthereumTypedTransaction::<TxEip4844>::decode_unsigned(rest).is_ok() && rest.is_empty()
    };
    let hint = match bytes.first() {
        None => return ("the signed transaction is empty".to_owned(), "remove it"),
        Some(kind @ 5..0xc0) => {
            let message = format!("there is no transaction type {kind:#x} on Ethereum ({error})");
            return (
                message,
                "a signed transaction begins with its type, 0x01 to 0x04, or with a list (0xc0 and more)",
            );
        }
        Some(_) if unsigned(&mut bytes.as_ref()) => {
            let hint = "sign it, or give it as an object with `from`";
            return ("the transaction is not signed".to_owned(), hint);
        }
        Some(_) => "is it cut off?",
    };
    (format!("the bytes are not a signed transaction: {error}"), hint)
}

fn signed(envelope: &Envelope, from: Address) -> Transaction {
    Transaction {
        raw: Some(envelope.encoded_2718().into()),
        hash: Some(*envelope.hash()),
        kind: Some(envelope.ty().into()),
        from,
        to: envelope.to(),
        value: envelope.value(),
        data: envelope.input().clone(),
        gas: Some(envelope.gas_limit()),
        nonce: Some(envelope.nonce()),
        chain_id: envelope.chain_id(),
        ..Transaction::default()
    }
}

/// A transaction in JSON: JSON-RPC, t8n, or of a Foundry script.
pub(crate) fn read(at: &At<'_>, reader: &mut Reader) -> Option<Transaction> {
    if let Some(text) = at.value.as_str() {
        if text.len() == 66 {
            let hint =
                "ask for whole transactions: the second argument of eth_getBlockByNumber is true";
            reader.error(
                &at.path,
                "here is a transaction's hash and not the transaction",
                Some(hint),
            );
            return None;
        }
        let bytes = reader.bytes(at)?;
        return decode(&bytes)
            .map_err(|(message, hint)| reader.error(&at.path, message, Some(hint)))
            .ok();
    }
    if !at.value.is_object() {
        reader.error(&at.path, format!("expected a transaction, found {}", at.shown()), None);
        return None;
    }
    if let Some(raw) = at.first(&["raw", "rawTransaction"]) {
        return read(&raw, reader);
    }
    let from = match (at.first(&["from", "sender"]), at.get("secretKey")) {
        (Some(from), _) => Some(reader.address(&from)?),
        (None, Some(key)) => Some(sender_of(&key, reader)?),
        (None, None) => None,
    };
    let mut failed = false;
    let mut small = |keys: &[&str], reader: &mut Reader| {
        let value = at.first(keys).map(|at| reader.small(&at));
        failed |= value == Some(None);
        value.flatten()
    };
    let kind = small(&["type"], reader);
    let gas = small(&["gas", "gasLimit"], reader);
    let nonce = small(&["nonce"], reader);
    let chain_id = small(&["chainId"], reader);
    let mut number = |keys: &[&str], reader: &mut Reader| {
        let value = at.first(keys).map(|at| reader.number(&at));
        failed |= value == Some(None);
        value.flatten()
    };
    let value = number(&["value"], reader).unwrap_or_default();
    let gas_price = number(&["gasPrice"], reader);
    let max_fee = number(&["maxFeePerGas"], reader);
    let priority_fee = number(&["maxPriorityFeePerGas"], reader);
    let blob_fee = number(&["maxFeePerBlobGas"], reader);
    let data = match at.first(&["input", "data"]) {
        Some(data) => reader.bytes(&data)?,
        None => Bytes::new(),
    };
    let to = match at.get("to").filter(|to| to.value.as_str() != Some("")) {
        Some(to) => Some(reader.address(&to)?),
        None => None,
    };
    let access_list = at.get("accessList").map(|at| accesses(&at, reader)).unwrap_or_default();
    let hashes = at.get("blobVersionedHashes").map(|at| at.items()).unwrap_or_default();
    let blob_hashes = hashes.iter().filter_map(|at| reader.hash(at)).collect();
    if failed {
        return None;
    }
    if let Some(kind @ 5..) = kind {
        let message = format!("there is no transaction type {kind:#x} on Ethereum");
        let hint = "a rollup's own transactions cannot be executed here";
        reader.error(&at.child("type"), message, Some(hint));
        return None;
    }
    let hash = at.get("hash").and_then(|at| at.value.as_str()?.parse::<B256>().ok());
    let authorizations = match at.get("authorizationList") {
        Some(list) => authorizations(&list, reader)?,
        None => Vec::new(),
    };
    let one = Transaction {
        raw: None,
        hash,
        kind,
        from: from.unwrap_or_default(),
        to,
        value,
        data,
        gas,
        nonce,
        gas_price,
        max_fee,
        priority_fee,
        blob_fee,
        blob_hashes,
        access_list,
        authorizations,
        chain_id,
        label: hash.map(|hash| hash.to_string()),
    };
    if let Some(envelope) = envelope(at, &one)
        && let Ok(sender) = envelope.recover_signer_unchecked()
        && hash.is_none_or(|hash| hash == *envelope.hash())
        && from.is_none_or(|from| from == sender)
    {
        return Some(Transaction { label: one.label, ..signed(&envelope, sender) });
    }
    if from.is_none() {
        let hint = "add `from`, or the signature (`v`, `r` and `s`)";
        reader.error(&at.path, "it is not said who sends this transaction", Some(hint));
        return None;
    }
    Some(one)
}

/// An access list (EIP-2930).
pub(crate) fn accesses(at: &At<'_>, reader: &mut Reader) -> Vec<(Address, Vec<B256>)> {
    let mut list = Vec::new();
    for entry in at.items() {
        let address = reader.wants(&entry, "address", "an entry of an access list");
        let Some(address) = address.and_then(|at| reader.address(&at)) else { continue };
        let keys = entry.get("storageKeys").map(|at| at.items()).unwrap_or_default();
        list.push((address, keys.iter().filter_map(|at| reader.hash(at)).collect()));
    }
    list
}

/// The address of the account whose secret key this is.
fn sender_of(key: &At<'_>, reader: &mut Reader) -> Option<Address> {
    let bytes = reader.hash(key)?;
    match SigningKey::from_slice(bytes.as_slice()) {
        Ok(key) => Some(Address::from_private_key(&key)),
        Err(_) => {
            reader.error(&key.path, "this is no secret key", Some("it is 32 bytes, not all zero"));
            None
        }
    }
}

/// It with its signature, if that is there.
fn envelope(at: &At<'_>, one: &Transaction) -> Option<Envelope> {
    let mut quiet = Reader::default();
    let mut number = |key: &str| at.get(key).and_then(|at| quiet.number(&at));
    let (r, s) = (number("r")?, number("s")?);
    let v = number("v").and_then(|v| u64::try_from(v).ok());
    let parity = match (number("yParity"), v) {
        (Some(parity), _) => !parity.is_zero(),
        (None, Some(v @ (0 | 1))) => v == 1,
        (None, Some(v @ (27 | 28))) => v == 28,
        (None, Some(v @ 35..)) => (v - 35) % 2 == 1,
        _ => return None,
    };
    let signature = Signature::new(r, s, parity);
    let to = one.to.map_or(TxKind::Create, TxKind::Call);
    let (nonce, gas_limit) = (one.nonce?, one.gas?);
    let (value, input) = (one.value, one.data.clone());
    let list = one.access_list.iter().cloned();
    let list = list.map(|(address, storage_keys)| AccessListItem { address, storage_keys });
    let access_list = AccessList(list.collect());
    let wei = |amount: Option<U256>| u128::try_from(amount.unwrap_or_default()).ok();
    let gas_price = wei(one.gas_price)?;
    let max_fee_per_gas = wei(one.max_fee)?;
    let max_priority_fee_per_gas = wei(one.priority_fee)?;
    let legacy_chain = match v {
        // EIP-155 puts the chain id into `v`; some nodes give `chainId` whatever was signed.
        Some(v @ 35..) => Some((v - 35) / 2),
        Some(27 | 28) => None,
        _ => one.chain_id,
    };
    Some(match one.kind.unwrap_or(0) {
        0 => TxLegacy { chain_id: legacy_chain, nonce, gas_price, gas_limit, to, value, input }
            .into_signed(signature)
            .into(),
        1 => {
            let chain_id = one.chain_id?;
            TxEip2930 { chain_id, nonce, gas_price, gas_limit, to, value, access_list, input }
                .into_signed(signature)
                .into()
        }
        2 => TxEip1559 {
            chain_id: one.chain_id?,
            nonce,
            gas_limit,
            max_fee_per_gas,
            max_priority_fee_per_gas,
            to,
            value,
            access_list,
            input,
        }
        .into_signed(signature)
        .into(),
        3 => EthereumTxEnvelope::Eip4844(
            TxEip4844 {
                chain_id: one.chain_id?,
                nonce,
                gas_limit,
                max_fee_per_gas,
                max_priority_fee_per_gas,
                to: one.to?,
                value,
                access_list,
                input,
                blob_versioned_hashes: one.blob_hashes.clone(),
                max_fee_per_blob_gas: wei(one.blob_fee)?,
            }
            .into_signed(signature),
        ),
        4 => TxEip7702 {
            chain_id: one.chain_id?,
            nonce,
            gas_limit,
            max_fee_per_gas,
            max_priority_fee_per_gas,
            to: one.to?,
            value,
            access_list,
            input,
            authorization_list: one.authorizations.clone(),
        }
        .into_signed(signature)
        .into(),
        _ => return None,
    })
}

/// Delegations (EIP-7702), each signed for itself.
fn authorizations(at: &At<'_>, reader: &mut Reader) -> Option<Vec<SignedAuthorization>> {
    let one = |at: At<'_>| {
        let mut number = |keys: &[&str]| match at.first(keys) {
            Some(at) => reader.number(&at),
            None => {
                let message = format!("an authorization needs the field `{}`", keys[0]);
                reader.error(&at.path, message, Some("is it cut off?"));
                None
            }
        };
        let chain_id = number(&["chainId"])?;
        let nonce = number(&["nonce"])?;
        // Whatever is no parity stays none.
        let parity = u8::try_from(number(&["yParity", "v"])?).unwrap_or(u8::MAX);
        let (r, s) = (number(&["r"])?, number(&["s"])?);
        let address = reader.wants(&at, "address", "an authorization")?;
        let address = reader.address(&address)?;
        // One with a larger nonce has no effect (EIP-7702), and neither has one with the largest.
        let nonce = u64::try_from(nonce).unwrap_or(u64::MAX);
        let inner = Authorization { chain_id, address, nonce };
        Some(SignedAuthorization::new_unchecked(inner, parity, r, s))
    };
    at.items().into_iter().map(one).collect()
}
