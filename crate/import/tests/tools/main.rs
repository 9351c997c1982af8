//! What the tools themselves write and read: Foundry's programs of the pinned npm packages, and published files.

#[path = "../../../fetch/tests/anvil/busy.rs"]
mod busy;
#[path = "../../../fetch/tests/anvil/node.rs"]
mod node;

mod answers;
mod broadcast;
mod published;
mod replay;

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::{Options, StrategyId};
use evm_lanes_engine::report::Status;
use evm_lanes_engine::scenario::Library;
use evm_lanes_import::{Imported, Input};
use serde_json::{Value, json};

/// Texts that belong together.
fn import(texts: &[String]) -> Imported {
    let input = |text: &String| Input { name: "a file".to_owned(), text: text.clone() };
    evm_lanes_import::import(&texts.iter().map(input).collect::<Vec<_>>())
}

/// The scenario that comes of texts that are right.
#[track_caller]
fn scenario(texts: &[String]) -> String {
    let imported = import(texts);
    imported.scenario.unwrap_or_else(|| panic!("{:#?}", imported.diagnostics))
}

/// Asserts that every strategy runs the scenario as these receipts say.
#[track_caller]
fn assert_runs(text: &str, receipts: &Value) {
    let expected: Vec<_> = receipts.as_array().expect("receipts").iter().map(outcome).collect();
    for strategy in StrategyId::ALL {
        let cancel = AtomicBool::new(false);
        let surroundings = evm_lanes_engine::Surroundings {
            pool: &evm_lanes_schedule::Inline,
            library: Library::bundled(),
            clock: None,
            cancel: &cancel,
            progress: &|_, _, _| {},
        };
        let options = Options { strategy, ..Options::default() };
        let report = evm_lanes_engine::run(text, &options, &surroundings).expect("it runs");
        assert!(report.verdict.equal, "{strategy:?}");
        let transactions = report.transactions.iter();
        let found = transactions.map(|one| (one.gas_used, one.status == Status::Success));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{strategy:?}");
    }
}

/// Gas, and whether it succeeded.
fn outcome(receipt: &Value) -> (u64, bool) {
    let gas = receipt["gasUsed"].as_str().expect("gas");
    let gas = u64::from_str_radix(&gas[2..], 16).expect("hexadecimal");
    (gas, receipt["status"] == json!("0x1"))
}
