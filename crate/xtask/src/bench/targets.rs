//! What was to be reached, beside what this run has measured. The figures are pevm's own and those that were set before
//! anything was measured (issue 3); all of them are ratios within the run.
//!
//! Speedups are of `ladder` against the sequential baseline, unless the target names another strategy. Real blocks count together,
//! because a block of one transaction says nothing; so the worst block is the worst of the others and of that total.

use serde_json::{Value, json};

/// A figure that was to be reached.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) wanted: Wanted,
    /// `None` if this run has not measured it.
    pub(crate) measured: Option<Measured>,
}

/// Which figures will do.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    AtLeast(f64),
    MoreThan(f64),
    AtMost(f64),
}

/// A figure, and the id of the block it is of.
#[derive(Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) figure: f64,
    pub(crate) block: String,
}

/// Every target, by the results of both benches; either may be missing.
pub(crate) fn all(native: &Value, chromium: &Value) -> Vec<Target> {
    use Wanted::{AtLeast, AtMost, MoreThan};
    let wasm = Blocks(&chromium["blocks"]);
    let native = Blocks(native);
    let ladder = |workers| Way { strategy: "ladder", workers, all_deltas: false };
    let two = ladder(2);
    let target = |name, wanted, measured| Target { name, wanted, measured };
    let mut targets = vec![
        target(
            "wasm, 2 workers: independent Uniswap",
            AtLeast(1.7),
            wasm.speedup(&["uniswap-v3"], two),
        ),
        target("wasm, 2 workers: ERC-20", AtLeast(1.5), wasm.speedup(&["erc20-transfers"], two)),
        target(
            "wasm, 2 workers: raw transfers",
            AtLeast(1.3),
            wasm.speedup(&["raw-transfers"], two),
        ),
        target(
            "wasm, 2 workers: hot ERC-20 recipient, with deltas",
            AtLeast(1.3),
            wasm.speedup(&["erc20-hot-recipient"], Way { all_deltas: true, ..two }),
        ),
        target(
            "wasm, 2 workers: dependent chains, the worst",
            AtLeast(0.95),
            wasm.worst(two, is_chain),
        ),
        target("wasm, 1 worker: the worst block", AtLeast(0.93), wasm.worst(ladder(1), |_| true)),
        target(
            "wasm, 2 workers: real blocks without hints",
            AtLeast(1.3),
            wasm.speedup(&[REAL], two),
        ),
        target(
            "wasm, 2 workers: real blocks, strategy bal",
            AtLeast(1.6),
            wasm.speedup(&[REAL], Way { strategy: "bal", ..two }),
        ),
        target(
            "native, 2 threads: raw transfers (pevm's 1.00)",
            MoreThan(1.0),
            native.speedup(&["gigagas-raw-self", "raw-transfers"], two),
        ),
        target(
            "native, 2 threads: ERC-20 (pevm's 1.28)",
            MoreThan(1.28),
            native.speedup(&["gigagas-erc20-self", "erc20-transfers"], two),
        ),
        target(
            "native, 2 threads: Uniswap V3 (pevm's 1.72)",
            MoreThan(1.72),
            native.speedup(&["gigagas-uniswap-v3", "uniswap-v3"], two),
        ),
        target("native, 2 threads: the worst block", AtLeast(0.95), native.worst(two, |_| true)),
    ];
    for (block, name, least) in ONE_THREAD {
        let ratio = wasm.of(block).and_then(|row| measured(&row["oneThread"]["ratio"], row));
        targets.push(target(name, AtLeast(least), ratio));
    }
    for (block, name) in BESIDE_ETHEREUMJS {
        let rows = Blocks(&chromium["ethereumjs"]);
        let ratio = rows.of(block).and_then(|row| measured(&row["ratio"], row));
        targets.push(target(name, AtLeast(50.0), ratio));
    }
    let wasted = |blocks: &Blocks<'_>| {
        let row = blocks.of(REAL)?;
        measured(&two.run(row)?["wastedWork"], row)
    };
    targets.push(target(
        "native, 2 threads: wasted work on real blocks",
        AtMost(1.2),
        wasted(&native),
    ));
    targets.push(target("wasm, 2 workers: wasted work on real blocks", AtMost(1.2), wasted(&wasm)));
    targets
}

/// All real blocks together.
const REAL: &str = "real-total";

/// What the names of targets say that are of one thread of wasm: what it is compared with.
pub(crate) const NATIVE: &str = "over native stock revm";
/// Likewise.
pub(crate) const ETHEREUMJS: &str = "over @ethereumjs/vm";

/// One thread of wasm over stock revm on this machine.
const ONE_THREAD: [(&str, &str, f64); 2] = [
    ("uniswap-v3", "wasm, 1 thread, over native stock revm: Uniswap", 0.9),
    (REAL, "wasm, 1 thread, over native stock revm: real blocks", 0.8),
];

/// One thread of wasm over `@ethereumjs/vm`.
const BESIDE_ETHEREUMJS: [(&str, &str); 4] = [
    ("raw-transfers", "wasm, 1 thread, over @ethereumjs/vm: raw transfers"),
    ("erc20-transfers", "wasm, 1 thread, over @ethereumjs/vm: ERC-20"),
    ("amm-many-pools", "wasm, 1 thread, over @ethereumjs/vm: AMM swaps"),
    ("uniswap-v3", "wasm, 1 thread, over @ethereumjs/vm: Uniswap"),
];

/// Each transaction needs the one before it.
fn is_chain(block: &str) -> bool {
    ["nonce-chain", "raw-chain", "erc20-chain"].contains(&block)
}

impl Target {
    /// Whether the figure will do, if there is one.
    pub(crate) fn reached(&self) -> Option<bool> {
        let figure = self.measured.as_ref()?.figure;
        Some(match self.wanted {
            Wanted::AtLeast(least) => figure >= least,
            Wanted::MoreThan(bound) => figure > bound,
            Wanted::AtMost(most) => figure <= most,
        })
    }

    /// For the record.
    pub(crate) fn json(&self) -> Value {
        let measured = self.measured.as_ref();
        json!({
            "target": self.name,
            "wanted": self.wanted.to_string(),
            "figure": measured.map(|measured| measured.figure),
            "block": measured.map(|measured| &measured.block),
            "reached": self.reached(),
        })
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::MoreThan(bound) => write!(f, "> {bound}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
        }
    }
}

/// Which of a block's runs.
#[derive(Clone, Copy)]
struct Way {
    strategy: &'static str,
    workers: u64,
    /// The run with all the deltas there are, and not the one as everybody else.
    all_deltas: bool,
}

impl Way {
    fn run<'v>(&self, row: &'v Value) -> Option<&'v Value> {
        let mut runs = row["runs"].as_array()?.iter().filter(|run| {
            run["strategy"] == self.strategy
                && run["workers"] == self.workers
                && (run["deltas"] != "fees") == self.all_deltas
        });
        runs.next()
    }
}

/// A list of measured blocks.
struct Blocks<'v>(&'v Value);

impl<'v> Blocks<'v> {
    fn of(&self, id: &str) -> Option<&'v Value> {
        self.0.as_array()?.iter().find(|row| row["block"] == id)
    }

    /// On the first of these blocks that was measured.
    fn speedup(&self, ids: &[&str], way: Way) -> Option<Measured> {
        let row = ids.iter().find_map(|id| self.of(id))?;
        measured(&way.run(row)?["speedup"], row)
    }

    /// The least speedup on the blocks whose id is `wanted`.
    fn worst(&self, way: Way, wanted: impl Fn(&str) -> bool) -> Option<Measured> {
        let rows = self.0.as_array()?.iter().filter(|row| {
            row["block"]
                .as_str()
                .is_some_and(|id| (id == REAL || !id.starts_with("real-")) && wanted(id))
        });
        let speedups = rows.filter_map(|row| measured(&way.run(row)?["speedup"], row));
        speedups.min_by(|a, b| a.figure.total_cmp(&b.figure))
    }
}

fn measured(figure: &Value, row: &Value) -> Option<Measured> {
    Some(Measured { figure: figure.as_f64()?, block: row["block"].as_str()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(strategy: &str, workers: u32, deltas: &str, speedup: f64) -> Value {
        json!({ "strategy": strategy, "workers": workers, "deltas": deltas, "speedup": speedup, "wastedWork": 1.1 })
    }

    fn find<'t>(targets: &'t [Target], name: &str) -> &'t Target {
        targets.iter().find(|target| target.name.contains(name)).unwrap()
    }

    #[test]
    fn figures_are_found_and_what_was_not_measured_is_not_reached() {
        let ladder = |one, two| {
            json!([
                run("ladder", 1, "fees", one),
                run("ladder", 2, "fees", two),
                run("ladder", 2, "balances", 9.0)
            ])
        };
        let chromium = json!({
            "blocks": [
                { "block": "uniswap-v3", "runs": ladder(0.95, 1.69), "oneThread": { "ratio": 0.9 } },
                { "block": "erc20-hot-recipient", "runs": ladder(0.97, 0.5) },
                { "block": "raw-chain", "runs": ladder(0.94, 0.96) },
                { "block": "erc20-chain", "runs": ladder(0.92, 0.93) },
                { "block": "real-1", "runs": ladder(0.1, 0.1) },
                { "block": "real-total", "runs": [run("bal", 2, "fees", 1.6), run("ladder", 2, "fees", 1.2)] },
            ],
            "ethereumjs": [{ "block": "uniswap-v3", "ratio": 49.0 }],
        });
        let targets = all(&Value::Null, &chromium);
        let check = |name, figure: f64, block: &str, reached| {
            let target = find(&targets, name);
            let measured = Measured { figure, block: block.to_owned() };
            assert_eq!(
                (target.measured.as_ref(), target.reached()),
                (Some(&measured), Some(reached)),
                "{name}"
            );
        };
        check("independent Uniswap", 1.69, "uniswap-v3", false);
        check("hot ERC-20", 9.0, "erc20-hot-recipient", true);
        check("dependent chains", 0.93, "erc20-chain", false);
        check("1 worker", 0.92, "erc20-chain", false);
        check("without hints", 1.2, "real-total", false);
        check("strategy bal", 1.6, "real-total", true);
        check("native stock revm: Uniswap", 0.9, "uniswap-v3", true);
        check("@ethereumjs/vm: Uniswap", 49.0, "uniswap-v3", false);
        check("wasm, 2 workers: wasted work", 1.1, "real-total", true);
        for missing in [
            "wasm, 2 workers: raw",
            "native, 2 threads: ERC-20",
            "native stock revm: real",
            "native, 2 threads: wasted",
        ] {
            assert_eq!(find(&targets, missing).reached(), None, "{missing}");
        }
    }
}
