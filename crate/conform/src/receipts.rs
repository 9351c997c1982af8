//! What a block's header says about its transactions' outcomes: gas, bloom and receipts.

use alloy_primitives::{Bloom, Log, keccak256};
use alloy_rlp::{BufMut, Encodable};
use alloy_trie::root::ordered_trie_root_encoded;
use evm_lanes_evm::Outcome;
use revm::primitives::B256;

/// A block's receipts, from Byzantium on. (Before, they held the state root after each transaction.)
#[derive(Debug)]
pub(crate) struct Receipts(Vec<Receipt>);

#[derive(Debug)]
struct Receipt {
    kind: u8,
    success: bool,
    cumulative_gas: u64,
    bloom: Bloom,
    logs: Vec<Log>,
}

impl Receipts {
    /// The receipts of transactions of these types that ended like this.
    pub(crate) fn new(kinds: impl Iterator<Item = u8>, outcomes: &[Outcome]) -> Self {
        let mut cumulative_gas = 0;
        let receipts = kinds.zip(outcomes).filter_map(|(kind, outcome)| {
            let result = outcome.included()?;
            cumulative_gas += outcome.gas_used();
            let logs = result.logs().to_vec();
            let bloom = logs.iter().collect();
            Some(Receipt { kind, success: result.is_success(), cumulative_gas, bloom, logs })
        });
        Self(receipts.collect())
    }

    /// Of all logs.
    pub(crate) fn bloom(&self) -> Bloom {
        self.0.iter().fold(Bloom::ZERO, |all, receipt| all | receipt.bloom)
    }

    /// Root of the receipts' trie.
    pub(crate) fn root(&self) -> B256 {
        let encoded: Vec<_> = self.0.iter().map(Receipt::encoded).collect();
        ordered_trie_root_encoded(&encoded)
    }

    /// Keccak-256 of the RLP list of all logs, as state tests have it.
    pub(crate) fn logs_hash(&self) -> B256 {
        let logs: Vec<&Log> = self.0.iter().flat_map(|receipt| &receipt.logs).collect();
        let mut bytes = Vec::new();
        alloy_rlp::encode_list::<_, Log>(&logs, &mut bytes);
        keccak256(&bytes)
    }
}

impl Receipt {
    /// RLP, behind the type unless that is 0 (EIP-2718).
    fn encoded(&self) -> Vec<u8> {
        let payload = self.success.length()
            + self.cumulative_gas.length()
            + self.bloom.length()
            + self.logs.length();
        let mut bytes = Vec::with_capacity(payload + 8);
        if self.kind != 0 {
            bytes.put_u8(self.kind);
        }
        alloy_rlp::Header { list: true, payload_length: payload }.encode(&mut bytes);
        self.success.encode(&mut bytes);
        self.cumulative_gas.encode(&mut bytes);
        self.bloom.encode(&mut bytes);
        self.logs.encode(&mut bytes);
        bytes
    }
}
