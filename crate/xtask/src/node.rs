//! Node and npm's packages.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::command::Run;
use crate::fingerprint::when_changed;

/// What vite asks for.
const OLDEST: (u32, u32) = (20, 19);

/// The packages of `folder`, exactly as its lock file says.
pub(crate) fn install(folder: &str) -> anyhow::Result<()> {
    let version = Command::new("node").arg("--version").read().unwrap_or_default();
    check(&version)?;
    let folder = Path::new(folder);
    let lock = folder.join("package-lock.json");
    let name = format!("npm-{}", folder.display().to_string().replace('/', "-"));
    when_changed(&name, &[&lock], version.trim(), &folder.join("node_modules"), || {
        eprintln!("installing the packages of {} by npm", folder.display());
        Command::new("npm")
            .current_dir(folder)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // A Chromium is looked for elsewhere first (browser.rs).
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .run()
            .with_context(|| format!("to try it by hand: cd {} && npm ci", folder.display()))
    })
}

/// A program that a package of `web/` brings, run there.
pub(crate) fn web(program: &str) -> Command {
    package("web", program)
}

/// A program that a package of `folder` brings, run there.
pub(crate) fn package(folder: &str, program: &str) -> Command {
    let path = Path::new(folder).join("node_modules/.bin").join(program);
    let mut command = Command::new(std::path::absolute(&path).unwrap_or(path));
    command.current_dir(folder);
    command
}

fn check(version: &str) -> anyhow::Result<()> {
    let (major, minor) = OLDEST;
    let wanted = format!(
        "Node {major}.{minor} or newer is needed; install it from your system or from nodejs.org"
    );
    if version.is_empty() {
        bail!("{wanted} (there is no `node` on the PATH)");
    }
    let mut numbers =
        version.trim().trim_start_matches('v').split('.').map_while(|n| n.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < OLDEST {
        bail!("{wanted} (found {})", version.trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn old_and_missing_nodes_are_named() {
        assert!(check("v20.19.0\n").is_ok());
        assert!(check("v24.1.0").is_ok());
        assert!(check("v18.20.4").unwrap_err().to_string().contains("found v18.20.4"));
        assert!(check("v20.9.0").is_err());
        assert!(check("").unwrap_err().to_string().contains("no `node`"));
        assert!(check("nonsense").is_err());
    }
}
