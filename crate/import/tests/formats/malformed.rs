//! Forty texts of each format that are wrong, and what is said of each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use crate::texts::{Call, Sample, chain_test_of, samples};
use crate::{errors, read};

/// A way to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    Truncated,
    Hexadecimal,
    Twice,
    Size,
    Chain,
    Unsigned,
    Type,
    Other,
}

use Wrong::{Chain, Hexadecimal, Other, Size, Truncated, Twice, Type, Unsigned};

/// The ways in which a text of the format can be wrong; that of a missing signature is a missing sender where signatures
/// may be missing.
fn ways(name: &str) -> BTreeSet<Wrong> {
    let ways: &[Wrong] = match name {
        "raw" => &[Truncated, Hexadecimal, Size, Chain, Unsigned, Type],
        "encoded-list" | "packed-dump" => &[Truncated, Hexadecimal],
        "transactions" | "block" | "bundle" | "t8n" | "blockchain-test" | "broadcast" => {
            &[Truncated, Hexadecimal, Twice, Size, Chain, Unsigned, Type]
        }
        // Such a test says neither its transaction's chain nor its type.
        "state-test" => &[Truncated, Hexadecimal, Twice, Size, Unsigned],
        _ => &[Truncated, Hexadecimal, Twice, Size],
    };
    ways.iter().copied().collect()
}

#[test]
fn what_is_malformed_gets_a_message() {
    for Sample { name, text, others, .. } in samples() {
        let mut said = String::new();
        let (mut seen, mut found_ways) = (BTreeSet::new(), BTreeSet::new());
        for (wrong, how, mutant) in mutants(name, &text) {
            if seen.len() == 40 {
                break;
            }
            let imported = read(&mutant, &others);
            let found = errors(&imported);
            let Some(first) = found.first() else {
                assert!([Other, Hexadecimal, Size].contains(&wrong), "{name}: {how} is no error");
                continue;
            };
            assert!(imported.scenario.is_none());
            if !seen.insert(mutant) {
                continue;
            }
            found_ways.insert(wrong);
            let hint = first.hint.as_deref().unwrap_or("–");
            writeln!(
                said,
                "{how}\n  {}:{} {} [{}]\n  {hint}",
                first.line, first.column, first.message, first.path
            )
            .unwrap();
        }
        assert_eq!(seen.len(), 40, "{name}");
        found_ways.remove(&Other);
        assert_eq!(found_ways, ways(name), "{name}");
        expect(name, &said);
    }
}

#[test]
fn a_text_can_be_too_long() {
    let long = " ".repeat(evm_lanes_import::MAX_TEXT + 1);
    let imported = read(&long, &[]);
    assert!(errors(&imported)[0].message.starts_with("the text is longer than"));
}

type Mutant = (Wrong, String, String);

/// Ways to be wrong, the format's own first.
fn mutants(name: &str, text: &str) -> Vec<Mutant> {
    let mut all = own(name, text);
    let cut = |part: usize, parts: usize| {
        let end = (text.trim_end().len() - 1) * part / parts;
        // At the end of a line nothing is cut off.
        let whole = text[end..].starts_with('\n');
        (!whole).then(|| (Truncated, format!("cut off at {end}"), text[..end].to_owned()))
    };
    all.extend([1, 2, 3].iter().filter_map(|part| cut(*part, 4)));
    match serde_json::from_str::<Value>(text) {
        Ok(value) => all.extend(wrong_leaves(text, &value)),
        Err(_) => all.extend(wrong_digits(text)),
    }
    let answer = |what: &str| format!(r#"{{"jsonrpc":"2.0","id":1,{what}}}"#);
    for (how, mutant) in [
        ("empty", String::new()),
        ("null", "null".to_owned()),
        ("a list", "[]".to_owned()),
        ("an object", "{}".to_owned()),
        ("words", "hello".to_owned()),
        ("no answer", answer(r#""result":null"#)),
        ("an error", answer(r#""error":{"code":-32601,"message":"no such method"}"#)),
    ] {
        all.push((Other, how.to_owned(), mutant));
    }
    all.extend((1..40).filter_map(|part| cut(part, 40)));
    all
}

/// What can be wrong with the transactions in a text.
fn own(name: &str, text: &str) -> Vec<Mutant> {
    let call = Call::new(2, 0);
    let other_chain = Call { chain_id: 5, ..Call::new(2, 1) };
    let endless = Call { gas_limit: u64::MAX, ..Call::new(2, 1) };
    let unknown = call.raw().replacen("0x02", "0x7e", 1);
    let mut all = Vec::new();
    let mut add = |wrong, how: &str, mutant: String| all.push((wrong, how.to_owned(), mutant));
    match name {
        "raw" => {
            let first = call.raw();
            add(Chain, "of another chain", format!("{first}\n{}", other_chain.raw()));
            for kind in 0..=4 {
                let unsigned = Call::new(kind, 0).unsigned_raw();
                add(Unsigned, &format!("type {kind} not signed"), unsigned);
            }
            add(Type, "type 0x7e", format!("{unknown}\n"));
            add(Size, "endless gas", format!("{first}\n{}", endless.raw()));
        }
        "blockchain-test" => {
            let test = |raws: &[String]| {
                let raws: Vec<Bytes> = raws.iter().map(|raw| raw.parse().unwrap()).collect();
                chain_test_of(&raws).to_string()
            };
            add(Chain, "of another chain", test(&[call.raw(), other_chain.raw()]));
            add(Unsigned, "not signed", test(&[call.unsigned_raw()]));
            add(Type, "type 0x7e", test(&[unknown]));
            add(Size, "endless gas", test(&[endless.raw()]));
        }
        "state-test" => {
            let mut test: Value = serde_json::from_str(text).unwrap();
            test["a test"]["transaction"].as_object_mut().unwrap().remove("secretKey");
            add(Unsigned, "no sender", test.to_string());
        }
        _ => {
            let place = match name {
                "transactions" => "/1",
                "block" => "/transactions/1",
                "bundle" => "/block/transactions/1",
                "t8n" => "/txs/1",
                "broadcast" => "/transactions/0/transaction",
                _ => return all,
            };
            let changed = |change: &dyn Fn(&mut Value)| {
                let mut value: Value = serde_json::from_str(text).unwrap();
                change(value.pointer_mut(place).unwrap());
                value.to_string()
            };
            add(
                Chain,
                "of another chain",
                changed(&|one| match name {
                    "broadcast" => one["chainId"] = json!("0x5"),
                    _ => *one = other_chain.rpc(),
                }),
            );
            add(
                Unsigned,
                "neither sender nor signature",
                changed(&|one| {
                    for key in ["from", "v", "r", "s", "yParity"] {
                        one.as_object_mut().unwrap().remove(key);
                    }
                }),
            );
            add(Type, "type 0x7e", changed(&|one| one["type"] = json!("0x7e")));
            add(
                Size,
                "endless gas",
                changed(&|one| {
                    one["gas"] = json!("0xffffffffffffffff");
                }),
            );
            if name != "broadcast" {
                add(
                    Unsigned,
                    "raw and not signed",
                    changed(&|one| *one = json!(call.unsigned_raw())),
                );
                add(Other, "its hash", changed(&|one| *one = json!(call.signed().hash())));
            }
        }
    }
    all
}

/// A document with something else at one place.
fn wrong_leaves(text: &str, value: &Value) -> Vec<Mutant> {
    let mut all = Vec::new();
    if let Some(at) = text.find('{') {
        let (before, after) = text.split_at(at + 1);
        let twice = format!("{before}\"twice\":1,\"twice\":2,{after}");
        all.push((Twice, "a key twice".to_owned(), twice));
    }
    let mut leaves = Vec::new();
    walk(value, String::new(), &mut leaves);
    let long = format!("0x{}", "9".repeat(400));
    let wrongs = [
        (Hexadecimal, json!("0xzz")),
        (Size, json!(long)),
        (Other, json!(-1)),
        (Other, json!({})),
        (Other, json!("–")),
        (Other, json!([1])),
    ];
    for (index, (wrong, with)) in wrongs.iter().enumerate() {
        for pointer in leaves.iter().skip(index % 2).step_by(1 + leaves.len() / 12) {
            let mut mutant = value.clone();
            *mutant.pointer_mut(pointer).unwrap() = with.clone();
            let shown: String = with.to_string().chars().take(12).collect();
            all.push((*wrong, format!("{pointer} is {shown}"), mutant.to_string()));
        }
    }
    all
}

/// Hexadecimal with other digits.
fn wrong_digits(text: &str) -> Vec<Mutant> {
    let mut all = Vec::new();
    for at in (2..40).step_by(3) {
        let mut mutant = text.to_owned();
        mutant.replace_range(at..=at, if at % 2 == 0 { "z" } else { "f" });
        let wrong = if at % 2 == 0 { Hexadecimal } else { Other };
        all.push((wrong, format!("another digit at {at}"), mutant));
    }
    for kind in ["00", "05", "7f", "80", "b8"] {
        let mutant = text.replacen("0x02", &format!("0x{kind}"), 1);
        all.push((Other, format!("type {kind}"), mutant));
    }
    if text.contains('\n') {
        all.push((Other, "two in a line".to_owned(), text.replacen('\n', "", 1)));
    }
    all.push((Other, "bytes behind it".to_owned(), format!("{}0000\n", text.trim_end())));
    all
}

fn walk(value: &Value, path: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            // In a fixed order, whatever the features of serde_json.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            for (key, value) in members {
                walk(
                    value,
                    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
                    leaves,
                );
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                walk(value, format!("{path}/{index}"), leaves);
            }
        }
        _ => leaves.push(path),
    }
}

#[track_caller]
fn expect(name: &str, actual: &str) {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/expect/{name}.txt"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs from {}; UPDATE_EXPECT=1 rewrites it\n{actual}",
        path.display()
    );
}
