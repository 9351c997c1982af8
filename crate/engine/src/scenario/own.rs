//! Contracts of the scenario's own: what a compiler has made of somebody's source. They stand in the text, so that a
//! scenario needs nothing beside it, and are used like the library's.

use std::sync::Arc;

use revm::primitives::Bytes;

use super::abi::Interface;
use super::json::{Node, Span, Value};
use super::layout::Layout;
use super::problems::Problems;
use super::raw::{Entries, Field, Key, Nullable, Read, record};
use super::values::{parse_bytes, wrong_kind};
use super::{Contract, Library};

/// The most contracts of its own in one scenario.
const MAX_CONTRACTS: usize = 256;
/// The most characters of a contract's or a file's name.
const MAX_NAME: usize = 200;

record! {
    /// A contract of the scenario's own, as a compiler has made it.
    RawContract, "a contract", required ["abi"],
    {
        /// Its ABI, as the compiler writes it.
        abi: "abi" => Abi,
        /// The code that deploys it, without the constructor's arguments. Without it, it is of use as an account's `abi` only.
        bytecode: "bytecode" => InitCode,
        /// Which variable is where, as the compiler writes it: slots are called what the source calls them.
        storage_layout: "storageLayout" => Nullable<StorageLayout>,
    }
}

/// An ABI in which everything can be read.
#[derive(Clone, Debug)]
pub(super) struct Abi(Interface);

/// Code that deploys a contract, with its libraries linked.
#[derive(Clone, Debug)]
pub(super) struct InitCode(Bytes);

/// A storage layout.
#[derive(Clone, Debug)]
pub(super) struct StorageLayout(Layout);

/// A contract's name as compilers allow them.
#[derive(Clone, Debug)]
pub(super) struct ContractName(String);

/// The name of a file with source code.
#[derive(Clone, Debug)]
pub(super) struct FileName;

/// `library` with the scenario's own contracts, which take the place of those with the same name.
pub(super) fn with_own(
    library: &Library,
    own: &Field<Entries<ContractName, RawContract>>,
    problems: &mut Problems,
) -> Library {
    let Some(own) = own.get() else { return library.clone() };
    if own.value.0.len() > MAX_CONTRACTS {
        let start = own.span.start;
        problems.error(start..start + 1, format!("there are more than {MAX_CONTRACTS} contracts"));
    }
    let contracts = own.value.0.iter().take(MAX_CONTRACTS).map(|(name, contract)| {
        let RawContract { abi, bytecode, storage_layout } = &contract.value;
        let layout = storage_layout.value().and_then(|layout| layout.0.as_ref());
        Arc::new(Contract {
            name: name.value.0.clone(),
            interface: abi.value().map(|abi| abi.0.clone()).unwrap_or_default(),
            bytecode: bytecode.value().map(|code| code.0.clone()).unwrap_or_default(),
            layout: layout.map(|layout| layout.0.clone()),
        })
    });
    library.with(contracts)
}

impl Read for Abi {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let mut unread: Vec<Span> = Vec::new();
        let Some(interface) = Interface::read(node, &mut |item| unread.push(item.span.clone()))
        else {
            wrong_kind(node, "an ABI: a list in square brackets", problems);
            return None;
        };
        let complete = unread.is_empty();
        for span in unread {
            problems
                .error(span, "this part of the ABI cannot be read")
                .hint("it needs a `type` such as \"function\", and `inputs` with ABI types, as the compiler writes them");
        }
        complete.then_some(Self(interface))
    }
}

impl Read for InitCode {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::String(text) = &node.value else {
            wrong_kind(node, "bytes such as \"0x6080\"", problems);
            return None;
        };
        if text.contains("__") {
            problems
                .error(node.span.clone(), "the code calls libraries whose addresses are missing")
                .hint("link them with the compiler, or make their functions internal");
            return None;
        }
        parse_bytes(text)
            .map_err(|message| problems.error(node.span.clone(), message).hint_if(None::<String>))
            .map(Self)
            .ok()
    }
}

impl Read for StorageLayout {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let layout = Layout::read(node).map(Self);
        if layout.is_none() {
            problems.error(node.span.clone(), "this storage layout cannot be read").hint(
                "it is the compiler's output `storageLayout`: an object with `storage` and `types`",
            );
        }
        layout
    }
}

impl Key for ContractName {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
        if !text.is_empty() && text.len() <= MAX_NAME && text.chars().all(good) {
            return Ok(Self(text.to_owned()));
        }
        let hint = format!("letters, digits, `_` and `$`, at most {MAX_NAME}");
        Err(("this is no name for a contract".to_owned(), Some(hint)))
    }
}

impl Key for FileName {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        if !text.is_empty() && text.len() <= MAX_NAME && !text.contains(char::is_control) {
            return Ok(Self);
        }
        let hint = format!("1 to {MAX_NAME} characters, as in \"Token.sol\"");
        Err(("this is no name for a file".to_owned(), Some(hint)))
    }
}
