//! `web/src/engine/types.ts` and `web/src/intake/types.ts` are what the boundary types of the two say. `UPDATE_EXPECT=1`
//! rewrites them.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use evm_lanes_engine::diagnostic::Diagnostic;
use evm_lanes_engine::options::{MAX_WORKERS, Options};
use evm_lanes_engine::report::{Checked, Comparison, Curve, FORMAT, OpcodeTrace, Report, Told};
use evm_lanes_engine::what_if::{Change, WhatIf};
use evm_lanes_intake::boundary::{MAX_TEXT, TextWritten, TextsRead};
use evm_lanes_intake::node::NodeStep;
use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn types_ts_of_the_engine_is_fresh() {
    check("web/src/engine/types.ts", &of_the_engine());
}

#[test]
fn types_ts_of_the_intake_is_fresh() {
    check("web/src/intake/types.ts", &of_the_intake());
}

fn check(file: &str, expected: &str) {
    assert!(!expected.contains("bigint"), "an integer type lacks #[ts(type = \"number\")]");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, expected).expect("it can be written");
    }
    let actual = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(actual, expected, "{file} is stale: run this test with UPDATE_EXPECT=1");
}

/// Every type that crosses the boundary, reached from the few that cross it by themselves.
fn of_the_engine() -> String {
    let mut all = Collector::default();
    all.visit::<Report>();
    all.visit::<Told>();
    all.visit::<OpcodeTrace>();
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

/// The same, but for the problems with a text, which are the engine's.
fn of_the_intake() -> String {
    let mut engines = Collector::default();
    engines.visit::<Diagnostic>();
    let mut all = Collector { seen: engines.seen, ..Collector::default() };
    all.visit::<TextsRead>();
    all.visit::<TextWritten>();
    all.visit::<NodeStep>();
    let mut text = String::from(
        "// Generated from crate/intake by tests/tests/types.rs. Do not edit.\n\nimport type { Diagnostic } from \"../engine/types.ts\";\n",
    );
    let _ = write!(
        text,
        "\n/** The longest text that is read, in bytes. */\nexport const MAX_TEXT = {MAX_TEXT};\n"
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
