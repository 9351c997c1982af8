//! What miners were paid.

use alloy_consensus::Header;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, U256};

use crate::network::Fork;

/// The rewards of a mined block and its uncles, in wei (EIP-649, EIP-1234). There are none after the merge.
pub(crate) fn rewards(header: &Header, uncles: &[Header], fork: &Fork) -> Vec<(Address, U256)> {
    if fork.merged() {
        return Vec::new();
    }
    let ether = match fork.spec {
        spec if spec.is_enabled_in(SpecId::PETERSBURG) => 2,
        spec if spec.is_enabled_in(SpecId::BYZANTIUM) => 3,
        _ => 5,
    };
    let reward = U256::from(ether) * U256::from(10).pow(U256::from(18));
    let nephew = reward / U256::from(32) * U256::from(uncles.len());
    let mut rewards = vec![(header.beneficiary, reward + nephew)];
    rewards.extend(uncles.iter().map(|uncle| {
        let eighths = (uncle.number + 8).saturating_sub(header.number);
        (uncle.beneficiary, reward * U256::from(eighths) / U256::from(8))
    }));
    rewards
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::BlobSchedule;

    #[test]
    fn rewards_are_those_of_the_fork() {
        let ether = |thirty_seconds: u64| {
            U256::from(thirty_seconds) * U256::from(10).pow(U256::from(18)) / U256::from(32)
        };
        let header = Header { number: 100, ..Header::default() };
        let uncle = Header { number: 99, ..Header::default() };
        for (fork, expected) in [
            ("Frontier", vec![ether(165), ether(140)]),
            ("Byzantium", vec![ether(99), ether(84)]),
            ("Petersburg", vec![ether(66), ether(56)]),
            ("Paris", vec![]),
        ] {
            let fork = Fork::read(fork, &BlobSchedule::new()).expect("a fork");
            let found = rewards(&header, std::slice::from_ref(&uncle), &fork);
            let found: Vec<_> = found.into_iter().map(|(_, amount)| amount).collect();
            assert_eq!(found, expected, "{fork:?}");
        }
    }
}
