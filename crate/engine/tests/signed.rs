//! Signed transactions of every type, signed here and read back.

use alloy_consensus::{
    EthereumTxEnvelope, SignableTransaction, TxEip1559, TxEip2930, TxEip4844, TxEip7702, TxLegacy,
};
use alloy_eips::Encodable2718;
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_eips::eip7702::Authorization;
use evm_lanes_engine::diagnostic::Diagnostic;
use evm_lanes_engine::scenario::{self, Library, Scenario};
use k256::ecdsa::SigningKey;
use revm::context_interface::transaction::AuthorizationTr;
use revm::primitives::alloy_primitives::Signature;
use revm::primitives::{Address, B256, Bytes, TxKind, U256, hex};

type Envelope = EthereumTxEnvelope<TxEip4844>;

fn key() -> SigningKey {
    SigningKey::from_slice(&[0x42; 32]).unwrap()
}

fn sender() -> Address {
    Address::from_private_key(&key())
}

fn sign(hash: B256) -> Signature {
    key().sign_prehash_recoverable(hash.as_slice()).unwrap().into()
}

fn signed<T: SignableTransaction<Signature>>(tx: T) -> Vec<u8>
where
    Envelope: From<alloy_consensus::Signed<T>>,
{
    let signature = sign(tx.signature_hash());
    Envelope::from(tx.into_signed(signature)).encoded_2718()
}

fn access_list() -> AccessList {
    AccessList(vec![AccessListItem {
        address: Address::repeat_byte(3),
        storage_keys: vec![B256::repeat_byte(4)],
    }])
}

fn legacy(chain_id: Option<u64>) -> TxLegacy {
    TxLegacy {
        chain_id,
        nonce: 7,
        gas_price: 5_000_000_000,
        gas_limit: 50_000,
        to: TxKind::Call(Address::repeat_byte(1)),
        value: U256::from(9),
        input: Bytes::from_static(&[1, 2, 3]),
    }
}

fn read(fork: &str, raw: &[u8]) -> (Option<Scenario>, Vec<Diagnostic>) {
    let raw = hex::encode_prefixed(raw);
    let text = format!(
        r#"{{ "fork": "{fork}", "transactions": [{{ "raw": "{raw}", "label": "signed" }}] }}"#
    );
    scenario::read(&text, Library::bundled())
}

fn good(fork: &str, raw: &[u8]) -> Scenario {
    let (scenario, diagnostics) = read(fork, raw);
    assert_eq!(diagnostics, []);
    scenario.unwrap()
}

fn message(fork: &str, raw: &[u8]) -> String {
    let (scenario, diagnostics) = read(fork, raw);
    assert!(scenario.is_none());
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].path, "transactions[0].raw");
    diagnostics[0].message.clone()
}

#[test]
fn legacy_transactions_with_and_without_replay_protection() {
    for chain_id in [Some(1), None] {
        let scenario = good("osaka", &signed(legacy(chain_id)));
        let env = &scenario.transactions[0].env;
        assert_eq!((env.tx_type, env.caller, env.nonce), (0, sender(), 7));
        assert_eq!((env.gas_limit, env.gas_price), (50_000, 5_000_000_000));
        assert_eq!(env.chain_id, chain_id);
        assert_eq!(env.value, U256::from(9));
        assert_eq!(env.data.as_ref(), [1, 2, 3]);
        assert_eq!(env.kind, TxKind::Call(Address::repeat_byte(1)));
        assert_eq!(env.gas_priority_fee, None);
        assert_eq!(scenario.transactions[0].label.as_deref(), Some("signed"));
        // An undeclared sender's account fits its first signed transaction.
        assert_eq!(scenario.accounts[&sender()].nonce, 7);
    }
}

#[test]
fn access_list_transactions() {
    let tx = TxEip2930 {
        chain_id: 1,
        nonce: 1,
        gas_price: 3_000_000_000,
        gas_limit: 60_000,
        to: TxKind::Create,
        value: U256::ZERO,
        access_list: access_list(),
        input: Bytes::from_static(&[0]),
    };
    let scenario = good("berlin", &signed(tx));
    let env = &scenario.transactions[0].env;
    assert_eq!((env.tx_type, env.caller, env.kind), (1, sender(), TxKind::Create));
    assert_eq!(env.access_list, access_list());
}

#[test]
fn fee_market_transactions() {
    let tx = TxEip1559 {
        chain_id: 1,
        nonce: 2,
        gas_limit: 21_000,
        max_fee_per_gas: 4_000_000_000,
        max_priority_fee_per_gas: 2_000_000_000,
        to: TxKind::Call(Address::repeat_byte(1)),
        value: U256::from(1),
        access_list: AccessList::default(),
        input: Bytes::new(),
    };
    let raw = signed(tx);
    let scenario = good("london", &raw);
    let env = &scenario.transactions[0].env;
    assert_eq!((env.tx_type, env.caller), (2, sender()));
    assert_eq!((env.gas_price, env.gas_priority_fee), (4_000_000_000, Some(2_000_000_000)));
    assert!(message("berlin", &raw).contains("exist since london"));
}

#[test]
fn blob_transactions() {
    let mut hash = B256::repeat_byte(5);
    hash[0] = 1;
    let tx = TxEip4844 {
        chain_id: 1,
        nonce: 0,
        gas_limit: 21_000,
        max_fee_per_gas: 4_000_000_000,
        max_priority_fee_per_gas: 1,
        to: Address::repeat_byte(1),
        value: U256::ZERO,
        access_list: AccessList::default(),
        blob_versioned_hashes: vec![hash],
        max_fee_per_blob_gas: 77,
        input: Bytes::new(),
    };
    let scenario = good("cancun", &signed(tx));
    let env = &scenario.transactions[0].env;
    assert_eq!((env.tx_type, env.caller, env.max_fee_per_blob_gas), (3, sender(), 77));
    assert_eq!(env.blob_hashes, [hash]);
}

#[test]
fn delegating_transactions() {
    let authorization =
        Authorization { chain_id: U256::from(1), address: Address::repeat_byte(6), nonce: 4 };
    let good_one = authorization.clone().into_signed(sign(authorization.signature_hash()));
    let bad_signature = Signature::new(U256::ZERO, U256::ZERO, false);
    let bad_one = authorization.into_signed(bad_signature);
    let tx = TxEip7702 {
        chain_id: 1,
        nonce: 3,
        gas_limit: 100_000,
        max_fee_per_gas: 4_000_000_000,
        max_priority_fee_per_gas: 1,
        to: Address::repeat_byte(1),
        value: U256::ZERO,
        access_list: AccessList::default(),
        authorization_list: vec![good_one, bad_one],
        input: Bytes::new(),
    };
    let scenario = good("prague", &signed(tx));
    let env = &scenario.transactions[0].env;
    assert_eq!((env.tx_type, env.caller), (4, sender()));
    let [first, second] = &env.authorization_list[..] else { panic!() };
    assert_eq!((first.authority(), first.nonce()), (Some(sender()), 4));
    assert_eq!(second.authority(), None, "an authorization with a bad signature has no effect");
}

#[test]
fn what_is_wrong_with_signed_transactions_is_said() {
    let raw = signed(legacy(Some(5)));
    assert!(message("osaka", &raw).contains("signed for chain 5"));

    let mut raw = signed(legacy(Some(1)));
    raw.push(0);
    let said = message("osaka", &raw);
    assert!(
        said.contains("behind the signed transaction") || said.contains("not a signed"),
        "{said}"
    );

    // s = n - s gives the same sender and is not allowed since Homestead (EIP-2).
    let tx = legacy(None);
    let low = sign(tx.signature_hash());
    let order = U256::from_str_radix(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        16,
    )
    .unwrap();
    let high = Signature::new(low.r(), order - low.s(), !low.v());
    let raw = Envelope::from(tx.into_signed(high)).encoded_2718();
    assert!(message("homestead", &raw).contains("signature is not valid"));
    assert_eq!(good("frontier", &raw).transactions[0].env.caller, sender());

    // r = 0 is no signature.
    let tx = legacy(None);
    let raw = Envelope::from(tx.into_signed(Signature::new(U256::ZERO, U256::from(1), false)))
        .encoded_2718();
    assert!(message("osaka", &raw).contains("signature is not valid"));

    // A nonce with a leading zero is not canonical RLP.
    let raw = signed(TxEip1559 { chain_id: 1, nonce: 0x81, ..TxEip1559::default() });
    let at = raw.windows(2).position(|pair| pair == [0x81, 0x81]).unwrap();
    let mut padded = raw[..at].to_vec();
    padded.extend([0x82, 0x00, 0x81]);
    padded.extend(&raw[at + 2..]);
    // The list is one byte longer now.
    assert_eq!(padded[1], 0xf8);
    padded[2] += 1;
    assert!(message("osaka", &padded).contains("not a signed transaction"));

    // Every truncation is refused.
    let raw = signed(TxEip1559 { chain_id: 1, ..TxEip1559::default() });
    for length in 0..raw.len() {
        assert!(read("osaka", &raw[..length]).0.is_none());
    }
}
