//! One worker's copies of contracts' code.
//!
//! revm counts the references to an account's code, some eight times for each account that a transaction loads and as
//! often down again, and those to the code of accounts without any are all counted in one place. Workers that count on
//! one counter wait for each other's caches: two of them took twice the time of one for each transfer.

use revm::bytecode::Bytecode;
use revm::primitives::B256;
use revm::primitives::map::B256Map;

/// What a worker has of code.
#[derive(Debug)]
pub(crate) struct Codes {
    /// Of accounts that have none.
    none: Bytecode,
    seen: B256Map<Bytecode>,
}

impl Codes {
    pub(crate) fn new() -> Self {
        Self { none: copy(&Bytecode::default()), seen: B256Map::default() }
    }

    /// That of an account without any.
    pub(crate) fn none(&self) -> Bytecode {
        self.none.clone()
    }

    /// The code with this hash, which is `shared` with other workers.
    pub(crate) fn get(&mut self, hash: B256, shared: impl FnOnce() -> Bytecode) -> Bytecode {
        self.seen.entry(hash).or_insert_with(|| copy(&shared())).clone()
    }
}

/// The same, counted on its own.
#[expect(
    unsafe_code,
    reason = "code cannot be counted anew but by analysing it again, and no code not at all"
)]
fn copy(code: &Bytecode) -> Bytecode {
    match code.legacy_jump_table() {
        // SAFETY: these are the parts of one that revm has analysed.
        Some(jumps) => unsafe {
            Bytecode::new_analyzed(code.bytecode().clone(), code.len(), jumps.clone())
        },
        None => code.eip7702_address().map_or_else(|| code.clone(), Bytecode::new_eip7702),
    }
}
