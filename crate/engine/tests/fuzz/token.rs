//! A token as Solidity compiles one, reduced to what matters here: balances by a hash of who has them, arithmetic that is
//! checked, a total that every mint changes.

use revm::primitives::{Address, U256, keccak256};

use crate::support::{Block, Random, Tx, asm};

/// Where it is.
const TOKEN: Address = Address::repeat_byte(0x70);
/// Who can have some: a sender is one of them by the last bits of its address.
const HOLDERS: u64 = 8;

/// Places it into the block, with balances at which one more or one less matters.
pub(crate) fn deploy(random: &mut Random, block: &mut Block) {
    let checked = "DUP1 DUP3 GT @panic JUMPI";
    let unchecked = if random.once_in(2) { "" } else { checked };
    block.contract(
        TOKEN,
        asm(format!(
            "64 CALLDATALOAD @mint JUMPI
             CALLER 7 AND 0 MSTORE 32 0 KECCAK256 DUP1 SLOAD
             0 CALLDATALOAD DUP2 LT @panic JUMPI 0 CALLDATALOAD SWAP1 SUB SWAP1 SSTORE @credit JUMP
             mint: 1 SLOAD DUP1 0 CALLDATALOAD ADD {checked} 1 SSTORE POP
             credit: 32 CALLDATALOAD 0 MSTORE 32 0 KECCAK256 DUP1 SLOAD
             DUP1 0 CALLDATALOAD ADD {unchecked} SWAP1 POP SWAP1 SSTORE
             0 CALLDATALOAD 0 MSTORE 32 0 LOG0 STOP
             panic: 0 0 REVERT"
        )),
    );
    let storage = &mut block.account(TOKEN).storage;
    for holder in 0..HOLDERS {
        let slot = keccak256(U256::from(holder).to_be_bytes::<32>());
        let balance = match random.below(6) {
            0 | 1 => continue,
            2 => U256::MAX - U256::from(random.below(4)),
            _ => U256::from(1 + random.below(12)),
        };
        storage.insert(slot.into(), balance);
    }
    if random.once_in(4) {
        storage.insert(U256::from(1), U256::MAX - U256::from(random.below(20)));
    }
}

/// A transfer, or one time in five a mint.
pub(crate) fn call(random: &mut Random, from: Address) -> Tx {
    let amount = *random.pick(&[0, 1, 1, 2, 3, 5]);
    let mint = u64::from(random.once_in(5));
    Tx::call(from, TOKEN).words(&[amount, random.below(HOLDERS), mint])
}
