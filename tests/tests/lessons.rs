//! The lessons: what each begins with and its solution equal sequential execution under every strategy, and the reports that their
//! checks are tried on (`web/test/lessons.test.ts`) are what the engine says. `UPDATE_EXPECT=1` rewrites those.

use std::fs;
use std::path::Path;

use evm_lanes_engine::options::{DeltaId, Options, StrategyId};
use evm_lanes_engine::report::Report;
use evm_lanes_tests::examples::{folder, run_verified};
use serde_json::{Map, Value, json};

#[test]
fn every_lesson_equals_sequential_execution_and_reports_what_its_check_is_tried_on() {
    let lessons = lessons();
    assert!(lessons.len() >= 10, "there are {} lessons", lessons.len());
    let mut wrong = Vec::new();
    for lesson in &lessons {
        for (name, text, options) in lesson.runs() {
            for strategy in StrategyId::ALL {
                for deltas in [DeltaId::None, DeltaId::Fees, DeltaId::Balances, DeltaId::Storage] {
                    run_verified(&name, &text, &Options { strategy, deltas, ..options.clone() });
                }
            }
            wrong.extend(compare(&name, &run_verified(&name, &text, &options)).err());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A lesson, as far as it is run here.
struct Lesson {
    name: String,
    options: Map<String, Value>,
    solution: Map<String, Value>,
}

fn lessons() -> Vec<Lesson> {
    let mut all: Vec<Lesson> = fs::read_dir(folder().join("lessons"))
        .expect("there are lessons")
        .filter_map(|entry| {
            let file = entry.expect("they can be listed").file_name();
            let name = file.to_str()?.strip_suffix(".md")?.to_owned();
            let text = fs::read_to_string(folder().join("lessons").join(&file)).expect("readable");
            let field = |name: &str| options(&text, name);
            (name != "README").then(|| Lesson {
                name,
                options: field("options"),
                solution: field("solution"),
            })
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Lesson {
    /// What it begins with, and its solution: a name, a text, and options.
    fn runs(&self) -> [(String, String, Options); 2] {
        let read = |ending: &str| {
            fs::read_to_string(folder().join(format!("lessons/{}{ending}", self.name))).ok()
        };
        let begin = read(".json").unwrap_or_else(|| panic!("{} has no scenario", self.name));
        let solved = read(".solution.json").unwrap_or_else(|| begin.clone());
        let mut options = self.options.clone();
        let begun = typed(&options);
        options.extend(self.solution.clone());
        [
            (self.name.clone(), begin, begun),
            (format!("{}.solution", self.name), solved, typed(&options)),
        ]
    }
}

/// The options in a line `name: key=value …` of the front matter.
fn options(text: &str, name: &str) -> Map<String, Value> {
    text.lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))
        .unwrap_or_default()
        .split_whitespace()
        .map(|word| {
            let (key, value) = word.split_once('=').expect("an option is name=value");
            let number = value.parse::<u64>().map(Value::from);
            (key.to_owned(), number.unwrap_or_else(|_| Value::from(value)))
        })
        .collect()
}

fn typed(options: &Map<String, Value>) -> Options {
    serde_json::from_value(Value::Object(options.clone())).expect("options of a run")
}

fn compare(name: &str, report: &Report) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("expect/lessons/{name}.json"));
    let found = format!("{:#}\n", excerpt(report));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().expect("it has one")).expect("the folder can be made");
        fs::write(&path, found).expect("it can be written");
        return Ok(());
    }
    if fs::read_to_string(&path).is_ok_and(|expected| expected == found) {
        return Ok(());
    }
    Err(format!("{} is not what came out (UPDATE_EXPECT=1 rewrites it)", path.display()))
}

/// What conditions look at: the report without what would make the file large.
fn excerpt(report: &Report) -> Value {
    let report = serde_json::to_value(report).expect("reports are plain data");
    let pick = |from: &Value, keys: &[&str]| -> Value {
        keys.iter().map(|key| ((*key).to_owned(), from[key].clone())).collect::<Map<_, _>>().into()
    };
    let each = |list: &Value, keys: &[&str]| -> Value {
        list.as_array().expect("a list").iter().map(|item| pick(item, keys)).collect()
    };
    let transactions: Value = report["transactions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|transaction| {
            let mut picked = pick(transaction, &["from", "to", "value", "call", "status"]);
            picked["logs"] = each(&transaction["logs"], &["event"]);
            picked
        })
        .collect();
    let verdict = ["equal", "speedup", "speedupBound", "workers", "attempts", "aborts", "blocked"];
    json!({
        "scenario": pick(&report["scenario"], &["title", "fork"]),
        "options": report["options"],
        "verdict": pick(&report["verdict"], &verdict),
        "bounds": report["bounds"],
        "transactions": transactions,
        "accounts": each(&report["accounts"], &["name", "balanceBefore", "balanceAfter"]),
        "locations": each(&report["locations"], &["label"]),
        "graph": pick(&report["graph"], &["edges", "levels", "criticalPathGas"]),
        "accessLists": report["accessLists"],
    })
}
