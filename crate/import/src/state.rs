//! Accounts: allocs, what `prestateTracer` prints, dumps of anvil.

use std::collections::BTreeMap;
use std::io::Read as _;

use alloy_primitives::{Address, Bytes};
use serde_json::Value;

use crate::block;
use crate::draft::Account;
use crate::parts::{Knowledge, Parts};
use crate::reader::{At, Reader};

/// A packed dump can be short and long when unpacked.
const MOST_UNPACKED: u64 = 64 << 20;

/// Accounts by address.
pub(crate) fn accounts(at: &At<'_>, reader: &mut Reader) -> BTreeMap<Address, Account> {
    if !at.value.is_object() {
        let message = format!("expected accounts by address, found {}", at.shown());
        reader.error(&at.path, message, None);
    }
    let mut accounts = BTreeMap::new();
    for (key, member) in at.members() {
        let key = Value::String(key.to_owned());
        let address = reader.address(&At { value: &key, path: member.path.clone() });
        if let Some(address) = address
            && let Some(account) = account(&member, reader)
        {
            accounts.insert(address, account);
        }
    }
    accounts
}

fn account(at: &At<'_>, reader: &mut Reader) -> Option<Account> {
    if !at.value.is_object() {
        reader.error(&at.path, format!("expected an account, found {}", at.shown()), None);
        return None;
    }
    let mut account = Account::default();
    for (key, member) in at.members() {
        match key {
            "balance" => account.balance = reader.number(&member)?,
            "nonce" => account.nonce = reader.small(&member)?,
            "code" => account.code = reader.bytes(&member)?,
            "storage" => {
                for (slot, value) in member.members() {
                    let Some(slot) = crate::reader::parse_number(slot) else {
                        let message = format!("`{}` is no slot", crate::reader::short(slot));
                        reader.error(
                            &value.path,
                            message,
                            Some("a slot is a number of at most 32 bytes"),
                        );
                        continue;
                    };
                    if let Some(value) = reader.number(&value) {
                        account.storage.insert(slot, value);
                    }
                }
            }
            // Hashes, roots and keys of other tools: they follow from the rest.
            _ => {}
        }
    }
    Some(account)
}

/// Accounts that have hashes of codes which stand beside them, with the codes themselves.
pub(crate) fn with_codes(accounts: &Value, codes: Option<&At<'_>>) -> Value {
    let mut accounts = accounts.clone();
    for account in accounts.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        let hash = account.get("code_hash").or_else(|| account.get("codeHash"));
        let code = hash.and_then(Value::as_str).and_then(|hash| codes?.value.get(hash)).cloned();
        if let (Some(code), Some(account)) = (code, account.as_object_mut()) {
            account.entry("code").or_insert(code);
        }
    }
    accounts
}

/// What `prestateTracer` says of a transaction. Of several the first counts, which is from before the others.
pub(crate) fn prestate(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    if at.has(&["pre", "post"]) {
        if !std::mem::replace(&mut parts.differences, true) {
            let message = "a tracer in diffMode leaves out what is read and not changed";
            let hint = "without diffMode the tracer also prints what is read only";
            reader.warning(&at.path, message, Some(hint));
        }
        let mut before = at.get("pre").map(|pre| accounts(&pre, reader)).unwrap_or_default();
        // What was nothing before stands only in what is after.
        for (address, after) in
            at.get("post").map(|post| accounts(&post, reader)).into_iter().flatten()
        {
            let account = before.entry(address).or_default();
            for slot in after.storage.into_keys() {
                account.storage.entry(slot).or_default();
            }
        }
        parts.take_trace(before);
    } else if at.has(&["structLogs"]) || at.has(&["calls"]) || at.has(&["gasUsed"]) {
        let hint = "trace with { \"tracer\": \"prestateTracer\" }";
        reader.error(&at.path, "this trace does not have the state that was found", Some(hint));
    } else {
        parts.take_trace(accounts(at, reader));
    }
}

/// `anvil_dumpState`, unpacked.
pub(crate) fn dump(at: &At<'_>, parts: &mut Parts, reader: &mut Reader) {
    if let Some(all) = at.get("accounts") {
        parts.take(accounts(&all, reader), Knowledge::Whole);
    }
    if let Some(env) = at.get("block") {
        parts.dumped = block::environment(&env, reader);
    }
}

/// The document in a dump as anvil returns it: JSON behind gzip.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn unpack(bytes: &Bytes) -> Result<String, String> {
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(bytes.as_ref()).take(MOST_UNPACKED + 1);
    unpacked
        .read_to_string(&mut text)
        .map_err(|error| format!("the dump cannot be unpacked: {error}"))?;
    if text.len() as u64 > MOST_UNPACKED {
        return Err(format!("the dump has more than {MOST_UNPACKED} bytes when it is unpacked"));
    }
    Ok(text)
}

/// Whether every key is an address, of which there is one at least.
pub(crate) fn is_accounts(at: &At<'_>) -> bool {
    let members = at.members();
    let good =
        members.iter().filter(|(key, value)| is_address(key) && value.value.is_object()).count();
    // A wrong key among many is better named than taken for another format.
    good > 0 && good * 2 >= members.len()
}

fn is_address(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    digits.len() == 40 && digits.bytes().all(|c| c.is_ascii_hexdigit())
}
