//! The workloads of the gallery: folders of `examples/` with a page of text, contracts and scenarios.
//!
//! The page of text, `README.md`, begins with its claims between two lines of dashes, one `key: value` a line with the
//! value in JSON, and holds a table of figures, which [`Workload::compare_figures`] keeps true.

use std::fs;
use std::path::PathBuf;

use evm_lanes_engine::options::{ClockId, Options, StrategyId};
use evm_lanes_engine::report::Report;
use evm_lanes_engine::scenario::{self, Library};

use crate::examples::{folder, read, run_verified};

/// The workers of the figures.
const WORKERS: u32 = 8;
/// The strategies of the figures.
const STRATEGIES: [(StrategyId, &str); 2] =
    [(StrategyId::Ladder, "ladder"), (StrategyId::BlockStm, "block-stm")];
/// What is called serialising must be among this many locations of the contended variant.
const HOTTEST: usize = 6;

const HEADER: &str = "| variant | strategy | transactions | critical path | speedup | aborts |\n\
                      |---|---|--:|--:|--:|--:|\n";

/// A workload.
#[derive(Debug)]
pub struct Workload {
    /// Its folder's name.
    pub name: String,
    /// Its scenarios, as ids of examples: contended, parallel, others in the order of their names.
    pub variants: Vec<String>,
    readme: PathBuf,
    text: String,
    claims: Claims,
}

/// What the text claims.
#[derive(Debug, Default, PartialEq)]
struct Claims {
    /// `at-least`: how many times the speedup of `contended` that of `parallel` is, under `ladder`.
    at_least: Option<f64>,
    /// `serialises`: the labels of the locations that make `contended` slow.
    serialises: Vec<String>,
}

/// Every workload, or the one that the environment's `GALLERY` names.
pub fn workloads() -> Vec<Workload> {
    let only = std::env::var("GALLERY").ok();
    let mut all: Vec<Workload> = fs::read_dir(folder())
        .expect("there are examples")
        .map(|entry| entry.expect("they can be listed").path())
        .filter(|path| path.is_dir() && !path.ends_with("contracts") && !path.ends_with("lessons"))
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .filter(|name| only.as_ref().is_none_or(|only| only == name))
        .map(Workload::open)
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Workload {
    fn open(name: String) -> Self {
        let path = folder().join(&name);
        let readme = path.join("README.md");
        let text = fs::read_to_string(&readme)
            .unwrap_or_else(|error| panic!("{}: {error}", readme.display()));
        let claims = Claims::read(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let mut variants: Vec<String> = fs::read_dir(&path)
            .expect("it is a folder")
            .filter_map(|entry| {
                let file = entry.expect("it can be listed").file_name();
                Some(file.to_str()?.strip_suffix(".json")?.to_owned())
            })
            .filter(|variant| variant != "contracts")
            .collect();
        variants.sort_by_key(|variant| match variant.as_str() {
            "contended" => (0, String::new()),
            "parallel" => (1, String::new()),
            _ => (2, variant.clone()),
        });
        let variants = variants.iter().map(|variant| format!("{name}/{variant}")).collect();
        Self { name, variants, readme, text, claims }
    }

    /// Runs every variant under every strategy, with 1, 4 and 8 virtual workers and once on real threads, and asserts that
    /// each run equals sequential execution.
    pub fn run_every_way(&self) {
        for id in &self.variants {
            let text = read(id);
            // A large block is as good as many small ones.
            let large = scenario::read(&text, Library::bundled())
                .0
                .is_some_and(|scenario| scenario.transactions.len() > 300);
            for strategy in StrategyId::ALL {
                let workers: &[u32] = match strategy {
                    StrategyId::Sequential => &[1],
                    _ if large => &[8],
                    _ => &[1, 4, 8],
                };
                for &workers in workers {
                    run_verified(id, &text, &Options { strategy, workers, ..Options::default() });
                }
                let options = Options { strategy, workers: 4, ..Options::default() };
                let measured = Options { clock: ClockId::Measured, repeats: 1, ..options };
                run_verified(id, &text, &measured);
            }
        }
    }

    /// Compares the table of figures with what comes out, or writes it if the environment has `UPDATE_EXPECT`; and asserts
    /// what the text claims. The error says what is not so.
    pub fn compare_figures(&self) -> Result<(), String> {
        let mut table = HEADER.to_owned();
        let mut ladder = Vec::new();
        for id in &self.variants {
            let variant = id.rsplit('/').next().unwrap_or(id);
            for (strategy, name) in STRATEGIES {
                let options = Options { strategy, workers: WORKERS, ..Options::default() };
                let report = run_verified(id, &read(id), &options);
                table.push_str(&row(variant, name, &report));
                if strategy == StrategyId::Ladder {
                    ladder.push((variant, report));
                }
            }
        }
        let fresh = with_table(&self.text, &table);
        if fresh != self.text {
            if std::env::var_os("UPDATE_EXPECT").is_none() {
                let name = &self.name;
                return Err(format!(
                    "{name}: the figures are stale: UPDATE_EXPECT=1 writes them:\n{table}"
                ));
            }
            fs::write(&self.readme, fresh).map_err(|error| error.to_string())?;
        }
        self.check_claims(&ladder)
    }

    fn check_claims(&self, reports: &[(&str, Report)]) -> Result<(), String> {
        let name = &self.name;
        let of = |wanted: &str| {
            reports.iter().find(|(variant, _)| *variant == wanted).map(|(_, report)| report)
        };
        let contended = of("contended").ok_or(format!("{name} has no contended.json"))?;
        let hot: Vec<&str> = contended
            .hot
            .iter()
            .take(HOTTEST)
            .map(|hot| contended.locations[hot.location as usize].label.as_str())
            .collect();
        for label in &self.claims.serialises {
            if !hot.contains(&label.as_str()) {
                return Err(format!("{name}: {label} is not among the hottest: {hot:?}"));
            }
        }
        let speedup = |report: &Report| report.verdict.speedup.unwrap_or_default();
        match (of("parallel"), self.claims.at_least) {
            (Some(parallel), Some(least)) => {
                let times = speedup(parallel) / speedup(contended);
                if times < least {
                    return Err(format!(
                        "{name}: the parallel variant is {times:.2} times as fast, not {least}"
                    ));
                }
                Ok(())
            }
            (Some(_), None) => Err(format!("{name}: README.md does not say `at-least: …`")),
            (None, Some(_)) => Err(format!("{name}: `at-least`, but there is no parallel.json")),
            (None, None) => Ok(()),
        }
    }
}

impl Claims {
    fn read(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("---\n").ok_or("README.md has no claims at its beginning")?;
        let (lines, _) = rest.split_once("\n---\n").ok_or("the claims have no end")?;
        let mut claims = Self::default();
        for line in lines.lines() {
            let (key, value) = line.split_once(':').ok_or(format!("no claim: {line}"))?;
            let wrong = |error: serde_json::Error| format!("{line}: {error}");
            match key {
                "at-least" => claims.at_least = Some(serde_json::from_str(value).map_err(wrong)?),
                "serialises" => claims.serialises = serde_json::from_str(value).map_err(wrong)?,
                _ => return Err(format!("no claim: {line}")),
            }
        }
        Ok(claims)
    }
}

fn row(variant: &str, strategy: &str, report: &Report) -> String {
    let (bounds, verdict) = (&report.bounds, &report.verdict);
    format!(
        "| {variant} | {strategy} | {} | {:.0} % | {:.2} | {} |\n",
        report.transactions.len(),
        100.0 * bounds.critical_path / bounds.total,
        verdict.speedup.unwrap_or_default(),
        verdict.aborts,
    )
}

/// `text` with `table` in place of the one that has its header, or at its end.
fn with_table(text: &str, table: &str) -> String {
    let header = HEADER.lines().next().unwrap_or_default();
    let Some(start) = text.find(header) else {
        return format!("{}\n\n## At {WORKERS} workers\n\n{table}", text.trim_end());
    };
    let rest = &text[start..];
    let rows = rest.split_inclusive('\n').take_while(|line| line.starts_with('|'));
    let end = start + rows.map(str::len).sum::<usize>();
    format!("{}{table}{}", &text[..start], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read() {
        let text = "---\nat-least: 1.5\nserialises: [\"a.b\", \"c.d[e]\"]\n---\n# Title\n";
        let expected =
            Claims { at_least: Some(1.5), serialises: vec!["a.b".to_owned(), "c.d[e]".to_owned()] };
        assert_eq!(Claims::read(text), Ok(expected));
        assert!(Claims::read("# Title\n").is_err());
        assert!(Claims::read("---\nat-most: 1\n---\n").is_err());
        assert!(Claims::read("---\nat-least: fast\n---\n").is_err());
    }

    #[test]
    fn tables_are_replaced_where_they_stand() {
        let table = format!("{HEADER}| new |\n");
        let text = format!("# Title\n\n{HEADER}| old |\n| old |\n\nBehind.\n");
        assert_eq!(with_table(&text, &table), format!("# Title\n\n{table}\nBehind.\n"));
        let added = format!("# Title\n\n## At 8 workers\n\n{table}");
        assert_eq!(with_table("# Title\n", &table), added);
        assert_eq!(with_table(&added, &table), added);
    }
}
