//! Which transactions still fit into the block.
//!
//! Whether transaction `i` fits depends on the gas that all transactions before it really used. Modelled as a read of
//! their sum, that would put every block whose gas *limits* add up to more than the block's into one line, although
//! what is *used* nearly always fits. So a block is first executed as if all transactions fitted; afterwards
//! [`must_ask_from`] checks that. Only if some transaction was to be refused, the block runs again with
//! [`Admission::From`]: the sum is then a location that the transactions from there on read. What stands before the one
//! to be refused is proven to fit, so two runs always suffice.

use revm::context::{BlockEnv, Cfg as _, CfgEnv, TxEnv};
use revm::primitives::hardfork::SpecId;

use crate::{GasUsed, Invalid, Outcome};

/// Which transactions ask for room in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// None: all are taken to fit, to be checked afterwards.
    Assumed,
    /// This one and all after it; those before are known to fit.
    From(usize),
}

/// What a block's transactions share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockLimits {
    gas: u64,
    blobs: u64,
    /// The most regular gas one transaction can use (EIP-7825).
    transaction_cap: u64,
    /// Gas for state growth is counted apart (EIP-8037).
    two_lanes: bool,
    /// What is refunded to a sender does not make room for others (EIP-7778).
    before_refunds: bool,
}

/// From where on transactions must ask, given how all of them ended without asking: `None` if none would have been
/// refused, else the last one included before the first refusal. That one would not need to ask, but it writes the sum
/// of what those before it added, so that those behind depend on it alone.
pub(crate) fn must_ask_from(
    limits: &BlockLimits,
    transactions: &[TxEnv],
    outcomes: &[Outcome],
) -> Option<usize> {
    let mut used = GasUsed::default();
    let mut last_included = None;
    for (index, (transaction, outcome)) in transactions.iter().zip(outcomes).enumerate() {
        if limits.admit(transaction, used).is_err() {
            return last_included.or(Some(index));
        }
        used = used.plus(limits.used_by(transaction, outcome));
        if outcome.included().is_some() {
            last_included = Some(index);
        }
    }
    None
}

impl BlockLimits {
    pub(crate) fn new(cfg: &CfgEnv, block: &BlockEnv, max_blobs: u64) -> Self {
        Self {
            gas: block.gas_limit,
            blobs: max_blobs,
            transaction_cap: cfg.tx_gas_limit_cap(),
            two_lanes: cfg.is_amsterdam_eip8037_enabled(),
            before_refunds: cfg.spec.is_enabled_in(SpecId::AMSTERDAM),
        }
    }

    /// Whether a transaction may be included once `used` is gone. One that could not even be alone in the block is
    /// left to revm, which says so in its own words.
    pub(crate) fn admit(&self, transaction: &TxEnv, used: GasUsed) -> Result<(), Invalid> {
        let gas_limit = transaction.gas_limit;
        if gas_limit <= self.gas {
            let regular_left = self.gas.saturating_sub(used.regular);
            let regular =
                if self.two_lanes { gas_limit.min(self.transaction_cap) } else { gas_limit };
            if regular > regular_left {
                return Err(Invalid::BlockGas { gas_limit, left: regular_left });
            }
            let state_left = self.gas.saturating_sub(used.state);
            if self.two_lanes && gas_limit > state_left {
                return Err(Invalid::BlockGas { gas_limit, left: state_left });
            }
        }
        let blobs = transaction.blob_hashes.len() as u64;
        let blobs_left = self.blobs.saturating_sub(used.blobs);
        if blobs <= self.blobs && blobs > blobs_left {
            return Err(Invalid::Blobs { blobs, left: blobs_left });
        }
        Ok(())
    }

    /// What a transaction takes from the block.
    pub(crate) fn used_by(&self, transaction: &TxEnv, outcome: &Outcome) -> GasUsed {
        let Some(result) = outcome.included() else { return GasUsed::default() };
        let gas = result.gas();
        let (regular, state) = if self.before_refunds {
            (gas.block_regular_gas_used(), gas.block_state_gas_used())
        } else {
            (gas.tx_gas_used(), 0)
        };
        GasUsed { regular, state, blobs: transaction.blob_hashes.len() as u64 }
    }
}
