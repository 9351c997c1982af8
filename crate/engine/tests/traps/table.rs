//! `README.md` lists the traps with their tests; here it is held to the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Of the 34 traps, the last is about sharding.
const TRAPS: usize = 34;

/// Every trap has a row, every test in it is where it is said to be, and every test with a trap's number is in its row.
#[test]
fn the_table_of_traps_names_every_test_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traps");
    let table = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut named = BTreeSet::new();
    let mut traps = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")).skip(1) {
        traps += 1;
        let cells: Vec<&str> = row.split(" | ").collect();
        let number = cells[0].trim_start_matches("| ");
        assert_eq!(number.parse(), Ok(traps), "{row}");
        let mut source = None;
        let mut tests = 0;
        // A link to a file, then its tests, each in backticks.
        for part in cells[2].split(['(', ')', '`']) {
            if part.ends_with(".rs") {
                let path = folder.join(part);
                let text = std::fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                source = Some((path.canonicalize().unwrap(), text));
            } else if part.contains('_') && !part.contains([' ', '/']) {
                let (path, text) = source.as_ref().unwrap_or_else(|| panic!("{part} has no file"));
                let there = text.contains(&format!("fn {part}("));
                assert!(there, "there is no test {part} in {}", path.display());
                named.insert((path.clone(), part.to_owned()));
                tests += 1;
            }
        }
        assert_eq!(tests == 0, traps == TRAPS, "{row}");
    }
    assert_eq!(traps, TRAPS);
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let tests = text.split("fn trap_").skip(1);
        for test in tests.filter(|test| test.starts_with(|c: char| c.is_ascii_digit())) {
            let name = format!("trap_{}", test.split('(').next().unwrap_or_default());
            let (number, found) = (&name[5..7], (path.clone(), name.clone()));
            assert!(named.contains(&found), "{name} in {} is in no row", path.display());
            let row = format!("| {} |", number.trim_start_matches('0'));
            let row = table.lines().find(|line| line.starts_with(&row));
            assert!(row.is_some_and(|row| row.contains(&name)), "{name} is in another row");
        }
    }
}

/// Every Rust source with tests of the engine and the scheduler.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let mut folders =
        vec![root.join("engine/tests"), root.join("schedule/tests"), root.join("schedule/src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 30, "only {} sources", found.len());
    found
}
