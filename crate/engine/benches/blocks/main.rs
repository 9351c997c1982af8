//! How long blocks take, under every strategy and with several numbers of workers, natively.
//!
//! ```text
//! cargo bench -p evm-lanes-engine --bench blocks -- [--quick] [--only TEXT,TEXT] [--strategies block-stm,dag]
//!     [--workers 1,2] [--deltas none] [--rounds N] [--json FILE] [--write FOLDER | --answer]
//! ```
//!
//! A ratio is taken within a round, of the sequential baseline and a parallel run: on a machine that does other things as
//! well, neighbours in time are what can be compared. The blocks are those of `tests/bench/workloads.json`, and the real
//! ones of the folder that `EVM_LANES_CORPUS` names. With `--write` nothing is measured, but the blocks are written as
//! scenarios, for the bench in the browser; with `--answer` that bench can ask how long stock revm takes here.

mod answer;
mod arguments;
mod interleaved;
mod list;
mod measure;
mod real;
mod uniswap;
mod write;

use std::process::ExitCode;

use arguments::Arguments;
use measure::Total;

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)).and_then(|arguments| bench(&arguments)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn bench(arguments: &Arguments) -> Result<ExitCode, String> {
    let (entries, mut left_out) = list::all()?;
    let all = entries.len();
    let entries: Vec<_> = entries.into_iter().filter(|entry| arguments.wants(entry)).collect();
    if entries.len() < all {
        left_out.push(("blocks", format!("{} of {all} are measured", entries.len())));
    }
    for (what, why) in &left_out {
        eprintln!("left out: {what}: {why}");
    }
    if let Some(folder) = &arguments.write {
        write::scenarios(&entries, folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.answer {
        answer::answer(&entries)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} cores, medians of {} rounds", arguments::cores(), arguments.rounds);
    let mut failed = false;
    let mut measurements = Vec::new();
    let mut total = Total::default();
    for entry in &entries {
        match measure::measure(entry, arguments) {
            Ok(measurement) => {
                println!("{measurement}");
                if entry.is_real() {
                    total.add(&measurement);
                }
                measurements.push(measurement);
            }
            Err(message) => {
                eprintln!("{}: {message}", entry.id);
                failed = true;
            }
        }
    }
    if let Some(total) = total.measurement() {
        println!("{total}");
        measurements.push(total);
    }
    if let Some(path) = &arguments.json {
        write::json(&measurements, path)?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
