//! A real node for tests: anvil of the pinned npm package, on a port of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use evm_lanes_engine::scenario::{self, Library};
use serde_json::{Value, json};

/// Where `npm ci` puts the program.
const PACKAGES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/node/node_modules/@foundry-rs");

/// The first of anvil's accounts, whose keys it holds.
pub(crate) const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/// The second.
pub(crate) const BOB: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/// The third.
pub(crate) const CAROL: &str = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

/// A running node; it ends with this value.
#[derive(Debug)]
pub(crate) struct Anvil {
    pub(crate) process: Child,
    /// Where it listens.
    pub(crate) address: String,
}

/// A block that was mined.
#[derive(Debug)]
pub(crate) struct Mined {
    /// Its number.
    pub(crate) number: u64,
    /// Its transactions, in order.
    pub(crate) hashes: Vec<String>,
}

impl Anvil {
    /// Starts one that mines when it is told to, in the order in which transactions come; none if the package is not
    /// there (`npm ci` in tests/node), which counts as skipped.
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
        let program = program("anvil")?;
        let mut process = Command::new(program)
            .args(["--port", "0", "--no-mining", "--order", "fifo"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("anvil starts");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let address = loop {
            let line = lines.next().expect("anvil says where it listens").expect("it is text");
            if let Some(place) = line.strip_prefix("Listening on ") {
                break format!("http://{place}");
            }
        };
        // It would stop at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, address })
    }

    /// The result of a call that must succeed.
    pub(crate) fn call(&self, method: &str, params: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let (_, answer) = post(&self.address, &body.to_string());
        let mut answer: Value = serde_json::from_str(&answer).expect("anvil speaks JSON");
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Sends what a scenario's transactions say, field by field, and mines them into one block. Contracts are called by
    /// their addresses; `accounts` tells the scenario whose ABI is where.
    pub(crate) fn mine(&self, accounts: Value, transactions: Value) -> Mined {
        let text = json!({ "accounts": accounts, "transactions": transactions, "chainId": 31337 });
        let (scenario, problems) = scenario::read(&text.to_string(), Library::bundled());
        let scenario = scenario.unwrap_or_else(|| panic!("{problems:?}"));
        let mut hashes = Vec::new();
        for transaction in &scenario.transactions {
            let env = &transaction.env;
            let list: Vec<Value> = env
                .access_list
                .0
                .iter()
                .map(|item| json!({ "address": item.address, "storageKeys": item.storage_keys }))
                .collect();
            let mut sent = json!({
                "from": env.caller,
                "to": env.kind.to(),
                "value": env.value,
                "data": env.data,
                "gas": format!("{:#x}", env.gas_limit),
            });
            if env.tx_type <= 1 {
                sent["gasPrice"] = json!("0x77359400");
            } else {
                sent["maxFeePerGas"] = json!("0xee6b2800");
                sent["maxPriorityFeePerGas"] = json!("0x3b9aca00");
            }
            if env.tx_type == 1 {
                sent["accessList"] = list.into();
            }
            let hash = self.call("eth_sendTransaction", json!([sent]));
            hashes.push(hash.as_str().expect("a hash").to_owned());
        }
        self.call("evm_mine", json!([]));
        let block = self.call("eth_getBlockByNumber", json!(["latest", false]));
        assert_eq!(block["transactions"], json!(hashes), "all in one block, in order");
        let number = block["number"].as_str().expect("a number");
        Mined { number: u64::from_str_radix(&number[2..], 16).expect("hexadecimal"), hashes }
    }

    /// The contract that a transaction has created.
    pub(crate) fn created(&self, hash: &str) -> String {
        let receipt = self.call("eth_getTransactionReceipt", json!([hash]));
        receipt["contractAddress"].as_str().expect("it created one").to_owned()
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Status and body. One request over one connection, which is all that a node on this machine is asked for.
pub(crate) fn post(address: &str, body: &str) -> (u16, String) {
    let host = address.strip_prefix("http://").expect("a node of ours");
    let mut stream = TcpStream::connect(host).expect("the node listens");
    let length = body.len();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("the node reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the node answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}

/// One of Foundry's programs; none if it is not there (`npm ci` in tests/node), which counts as skipped.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let found =
        Path::new(PACKAGES).read_dir().into_iter().flatten().flatten().find_map(|package| {
            let named = [format!("bin/{name}"), format!("bin/{name}.exe")];
            named.map(|file| package.path().join(file)).into_iter().find(|path| path.is_file())
        });
    if found.is_none() {
        // Past the test runner's capture, for `cargo xtask test` to count.
        let line =
            format!("\nSKIPPED: 1 case with Foundry's {name}: npm ci in tests/node brings it\n");
        let _ = std::io::stdout().write_all(line.as_bytes());
    }
    found
}
