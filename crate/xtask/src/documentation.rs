//! The documentation tools that build the sites of `tests/docs`, with what the page writes for their authors.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Run, cargo, target};
use crate::fingerprint::when_changed;
use crate::{node, toolchain};

/// Of the crate mdbook.
const MDBOOK: &str = "0.5.4";

/// Installs all of them: those from npm beside the sites, which they must be found from, the others in `target/tools`.
pub(crate) fn install() -> anyhow::Result<()> {
    node::install("tests/docs")?;
    install_sphinx()?;
    install_mdbook()
}

/// Where the tests find those that are not npm's: a variable's name and its value.
pub(crate) fn programs() -> anyhow::Result<[(&'static str, PathBuf); 2]> {
    Ok([
        ("EVM_LANES_MDBOOK", std::path::absolute(tools().join("bin/mdbook"))?),
        ("EVM_LANES_SPHINX", std::path::absolute(tools().join("sphinx/bin/sphinx-build"))?),
    ])
}

/// Without its server and its search, and not optimised: a book of four pages takes no time.
fn install_mdbook() -> anyhow::Result<()> {
    when_changed("mdbook", &[], MDBOOK, &tools().join("bin/mdbook"), || {
        eprintln!("compiling mdbook {MDBOOK}");
        let build = tools().join("build");
        cargo(["install", "--quiet", "--locked", "--no-default-features", "--debug", "--force"])
            .args(["mdbook", "--version", MDBOOK, "--root"])
            .arg(tools())
            .arg("--target-dir")
            .arg(&build)
            .run()?;
        Ok(std::fs::remove_dir_all(build)?)
    })
}

/// In an environment of its own, with the versions that requirements.txt lists.
fn install_sphinx() -> anyhow::Result<()> {
    let list = Path::new("tests/docs/requirements.txt");
    let folder = tools().join("sphinx");
    when_changed("sphinx", &[list], "", &folder.join("bin/sphinx-build"), || {
        eprintln!("installing Sphinx by pip");
        let environment =
            || Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).run();
        if let Err(error) = environment() {
            // Debian has it in a package of its own.
            if !toolchain::can_apt_install() {
                return Err(error.context("Python 3 with its venv is needed"));
            }
            toolchain::apt_install(&["python3-venv".to_owned()])?;
            environment()?;
        }
        Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(list)
            .run()
    })
}

fn tools() -> PathBuf {
    target().join("tools")
}
