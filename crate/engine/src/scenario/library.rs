//! The contracts that scenarios can name.
//!
//! The engine has none of its own, because together they are larger than its code: whoever calls it brings a [`Library`],
//! the page by loading it beside the wasm, native programs by compiling it in.

use std::collections::BTreeMap;
use std::sync::Arc;

use revm::primitives::Bytes;

use super::abi::Interface;
use super::json::{self, Node};
use super::layout::Layout;
use super::problems::Problems;

/// A compiled contract: what is needed to deploy it, call it by name and explain what it did.
#[derive(Debug)]
pub struct Contract {
    /// Its name in the source.
    pub name: String,
    /// The ABI.
    pub interface: Interface,
    /// The code that deploys it.
    pub bytecode: Bytes,
    /// Which variable is where, if the compiler said so.
    pub(crate) layout: Option<Layout>,
}

/// Contracts by name. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// In the order of their names.
    contracts: Arc<[Arc<Contract>]>,
    /// Why there are no others although there should be.
    missing: Option<Arc<str>>,
}

/// Why a text is no library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// It is not a list in JSON.
    #[error("the list of contracts cannot be read")]
    Unreadable,
    /// The contract at this place, from 0, has no name, ABI or bytecode.
    #[error("contract {0} in the list of contracts is incomplete")]
    Incomplete(usize),
}

impl Library {
    /// Reads the text of `examples/contracts/contracts.json`, or of such a file of a workload.
    pub fn read(text: &str) -> Result<Self, LibraryError> {
        Self::default().and(text)
    }

    /// The same with the contracts in `text`, as [`Self::read`] takes it.
    pub fn and(&self, text: &str) -> Result<Self, LibraryError> {
        let mut problems = Problems::default();
        let document = json::parse(text, &mut problems);
        let items = document.root.items().filter(|_| problems.errors() == 0);
        let mut contracts = Vec::new();
        for (index, item) in items.ok_or(LibraryError::Unreadable)?.iter().enumerate() {
            let contract = Contract::of(item).ok_or(LibraryError::Incomplete(index))?;
            contracts.push(Arc::new(contract));
        }
        Ok(Self { missing: None, ..self.with(contracts.into_iter()) })
    }

    /// The same with `others`, which take the place of those with their names.
    pub(super) fn with(&self, others: impl Iterator<Item = Arc<Contract>>) -> Self {
        let all = self.contracts.iter().cloned().chain(others);
        let all: BTreeMap<String, Arc<Contract>> =
            all.map(|contract| (contract.name.clone(), contract)).collect();
        Self { contracts: all.into_values().collect(), missing: self.missing.clone() }
    }

    /// The same, and why there are no others: scenarios that name one are told.
    pub fn lacking(&self, why: &str) -> Self {
        Self { missing: Some(why.into()), ..self.clone() }
    }

    /// The contracts of all examples.
    #[cfg(feature = "bundled-contracts")]
    pub fn bundled() -> &'static Self {
        static BUNDLED: std::sync::OnceLock<Library> = std::sync::OnceLock::new();
        BUNDLED.get_or_init(|| {
            let files: &[&str] = include!(concat!(env!("OUT_DIR"), "/contracts.rs"));
            let all = files.iter().try_fold(Self::default(), |library, text| library.and(text));
            all.expect("the lists are part of this build, and a test reads them")
        })
    }

    /// The contract `name`, if there is one.
    pub fn get(&self, name: &str) -> Option<&Arc<Contract>> {
        let found = self.contracts.binary_search_by(|contract| contract.name.as_str().cmp(name));
        Some(&self.contracts[found.ok()?])
    }

    /// Every contract, in the order of their names.
    pub fn contracts(&self) -> impl Iterator<Item = &Arc<Contract>> + Clone {
        self.contracts.iter()
    }

    /// Why there are no others, if there should be.
    pub(super) fn why_missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }
}

impl Contract {
    fn of(item: &Node<'_>) -> Option<Self> {
        Some(Self {
            name: item.at("name").text()?.to_owned(),
            interface: Interface::of(item.at("abi"))?,
            bytecode: item
                .at("bytecode")
                .text()?
                .parse()
                .ok()
                .filter(|code: &Bytes| !code.is_empty())?,
            layout: Layout::read(item.at("storageLayout")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_contracts_are_complete() {
        let names: Vec<&str> =
            Library::bundled().contracts().map(|one| one.name.as_str()).collect();
        assert!(names.len() >= 14, "{names:?}");
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for contract in Library::bundled().contracts() {
            assert!(contract.layout.is_some(), "{}", contract.name);
            let found = Library::bundled().get(&contract.name).expect("it is in the list");
            assert!(Arc::ptr_eq(found, contract));
        }
        assert!(Library::bundled().get("Nothing").is_none());
    }

    #[test]
    fn what_is_no_library_is_refused() {
        let check = |text: &str, expected: LibraryError| {
            assert_eq!(Library::read(text).unwrap_err(), expected, "{text}");
        };
        check("", LibraryError::Unreadable);
        check("<!doctype html>", LibraryError::Unreadable);
        check("{}", LibraryError::Unreadable);
        check("[3]", LibraryError::Incomplete(0));
        check(r#"[{ "name": "A", "abi": [], "bytecode": "0x" }]"#, LibraryError::Incomplete(0));
        check(r#"[{ "name": "A", "abi": [], "bytecode": "0x0" }]"#, LibraryError::Incomplete(0));
        assert_eq!(Library::read("[]").unwrap().contracts().count(), 0);
    }

    #[test]
    fn contracts_are_added_and_the_new_ones_win() {
        let list = |name: &str, code: &str| {
            format!(r#"[{{ "name": "{name}", "abi": [], "bytecode": "{code}" }}]"#)
        };
        let both = Library::read(&list("B", "0x01")).unwrap().and(&list("A", "0x02")).unwrap();
        let names: Vec<&str> = both.contracts().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        let again = both.and(&list("B", "0x03")).unwrap();
        assert_eq!(again.contracts().count(), 2);
        assert_eq!(again.get("B").unwrap().bytecode.as_ref(), [3]);
        assert_eq!(both.get("B").unwrap().bytecode.as_ref(), [1]);
    }
}
