//! What a block does before and after its transactions: system calls, requests to the consensus layer, withdrawals and
//! rewards. All of it is sequential, on stock revm: it is little work, and the transactions stand between its halves.

use revm::context::result::ExecutionResult;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, Log, U256, address, b256};

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

/// A block's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The state after the block.
    pub after: State,
    /// What the block asks of the consensus layer (EIP-7685), sorted by type: the type byte and the data of each type
    /// of which there are any. Empty before Prague.
    pub requests: Vec<Bytes>,
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
    /// The state on which the block's first transaction runs. Calls that fail change nothing.
    pub fn open(&self, environment: &Environment, before: State) -> State {
        let fork = environment.fork();
        if !fork.is_enabled_in(SpecId::CANCUN) {
            return before;
        }
        let mut baseline = Baseline::new(environment, &before);
        let mut store = |contract, value: B256| baseline.system_call(contract, value.into());
        store(BEACON_ROOTS, self.parent_beacon_block_root);
        if fork.is_enabled_in(SpecId::PRAGUE) {
            store(HISTORY, self.parent_hash);
        }
        baseline.state()
    }

    /// The end of the block, given how its transactions ended and the state after the last of them.
    pub fn close(
        &self,
        environment: &Environment,
        mut after: State,
        outcomes: &[Outcome],
    ) -> Result<Closed, FrameError> {
        let fork = environment.fork();
        self.credit(&mut after, fork);
        if !fork.is_enabled_in(SpecId::PRAGUE) {
            return Ok(Closed { after, requests: Vec::new() });
        }

        let mut requests = vec![(0, deposits(outcomes)?)];
        let builders = BUILDER_REQUESTS.into_iter().filter(|_| self.builder_requests);
        let mut baseline = Baseline::new(environment, &after);
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
        Ok(Closed { after: baseline.state(), requests: requests.collect() })
    }

    fn credit(&self, after: &mut State, fork: SpecId) {
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
