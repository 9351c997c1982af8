//! What every transaction of a block shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use revm::context::{BlockEnv, CfgEnv, TxEnv};
use revm::primitives::B256;
use revm::primitives::hardfork::SpecId;

use crate::admission::BlockLimits;
use crate::{GasUsed, Outcome};

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
    /// `block` under the rules of `fork`, with mainnet's blobs. `block_hashes` are those of earlier blocks by number.
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
        Self::with_configuration(cfg, block, block_hashes, max_blobs_per_block(fork))
    }

    /// The same for any chain: `cfg` says how many blobs a transaction may carry, and `max_blobs` how many a block.
    pub fn with_configuration(
        cfg: CfgEnv,
        block: BlockEnv,
        block_hashes: BTreeMap<u64, B256>,
        max_blobs: u64,
    ) -> Self {
        let limits = BlockLimits::new(&cfg, &block, max_blobs);
        Self { cfg, block, block_hashes: Arc::new(block_hashes), limits }
    }

    /// The fork in force.
    pub fn fork(&self) -> SpecId {
        self.cfg.spec
    }

    /// What the block has used of its limits, given how its transactions ended.
    pub fn used(&self, transactions: &[TxEnv], outcomes: &[Outcome]) -> GasUsed {
        let pairs = transactions.iter().zip(outcomes);
        pairs.fold(GasUsed::default(), |used, (transaction, outcome)| {
            used.plus(self.limits.used_by(transaction, outcome))
        })
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

/// EIP-4844; EIP-7691; EIP-7892's second blob-parameter fork, in force before Amsterdam.
fn max_blobs_per_block(fork: SpecId) -> u64 {
    match fork {
        fork if fork < SpecId::CANCUN => 0,
        SpecId::CANCUN => 6,
        SpecId::PRAGUE | SpecId::OSAKA => 9,
        _ => 21,
    }
}
