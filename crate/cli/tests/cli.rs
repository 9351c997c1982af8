//! The command as a user meets it. `UPDATE_EXPECT=1` rewrites the files in `expect/`.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_run_is_summed_up() {
    let output = evm_lanes(&["run", &example("erc20-fan-out"), "--workers", "4", "--seed", "7"]);
    check(&output, 0, "erc20-fan-out.txt", "");
}

#[test]
fn what_would_be_is_said_in_a_sentence_and_in_numbers() {
    let file = example("nft-mint-counter");
    let output = evm_lanes(&[
        "what-if",
        &file,
        "--drop",
        "3",
        "--move",
        "5:0",
        "--split",
        "collection.nextId",
    ]);
    check(&output, 0, "what-if.txt", "");
    let output = evm_lanes(&["what-if", &file, "--json", "--commute", "collection.nextId"]);
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["before"]["levels"], &answer["after"]["levels"]), (&20.into(), &1.into()));
}

#[test]
fn what_is_not_there_is_wrong_usage() {
    let file = example("nft-mint-counter");
    let cases: [(&[&str], &str); 3] = [
        (&["--drop", "20"], "there is no transaction 20: the block has 20, counted from 0"),
        (&["--split", "collection.nextid"], r#"(is "collection.nextId" meant?)"#),
        (&["--move", "5"], "not two numbers with a colon between them, as in 5:0"),
    ];
    for (arguments, expected) in cases {
        let output = evm_lanes(&[&["what-if", &file], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}

#[test]
fn what_other_tools_write_is_read() {
    let sender = "0x00000000000000000000000000000000000000a1";
    let alloc = format!(
        r#""alloc": {{ "{sender}": {{ "balance": "0xde0b6b3a7640000", "nonce": "0x5" }} }}"#
    );
    let to = "0x00000000000000000000000000000000000000b2";
    let transaction = format!(
        r#"{{ "from": "{sender}", "to": "{to}", "value": "0x1", "nonce": "0x5", "gas": "0x5208" }}"#
    );
    let folder = std::env::temp_dir().join(format!("evm-lanes-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let whole = file("t8n.json", &format!("{{ {alloc}, \"txs\": [{transaction}] }}"));
    let output = evm_lanes(&["run", &whole]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("was read as input of evm t8n"));

    let state = file("alloc.json", &format!("{{ {alloc} }}"));
    let alone = file("tx.json", &transaction);
    let made = folder.join("scenario.json").display().to_string();
    let output = evm_lanes(&["import", &alone, &state, "-o", &made]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(evm_lanes(&["run", &made]).status.code(), Some(0));

    let call = transaction.replace("\"value\"", "\"input\": \"0x01\", \"value\"");
    let output = evm_lanes(&["import", &file("call.json", &call)]);
    assert_eq!(output.status.code(), Some(3));
    let message = text(&output.stderr);
    assert!(
        message.to_lowercase().contains(&format!("the block needs the code of {to}")),
        "{message}"
    );

    let output = evm_lanes(&["export", &made, "--format", "raw"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("transaction 0 (transactions[0]) is not signed"));
    let commented = std::fs::read_to_string(&made).unwrap().replacen('{', "{ // with a comment", 1);
    let commented = file("commented.json", &commented);
    let output = evm_lanes(&["export", &commented, "--format", "cast"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let send = format!("cast send --async --unlocked --from {sender} --nonce 5 --gas-limit 21000");
    let sends = text(&output.stdout)
        .lines()
        .any(|line| line.to_lowercase().starts_with(&send.to_lowercase()));
    assert!(sends, "{}", text(&output.stdout));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_too_serial_is_named_and_fails() {
    let files = [example("nft-mint-counter"), example("nft-mint-hash"), example("amm-one-pool")];
    let limits = ["--min-parallelism", "4", "--max-critical-path-share", "0.5"];
    let all: Vec<&str> = files.iter().map(String::as_str).chain(limits).collect();
    let output = evm_lanes(&[&["lint"], all.as_slice(), &["--github"]].concat());
    let printed = text(&output.stdout).replace(concat!(env!("CARGO_MANIFEST_DIR"), "/../../"), "");
    let output = Output { stdout: printed.into_bytes(), ..output };
    check(&output, 1, "lint.txt", "");

    let output = evm_lanes(&["lint", &files[1], "--min-parallelism", "4"]);
    assert_eq!(output.status.code(), Some(0), "mints by hash are independent");
    let output = evm_lanes(&["lint", &files[0], "--max-critical-path-share", "0.2", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found[0]["criticalPathShare"], 1.0);
    assert_eq!(found[0]["costs"][0]["label"], "collection.nextId");
    assert_eq!(found[0]["serial"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_lint_without_limits_or_files_is_wrong_usage() {
    let file = example("nft-mint-counter");
    let cases: [(&[&str], &str); 4] = [
        (&[&file], "--min-parallelism"),
        (&["--min-parallelism", "4"], "<FILES>"),
        (&[&file, "--min-parallelism", "0.5"], "not a number from 1 on"),
        (&[&file, "--max-critical-path-share", "50"], "not a number from 0 to 1"),
    ];
    for (arguments, expected) in cases {
        let output = evm_lanes(&[&["lint"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    // One file that cannot be read does not hide what is wrong with another.
    let output = evm_lanes(&["lint", "no-such-file.json", &file, "--min-parallelism", "4"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("too serial"));
}

#[test]
fn a_long_block_is_cut_and_says_so() {
    let output = evm_lanes(&["run", &example("nonce-chain"), "--hints", "none"]);
    check(&output, 0, "nonce-chain.txt", "");
}

#[test]
fn invalid_transactions_are_listed_with_their_reasons() {
    let output = evm_lanes(&["run", &example("invalid-transactions")]);
    check(&output, 0, "invalid-transactions.txt", "");
}

#[test]
fn strategies_are_compared_in_a_table() {
    let output =
        evm_lanes(&["compare", &example("erc20-fan-out"), "--workers", "4", "--seed", "7"]);
    check(&output, 0, "compare-erc20-fan-out.txt", "");
}

#[test]
fn a_comparison_is_data_too() {
    let arguments = ["compare", &example("hot-recipient"), "--json", "--deltas", "none"];
    let output = evm_lanes(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["options"]["deltas"], "none");
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    assert!(rows.iter().all(|row| row["equal"] == true), "{rows:?}");
}

#[test]
fn problems_are_shown_where_they_are() {
    for command in ["check", "run", "compare", "access-list"] {
        let output = evm_lanes_reading(&[command, "-"], BROKEN);
        let stdout = if command == "check" { "broken-check.txt" } else { "" };
        check(&output, 3, stdout, "broken.txt");
    }
}

#[test]
fn problems_are_data_too() {
    for command in ["check", "run", "compare"] {
        let output = evm_lanes_reading(&[command, "-", "--json"], BROKEN);
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(text(&output.stderr), "");
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["diagnostics"][0]["line"], 4);
    }
}

#[test]
fn what_is_right_is_said_to_be() {
    let output = evm_lanes(&["check", &example("erc20-fan-out")]);
    check(&output, 0, "right-check.txt", "");
}

#[test]
fn every_example_checks_and_runs() {
    let index = std::fs::read_to_string(examples().join("index.json")).unwrap();
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let groups = index["groups"].as_array().unwrap().iter();
    let mut seen = 0;
    for name in groups.flat_map(|group| group["examples"].as_array().unwrap()) {
        let file = examples().join(format!("{}.json", name.as_str().unwrap()));
        let output = evm_lanes(&["run", file.to_str().unwrap(), "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", file.display(), text(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["format"], 1);
        assert_eq!(report["verdict"]["equal"], true, "{}", file.display());
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} examples");
}

#[test]
fn a_list_is_shown() {
    let output = evm_lanes(&["access-list", &example("create-then-call")]);
    check(&output, 0, "access-list.txt", "");
}

/// However long a list is, a page of it is shown.
#[test]
fn a_long_list_is_cut_and_says_so() {
    // Accounts are in the order of their addresses: this one comes first.
    let scenario = r#"{
        "accounts": { "nft": {
            "contract": "Nft", "args": ["Lanes", "LANE", 1000],
            "address": "0x0000000000000000000000000000000000001000"
        } },
        "transactions": [{ "generate": { "workload": "mint", "count": 300, "contracts": ["nft"] } }]
    }"#;
    let output = evm_lanes_reading(&["access-list", "-"], scenario);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.lines().count() < 300 && shown.len() < 30_000, "{shown}");
    for words in [" more accounts; --json has all", ", … and 288 more", " more changed slots"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

/// What is printed is what scenarios take: put back, `bal` runs on it and finds nothing wrong.
#[test]
fn a_list_goes_round() {
    for name in ["erc20-fan-out", "create-then-call", "delegation", "self-destruct-and-re-create"] {
        let example = example(name);
        let scenario = std::fs::read_to_string(&example).unwrap();
        for form in ["--json", "--rlp"] {
            let output = evm_lanes(&["access-list", &example, form]);
            assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
            let hash = text(&output.stderr).trim().rsplit(' ').next().unwrap();
            let list = text(&output.stdout).trim();
            let list = if form == "--rlp" { format!("\"{list}\"") } else { list.to_owned() };
            let end = scenario.trim_end().strip_suffix('}').unwrap().trim_end();
            let with_list = format!("{end},\n  \"blockAccessList\": {list}\n}}\n");
            let output =
                evm_lanes_reading(&["run", "-", "--strategy", "bal", "--json"], &with_list);
            assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let lists = &report["accessLists"];
            assert_eq!(lists["wrong"], serde_json::json!([]), "{name}");
            assert_eq!(
                (&lists["parallel"], &lists["fromExecution"]),
                (&hash.into(), &false.into())
            );
            let transactions = report["transactions"].as_array().unwrap().len();
            assert_eq!(report["verdict"]["attempts"], transactions, "{name}: all at once");
        }
    }
}

#[test]
fn standard_input_is_a_dash() {
    let scenario = std::fs::read_to_string(example("hot-recipient")).unwrap();
    let output =
        evm_lanes_reading(&["run", "-", "--clock", "measured", "--workers", "2"], &scenario);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("with 2 workers in measured time"));
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let run = || evm_lanes(&["run", &example("amm-one-pool"), "--seed", "5", "--json"]).stdout;
    assert!(run() == run());
}

#[test]
fn wrong_usage_exits_with_2() {
    let example = example("hot-recipient");
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage"),
        (&["run"], "required"),
        (&["walk"], "unrecognized subcommand"),
        (&["run", "/nowhere.json"], "cannot read /nowhere.json"),
        (&["run", &example, "--strategy", "luck"], "expected one of `sequential`, `two-phase`"),
        (&["run", &example, "--workers", "65"], "1..=64"),
        (&["run", &example, "--seed", "9007199254740992"], "invalid value"),
        (&["run", &example, "--repeats", "0"], "1..=100"),
        (&["compare", &example, "--strategy", "ladder"], "unexpected argument '--strategy'"),
    ];
    for (arguments, message) in cases {
        let output = evm_lanes(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
}

#[test]
fn conform_says_what_passed_and_what_did_not() {
    let fixture = |name: &str| format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let (passes, fails) = (fixture("passes.json"), fixture("fails.json"));
    let cases: [(&[&str], i32, &str); 7] = [
        (&[&passes], 0, "  passed        1  1 blocks, 1 transactions, 21,000 gas"),
        (
            &[&passes, "--strategy", "block-stm", "--workers", "3", "--clock", "virtual"],
            0,
            "; 1 ways: block-stm on 3",
        ),
        (&[&passes, &fails], 1, "the state root is 0x"),
        (&[&passes, &fails, "--only", "passes"], 0, "1 case in 1 file"),
        (&[&fixture("")], 1, "  failed        1"),
        (&[&fixture("nothing.md")], 2, "no fixture: "),
        (&["/nowhere"], 1, "cannot read /nowhere"),
    ];
    for (arguments, code, words) in cases {
        let arguments: Vec<_> = ["conform"].into_iter().chain(arguments.iter().copied()).collect();
        let output = evm_lanes(&arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        let stdout = text(&output.stdout);
        assert!(stdout.contains(words), "{arguments:?}: {stdout}");
    }
    for (arguments, words) in [
        (["--strategy", "luck"], "there is no strategy \"luck\"; there are sequential, "),
        (["--clock", "sun"], "there is no clock \"sun\"; there are measured, virtual"),
        (["--rules", "golden"], "there is no rule set \"golden\"; there are current, bal@v5.1.0"),
        (["--workers", "65"], "1..=64"),
    ] {
        let output = evm_lanes(&["conform", &passes, arguments[0], arguments[1]]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
}

#[test]
fn what_conform_found_is_data_too() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let output = evm_lanes(&["conform", fixtures, "--json", "--workers", "2"]);
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&found["cases"], &found["passed"], &found["failed"]),
        (&3.into(), &1.into(), &1.into())
    );
    assert_eq!(found["failures"][0]["case"], "transfer");
    assert_eq!(found["skipped"]["revm has no fork Shelbyville"], 1);
    assert_eq!(found["otherFiles"].as_array().unwrap().len(), 1);
}

#[test]
fn text_that_is_no_text_is_an_error() {
    let output = evm_lanes_reading(&["check", "-"], b"\xff\xfe{}".as_slice());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot read <standard input>"));
}

#[test]
fn help_documents_every_exit_code() {
    let every: &[u8] = &[0, 1, 2, 3, 4, 5];
    for (arguments, codes) in [
        (&["--help"][..], every),
        (&["run", "--help"], every),
        (&["compare", "--help"], every),
        (&["check", "--help"], every),
        (&["access-list", "--help"], &[0, 2, 3, 4, 5]),
        (&["conform", "--help"], &[0, 1, 2, 4, 5]),
    ] {
        let output = evm_lanes(arguments);
        assert_eq!(output.status.code(), Some(0));
        let help = text(&output.stdout);
        for code in codes {
            assert!(help.contains(&format!("\n  {code}  ")), "{code} in {help}");
        }
    }
}

#[test]
fn colour_is_for_terminals_and_those_who_want_it() {
    let run = |variables: &[(&str, &str)]| {
        let mut command = command(&["run", &example("hot-recipient")]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!run(&[]), "a pipe is no terminal");
    assert!(run(&[("CLICOLOR_FORCE", "1")]));
    assert!(!run(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [&["run", &example("amm-one-pool"), "--json"][..], &["--help"]] {
        let mut child = spawn(arguments);
        let mut start = [0; 4];
        child.stdout.take().unwrap().read_exact(&mut start).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(text(&output.stderr), "");
    }
}

/// Linux only, because it must know when the program has taken over the signal.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_cancels() {
    let transaction = r#"{ "from": "alice", "to": "hasher", "call": "hash(uint256)", "args": [20000], "gas": 8000000 }"#;
    let scenario = format!(
        r#"{{ "block": {{ "gasLimit": 10000000000000 }}, "accounts": {{ "alice": "1000000 ether", "hasher": {{ "contract": "Hasher" }} }},
            "transactions": [{}] }}"#,
        vec![transaction; 2000].join(","),
    );
    let mut child = spawn(&["run", "-"]);
    child.stdin.take().unwrap().write_all(scenario.as_bytes()).unwrap();

    let start = Instant::now();
    while !catches_interrupts(&child) {
        assert!(start.elapsed() < Duration::from_secs(60), "it never took over Ctrl-C");
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(text(&output.stderr).contains("cancelled"));
}

#[cfg(target_os = "linux")]
fn catches_interrupts(child: &Child) -> bool {
    const INTERRUPT: u64 = 1 << (2 - 1);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
    u64::from_str_radix(caught.trim(), 16).unwrap() & INTERRUPT != 0
}

const BROKEN: &str = r#"{
  "accounts": { "alice": "1 ether" },
  "transactions": [
    { "from": "alice", "too": "bob", "value": "1 ether" },
    { "from": "alice", "to": "bob", "value": "1 ehter" }
  ]
}
"#;

fn examples() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"))
}

fn example(name: &str) -> String {
    examples().join(name).with_extension("json").to_str().unwrap().to_owned()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evm-lanes"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

fn spawn(arguments: &[&str]) -> Child {
    command(arguments).stdin(Stdio::piped()).spawn().unwrap()
}

fn evm_lanes(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn evm_lanes_reading(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = spawn(arguments);
    child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
    child.wait_with_output().unwrap()
}

/// Compares what was printed with files in `expect/`; no name means nothing was printed.
#[track_caller]
fn check(output: &Output, code: i32, stdout: &str, stderr: &str) {
    for (printed, name) in [(&output.stdout, stdout), (&output.stderr, stderr)] {
        let printed = text(printed);
        if name.is_empty() {
            assert_eq!(printed, "");
            continue;
        }
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expect")).join(name);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, printed).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            printed == expected,
            "{name} is not what was printed; UPDATE_EXPECT=1 rewrites it.\n{printed}"
        );
    }
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
