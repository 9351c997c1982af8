//! The formats of fixtures, told apart by what is in them.

pub(crate) mod account;
pub(crate) mod number;

pub(crate) mod blockchain;
pub(crate) mod bundle;
pub(crate) mod state_test;

use std::fmt;

use serde::de::{Deserialize as _, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::case::{Case, Unfit};
use crate::rules::Rules;

/// One entry of a document, not read yet.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its key in the document; empty if the document is the entry.
    pub(crate) name: String,
    text: Box<RawValue>,
    format: Format,
}

/// How a fixture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// A chain of blocks on a whole world state.
    Blockchain,
    /// Transactions, each on the same state.
    State,
    /// A real block with what it reads of the state.
    Bundle,
    /// A published format that has nothing to execute, or nothing this program executes.
    Foreign(&'static str),
}

/// What a document holds.
#[derive(Debug)]
pub(crate) enum Contents {
    /// Fixtures.
    Entries(Vec<Entry>),
    /// JSON, but no fixtures: an index, say.
    Nothing,
}

/// Takes a document apart.
///
/// # Errors
/// If it is not JSON.
pub(crate) fn entries(text: &[u8]) -> Result<Contents, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let fields: Vec<(String, Box<RawValue>)> = reader.deserialize_map(Fields)?;
    reader.end()?;
    if let Some(format) = Format::of(fields.iter().map(|(name, _)| name.as_str())) {
        let text = Box::<RawValue>::deserialize(&mut serde_json::Deserializer::from_slice(text))?;
        return Ok(Contents::Entries(vec![Entry { name: String::new(), text, format }]));
    }
    let mut entries = Vec::new();
    for (name, text) in fields {
        let keys = match text.get().starts_with('{') {
            true => serde_json::Deserializer::from_str(text.get()).deserialize_map(Keys)?,
            false => Vec::new(),
        };
        if let Some(format) = Format::of(keys.iter().map(String::as_str)) {
            entries.push(Entry { name, text, format });
        }
    }
    Ok(if entries.is_empty() { Contents::Nothing } else { Contents::Entries(entries) })
}

impl Entry {
    /// Reads it. A state test has as many cases as results.
    pub(crate) fn cases(&self, rules: Option<Rules>) -> Vec<(String, Result<Case, Unfit>)> {
        let name = &self.name;
        let one = |case: Result<Case, Unfit>| vec![(name.clone(), case)];
        match self.format {
            Format::Blockchain => {
                one(blockchain::read(name, self.text.get(), rules).map(Case::Chain))
            }
            Format::Bundle => {
                one(bundle::read(self.text.get()).map(|block| Case::Real(Box::new(block))))
            }
            Format::State => match state_test::read(self.text.get(), rules) {
                Ok(cases) => cases
                    .into_iter()
                    .map(|(which, case)| {
                        let case = case.map(|case| Case::Transaction(Box::new(case)));
                        (format!("{name} {which}").trim_end().to_owned(), case)
                    })
                    .collect(),
                Err(unfit) => one(Err(unfit)),
            },
            Format::Foreign(what) => one(Err(Unfit::Skip(what.to_owned()))),
        }
    }
}

impl Format {
    fn of<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        let has = |all: &[&str]| all.iter().all(|key| keys.clone().any(|found| found == *key));
        if has(&["block", "preState", "expected"]) {
            Some(Self::Bundle)
        } else if has(&["blocks", "genesisRLP", "pre"]) {
            Some(Self::Blockchain)
        } else if has(&["env", "pre", "transaction", "post"]) {
            Some(Self::State)
        } else if has(&["engineNewPayloads"]) || has(&["syncPayload"]) {
            Some(Self::Foreign("a test of the engine API; its blocks are in the blockchain tests"))
        } else if has(&["txbytes", "result"]) {
            Some(Self::Foreign("a transaction test: nothing is executed"))
        } else if has(&["vectors"]) {
            Some(Self::Foreign("a test of EOF, which no fork has"))
        } else {
            None
        }
    }
}

/// An object's fields in their order.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, Box<RawValue>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

/// An object's keys in their order.
struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
        let mut keys = Vec::new();
        while let Some((key, IgnoredAny)) = map.next_entry()? {
            keys.push(key);
        }
        Ok(keys)
    }
}
