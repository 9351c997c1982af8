//! Steps that run only when something they depend on has changed.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Runs `step` unless it last succeeded with the same `inputs` (files, or folders with all that is in them), the same
/// `version` of how it is done, and its `output` is still there.
pub(crate) fn when_changed(
    name: &str,
    inputs: &[&Path],
    version: &str,
    output: &Path,
    step: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stamp = crate::command::target().join("xtask").join(name);
    let now = fingerprint(inputs, version)?;
    if output.exists() && std::fs::read_to_string(&stamp).is_ok_and(|last| last == now) {
        return Ok(());
    }
    // A step that fails half-way must run again.
    let _ = std::fs::remove_file(&stamp);
    step()?;
    std::fs::create_dir_all(stamp.parent().expect("it is in a folder"))?;
    std::fs::write(stamp, now)?;
    Ok(())
}

/// Contents count, times do not: a checkout changes only the times.
fn fingerprint(inputs: &[&Path], version: &str) -> anyhow::Result<String> {
    let mut files = BTreeSet::new();
    for input in inputs {
        collect(input, &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        if path.exists() {
            files.insert(path.to_owned());
        }
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if !matches!(entry.file_name().to_str(), Some("node_modules" | "dist" | "results")) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_runs_again_only_after_a_change_or_a_failure() {
        let folder =
            std::env::temp_dir().join(format!("evm-lanes-fingerprint-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (input, output) = (folder.join("in"), folder.join("out"));
        std::fs::write(&input, "1").unwrap();
        std::fs::write(&output, "").unwrap();
        // An absolute name, so that the note lies there too and not in the tree.
        let name = folder.join("note").display().to_string();
        let mut runs = 0;
        let mut step = |version: &str, fails: bool| {
            let result = when_changed(&name, &[&input], version, &output, || {
                runs += 1;
                if fails { anyhow::bail!("failed") } else { Ok(()) }
            });
            assert_eq!(result.is_err() && fails, result.is_err());
            runs
        };
        assert_eq!(step("a", false), 1);
        assert_eq!(step("a", false), 1);
        assert_eq!(step("b", true), 2);
        assert_eq!(step("b", false), 3);
        std::fs::write(&input, "2").unwrap();
        assert_eq!(step("b", false), 4);
        std::fs::remove_file(&output).unwrap();
        assert_eq!(step("b", false), 5);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
