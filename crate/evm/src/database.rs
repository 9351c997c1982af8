//! revm's window on a [`View`]: every value it loads is a recorded read.

use std::collections::BTreeMap;
use std::sync::Arc;

use evm_lanes_schedule::{Blocked, Family, View};
use revm::database_interface::DBErrorMarker;
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::{AccountId, AccountInfo};

use crate::balances::Balances;
use crate::preimages::Recorder;
use crate::prestate::{Fields, PreState};
use crate::slots::Slots;
use crate::{Code, GasUsed, Location, Value};

/// The database of one worker's revm instance. The view moves in at the beginning of an attempt and out at its end.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) view: View<Location, Value>,
    /// The fee of this attempt, if it is to be added without reading the fee recipient.
    pub(crate) fee: Option<U256>,
    /// What this attempt has found out about balances, if changes of them are to be additions.
    pub(crate) balances: Option<Box<Balances>>,
    /// What it has found out about storage, likewise.
    pub(crate) slots: Option<Box<Slots>>,
    /// The accounts this attempt has loaded; an account's id in revm is its place here, so that reading a slot costs one
    /// look-up and not two.
    pub(crate) loaded: Vec<Loaded>,
    /// The last account that did not exist; revm keeps no id of those.
    pub(crate) missing: Option<(Address, Loaded)>,
    /// The state before the block, which is also the base of what the view reads.
    pub(crate) prestate: Arc<PreState>,
    pub(crate) block_hashes: Arc<BTreeMap<u64, B256>>,
    /// Remembers what is hashed, where slots are to be named.
    pub(crate) recorder: Option<Recorder>,
}

/// What is known of an account from loading it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loaded {
    pub(crate) life: Life,
    /// Of its fields' locations.
    pub(crate) family: Family,
    pub(crate) balance: U256,
    pub(crate) nonce: u64,
    pub(crate) code_hash: B256,
}

/// An account's life, as read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) epoch: u32,
    /// It is written that it exists.
    pub(crate) exists: bool,
}

/// An attempt cannot go on: it met an estimate.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("waits for transaction {}", .0.on.0)]
pub(crate) struct Stopped(pub(crate) Blocked);

impl DBErrorMarker for Stopped {}

impl From<Blocked> for Stopped {
    fn from(blocked: Blocked) -> Self {
        Self(blocked)
    }
}

impl Reader {
    /// An account exists if its life says so or if it is not empty. The second happens to a fee recipient whose
    /// balance was added to without anybody having looked at the account.
    pub(crate) fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Stopped> {
        let fields = [
            Location::Life(address),
            Location::Balance(address),
            Location::Nonce(address),
            Location::Code(address),
        ];
        let family = self.view.family(&fields[0]);
        let base = || {
            let Fields { exists, balance, nonce, code } = self.prestate.fields(&address);
            let life = Value::Life { epoch: 0, exists };
            [life, Value::Balance(balance), Value::Nonce(nonce), Value::Code(code)]
        };
        let [
            Value::Life { epoch, exists },
            Value::Balance(balance),
            Value::Nonce(nonce),
            Value::Code(code),
        ] = self.view.read_each(family, fields, base)?
        else {
            unreachable!("a field has a value of its kind")
        };
        if !exists && balance.is_zero() && nonce == 0 && code.hash == KECCAK_EMPTY {
            self.missing = Some((address, Loaded::missing(Life { epoch, exists }, family)));
            return Ok(None);
        }
        let account_id = AccountId::new(self.loaded.len());
        let life = Life { epoch, exists };
        let Code { hash: code_hash, bytecode } = code;
        self.loaded.push(Loaded { life, family, balance, nonce, code_hash });
        // Code from before the block is asked for by its hash, if it is needed.
        Ok(Some(AccountInfo { balance, nonce, code_hash, code: bytecode, account_id }))
    }

    pub(crate) fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Stopped> {
        let life = self.read_life(address)?;
        self.slot(address, slot, life)
    }

    pub(crate) fn storage_by_account_id(
        &mut self,
        address: Address,
        id: AccountId,
        slot: U256,
    ) -> Result<U256, Stopped> {
        match self.loaded.get(id.get()) {
            Some(&Loaded { life, .. }) => self.slot(address, slot, life),
            None => self.storage(address, slot),
        }
    }

    /// Whether the account still has the storage it had before the block.
    pub(crate) fn has_old_storage(&mut self, address: Address) -> Result<bool, Stopped> {
        Ok(self.prestate.has_storage(&address) && self.read_life(address)?.epoch == 0)
    }

    pub(crate) fn block_hash(&self, number: u64) -> B256 {
        self.block_hashes.get(&number).copied().unwrap_or_default()
    }

    /// An account that this attempt has loaded.
    pub(crate) fn loaded(
        &mut self,
        address: Address,
        info: &AccountInfo,
    ) -> Result<Loaded, Stopped> {
        let loaded = info.account_id.and_then(|id| self.loaded.get(id.get()));
        match (loaded, &self.missing) {
            (Some(loaded), _) => Ok(*loaded),
            (None, Some((missing, loaded))) if *missing == address => Ok(*loaded),
            // Another one that did not exist.
            _ => {
                let family = self.view.family(&Location::Life(address));
                Ok(Loaded::missing(self.read_life(address)?, family))
            }
        }
    }

    pub(crate) fn gas_used(&mut self) -> Result<GasUsed, Stopped> {
        match self.view.read(&Location::BlockGas)? {
            Value::Gas(used) => Ok(used),
            other => unreachable!("gas is no {other:?}"),
        }
    }

    fn read_life(&mut self, address: Address) -> Result<Life, Stopped> {
        match self.view.read(&Location::Life(address))? {
            Value::Life { epoch, exists } => Ok(Life { epoch, exists }),
            other => unreachable!("a life is no {other:?}"),
        }
    }

    fn slot(&mut self, address: Address, slot: U256, life: Life) -> Result<U256, Stopped> {
        match self.view.read(&Location::Slot(address, slot))? {
            Value::Slot { value, epoch } if epoch == life.epoch => {
                if let Some(slots) = &mut self.slots {
                    slots.read(address, slot, epoch, value);
                }
                Ok(value)
            }
            Value::Slot { .. } => Ok(U256::ZERO),
            other => unreachable!("a slot is no {other:?}"),
        }
    }
}

impl Loaded {
    /// It has nothing.
    fn missing(life: Life, family: Family) -> Self {
        let (balance, nonce, code_hash) = (U256::ZERO, 0, KECCAK_EMPTY);
        Self { life, family, balance, nonce, code_hash }
    }
}
