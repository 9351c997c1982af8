//! Signed transactions as bytes (EIP-2718), with the sender recovered from the signature.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{EthereumTxEnvelope, Transaction, TxEip4844, Typed2718};
use alloy_eips::Decodable2718;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes, U256};

use super::transactions::{Delegation, Draft};

/// Decodes a signed transaction and recovers its sender.
///
/// # Errors
/// One sentence saying what is wrong with it, and a hint.
pub(super) fn recover(
    bytes: &Bytes,
    fork: SpecId,
    chain_id: u64,
) -> Result<Draft, (String, Option<String>)> {
    let plain = |message: String| (message, None);
    let Some(&first) = bytes.first() else {
        return Err(plain("the signed transaction is empty".to_owned()));
    };
    if first < 0xc0 && !(1..=4).contains(&first) {
        let hint = "a signed transaction begins with its type, 0x01 to 0x04, or with a list";
        return Err((format!("there is no transaction type 0x{first:02x}"), Some(hint.to_owned())));
    }
    let mut rest = bytes.as_ref();
    let envelope = EthereumTxEnvelope::<TxEip4844>::decode_2718(&mut rest).map_err(|error| {
        let hint = (first == 3).then(|| {
            "the form with blobs that nodes send each other is not read: take the one without"
                .to_owned()
        });
        (format!("the bytes are not a signed transaction: {error}"), hint)
    })?;
    if !rest.is_empty() {
        let message = format!("there are {} bytes behind the signed transaction", rest.len());
        return Err((message, Some("remove them".to_owned())));
    }
    let its_chain = envelope.chain_id();
    if let Some(its_chain) = its_chain
        && its_chain != chain_id
    {
        let message = format!(
            "it is signed for chain {its_chain}, but the scenario's chain id is {chain_id}"
        );
        return Err((message, Some(format!("set \"chainId\": {its_chain}"))));
    }
    // EIP-2 made signatures with a high s invalid.
    let sender = if fork.is_enabled_in(SpecId::HOMESTEAD) {
        envelope.recover_signer()
    } else {
        envelope.recover_signer_unchecked()
    };
    let from = sender.map_err(|_| plain("its signature is not valid".to_owned()))?;
    let mut draft =
        Draft::call("", from, Address::ZERO, envelope.value(), envelope.input().clone());
    draft.to = envelope.to();
    draft.kind = envelope.ty();
    draft.gas = Some(envelope.gas_limit());
    draft.gas_price = Some(envelope.max_fee_per_gas());
    draft.priority_fee = envelope.max_priority_fee_per_gas();
    draft.nonce = Some(envelope.nonce());
    draft.chain_id = its_chain;
    draft.access_list = envelope.access_list().cloned().unwrap_or_default();
    draft.blob_hashes = envelope.blob_versioned_hashes().unwrap_or_default().to_vec();
    draft.max_fee_per_blob_gas = envelope.max_fee_per_blob_gas().unwrap_or_default();
    draft.authorizations = envelope
        .authorization_list()
        .unwrap_or_default()
        .iter()
        .map(|signed| Delegation {
            authority: signed.recover_authority().ok(),
            address: signed.address,
            chain_id: U256::from(signed.chain_id),
            nonce: Some(signed.nonce),
        })
        .collect();
    draft.signed = Some(bytes.clone());
    Ok(draft)
}
