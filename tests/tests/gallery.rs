//! Every workload of the gallery: each variant under each strategy equals sequential execution, and what the page of text says
//! is so. `GALLERY=lending` looks at one; `UPDATE_EXPECT=1` writes the figures.

use evm_lanes_tests::gallery::{Workload, workloads};

#[test]
fn every_variant_equals_sequential_execution_under_every_strategy() {
    let all = workloads();
    assert!(!all.is_empty(), "there is no such workload");
    for workload in &all {
        println!("{}", workload.name);
        workload.run_every_way();
    }
}

#[test]
fn the_figures_and_the_claims_are_true() {
    let wrong: Vec<String> =
        workloads().iter().filter_map(|one| Workload::compare_figures(one).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
