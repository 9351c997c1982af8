//! A block access list as text: for people, and as scenarios take it.

use std::fmt::{self, Write as _};

use alloy_eip7928::{AccountChanges, BlockAccessIndex};
use anstyle::Style;
use evm_lanes_engine::Listing;

use crate::numbers::{count, grouped};
use crate::output::clean;

/// How much is shown to people; the list as JSON has all.
const ACCOUNTS: usize = 40;
const SLOTS: usize = 20;
const CHANGES: usize = 12;

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// A page of text.
pub(crate) fn render(found: &Listing) -> String {
    let mut out = String::new();
    write(found, &mut out).expect("writing to a string does not fail");
    out
}

/// A JSON array with an account in each line.
pub(crate) fn json(found: &Listing) -> String {
    let accounts = found.list.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
    let accounts = accounts.expect("a list has texts and arrays only");
    match accounts.is_empty() {
        true => "[]\n".to_owned(),
        false => format!("[\n  {}\n]\n", accounts.join(",\n  ")),
    }
}

/// Its encoding in hexadecimal.
pub(crate) fn rlp(found: &Listing) -> String {
    let mut out = "0x".to_owned();
    for byte in &found.encoded {
        write!(out, "{byte:02x}").expect("writing to a string does not fail");
    }
    out.push('\n');
    out
}

fn write(found: &Listing, out: &mut String) -> fmt::Result {
    let accounts = found.list.as_slice();
    let sum = |of: fn(&AccountChanges) -> usize| accounts.iter().map(of).sum();
    writeln!(out, "{HEADING}Block access list {}{HEADING:#}", found.hash)?;
    writeln!(
        out,
        "  {}, {}, {} only read, {}",
        count(accounts.len(), "account"),
        count(sum(|account| account.storage_changes.len()), "changed slot"),
        grouped(sum(|account| account.storage_reads.len()) as u64),
        count(found.encoded.len(), "byte"),
    )?;
    for (account, name) in accounts.iter().zip(&found.names).take(ACCOUNTS) {
        let address = account.address;
        match name {
            Some(name) => writeln!(out, "\n  {} {FAINT}{address}{FAINT:#}", clean(name))?,
            None => writeln!(out, "\n  {address}")?,
        }
        write_account(account, out)?;
    }
    if accounts.len() > ACCOUNTS {
        let rest = count(accounts.len() - ACCOUNTS, "more account");
        writeln!(out, "\n  {FAINT}… and {rest}; --json has all{FAINT:#}")?;
    }
    Ok(())
}

fn write_account(account: &AccountChanges, out: &mut String) -> fmt::Result {
    let nonces = account.nonce_changes.iter();
    row("nonce", nonces.map(|one| (one.block_access_index, one.new_nonce.to_string())), out)?;
    let balances = account.balance_changes.iter();
    row(
        "balance",
        balances.map(|one| (one.block_access_index, one.post_balance.to_string())),
        out,
    )?;
    let codes = account.code_changes.iter();
    row("code", codes.map(|one| (one.block_access_index, count(one.new_code.len(), "byte"))), out)?;
    for slot in account.storage_changes.iter().take(SLOTS) {
        let values = slot.changes.iter();
        let values = values.map(|one| (one.block_access_index, format!("{:#x}", one.new_value)));
        row(&format!("slot {:#x}", slot.slot), values, out)?;
    }
    more(account.storage_changes.len(), SLOTS, "more changed slot", out)?;
    for slot in account.storage_reads.iter().take(SLOTS) {
        writeln!(out, "    slot {slot:#x} is read")?;
    }
    more(account.storage_reads.len(), SLOTS, "more read slot", out)
}

fn more(all: usize, shown: usize, what: &str, out: &mut String) -> fmt::Result {
    match all.checked_sub(shown) {
        None | Some(0) => Ok(()),
        Some(rest) => writeln!(out, "    {FAINT}… and {}{FAINT:#}", count(rest, what)),
    }
}

/// What something is after each index that changes it.
fn row(
    what: &str,
    changes: impl Iterator<Item = (BlockAccessIndex, String)>,
    out: &mut String,
) -> fmt::Result {
    let changes: Vec<_> = changes.map(|(index, value)| format!("{index}: {value}")).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let shown = changes.len().min(CHANGES);
    write!(out, "    {what} {FAINT}after{FAINT:#} {}", changes[..shown].join(", "))?;
    if changes.len() > shown {
        write!(out, "{FAINT}, … and {} more{FAINT:#}", grouped((changes.len() - shown) as u64))?;
    }
    writeln!(out)
}
