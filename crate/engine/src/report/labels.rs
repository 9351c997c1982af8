//! What a location is called.

use revm::primitives::Address;

use super::slots::SlotNames;
use super::words;
use crate::scenario::Scenario;
use evm_lanes_evm::{Location, Preimages};

/// Names for addresses and locations.
pub(crate) struct Labels<'s> {
    scenario: &'s Scenario,
    slots: SlotNames<'s>,
}

impl<'s> Labels<'s> {
    /// `preimages` are the hashes that led to slots.
    pub(crate) fn new(scenario: &'s Scenario, preimages: &Preimages) -> Self {
        Self { scenario, slots: SlotNames::new(&scenario.names, preimages.seen()) }
    }

    /// The account's name, or its address shortened.
    pub(crate) fn account(&self, address: &Address) -> String {
        match self.scenario.names.get(address) {
            Some(name) => name.name.clone(),
            None => words::short(&address.to_checksum(None)),
        }
    }

    /// As in a table: `bob balance`, `token.balanceOf[bob]`, `pool slot 0x3`.
    pub(crate) fn location(&self, location: &Location) -> String {
        match location.account() {
            Some(_) if let Some(variable) = self.variable(location) => variable,
            Some(address) => format!("{} {}", self.account(&address), what(location)),
            None => what(location),
        }
    }

    /// As in a sentence: `bob's balance`, `token.balanceOf[bob]`, `pool's slot 0x3`.
    pub(crate) fn phrase(&self, location: &Location) -> String {
        match location.account() {
            Some(_) if let Some(variable) = self.variable(location) => variable,
            Some(address) => format!("{}'s {}", self.account(&address), what(location)),
            None => format!("the {}", what(location)),
        }
    }

    /// As what a sentence is about: `bob's balance`, `balanceOf[bob] of token`, `pool's slot 0x3`.
    pub(crate) fn subject(&self, location: &Location) -> String {
        let Location::Slot(address, slot) = location else { return self.phrase(location) };
        match self.slots.name(address, *slot) {
            Some(name) => format!("{name} of {}", self.account(address)),
            None => self.phrase(location),
        }
    }

    /// The variable in the contract's source that lies there.
    fn variable(&self, location: &Location) -> Option<String> {
        let Location::Slot(address, slot) = location else { return None };
        let name = self.slots.name(address, *slot)?;
        Some(format!("{}.{name}", self.account(address)))
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
