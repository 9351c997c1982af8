//! The wasm modules and their glue: compile, bind, optimise.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::command::{Run, cargo, target};
use crate::fingerprint::when_changed;
use crate::toolchain::{self, Toolchain};

/// Where the page loads them from.
pub(crate) const OUTPUT: &str = "web/public/wasm";

/// One of the modules: two of `crate/wasm`, one of `crate/intake`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// On shared memory.
    Threads,
    /// For pages that are not isolated.
    Single,
    /// What imports and exports; loaded when it is needed.
    Intake,
}

/// All, in the order of their likely failing.
pub(crate) const BUILDS: [Build; 3] = [Build::Threads, Build::Single, Build::Intake];

/// The most memory the threaded module may ever have; a shared memory must say so.
const MAX_MEMORY: u32 = 2 << 30;

/// Passed to wasm-opt. Functions in the order of their names stand next to those they differ from in a type only, and gzip
/// finds that: 17 KB. So the names are kept until then.
const OPTIMISE: [&str; 13] = [
    "--enable-threads",
    "--enable-bulk-memory",
    "--enable-simd",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "-O3",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

impl Build {
    /// The name of its folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Single => "single",
            Self::Intake => "intake",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Threads | Self::Single => "evm-lanes-wasm",
            Self::Intake => "evm-lanes-intake",
        }
    }

    /// What compiler and glue call it.
    fn library(self) -> String {
        self.package().replace('-', "_")
    }

    /// Of the workspace's manifest, which has its sizes and speeds.
    fn profile(self) -> &'static str {
        match self {
            Self::Threads | Self::Single => "wasm",
            Self::Intake => "intake",
        }
    }

    /// The module the page loads.
    pub(crate) fn module(self) -> PathBuf {
        Path::new(OUTPUT).join(self.name()).join(format!("{}_bg.wasm", self.library()))
    }

    fn rustflags(self) -> String {
        // revm's dependencies reach getrandom, which on wasm must be told where to go; nothing calls it.
        // What derives Debug writes only its name: 7 KB less, of text that only panics of dependencies show.
        let common = "--cfg getrandom_backend=\"wasm_js\" -Z fmt-debug=shallow -C target-feature=+bulk-memory,+simd128";
        match self {
            Self::Single | Self::Intake => common.to_owned(),
            Self::Threads => {
                let exports =
                    ["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base", "__heap_base"];
                let exports: String =
                    exports.map(|name| format!(" -C link-arg=--export={name}")).concat();
                format!(
                    "{common},+atomics -C link-arg=--shared-memory -C link-arg=--import-memory -C \
                     link-arg=--max-memory={MAX_MEMORY}{exports}"
                )
            }
        }
    }
}

/// Builds what has changed of the modules.
pub(crate) fn build_all() -> anyhow::Result<()> {
    crate::node::install("web")?;
    let toolchain = toolchain::obtain()?;
    for build in BUILDS {
        let compiled = compile(build, toolchain)?;
        let output = Path::new(OUTPUT).join(build.name());
        let version = format!("{} {OPTIMISE:?}", include_str!("bin/bindgen.rs"));
        when_changed(
            &format!("bind-{}", build.name()),
            &[&compiled],
            &version,
            &build.module(),
            || {
                // Whatever an earlier version left there must not be served.
                let _ = std::fs::remove_dir_all(&output);
                bind(&compiled, &output)?;
                optimise(&build.module())
            },
        )?;
    }
    Ok(())
}

fn compile(build: Build, toolchain: Toolchain) -> anyhow::Result<PathBuf> {
    // A folder for each set of flags: in one they would evict each other.
    let folder = target().join(format!("wasm-{}", build.name()));
    let mut cargo = toolchain.cargo();
    cargo
        .args([
            "rustc",
            "--quiet",
            "--lib",
            "--crate-type",
            "cdylib",
            "--locked",
            "--package",
            build.package(),
            "--profile",
            build.profile(),
        ])
        .args(["--target", "wasm32-unknown-unknown", "-Z", "build-std=std,panic_abort"])
        // No backtraces, browsers have none to give; and the small sort: each of the engine's many sorted types brings a
        // copy, together a tenth of the module.
        .args(["-Z", "build-std-features=optimize_for_size"])
        // The places of panics without the folders of the machine that built this.
        .args(["-Z", "trim-paths", "--config"])
        .arg(format!("profile.{}.trim-paths=\"all\"", build.profile()))
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTFLAGS", build.rustflags());
    if build == Build::Threads {
        cargo.args(["--features", "threads"]);
    }
    cargo.run()?;
    let module = format!("{}.wasm", build.library());
    Ok(folder.join("wasm32-unknown-unknown").join(build.profile()).join(module))
}

fn bind(compiled: &Path, output: &Path) -> anyhow::Result<()> {
    cargo(["run", "--quiet", "--locked", "--package", "evm-lanes-xtask", "--features", "bindgen"])
        .args(["--bin", "evm-lanes-bindgen", "--"])
        .args([compiled, output])
        .run()
}

fn optimise(module: &Path) -> anyhow::Result<()> {
    let before = module.with_extension("unoptimised");
    std::fs::rename(module, &before).with_context(|| module.display().to_string())?;
    Command::new("node")
        .arg("web/node_modules/binaryen/bin/wasm-opt")
        .args(OPTIMISE)
        .arg(&before)
        .arg("-o")
        .arg(module)
        .run()?;
    std::fs::remove_file(before)?;
    Ok(())
}
