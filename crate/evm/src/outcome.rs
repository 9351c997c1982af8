//! How a transaction ended.

use revm::context::result::{ExecutionResult, HaltReason, InvalidHeader, InvalidTransaction};

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was included: it succeeded, reverted or halted.
    Included(ExecutionResult<HaltReason>),
    /// It could not be included and changed nothing.
    Invalid(Invalid),
}

/// Why a transaction could not be included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Nonce, funds, intrinsic gas, code at the sender, ….
    #[error("{0}")]
    Transaction(InvalidTransaction),
    /// The block's environment lacks something its fork needs.
    #[error("{0}")]
    Block(InvalidHeader),
    /// Its gas limit exceeds what the transactions before it have left of the block's.
    #[error("its gas limit is {gas_limit}, but the block has {left} gas left")]
    BlockGas {
        /// What it asks for.
        gas_limit: u64,
        /// What is left.
        left: u64,
    },
    /// It carries more blobs than the transactions before it have left of the block's.
    #[error("it carries {blobs} blob(s), but the block has room for {left}")]
    Blobs {
        /// How many it carries.
        blobs: u64,
        /// How many would fit.
        left: u64,
    },
    /// revm gave up for a reason that is neither the transaction's nor the block's.
    #[error("{0}")]
    Other(String),
}

impl Outcome {
    /// The result, if it was included.
    pub fn included(&self) -> Option<&ExecutionResult<HaltReason>> {
        match self {
            Self::Included(result) => Some(result),
            Self::Invalid(_) => None,
        }
    }

    /// What its sender paid for; 0 if it was not included.
    pub fn gas_used(&self) -> u64 {
        self.included().map_or(0, ExecutionResult::tx_gas_used)
    }
}
