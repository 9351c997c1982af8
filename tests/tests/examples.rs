//! Every example under every strategy equals sequential execution, and what its paragraph teaches is true.

use evm_lanes_engine::options::{DeltaId, Options, StrategyId};
use evm_lanes_engine::report::{Edge, Report, Status};
use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_tests::examples::{check, folder, read, run_verified};
use evm_lanes_tests::gallery::workloads;

#[test]
fn independent_transfers() {
    let report = check("independent-transfers");
    assert_all_succeed(&report);
    assert_eq!(report.graph.edges, []);
    assert_eq!(report.graph.levels, 1);
    assert_eq!(report.verdict.aborts, 0);
    // "switch deltas to none …: the block becomes one long chain."
    let without = with_options("independent-transfers", |options| {
        options.deltas = DeltaId::None;
    });
    assert_chain(&without);
}

#[test]
fn nonce_chain() {
    let report = check("nonce-chain");
    assert_all_succeed(&report);
    assert_chain(&report);
    assert_eq!(hottest(&report, 2), ["alice balance", "alice nonce"]);
    // "change the sender of every other payment to bob, and see the chain split in two."
    let mut turn = 0;
    let split = edit("nonce-chain", "\"from\": \"alice\"", |_| {
        turn += 1;
        if turn % 2 == 0 { "\"from\": \"zoe\"" } else { "\"from\": \"alice\"" }.to_owned()
    });
    assert_eq!(split.graph.components, 2);
}

#[test]
fn hot_recipient() {
    let report = check("hot-recipient");
    assert_all_succeed(&report);
    assert_chain(&report);
    assert_eq!(hottest(&report, 1), ["charity balance"]);
    assert!(report.verdict.aborts > 0, "the scheduler finds this out the hard way");
    let mut turn = 0;
    let halved = edit("hot-recipient", "\"to\": \"charity\"", |_| {
        turn += 1;
        if turn % 2 == 0 { "\"to\": \"charity\"" } else { "\"to\": \"another\"" }.to_owned()
    });
    assert_eq!(halved.bounds.critical_path * 2.0, report.bounds.critical_path);
    assert_eq!(halved.bounds.total, report.bounds.total);
}

#[test]
fn fee_recipient_read() {
    let report = check("fee-recipient-read");
    assert_all_succeed(&report);
    let reader = 5;
    assert!(report.graph.edges.iter().all(|edge| edge.to == reader));
    let before: Vec<_> = report.graph.edges.iter().map(|edge| edge.from).collect();
    assert_eq!(before, [0, 1, 2, 3, 4], "it depends on every transaction before it");
    assert_eq!(report.graph.levels, 2);
    assert_eq!(hottest(&report, 1), ["beneficiary balance"]);
}

#[test]
fn erc20_independent() {
    let report = check("erc20-independent");
    assert_all_succeed(&report);
    assert_eq!(report.graph.edges, []);
    assert_eq!(report.verdict.aborts, 0);
}

#[test]
fn erc20_fan_out() {
    let report = check("erc20-fan-out");
    assert_all_succeed(&report);
    assert_eq!(report.graph.components, 1);
    // "The graph is a tree that widens at every level"; second payments stand one level lower.
    assert_eq!(report.graph.levels, 8);
    let labels = edge_labels(&report, 0, 2);
    assert_eq!(labels, ["token.balanceOf[emea]"]);
    assert_eq!(edge_labels(&report, 2, 3), ["emea balance", "emea nonce", "token.balanceOf[emea]"]);
}

#[test]
fn erc20_hot_recipient() {
    let report = check("erc20-hot-recipient");
    assert_all_succeed(&report);
    assert_chain(&report);
    assert_eq!(hottest(&report, 1), ["token.balanceOf[shop]"]);
    assert_eq!(shared(&report), ["token.balanceOf[shop]"]);
    // "Switch the deltas to storage: what is only counted up commutes, and nobody waits."
    let storage = Options { deltas: DeltaId::Storage, workers: 8, ..Options::default() };
    let text = read("erc20-hot-recipient");
    let counted = run_verified("erc20-hot-recipient, counted", &text, &storage);
    assert_eq!((counted.graph.edges.len(), counted.verdict.aborts), (0, 0));
    assert!(counted.verdict.speedup.is_some_and(|speedup| speedup > 6.0), "{:?}", counted.verdict);
    let added = counted.transactions[7].writes.iter().filter(|write| write.added);
    let added: Vec<_> =
        added.map(|write| counted.locations[write.location as usize].label.as_str()).collect();
    assert!(added.contains(&"token.balanceOf[shop]"), "{added:?}");
    // "the first payment makes its slot …, and has to come before the others."
    let anew = text.replace(", \"shop\"], \"100 ether\"", "], \"100 ether\"");
    let anew = run_verified("erc20-hot-recipient, anew", &anew, &storage);
    assert_eq!(anew.graph.levels, 2);
    assert!(anew.graph.edges.iter().all(|edge| edge.from == 0), "{:?}", anew.graph.edges);
}

#[test]
fn nft_mint_counter() {
    let report = check("nft-mint-counter");
    assert_all_succeed(&report);
    assert_chain(&report);
    assert_eq!(shared(&report), ["collection.nextId"], "nothing else is shared");
    // What is counted is who gets which: nothing that could be added without looking.
    assert_chain(&with_options("nft-mint-counter", |options| options.deltas = DeltaId::Storage));
}

#[test]
fn nft_mint_hash() {
    let report = check("nft-mint-hash");
    assert_all_succeed(&report);
    assert_eq!(report.graph.edges, []);
    // "give her the same seed twice and read why the second mint fails."
    let twice = edit("nft-mint-hash", "{ \"from\": \"bob\"", |_| {
        "{ \"from\": \"alice\", \"to\": \"collection\", \"call\": \"mint\", \"args\": [1] },\n\
         { \"from\": \"bob\""
            .to_owned()
    });
    let second = &twice.transactions[1];
    assert_eq!(second.status, Status::Revert);
    assert!(second.reason.as_ref().is_some_and(|r| r.contains("AlreadyMinted")), "{second:?}");
}

#[test]
fn amm_one_pool() {
    let report = check("amm-one-pool");
    assert_all_succeed(&report);
    assert_chain(&report);
    let mut expected =
        ["pool.reserve0", "pool.reserve1", "gold.balanceOf[pool]", "silver.balanceOf[pool]"];
    expected.sort_unstable();
    assert_eq!(shared(&report), expected);
    // "Removing one of these slots would not help, the others still tie the trades together."
    assert!(report.hot.iter().all(|hot| hot.cost_gas == 0));
    // A price is looked at closely.
    assert_chain(&with_options("amm-one-pool", |options| options.deltas = DeltaId::Storage));
}

#[test]
fn amm_many_pools() {
    let report = check("amm-many-pools");
    assert_all_succeed(&report);
    assert_eq!(report.graph.components, 4, "four chains of four");
    assert_eq!(report.graph.levels, 4);
    assert!(report.verdict.speedup.is_some_and(|speedup| speedup > 2.0));
}

#[test]
fn auction() {
    let report = check("auction");
    let failed = status_indices(&report, Status::Revert);
    assert_eq!(failed, [2, 5, 6, 9, 11, 13]);
    assert!(
        report.graph.edges.iter().all(|edge| !failed.contains(&edge.from)),
        "nobody waits for a loser"
    );
    assert!(failed.iter().all(|&loser| {
        edge_to(&report, loser)
            .any(|edge| labels(&report, edge).contains(&"auction.highestBid".to_owned()))
    }));
    let chain = &report.graph.critical_path_gas.transactions;
    assert!(chain.len() >= report.transactions.len() - failed.len());
}

#[test]
fn price_report() {
    let report = check("price-report");
    let writer = 8;
    assert_eq!(report.graph.edges.len(), 8);
    assert!(report.graph.edges.iter().all(|edge| edge.from == writer && edge.to > writer));
    assert_eq!(shared(&report), ["feed.price"], "the single location between them");
    assert_eq!(report.graph.levels, 2);
    assert_eq!(status_indices(&report, Status::Revert), (9..17).collect::<Vec<_>>());
}

#[test]
fn sharded_counter() {
    let report = check("sharded-counter");
    assert_all_succeed(&report);
    assert!(report.graph.levels > 1 && report.graph.levels <= 5, "a few short chains");
    assert!(report.graph.components > 8);
    assert!(shared(&report).iter().all(|label| label.starts_with("points.totalOfShard[")));
    let single = edit("sharded-counter", "\"earnSharded\"", |_| "\"earn\"".to_owned());
    assert_chain(&single);
    assert_eq!(shared(&single), ["points.total"]);
}

#[test]
fn moving_target() {
    let report = check("moving-target");
    assert_all_succeed(&report);
    assert_eq!(edge_labels(&report, 0, 1), ["range.target"]);
    // What bob hits in the end; his first attempt cannot have known it.
    let writes: Vec<_> = report.transactions[1]
        .writes
        .iter()
        .map(|write| report.locations[write.location as usize].label.clone())
        .collect();
    assert!(writes.contains(&"range.hits[7]".to_owned()), "{writes:?}");
    assert!(!writes.contains(&"range.hits[0]".to_owned()), "{writes:?}");
    assert!(report.transactions[1].attempts > 1);
    let moved = report.timeline.causes.iter().any(|cause| cause.victim == 1 && cause.by == Some(0));
    assert!(moved, "{:?}", report.timeline.causes);
}

#[test]
fn create_then_call() {
    let report = check("create-then-call");
    assert_all_succeed(&report);
    let transfer = &report.transactions[1];
    assert!(transfer.gas_used > 21_000 && transfer.logs.len() == 1, "the code ran");
    assert!(edge_labels(&report, 0, 1).contains(&"wallet code".to_owned()));
    assert!(edge_labels(&report, 3, 4).contains(&"counter code".to_owned()));
    // "move bob's transfer to the top and compare its gas and its logs."
    let text = read("create-then-call");
    let (head, tail) = text.split_once("\"transactions\": [\n").expect("it has transactions");
    let lines: Vec<_> = tail.lines().collect();
    assert!(lines[1].contains("bob"), "bob's is the second");
    let moved =
        [lines[1], lines[0]].into_iter().chain(lines[2..].iter().copied()).collect::<Vec<_>>();
    let moved = format!("{head}\"transactions\": [\n{}", moved.join("\n"));
    let early = run_verified("create-then-call, bob first", &moved, &Options::default());
    let transfer = &early.transactions[0];
    assert_eq!(
        (transfer.status, transfer.gas_used, transfer.logs.len()),
        (Status::Success, 21_000, 0)
    );
}

#[test]
fn self_destruct_and_re_create() {
    let report = check("self-destruct-and-re-create");
    assert_all_succeed(&report);
    let dead = &report.transactions[2];
    assert!(dead.logs.is_empty(), "a call to the dead address does nothing");
    // `Paid(address indexed to, uint256 amount, uint256 payments)`: its last word is the count.
    let count = |index: usize| {
        let data = &report.transactions[index].logs[0].data;
        u64::from_str_radix(&data[data.len() - 16..], 16).expect("it is a number")
    };
    assert_eq!([count(0), count(4), count(5)], [3, 1, 2], "payment 1 again, not 4");
    assert!(edge_labels(&report, 1, 2).iter().any(|label| label == "wallet code"));
    assert!(!edge_to(&report, 6).any(|_| true), "grace pays heidi whenever she likes");
    // "change it to cancun … and see the wallet live on."
    let cancun = edit("self-destruct-and-re-create", "\"fork\": \"shanghai\"", |_| {
        "\"fork\": \"cancun\"".to_owned()
    });
    assert_eq!(cancun.transactions[3].status, Status::Revert);
    assert!(cancun.transactions[3].reason.as_ref().is_some_and(|r| r.contains("AlreadyExists")));
}

#[test]
fn delegation() {
    let report = check("delegation");
    assert_all_succeed(&report);
    let gas = |index: usize| report.transactions[index].gas_used;
    assert_eq!((gas(0), gas(5)), (21_000, 21_000));
    assert!(gas(2) > 21_000, "a plain transfer to alice runs code now and costs more");
    assert!(edge_labels(&report, 1, 2).contains(&"alice code".to_owned()));
    assert!(edge_labels(&report, 4, 5).contains(&"alice code".to_owned()));
    assert!(!edge_to(&report, 6).any(|_| true), "judy has nothing to do with it");
}

#[test]
fn block_access_list() {
    let report = check("block-access-list");
    assert_eq!(status_indices(&report, Status::Revert), [2, 5, 8], "these bids are too low");
    assert_eq!(shared(&report), ["auction balance", "auction.highestBid", "auction.highestBidder"]);
    let with = |strategy| with_options("block-access-list", |options| options.strategy = strategy);
    for strategy in [StrategyId::BlockStm, StrategyId::Ladder] {
        let verdict = with(strategy).verdict;
        assert!(verdict.aborts > 0, "{strategy:?}");
        assert!(verdict.speedup.is_some_and(|speedup| speedup < 1.1), "\"gain nothing\"");
    }
    let bal = with(StrategyId::Bal);
    let verdict = &bal.verdict;
    assert_eq!((verdict.attempts, verdict.aborts, verdict.blocked), (10, 0, 0), "executed once");
    assert!(verdict.speedup.is_some_and(|speedup| speedup > 3.9), "\"four times as fast\"");
    let lists = bal.access_lists.as_ref().expect("there is one");
    assert_eq!((lists.wrong.len(), lists.from_execution), (0, false), "{lists:?}");
    assert_eq!(lists.sequential, lists.parallel);
}

/// The list may lie in any way there is: each lie is named, and the result is right all the same, as every run here asserts.
/// What can be nobody's list is a problem of the text.
#[test]
fn a_wrong_block_access_list_is_named() {
    let text = read("block-access-list");
    let lie = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let account = |name| {
        let lines = text.lines().find(|line| line.contains(&format!("{{ \"address\": \"{name}\"")));
        format!("{}\n", lines.expect("it is listed"))
    };
    let slot = |key: &str| format!("{{ \"key\": \"{key}\", \"changes\": [{{ \"index\": 2");
    let refund = "0x1db8b2a34766a2e8936113cb240aec66f4d7343f2642527fb3f1cbef00cad6fc";
    let (dave, index_4) =
        ("{ \"index\": 4, \"value\": \"dave\" }", "{ \"index\": 4, \"value\": \"3 ether\" }");
    let lies = [
        (
            "a wrong value",
            lie(dave, &dave.replace("dave", "carol")),
            "slot 0x0 of auction at index 4 is 0x8abcd3",
        ),
        (
            "a wrong index",
            lie(index_4, &index_4.replace('4', "3")),
            "slot 0x1 of auction at index 3 is wrong: it is of index 4",
        ),
        ("a missing account", lie(&account("frank"), ""), "account frank is missing"),
        (
            "an extra account",
            lie(
                &account("carol"),
                &format!("    {{ \"address\": \"0x{:040x}\" }},\n{}", 7, account("carol")),
            ),
            "account 0x0000000000000000000000000000000000000007 is not the block's",
        ),
        (
            "an extra slot",
            lie(&slot(refund), &slot(&refund.replace("0x1d", "0x1c"))),
            "slot 0x1cb8b2a34766a2e8936113cb240aec66f4d7343f2642527fb3f1cbef00cad6fc of auction at index 2 is not",
        ),
        (
            "an extra read",
            lie("// highestBid\n", "")
                .replace("\"storageChanges\": [", "\"storageReads\": [2], \"storageChanges\": ["),
            "the read of slot 0x2 of auction is not the block's",
        ),
        (
            "code of nobody's making",
            lie(
                &account("dave"),
                &account("dave").replace(
                    " },\n",
                    ", \"codeChanges\": [{ \"index\": 4, \"code\": \"0x00\" }] },\n",
                ),
            ),
            "the code of dave at index 4 is not the block's",
        ),
    ];
    let options = Options { strategy: StrategyId::Bal, ..Options::default() };
    for (name, text, words) in lies {
        let report = run_verified(name, &text, &options);
        let lists = report.access_lists.expect("there is one");
        assert!(lists.wrong.iter().any(|wrong| wrong.contains(words)), "{name}: {:?}", lists.wrong);
        assert_eq!(lists.sequential, lists.parallel, "{name}");
    }
    let illegal = lie(
        &account("dave"),
        &account("dave")
            .replace(" },\n", ", \"codeChanges\": [{ \"index\": 4, \"code\": \"0xef00\" }] },\n"),
    );
    let (scenario, problems) = scenario::read(&illegal, Library::bundled());
    assert!(scenario.is_none());
    assert!(problems[0].message.contains("can be nobody's"), "{problems:?}");
    assert_eq!(problems[0].path, "blockAccessList[9].codeChanges[0].index");
}

#[test]
fn invalid_transactions() {
    let report = check("invalid-transactions");
    assert_eq!(status_indices(&report, Status::Invalid), [2, 4, 5, 6, 9]);
    assert!(
        report.transactions.iter().all(|tx| (tx.status == Status::Invalid) == (tx.gas_used == 0))
    );
    assert!(edge_labels(&report, 7, 8).contains(&"nia balance".to_owned()));
    let rejected = edit("invalid-transactions", "\"transactions\": [", |_| {
        "\"invalid\": \"reject\",\n  \"transactions\": [".to_owned()
    });
    assert_eq!(rejected.verdict.rejected_by, Some(2));
}

#[test]
fn one_huge() {
    let report = check("one-huge");
    assert_all_succeed(&report);
    assert_eq!(report.graph.edges, []);
    assert!(
        report.bounds.longest * 2.0 > report.bounds.total,
        "more gas than all of them together"
    );
    assert_eq!(report.bounds.critical_path, report.bounds.longest);
    // "move it to the top of the list, and the small payments fit beside it."
    let text = read("one-huge");
    let giant = text.lines().find(|line| line.contains("\"the giant\"")).expect("there is one");
    let rest = text.replace(&format!(",\n{giant}"), "");
    let first = rest.replacen("\"transactions\": [", &format!("\"transactions\": [\n{giant},"), 1);
    let first = run_verified("one-huge, giant first", &first, &Options::default());
    assert!(first.verdict.parallel < report.verdict.parallel);
}

#[test]
fn independent_heavy() {
    let report = check("independent-heavy");
    assert_all_succeed(&report);
    assert_eq!(report.graph.edges, []);
    assert!(report.verdict.speedup.is_some_and(|speedup| speedup > 3.5), "{:?}", report.verdict);
    assert!(report.transactions.iter().all(|tx| tx.gas_used > 1_000_000));
}

#[test]
fn mixed_block() {
    let report = check("mixed-block");
    assert_eq!(report.transactions.len(), 1000);
    assert!(report.graph.components > 100, "most are independent");
    assert!(report.hot.first().is_some_and(|hot| hot.cost_gas > 0), "the list names them");
    let sixteen = with_options("mixed-block", |options| options.workers = 16);
    let skewed = edit("mixed-block", "\"skew\": 0.8", |_| "\"skew\": 2.5".to_owned());
    let options = Options { workers: 16, ..Options::default() };
    let text = read("mixed-block").replace("\"skew\": 0.8", "\"skew\": 2.5");
    let skewed_sixteen = run_verified("mixed-block, skewed", &text, &options);
    assert!(skewed.bounds.critical_path > report.bounds.critical_path);
    assert!(skewed_sixteen.verdict.speedup < sixteen.verdict.speedup);
}

/// The menu names every example once, and every example is checked here.
#[test]
fn the_menu_and_the_checks_are_complete() {
    let index: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(folder().join("index.json")).expect("there is a menu"),
    )
    .expect("it is JSON");
    let mut listed: Vec<String> = index["groups"]
        .as_array()
        .expect("it has groups")
        .iter()
        .flat_map(|group| group["examples"].as_array().expect("they have examples"))
        .map(|id| id.as_str().expect("they are ids").to_owned())
        .collect();
    assert!(listed.contains(&index["default"].as_str().expect("one is the default").to_owned()));
    listed.sort();
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("there are examples")
        .filter_map(|entry| {
            let name = entry.expect("they can be listed").file_name();
            Some(name.to_str()?.strip_suffix(".json")?.to_owned())
        })
        .filter(|id| id != "index" && id != "schema")
        .collect();
    // Those of the gallery are checked by its own test.
    let source = include_str!("examples.rs");
    for id in &files {
        assert!(source.contains(&format!("check(\"{id}\")")), "{id} is not checked here");
    }
    files.extend(workloads().into_iter().flat_map(|workload| workload.variants));
    files.sort();
    assert_eq!(listed, files);
}

fn assert_all_succeed(report: &Report) {
    for tx in &report.transactions {
        assert_eq!(tx.status, Status::Success, "{}: {:?}", tx.path, tx.reason);
    }
}

/// Every transaction waits for the one before it.
fn assert_chain(report: &Report) {
    let count = report.transactions.len();
    assert_eq!(report.graph.levels as usize, count);
    assert_eq!(report.graph.critical_path_gas.transactions.len(), count);
    assert_eq!(report.bounds.critical_path, report.bounds.total);
}

/// The labels of the `count` hottest locations, sorted.
fn hottest(report: &Report, count: usize) -> Vec<String> {
    let hot = report.hot.iter().take(count);
    let mut labels: Vec<_> =
        hot.map(|hot| report.locations[hot.location as usize].label.clone()).collect();
    labels.sort();
    labels
}

/// The labels of all locations on edges, sorted.
fn shared(report: &Report) -> Vec<String> {
    let mut all: Vec<_> = report.graph.edges.iter().flat_map(|edge| labels(report, edge)).collect();
    all.sort();
    all.dedup();
    all
}

fn edge_labels(report: &Report, from: u32, to: u32) -> Vec<String> {
    let edge = report.graph.edges.iter().find(|edge| (edge.from, edge.to) == (from, to));
    let edge = edge.unwrap_or_else(|| panic!("no edge {from} → {to} in {:?}", report.graph.edges));
    labels(report, edge)
}

fn edge_to(report: &Report, to: u32) -> impl Iterator<Item = &Edge> {
    report.graph.edges.iter().filter(move |edge| edge.to == to)
}

fn labels(report: &Report, edge: &Edge) -> Vec<String> {
    let mut labels: Vec<_> = edge
        .locations
        .iter()
        .map(|&location| report.locations[location as usize].label.clone())
        .collect();
    labels.sort();
    labels
}

fn status_indices(report: &Report, status: Status) -> Vec<u32> {
    let of = |(index, tx): (usize, &evm_lanes_engine::report::TransactionReport)| {
        (tx.status == status).then_some(index as u32)
    };
    report.transactions.iter().enumerate().filter_map(of).collect()
}

/// The example as it is with other options.
fn with_options(id: &str, change: impl FnOnce(&mut Options)) -> Report {
    let mut options = Options::default();
    change(&mut options);
    run_verified(id, &read(id), &options)
}

/// The example with each `old` replaced as its paragraph proposes.
fn edit(id: &str, old: &str, mut new: impl FnMut(usize) -> String) -> Report {
    let text = read(id);
    assert!(text.contains(old), "{id} has no {old}");
    let mut parts = text.split(old);
    let mut edited = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        edited.push_str(&new(index));
        edited.push_str(part);
    }
    run_verified(id, &edited, &Options::default())
}
