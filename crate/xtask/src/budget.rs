//! Sizes of what a visitor downloads, against `web/budgets.json`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::wasm;

const FILE: &str = "web/budgets.json";
/// Growth over the recorded size that is let through, in per cent.
const TOLERANCE: u64 = 5;

/// One line of `web/budgets.json`, in bytes after gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Budget {
    /// Never more than this.
    limit: u64,
    /// What it was when somebody last looked.
    recorded: u64,
}

/// Prints the sizes and whether they keep their budgets.
pub(crate) fn print_sizes() -> anyhow::Result<()> {
    report().map(drop)
}

/// Prints the sizes; an error if one does not keep its budget.
pub(crate) fn check() -> anyhow::Result<()> {
    let problems = report()?;
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}

fn report() -> anyhow::Result<Vec<String>> {
    let budgets: BTreeMap<String, Value> = serde_json::from_str(&std::fs::read_to_string(FILE)?)?;
    let mut problems = Vec::new();
    for (name, size) in sizes()? {
        let number = |key| budgets.get(&name).and_then(|budget| budget[key].as_u64());
        let (Some(limit), Some(recorded)) = (number("limit"), number("recorded")) else {
            problems.push(format!("{FILE} has no budget for {name} ({size} bytes)"));
            continue;
        };
        println!(
            "  {name}: {:.1} KB gzip (recorded {:.1}, limit {:.1})",
            kb(size),
            kb(recorded),
            kb(limit)
        );
        problems.extend(problem(&name, size, Budget { limit, recorded }));
    }
    Ok(problems)
}

fn problem(name: &str, size: u64, Budget { limit, recorded }: Budget) -> Option<String> {
    if size > limit {
        Some(format!("{name} is {size} bytes after gzip, over its limit of {limit}"))
    } else if size * 100 > recorded * (100 + TOLERANCE) {
        Some(format!(
            "{name} has grown from {recorded} to {size} bytes after gzip, by more than {TOLERANCE} %: if that is worth \
             it, record the new size in {FILE}"
        ))
    } else {
        None
    }
}

fn sizes() -> anyhow::Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for build in wasm::BUILDS {
        sizes.insert(format!("{}.wasm", build.name()), gzip(&build.module())?);
    }
    // The page loads it under another name.
    sizes
        .insert("contracts.json".to_owned(), gzip(Path::new("examples/contracts/contracts.json"))?);
    // What the Contract tab loads when something is compiled, and when a file imports from the library.
    for entry in std::fs::read_dir("web/dist/compiler").context("web/dist is not built")? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let name = match extension {
            Some("js") => "compiler.js",
            Some("json") => "openzeppelin.json",
            _ => continue,
        };
        sizes.insert(name.to_owned(), gzip(&path)?);
    }
    // What a host's page loads for `<evm-lanes>`, and what its frame loads before the figure is seen.
    for (name, entry) in
        [("page.js", "index.html"), ("embed.js", "embed.html"), ("element.js", "evm-lanes.js")]
    {
        let mut size = 0;
        for script in first_scripts(entry)? {
            size += gzip(&script)?;
        }
        sizes.insert(name.to_owned(), size);
    }
    Ok(sizes)
}

/// The scripts loaded before anything is clicked: those a page names (or a script itself) and what they import at once. The
/// editor and other parts that are imported on demand are not among them.
fn first_scripts(entry: &str) -> anyhow::Result<Vec<PathBuf>> {
    let dist = Path::new("web/dist");
    let mut scripts: Vec<PathBuf> = if entry.ends_with(".js") {
        vec![dist.join(entry)]
    } else {
        let html = std::fs::read_to_string(dist.join(entry)).context("web/dist is not built")?;
        quoted(&html).filter_map(|path| script(dist, path)).collect()
    };
    let mut next = 0;
    while next < scripts.len() {
        let text = std::fs::read_to_string(&scripts[next])?;
        let folder = scripts[next].parent().expect("it is in a folder").to_owned();
        for statement in static_imports(&text) {
            if let Some(path) = script(&folder, statement)
                && !scripts.contains(&path)
            {
                scripts.push(path);
            }
        }
        next += 1;
    }
    scripts.sort();
    scripts.dedup();
    Ok(scripts)
}

/// `from "./x.js"` and `import "./x.js"`, but not `import("./x.js")`, in minified code.
fn static_imports(text: &str) -> impl Iterator<Item = &str> {
    ["from", "import"].into_iter().flat_map(move |word| {
        text.match_indices(word).filter_map(move |(at, _)| {
            let rest = text[at + word.len()..].trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            rest[1..].split(quote).next()
        })
    })
}

fn quoted(html: &str) -> impl Iterator<Item = &str> {
    html.split('"').skip(1).step_by(2)
}

fn script(folder: &Path, reference: &str) -> Option<PathBuf> {
    let path = folder.join(reference.trim_start_matches('/').trim_start_matches("./"));
    (reference.ends_with(".js") && path.is_file()).then_some(path)
}

fn gzip(path: &Path) -> anyhow::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(
        &std::fs::read(path).with_context(|| format!("{} is not built", path.display()))?,
    )?;
    Ok(encoder.finish()?.len() as u64)
}

fn kb(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_growth_are_problems() {
        let budget = Budget { limit: 1000, recorded: 800 };
        assert_eq!(problem("x", 840, budget), None);
        assert!(problem("x", 841, budget).unwrap().contains("grown"));
        assert!(problem("x", 1001, budget).unwrap().contains("limit"));
        assert_eq!(problem("x", 10, budget), None);
    }

    #[test]
    fn only_static_imports_are_loaded_at_first() {
        let code = r#"import{a}from"./a.js";import"./b.js";const c=()=>import("./c.js");export{d}from './d.js'"#;
        let mut found: Vec<&str> = static_imports(code).collect();
        found.sort_unstable();
        assert_eq!(found, ["./a.js", "./b.js", "./d.js"]);
    }
}
