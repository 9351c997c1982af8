//! What a location is called.

use revm::context::result::ExecutionResult;
use revm::primitives::Address;

use super::codes::Codes;
use super::guess::Guesses;
use super::slots::SlotNames;
use super::words;
use crate::block::Sequential;
use crate::scenario::Scenario;
use crate::state::State;
use evm_lanes_evm::{Location, Outcome, Preimages};

/// Names for addresses and locations.
pub(crate) struct Labels<'s> {
    scenario: &'s Scenario,
    slots: SlotNames<'s>,
}

impl<'s> Labels<'s> {
    /// `preimages` are the hashes that led to slots; accounts have the code they have before the block or after it.
    pub(crate) fn new(
        scenario: &'s Scenario,
        preimages: &Preimages,
        before: &State,
        run: &Sequential,
    ) -> Self {
        let codes = Codes::new(scenario, before, &run.after);
        let results = run.outcomes.iter().filter_map(Outcome::included);
        let guesses = Guesses::new(results.flat_map(ExecutionResult::logs));
        Self { scenario, slots: SlotNames::new(&scenario.names, codes, guesses, preimages.seen()) }
    }

    /// The contract of an account, if the scenario says it or its code does.
    pub(super) fn contract(&self, account: &Address) -> Option<&str> {
        self.slots.codes.of(account).first().map(|contract| contract.name.as_str())
    }

    /// A call in words, by the ABI of the contract at `to` or of the one behind that proxy.
    pub(super) fn call(&self, to: &Address, data: &[u8]) -> Option<String> {
        let (selector, arguments) = data.split_first_chunk::<4>()?;
        let mut contracts = self.slots.codes.of(to).iter();
        let function = contracts.find_map(|contract| contract.interface.function(*selector))?;
        function.describe(&self.scenario.names, arguments)
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
