//! The page as it is served.

use std::path::Path;
use std::process::Command;

use crate::command::Run;
use crate::fingerprint::when_changed;
use crate::{budget, node, wasm};

/// Builds what has changed of the release site into `web/dist`.
pub(crate) fn build() -> anyhow::Result<()> {
    wasm::build_all()?;
    bundle()?;
    budget::print_sizes()
}

/// Makes the npm package of the element, with the site in it, and lists what npm would publish.
pub(crate) fn package() -> anyhow::Result<()> {
    build()?;
    Command::new("node").current_dir("web").arg("package.mjs").run()?;
    Command::new("npm").current_dir("web/package").args(["pack", "--dry-run"]).run()
}

/// Puts the compiler of the Contract tab, and the library it can import from, where the page loads them from.
fn compiler() -> anyhow::Result<()> {
    let inputs = [Path::new("web/compiler.mjs"), Path::new("web/package-lock.json")];
    when_changed("compiler", &inputs, "", Path::new("web/public/compiler/LICENSES.txt"), || {
        Command::new("node").current_dir("web").arg("compiler.mjs").run()
    })
}

/// Bundles the page around wasm modules that are there.
pub(crate) fn bundle() -> anyhow::Result<()> {
    node::install("web")?;
    compiler()?;
    let inputs = [Path::new("web"), Path::new("examples"), Path::new("Cargo.lock")];
    when_changed("site", &inputs, &commit(), Path::new("web/dist/index.html"), || {
        // In this order: the service worker, which is built last, lists what is there.
        for mode in ["production", "embed", "offline"] {
            node::web("vite").args(["build", "--logLevel", "warn", "--mode", mode]).run()?;
        }
        Ok(())
    })
}

/// What is built, which the page's About names; empty outside of a repository.
fn commit() -> String {
    let output = Command::new("git").args(["rev-parse", "HEAD"]).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}
