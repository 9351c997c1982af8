//! Lists the files of contracts that `Library::bundled` compiles in, so that a workload's folder needs no word here.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let index = examples.join("contracts/folders.json");
    println!("cargo::rerun-if-changed={}", index.display());
    if std::env::var_os("CARGO_FEATURE_BUNDLED_CONTRACTS").is_none() {
        return;
    }
    let index = std::fs::read_to_string(&index).expect("examples/contracts/folders.json is there");
    // It is generated, one folder a line, whose name is the first thing in quotes.
    let folders = index.lines().filter_map(|line| line.split('"').nth(1));
    let mut list = String::from("&[\n");
    for folder in std::iter::once("contracts").chain(folders) {
        let file = examples.join(folder).join("contracts.json");
        writeln!(list, "    include_str!({:?}),", file.display().to_string())
            .expect("strings take everything");
    }
    list.push_str("]\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo says where");
    std::fs::write(Path::new(&out).join("contracts.rs"), list).expect("the list can be written");
}
