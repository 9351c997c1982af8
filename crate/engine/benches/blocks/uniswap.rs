//! Swaps on Uniswap V3, by its own contracts. They are under the GPL, so npm brings them to whoever measures
//! (`tests/bench/package.json`), and nothing of them is in this repository.

use std::fs;
use std::path::PathBuf;

use evm_lanes_engine::scenario::named_address;
use serde_json::{Value, json};

use crate::interleaved::{mint, token};

/// The fee of each pool, in millionths; every pair of tokens has a pool for each.
const FEES: [u32; 3] = [500, 3000, 10_000];
/// The widest range of ticks that all three spacings allow.
const WIDEST: i32 = 886_800;
/// 2⁹⁶: a price of one, as a square root in Q64.96.
const PRICE_OF_ONE: &str = "0x1000000000000000000000000";
const FOREVER: u64 = u64::MAX;

/// Why there are no such blocks, if there are none.
pub(crate) fn missing() -> Option<String> {
    let missing = !package("v3-periphery/package.json").exists();
    missing.then(|| "run `npm ci` in tests/bench to have Uniswap's contracts".to_owned())
}

/// So many swaps, of one user each, each in a pool of its own. Tokens are shared by pools, as on a real chain; no slot is.
pub(crate) fn scenario(swaps: usize) -> Result<Value, String> {
    let factory = artifact("v3-core", "UniswapV3Factory")?;
    let word = |name: &str| format!("{:0>64}", format!("{:x}", named_address(name)));
    // Constructors take the factory, and what stands for wrapped ether, which nobody uses here.
    let (factory_address, ether) = (created(0), word("ether"));
    let router =
        artifact("v3-periphery", "SwapRouter")? + &format!("{factory_address:0>64}") + &ether;
    let manager = artifact("v3-periphery", "NonfungiblePositionManager")?
        + &format!("{factory_address:0>64}{ether}{ether}");

    let pools = pools(swaps);
    let tokens = 1 + pools.iter().map(|pool| pool.tokens[1]).max().unwrap_or_default();
    let mut tokens: Vec<String> = (0..tokens).map(|index| format!("token{index}")).collect();
    // In a pool the tokens are ordered by their addresses.
    tokens.sort_by_key(|name| named_address(name));

    let mut accounts = serde_json::Map::new();
    for (nonce, name) in ["factory", "router", "manager"].into_iter().enumerate() {
        accounts.insert(name.to_owned(), json!({ "create": { "by": "uniswap", "nonce": nonce } }));
    }
    let mut setup: Vec<Value> = [factory, router, manager]
        .into_iter()
        .map(|code| json!({ "from": "uniswap", "data": format!("0x{code}"), "gas": 8_000_000 }))
        .collect();
    let approve = |from: &str, token: &str, spender: &str| json!({ "from": from, "to": token, "call": "approve", "args": [spender, "1e60"], "gas": 100_000 });
    let mut holders = vec![Vec::new(); tokens.len()];
    for (index, pool) in pools.iter().enumerate() {
        holders[pool.tokens[0]].push(format!("u{index}"));
    }
    for (name, holders) in tokens.iter().zip(&mut holders) {
        holders.push("maker".to_owned());
        accounts.insert(name.clone(), token());
        setup.extend(mint(name, holders));
        setup.push(approve("maker", name, "manager"));
    }
    let mut transactions = Vec::new();
    for (index, Pool { tokens: [zero, one], fee }) in pools.into_iter().enumerate() {
        let (zero, one) = (&tokens[zero], &tokens[one]);
        setup.push(json!({
            "from": "maker", "to": "manager", "gas": 6_000_000,
            "call": "createAndInitializePoolIfNecessary(address,address,uint24,uint160)",
            "args": [zero, one, fee, PRICE_OF_ONE]
        }));
        setup.push(json!({
            "from": "maker", "to": "manager", "gas": 1_000_000,
            "call": "mint((address,address,uint24,int24,int24,uint256,uint256,uint256,uint256,address,uint256))",
            "args": [[zero, one, fee, -WIDEST, WIDEST, "100 ether", "100 ether", 0, 0, "maker", FOREVER]]
        }));
        let user = format!("u{index}");
        setup.push(approve(&user, zero, "router"));
        transactions.push(json!({
            "from": user, "to": "router", "gas": 300_000,
            "call": "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))",
            "args": [[zero, one, fee, user, FOREVER, "1 ether", 0, 0]]
        }));
    }
    // Before Osaka one transaction may set up as much as it likes.
    Ok(json!({
        "fork": "prague", "accounts": accounts, "setup": setup, "transactions": transactions
    }))
}

struct Pool {
    /// Two of the tokens, the lower one first.
    tokens: [usize; 2],
    fee: u32,
}

/// The first so many pools of as few tokens as possible.
fn pools(count: usize) -> Vec<Pool> {
    let pairs = (1..).flat_map(|one| (0..one).map(move |zero| [zero, one]));
    let pools = pairs.flat_map(|tokens| FEES.map(|fee| Pool { tokens, fee }));
    pools.take(count).collect()
}

/// The address of what `uniswap` creates with this nonce, in hexadecimal digits.
fn created(nonce: u64) -> String {
    format!("{:x}", named_address("uniswap").create(nonce))
}

/// The init code of a contract, in hexadecimal digits.
fn artifact(package_name: &str, contract: &str) -> Result<String, String> {
    let path =
        package(&format!("{package_name}/artifacts/contracts/{contract}.sol/{contract}.json"));
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let artifact: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let code = artifact["bytecode"].as_str().and_then(|code| code.strip_prefix("0x"));
    code.map(str::to_owned).ok_or_else(|| format!("{} has no bytecode", path.display()))
}

fn package(file: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/bench/node_modules/@uniswap");
    PathBuf::from(folder).join(file)
}
