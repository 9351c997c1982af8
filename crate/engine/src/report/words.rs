//! Values as text.

use revm::primitives::{KECCAK_EMPTY, U256, hex as bytes_to_hex};

use evm_lanes_evm::Value;

/// `0x2a`.
pub(super) fn hex(value: U256) -> String {
    format!("{value:#x}")
}

/// The most bytes of call data, output or log data that a report carries.
const MOST_BYTES: usize = 16 * 1024;

/// Bytes as `0x…`; of very many the first, with an ellipsis behind them.
pub(super) fn bytes(data: &[u8]) -> String {
    match data.get(..MOST_BYTES) {
        Some(start) if data.len() > MOST_BYTES => {
            format!("{}…", bytes_to_hex::encode_prefixed(start))
        }
        _ => bytes_to_hex::encode_prefixed(data),
    }
}

/// The first and last digits of a long `0x…`.
pub(super) fn short(text: &str) -> String {
    match (text.get(..6), text.len().checked_sub(4).and_then(|end| text.get(end..))) {
        (Some(start), Some(end)) if text.len() > 18 => format!("{start}…{end}"),
        _ => text.to_owned(),
    }
}

/// A value in a table of reads and writes.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Balance(balance) => hex(*balance),
        Value::Nonce(nonce) => format!("{nonce:#x}"),
        Value::Code(code) => code.hash.to_string(),
        Value::Life { .. } => spoken(value),
        Value::Slot { value, .. } => hex(*value),
        Value::Gas(used) => format!("{:#x}", used.regular),
    }
}

/// A value in a sentence.
pub(super) fn spoken(value: &Value) -> String {
    match value {
        Value::Balance(balance) => ether(*balance),
        Value::Nonce(nonce) => nonce.to_string(),
        Value::Code(code) if code.hash == KECCAK_EMPTY => "none".to_owned(),
        Value::Code(code) => format!("code {}", short(&code.hash.to_string())),
        Value::Life { epoch: 0, exists } => if *exists { "existing" } else { "absent" }.to_owned(),
        Value::Life { epoch, exists: true } => format!("existing since transaction {}", epoch - 1),
        Value::Life { epoch, exists: false } => format!("absent since transaction {}", epoch - 1),
        Value::Slot { value, .. } => match u64::try_from(*value) {
            Ok(small) => small.to_string(),
            Err(_) => short(&hex(*value)),
        },
        Value::Gas(used) => used.regular.to_string(),
    }
}

/// A factor: `0.95×`, `1.9×`, `12×`. In whole numbers, because writing floating-point ones brings ten kilobytes of tables.
pub(crate) fn times(factor: f64) -> String {
    let rounded = |parts: f64| (factor * parts).round() as u64;
    match rounded(10_000.0) {
        0..9950 => format!("0.{:02}×", rounded(100.0)),
        9950..99_500 => format!("{}.{}×", rounded(10.0) / 10, rounded(10.0) % 10),
        _ => format!("{}×", rounded(1.0)),
    }
}

/// An amount of wei in the unit it reads best in.
pub(super) fn ether(wei: U256) -> String {
    let units = [("ether", 18_u32, 15_u32), ("gwei", 9, 6), ("wei", 0, 0)];
    let pick =
        units.into_iter().find(|(_, _, least)| wei >= U256::from(10).pow(U256::from(*least)));
    let Some((unit, decimals, _)) = pick.filter(|_| !wei.is_zero()) else {
        return "0 ether".to_owned();
    };
    let one = U256::from(10).pow(U256::from(decimals));
    let (whole, rest) = wei.div_rem(one);
    if rest.is_zero() {
        return format!("{whole} {unit}");
    }
    let digits = format!("{rest:0>width$}", width = decimals as usize);
    format!("{whole}.{} {unit}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_in_a_fitting_unit() {
        let ten = |power: u64| U256::from(10).pow(U256::from(power));
        assert_eq!(ether(U256::ZERO), "0 ether");
        assert_eq!(ether(ten(19)), "10 ether");
        assert_eq!(ether(ten(18) + U256::from(5)), "1.000000000000000005 ether");
        assert_eq!(ether(ten(15)), "0.001 ether");
        assert_eq!(ether(U256::from(21_000) * ten(9)), "21000 gwei");
        assert_eq!(ether(U256::from(7)), "7 wei");
    }

    #[test]
    fn factors_have_as_many_digits_as_say_something() {
        assert_eq!(
            [0.0, 0.954, 0.9949, 0.995, 1.94, 9.94, 9.96, 11.6].map(times),
            ["0.00×", "0.95×", "0.99×", "1.0×", "1.9×", "9.9×", "10×", "12×"]
        );
    }

    #[test]
    fn long_hex_is_shortened_in_the_middle() {
        assert_eq!(short("0x3"), "0x3");
        assert_eq!(short(&hex(U256::MAX)), "0xffff…ffff");
    }
}
