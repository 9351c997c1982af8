//! Files: what was measured, and blocks for the benches in the browser.

use std::fmt::LowerHex;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::{Block, Deltas};
use evm_lanes_engine::scenario::Scenario;
use revm::context::TxEnv;
use serde_json::{Map, Value, json};

use crate::list::{self, Entry};
use crate::measure::Measurement;

/// Writes what was measured.
pub(crate) fn json(measurements: &[Measurement], path: &Path) -> Result<(), String> {
    let text = serde_json::to_string(measurements).map_err(|error| error.to_string())?;
    file(path, &text)
}

/// Writes a scenario for each, and `index.json`, which lists them and the deltas. What is measured with
/// @ethereumjs/vm is written as the state before the block and plain transactions as well, for whoever does not know
/// scenarios.
pub(crate) fn scenarios(entries: &[Entry], folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| file(&folder.join(name), text);
    let mut index = Vec::new();
    for entry in entries {
        let prepared = entry.prepare()?;
        write(&format!("{}.json", entry.id), &prepared.text)?;
        if entry.ethereumjs {
            let lowered = lower(&list::read(&prepared.text)?)?;
            write(&format!("{}.lowered.json", entry.id), &lowered.to_string())?;
        }
        index.push(json!({
            "id": entry.id,
            "name": entry.name,
            "real": entry.is_real(),
            "ethereumjs": entry.ethereumjs,
        }));
    }
    let deltas = Deltas::ALL.map(Deltas::id);
    write("index.json", &json!({ "deltas": deltas, "blocks": index }).to_string())
}

fn file(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The state after the set-up, the block's environment, and the transactions. Numbers are in hexadecimal digits.
fn lower(scenario: &Scenario) -> Result<Value, String> {
    let never = AtomicBool::new(false);
    let block = Block::prepare(scenario, &never, &|_| {})
        .map_err(|error| error.to_string())?
        .map_err(|failure| failure.message)?;
    let accounts = block.before().iter().map(|(address, account)| {
        let storage = account
            .storage
            .iter()
            .map(|(slot, value)| (format!("{slot:#066x}"), json!(format!("{value:#066x}"))));
        let lowered = json!({
            "balance": hex(account.balance),
            "nonce": hex(account.nonce),
            "code": account.code.as_ref().map(|code| code.original_bytes()),
            "storage": storage.collect::<Map<_, _>>(),
        });
        (format!("{address:#x}"), lowered)
    });
    let environment = &scenario.block;
    let transactions = scenario.transactions.iter().map(|transaction| plain(&transaction.env));
    Ok(json!({
        "fork": scenario.fork.to_string().to_lowercase(),
        "chainId": scenario.chain_id,
        "block": {
            "number": hex(environment.number),
            "timestamp": hex(environment.timestamp),
            "gasLimit": hex(environment.gas_limit),
            "baseFeePerGas": hex(environment.basefee),
            "coinbase": environment.beneficiary,
            "mixHash": environment.prevrandao.unwrap_or_default(),
        },
        "accounts": accounts.collect::<Map<_, _>>(),
        "transactions": transactions.collect::<Result<Vec<_>, _>>()?,
    }))
}

/// A transaction without what only some types have.
fn plain(transaction: &TxEnv) -> Result<Value, String> {
    if !matches!(transaction.tx_type, 0 | 2) || !transaction.access_list.is_empty() {
        return Err("only transactions without lists can be written as plain ones".to_owned());
    }
    Ok(json!({
        "from": transaction.caller,
        "to": transaction.kind.to(),
        "nonce": hex(transaction.nonce),
        "gasLimit": hex(transaction.gas_limit),
        "gasPrice": hex(transaction.gas_price),
        "priorityFee": transaction.gas_priority_fee.map(hex),
        "value": hex(transaction.value),
        "data": transaction.data,
    }))
}

fn hex(number: impl LowerHex) -> String {
    format!("{number:#x}")
}
