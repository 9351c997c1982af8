//! Why something failed, in words.

use revm::context::result::ExecutionResult;
use revm::primitives::{U256, hex};

use crate::evm::Outcome;

/// Why a transaction did not succeed; `None` if it did.
pub(crate) fn failure(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Invalid(invalid) => Some(invalid.to_string()),
        Outcome::Included(ExecutionResult::Success { .. }) => None,
        Outcome::Included(ExecutionResult::Revert { output, .. }) => Some(revert(output)),
        Outcome::Included(ExecutionResult::Halt { reason, .. }) => Some(reason.to_string()),
    }
}

/// Solidity's `Error(string)` and `Panic(uint256)`; anything else as hex.
pub(crate) fn revert(output: &[u8]) -> String {
    match output {
        [] => "reverted without a reason".to_owned(),
        [0x08, 0xc3, 0x79, 0xa0, rest @ ..] => match string(rest) {
            Some(message) => format!("reverted: {message}"),
            None => format!("reverted with {}", shortened(output)),
        },
        [0x4e, 0x48, 0x7b, 0x71, rest @ ..] if rest.len() == 32 => {
            let code = U256::from_be_slice(rest);
            let what = match code.saturating_to::<u64>() {
                0x01 => "an assertion failed",
                0x11 => "arithmetic overflow",
                0x12 => "division by zero",
                0x21 => "a value is no member of its enum",
                0x22 => "a storage array is corrupt",
                0x31 => "pop of an empty array",
                0x32 => "an index is out of bounds",
                0x41 => "too much memory",
                0x51 => "a call of an uninitialised function",
                _ => "panic",
            };
            format!("reverted: {what} (panic code {code:#x})")
        }
        _ => format!("reverted with {}", shortened(output)),
    }
}

/// An ABI-encoded string: offset, length, bytes.
fn string(data: &[u8]) -> Option<String> {
    let word = |at: usize| {
        let bytes = data.get(at..at.checked_add(32)?)?;
        usize::try_from(U256::from_be_slice(bytes)).ok()
    };
    let at = word(0)?;
    let length = word(at)?;
    let start = at.checked_add(32)?;
    let bytes = data.get(start..start.checked_add(length)?)?;
    let text: String = String::from_utf8_lossy(bytes).chars().take(MOST).collect();
    Some(text)
}

/// Characters of a message, bytes of raw data.
const MOST: usize = 256;

fn shortened(data: &[u8]) -> String {
    match data.get(..MOST) {
        Some(start) if data.len() > MOST => {
            format!("{}… ({} bytes)", hex::encode_prefixed(start), data.len())
        }
        _ => hex::encode_prefixed(data),
    }
}
