//! EVM code from words.

use std::collections::BTreeMap;

use revm::bytecode::opcode::OpCode;
use revm::primitives::{Address, Bytes, U256};

/// Code from words separated by white space:
///
/// | word | code |
/// |---|---|
/// | `SLOAD` | the instruction |
/// | `7`, `0x1f…` | the shortest `PUSHn` of it, never `PUSH0`, so that it runs on every fork |
/// | `again:` | a `JUMPDEST` |
/// | `@again` | a push of that destination |
/// | `#60ff` | these bytes |
pub(crate) fn asm(source: impl AsRef<str>) -> Bytes {
    let mut code = Vec::new();
    let mut labels = BTreeMap::new();
    let mut jumps = Vec::new();
    for word in source.as_ref().split_whitespace() {
        if let Some(label) = word.strip_suffix(':') {
            assert!(labels.insert(label, code.len()).is_none(), "label {label} stands twice");
            code.push(OpCode::JUMPDEST.get());
        } else if let Some(label) = word.strip_prefix('@') {
            code.extend([OpCode::PUSH2.get(), 0, 0]);
            jumps.push((code.len() - 2, label));
        } else if let Some(bytes) = word.strip_prefix('#') {
            code.extend(revm::primitives::hex::decode(bytes).unwrap());
        } else if word.starts_with(|first: char| first.is_ascii_digit()) {
            let number: U256 = word.parse().unwrap_or_else(|_| panic!("{word} is no number"));
            let length = number.byte_len().max(1);
            code.push(OpCode::PUSH1.get() + length as u8 - 1);
            code.extend(&number.to_be_bytes::<32>()[32 - length..]);
        } else {
            code.push(instruction(word));
        }
    }
    for (at, label) in jumps {
        let target = labels.get(label).unwrap_or_else(|| panic!("no label {label}"));
        code[at..at + 2].copy_from_slice(&(*target as u16).to_be_bytes());
    }
    code.into()
}

fn instruction(name: &str) -> u8 {
    let known = |byte: &u8| OpCode::new(*byte).is_some_and(|opcode| opcode.as_str() == name);
    (0..=u8::MAX).find(known).unwrap_or_else(|| panic!("{name} is no instruction"))
}

/// Leaves 1 or 0: calls `to` with `value` wei, no data and nearly all gas. What it keeps is enough to go on and, before
/// EIP-150, to pay for the call itself.
pub(crate) fn call(to: Address, value: u64) -> String {
    format!("0 0 0 0 {value} {to} 60000 GAS SUB CALL")
}

/// Init code that returns `code`.
pub(crate) fn initcode(code: &[u8]) -> Bytes {
    deploy_with("", code)
}

/// Init code that first does `constructor`, which leaves nothing on the stack, and then returns `code`.
pub(crate) fn deploy_with(constructor: &str, code: &[u8]) -> Bytes {
    let prefix = |offset: usize| {
        asm(format!(
            "{constructor} {} 0x{offset:04x} 0 CODECOPY {} 0 RETURN",
            code.len(),
            code.len()
        ))
    };
    // The offset takes at most two bytes, so the second pass can only be as long as the first or one byte longer.
    let mut offset = prefix(0).len();
    while prefix(offset).len() != offset {
        offset = prefix(offset).len();
    }
    [&prefix(offset)[..], code].concat().into()
}

/// Leaves the address: creates a contract from `init` with `value` wei; by `CREATE2` if there is a salt.
pub(crate) fn deploy(init: &[u8], value: u64, salt: Option<u64>) -> String {
    let mut source = String::new();
    for (index, chunk) in init.chunks(32).enumerate() {
        let mut word = [0; 32];
        word[..chunk.len()].copy_from_slice(chunk);
        source += &format!("{} {} MSTORE ", U256::from_be_bytes(word), index * 32);
    }
    match salt {
        Some(salt) => source + &format!("{salt} {} 0 {value} CREATE2", init.len()),
        None => source + &format!("{} 0 {value} CREATE", init.len()),
    }
}

/// Stores the first word of the data at the slot given by the second.
pub(crate) fn store_first_word() -> Bytes {
    asm("0 CALLDATALOAD 32 CALLDATALOAD SSTORE")
}
