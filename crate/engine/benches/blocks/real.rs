//! Real blocks as scenarios: a bundle has what a node answers for a block, and all of the state that the block reads.
//!
//! Only the transactions are executed, without what a block does before and after them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A real block with all that it needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bundle {
    pub(crate) number: u64,
    #[serde(skip)]
    pub(crate) gas_used: u64,
    chain_id: u64,
    spec: String,
    block: Value,
    pre_state: BTreeMap<String, Value>,
    codes: BTreeMap<String, String>,
    block_hashes: Map<String, Value>,
    expected: Value,
}

/// The blocks in the folder `blocks` of the corpus, by number; or why there are none.
pub(crate) fn bundles() -> Result<Vec<Bundle>, String> {
    let corpus = std::env::var_os("EVM_LANES_CORPUS")
        .ok_or("EVM_LANES_CORPUS does not name a folder with real blocks")?;
    let folder = PathBuf::from(corpus).join("blocks");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut bundles = Vec::new();
    for file in files {
        let path = file.map_err(|error| error.to_string())?.path();
        let bundle = read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        // A block without transactions takes no time.
        bundles.extend(Some(bundle).filter(|bundle| bundle.gas_used > 0));
    }
    bundles.sort_by_key(|bundle| bundle.number);
    Ok(bundles)
}

fn read(path: &Path) -> Result<Bundle, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    GzDecoder::new(file).read_to_string(&mut text).map_err(|error| error.to_string())?;
    let mut bundle: Bundle = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    bundle.gas_used = number(&bundle.expected["gasUsed"])?;
    Ok(bundle)
}

impl Bundle {
    /// As a scenario.
    pub(crate) fn scenario(&self) -> Result<Value, String> {
        let header = &self.block;
        let merged = matches!(&*self.spec, "MERGE" | "SHANGHAI" | "CANCUN" | "PRAGUE" | "OSAKA");
        let mut block = json!({
            "number": self.number,
            "timestamp": number(&header["timestamp"])?,
            "gasLimit": number(&header["gasLimit"])?,
            "beneficiary": header["miner"],
            "blockHashes": self.block_hashes,
        });
        match merged {
            true => block["prevRandao"] = header["mixHash"].clone(),
            false => block["difficulty"] = header["difficulty"].clone(),
        }
        if let Some(fee) = header["baseFeePerGas"].as_str() {
            block["baseFee"] = json!(fee);
        }
        if !header["excessBlobGas"].is_null() {
            block["excessBlobGas"] = json!(number(&header["excessBlobGas"])?);
        }
        let accounts = self.pre_state.iter().map(|(address, account)| {
            let hash = account["code_hash"].as_str().unwrap_or_default();
            let mut made = json!({
                "balance": account["balance"],
                "nonce": account["nonce"],
                "storage": account["storage"],
            });
            if let Some(code) = self.codes.get(hash) {
                made["code"] = json!(code);
            }
            (address.clone(), made)
        });
        let transactions = header["transactions"].as_array().into_iter().flatten();
        let transactions: Vec<Value> = transactions.map(transaction).collect::<Result<_, _>>()?;
        Ok(json!({
            "fork": self.spec,
            "chainId": self.chain_id,
            "block": block,
            "accounts": accounts.collect::<Map<_, _>>(),
            "transactions": transactions,
        }))
    }
}

/// A transaction as a node describes it, in the words of scenarios.
fn transaction(from: &Value) -> Result<Value, String> {
    let kind = if from["type"].is_null() { 0 } else { number(&from["type"])? };
    let mut made = json!({
        "type": kind,
        "from": from["from"],
        "to": from["to"],
        "nonce": number(&from["nonce"])?,
        "gas": number(&from["gas"])?,
        "value": from["value"],
        "data": from["input"],
    });
    let named = match kind {
        0 => &["gasPrice"] as &[&str],
        1 => &["gasPrice", "accessList"],
        2 => &["maxFeePerGas", "maxPriorityFeePerGas", "accessList"],
        3 => &["maxFeePerGas", "maxPriorityFeePerGas", "accessList", "maxFeePerBlobGas"],
        other => return Err(format!("transactions of type {other} are not converted")),
    };
    for name in named {
        made[*name] = from[*name].clone();
    }
    if kind == 3 {
        made["blobHashes"] = from["blobVersionedHashes"].clone();
    }
    Ok(made)
}

/// A number in hexadecimal digits.
fn number(value: &Value) -> Result<u64, String> {
    let digits = value.as_str().and_then(|text| text.strip_prefix("0x"));
    let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    number.ok_or_else(|| format!("{value} is no small number"))
}
