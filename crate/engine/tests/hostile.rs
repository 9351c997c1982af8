//! Nothing that can be pasted panics or takes long: examples and bad scenarios mutated at random, random bytes, and
//! the worst texts we could think of. `SEED` repeats a run, `CASES` lengthens it.

use std::time::{Duration, Instant};

use evm_lanes_engine::diagnostic::Severity;
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_evm::bal::{self, AccountChanges};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use revm::primitives::{Address, U256, hex};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Reads the text and checks what must hold for every text.
fn check(text: &str) {
    let (scenario, diagnostics) = scenario::read(text, Library::bundled());
    let errors = diagnostics.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(scenario.is_none(), errors);
    let lines = text.split_inclusive('\n').count() as u32 + 1;
    let mut last = (0, 0);
    for problem in &diagnostics {
        let (start, end) = ((problem.line, problem.column), (problem.end_line, problem.end_column));
        assert!(start <= end && problem.line >= 1 && problem.column >= 1);
        assert!(problem.line <= lines + text.matches('\r').count() as u32);
        assert!(start >= last || problem.message.contains("not listed"));
        last = start;
    }
    if let Some(scenario) = scenario {
        assert_eq!(scenario::rows(&scenario).len(), scenario.transactions.len());
    }
}

fn seeds() -> Vec<String> {
    let mut texts = Vec::new();
    for folder in ["/../../examples", "/tests/diagnostics"] {
        let mut files: Vec<_> =
            std::fs::read_dir(format!("{}{folder}", env!("CARGO_MANIFEST_DIR")))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| {
                    path.extension()
                        .is_some_and(|extension| extension == "json" || extension == "jsonc")
                })
                .collect();
        files.sort();
        texts.extend(files.iter().map(|file| std::fs::read_to_string(file).unwrap()));
    }
    texts
}

#[test]
fn mutated_scenarios_never_panic() {
    let seed = number("SEED", 1);
    let cases = number("CASES", 3000);
    println!("SEED={seed} CASES={cases}");
    let mut random = Pcg64::new(u128::from(seed), 1);
    let seeds: Vec<String> = seeds().into_iter().filter(|text| text.len() < 8000).collect();
    let tokens = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "0x",
        "-1",
        "1e999",
        "null",
        "true",
        "\u{1F600}",
        "//",
        "/*",
        "*/",
        "\n",
        "\r",
        "'",
        "\\u12",
        "1e-5",
        "99999999999999999999",
        "\"raw\"",
        "\"generate\"",
        "\"call\"",
        "\"args\"",
        "\u{0}",
        " ether",
        "(",
        ")",
    ];
    for _ in 0..cases {
        let below =
            |bound: usize, random: &mut Pcg64| (random.next_u64() % bound.max(1) as u64) as usize;
        let mut text: Vec<char> = seeds[below(seeds.len(), &mut random)].chars().collect();
        for _ in 0..=below(4, &mut random) {
            let at = below(text.len(), &mut random);
            let end = (at + below(12, &mut random)).min(text.len());
            match below(4, &mut random) {
                0 => drop(text.drain(at..end)),
                1 => {
                    let token = tokens[below(tokens.len(), &mut random)];
                    text.splice(at..at, token.chars());
                }
                2 => {
                    let copied: Vec<char> = text[at..end].to_vec();
                    let to = below(text.len(), &mut random);
                    text.splice(to..to, copied);
                }
                _ => {
                    let token = tokens[below(tokens.len(), &mut random)];
                    text.splice(at..end, token.chars());
                }
            }
        }
        check(&text.into_iter().collect::<String>());
    }
}

#[test]
fn random_bytes_never_panic() {
    let seed = number("SEED", 2);
    println!("SEED={seed}");
    let mut random = Pcg64::new(u128::from(seed), 2);
    for _ in 0..3000 {
        let length = (random.next_u64() % 300) as usize;
        let bytes: Vec<u8> = (0..length).map(|_| random.next_u64() as u8).collect();
        check(&String::from_utf8_lossy(&bytes));
        // Signed transactions of random bytes with a plausible beginning.
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let kind = 1 + random.next_u64() % 4;
        check(&format!(
            r#"{{ "transactions": [{{ "raw": "0x0{kind}f8{hex}" }}, {{ "raw": "0xf8{hex}" }}] }}"#
        ));
    }
}

#[test]
fn the_worst_texts_are_refused_or_read_in_reasonable_time() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().join(",")
    };
    let block = |items: String| format!(r#"{{ "transactions": [{items}] }}"#);
    let list = |accounts: String| {
        let block = r#""block": { "gasLimit": 10000000000000 }"#;
        format!(r#"{{ {block}, "transactions": [], "blockAccessList": [{accounts}] }}"#)
    };
    let encoded = |reads: usize| {
        let mut account = AccountChanges::new(Address::ZERO);
        account.storage_reads = vec![U256::from(1); reads];
        let list = hex::encode_prefixed(bal::encode(&vec![account].into()));
        format!(r#"{{ "transactions": [], "blockAccessList": "{list}" }}"#)
    };
    let transfer = |index: usize| format!(r#"{{ "from": "a{index}", "to": "b{index}" }}"#);
    let deep_type = format!("f(uint256{})", "[]".repeat(480));
    let texts = [
        ("nested lists", "[".repeat(4_000_000)),
        ("nested objects", "{\"a\":".repeat(1_000_000)),
        ("empty lists", format!("[{}]", many(2_000_000, &|_| "[]".to_owned()))),
        ("unknown fields", format!("{{{}}}", many(700_000, &|index| format!("\"{index:x}\":1")))),
        ("one long line of errors", block(many(300_000, &|_| "\"\u{e9}\"".to_owned()))),
        ("duplicate keys", format!("{{{}}}", many(700_000, &|_| "\"a\":1".to_owned()))),
        ("too long", " ".repeat(scenario::MAX_TEXT + 1)),
        ("as long as allowed", " ".repeat(scenario::MAX_TEXT)),
        ("transfers", block(many(20_000, &transfer))),
        ("too many transfers", block(many(60_000, &transfer))),
        ("misspelled names", format!(
            r#"{{ "accounts": {{ {} }}, "transactions": [{}] }}"#,
            many(20_000, &|index| format!("\"account{index}x\": 1")),
            many(20_000, &|index| format!(r#"{{ "from": "acount{index}x", "to": "accoun{index}x" }}"#)),
        )),
        ("generators", block(many(20_000, &|index| {
            format!(r#"{{ "generate": {{ "workload": "mixed", "count": 1, "prefix": "p{index}-" }} }}"#)
        }))),
        ("huge exponent", block(r#"{ "from": "a", "to": "b", "value": "1e2147483647" }, { "from": "a", "to": "b", "value": 1e-2147483648 }, { "from": "a", "to": "b", "value": 1e99999999999999999999 }"#.to_owned())),
        ("deep type", block(format!(r#"{{ "from": "a", "to": "b", "call": "{deep_type}", "args": [{}{}] }}"#, "[".repeat(55), "]".repeat(55)))),
        ("long number", block(format!(r#"{{ "from": "a", "to": "b", "value": "{}" }}"#, "9".repeat(4_000_000)))),
        ("long hexadecimal number", block(format!(r#"{{ "from": "a", "to": "b", "value": "0x{}1" }}"#, "0".repeat(4_000_000)))),
        ("long name", block(format!(r#"{{ "from": "{}", "to": "b" }}"#, "a".repeat(4_000_000)))),
        ("long data", block(format!(r#"{{ "from": "a", "to": "b", "data": "0x{}" }}"#, "00".repeat(2_000_000)))),
        ("accounts of a list", list(many(90_000, &|index| {
            format!(r#"{{ "address": "0x{index:040x}" }}"#)
        }))),
        ("accounts of a list that are all wrong", list(many(40_000, &|index| {
            format!(r#"{{ "address": "0x{:040x}", "storageReads": [2, 1] }}"#, 40_000 - index)
        }))),
        ("slots of a list", list(format!(
            r#"{{ "address": "a", "storageReads": [{}] }}"#,
            many(700_000, &|index| index.to_string()),
        ))),
        ("slots of an encoded list", encoded(900_000)),
        ("more of an encoded list than is read", encoded(1 << 20)),
        ("long fraction", block(format!(r#"{{ "from": "a", "to": "b", "value": 0.{}1 }}"#, "0".repeat(4_000_000)))),
    ];
    for (name, text) in texts {
        let start = Instant::now();
        check(&text);
        let took = start.elapsed();
        println!("{name}: {} bytes, {took:?}", text.len());
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
    }
}
