//! `web/src/engine/types.ts` is what the engine's boundary types say. `UPDATE_EXPECT=1` rewrites it.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use evm_lanes_engine::diagnostic::Diagnostic;
use evm_lanes_engine::options::{MAX_WORKERS, Options};
use evm_lanes_engine::report::{Checked, Comparison, Curve, FORMAT, Report, Told};
use evm_lanes_engine::what_if::{Change, WhatIf};
use ts_rs::{Config, TS, TypeVisitor};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/engine/types.ts");

#[test]
fn types_ts_is_fresh() {
    let expected = definitions();
    assert!(!expected.contains("bigint"), "an integer type lacks #[ts(type = \"number\")]");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(Path::new(FILE), &expected).expect("types.ts can be written");
    }
    let actual = std::fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(
        actual, expected,
        "web/src/engine/types.ts is stale: run this test with UPDATE_EXPECT=1"
    );
}

/// Every type that crosses the boundary, reached from the few that cross it by themselves.
fn definitions() -> String {
    let mut all = Collector::default();
    all.visit::<Report>();
    all.visit::<Told>();
    all.visit::<Checked>();
    all.visit::<Curve>();
    all.visit::<Comparison>();
    all.visit::<WhatIf>();
    all.visit::<Change>();
    all.visit::<Options>();
    all.visit::<Diagnostic>();
    let mut text =
        String::from("// Generated from crate/engine by tests/tests/types.rs. Do not edit.\n\n");
    let _ = writeln!(
        text,
        "/** The version of the report's format. */\nexport const FORMAT = {FORMAT};\n"
    );
    let _ = writeln!(
        text,
        "/** The most workers that can be asked for. */\nexport const MAX_WORKERS = {MAX_WORKERS};"
    );
    for definition in all.definitions.values() {
        let _ = write!(text, "\n{definition}");
    }
    text
}

#[derive(Default)]
struct Collector {
    seen: BTreeSet<TypeId>,
    definitions: BTreeMap<String, String>,
}

impl TypeVisitor for Collector {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Types without a path of their own (Vec, Option, numbers) have no declaration.
        if T::output_path().is_some() {
            let config = Config::new();
            let docs = T::docs().unwrap_or_default();
            let definition = format!("{docs}export {}\n", T::decl(&config));
            self.definitions.insert(T::ident(&config), definition);
        }
    }
}
