//! The invariants of ARCHITECTURE.md that a test can read: most are absences.

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn schedule_depends_on_nothing_of_ours_and_on_no_evm_clock_or_pool() {
    // Whatever it is that a dependency brings, a manifest without any cannot bring it.
    let manifest = read("crate/schedule/Cargo.toml");
    for forbidden in
        ["revm", "alloy", "serde", "rayon", "wasm-bindgen", "js-sys", "evm-lanes-engine"]
    {
        assert!(
            !section(&manifest, "[dependencies]").contains(forbidden),
            "schedule depends on {forbidden}"
        );
    }
    for (path, text) in sources("crate/schedule/src", "rs") {
        for forbidden in ["revm::", "serde::", "std::time", "Instant::now", "SystemTime", "rayon::"]
        {
            assert!(!text.contains(forbidden), "{} names {forbidden}", path.display());
        }
    }
}

#[test]
fn evm_and_engine_know_no_browser_and_read_no_clock() {
    for package in ["evm", "engine"] {
        let manifest = read(&format!("crate/{package}/Cargo.toml"));
        for forbidden in ["wasm-bindgen", "js-sys", "web-sys", "rayon"] {
            assert!(
                !section(&manifest, "[dependencies]").contains(forbidden),
                "{package} depends on {forbidden}"
            );
        }
        for (path, text) in sources(&format!("crate/{package}/src"), "rs") {
            for forbidden in ["JsValue", "wasm_bindgen", "std::time", "Instant::now", "SystemTime"]
            {
                assert!(!text.contains(forbidden), "{} names {forbidden}", path.display());
            }
        }
    }
}

#[test]
fn fetch_and_import_open_no_connection_and_read_no_clock() {
    for (path, text) in
        ["fetch", "import"].iter().flat_map(|name| sources(&format!("crate/{name}/src"), "rs"))
    {
        for forbidden in ["std::net", "std::thread", "std::time", "ureq", "wasm_bindgen"] {
            assert!(!text.contains(forbidden), "{} names {forbidden}", path.display());
        }
    }
}

#[test]
fn the_arrows_between_the_crates_point_one_way() {
    for (package, above) in [
        (
            "schedule",
            &["evm", "engine", "fetch", "conform", "import", "wasm", "intake", "cli", "xtask"][..],
        ),
        ("evm", &["engine", "fetch", "conform", "import", "wasm", "intake", "cli", "xtask"]),
        ("engine", &["fetch", "conform", "import", "wasm", "intake", "cli", "xtask"]),
        ("fetch", &["conform", "wasm", "intake", "cli", "xtask"]),
        ("conform", &["import", "wasm", "intake", "cli", "xtask"]),
        ("import", &["fetch", "conform", "wasm", "intake", "cli", "xtask"]),
        ("wasm", &["conform", "import", "intake", "cli", "xtask"]),
        ("intake", &["conform", "wasm", "cli", "xtask"]),
        ("cli", &["wasm", "intake", "xtask"]),
    ] {
        let manifest = read(&format!("crate/{package}/Cargo.toml"));
        for other in above {
            assert!(
                !manifest.contains(&format!("evm-lanes-{other}.")),
                "{package} depends on {other}"
            );
            assert!(
                !manifest.contains(&format!("evm-lanes-{other} =")),
                "{package} depends on {other}"
            );
        }
    }
}

#[test]
fn only_workers_import_the_glue() {
    for (path, text) in sources("web/src", "ts") {
        for (glue, workers) in [
            ("evm_lanes_wasm.js", &["engine/worker.ts"][..]),
            ("evm_lanes_intake.js", &["intake/worker.ts", "node/node.worker.ts"]),
        ] {
            assert_eq!(
                text.contains(glue),
                workers.iter().any(|worker| path.ends_with(worker)),
                "{}",
                path.display()
            );
        }
        for forbidden in ["WebAssembly.instantiate", "WebAssembly.Instance"] {
            assert!(!text.contains(forbidden), "{} enters wasm by itself", path.display());
        }
    }
}

#[test]
fn the_geometry_knows_neither_document_nor_engine() {
    for (path, text) in sources("web/src/layout", "ts") {
        for forbidden in ["document.", "window.", "engine/client", "engine/worker", "from \"lit"] {
            assert!(!text.contains(forbidden), "{} names {forbidden}", path.display());
        }
    }
}

#[test]
fn the_page_writes_no_markup_and_evaluates_no_text() {
    for (path, text) in sources("web/src", "ts") {
        for forbidden in [
            ".innerHTML",
            ".outerHTML",
            "insertAdjacentHTML",
            "unsafeHTML",
            "eval(",
            "new Function",
        ] {
            assert!(!text.contains(forbidden), "{} uses {forbidden}", path.display());
        }
    }
}

#[test]
fn wasm_bindgen_and_its_code_generator_have_one_version() {
    let modules = [read("crate/wasm/Cargo.toml"), read("crate/intake/Cargo.toml")];
    let xtask = read("crate/xtask/Cargo.toml");
    let version = |manifest: &str, name: &str| {
        let line = manifest
            .lines()
            .find(|line| line.starts_with(&format!("{name} =")))
            .expect(name)
            .to_owned();
        line[line.find("\"=").expect("it is pinned")..]
            .split('"')
            .nth(1)
            .expect("a version")
            .to_owned()
    };
    for module in modules {
        assert_eq!(version(&module, "wasm-bindgen"), version(&xtask, "wasm-bindgen-cli-support"));
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines below a manifest's heading, to the next heading.
fn section(manifest: &str, heading: &str) -> String {
    manifest
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .collect()
}

/// Every file with this extension below a folder, without its comment lines. There must be some.
fn sources(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = std::fs::read_to_string(&path).expect("it can be read");
                let code =
                    text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n");
                files.push((path, code));
            }
        }
    }
    assert!(!files.is_empty(), "nothing in {folder}");
    files
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("/*") || line.starts_with('*')
}
