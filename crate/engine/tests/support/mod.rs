//! What the block tests share: code from mnemonics, blocks in a few words, and the one check.

#![allow(dead_code, unused_imports, reason = "each test binary uses its own part of this module")]

mod assembler;
mod block;
mod check;
mod engine;
mod random;
mod reference;

pub(crate) use assembler::{asm, call, deploy, deploy_with, initcode, store_first_word};
pub(crate) use block::{
    ALICE, BOB, Block, CAROL, DAVE, FORKS, MINER, Tx, address, authorization, contract_at,
    created_by, ether, forks_from,
};
pub(crate) use check::{
    After, Config, DELTAS, HINTS, Outcome, STRATEGIES, check, check_exhaustively, check_own_rule,
    compare, differences, reference, verify,
};
pub(crate) use engine::{Accessed, Engine};
pub(crate) use random::Random;
