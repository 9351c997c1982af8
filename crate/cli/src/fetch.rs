//! `evm-lanes fetch`: a block from a node.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use evm_lanes_fetch::{Fetch, Limits, Problem, Progress, Stage, Taken, Wanted, Which};

use crate::commands::{End, complain};
use crate::numbers::{count, grouped};
use crate::{http, output, surroundings};

/// The most transactions that differ told in full.
const MOST_DIFFERENT: usize = 50;

#[derive(Debug, Args)]
pub(crate) struct FetchArguments {
    /// The node's address: http://localhost:8545, https://….
    #[arg(long, value_name = "URL")]
    rpc: String,
    /// Which block: its number, its hash, or latest.
    #[arg(long, value_name = "N", required_unless_present = "transactions")]
    block: Option<String>,
    /// Only these transactions, by their hashes; all of one block.
    #[arg(long, value_name = "HASH,…", value_delimiter = ',')]
    transactions: Vec<String>,
    /// Where the scenario goes [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The chain id that the node must have.
    #[arg(long, value_name = "ID")]
    chain_id: Option<u64>,
    /// The rules in force [default: found out from the header, the chain and the node].
    #[arg(long, value_name = "NAME")]
    fork: Option<String>,
    /// How long to wait for one answer, in seconds.
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// The most requests.
    #[arg(long, value_name = "N", default_value_t = Limits::default().requests)]
    max_requests: u64,
    /// The most megabytes of answers.
    #[arg(long, value_name = "N", default_value_t = Limits::default().bytes >> 20, value_parser = clap::value_parser!(u64).range(1..=4096))]
    max_megabytes: u64,
    /// The most accounts.
    #[arg(long, value_name = "N", default_value_t = Limits::default().accounts)]
    max_accounts: usize,
    /// How often something is tried again, with growing pauses.
    #[arg(long, value_name = "N", default_value_t = Limits::default().retries)]
    retries: u32,
    /// Print the comparison with the receipts as JSON, with the scenario in it unless it goes to a file.
    #[arg(long)]
    json: bool,
}

pub(crate) fn fetch(arguments: &FetchArguments) -> End {
    let cancel = match surroundings::cancel() {
        Ok(cancel) => cancel,
        Err(error) => return complain(End::Failed, &format!("no handler for Ctrl-C: {error}")),
    };
    let timeout = Duration::from_secs(arguments.timeout);
    let fetch = Fetch::new(arguments.wanted());
    let taken = http::drive(fetch, &arguments.rpc, timeout, cancel, &show);
    output::progress_ends();
    let mut taken = match taken {
        Ok(taken) => taken,
        Err(problem) => {
            let end = match problem {
                Problem::Cancelled => End::Cancelled,
                Problem::Usage(_) => End::Usage,
                _ => End::Failed,
            };
            return complain(end, &problem.to_string());
        }
    };
    if let Some(file) = &arguments.output {
        if let Err(error) = std::fs::write(file, &taken.scenario) {
            return complain(End::Usage, &format!("cannot write {}: {error}", file.display()));
        }
        taken.scenario = String::new();
    }
    output::complain(&render(&taken));
    if arguments.json {
        output::print_json(&taken);
    } else if !taken.scenario.is_empty() {
        output::print(&format!("{}\n", taken.scenario));
    }
    if taken.agrees() { End::Well } else { End::Differs }
}

impl FetchArguments {
    fn wanted(&self) -> Wanted {
        let which = match (&self.block, self.transactions.as_slice()) {
            (Some(block), []) => Which::Block(block.clone()),
            (block, hashes) => Which::Transactions(hashes.to_vec(), block.clone()),
        };
        let limits = Limits {
            requests: self.max_requests,
            bytes: self.max_megabytes << 20,
            accounts: self.max_accounts,
            retries: self.retries,
        };
        Wanted { which, chain_id: self.chain_id, fork: self.fork.clone(), limits }
    }
}

fn show(progress: Progress) {
    let stage = match progress.stage {
        Stage::Chain => "the chain",
        Stage::Block => "the block",
        Stage::Receipts => "its receipts",
        Stage::Trace => "what its transactions found",
        Stage::State => "its state",
    };
    let Progress { requests, accounts, slots, .. } = progress;
    output::progress(&format!(
        "{stage}: {requests} requests, {accounts} accounts, {slots} slots  "
    ));
}

/// For people.
fn render(taken: &Taken) -> String {
    let mut text = String::new();
    let how = if taken.traced { "the node's tracer" } else { "look-ups" };
    let _ = writeln!(
        text,
        "Block {} of chain {} ({}): {}, state from {how}, {} in {}",
        taken.block,
        taken.chain_id,
        taken.fork,
        count(taken.compared.len(), "transaction"),
        grouped(taken.progress.bytes) + " bytes",
        grouped(taken.progress.requests) + " requests",
    );
    for note in &taken.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let different: Vec<_> =
        taken.compared.iter().enumerate().filter(|(_, one)| !one.differences.is_empty()).collect();
    if different.is_empty() {
        text.push_str("Gas and status of every transaction are those of its receipt.\n");
        return text;
    }
    let _ = writeln!(
        text,
        "{} of {} differ from their receipts:",
        different.len(),
        taken.compared.len()
    );
    for (index, one) in different.iter().take(MOST_DIFFERENT) {
        for difference in &one.differences {
            let _ = writeln!(
                text,
                "  #{index} {}: {} {}, the receipt says {}",
                one.hash, difference.what, difference.scenario, difference.receipt
            );
        }
    }
    if different.len() > MOST_DIFFERENT {
        let _ = writeln!(text, "  … and {} more", different.len() - MOST_DIFFERENT);
    }
    text
}
