//! Values of a JSON document with their places, and what is wrong with them.

use alloy_primitives::{Address, B256, Bytes, U256};
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
use evm_lanes_engine::scenario::{self, Finding};
use serde_json::Value;

/// More problems than these are not listed.
const MOST: usize = 60;

/// Collects problems.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    findings: Vec<Finding>,
}

/// A value and its path.
#[derive(Clone, Debug)]
pub(crate) struct At<'v> {
    pub(crate) value: &'v Value,
    pub(crate) path: String,
}

impl Reader {
    pub(crate) fn error(&mut self, path: &str, message: impl Into<String>, hint: Option<&str>) {
        self.push(Severity::Error, path, message.into(), hint);
    }

    pub(crate) fn warning(&mut self, path: &str, message: impl Into<String>, hint: Option<&str>) {
        self.push(Severity::Warning, path, message.into(), hint);
    }

    fn push(&mut self, severity: Severity, path: &str, message: String, hint: Option<&str>) {
        if self.findings.len() < MOST {
            let hint = hint.map(str::to_owned);
            self.findings.push(Finding { path: path.to_owned(), severity, message, hint });
        }
    }

    /// The problems, at their places in the text.
    pub(crate) fn locate(self, text: &str) -> Vec<Diagnostic> {
        if self.findings.is_empty() { Vec::new() } else { scenario::locate(text, self.findings) }
    }

    /// A number as JSON, in decimal or hexadecimal digits.
    pub(crate) fn number(&mut self, at: &At<'_>) -> Option<U256> {
        let parsed = match at.value {
            Value::Number(number) => number.as_u64().map(U256::from),
            Value::String(text) => parse_number(text),
            _ => None,
        };
        if parsed.is_none() {
            let message = format!("expected a number of at most 256 bits, found {}", at.shown());
            self.error(&at.path, message, Some("write it as \"0x\" and hexadecimal digits"));
        }
        parsed
    }

    /// The same with at most 64 bits.
    pub(crate) fn small(&mut self, at: &At<'_>) -> Option<u64> {
        let number = self.number(at)?;
        let small = u64::try_from(number).ok();
        if small.is_none() {
            let message = format!("{} does not fit into 64 bits", at.shown());
            self.error(&at.path, message, Some("is a digit too many?"));
        }
        small
    }

    pub(crate) fn bytes(&mut self, at: &At<'_>) -> Option<Bytes> {
        let parsed = at.value.as_str().and_then(|text| text.trim().parse::<Bytes>().ok());
        if parsed.is_none() {
            let message = format!("expected bytes in hexadecimal, found {}", at.shown());
            self.error(&at.path, message, Some("two digits for each byte, behind 0x"));
        }
        parsed
    }

    pub(crate) fn address(&mut self, at: &At<'_>) -> Option<Address> {
        let parsed = at.value.as_str().and_then(|text| text.trim().parse::<Address>().ok());
        if parsed.is_none() {
            let message = format!("expected an address, found {}", at.shown());
            self.error(&at.path, message, Some("an address is 0x and 40 hexadecimal digits"));
        }
        parsed
    }

    /// 32 bytes; shorter numbers are filled up in front.
    pub(crate) fn hash(&mut self, at: &At<'_>) -> Option<B256> {
        self.number(at).map(B256::from)
    }

    pub(crate) fn wants<'v>(&mut self, at: &At<'v>, key: &str, what: &str) -> Option<At<'v>> {
        let found = at.get(key);
        if found.is_none() {
            self.error(&at.path, format!("{what} needs the field `{key}`"), Some("is it cut off?"));
        }
        found
    }
}

/// Digits in decimal, or behind `0x` in hexadecimal; no digits at all are zero, as in old fixtures.
pub(crate) fn parse_number(text: &str) -> Option<U256> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some("") => Some(U256::ZERO),
        Some(digits) => {
            let digits = digits.trim_start_matches('0');
            let fits = digits.len() <= 64 && digits.bytes().all(|c| c.is_ascii_hexdigit());
            fits.then(|| U256::from_str_radix(digits, 16).unwrap_or_default())
        }
        None => {
            let fits = !text.is_empty() && text.len() <= 78;
            let fits = fits && text.bytes().all(|c| c.is_ascii_digit());
            fits.then(|| U256::from_str_radix(text, 10).ok()).flatten()
        }
    }
}

impl<'v> At<'v> {
    pub(crate) fn root(value: &'v Value) -> Self {
        Self { value, path: String::new() }
    }

    /// The member with this key, unless it is null.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self { value, path: self.child(key) })
    }

    pub(crate) fn first(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.value.get(key).is_some())
    }

    pub(crate) fn members(&self) -> Vec<(&'v str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), Self { value, path: self.child(key) })).collect()
    }

    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(i, value)| Self { value, path: format!("{}[{i}]", self.path) }).collect()
    }

    pub(crate) fn child(&self, key: &str) -> String {
        let plain = !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        match (plain, self.path.is_empty()) {
            (true, true) => key.to_owned(),
            (true, false) => format!("{}.{key}", self.path),
            (false, _) => format!("{}[{key:?}]", self.path),
        }
    }

    /// For messages.
    pub(crate) fn shown(&self) -> String {
        match self.value {
            Value::Null => "null".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::String(text) => format!("`{}`", short(text)),
            other => format!("`{}`", short(&other.to_string())),
        }
    }
}

/// Text of somebody else's, short enough for a message.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Reader {
    /// The first error in a sentence, for whoever has no text to show it in.
    pub(crate) fn sentence(self) -> Result<(), String> {
        let first = self.findings.into_iter().find(|one| one.severity == Severity::Error);
        first.map_or(Ok(()), |Finding { path, message, hint, .. }| {
            let place = if path.is_empty() { path } else { format!("{path}: ") };
            let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
            Err(format!("{place}{message}{hint}"))
        })
    }

    /// The problems, for whoever has a place for them.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
