//! The report: plain, versioned, JSON-compatible data. The downloadable file, the goldens, the worker message and the
//! value wasm returns are this one shape; TypeScript's types are generated from it.
//!
//! 256-bit values and addresses are `0x…` strings, gas and microseconds are numbers. Transactions, accounts and
//! locations are referred to by their index in the lists here.

mod build;
mod codes;
mod comparison;
mod guess;
mod labels;
mod lens;
mod locks;
mod slots;
mod story;
mod tables;
mod timeline;
pub(crate) mod transactions;
mod words;

use serde::{Deserialize, Serialize};

use crate::options::Options;

pub use comparison::{Comparison, ComparisonRow};
pub use story::{
    OpcodeTrace, ReaderRow, SlotWord, Story, Told, VersionRow, VersionState, Versions,
};

pub(crate) use build::{
    Parts, all_locations, build, longest_chain, small, speedup, unit, work_ratio,
};
pub(crate) use labels::Labels;
pub(crate) use words::times;

/// The version of this format.
pub const FORMAT: u32 = 1;

/// Everything there is to say about one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The engine's version.
    pub version: String,
    /// What was run.
    pub scenario: ScenarioSummary,
    /// How it was run, as resolved.
    pub options: Options,
    /// Is it right, and what did it gain?
    pub verdict: Verdict,
    /// What limits any schedule of this block.
    pub bounds: Bounds,
    /// The block, in order.
    pub transactions: Vec<TransactionReport>,
    /// Every address that appears, named ones first.
    pub accounts: Vec<AccountReport>,
    /// Every location that was read or written.
    pub locations: Vec<LocationReport>,
    /// Who depends on whom.
    pub graph: Graph,
    /// Who depends on whom for those who tell less apart.
    pub coarser: Vec<Lens>,
    /// The locations that cost the most, worst first.
    pub hot: Vec<HotLocation>,
    /// What the declared locks ordered, under the strategy `locks`.
    pub locks: Option<LockReport>,
    /// The block access lists (EIP-7928): from Amsterdam on, under the strategy `bal`, and where the scenario has one.
    pub access_lists: Option<AccessLists>,
    /// What each worker did.
    pub timeline: Timeline,
    /// How the speedup grows with workers, once asked for.
    pub curve: Option<Curve>,
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ScenarioSummary {
    /// Its title.
    pub title: String,
    /// Its paragraph.
    pub description: String,
    /// The fork, in lower case: `osaka`.
    pub fork: String,
    /// The fee recipient, as an index into `accounts`.
    pub beneficiary: u32,
    /// The block's gas limit.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas_limit: u64,
    /// The base fee, in wei.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub base_fee: u64,
}

/// The proof and the gain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Parallel equals sequential in everything compared.
    pub equal: bool,
    /// Where it does not, at most 100.
    pub differences: Vec<Difference>,
    /// Block rejected (mode `reject`): index of the first invalid transaction.
    pub rejected_by: Option<u32>,
    /// State root after the sequential run.
    pub sequential_state_root: String,
    /// State root after the parallel run.
    pub parallel_state_root: String,
    /// Unit of the times below and of the bounds.
    pub unit: Unit,
    /// Sequential time: the median of the repeats, or the sum of the costs.
    pub sequential: f64,
    /// Parallel time: the median of the repeats, or the virtual time.
    pub parallel: f64,
    /// `sequential / parallel`; `null` for an empty block, and where the clock is too coarse to have measured either.
    pub speedup: Option<f64>,
    /// The most any schedule that respects the dependencies could reach with this many workers.
    pub speedup_bound: Option<f64>,
    /// Workers that ran.
    pub workers: u32,
    /// Whether they shared no memory and exchanged messages; then that is what was measured, whatever the strategy, and
    /// the timeline has one lane more, of who validates and commits.
    #[serde(default)]
    pub messages: bool,
    /// Attempts begun.
    pub attempts: u32,
    /// Attempts undone.
    pub aborts: u32,
    /// Attempts that stopped at an estimate.
    pub blocked: u32,
    /// Cost of all attempts over the cost of the final ones; 1 means nothing was wasted.
    pub work_ratio: f64,
}

/// One place where parallel and sequential differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What differs: `status`, `gas`, `output`, `logs`, `balance`, `nonce`, `code`, `slot`, `existence`, `stateRoot`,
    /// `accessList`.
    pub what: String,
    /// In which transaction, if in one.
    pub transaction: Option<u32>,
    /// At which account, as an index, if at one.
    pub account: Option<u32>,
    /// At which slot, if at one.
    pub slot: Option<String>,
    /// Sequential says.
    pub sequential: String,
    /// Parallel says.
    pub parallel: String,
}

/// Unit of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Gas.
    Gas,
    /// Microseconds.
    Microseconds,
}

/// What limits any schedule, in the verdict's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Bounds {
    /// The work: every transaction once.
    pub total: f64,
    /// The heaviest chain of dependent transactions.
    pub critical_path: f64,
    /// The heaviest transaction.
    pub longest: f64,
}

/// One transaction, as the sequential run leaves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TransactionReport {
    /// A note from the scenario.
    pub label: Option<String>,
    /// The element it came from: `transactions[3]`.
    pub path: String,
    /// EIP-2718 type.
    pub kind: u8,
    /// Sender, as an index into `accounts`.
    pub from: u32,
    /// Recipient; `null` creates a contract.
    pub to: Option<u32>,
    /// The contract it created.
    pub created: Option<u32>,
    /// Wei, `0x…`.
    pub value: String,
    /// The sender's nonce.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub nonce: u64,
    /// The most gas it may use.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas_limit: u64,
    /// The call data, `0x…`.
    pub data: String,
    /// The call in words, if the ABI is known.
    pub call: Option<String>,
    /// How it ended.
    pub status: Status,
    /// Why, if not well: the revert reason, the halt, or what made it invalid.
    pub reason: Option<String>,
    /// What it used.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas_used: u64,
    /// What it returned, `0x…`.
    pub output: String,
    /// What it logged.
    pub logs: Vec<LogReport>,
    /// Sequential time, if there was a clock.
    pub microseconds: Option<f64>,
    /// What it read, in order.
    pub reads: Vec<ReadReport>,
    /// What it wrote.
    pub writes: Vec<WriteReport>,
    /// Length in transactions of the longest chain that ends here, from 0.
    pub level: u32,
    /// Its connected component.
    pub component: u32,
    /// Attempts it took in the parallel run.
    pub attempts: u32,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// It succeeded.
    Success,
    /// It reverted.
    Revert,
    /// It ran into an exceptional halt (out of gas, invalid opcode, …).
    Halt,
    /// It could not be included.
    Invalid,
}

/// One log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LogReport {
    /// Who logged it, as an index into `accounts`.
    pub account: u32,
    /// Topics, `0x…`.
    pub topics: Vec<String>,
    /// Data, `0x…`.
    pub data: String,
    /// The event in words, if the ABI is known.
    pub event: Option<String>,
}

/// One read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ReadReport {
    /// Where, as an index into `locations`.
    pub location: u32,
    /// What.
    pub value: String,
    /// The transaction that wrote it last; `null` if it stood there before the block.
    pub from: Option<u32>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WriteReport {
    /// Where, as an index into `locations`.
    pub location: u32,
    /// The new value, or what was added.
    pub value: String,
    /// `true` if `value` was added without reading.
    pub added: bool,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccountReport {
    /// `0x…`, checksummed.
    pub address: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The bundled contract at it.
    pub contract: Option<String>,
    /// Balance before the block, `0x…`.
    pub balance_before: String,
    /// Balance after it.
    pub balance_after: String,
    /// Nonce before.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub nonce_before: u64,
    /// Nonce after.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub nonce_after: u64,
}

/// One location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LocationReport {
    /// What kind of thing it is.
    pub kind: LocationKind,
    /// Whose, as an index into `accounts`.
    pub account: u32,
    /// Which slot, `0x…`, for slots.
    pub slot: Option<String>,
    /// In words: `bob balance`, `token.balanceOf[alice]`, `pool slot 0x3`.
    pub label: String,
}

/// Kinds of location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum LocationKind {
    /// An account's balance.
    Balance,
    /// An account's nonce.
    Nonce,
    /// An account's code.
    Code,
    /// Whether an account exists, and since when: creation and destruction mask older slots.
    Life,
    /// A storage slot.
    Slot,
    /// The gas that earlier transactions used; read only where a transaction might not fit into the block. Its
    /// `account` is the fee recipient's.
    BlockGas,
}

/// The true dependency graph, from the sequential run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// Read after write: `to` read what `from` wrote. The only ones that order an execution.
    pub edges: Vec<Edge>,
    /// Write after write.
    pub write_after_write: Vec<Edge>,
    /// Write after read.
    pub write_after_read: Vec<Edge>,
    /// How many levels.
    pub levels: u32,
    /// How many connected components (of `edges`).
    pub components: u32,
    /// The heaviest chain by gas.
    pub critical_path_gas: CriticalPath,
    /// The heaviest chain by measured time, if there was a clock.
    pub critical_path_time: Option<CriticalPath>,
}

/// What is told apart where conflicts are looked for. Nothing is executed otherwise: a coarser one only finds more
/// conflicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Granularity {
    /// Whole accounts: who reads anything of one needs whoever wrote anything of it. Only a payment to somebody of whom the
    /// transaction reads nothing, its fee, is still an addition.
    Account,
    /// Slots, balances, nonces; what is added to is read and written, but for fees.
    Slot,
    /// The same, with the run's additions: the report's own [`Graph`].
    SlotWithDeltas,
}

/// The dependency graph at a coarser granularity than the run's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Lens {
    /// Which. [`Granularity::Slot`] is left out where additions make no difference.
    pub granularity: Granularity,
    /// The graph. Under [`Granularity::Account`] its edges' locations, and those of `hot`, are indices into `accounts`.
    pub graph: Graph,
    /// For each transaction the length of the longest chain that ends at it, from 0.
    pub level: Vec<u32>,
    /// For each transaction its connected component.
    pub component: Vec<u32>,
    /// What costs the most.
    pub hot: Vec<HotLocation>,
    /// The most that any schedule which respects these dependencies could reach with the run's workers.
    pub speedup_bound: Option<f64>,
}

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// The earlier transaction.
    pub from: u32,
    /// The later one.
    pub to: u32,
    /// Where, as indices into `locations`.
    pub locations: Vec<u32>,
}

/// A heaviest chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CriticalPath {
    /// Its weight, in gas or microseconds.
    pub weight: f64,
    /// The weight of all transactions.
    pub total: f64,
    /// Its transactions, in order.
    pub transactions: Vec<u32>,
}

/// A location that costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HotLocation {
    /// Which, as an index into `locations`.
    pub location: u32,
    /// Transactions that read it.
    pub readers: u32,
    /// Transactions that wrote it.
    pub writers: u32,
    /// Read-after-write edges through it.
    pub edges: u32,
    /// Gas by which the critical path would be shorter without those edges.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub cost_gas: u64,
    /// Aborts it caused in this run.
    pub aborts: u32,
}

/// What the declared locks ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LockReport {
    /// Pairs of transactions of which the later one waited for a lock that the earlier one held.
    pub pairs: u32,
    /// Those of them between which there is no chain of dependencies: what locking cost in parallelism.
    pub needless: u32,
    /// The first 100 of these.
    pub listed: Vec<NeedlessLock>,
}

/// The block access lists that were built. They hold the block's transactions: a scenario has no system calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessLists {
    /// Hash of stock revm's.
    pub sequential: String,
    /// Hash of the one that the parallel run made; it is one of the verdict's differences if it is another.
    pub parallel: String,
    /// The list from which `bal` knew its values was built by executing the block first, so the speedup is no engine's.
    pub from_execution: bool,
    /// Where the scenario's own list says something else than what the block does, in words; at most 100. What comes of
    /// the run is right all the same.
    pub wrong: Vec<String>,
}

/// Two transactions that locks put in an order nobody needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NeedlessLock {
    /// The earlier transaction.
    pub from: u32,
    /// The later one.
    pub to: u32,
    /// What both locked, in words: an account, `token storage`, `token.balanceOf[alice]`.
    pub locks: Vec<String>,
}

/// What each worker did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Timeline {
    /// Unit of the times.
    pub unit: Unit,
    /// Lanes.
    pub workers: u32,
    /// From the first start to the last end, in the traced run.
    pub duration: f64,
    /// What happened, ordered by end time.
    pub events: Events,
    /// Why attempts were aborted; `events.cause` points here.
    pub causes: Vec<AbortCause>,
}

/// Events as columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Events {
    /// 0 executed, 1 blocked, 2 validated, 3 aborted, 4 committed.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub kind: Vec<u8>,
    /// Which worker.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub worker: Vec<u32>,
    /// Which transaction.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub transaction: Vec<u32>,
    /// Which attempt of it, from 0.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub incarnation: Vec<u32>,
    /// When it began.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub start: Vec<f64>,
    /// When it ended.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub end: Vec<f64>,
    /// For an abort its index in `causes`, for a block the transaction waited for, else -1.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayLike<number>"))]
    pub cause: Vec<i32>,
}

/// Why an attempt was aborted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AbortCause {
    /// The aborted transaction.
    pub victim: u32,
    /// The transaction that wrote since; `null` where a write vanished.
    pub by: Option<u32>,
    /// Where, as an index into `locations`.
    pub location: u32,
    /// The transaction the value had been read from; `null` for the state before the block.
    pub read_from: Option<u32>,
    /// What had been read.
    pub read: String,
    /// What stands there now; `null` where it is about to be written again.
    pub now: Option<String>,
    /// All of this in one sentence.
    pub sentence: String,
}

/// How the speedup grows with workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Curve {
    /// In virtual time, with the report's cost, seed and strategy.
    pub points: Vec<CurvePoint>,
}

/// One point of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Workers.
    pub workers: u32,
    /// Speedup in virtual time.
    pub speedup: f64,
    /// The bound at this many workers.
    pub bound: f64,
    /// Aborts.
    pub aborts: u32,
}

/// One row of the table of transactions before anything has run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TransactionRow {
    /// The element it came from: `transactions[3]`.
    pub path: String,
    /// A note from the scenario.
    pub label: Option<String>,
    /// Sender: name, or short address.
    pub from: String,
    /// Recipient: name, or short address; `null` creates a contract.
    pub to: Option<String>,
    /// The call in words, or the first bytes of the data, or empty.
    pub call: String,
    /// Wei, `0x…`.
    pub value: String,
    /// The most gas it may use.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub gas_limit: u64,
}

/// What a check of a scenario's text finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// Every problem, in order of position.
    pub diagnostics: Vec<crate::diagnostic::Diagnostic>,
    /// The title, if the text could be read.
    pub title: Option<String>,
    /// The description, likewise.
    pub description: Option<String>,
    /// The block; empty if there is an error.
    pub rows: Vec<TransactionRow>,
}
