//! Printing: colour only where a terminal shows it and the user wants it (`NO_COLOR`), and no panic when the reader has
//! gone away.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

/// To standard output.
pub(crate) fn print(text: &str) {
    give_up_quietly(anstream::stdout().lock().write_all(text.as_bytes()));
}

/// To standard error.
pub(crate) fn complain(text: &str) {
    give_up_quietly(anstream::stderr().lock().write_all(text.as_bytes()));
}

/// A remark to whoever sits at the terminal.
pub(crate) fn note(text: &str) {
    complain(&format!("evm-lanes: {text}\n"));
}

/// Replaces the last line of progress, where a terminal shows it.
pub(crate) fn progress(text: &str) {
    if io::stderr().is_terminal() {
        complain(&format!("\r{text}"));
    }
}

/// Clears the line of progress.
pub(crate) fn progress_ends() {
    progress(&format!("{:40}\r", ""));
}

/// One JSON document to standard output.
pub(crate) fn print_json(value: &impl Serialize) {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from);
    give_up_quietly(written.and_then(|()| writeln!(out)).and_then(|()| out.flush()));
}

/// The text of others without the characters that could command a terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// `evm-lanes … | head` closes the pipe early. That is no failure of ours, and there is nobody left to tell.
fn give_up_quietly(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = writeln!(io::stderr(), "evm-lanes: cannot write: {error}");
    }
}
