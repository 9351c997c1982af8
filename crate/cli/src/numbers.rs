//! Numbers for people.

use evm_lanes_engine::report::Unit;

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A duration with its unit: `21,000 gas`, `12.3 ms`.
pub(crate) fn time(value: f64, unit: Unit) -> String {
    match unit {
        // Far below 2⁵³, so nothing is cut off but fractions of a gas.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        Unit::Gas => format!("{} gas", grouped(value.max(0.0).round() as u64)),
        Unit::Microseconds if value < 1e3 => format!("{value:.1} µs"),
        Unit::Microseconds if value < 1e6 => format!("{:.2} ms", value / 1e3),
        Unit::Microseconds => format!("{:.2} s", value / 1e6),
    }
}

/// `1 abort`, `2 aborts`.
pub(crate) fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")]
        {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn times_have_a_unit_of_fitting_size() {
        for (microseconds, expected) in
            [(0.25, "0.2 µs"), (999.0, "999.0 µs"), (1500.0, "1.50 ms"), (2_345_678.0, "2.35 s")]
        {
            assert_eq!(time(microseconds, Unit::Microseconds), expected);
        }
        assert_eq!(time(21_000.0, Unit::Gas), "21,000 gas");
    }

    #[test]
    fn counts_know_their_plural() {
        assert_eq!(count(1, "worker"), "1 worker");
        assert_eq!(count(2, "worker"), "2 workers");
    }
}
