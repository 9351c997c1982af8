//! The contracts of `examples/contracts`, compiled in, parsed when a scenario first names one.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::Contract;
use super::abi::Interface;

macro_rules! artifacts {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../../../examples/contracts/artifacts/", $name, ".json")),
        )),*]
    };
}

/// Name and artifact of each. A test compares this list with the folder.
const ARTIFACTS: [(&str, &str); 14] = artifacts![
    "Auction",
    "BatchWallet",
    "FeeReader",
    "Hasher",
    "Lender",
    "MovingTarget",
    "Nft",
    "NftByHash",
    "Points",
    "Pool",
    "PriceFeed",
    "Token",
    "Wallet",
    "WalletFactory",
];

static PARSED: [OnceLock<Arc<Contract>>; ARTIFACTS.len()] =
    [const { OnceLock::new() }; ARTIFACTS.len()];

/// The names of all bundled contracts, in order.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    ARTIFACTS.iter().map(|(name, _)| *name)
}

/// The contract `name`, if there is one.
pub(super) fn load(name: &str) -> Option<Arc<Contract>> {
    let index = ARTIFACTS.iter().position(|(known, _)| *known == name)?;
    let contract = PARSED[index].get_or_init(|| {
        // The artifacts are part of this build, and a test parses every one of them.
        let artifact: Value =
            serde_json::from_str(ARTIFACTS[index].1).expect("bundled artifacts are valid");
        let text = |field: &str| artifact[field].as_str().expect("bundled artifacts are complete");
        Arc::new(Contract {
            name: text("name").to_owned(),
            interface: Interface::of(&artifact["abi"]),
            bytecode: text("bytecode").parse().expect("bundled artifacts are complete"),
            storage_layout: artifact["storageLayout"].clone(),
        })
    });
    Some(contract.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_artifact_is_listed_and_parses() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/contracts/artifacts");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        assert_eq!(files, names().collect::<Vec<_>>());
        for name in names() {
            let contract = load(name).unwrap();
            assert_eq!(contract.name, name);
            assert!(!contract.bytecode.is_empty());
        }
    }
}
