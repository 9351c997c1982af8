//! Files: what was measured, and blocks for the benches in the browser.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use evm_lanes_engine::block::Block;
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_schedule::Strategy;
use revm::context::TxEnv;
use serde_json::{Map, Value, json};

use crate::list::{self, Entry};
use crate::measure::Measurement;

/// Writes what was measured.
pub(crate) fn json(measurements: &[Measurement], path: &Path) -> Result<(), String> {
    let text = serde_json::to_string(measurements).map_err(|error| error.to_string())?;
    file(path, &text)
}

/// Writes a scenario for each, and `index.json`, which lists them and the strategies; `lowered` besides as the state before the block and plain
/// transactions, for whoever does not know scenarios.
pub(crate) fn scenarios(entries: &[Entry], folder: &Path, lowered: bool) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| file(&folder.join(name), text);
    let mut index = Vec::new();
    for entry in entries {
        let prepared = entry.prepare()?;
        write(&format!("{}.json", entry.id), &prepared.text)?;
        if lowered {
            let scenario = list::read(&prepared.text)?;
            write(&format!("{}.lowered.json", entry.id), &lower(&scenario)?.to_string())?;
        }
        index.push(json!({
            "id": entry.id, "name": entry.name, "real": entry.is_real()
        }));
    }
    let strategies = Strategy::ALL.map(Strategy::id);
    write("index.json", &json!({ "strategies": strategies, "blocks": index }).to_string())
}

fn file(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The state after the set-up, and the transactions, with the gas that they use together.
fn lower(scenario: &Scenario) -> Result<Value, String> {
    let never = AtomicBool::new(false);
    let block = Block::prepare(scenario, &never, &|_| {})
        .map_err(|error| error.to_string())?
        .map_err(|failure| failure.message)?;
    let run = block.sequential(None, &never, &|_| {}).map_err(|error| error.to_string())?;
    let accounts = block.before().iter().map(|(address, account)| {
        let storage = account
            .storage
            .iter()
            .map(|(slot, value)| (format!("{slot:#066x}"), json!(format!("{value:#066x}"))));
        let code = account.code.as_ref().map(|code| code.original_bytes());
        let lowered = json!({
            "balance": format!("{:#x}", account.balance),
            "nonce": account.nonce,
            "code": code.map(|code| format!("{code}")),
            "storage": storage.collect::<Map<_, _>>(),
        });
        (format!("{address:#x}"), lowered)
    });
    let transactions: Vec<Value> =
        scenario.transactions.iter().map(|transaction| plain(&transaction.env)).collect();
    Ok(json!({
        "baseFee": scenario.block.basefee,
        "gasLimit": scenario.block.gas_limit,
        "number": scenario.block.number,
        "timestamp": scenario.block.timestamp,
        "accounts": accounts.collect::<Map<_, _>>(),
        "transactions": transactions,
        "gasUsed": run.outcomes.iter().map(|outcome| outcome.gas_used()).sum::<u64>(),
    }))
}

fn plain(transaction: &TxEnv) -> Value {
    json!({
        "from": format!("{:#x}", transaction.caller),
        "to": transaction.kind.to().map(|to| format!("{to:#x}")),
        "nonce": transaction.nonce,
        "gasLimit": transaction.gas_limit,
        "gasPrice": transaction.gas_price.to_string(),
        "priorityFee": transaction.gas_priority_fee.map(|fee| fee.to_string()),
        "value": format!("{:#x}", transaction.value),
        "data": transaction.data,
    })
}
