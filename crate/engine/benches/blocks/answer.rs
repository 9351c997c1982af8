//! Stock revm on request, so that a bench elsewhere (in a browser) can take turns with it on the same machine.

use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use evm_lanes_engine::block::Block;

use crate::list::{self, Entry};
use crate::measure::{SinceStart, microseconds};

/// For each line with a block's id one line with the microseconds that stock revm takes for it, until there are no more lines.
/// The last block that was asked for is kept, set up and warm.
pub(crate) fn answer(entries: &[Entry]) -> Result<(), String> {
    let never = AtomicBool::new(false);
    let clock = SinceStart(Instant::now());
    let mut lines = stdin().lock().lines().map_while(Result::ok).peekable();
    while let Some(id) = lines.peek().cloned() {
        let entry = entries.iter().find(|entry| entry.id == id);
        let entry = entry.ok_or_else(|| format!("there is no block {id}"))?;
        let scenario = list::read(&entry.prepare()?.text)?;
        let block = Block::prepare(&scenario, &never, &|_| {})
            .map_err(|error| error.to_string())?
            .map_err(|failure| format!("{:?}: {}", failure.at, failure.message))?;
        microseconds(block.time_stock_revm(&clock, &never))?;
        while lines.next_if(|line| *line == id).is_some() {
            let time = microseconds(block.time_stock_revm(&clock, &never))?;
            writeln!(stdout(), "{time}")
                .and_then(|()| stdout().flush())
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
