//! What a header must be, given its parent's: the rules of consensus that need no execution.

use alloy_consensus::Header;
use alloy_consensus::constants::EMPTY_OMMER_ROOT_HASH;
use alloy_eips::eip1559::BaseFeeParams;
use alloy_eips::eip7840::BlobParams;
use alloy_primitives::B64;
use revm::primitives::U256;
use revm::primitives::hardfork::SpecId;

use crate::network::Fork;

/// Checks `header`, which is in force of `fork`, against its parent. Proof of work is not checked.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(
    header: &Header,
    fork: &Fork,
    parent: &Header,
    parent_fork: &Fork,
) -> Result<(), String> {
    presence(header, fork)?;
    let wrong = |what: &str, found: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
        Err(format!("its {what} is {found}, expected {expected}"))
    };
    if Some(header.number) != parent.number.checked_add(1) {
        return wrong("number", &header.number, &format!("{} and 1", parent.number));
    }
    if header.timestamp <= parent.timestamp {
        return Err("it is not later than its parent".to_owned());
    }
    if header.extra_data.len() > 32 {
        return Err("its extra data is longer than 32 bytes".to_owned());
    }
    gas_limit(header, fork, parent, parent_fork)?;
    if header.gas_used > header.gas_limit {
        return Err("it uses more gas than its limit".to_owned());
    }
    if fork.has(SpecId::LONDON) {
        let expected = match parent_fork.has(SpecId::LONDON) {
            true => parent.next_block_base_fee(BaseFeeParams::ethereum()),
            false => Some(INITIAL_BASE_FEE),
        };
        if header.base_fee_per_gas != expected {
            return Err(format!(
                "its base fee is {:?}, expected {expected:?}",
                header.base_fee_per_gas
            ));
        }
    }
    if let Some(blobs) = &fork.blobs {
        let expected = excess_blob_gas(blobs, parent)?;
        if header.excess_blob_gas != Some(expected) {
            return Err(format!(
                "its excess blob gas is {:?}, expected {expected}",
                header.excess_blob_gas
            ));
        }
        if header.blob_gas_used > Some(blobs.max_blob_gas_per_block()) {
            return Err("it uses more blob gas than there is".to_owned());
        }
    }
    if fork.merged() {
        if header.ommers_hash != EMPTY_OMMER_ROOT_HASH {
            return Err("it has uncles after the merge".to_owned());
        }
        if !header.difficulty.is_zero() || header.nonce != B64::ZERO {
            return Err("its difficulty or nonce is not zero after the merge".to_owned());
        }
    } else {
        let expected = difficulty(header, fork, parent);
        if header.difficulty != expected {
            return wrong("difficulty", &header.difficulty, &expected);
        }
    }
    Ok(())
}

/// EIP-1559.
const INITIAL_BASE_FEE: u64 = 1_000_000_000;

/// The fields that came with forks are there from then on, and not before.
fn presence(header: &Header, fork: &Fork) -> Result<(), String> {
    for (field, present, since) in [
        ("base fee", header.base_fee_per_gas.is_some(), SpecId::LONDON),
        ("withdrawals root", header.withdrawals_root.is_some(), SpecId::SHANGHAI),
        ("blob gas used", header.blob_gas_used.is_some(), SpecId::CANCUN),
        ("excess blob gas", header.excess_blob_gas.is_some(), SpecId::CANCUN),
        ("parent beacon block root", header.parent_beacon_block_root.is_some(), SpecId::CANCUN),
        ("requests hash", header.requests_hash.is_some(), SpecId::PRAGUE),
        ("access list hash", header.block_access_list_hash.is_some(), SpecId::AMSTERDAM),
        ("slot number", header.slot_number.is_some(), SpecId::AMSTERDAM),
    ] {
        match (present, fork.has(since)) {
            (true, false) => return Err(format!("it has a {field}, which came with a later fork")),
            (false, true) => return Err(format!("it has no {field}")),
            _ => {}
        }
    }
    Ok(())
}

fn gas_limit(
    header: &Header,
    fork: &Fork,
    parent: &Header,
    parent_fork: &Fork,
) -> Result<(), String> {
    const LEAST: u64 = 5000;
    const BOUND_DIVISOR: u64 = 1024;
    // With London the limit doubled, so that what was full is the target (EIP-1559).
    let elastic = fork.has(SpecId::LONDON) && !parent_fork.has(SpecId::LONDON);
    let before = if elastic { parent.gas_limit.saturating_mul(2) } else { parent.gas_limit };
    let limit = header.gas_limit;
    if limit.abs_diff(before) >= before / BOUND_DIVISOR {
        return Err(format!("its gas limit is {limit}, too far from its parent's {before}"));
    }
    if limit < LEAST || limit > i64::MAX as u64 {
        return Err(format!("its gas limit is {limit}"));
    }
    Ok(())
}

/// EIP-4844, EIP-7691, EIP-7918.
fn excess_blob_gas(blobs: &BlobParams, parent: &Header) -> Result<u64, String> {
    let used = parent.blob_gas_used.unwrap_or(0);
    let excess = parent.excess_blob_gas.unwrap_or(0);
    blob_fee_exists(excess, blobs)?;
    if used > u64::from(u32::MAX) {
        return Err("its parent uses more blob gas than there is".to_owned());
    }
    let base_fee = parent.base_fee_per_gas.unwrap_or(0);
    Ok(blobs.next_block_excess_blob_gas_osaka(excess, used, base_fee))
}

/// The price of blobs is e to the power of the excess, and nothing computes it beyond 128 bits.
///
/// # Errors
/// If it cannot be computed.
pub(crate) fn blob_fee_exists(excess: u64, blobs: &BlobParams) -> Result<(), String> {
    const MOST: u128 = 60;
    let fits = u128::from(excess) / blobs.update_fraction < MOST;
    fits.then_some(()).ok_or_else(|| format!("an excess of blob gas of {excess} has no price"))
}

/// The difficulty of a mined block (EIP-2, EIP-100).
fn difficulty(header: &Header, fork: &Fork, parent: &Header) -> U256 {
    const LEAST: u64 = 131_072;
    const BOMB_PERIOD: u64 = 100_000;
    let step = parent.difficulty / U256::from(2048);
    let elapsed = header.timestamp.saturating_sub(parent.timestamp);
    // How many steps up (or down, if negative).
    let steps: i64 = if fork.has(SpecId::BYZANTIUM) {
        let uncles = if parent.ommers_hash == EMPTY_OMMER_ROOT_HASH { 1 } else { 2 };
        uncles - i64::try_from(elapsed / 9).unwrap_or(i64::MAX)
    } else if fork.has(SpecId::HOMESTEAD) {
        1 - i64::try_from(elapsed / 10).unwrap_or(i64::MAX)
    } else if elapsed < 13 {
        1
    } else {
        -1
    };
    let steps = steps.max(-99);
    let change = step.saturating_mul(U256::from(steps.unsigned_abs()));
    let mut difficulty = match steps < 0 {
        true => parent.difficulty.saturating_sub(change),
        false => parent.difficulty.saturating_add(change),
    };
    difficulty = difficulty.max(U256::from(LEAST));
    // EIP-649 counts from the parent's number, so that the delay is one block longer.
    let number = match fork.has(SpecId::BYZANTIUM) {
        true => parent.number.saturating_sub(fork.bomb_delay - 1),
        false => header.number,
    };
    let period = number / BOMB_PERIOD;
    if period >= 2 {
        let bomb = U256::from(1).checked_shl(period as usize - 2).unwrap_or_default();
        difficulty = difficulty.saturating_add(bomb).max(U256::from(LEAST));
    }
    difficulty
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::BlobSchedule;

    fn fork(name: &str) -> Fork {
        Fork::read(name, &BlobSchedule::new()).expect(name)
    }

    /// Headers of real blocks and their parents, from the chain.
    #[test]
    fn difficulties_are_those_of_real_blocks() {
        // Blocks 1 and 2.
        let blocks: [(u64, u64, u64, u64, u64); 2] = [
            (1, 1_438_269_988, 0, 17_179_869_184, 17_171_480_576),
            (2, 1_438_270_017, 1_438_269_988, 17_171_480_576, 17_163_096_064),
        ];
        for (number, timestamp, parent_time, parent_difficulty, expected) in blocks {
            let header = Header { number, timestamp, ..Header::default() };
            let parent = Header {
                number: number - 1,
                timestamp: parent_time,
                difficulty: U256::from(parent_difficulty),
                ommers_hash: EMPTY_OMMER_ROOT_HASH,
                ..Header::default()
            };
            let found = difficulty(&header, &fork("Frontier"), &parent);
            assert_eq!(found, U256::from(expected), "block {number}");
        }
    }

    #[test]
    fn a_field_is_there_from_its_fork_on() {
        let with = |base_fee_per_gas| Header { base_fee_per_gas, ..Header::default() };
        for (name, base_fee, fits) in [
            ("Berlin", None, true),
            ("Berlin", Some(7), false),
            ("London", None, false),
            ("London", Some(7), true),
        ] {
            let found = presence(&with(base_fee), &fork(name));
            assert_eq!(found.is_ok(), fits, "{name} {base_fee:?}: {found:?}");
        }
    }
}
