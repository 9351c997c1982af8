//! What every transaction of a block shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use revm::context::{BlockEnv, CfgEnv};
use revm::primitives::B256;
use revm::primitives::hardfork::SpecId;

use crate::admission::BlockLimits;

/// The rules and the block, shared by all workers.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Fork, chain id and limits.
    pub(crate) cfg: CfgEnv,
    /// Number, time, fee recipient, ….
    pub(crate) block: BlockEnv,
    /// For `BLOCKHASH`; a block that is not listed has hash zero.
    pub(crate) block_hashes: Arc<BTreeMap<u64, B256>>,
    /// What the transactions share.
    pub(crate) limits: BlockLimits,
}

impl Environment {
    /// `block` under the rules of `fork`. `block_hashes` are those of earlier blocks by number.
    pub fn new(
        fork: SpecId,
        chain_id: u64,
        block: BlockEnv,
        block_hashes: BTreeMap<u64, B256>,
    ) -> Self {
        let mut cfg = CfgEnv::new_with_spec(fork).with_chain_id(chain_id);
        if let Some(blobs) = max_blobs_per_transaction(fork) {
            cfg.set_max_blobs_per_tx(blobs);
        }
        let limits = BlockLimits::new(&cfg, &block);
        Self { cfg, block, block_hashes: Arc::new(block_hashes), limits }
    }
}

/// EIP-4844, raised by EIP-7691; EIP-7594 caps each transaction at 6 from Osaka on.
fn max_blobs_per_transaction(fork: SpecId) -> Option<u64> {
    match fork {
        fork if fork < SpecId::CANCUN => None,
        SpecId::PRAGUE => Some(9),
        _ => Some(6),
    }
}
