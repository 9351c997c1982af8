//! Browsers to test in.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::command::{Run, which};
use crate::{node, toolchain};

/// Names this variable's value instead of looking.
const VARIABLE: &str = "CHROMIUM";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// An installed Chromium; else Debian's package; else the one Playwright downloads, for which there is no path to name.
pub(crate) fn find() -> anyhow::Result<Option<PathBuf>> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return Ok(Some(path.into()));
    }
    if let Some(path) = installed() {
        return Ok(Some(path));
    }
    if toolchain::can_apt_install()
        && let Err(error) = toolchain::apt_install(&["chromium".to_owned()])
    {
        eprintln!("{error:#}");
    }
    if let Some(path) = installed() {
        return Ok(Some(path));
    }
    node::install("tests/browser")?;
    eprintln!("downloading Playwright's Chromium");
    let mut playwright = node::package("tests/browser", "playwright");
    if let Err(error) = playwright.args(["install", "chromium"]).run() {
        bail!(
            "no Chromium, and none could be installed ({error:#}). Run one of these, or set {VARIABLE} to its path:\n  \
             sudo apt-get install chromium\n  cd tests/browser && npx playwright install --with-deps chromium"
        );
    }
    Ok(None)
}

/// An installed Firefox; else Debian's package; else none, because Playwright's own cannot stand for it: it is another build.
/// `FIREFOX` names one instead of looking, or none if it is empty.
pub(crate) fn firefox() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("FIREFOX") {
        return (!path.is_empty()).then(|| path.into());
    }
    let installed = || {
        let mac = PathBuf::from("/Applications/Firefox.app/Contents/MacOS/firefox");
        ["firefox-esr", "firefox"]
            .into_iter()
            .find_map(which)
            .or_else(|| mac.exists().then_some(mac))
    };
    if installed().is_none()
        && toolchain::can_apt_install()
        && let Err(error) = toolchain::apt_install(&["firefox-esr".to_owned()])
    {
        eprintln!("{error:#}");
    }
    installed()
}

/// The fonts that the recorded pictures of the page are of (`tests/browser/visual`); without them those tests are skipped.
pub(crate) fn fonts() {
    let fonts = Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf");
    if !fonts.exists()
        && toolchain::can_apt_install()
        && let Err(error) = toolchain::apt_install(&["fonts-dejavu-core".to_owned()])
    {
        eprintln!("{error:#}");
    }
}

fn installed() -> Option<PathBuf> {
    let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    NAMES.into_iter().find_map(which).or_else(|| mac.exists().then_some(mac))
}
