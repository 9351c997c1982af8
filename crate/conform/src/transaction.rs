//! Transactions as revm takes them, from those of a chain.

use alloy_consensus::transaction::{SignerRecoverable as _, Transaction as _};
use alloy_consensus::{EthereumTxEnvelope, TxEip4844, Typed2718 as _};
use revm::context::TxEnv;
use revm::context::either::Either;
use revm::primitives::hardfork::SpecId;

use crate::network::Fork;

/// A signed transaction of any type.
pub(crate) type Envelope = EthereumTxEnvelope<TxEip4844>;

/// The transaction, with its sender recovered from the signature.
///
/// # Errors
/// Why no block of this fork can hold it.
pub(crate) fn lower(envelope: &Envelope, fork: &Fork) -> Result<TxEnv, String> {
    let chain_id = envelope.chain_id();
    if chain_id.is_some() && !fork.has(SpecId::SPURIOUS_DRAGON) {
        return Err("it is protected against replay before EIP-155".to_owned());
    }
    // EIP-2 made signatures with a high s invalid.
    let sender = match fork.has(SpecId::HOMESTEAD) {
        true => envelope.recover_signer(),
        false => envelope.recover_signer_unchecked(),
    };
    let caller = sender.map_err(|_| "its signature is not valid".to_owned())?;
    let authorizations = envelope.authorization_list().unwrap_or_default().iter();
    Ok(TxEnv {
        tx_type: envelope.ty(),
        caller,
        gas_limit: envelope.gas_limit(),
        gas_price: envelope.max_fee_per_gas(),
        kind: envelope.kind(),
        value: envelope.value(),
        data: envelope.input().clone(),
        nonce: envelope.nonce(),
        chain_id,
        access_list: envelope.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: envelope.max_priority_fee_per_gas(),
        blob_hashes: envelope.blob_versioned_hashes().unwrap_or_default().to_vec(),
        max_fee_per_blob_gas: envelope.max_fee_per_blob_gas().unwrap_or_default(),
        // Recovered once here, and not again in every attempt.
        authorization_list: authorizations
            .map(|signed| Either::Right(signed.clone().into_recovered()))
            .collect(),
    })
}
