//! `evm-lanes fetch` over real connections: to a real node, and to ones that fail.

#[path = "../../fetch/tests/anvil/node.rs"]
mod node;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};

use serde_json::{Value, json};

use node::{ALICE, Anvil, BOB, CAROL, post};

#[test]
fn a_block_is_written_and_runs() {
    let Some(anvil) = Anvil::start(&[]) else { return };
    let deployed = anvil.mine(
        json!({}),
        json!([{ "from": ALICE, "contract": "Token", "args": ["Gold", "GLD", ALICE] }]),
    );
    let token = anvil.created(&deployed.hashes[0]);
    let mined = anvil.mine(
        json!({ &token: { "abi": "Token" } }),
        json!([
            { "from": ALICE, "to": token, "call": "mint", "args": [ALICE, "10 ether"] },
            { "from": ALICE, "to": token, "call": "transfer", "args": [BOB, "3 ether"] },
            { "from": CAROL, "to": token, "call": "transfer", "args": [BOB, "3 ether"] },
            { "from": BOB, "to": CAROL, "value": "1 ether" },
        ]),
    );
    let (status, _) = post(&anvil.address, "{}");
    assert!(status < 500, "the node is well");

    let file = std::env::temp_dir().join(format!("evm-lanes-fetch-{}.json", std::process::id()));
    let path = file.display().to_string();
    let number = mined.number.to_string();
    let output = fetch(&anvil.address, &["--block", &number, "-o", &path]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("4 transactions, state from the node's tracer"), "{said}");
    assert!(
        said.contains("Gas and status of every transaction are those of its receipt"),
        "{said}"
    );

    let run = Command::new(env!("CARGO_BIN_EXE_evm-lanes"))
        .args(["run", "--json", &path])
        .output()
        .expect("it runs");
    let _ = std::fs::remove_file(&file);
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    assert_eq!(report["verdict"]["equal"], json!(true));
    for (transaction, hash) in report["transactions"].as_array().unwrap().iter().zip(&mined.hashes)
    {
        let receipt = anvil.call("eth_getTransactionReceipt", json!([hash]));
        let gas = u64::from_str_radix(&receipt["gasUsed"].as_str().unwrap()[2..], 16);
        assert_eq!(Ok(transaction["gasUsed"].as_u64().unwrap()), gas);
        let success = transaction["status"] == json!("success");
        assert_eq!(success, receipt["status"] == json!("0x1"));
    }

    let output =
        fetch(&anvil.address, &["--transactions", &mined.hashes[1..3].join(","), "--json"]);
    let taken: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(taken["compared"].as_array().map(Vec::len), Some(2), "{taken}");
    let output = fetch(&anvil.address, &["--block", "latest", "--chain-id", "1"]);
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("the node is of chain 31337, not of chain 1"));
}

#[test]
fn failures_of_the_connection_are_said_in_words() {
    // What is sent back to every request, and a part of what is said.
    let cases: [(&[u8], &str); 5] = [
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP status 404; check the address",
        ),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "may need a key"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "it is not JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"jsonrpc\"", "cannot be reached"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "cannot be reached"),
    ];
    for (answer, expected) in cases {
        let address = serve(answer);
        let output = fetch(&address, &["--block", "1", "--retries", "1"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains(expected), "expected {expected}\n   found {said}");
    }
}

#[test]
fn silence_and_refusal_are_told_apart() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", silent.local_addr().expect("it has one"));
    let output = fetch(&address, &["--block", "1", "--timeout", "1", "--retries", "0"]);
    assert!(text(&output.stderr).contains("did not answer eth_chainId in time"), "{output:?}");
    drop(silent);
    let output = fetch(&address, &["--block", "1", "--retries", "0"]);
    assert!(text(&output.stderr).contains("cannot be reached"), "{output:?}");
}

#[test]
fn wrong_usage_is_told_from_failures() {
    let output = fetch("http://127.0.0.1:1", &[]);
    assert_eq!(output.status.code(), Some(2));
    let address = serve(
        b"HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":\"0x1\"}",
    );
    let output = fetch(&address, &["--block", "yesterday"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("\"yesterday\" is no block"), "{output:?}");
}

/// Sends the same to everybody who asks anything.
fn serve(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("it has one"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    address
}

fn fetch(address: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evm-lanes"))
        .args(["fetch", "--rpc", address])
        .args(arguments)
        .output()
        .expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
