//! What a block does before and after its transactions: system calls, requests to the consensus layer, withdrawals and
//! rewards. All of it is sequential, on stock revm: it is little work, and the transactions stand between its halves.

use std::collections::BTreeMap;

use revm::context::result::ExecutionResult;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, Log, U256, address, b256};

use crate::bal::{self, AccessList, AccountChanges, BalanceChange, BlockAccessIndex};
use crate::{Baseline, Environment, Outcome, State};

/// What surrounds a block's transactions. Everything that came with a fork is done from that fork on.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Hash of the parent block, stored for contracts from Prague on (EIP-2935).
    pub parent_hash: B256,
    /// Root of the parent's beacon block, stored for contracts from Cancun on (EIP-4788).
    pub parent_beacon_block_root: B256,
    /// What accounts are given after the transactions, in wei: withdrawals (EIP-4895), or the miners' rewards.
    pub credits: Vec<(Address, U256)>,
    /// Builders' requests are collected as well (EIP-8282).
    pub builder_requests: bool,
}

/// A block's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The state on which its first transaction runs.
    pub before: State,
    /// What was touched, as index 0 of the block's access list.
    pub list: AccessList,
}

/// A block's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The state after the block.
    pub after: State,
    /// What the block asks of the consensus layer (EIP-7685), sorted by type: the type byte and the data of each type
    /// of which there are any. Empty before Prague.
    pub requests: Vec<Bytes>,
    /// What was touched, as the last index of the block's access list.
    pub list: AccessList,
}

/// A block whose frame cannot be executed is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A contract that collects requests is not there.
    #[error("there is no code at the system contract {0}")]
    NoContract(Address),
    /// A contract that collects requests failed.
    #[error("the call of the system contract {0} failed")]
    Failed(Address),
    /// A log of the deposit contract is not as that contract makes them (EIP-6110).
    #[error("a deposit's log has the wrong layout")]
    Deposit,
}

/// EIP-4788.
const BEACON_ROOTS: Address = address!("000F3df6D732807Ef1319fB7B8bB8522d0Beac02");
/// EIP-2935.
const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");
/// EIP-6110, on mainnet.
const DEPOSITS: Address = address!("00000000219ab540356cBB839Cbe05303d7705Fa");
/// Keccak-256 of `DepositEvent(bytes,bytes,bytes,bytes,bytes)`.
const DEPOSIT_EVENT: B256 =
    b256!("649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

/// Contracts that collect requests, with the request's type: EIP-7002, EIP-7251.
const REQUESTS: [(u8, Address); 2] = [
    (1, address!("00000961Ef480Eb55e80D19ad83579A64c007002")),
    (2, address!("0000BBdDc7CE488642fb579F8B00f3a590007251")),
];
/// EIP-8282.
const BUILDER_REQUESTS: [(u8, Address); 2] = [
    (3, address!("0000BFF46984E3725691FA540A8C7589300D8282")),
    (4, address!("000064D678505AD48F8CCB093BC65613800E8282")),
];

impl Frame {
    /// What comes before the block's first transaction. Calls that fail change nothing.
    pub fn open(&self, environment: &Environment, before: State) -> Opened {
        let fork = environment.fork();
        if !fork.is_enabled_in(SpecId::CANCUN) {
            return Opened { before, list: AccessList::default() };
        }
        let index = BlockAccessIndex::PRE_EXECUTION;
        let mut baseline = Baseline::new(environment, &before).listing(index);
        let mut store = |contract, value: B256| baseline.system_call(contract, value.into());
        store(BEACON_ROOTS, self.parent_beacon_block_root);
        if fork.is_enabled_in(SpecId::PRAGUE) {
            store(HISTORY, self.parent_hash);
        }
        let list = baseline.list();
        Opened { before: baseline.state(), list }
    }

    /// The end of the block, given how its transactions ended and the state after the last of them.
    pub fn close(
        &self,
        environment: &Environment,
        mut after: State,
        outcomes: &[Outcome],
    ) -> Result<Closed, FrameError> {
        let fork = environment.fork();
        let index = BlockAccessIndex::from_tx_index(outcomes.len() as u64);
        let credited = self.credit(&mut after, fork, index);
        if !fork.is_enabled_in(SpecId::PRAGUE) {
            return Ok(Closed { after, requests: Vec::new(), list: credited });
        }

        let mut requests = vec![(0, deposits(outcomes)?)];
        let builders = BUILDER_REQUESTS.into_iter().filter(|_| self.builder_requests);
        let mut baseline = Baseline::new(environment, &after).listing(index);
        for (kind, contract) in REQUESTS.into_iter().chain(builders) {
            if after.get(&contract).is_none_or(|account| account.code.is_none()) {
                return Err(FrameError::NoContract(contract));
            }
            match baseline.system_call(contract, Bytes::new()) {
                Some(ExecutionResult::Success { output, .. }) => {
                    requests.push((kind, output.into_data().into()));
                }
                _ => return Err(FrameError::Failed(contract)),
            }
        }
        requests.retain(|(_, data): &(u8, Vec<u8>)| !data.is_empty());
        let requests = requests.into_iter().map(|(kind, data)| {
            let mut bytes = vec![kind];
            bytes.extend(data);
            bytes.into()
        });
        let requests = requests.collect();
        let list = bal::join([credited, baseline.list()]);
        Ok(Closed { after: baseline.state(), requests, list })
    }

    /// Gives what is to be given, and says whose balance is another now, or was only touched.
    fn credit(&self, after: &mut State, fork: SpecId, index: BlockAccessIndex) -> AccessList {
        fn balance(state: &State, address: &Address) -> U256 {
            state.get(address).map_or(U256::ZERO, |account| account.balance)
        }
        let before: BTreeMap<Address, U256> =
            self.credits.iter().map(|(address, _)| (*address, balance(after, address))).collect();
        for (address, amount) in &self.credits {
            if !amount.is_zero() {
                let balance = &mut after.entry(*address).or_default().balance;
                *balance = balance.saturating_add(*amount);
            } else if fork.is_enabled_in(SpecId::SPURIOUS_DRAGON)
                && after.get(address).is_some_and(|account| account.is_empty())
            {
                // Even a withdrawal of nothing touches the account, and what is touched and empty goes (EIP-161).
                after.remove(address);
            }
        }
        let touched = before.into_iter().map(|(address, before)| {
            let now = balance(after, &address);
            let account = AccountChanges::new(address);
            match now == before {
                true => account,
                false => account.with_balance_change(BalanceChange::new(index, now)),
            }
        });
        touched.collect::<Vec<_>>().into()
    }
}

/// The deposits of a block, one behind the other (EIP-6110).
fn deposits(outcomes: &[Outcome]) -> Result<Vec<u8>, FrameError> {
    let logs = outcomes.iter().filter_map(Outcome::included).flat_map(|result| result.logs());
    let mut deposits = Vec::new();
    for log in logs {
        if log.address == DEPOSITS && log.topics().first() == Some(&DEPOSIT_EVENT) {
            deposits.extend(deposit(log).ok_or(FrameError::Deposit)?);
        }
    }
    Ok(deposits)
}

/// Public key, withdrawal credentials, amount, signature and index of a deposit, without their lengths and padding.
fn deposit(log: &Log) -> Option<Vec<u8>> {
    // Where each field's length stands in the event's data, and what it must be.
    const FIELDS: [(usize, usize); 5] = [(160, 48), (256, 32), (320, 8), (384, 96), (512, 8)];
    const LENGTH: usize = 576;
    let data = &log.data.data;
    if data.len() != LENGTH {
        return None;
    }
    let word = |at: usize| U256::from_be_slice(&data[at..at + 32]);
    let mut deposit = Vec::with_capacity(192);
    for (index, (at, length)) in FIELDS.into_iter().enumerate() {
        if word(index * 32) != U256::from(at) || word(at) != U256::from(length) {
            return None;
        }
        deposit.extend(&data[at + 32..at + 32 + length]);
    }
    Some(deposit)
}
