//! What stands behind a revm instance.

use revm::Database;
use revm::primitives::{Address, B256, U256};
use revm::state::{AccountId, AccountInfo, Bytecode};

use crate::baseline::World;
use crate::database::{Reader, Stopped};
use crate::slots::Slots;

/// What a revm instance reads from: all of the state, or an attempt's view of it.
#[derive(Debug)]
pub(crate) enum Source {
    /// Of the specification.
    World(World),
    /// Of an attempt.
    View(Reader),
}

impl Source {
    /// Of the specification.
    pub(crate) fn world(&mut self) -> &mut World {
        match self {
            Self::World(world) => world,
            Self::View(_) => unreachable!("the specification reads no view"),
        }
    }

    /// The same, to keep.
    pub(crate) fn into_world(self) -> World {
        match self {
            Self::World(world) => world,
            Self::View(_) => unreachable!("the specification reads no view"),
        }
    }

    /// Of an attempt.
    pub(crate) fn view(&mut self) -> &mut Reader {
        match self {
            Self::View(reader) => reader,
            Self::World(_) => unreachable!("an attempt sees the state through its view only"),
        }
    }

    /// Credits the fee recipient without loading it.
    pub(crate) fn add_fee(&mut self, recipient: Address, fee: U256) {
        match self {
            Self::World(world) => world.add_fee(recipient, fee),
            Self::View(reader) => reader.fee = Some(fee),
        }
    }

    /// Where an attempt that may add to storage notes what it finds out.
    pub(crate) fn slots(&mut self) -> Option<&mut Slots> {
        match self {
            Self::World(_) => None,
            Self::View(reader) => reader.slots.as_deref_mut(),
        }
    }
}

impl Source {
    /// Whether the account still has the storage it had before the block.
    pub(crate) fn has_old_storage(&mut self, address: Address) -> Result<bool, Stopped> {
        match self {
            Self::World(world) => Ok(world.has_old_storage(address)),
            Self::View(reader) => reader.has_old_storage(address),
        }
    }
}

impl Database for Source {
    type Error = Stopped;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Stopped> {
        match self {
            Self::World(world) => Ok(world.basic(address)),
            Self::View(reader) => reader.basic(address),
        }
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, Stopped> {
        Ok(match self {
            Self::World(world) => world.code(&hash),
            Self::View(reader) => reader.prestate.code(&hash),
        })
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Stopped> {
        match self {
            Self::World(world) => Ok(world.storage(address, slot)),
            Self::View(reader) => reader.storage(address, slot),
        }
    }

    fn storage_by_account_id(
        &mut self,
        address: Address,
        id: AccountId,
        slot: U256,
    ) -> Result<U256, Stopped> {
        match self {
            Self::World(world) => Ok(world.storage(address, slot)),
            Self::View(reader) => reader.storage_by_account_id(address, id, slot),
        }
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Stopped> {
        Ok(match self {
            Self::World(world) => world.block_hash(number),
            Self::View(reader) => reader.block_hash(number),
        })
    }
}
