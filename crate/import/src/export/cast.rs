//! A script of Foundry's cast that replays a scenario on anvil, whoever has the keys of its senders.

use std::fmt::Write as _;

use alloy_primitives::U256;
use evm_lanes_engine::scenario::{Scenario, Transaction, fork_name};
use serde_json::{Value, json};

use super::Exported;

/// A shell script: the state before the block, its transactions (`cast send --unlocked`, or `cast publish` for those that are
/// signed), and the block. Its second line starts the anvil that it is for.
pub fn cast(scenario: &Scenario) -> Exported {
    let mut left_out = Vec::new();
    let before = super::before(scenario).unwrap_or_else(|why| {
        left_out.push(why);
        scenario.accounts.clone()
    });
    let block = &scenario.block;
    let earlier = |number: U256| number.saturating_sub(U256::from(1));
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "{words}");
    };
    line(format_args!("#!/bin/sh"));
    line(format_args!(
        "# anvil --no-mining --order fifo --hardfork {} --chain-id {} --gas-limit {} --number {} --timestamp {} \
         --disable-min-priority-fee --disable-pool-balance-checks",
        fork_name(scenario.fork),
        scenario.chain_id,
        block.gas_limit,
        earlier(block.number),
        earlier(block.timestamp),
    ));
    line(format_args!(
        "# Hashes of earlier blocks and the random number of this one are the node's own."
    ));
    line(format_args!(": \"${{ETH_RPC_URL:=http://localhost:8545}}\"; export ETH_RPC_URL"));
    let call = |method: &str, parameters: &[&dyn std::fmt::Display]| {
        let mut words = format!("cast rpc {method}");
        for one in parameters {
            let _ = write!(words, " {one}");
        }
        words + " >/dev/null"
    };
    for (address, account) in &before {
        if !account.balance.is_zero() {
            let balance = format!("{:#x}", account.balance);
            line(format_args!("{}", call("anvil_setBalance", &[address, &balance])));
        }
        if account.nonce > 0 {
            let nonce = format!("{:#x}", account.nonce);
            line(format_args!("{}", call("anvil_setNonce", &[address, &nonce])));
        }
        if let Some(code) = &account.code {
            let code = code.original_bytes();
            line(format_args!("{}", call("anvil_setCode", &[address, &code])));
        }
        for (slot, value) in &account.storage {
            let (slot, value) = (format!("{slot:#066x}"), format!("{value:#066x}"));
            line(format_args!("{}", call("anvil_setStorageAt", &[address, &slot, &value])));
        }
    }
    for (method, parameter) in [
        ("anvil_setCoinbase", block.beneficiary.to_string()),
        ("anvil_setNextBlockBaseFeePerGas", format!("{:#x}", block.basefee)),
        ("evm_setNextBlockTimestamp", format!("{:#x}", block.timestamp)),
        ("anvil_autoImpersonateAccount", "true".to_owned()),
    ] {
        line(format_args!("{}", call(method, &[&parameter])));
    }
    for (index, transaction) in scenario.transactions.iter().enumerate() {
        match send(transaction) {
            Ok(words) => line(format_args!("{words}")),
            Err(why) => {
                left_out.push(format!("transaction {index} ({}) {why}", transaction.path));
            }
        }
    }
    line(format_args!("{}", call("evm_mine", &[])));
    Exported { text, left_out }
}

/// The command that sends it.
///
/// # Errors
/// Why there is none, behind the transaction's name.
fn send(transaction: &Transaction) -> Result<String, &'static str> {
    let env = &transaction.env;
    if let Some(raw) = &transaction.signed {
        return match env.tx_type {
            3 => Err("carries blobs, which a node wants and a scenario does not have"),
            _ => Ok(format!("cast publish --async {raw}")),
        };
    }
    let price = env.gas_price;
    let mut words = format!(
        "cast send --async --unlocked --from {} --nonce {} --gas-limit {} --value {} --gas-price {price}",
        env.caller, env.nonce, env.gas_limit, env.value
    );
    match env.tx_type {
        0 | 1 => words.push_str(" --legacy"),
        2 => {
            let _ = write!(words, " --priority-gas-price {}", env.gas_priority_fee.unwrap_or(0));
        }
        3 => return Err("carries blobs, which a node wants and a scenario does not have"),
        _ => return Err("delegates code, which takes its authorities' signatures"),
    }
    if !env.access_list.0.is_empty() {
        let list: Vec<Value> = env
            .access_list
            .0
            .iter()
            .map(|one| json!({ "address": one.address, "storageKeys": one.storage_keys }))
            .collect();
        let _ = write!(words, " --access-list '{}'", Value::from(list));
    }
    match env.kind.to() {
        Some(to) if env.data.is_empty() => {
            let _ = write!(words, " {to}");
        }
        Some(to) => {
            let _ = write!(words, " {to} --data {}", env.data);
        }
        None => {
            let _ = write!(words, " --create {}", env.data);
        }
    }
    Ok(words)
}
