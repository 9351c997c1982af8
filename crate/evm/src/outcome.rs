//! How a transaction ended.

use revm::context::result::{
    EVMError, ExecutionResult, HaltReason, InvalidHeader, InvalidTransaction,
};

use crate::database::Stopped;

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
    /// From what revm returns; an error if the attempt met an estimate.
    pub(crate) fn of(
        result: Result<ExecutionResult<HaltReason>, EVMError<Stopped>>,
    ) -> Result<Self, Stopped> {
        Ok(match result {
            Ok(result) => Self::Included(result),
            Err(EVMError::Database(stopped)) => return Err(stopped),
            Err(EVMError::Transaction(reason)) => Self::Invalid(Invalid::Transaction(reason)),
            Err(EVMError::Header(reason)) => Self::Invalid(Invalid::Block(reason)),
            Err(EVMError::Custom(reason)) => Self::Invalid(Invalid::Other(reason)),
            Err(EVMError::CustomAny(reason)) => Self::Invalid(Invalid::Other(reason.to_string())),
        })
    }

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
