//! What was measured, for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::targets::{ETHEREUMJS, NATIVE, Target};

/// Every table there is something in.
pub(crate) fn all(chromium: &Value, targets: &[Target]) -> String {
    let page = Table {
        head: ["the page", "median", "worst", "budget"],
        rows: list(&chromium["page"])
            .map(|row| {
                let budget = format!("{:.0} ms", number(&row["budget"]));
                [text(&row["name"]), ms(&row["median"], 1.0), ms(&row["worst"], 1.0), budget]
            })
            .collect(),
    };
    let native = Table {
        head: ["one thread", "native stock revm", "wasm in Chromium", "ratio"],
        rows: list(&chromium["blocks"])
            .map(|row| {
                let one = &row["oneThread"];
                let (stock, wasm) = (ms(&one["stockRevm"], 1e3), ms(&one["single"], 1e3));
                let wanted = wanted(targets, NATIVE, &row["block"]);
                [text(&row["name"]), stock, wasm, times(&one["ratio"]) + &wanted]
            })
            .collect(),
    };
    let ethereumjs = Table {
        head: ["one thread in Chromium", "@ethereumjs/vm", "wasm", "ratio"],
        rows: list(&chromium["ethereumjs"])
            .map(|row| {
                let (theirs, ours) = (ms(&row["theirs"], 1.0), ms(&row["ours"], 1.0));
                let wanted = wanted(targets, ETHEREUMJS, &row["block"]);
                [text(&row["name"]), theirs, ours, times(&row["ratio"]) + &wanted]
            })
            .collect(),
    };
    let targets = Table {
        head: ["target", "wanted", "figure", "reached?"],
        rows: targets.iter().map(row).collect(),
    };
    [page.text(), native.text(), ethereumjs.text(), targets.text()].concat()
}

fn row(target: &Target) -> [String; 4] {
    let (figure, answer) = match (&target.measured, target.reached()) {
        (Some(measured), Some(reached)) => {
            let answer = if reached { "yes" } else { "no" };
            (format!("{:.2}", measured.figure), format!("{answer} ({})", measured.block))
        }
        _ => ("—".to_owned(), "not measured".to_owned()),
    };
    [target.name.to_owned(), target.wanted.to_string(), figure, answer]
}

/// What the ratio of this block should be, if there is such a target.
fn wanted(targets: &[Target], over: &str, block: &Value) -> String {
    let mut targets = targets.iter().filter(|target| target.name.contains(over));
    let target = targets.find(|target| target.measured.as_ref().is_some_and(|m| *block == m.block));
    target.map_or_else(String::new, |target| format!(" (wanted {})", target.wanted))
}

struct Table {
    head: [&'static str; 4],
    rows: Vec<[String; 4]>,
}

impl Table {
    /// Nothing if it has no rows.
    fn text(&self) -> String {
        let mut text = String::new();
        if self.rows.is_empty() {
            return text;
        }
        let rows = std::iter::once(self.head.map(str::to_owned)).chain(self.rows.iter().cloned());
        for [name, a, b, c] in rows {
            let _ = writeln!(text, "  {name:58} {a:>18} {b:>18}  {c}");
        }
        format!("\n{text}")
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn ms(value: &Value, units: f64) -> String {
    format!("{:.2} ms", number(value) / units)
}

fn times(value: &Value) -> String {
    format!("{:.2}×", number(value))
}

#[cfg(test)]
mod tests {
    use super::super::targets;
    use super::*;
    use serde_json::json;

    #[test]
    fn ratios_stand_beside_what_was_wanted() {
        let chromium = json!({
            "blocks": [
                { "block": "uniswap-v3", "name": "swaps", "runs": [], "oneThread": { "stockRevm": 9500.0, "single": 10_000.0, "ratio": 0.95 } },
                { "block": "mixed", "name": "mixed", "runs": [], "oneThread": { "stockRevm": 1000.0, "single": 2000.0, "ratio": 0.5 } },
            ],
            "ethereumjs": [{ "block": "uniswap-v3", "name": "swaps", "theirs": 450.0, "ours": 10.0, "ratio": 45.0 }],
        });
        let text = all(&chromium, &targets::all(&Value::Null, &chromium));
        let words: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        for line in [
            "swaps 9.50 ms 10.00 ms 0.95× (wanted ≥ 0.9)",
            "mixed 1.00 ms 2.00 ms 0.50×",
            "swaps 450.00 ms 10.00 ms 45.00× (wanted ≥ 50)",
            "wasm, 1 thread, over native stock revm: Uniswap ≥ 0.9 0.95 yes (uniswap-v3)",
            "wasm, 1 thread, over @ethereumjs/vm: Uniswap ≥ 50 45.00 no (uniswap-v3)",
            "native, 2 threads: the worst block ≥ 0.95 — not measured",
        ] {
            assert!(words.iter().any(|word| word == line), "{line:?} is not in\n{text}");
        }
    }
}
