//! The page as it is served.

use std::path::Path;

use crate::command::Run;
use crate::fingerprint::when_changed;
use crate::{budget, node, wasm};

/// Builds what has changed of the release site into `web/dist`.
pub(crate) fn build() -> anyhow::Result<()> {
    wasm::build_all()?;
    bundle()?;
    budget::print_sizes()
}

/// Bundles the page around wasm modules that are there.
pub(crate) fn bundle() -> anyhow::Result<()> {
    node::install("web")?;
    let inputs = [Path::new("web"), Path::new("examples")];
    when_changed("site", &inputs, "", Path::new("web/dist/index.html"), || {
        node::web("vite").args(["build", "--logLevel", "warn"]).run()
    })
}
