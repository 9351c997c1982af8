//! Where state lives and what lives there.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use evm_lanes_schedule as schedule;
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256};
use revm::state::Bytecode;

/// One independently versioned piece of world state. Finer than an account, so that a payment to an account does not
/// conflict with a call of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// An account's balance.
    Balance(Address),
    /// An account's nonce.
    Nonce(Address),
    /// An account's code.
    Code(Address),
    /// Whether an account exists, and since when.
    Life(Address),
    /// A storage slot.
    Slot(Address, U256),
    /// The gas that the transactions included so far have used. Touched only where a block's gas limit could bind
    /// (see `admission.rs`).
    BlockGas,
}

/// What lives at a [`Location`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd)]
pub enum Value {
    /// In wei.
    Balance(U256),
    /// Transactions sent, or contracts created.
    Nonce(u64),
    /// The code.
    Code(Code),
    /// An account's current life.
    Life {
        /// 0 for the state before the block, `i + 1` if transaction `i` began or ended this life.
        epoch: u32,
        /// Whether the account exists. An account whose balance was only ever added to (fees) exists as well although
        /// nobody has written so here: see `database.rs`.
        exists: bool,
    },
    /// A slot's content.
    Slot {
        /// The life of the account it was written in. In any other life the slot reads as zero, so a destroyed and
        /// re-created account needs no list of the slots it had.
        epoch: u32,
        /// The content.
        value: U256,
    },
    /// Gas used by the block so far.
    Gas(GasUsed),
}

/// A contract's code, compared by hash.
#[derive(Clone, Debug)]
pub struct Code {
    /// Keccak-256 of the code.
    pub hash: B256,
    /// The code; `None` where there is none, and for code from before the block, which is found by its hash. A reference to
    /// it would be counted for each copy of this value, and all workers would wait for one counter.
    pub bytecode: Option<Bytecode>,
}

/// What a block has used of each of its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd)]
pub struct GasUsed {
    /// Gas as receipts count it; from Amsterdam on (EIP-8037) only the part that is not for state growth.
    pub regular: u64,
    /// Gas for state growth (EIP-8037).
    pub state: u64,
    /// Blobs (EIP-4844).
    pub blobs: u64,
}

impl Default for Code {
    fn default() -> Self {
        Self { hash: KECCAK_EMPTY, bytecode: None }
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.hash.partial_cmp(&other.hash)
    }
}

impl GasUsed {
    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            regular: self.regular.saturating_add(other.regular),
            state: self.state.saturating_add(other.state),
            blobs: self.blobs.saturating_add(other.blobs),
        }
    }
}

/// An account's four fields are a family: revm always loads them together. Every slot is on its own.
impl schedule::Location for Location {
    fn same_family(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Slot(address, slot), Self::Slot(other, other_slot)) => {
                slot == other_slot && address == other
            }
            (Self::Slot(..), _) | (_, Self::Slot(..)) => false,
            _ => self.account() == other.account(),
        }
    }

    /// All of the key in whole words. What is derived feeds a hasher with single bytes and lengths, which took a good
    /// part of the time of a raw transfer.
    fn hash_family<H: Hasher>(&self, state: &mut H) {
        let (address, slot) = match self {
            Self::Balance(address)
            | Self::Nonce(address)
            | Self::Code(address)
            | Self::Life(address) => (address, None),
            Self::Slot(address, slot) => (address, Some(slot)),
            Self::BlockGas => (&Address::ZERO, None),
        };
        let [a, b, c, d, e] = *address.as_chunks::<4>().0 else { unreachable!("20 bytes") };
        let word = |low: [u8; 4], high: [u8; 4]| {
            u64::from(u32::from_ne_bytes(low)) | u64::from(u32::from_ne_bytes(high)) << 32
        };
        state.write_u64(word(a, b));
        state.write_u64(word(c, d));
        state.write_u64(word(e, [0; 4]));
        for limb in slot.map(U256::as_limbs).into_iter().flatten() {
            state.write_u64(*limb);
        }
    }
}

/// As a family, and which of it.
impl Hash for Location {
    fn hash<H: Hasher>(&self, state: &mut H) {
        schedule::Location::hash_family(self, state);
        std::mem::discriminant(self).hash(state);
    }
}

impl Location {
    /// The account it belongs to.
    pub fn account(&self) -> Option<Address> {
        match *self {
            Self::Balance(address)
            | Self::Nonce(address)
            | Self::Code(address)
            | Self::Life(address)
            | Self::Slot(address, _) => Some(address),
            Self::BlockGas => None,
        }
    }
}

impl schedule::Value for Value {
    /// Additions are made to balances, slots and the block's gas. What is taken away is added too, modulo 2²⁵⁶: the guards
    /// see to it that what is committed is right. What is added in a slot's later life is all that counts.
    fn plus(&self, amount: &Self) -> Self {
        match (self, amount) {
            (Self::Balance(a), Self::Balance(b)) => Self::Balance(a.wrapping_add(*b)),
            (Self::Slot { epoch, value: a }, Self::Slot { epoch: life, value: b }) => {
                match epoch.cmp(life) {
                    Ordering::Less => amount.clone(),
                    Ordering::Equal => Self::Slot { epoch: *epoch, value: a.wrapping_add(*b) },
                    Ordering::Greater => self.clone(),
                }
            }
            (Self::Gas(a), Self::Gas(b)) => Self::Gas(a.plus(*b)),
            _ => unreachable!("{amount:?} is never added to {self:?}"),
        }
    }
}
