//! What a location is called.

use revm::primitives::Address;

use super::words;
use crate::evm::Location;
use crate::scenario::Scenario;

/// Names for addresses and locations.
pub(super) struct Labels<'s> {
    scenario: &'s Scenario,
}

impl<'s> Labels<'s> {
    pub(super) fn new(scenario: &'s Scenario) -> Self {
        Self { scenario }
    }

    /// The account's name, or its address shortened.
    pub(super) fn account(&self, address: &Address) -> String {
        match self.scenario.names.get(address) {
            Some(name) => name.name.clone(),
            None => words::short(&address.to_checksum(None)),
        }
    }

    /// As in a table: `bob balance`, `pool slot 0x3`.
    pub(super) fn location(&self, location: &Location) -> String {
        match location.account() {
            Some(address) => format!("{} {}", self.account(&address), what(location)),
            None => what(location),
        }
    }

    /// As in a sentence: `bob's balance`, `pool's slot 0x3`.
    pub(super) fn phrase(&self, location: &Location) -> String {
        match location.account() {
            Some(address) => format!("{}'s {}", self.account(&address), what(location)),
            None => format!("the {}", what(location)),
        }
    }
}

fn what(location: &Location) -> String {
    match location {
        Location::Balance(_) => "balance".to_owned(),
        Location::Nonce(_) => "nonce".to_owned(),
        Location::Code(_) => "code".to_owned(),
        Location::Life(_) => "existence".to_owned(),
        Location::Slot(_, slot) => format!("slot {}", words::short(&words::hex(*slot))),
        Location::BlockGas => "gas used by the block so far".to_owned(),
    }
}
