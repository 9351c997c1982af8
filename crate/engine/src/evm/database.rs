//! revm's window on a [`View`]: every value it loads is a recorded read.

use std::collections::BTreeMap;
use std::sync::Arc;

use evm_lanes_schedule::{Blocked, View};
use revm::Database;
use revm::database_interface::DBErrorMarker;
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::{AccountInfo, Bytecode};

use super::preimages::Recorder;
use super::{Location, Value};

/// The database of one worker's revm instance. The view moves in at the beginning of an attempt and out at its end.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) view: View<Location, Value>,
    /// The fee of this attempt, if it is to be added without reading the fee recipient.
    pub(super) fee: Option<U256>,
    pub(super) block_hashes: Arc<BTreeMap<u64, B256>>,
    /// Remembers what is hashed, where slots are to be named.
    pub(super) recorder: Option<Recorder>,
}

/// An attempt cannot go on: it met an estimate.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("waits for transaction {}", .0.on.0)]
pub(super) struct Stopped(pub(super) Blocked);

impl DBErrorMarker for Stopped {}

impl From<Blocked> for Stopped {
    fn from(blocked: Blocked) -> Self {
        Self(blocked)
    }
}

impl Reader {
    pub(super) fn balance(&mut self, address: Address) -> Result<U256, Stopped> {
        match self.view.read(&Location::Balance(address))? {
            Value::Balance(balance) => Ok(balance),
            other => unreachable!("a balance is no {other:?}"),
        }
    }

    /// The account's epoch, and whether it is written there that it exists.
    pub(super) fn life(&mut self, address: Address) -> Result<(u32, bool), Stopped> {
        match self.view.read(&Location::Life(address))? {
            Value::Life { epoch, exists } => Ok((epoch, exists)),
            other => unreachable!("a life is no {other:?}"),
        }
    }

    pub(super) fn gas_used(&mut self) -> Result<super::GasUsed, Stopped> {
        match self.view.read(&Location::BlockGas)? {
            Value::Gas(used) => Ok(used),
            other => unreachable!("gas is no {other:?}"),
        }
    }
}

impl Database for Reader {
    type Error = Stopped;

    /// An account exists if its life says so or if it is not empty. The second happens to a fee recipient whose
    /// balance was added to without anybody having looked at the account.
    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Stopped> {
        let (_, exists) = self.life(address)?;
        let balance = self.balance(address)?;
        let nonce = match self.view.read(&Location::Nonce(address))? {
            Value::Nonce(nonce) => nonce,
            other => unreachable!("a nonce is no {other:?}"),
        };
        let code = match self.view.read(&Location::Code(address))? {
            Value::Code(code) => code,
            other => unreachable!("code is no {other:?}"),
        };
        if !exists && balance.is_zero() && nonce == 0 && code.hash == KECCAK_EMPTY {
            return Ok(None);
        }
        Ok(Some(AccountInfo {
            balance,
            nonce,
            code_hash: code.hash,
            code: Some(code.bytecode),
            account_id: None,
        }))
    }

    /// Never asked: [`Self::basic`] always brings the code.
    fn code_by_hash(&mut self, _hash: B256) -> Result<Bytecode, Stopped> {
        Ok(Bytecode::default())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Stopped> {
        let (life, _) = self.life(address)?;
        match self.view.read(&Location::Slot(address, slot))? {
            Value::Slot { value, epoch } => Ok(if epoch == life { value } else { U256::ZERO }),
            other => unreachable!("a slot is no {other:?}"),
        }
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Stopped> {
        Ok(self.block_hashes.get(&number).copied().unwrap_or_default())
    }
}
