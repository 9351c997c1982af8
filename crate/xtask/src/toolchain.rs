//! A Rust toolchain that can rebuild std, for wasm with atomics. The native crates need none of this.
//!
//! Two are known: a nightly of a fixed date with `rust-src`, from rustup; and Debian's `rustc-web`, `cargo-web` and
//! `rust-web-src`, a stable compiler told by RUSTC_BOOTSTRAP to accept `-Z`. The user's default toolchain stays what it
//! is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::command::{Run, which};

/// The nightly that is installed. Of the week when 1.96, Debian's version, became stable.
const NIGHTLY: &str = "nightly-2026-05-20";
/// Debian's packages, the linker apart.
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
/// The package of the linker where the link that rust-web-llvm leaves in `/usr/bin` cannot be asked.
const LINKER: &str = "lld-22";

/// `rustup` or `debian` here leaves only that one to choose from.
const ONLY: &str = "EVM_LANES_WASM_TOOLCHAIN";

/// A toolchain that can build the wasm modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// [`NIGHTLY`], by `rustup run`.
    Nightly,
    /// Debian's, by absolute paths.
    Debian,
}

/// What is known about this machine.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    rustup: bool,
    /// [`NIGHTLY`] is complete.
    nightly: bool,
    /// Debian's packages are complete.
    debian: bool,
    apt: bool,
    /// `apt-get` may be run: as root or by sudo without a password.
    privileged: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Use(Toolchain),
    Install(Toolchain),
    GiveUp,
}

/// The next step after those installations in `failed` did not work out. What is there is used; rustup is asked before
/// Debian.
fn next(facts: Facts, failed: &[Toolchain]) -> Step {
    let worth = |toolchain| !failed.contains(&toolchain);
    if facts.nightly {
        Step::Use(Toolchain::Nightly)
    } else if facts.debian {
        Step::Use(Toolchain::Debian)
    } else if facts.rustup && worth(Toolchain::Nightly) {
        Step::Install(Toolchain::Nightly)
    } else if facts.apt && facts.privileged && worth(Toolchain::Debian) {
        Step::Install(Toolchain::Debian)
    } else {
        Step::GiveUp
    }
}

/// A toolchain, installed if need be.
pub(crate) fn obtain() -> anyhow::Result<Toolchain> {
    let only = std::env::var(ONLY).ok();
    let mut failed = Vec::new();
    let mut reasons = String::new();
    loop {
        let facts = facts().only(only.as_deref())?;
        let toolchain = match next(facts, &failed) {
            Step::Use(toolchain) => return Ok(toolchain),
            Step::Install(toolchain) => toolchain,
            Step::GiveUp => anyhow::bail!("{}{reasons}", advice(facts)),
        };
        if let Err(error) = toolchain.install() {
            reasons.push_str(&format!("\ntried: {error:#}"));
        }
        failed.push(toolchain);
    }
}

impl Facts {
    /// What is left to choose from if the user has said which.
    fn only(self, name: Option<&str>) -> anyhow::Result<Self> {
        Ok(match name {
            None | Some("") => self,
            Some("rustup") => Self { debian: false, apt: false, ..self },
            Some("debian") => Self { rustup: false, nightly: false, ..self },
            Some(other) => anyhow::bail!("{ONLY} is `{other}`; it can be `rustup` or `debian`"),
        })
    }
}

impl Toolchain {
    /// A cargo that builds with it.
    pub(crate) fn cargo(self) -> Command {
        let mut command = match self {
            Self::Nightly => {
                let mut command = Command::new("rustup");
                command.args(["run", NIGHTLY, "cargo"]).env_remove("RUSTC");
                command
            }
            Self::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                command
            }
        };
        // The cargo that runs us says here which toolchain it is, and its flags would be taken for ours.
        for name in
            ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTDOC", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTFLAGS"]
        {
            command.env_remove(name);
        }
        command
    }

    fn install(self) -> anyhow::Result<()> {
        match self {
            Self::Nightly => {
                eprintln!("installing {NIGHTLY} by rustup, for the wasm modules only");
                rustup_install(Path::new("rustup"))
            }
            Self::Debian => apt_install(&debian_packages()),
        }
    }
}

/// Debian's packages, as root or by sudo.
pub(crate) fn apt_install(packages: &[String]) -> anyhow::Result<()> {
    eprintln!("installing {} by apt-get", packages.join(", "));
    let install = |update: bool| {
        let mut command = Command::new(if is_root() { "apt-get" } else { "sudo" });
        if !is_root() {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]);
        if update {
            command.arg("update");
        } else {
            command.args(["install", "--no-install-recommends"]).args(packages);
        }
        command.stdout(std::process::Stdio::null());
        command
    };
    // The package lists may be missing or old; a failed update leaves the old ones, which may do.
    install(false).run().or_else(|_| {
        let _ = install(true).run();
        install(false).run()
    })
}

/// Whether [`apt_install`] can work.
pub(crate) fn can_apt_install() -> bool {
    which("apt-get").is_some()
        && (is_root() || Command::new("sudo").args(["-n", "true"]).read().is_ok())
}

/// The date is fixed, rustup itself is not updated, and the default stays: `toolchain install` makes the first
/// toolchain the default where there was none.
fn rustup_install(rustup: &Path) -> anyhow::Result<()> {
    let had_default = Command::new(rustup).arg("default").read().is_ok();
    let result = Command::new(rustup)
        .args(["toolchain", "install", NIGHTLY, "--no-self-update", "--profile", "minimal"])
        .args(["--component", "rust-src", "--target", "wasm32-unknown-unknown"])
        .env("RUSTUP_MAX_RETRIES", "1")
        // The channel's manifest comes within seconds or not at all; 150 MB of components may take a while.
        .within("downloading", Duration::from_secs(30), Duration::from_secs(600));
    if !had_default {
        let _ = Command::new(rustup).args(["default", "none"]).read();
    }
    if result.is_err() {
        // Cut off half-way, it would be taken for installed by the next attempt.
        let _ = Command::new(rustup).args(["toolchain", "uninstall", NIGHTLY]).read();
    }
    result
}

fn facts() -> Facts {
    Facts {
        rustup: which("rustup").is_some(),
        nightly: nightly_is_complete(),
        debian: debian_packages().is_empty(),
        apt: which("apt-get").is_some(),
        privileged: can_apt_install(),
    }
}

fn nightly_is_complete() -> bool {
    let installed = Command::new("rustup")
        .args(["component", "list", "--installed", "--toolchain", NIGHTLY])
        .env("RUSTUP_AUTO_INSTALL", "0")
        .read()
        .unwrap_or_default();
    ["rust-src", "rustc-", "cargo-"]
        .iter()
        .all(|component| installed.lines().any(|line| line.starts_with(component)))
}

/// Those of Debian's packages that are missing; by their files, so that no package manager has to be asked.
fn debian_packages() -> Vec<String> {
    let library = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml");
    let files = ["/usr/bin/rustc", "/usr/bin/cargo"].map(Path::new).into_iter().chain([library]);
    let complete = files.clone().all(Path::exists);
    let mut missing: Vec<String> = Vec::new();
    if !complete || Path::new("/usr/bin/rust-lld").read_link().is_err() {
        missing.extend(DEBIAN.map(str::to_owned));
    }
    // rust-lld is a link to a linker that rust-web-llvm does not depend on; the link's name is the package's.
    if !Path::new("/usr/bin/rust-lld").exists() {
        let link =
            Path::new("/usr/bin/rust-lld").read_link().unwrap_or_else(|_| PathBuf::from(LINKER));
        missing.extend(link.file_name().and_then(|name| name.to_str()).map(str::to_owned));
    }
    missing
}

fn is_root() -> bool {
    Command::new("id").arg("-u").read().is_ok_and(|id| id.trim() == "0")
}

fn advice(facts: Facts) -> String {
    let mut text = String::from(
        "no Rust toolchain for the threaded wasm module, and none could be installed. Run one of these:\n",
    );
    if facts.rustup {
        text.push_str(&format!(
            "  rustup toolchain install {NIGHTLY} --no-self-update --profile minimal --component rust-src --target \
             wasm32-unknown-unknown\n"
        ));
    }
    if facts.apt {
        text.push_str(&format!("  sudo apt-get install {}\n", debian_packages().join(" ")));
    }
    if !facts.rustup && !facts.apt {
        text.push_str("  install rustup, then try again\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_used_and_rustup_is_asked_first() {
        use Toolchain::{Debian, Nightly};
        let nothing = Facts::default();
        let all = Facts { rustup: true, nightly: true, debian: true, apt: true, privileged: true };
        let fresh = Facts { nightly: false, debian: false, ..all };
        for (facts, failed, step) in [
            (all, &[][..], Step::Use(Nightly)),
            (Facts { nightly: false, ..all }, &[], Step::Use(Debian)),
            (fresh, &[], Step::Install(Nightly)),
            (fresh, &[Nightly], Step::Install(Debian)),
            (fresh, &[Nightly, Debian], Step::GiveUp),
            (Facts { privileged: false, ..fresh }, &[Nightly], Step::GiveUp),
            (Facts { rustup: false, ..fresh }, &[], Step::Install(Debian)),
            (nothing, &[], Step::GiveUp),
        ] {
            assert_eq!(next(facts, failed), step, "{facts:?}, failed: {failed:?}");
        }
    }

    #[test]
    fn the_user_may_say_which() {
        use Toolchain::{Debian, Nightly};
        let all = Facts { rustup: true, nightly: true, debian: true, apt: true, privileged: true };
        let fresh = Facts { nightly: false, debian: false, ..all };
        let choose = |facts: Facts, name| next(facts.only(Some(name)).unwrap(), &[]);
        assert_eq!(choose(all, "debian"), Step::Use(Debian));
        assert_eq!(choose(fresh, "debian"), Step::Install(Debian));
        assert_eq!(choose(all, "rustup"), Step::Use(Nightly));
        assert_eq!(choose(Facts { nightly: false, ..all }, "rustup"), Step::Install(Nightly));
        assert!(all.only(Some("nightly")).is_err());
    }

    /// Runs `rustup_install` with a script in rustup's place, and returns what the script was asked.
    #[cfg(unix)]
    fn with_fake_rustup(name: &str, behaviour: &str) -> (anyhow::Result<()>, String) {
        use std::os::unix::fs::PermissionsExt;
        let folder =
            std::env::temp_dir().join(format!("evm-lanes-rustup-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (rustup, log) = (folder.join("rustup"), folder.join("log"));
        std::fs::write(
            &rustup,
            format!("#!/bin/sh\necho \"$@\" >> {}\n{behaviour}\n", log.display()),
        )
        .unwrap();
        std::fs::set_permissions(&rustup, std::fs::Permissions::from_mode(0o755)).unwrap();
        let result = rustup_install(&rustup);
        let asked = std::fs::read_to_string(log).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
        (result, asked)
    }

    #[cfg(unix)]
    #[test]
    fn rustup_is_asked_for_the_dated_nightly_and_nothing_else_changes() {
        let (result, asked) = with_fake_rustup("good", "echo 'info: downloading 5 components' >&2");
        result.unwrap();
        let expected = format!(
            "default\ntoolchain install {NIGHTLY} --no-self-update --profile minimal --component rust-src --target \
             wasm32-unknown-unknown\n"
        );
        assert_eq!(asked, expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_rustup_that_cannot_fetch_leaves_nothing_behind() {
        let (result, asked) =
            with_fake_rustup("offline", "case $1 in toolchain) echo 'no route' >&2; exit 1;; esac");
        assert!(result.unwrap_err().to_string().contains("no route"));
        assert!(asked.ends_with(&format!("toolchain uninstall {NIGHTLY}\n")), "{asked}");
    }

    #[cfg(unix)]
    #[test]
    fn no_default_stays_no_default() {
        let (result, asked) = with_fake_rustup("bare", "case $1 in default) exit 1;; esac");
        result.unwrap();
        assert!(asked.ends_with("default none\n"), "{asked}");
    }

    #[cfg(unix)]
    #[test]
    fn a_rustup_that_hangs_is_ended() {
        let started = std::time::Instant::now();
        let hanging = Command::new("sleep").arg("600").within(
            "downloading",
            Duration::from_millis(50),
            Duration::from_secs(600),
        );
        assert!(hanging.unwrap_err().to_string().contains("no answer"));
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
