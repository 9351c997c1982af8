//! Blocks of a real node: taken with its tracer and without, whole and in part, from the wire and from files.

mod busy;
mod node;

use evm_lanes_fetch::{Fetch, Limits, Problem, Reply, Step, Taken, Wanted, Which};
use evm_lanes_import::{Imported, Input, import};
use serde_json::{Value, json};

use busy::{REMEMBERS_A_HASH, busy, scene};
use node::{ALICE, Anvil, BOB, CAROL, Mined, post};

#[test]
fn a_block_gives_the_gas_and_status_of_its_receipts() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let taken = take(&anvil, which(&mined), Debug::There).expect("it is fetched");
    assert!(taken.traced, "{:?}", taken.notes);
    assert_agrees(&taken, mined.hashes.len());
    assert_eq!((taken.chain_id, taken.block), (31337, mined.number));
    // Not by accident: some transactions failed, and the gas is not that of transfers.
    assert!(taken.compared.iter().any(|one| one.succeeded == Some(false)));
    assert!(taken.compared.iter().any(|one| one.gas > 100_000));
}

#[test]
fn state_looked_up_on_demand_is_the_state_of_the_tracer() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let traced = take(&anvil, which(&mined), Debug::There).expect("it is fetched");
    let looked_up = take(&anvil, which(&mined), Debug::Missing).expect("it is fetched");
    assert!(!looked_up.traced);
    assert_agrees(&looked_up, mined.hashes.len());
    assert_eq!(traced.scenario, looked_up.scenario);
}

#[test]
fn a_block_taken_as_files_is_the_same_block() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let mut files = Vec::new();
    let direct = drive(wanted(which(&mined)), |body| {
        let answer = answer(&anvil, body, Debug::There);
        files.push((body.to_owned(), answer.clone()));
        answer
    })
    .expect("it is fetched");
    drop(anvil);
    let from_files = drive(wanted(which(&mined)), |body| {
        let file = files.iter().find(|(asked, _)| asked == body);
        file.expect("nothing else is asked").1.clone()
    })
    .expect("the files suffice");
    assert_eq!(report(&direct.scenario), report(&from_files.scenario));
}

#[test]
fn a_block_that_import_reads_gives_the_report_of_the_fetched_one() {
    let Some(mut scene) = scene(&[]) else { return };
    // A block and its traces do not have the hashes of blocks before it, which fetch asks for.
    let asks_for_a_hash = |transaction: &Value| transaction["data"] == REMEMBERS_A_HASH;
    let transactions = scene.transactions.as_array_mut().expect("a list");
    transactions.retain(|transaction| !asks_for_a_hash(transaction));
    let mined = scene.mine();
    let taken = take(&scene.anvil, which(&mined), Debug::There).expect("it is fetched");
    let (imported, differ) = read_files(&scene.anvil, &mined);
    assert!(!differ, "gas or status differs from a receipt");
    let [mut fetched, mut imported] = [report(&taken.scenario), report(&imported)];
    // How the block came here is said in the scenario's own words.
    for report in [&mut fetched, &mut imported] {
        let scenario = report["scenario"].as_object_mut().expect("it is there");
        scenario.remove("title");
        scenario.remove("description");
    }
    assert_eq!(fetched, imported);
}

#[test]
fn files_that_lack_a_hash_differ_from_their_receipts_and_import_says_so() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let (_, differ) = read_files(&anvil, &mined);
    assert!(differ);
}

/// The scenario that import makes of what the node says of a block, and whether it finds it to differ from the receipts.
fn read_files(anvil: &Anvil, mined: &Mined) -> (String, bool) {
    let number = format!("{:#x}", mined.number);
    let tracer = json!({ "tracer": "prestateTracer" });
    let files = [
        ("block.json", anvil.call("eth_getBlockByNumber", json!([number, true]))),
        ("prestate.json", anvil.call("debug_traceBlockByNumber", json!([number, tracer]))),
        ("receipts.json", anvil.call("eth_getBlockReceipts", json!([number]))),
    ];
    let inputs = files.map(|(name, file)| Input { name: name.to_owned(), text: file.to_string() });
    let Imported { diagnostics, notes, scenario, .. } = import(&inputs);
    let said = format!("{diagnostics:?} {notes:?}");
    (scenario.unwrap_or_else(|| panic!("{said}")), said.contains("receipt says"))
}

#[test]
fn chosen_transactions_are_taken_with_what_they_found() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    // The sender of the last ones has sent others before them in the same block.
    let hashes = mined.hashes[mined.hashes.len() - 3..].to_vec();
    for debug in [Debug::There, Debug::Missing] {
        let taken = take(&anvil, Which::Transactions(hashes.clone(), None), debug).unwrap();
        assert_agrees(&taken, 3);
        assert!(taken.notes.iter().any(|note| note.starts_with("3 of the block's")));
    }
}

#[test]
fn other_forks_are_recognised() {
    for fork in ["prague", "cancun", "shanghai", "london"] {
        let Some((anvil, mined)) = busy(&["--hardfork", fork]) else { return };
        let taken = take(&anvil, which(&mined), Debug::Missing).expect("it is fetched");
        assert_eq!(taken.fork, fork);
        assert_agrees(&taken, mined.hashes.len());
    }
}

#[test]
fn impersonated_senders_have_no_signature_and_run_all_the_same() {
    let Some(anvil) = Anvil::start(&[]) else { return };
    let whale = "0x00000000000000000000000000000000000000aa";
    anvil.call("anvil_setBalance", json!([whale, "0xde0b6b3a7640000"]));
    anvil.call("anvil_impersonateAccount", json!([whale]));
    let mined = anvil.mine(
        json!({}),
        json!([
            { "from": whale, "to": BOB, "value": "0.1 ether" },
            { "from": ALICE, "to": whale, "value": "1 ether" },
        ]),
    );
    let taken = take(&anvil, which(&mined), Debug::There).expect("it is fetched");
    assert_agrees(&taken, 2);
    assert!(taken.notes.iter().any(|note| note.contains("impersonation")), "{:?}", taken.notes);
}

#[test]
fn what_the_node_does_not_have_is_said() {
    let Some((anvil, mined)) = busy(&[]) else { return };
    let take = |which| take(&anvil, which, Debug::There).unwrap_err();
    assert_eq!(take(Which::Block("99999".to_owned())), Problem::NoBlock("99999".to_owned()));
    assert_eq!(take(Which::Block("0".to_owned())), Problem::Genesis);
    assert!(matches!(take(Which::Block("soon".to_owned())), Problem::Usage(_)));
    let nowhere = format!("0x{}", "12".repeat(32));
    assert_eq!(
        take(Which::Transactions(vec![nowhere.clone()], None)),
        Problem::NoTransaction(nowhere)
    );
    let later = anvil.mine(json!({}), json!([{ "from": CAROL, "to": BOB }]));
    let both = vec![mined.hashes[0].clone(), later.hashes[0].clone()];
    assert!(matches!(take(Which::Transactions(both, None)), Problem::SeveralBlocks(_)));
    anvil.call("evm_mine", json!([]));
    assert!(matches!(take(Which::Block("latest".to_owned())), Problem::Empty(_)));
    let pending = anvil.call("eth_sendTransaction", json!([{ "from": CAROL, "to": BOB }]));
    let pending = pending.as_str().unwrap().to_owned();
    assert_eq!(take(Which::Transactions(vec![pending.clone()], None)), Problem::Pending(pending));
}

/// Whether the node has `debug_`.
#[derive(Clone, Copy)]
enum Debug {
    There,
    Missing,
}

fn which(mined: &Mined) -> Which {
    Which::Block(mined.number.to_string())
}

fn wanted(which: Which) -> Wanted {
    Wanted { which, chain_id: Some(31337), fork: None, limits: Limits::default() }
}

fn take(anvil: &Anvil, which: Which, debug: Debug) -> Result<Taken, Problem> {
    drive(wanted(which), |body| answer(anvil, body, debug))
}

fn drive(wanted: Wanted, mut answer: impl FnMut(&str) -> Reply) -> Result<Taken, Problem> {
    let mut fetch = Fetch::new(wanted);
    loop {
        match fetch.step() {
            Step::Done(taken) => return Ok(*taken),
            Step::Failed(problem) => return Err(problem),
            Step::Post(post) => fetch.reply(answer(&post.body)),
        }
    }
}

fn answer(anvil: &Anvil, body: &str, debug: Debug) -> Reply {
    if matches!(debug, Debug::Missing) && body.contains("\"debug_") {
        let error = json!({ "code": -32601, "message": "the method debug_… does not exist" });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "error": error }).to_string();
        return Reply::Answer { status: 200, retry_after: None, body };
    }
    let (status, body) = post(&anvil.address, body);
    Reply::Answer { status, retry_after: None, body }
}

fn assert_agrees(taken: &Taken, count: usize) {
    assert_eq!(taken.compared.len(), count);
    for one in &taken.compared {
        assert_eq!(one.differences, [], "{}", one.hash);
    }
}

/// The engine's report on the scenario, run as in the page.
fn report(text: &str) -> Value {
    let cancel = std::sync::atomic::AtomicBool::new(false);
    let surroundings = evm_lanes_engine::Surroundings {
        pool: &evm_lanes_schedule::Inline,
        library: evm_lanes_engine::scenario::Library::bundled(),
        clock: None,
        cancel: &cancel,
        progress: &|_, _, _| {},
    };
    let report = evm_lanes_engine::run(text, &Default::default(), &surroundings).expect("it runs");
    assert!(report.verdict.equal);
    serde_json::to_value(report).expect("plain data")
}
