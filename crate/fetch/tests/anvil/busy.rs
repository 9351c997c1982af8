//! A block with a bit of everything.

use serde_json::{Value, json};

use crate::node::{ALICE, Anvil, BOB, CAROL, Mined};

/// Init code that stores the hash of the block five before its own.
pub(crate) const REMEMBERS_A_HASH: &str = "0x600543034060005500";

/// A node and what is to be in its next block.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) anvil: Anvil,
    pub(crate) accounts: Value,
    /// As scenarios have them.
    pub(crate) transactions: Value,
}

impl Scene {
    /// Mines the block.
    pub(crate) fn mine(&self) -> Mined {
        self.anvil.mine(self.accounts.clone(), self.transactions.clone())
    }
}

/// The node with its block mined.
pub(crate) fn busy(arguments: &[&str]) -> Option<(Anvil, Mined)> {
    let scene = scene(arguments)?;
    let mined = scene.mine();
    Some((scene.anvil, mined))
}

/// A node with contracts, and a block with a bit of everything: transfers of all types, token transfers that succeed and
/// fail, swaps, a contract that is created and used in the same block, factories, hashes of earlier blocks.
pub(crate) fn scene(arguments: &[&str]) -> Option<Scene> {
    let anvil = Anvil::start(arguments)?;
    let deployed = anvil.mine(
        json!({}),
        json!([
            { "from": ALICE, "contract": "Token", "args": ["Gold", "GLD", ALICE] },
            { "from": ALICE, "contract": "Token", "args": ["Silver", "SLV", ALICE] },
            { "from": ALICE, "contract": "WalletFactory" },
            { "from": ALICE, "contract": "FeeReader" },
        ]),
    );
    let [gold, silver, factory, reader] =
        [0, 1, 2, 3].map(|index| anvil.created(&deployed.hashes[index]));
    let deployed = anvil.mine(
        json!({}),
        json!([
            { "from": ALICE, "contract": "Pool", "args": [gold, silver] },
        ]),
    );
    let pool = anvil.created(&deployed.hashes[0]);
    let accounts = json!({
        &gold: { "abi": "Token" }, &silver: { "abi": "Token" }, &factory: { "abi": "WalletFactory" },
        &reader: { "abi": "FeeReader" }, &pool: { "abi": "Pool" },
        // Where the first creation of the third account will be.
        "fresh": { "abi": "Nft", "create": { "by": CAROL, "nonce": 0 } },
    });
    anvil.mine(
        accounts.clone(),
        json!([
            { "from": ALICE, "to": gold, "call": "mint", "args": [ALICE, "1000000 ether"] },
            { "from": ALICE, "to": silver, "call": "mint", "args": [ALICE, "1000000 ether"] },
            { "from": ALICE, "to": gold, "call": "approve", "args": [pool, "1000000 ether"] },
            { "from": ALICE, "to": silver, "call": "approve", "args": [pool, "1000000 ether"] },
            { "from": ALICE, "to": gold, "call": "transfer", "args": [BOB, "1000 ether"] },
        ]),
    );
    for _ in 0..6 {
        anvil.call("evm_mine", json!([]));
    }
    let never = "0xffffffffffffffff";
    let transactions = json!([
        { "from": CAROL, "contract": "Nft", "args": ["Cats", "CAT", 10] },
        { "from": ALICE, "to": BOB, "value": "1 ether" },
        { "from": BOB, "to": "0x00000000000000000000000000000000000abcde", "value": "2 ether", "gasPrice": "2 gwei" },
        { "from": BOB, "to": gold, "call": "transfer", "args": [CAROL, "5 ether"],
            "accessList": [{ "address": gold, "storageKeys": [0, 1] }], "gasPrice": "2 gwei" },
        { "from": CAROL, "to": silver, "call": "transfer", "args": [BOB, "5 ether"] },
        { "from": CAROL, "to": "fresh", "call": "mint" },
        { "from": BOB, "to": "fresh", "call": "mint" },
        { "from": BOB, "to": reader, "call": "note" },
        { "from": BOB, "to": factory, "call": "create", "args": [BOB, 7] },
        { "from": CAROL, "to": factory, "call": "create", "args": [BOB, 7] },
        { "from": CAROL, "data": REMEMBERS_A_HASH, "gas": 200_000 },
        { "from": ALICE, "to": pool, "call": "addLiquidity",
          "args": ["1000 ether", "2000 ether", 0, never] },
        { "from": ALICE, "to": pool, "call": "swap", "args": [gold, "1 ether", 0, BOB, never] },
        { "from": ALICE, "to": pool, "call": "swap", "args": [silver, "3 ether", 0, CAROL, never] },
        { "from": BOB, "to": pool, "call": "swap", "args": [gold, "1 ether", 0, BOB, never] },
        { "from": BOB, "to": ALICE, "value": 1 },
    ]);
    Some(Scene { anvil, accounts, transactions })
}
