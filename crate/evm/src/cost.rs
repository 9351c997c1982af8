//! What things cost in virtual time.

use evm_lanes_schedule::{Blocked, Cost, TxIndex};

use crate::{Machine, Outcome};

/// How long attempts and validations take in virtual time.
#[derive(Clone, Debug)]
pub enum Costs {
    /// An attempt takes the gas it used. Looking at a value takes [`READ_GAS`], what a warm read costs in the EVM: so
    /// much for each read of a validation, of an attempt that ended blocked, and of a transaction that turned out to
    /// be invalid.
    Gas,
    /// An attempt takes the nanoseconds that stock revm took for the transaction. Looking at a value takes
    /// [`READ_NANOSECONDS`].
    Time(Vec<u64>),
}

/// Gas for looking at one value (EIP-2929's warm read).
pub const READ_GAS: u64 = 100;
/// Nanoseconds for looking at one value.
pub const READ_NANOSECONDS: u64 = 50;

impl Costs {
    /// What one attempt that ended with `outcome` costs.
    pub fn of(&self, transaction: usize, outcome: &Outcome, reads: usize) -> u64 {
        match (self, outcome) {
            (Self::Gas, Outcome::Included(result)) => result.tx_gas_used(),
            (Self::Gas, Outcome::Invalid(_)) => self.reads(reads),
            // The clock may be too coarse to see it, but nothing takes no time.
            (Self::Time(nanoseconds), _) => {
                nanoseconds.get(transaction).map_or(1, |time| (*time).max(1))
            }
        }
    }

    fn reads(&self, reads: usize) -> u64 {
        let each = match self {
            Self::Gas => READ_GAS,
            Self::Time(_) => READ_NANOSECONDS,
        };
        each * reads.max(1) as u64
    }
}

impl Cost<Machine> for Costs {
    fn attempt(&self, tx: TxIndex, result: Result<&Outcome, &Blocked>, reads: usize) -> u64 {
        match result {
            Ok(outcome) => self.of(tx.0 as usize, outcome, reads),
            Err(_) => self.reads(reads),
        }
    }

    fn validation(&self, _tx: TxIndex, reads: usize) -> u64 {
        self.reads(reads)
    }
}
