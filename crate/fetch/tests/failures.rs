//! Nodes that fail in every way there is: what is tried again, when the fetch gives up, and what it says then.

use evm_lanes_fetch::{Fetch, Limits, Problem, Reply, Step, Taken, Wanted, Which};
use serde_json::{Value, json};

const HASH: &str = "0x1111111111111111111111111111111111111111111111111111111111111111";
const PARENT: &str = "0x2222222222222222222222222222222222222222222222222222222222222222";
const SENDER: &str = "0x00000000000000000000000000000000000000a1";
const RECIPIENT: &str = "0x00000000000000000000000000000000000000b2";

/// A result, or an error's code and message.
type Said = Result<Value, (i64, &'static str)>;

/// What a node says to a method with its parameters in place of the right result.
type Says = dyn FnMut(&str, &Value) -> Option<Said>;

/// A node of chain 5 whose block 7 has one transfer, without a signature.
struct Node {
    says: Box<Says>,
    batches: bool,
}

impl Node {
    fn new(says: impl FnMut(&str, &Value) -> Option<Said> + 'static) -> Self {
        Self { says: Box::new(says), batches: true }
    }

    fn right() -> Self {
        Self::new(|_, _| None)
    }

    fn answer(&mut self, body: &str) -> Reply {
        let body: Value = serde_json::from_str(body).expect("requests are JSON");
        let answer = match body {
            Value::Array(_) if !self.batches => {
                json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32600, "message": "no batches" } })
            }
            Value::Array(calls) => calls.iter().rev().map(|call| self.one(call)).collect(),
            call => self.one(&call),
        };
        ok(answer.to_string())
    }

    fn one(&mut self, call: &Value) -> Value {
        let method = call["method"].as_str().expect("a method");
        let result = (self.says)(method, &call["params"]).unwrap_or_else(|| match method {
            "anvil_nodeInfo" => Err((-32601, "the method does not exist/is not available")),
            method => Ok(right(method)),
        });
        match result {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": call["id"], "result": result }),
            Err((code, message)) => {
                json!({ "jsonrpc": "2.0", "id": call["id"], "error": { "code": code, "message": message } })
            }
        }
    }
}

fn right(method: &str) -> Value {
    match method {
        "eth_chainId" => json!("0x5"),
        "eth_getBlockByNumber" | "eth_getBlockByHash" => json!({
            "hash": HASH, "parentHash": PARENT, "number": "0x7", "timestamp": "0x64", "gasLimit": "0x1c9c380",
            "miner": "0x00000000000000000000000000000000000000c3", "baseFeePerGas": "0x7", "difficulty": "0x0",
            "mixHash": PARENT, "withdrawalsRoot": PARENT, "transactions": [{
                "hash": HASH, "from": SENDER, "to": RECIPIENT, "value": "0x5", "input": "0x", "nonce": "0x3",
                "gas": "0x5208", "gasPrice": "0x9", "type": "0x0", "blockHash": HASH, "blockNumber": "0x7",
            }],
        }),
        "eth_getTransactionByHash" => json!({ "blockHash": HASH, "blockNumber": "0x7" }),
        "eth_getBlockReceipts" => json!([right("eth_getTransactionReceipt")]),
        "eth_getTransactionReceipt" => json!({
            "transactionHash": HASH, "blockHash": HASH, "gasUsed": "0x5208", "status": "0x1", "contractAddress": null,
        }),
        "debug_traceBlockByNumber" => json!([{ "txHash": HASH, "result": {
            SENDER: { "balance": "0xde0b6b3a7640000", "nonce": 3 },
            RECIPIENT: { "balance": "0x0" },
            "0x00000000000000000000000000000000000000c3": { "balance": "0x1" },
        } }]),
        "eth_getBalance" => json!("0xde0b6b3a7640000"),
        "eth_getTransactionCount" => json!("0x3"),
        "eth_getCode" => json!("0x"),
        "eth_getStorageAt" => json!("0x0"),
        other => panic!("nobody asks for {other}"),
    }
}

fn wanted() -> Wanted {
    let which = Which::Block("7".to_owned());
    Wanted { which, chain_id: None, fork: None, limits: Limits::default() }
}

/// What comes of it, and the pauses that were asked for.
fn drive(
    wanted: Wanted,
    mut answer: impl FnMut(&str) -> Reply,
) -> (Result<Taken, Problem>, Vec<u64>) {
    let mut fetch = Fetch::new(wanted);
    let mut pauses = Vec::new();
    for _ in 0..10_000 {
        match fetch.step() {
            Step::Done(taken) => return (Ok(*taken), pauses),
            Step::Failed(problem) => return (Err(problem), pauses),
            Step::Post(post) => {
                pauses.push(post.wait);
                fetch.reply(answer(&post.body));
            }
        }
    }
    panic!("it goes on for ever");
}

fn ok(body: String) -> Reply {
    Reply::Answer { status: 200, retry_after: None, body }
}

fn status(status: u16) -> Reply {
    Reply::Answer { status, retry_after: None, body: "<html>".to_owned() }
}

#[test]
fn a_node_that_works_gives_the_block_without_pauses() {
    let mut node = Node::right();
    let (taken, pauses) = drive(wanted(), |body| node.answer(body));
    let taken = taken.expect("it is fetched");
    assert!(taken.agrees() && taken.traced);
    assert_eq!(taken.fork, "shanghai");
    assert!(pauses.iter().all(|pause| *pause == 0));
}

#[test]
fn without_tracer_batches_and_block_receipts_it_goes_one_by_one() {
    let mut node = Node::new(|method, _| match method {
        _ if method.starts_with("debug_") => {
            Some(Err((-32601, "the method does not exist/is not available")))
        }
        "eth_getBlockReceipts" => Some(Err((-32601, "unsupported"))),
        _ => None,
    });
    node.batches = false;
    let (taken, _) = drive(wanted(), |body| node.answer(body));
    let taken = taken.expect("it is fetched");
    assert!(taken.agrees() && !taken.traced);
    assert!(taken.notes[0].contains("does not exist"), "{:?}", taken.notes);
}

#[test]
fn a_wrong_receipt_is_shown_and_not_hidden() {
    let mut node = Node::new(|method, _| {
        let mut receipt = right("eth_getTransactionReceipt");
        receipt["gasUsed"] = json!("0x5209");
        receipt["status"] = json!("0x0");
        (method == "eth_getBlockReceipts").then(|| Ok(json!([receipt])))
    });
    let (taken, _) = drive(wanted(), |body| node.answer(body));
    let taken = taken.expect("it is fetched");
    let differences = &taken.compared[0].differences;
    let said: Vec<_> = differences
        .iter()
        .map(|one| (one.what.as_str(), one.receipt.as_str(), one.scenario.as_str()))
        .collect();
    assert_eq!(said, [("gas", "21001", "21000"), ("status", "failure", "success")]);
}

#[test]
fn rate_limits_are_waited_for_as_long_as_the_node_says() {
    let mut node = Node::right();
    let mut refused = 0;
    let (taken, pauses) = drive(wanted(), |body| {
        refused += 1;
        match refused {
            1 => Reply::Answer { status: 429, retry_after: Some(3), body: String::new() },
            2 => status(429),
            3 => status(503),
            4 => Reply::TimedOut,
            5 => Reply::Unreachable("connection reset".to_owned()),
            _ => node.answer(body),
        }
    });
    assert!(taken.expect("it is fetched in the end").agrees());
    assert_eq!(pauses[..6], [0, 3000, 500, 1000, 2000, 4000]);
}

#[test]
fn a_rate_limit_may_come_as_an_error_with_status_200() {
    let mut times = 0;
    let mut node = Node::new(move |method, _| {
        times += u32::from(method == "eth_getBlockReceipts");
        (method == "eth_getBlockReceipts" && times < 3)
            .then_some(Err((-32005, "daily request rate exceeded")))
    });
    let (taken, pauses) = drive(wanted(), |body| node.answer(body));
    assert!(taken.expect("it is fetched in the end").agrees());
    assert_eq!(pauses.iter().filter(|pause| **pause > 0).count(), 2);
}

/// What a node does wrong, and a part of what is said about it.
#[test]
fn each_failure_is_said_in_words() {
    type Wrong = fn(&str) -> Option<Said>;
    let cases: [(Wrong, &str); 12] = [
        (
            |method| (method == "eth_chainId").then(|| Ok(json!("five"))),
            "eth_chainId: the node's answer cannot be read",
        ),
        (
            |method| (method == "eth_chainId").then_some(Err((-32601, "no such method"))),
            "eth_chainId: the node says \"no such method\"",
        ),
        (
            |method| (method == "eth_getBlockByNumber").then_some(Ok(Value::Null)),
            "the node has no block 7",
        ),
        (
            |method| (method == "eth_getBlockByNumber").then(|| Ok(json!({ "hash": HASH }))),
            "the block cannot be taken: a block needs the field `parentHash`; is it cut off?",
        ),
        (|method| (method == "eth_getBlockReceipts").then(|| Ok(json!([]))), "a reorganisation"),
        (
            |method| {
                (method == "eth_getBlockReceipts").then(|| {
                    let mut receipt = right("eth_getTransactionReceipt");
                    receipt["blockHash"] = json!(PARENT);
                    Ok(json!([receipt]))
                })
            },
            "a reorganisation",
        ),
        (
            |method| {
                (method == "eth_getBlockReceipts").then(|| {
                    let mut receipt = right("eth_getTransactionReceipt");
                    receipt["gasUsed"] = json!("0x1ffffffffffffffff");
                    Ok(json!([receipt]))
                })
            },
            "eth_getBlockReceipts: the node's answer cannot be read",
        ),
        (
            |method| match method {
                "eth_getBalance" => Some(Err((-32000, "missing trie node 12ab (path 0a)"))),
                _ if method.starts_with("debug_") => Some(Err((-32601, "not there"))),
                _ => None,
            },
            "the node has no state of block 6 any more",
        ),
        (
            |method| match method {
                "eth_getBalance" => Some(Err((-32000, "something else"))),
                _ if method.starts_with("debug_") => Some(Err((-32601, "not there"))),
                _ => None,
            },
            "eth_getBalance: the node says \"something else\"",
        ),
        (
            |method| {
                (method == "eth_getBlockByNumber").then(|| {
                    let mut block = right("eth_getBlockByNumber");
                    block["transactions"][0]["type"] = json!("0x7e");
                    Ok(block)
                })
            },
            "the block cannot be taken: transactions[0].type: there is no transaction type 0x7e on Ethereum",
        ),
        (
            |method| {
                (method == "eth_getBlockByNumber").then(|| {
                    let mut block = right("eth_getBlockByNumber");
                    block["transactions"] = json!([]);
                    Ok(block)
                })
            },
            "block 7 has no transactions",
        ),
        (
            |method| {
                (method == "eth_getBlockByNumber").then(|| {
                    let mut block = right("eth_getBlockByNumber");
                    block["transactions"][0]["gas"] = json!("0xffffffffffffffff");
                    Ok(block)
                })
            },
            "the block cannot be written as a scenario: transactions[0]: the transactions ask for more than",
        ),
    ];
    for (says, expected) in cases {
        let mut node = Node::new(move |method, _| says(method));
        let (taken, _) = drive(wanted(), |body| node.answer(body));
        let problem = taken.expect_err(expected).to_string();
        assert!(problem.contains(expected), "expected {expected}\n   found {problem}");
    }
}

#[test]
fn a_connection_that_never_works_is_given_up() {
    type Replies = fn() -> Reply;
    let cases: [(Replies, &str); 11] = [
        (
            || Reply::Unreachable("connection refused".to_owned()),
            "cannot be reached: connection refused; check the address",
        ),
        (|| Reply::TimedOut, "did not answer eth_chainId in time"),
        (|| status(429), "still did after 5 pauses"),
        (|| status(502), "HTTP status 502"),
        (|| status(401), "refuses access (HTTP status 401)"),
        (|| status(404), "HTTP status 404; check the address"),
        (|| ok("<html>It works!</html>".to_owned()), "it is not JSON"),
        (|| ok(r#"{ "jsonrpc": "2.0", "id": 0, "resu"#.to_owned()), "it breaks off"),
        (|| ok(format!("{{ \"jsonrpc\": {}", "[".repeat(100_000))), "cannot be read"),
        (|| ok("[]".to_owned()), "answers are missing"),
        (|| Reply::TooLarge, "larger than the cap of 268435456 bytes"),
    ];
    for (reply, expected) in cases {
        let (taken, _) = drive(wanted(), |_| reply());
        let problem = taken.expect_err(expected).to_string();
        assert!(problem.contains(expected), "expected {expected}\n   found {problem}");
    }
}

#[test]
fn caps_are_kept_and_named() {
    let cases: [(Limits, &str); 3] = [
        (Limits { requests: 4, ..Limits::default() }, "more than 4 requests"),
        (Limits { bytes: 1000, ..Limits::default() }, "larger than the cap of 1000 bytes"),
        (Limits { accounts: 2, ..Limits::default() }, "more than 2 accounts"),
    ];
    for (limits, expected) in cases {
        let mut node =
            Node::new(|method, _| method.starts_with("debug_").then_some(Err((-32601, "no"))));
        let (taken, _) = drive(Wanted { limits, ..wanted() }, |body| node.answer(body));
        let problem = taken.expect_err(expected).to_string();
        assert!(problem.contains(expected), "expected {expected}\n   found {problem}");
    }
}

#[test]
fn another_chain_than_said_is_refused() {
    let mut node = Node::right();
    let (taken, _) = drive(Wanted { chain_id: Some(1), ..wanted() }, |body| node.answer(body));
    assert_eq!(taken.unwrap_err(), Problem::WrongChain { wanted: 1, found: 5 });
}

#[test]
fn an_answer_broken_off_at_any_place_does_no_harm() {
    let mut node = Node::right();
    let mut whole = Vec::new();
    let _ = drive(wanted(), |body| {
        let reply = node.answer(body);
        whole.push(reply.clone());
        reply
    });
    for (place, reply) in whole.iter().enumerate() {
        let Reply::Answer { body, .. } = reply else { unreachable!("the node answers") };
        for length in (0..body.len()).step_by(7) {
            let mut node = Node::right();
            let mut asked = 0;
            let (taken, _) = drive(wanted(), |text| {
                asked += 1;
                if asked == place + 1 { ok(body[..length].to_owned()) } else { node.answer(text) }
            });
            // Once is no harm: it is asked again.
            assert!(taken.expect("it is fetched").agrees());
        }
    }
}
