//! The lists that the rest of a report refers into: accounts and locations.

use std::collections::BTreeSet;

use revm::primitives::Address;
use revm::primitives::map::{AddressMap, HashMap};

use super::labels::Labels;
use super::{AccountReport, LocationKind, LocationReport};
use crate::scenario::Scenario;
use crate::state::State;
use evm_lanes_evm::Location;

/// Accounts, named ones first, then by address.
pub(super) struct Accounts {
    list: Vec<Address>,
    index: AddressMap<u32>,
}

/// Locations, sorted.
pub(super) struct Locations {
    index: HashMap<Location, u32>,
}

impl Accounts {
    /// The named accounts and `others`.
    pub(super) fn new(scenario: &Scenario, others: impl IntoIterator<Item = Address>) -> Self {
        let mut named: Vec<Address> = scenario.names.keys().copied().collect();
        named.sort_by_key(|address| (&scenario.names[address].name, *address));
        let others: BTreeSet<Address> = others.into_iter().collect();
        let unnamed = others.into_iter().filter(|address| !scenario.names.contains_key(address));
        let list: Vec<Address> = named.into_iter().chain(unnamed).collect();
        let index = list.iter().zip(0..).map(|(address, index)| (*address, index)).collect();
        Self { list, index }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The account's index. All that appear were collected before; should one be missing, it is shown as the first.
    pub(super) fn index(&self, address: &Address) -> u32 {
        debug_assert!(self.index.contains_key(address), "{address} was not collected");
        self.index.get(address).copied().unwrap_or_default()
    }

    pub(super) fn report(
        &self,
        scenario: &Scenario,
        before: &State,
        after: &State,
        labels: &Labels<'_>,
    ) -> Vec<AccountReport> {
        let row = |address: &Address| {
            let name = scenario.names.get(address);
            let (before, after) = (before.get(address), after.get(address));
            let balance = |state: Option<&crate::state::AccountState>| {
                super::words::hex(state.map(|account| account.balance).unwrap_or_default())
            };
            AccountReport {
                address: address.to_checksum(None),
                name: name.map(|name| name.name.clone()),
                contract: labels.contract(address).map(str::to_owned),
                balance_before: balance(before),
                balance_after: balance(after),
                nonce_before: before.map_or(0, |account| account.nonce),
                nonce_after: after.map_or(0, |account| account.nonce),
            }
        };
        self.list.iter().map(row).collect()
    }
}

impl Locations {
    /// An index of `list`.
    pub(super) fn new(list: &[Location]) -> Self {
        Self { index: list.iter().zip(0..).map(|(location, index)| (*location, index)).collect() }
    }

    /// The location's index, if it is in the list.
    pub(super) fn get(&self, location: &Location) -> Option<u32> {
        self.index.get(location).copied()
    }

    /// The location's index. All that appear were collected before.
    pub(super) fn index(&self, location: &Location) -> u32 {
        debug_assert!(self.index.contains_key(location), "{location:?} was not collected");
        self.get(location).unwrap_or_default()
    }
}

/// One row of the location table.
pub(super) fn location(
    location: &Location,
    accounts: &Accounts,
    beneficiary: &Address,
    labels: &Labels<'_>,
) -> LocationReport {
    let (kind, slot) = match location {
        Location::Balance(_) => (LocationKind::Balance, None),
        Location::Nonce(_) => (LocationKind::Nonce, None),
        Location::Code(_) => (LocationKind::Code, None),
        Location::Life(_) => (LocationKind::Life, None),
        Location::Slot(_, slot) => (LocationKind::Slot, Some(super::words::hex(*slot))),
        Location::BlockGas => (LocationKind::BlockGas, None),
    };
    let account = accounts.index(&location.account().unwrap_or(*beneficiary));
    LocationReport { kind, account, slot, label: labels.location(location) }
}
