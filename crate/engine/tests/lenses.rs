//! The dependency graph for those who tell less apart.

use std::sync::atomic::AtomicBool;

use evm_lanes_engine::options::{DeltaId, Options};
use evm_lanes_engine::report::{Granularity, Lens, Report};
use evm_lanes_engine::scenario::Library;
use evm_lanes_engine::{Surroundings, run};
use evm_lanes_schedule::Inline;

/// Two pairs of strangers use one contract, whose slot for the sender is all they write; one pays another.
const SHARED: &str = r#"{
  "accounts": {
    // slot[sender] += 1
    "ledger": { "code": "0x33546001013355" },
    "dave": { "balance": "1 ether" }
  },
  "transactions": [
    { "from": "alice", "to": "ledger", "gas": 100000 },
    { "from": "bob", "to": "ledger", "gas": 100000 },
    { "from": "carol", "to": "dave", "value": "1 ether" },
    { "from": "erin", "to": "dave", "value": "1 ether" },
    { "from": "frank", "to": "grace", "value": "1 ether" }
  ]
}"#;

const DELTAS: [DeltaId; 4] = [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage];

#[test]
fn who_tells_only_accounts_apart_waits_for_more() {
    let report = report(DeltaId::Fees);
    assert_eq!(report.graph.levels, 2, "dave's balance");
    let [account] = &report.coarser[..] else { panic!("{:?}", report.coarser) };
    assert_eq!(account.granularity, Granularity::Account);
    assert_eq!(ends(account), [(0, 1), (2, 3)]);
    assert_eq!(
        (&account.level[..], &account.component[..]),
        (&[0, 1, 0, 1, 0][..], &[0, 0, 1, 1, 2][..])
    );
    assert_eq!((account.graph.levels, account.graph.components), (2, 3));
    // Its locations are accounts.
    let names = account.hot.iter().map(|hot| report.accounts[hot.location as usize].name.clone());
    let mut names: Vec<String> = names.flatten().collect();
    names.sort();
    assert_eq!(names, ["dave", "ledger"]);
    let edge = &account.graph.edges[0];
    let at = edge.locations.iter().map(|&at| report.accounts[at as usize].name.as_deref());
    assert_eq!(at.collect::<Vec<_>>(), [Some("ledger")]);
    assert!(account.speedup_bound <= report.verdict.speedup_bound);
}

/// The run's graph has no order among those who pay dave; who knows no additions but fees has.
#[test]
fn without_additions_there_are_more_dependencies() {
    let report = report(DeltaId::Balances);
    assert_eq!((report.graph.levels, report.graph.edges.len()), (1, 0));
    let granularities: Vec<Granularity> =
        report.coarser.iter().map(|lens| lens.granularity).collect();
    assert_eq!(granularities, [Granularity::Account, Granularity::Slot]);
    let slot = &report.coarser[1];
    assert_eq!(ends(slot), [(2, 3)]);
    let label = &report.locations[slot.hot[0].location as usize].label;
    assert_eq!(label, "dave balance");
    assert_eq!(ends(&report.coarser[0]), [(0, 1), (2, 3)]);
}

/// Without deltas every fee is a payment to one account, and that is in the run's own graph already.
#[test]
fn a_run_without_deltas_has_the_graph_of_slots() {
    let report = report(DeltaId::None);
    assert_eq!(report.graph.levels, 5);
    assert!(report.coarser.iter().all(|lens| lens.granularity == Granularity::Account));
}

/// Coarser is never less: what waits for whom at the finer granularity does at the coarser one.
#[test]
fn coarser_graphs_are_not_shallower() {
    for deltas in DELTAS {
        let report = report(deltas);
        for lens in &report.coarser {
            assert!(lens.graph.levels >= report.graph.levels);
            assert!(lens.graph.critical_path_gas.weight >= report.graph.critical_path_gas.weight);
            for (coarse, fine) in lens.level.iter().zip(&report.transactions) {
                assert!(*coarse >= fine.level, "{:?}", lens.granularity);
            }
        }
    }
}

fn ends(lens: &Lens) -> Vec<(u32, u32)> {
    lens.graph.edges.iter().map(|edge| (edge.from, edge.to)).collect()
}

fn report(deltas: DeltaId) -> Report {
    let with = Surroundings {
        pool: &Inline,
        library: &Library::default(),
        clock: None,
        cancel: &AtomicBool::new(false),
        progress: &|_, _, _| {},
    };
    let report = run(SHARED, &Options { deltas, ..Options::default() }, &with).unwrap();
    assert!(report.verdict.equal);
    report
}
