//! Running programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).join("../..")
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// The native cargo: the one that runs this.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    // These describe the package that is running now, and would be taken for the one that is built.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"]
    {
        command.env_remove(name);
    }
    command
}

/// A program's path, if it is installed.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// What the tasks do with a command.
pub(crate) trait Run {
    /// Runs it with its output on the screen; an exit code other than 0 is an error.
    fn run(&mut self) -> anyhow::Result<()>;
    /// Runs it and returns what it wrote to its standard output.
    fn read(&mut self) -> anyhow::Result<String>;
    /// Runs it with its output on the screen, and returns all of that, and whether it succeeded.
    fn tee(&mut self) -> anyhow::Result<(String, bool)>;
    /// Runs it quietly. It must write `sign` within `first`, and be finished within `all`; else it is ended.
    fn within(&mut self, sign: &str, first: Duration, all: Duration) -> anyhow::Result<()>;
}

impl Run for Command {
    fn run(&mut self) -> anyhow::Result<()> {
        let status = self.status().with_context(|| format!("cannot start {}", words(self)))?;
        if !status.success() {
            bail!("{} failed ({status})", words(self));
        }
        Ok(())
    }

    fn read(&mut self) -> anyhow::Result<String> {
        let output = self
            .stderr(Stdio::null())
            .output()
            .with_context(|| format!("cannot start {}", words(self)))?;
        if !output.status.success() {
            bail!("{} failed ({})", words(self), output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn tee(&mut self) -> anyhow::Result<(String, bool)> {
        let mut child = self
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", words(self)))?;
        let mut text = String::new();
        for line in lines(child.stdout.take()) {
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
        Ok((text, child.wait()?.success()))
    }

    fn within(&mut self, sign: &str, first: Duration, all: Duration) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut child = self
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", words(self)))?;
        let (sender, received) = mpsc::channel();
        let stderr = child.stderr.take();
        std::thread::spawn(move || lines(stderr).for_each(|line| drop(sender.send(line))));
        let (mut limit, mut last) = (first, String::new());
        loop {
            match received.recv_timeout(limit.saturating_sub(started.elapsed())) {
                Ok(line) => {
                    if line.contains(sign) {
                        limit = all;
                    }
                    last = line;
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    child.kill()?;
                    child.wait()?;
                    bail!("{}: no answer within {} s", words(self), limit.as_secs());
                }
            }
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("{}: {last}", words(self));
        }
        Ok(())
    }
}

/// The command as one would type it, cut to a line.
fn words(command: &Command) -> String {
    let mut words = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}

fn lines(stream: Option<impl std::io::Read>) -> impl Iterator<Item = String> {
    use std::io::{BufRead, BufReader};
    stream.into_iter().flat_map(|stream| BufReader::new(stream).lines().map_while(Result::ok))
}
