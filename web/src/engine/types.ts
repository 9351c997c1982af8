// Generated from crate/engine by tests/tests/types.rs. Do not edit.

/** The version of the report's format. */
export const FORMAT = 1;

/** The most workers that can be asked for. */
export const MAX_WORKERS = 64;

/**
 * Why an attempt was aborted.
 */
export type AbortCause = { 
/**
 * The aborted transaction.
 */
victim: number, 
/**
 * The transaction that wrote since; `null` where a write vanished.
 */
by: number | null, 
/**
 * Where, as an index into `locations`.
 */
location: number, 
/**
 * The transaction the value had been read from; `null` for the state before the block.
 */
readFrom: number | null, 
/**
 * What had been read.
 */
read: string, 
/**
 * What stands there now; `null` where it is about to be written again.
 */
now: string | null, 
/**
 * All of this in one sentence.
 */
sentence: string, };

/**
 * The block access lists that were built. They hold the block's transactions: a scenario has no system calls.
 */
export type AccessLists = { 
/**
 * Hash of stock revm's.
 */
sequential: string, 
/**
 * Hash of the one that the parallel run made; it is one of the verdict's differences if it is another.
 */
parallel: string, 
/**
 * The list from which `bal` knew its values was built by executing the block first, so the speedup is no engine's.
 */
fromExecution: boolean, 
/**
 * Where the scenario's own list says something else than what the block does, in words; at most 100. What comes of
 * the run is right all the same.
 */
wrong: Array<string>, };

/**
 * One address.
 */
export type AccountReport = { 
/**
 * `0x…`, checksummed.
 */
address: string, 
/**
 * Its name, if it has one.
 */
name: string | null, 
/**
 * The bundled contract at it.
 */
contract: string | null, 
/**
 * Balance before the block, `0x…`.
 */
balanceBefore: string, 
/**
 * Balance after it.
 */
balanceAfter: string, 
/**
 * Nonce before.
 */
nonceBefore: number, 
/**
 * Nonce after.
 */
nonceAfter: number, };

/**
 * What limits any schedule, in the verdict's unit.
 */
export type Bounds = { 
/**
 * The work: every transaction once.
 */
total: number, 
/**
 * The heaviest chain of dependent transactions.
 */
criticalPath: number, 
/**
 * The heaviest transaction.
 */
longest: number, };

/**
 * One thing that is different. Transactions go by their place in the scenario's block, locations by their labels in the
 * report; of several changes at one location the last counts.
 */
export type Change = { "kind": "drop", 
/**
 * Which.
 */
transaction: number, } | { "kind": "move", 
/**
 * Which.
 */
transaction: number, 
/**
 * Its place then, counted from 0 in the block as it is without it.
 */
to: number, } | { "kind": "split", 
/**
 * Its label.
 */
location: string, } | { "kind": "commute", 
/**
 * Its label: a balance's or a slot's.
 */
location: string, };

/**
 * What a check of a scenario's text finds.
 */
export type Checked = { 
/**
 * Every problem, in order of position.
 */
diagnostics: Array<Diagnostic>, 
/**
 * The title, if the text could be read.
 */
title: string | null, 
/**
 * The description, likewise.
 */
description: string | null, 
/**
 * The block; empty if there is an error.
 */
rows: Array<TransactionRow>, };

/**
 * Which clock times are from.
 */
export type ClockId = "measured" | "virtual";

/**
 * One block under every strategy.
 */
export type Comparison = { 
/**
 * [`FORMAT`](super::FORMAT).
 */
format: number, 
/**
 * The scenario's title.
 */
title: string, 
/**
 * How many transactions there are.
 */
transactions: number, 
/**
 * How it was run; the strategy in them plays no part.
 */
options: Options, 
/**
 * Unit of the times.
 */
unit: Unit, 
/**
 * Sequential time, with which every row is compared: the median of the repeats, or the sum of the costs.
 */
sequential: number, 
/**
 * One for each strategy, in the order of their list.
 */
rows: Array<ComparisonRow>, };

/**
 * What one strategy made of the block.
 */
export type ComparisonRow = { 
/**
 * Which.
 */
strategy: StrategyId, 
/**
 * Workers that ran.
 */
workers: number, 
/**
 * Its time: the median of the repeats, or the virtual time.
 */
time: number, 
/**
 * Sequential time over its time; `null` for an empty block, and where the clock is too coarse to have measured either.
 */
speedup: number | null, 
/**
 * The most any schedule could reach with this many workers that knows no more than this strategy does.
 */
speedupBound: number | null, 
/**
 * Attempts begun.
 */
attempts: number, 
/**
 * Attempts undone.
 */
aborts: number, 
/**
 * Attempts that stopped at an estimate.
 */
blocked: number, 
/**
 * Cost of all attempts over the cost of the final ones; 1 means nothing was wasted.
 */
workRatio: number, 
/**
 * It gave what the sequential run gives: receipts, state, and the access list if it has made one.
 */
equal: boolean, 
/**
 * In how many places it did not, as far as they were counted.
 */
differences: number, 
/**
 * The first of them, in words.
 */
firstDifference: string | null, 
/**
 * What it knows beforehand comes from executing the block: it shows what could be reached, and is not an engine's
 * speedup.
 */
oracle: boolean, 
/**
 * The option `hints` makes a difference to it.
 */
heedsHints: boolean, };

/**
 * What one transaction costs in virtual time.
 */
export type CostId = "gas" | "time";

/**
 * A heaviest chain.
 */
export type CriticalPath = { 
/**
 * Its weight, in gas or microseconds.
 */
weight: number, 
/**
 * The weight of all transactions.
 */
total: number, 
/**
 * Its transactions, in order.
 */
transactions: Array<number>, };

/**
 * How the speedup grows with workers.
 */
export type Curve = { 
/**
 * In virtual time, with the report's cost, seed and strategy.
 */
points: Array<CurvePoint>, };

/**
 * One point of a curve.
 */
export type CurvePoint = { 
/**
 * Workers.
 */
workers: number, 
/**
 * Speedup in virtual time.
 */
speedup: number, 
/**
 * The bound at this many workers.
 */
bound: number, 
/**
 * Aborts.
 */
aborts: number, };

/**
 * Which updates are treated as commutative additions.
 */
export type DeltaId = "none" | "fees" | "balances" | "storage";

/**
 * One problem in a scenario's text.
 */
export type Diagnostic = { 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * Line of the first character, from 1.
 */
line: number, 
/**
 * Column of the first character in UTF-16 code units, from 1.
 */
column: number, 
/**
 * Line of the end.
 */
endLine: number, 
/**
 * Column just after the last character.
 */
endColumn: number, 
/**
 * Where in the document: `transactions[3].value`.
 */
path: string, 
/**
 * What is wrong, one sentence.
 */
message: string, 
/**
 * What to do about it.
 */
hint: string | null, };

/**
 * One place where parallel and sequential differ.
 */
export type Difference = { 
/**
 * What differs: `status`, `gas`, `output`, `logs`, `balance`, `nonce`, `code`, `slot`, `existence`, `stateRoot`,
 * `accessList`.
 */
what: string, 
/**
 * In which transaction, if in one.
 */
transaction: number | null, 
/**
 * At which account, as an index, if at one.
 */
account: number | null, 
/**
 * At which slot, if at one.
 */
slot: string | null, 
/**
 * Sequential says.
 */
sequential: string, 
/**
 * Parallel says.
 */
parallel: string, };

/**
 * One dependency.
 */
export type Edge = { 
/**
 * The earlier transaction.
 */
from: number, 
/**
 * The later one.
 */
to: number, 
/**
 * Where, as indices into `locations`.
 */
locations: Array<number>, };

/**
 * Events as columns of one length.
 */
export type Events = { 
/**
 * 0 executed, 1 blocked, 2 validated, 3 aborted, 4 committed.
 */
kind: ArrayLike<number>, 
/**
 * Which worker.
 */
worker: ArrayLike<number>, 
/**
 * Which transaction.
 */
transaction: ArrayLike<number>, 
/**
 * Which attempt of it, from 0.
 */
incarnation: ArrayLike<number>, 
/**
 * When it began.
 */
start: ArrayLike<number>, 
/**
 * When it ended.
 */
end: ArrayLike<number>, 
/**
 * For an abort its index in `causes`, for a block the transaction waited for, else -1.
 */
cause: ArrayLike<number>, };

/**
 * What is told apart where conflicts are looked for. Nothing is executed otherwise: a coarser one only finds more
 * conflicts.
 */
export type Granularity = "account" | "slot" | "slotWithDeltas";

/**
 * The true dependency graph, from the sequential run.
 */
export type Graph = { 
/**
 * Read after write: `to` read what `from` wrote. The only ones that order an execution.
 */
edges: Array<Edge>, 
/**
 * Write after write.
 */
writeAfterWrite: Array<Edge>, 
/**
 * Write after read.
 */
writeAfterRead: Array<Edge>, 
/**
 * How many levels.
 */
levels: number, 
/**
 * How many connected components (of `edges`).
 */
components: number, 
/**
 * The heaviest chain by gas.
 */
criticalPathGas: CriticalPath, 
/**
 * The heaviest chain by measured time, if there was a clock.
 */
criticalPathTime: CriticalPath | null, };

/**
 * What the scheduler is told beforehand.
 */
export type HintId = "none" | "senders";

/**
 * A location that costs.
 */
export type HotLocation = { 
/**
 * Which, as an index into `locations`.
 */
location: number, 
/**
 * Transactions that read it.
 */
readers: number, 
/**
 * Transactions that wrote it.
 */
writers: number, 
/**
 * Read-after-write edges through it.
 */
edges: number, 
/**
 * Gas by which the critical path would be shorter without those edges.
 */
costGas: number, 
/**
 * Aborts it caused in this run.
 */
aborts: number, };

/**
 * The dependency graph at a coarser granularity than the run's.
 */
export type Lens = { 
/**
 * Which. [`Granularity::Slot`] is left out where additions make no difference.
 */
granularity: Granularity, 
/**
 * The graph. Under [`Granularity::Account`] its edges' locations, and those of `hot`, are indices into `accounts`.
 */
graph: Graph, 
/**
 * For each transaction the length of the longest chain that ends at it, from 0.
 */
level: Array<number>, 
/**
 * For each transaction its connected component.
 */
component: Array<number>, 
/**
 * What costs the most.
 */
hot: Array<HotLocation>, 
/**
 * The most that any schedule which respects these dependencies could reach with the run's workers.
 */
speedupBound: number | null, };

/**
 * What one location costs: how the block would stand if every transaction had its own copy of it.
 */
export type LocationCost = { 
/**
 * Its label.
 */
label: string, 
/**
 * Transactions that read it.
 */
readers: number, 
/**
 * Transactions that write it.
 */
writers: number, 
/**
 * Whether it can be made commutative.
 */
commutes: boolean, 
/**
 * Without it.
 */
free: Standing, 
/**
 * By how much the block would be faster.
 */
factor: number, 
/**
 * In a sentence: `totalSupply of token costs this block 2.1×`.
 */
sentence: string, };

/**
 * Kinds of location.
 */
export type LocationKind = "balance" | "nonce" | "code" | "life" | "slot" | "blockGas";

/**
 * One location.
 */
export type LocationReport = { 
/**
 * What kind of thing it is.
 */
kind: LocationKind, 
/**
 * Whose, as an index into `accounts`.
 */
account: number, 
/**
 * Which slot, `0x…`, for slots.
 */
slot: string | null, 
/**
 * In words: `bob balance`, `token.balanceOf[alice]`, `pool slot 0x3`.
 */
label: string, };

/**
 * What the declared locks ordered.
 */
export type LockReport = { 
/**
 * Pairs of transactions of which the later one waited for a lock that the earlier one held.
 */
pairs: number, 
/**
 * Those of them between which there is no chain of dependencies: what locking cost in parallelism.
 */
needless: number, 
/**
 * The first 100 of these.
 */
listed: Array<NeedlessLock>, };

/**
 * One log.
 */
export type LogReport = { 
/**
 * Who logged it, as an index into `accounts`.
 */
account: number, 
/**
 * Topics, `0x…`.
 */
topics: Array<string>, 
/**
 * Data, `0x…`.
 */
data: string, 
/**
 * The event in words, if the ABI is known.
 */
event: string | null, };

/**
 * Two transactions that locks put in an order nobody needed.
 */
export type NeedlessLock = { 
/**
 * The earlier transaction.
 */
from: number, 
/**
 * The later one.
 */
to: number, 
/**
 * What both locked, in words: an account, `token storage`, `token.balanceOf[alice]`.
 */
locks: Array<string>, };

/**
 * The instructions of one attempt, of many those around one, and what there was before that one ran.
 */
export type OpcodeTrace = { 
/**
 * How many instructions the attempt runs.
 */
total: number, 
/**
 * Gas that the transaction uses.
 */
gasUsed: number, 
/**
 * Which instruction the first in the columns is, from 0.
 */
first: number, 
/**
 * Places in the code.
 */
counter: Array<number>, 
/**
 * Their bytes.
 */
opcode: Array<number>, 
/**
 * Gas that the frame has left before each.
 */
gas: number[], 
/**
 * Calls around each.
 */
depth: Array<number>, 
/**
 * Before which instruction the rest is.
 */
at: number, 
/**
 * Whose storage it uses, `0x…`.
 */
account: string, 
/**
 * The stack, its top first; of a high one only so much.
 */
stack: Array<string>, 
/**
 * How high the stack is.
 */
height: number, 
/**
 * The memory of its frame, `0x…`; of a large one only the beginning.
 */
memory: string, 
/**
 * How many bytes that memory has.
 */
memorySize: number, 
/**
 * What the instructions before it have found or left in storage, each slot once; of many only some. What was reverted
 * is among it.
 */
storage: Array<SlotWord>, };

/**
 * How to run a scenario. Everything has a default.
 */
export type Options = { 
/**
 * How parallelism is found.
 */
strategy: StrategyId, 
/**
 * How many workers, 1 to [`MAX_WORKERS`]. On the measured clock the executor may have fewer; the report says how many ran.
 */
workers: number, 
/**
 * Which clock times are from.
 */
clock: ClockId, 
/**
 * What one transaction costs in virtual time.
 */
cost: CostId, 
/**
 * Seed of the virtual schedule, below 2⁵³.
 */
seed: number, 
/**
 * Which updates are treated as commutative additions.
 */
deltas: DeltaId, 
/**
 * What the scheduler is told beforehand.
 */
hints: HintId, 
/**
 * Timed repetitions on the measured clock, 1 to 100; the median counts.
 */
repeats: number, };

/**
 * One read.
 */
export type ReadReport = { 
/**
 * Where, as an index into `locations`.
 */
location: number, 
/**
 * What.
 */
value: string, 
/**
 * The transaction that wrote it last; `null` if it stood there before the block.
 */
from: number | null, };

/**
 * One who has read a version.
 */
export type ReaderRow = { 
/**
 * Which transaction.
 */
transaction: number, 
/**
 * Which attempt, from 0.
 */
incarnation: number, 
/**
 * What it found, additions included.
 */
value: string, 
/**
 * It is still executing.
 */
executing: boolean, 
/**
 * It has been undone, and will read again.
 */
undone: boolean, };

/**
 * Everything there is to say about one run.
 */
export type Report = { 
/**
 * [`FORMAT`].
 */
format: number, 
/**
 * The engine's version.
 */
version: string, 
/**
 * What was run.
 */
scenario: ScenarioSummary, 
/**
 * How it was run, as resolved.
 */
options: Options, 
/**
 * Is it right, and what did it gain?
 */
verdict: Verdict, 
/**
 * What limits any schedule of this block.
 */
bounds: Bounds, 
/**
 * The block, in order.
 */
transactions: Array<TransactionReport>, 
/**
 * Every address that appears, named ones first.
 */
accounts: Array<AccountReport>, 
/**
 * Every location that was read or written.
 */
locations: Array<LocationReport>, 
/**
 * Who depends on whom.
 */
graph: Graph, 
/**
 * Who depends on whom for those who tell less apart.
 */
coarser: Array<Lens>, 
/**
 * The locations that cost the most, worst first.
 */
hot: Array<HotLocation>, 
/**
 * What the declared locks ordered, under the strategy `locks`.
 */
locks: LockReport | null, 
/**
 * The block access lists (EIP-7928): from Amsterdam on, under the strategy `bal`, and where the scenario has one.
 */
accessLists: AccessLists | null, 
/**
 * What each worker did.
 */
timeline: Timeline, 
/**
 * How the speedup grows with workers, once asked for.
 */
curve: Curve | null, };

/**
 * What was run.
 */
export type ScenarioSummary = { 
/**
 * Its title.
 */
title: string, 
/**
 * Its paragraph.
 */
description: string, 
/**
 * The fork, in lower case: `osaka`.
 */
fork: string, 
/**
 * The fee recipient, as an index into `accounts`.
 */
beneficiary: number, 
/**
 * The block's gas limit.
 */
gasLimit: number, 
/**
 * The base fee, in wei.
 */
baseFee: number, };

/**
 * How bad a problem is.
 */
export type Severity = "error" | "warning";

/**
 * A slot with its content.
 */
export type SlotWord = { 
/**
 * Which, as an index into the report's locations, if it is there.
 */
location: number | null, 
/**
 * Its number.
 */
slot: string, 
/**
 * Its content.
 */
value: string, };

/**
 * How a block stands.
 */
export type Standing = { 
/**
 * How many transactions it has.
 */
transactions: number, 
/**
 * Levels of its dependency graph.
 */
levels: number, 
/**
 * The cost of all of them.
 */
total: number, 
/**
 * The heaviest chain of dependent ones; under `bal`, where nobody waits, the heaviest one.
 */
criticalPath: number, 
/**
 * The most that any schedule could reach with these workers; `null` for an empty block.
 */
bound: number | null, 
/**
 * The virtual time that the strategy takes.
 */
parallel: number, 
/**
 * `total / parallel`; `null` for an empty block.
 */
speedup: number | null, 
/**
 * Attempts undone.
 */
aborts: number, };

/**
 * How a transaction ended.
 */
export type Status = "success" | "revert" | "halt" | "invalid";

/**
 * A strategy by its user-visible name.
 */
export type StrategyId = "sequential" | "two-phase" | "ordered-merge" | "block-stm" | "ladder" | "locks" | "dag" | "bal";

/**
 * What each worker did.
 */
export type Timeline = { 
/**
 * Unit of the times.
 */
unit: Unit, 
/**
 * Lanes.
 */
workers: number, 
/**
 * From the first start to the last end, in the traced run.
 */
duration: number, 
/**
 * What happened, ordered by end time.
 */
events: Events, 
/**
 * Why attempts were aborted; `events.cause` points here.
 */
causes: Array<AbortCause>, };

/**
 * What happened when so many events had.
 */
export type Told = { 
/**
 * The last of these events, and why it came about.
 */
sentence: string, 
/**
 * The versions of the location that was asked for.
 */
versions: Versions | null, };

/**
 * One transaction, as the sequential run leaves it.
 */
export type TransactionReport = { 
/**
 * A note from the scenario.
 */
label: string | null, 
/**
 * The element it came from: `transactions[3]`.
 */
path: string, 
/**
 * EIP-2718 type.
 */
kind: number, 
/**
 * Sender, as an index into `accounts`.
 */
from: number, 
/**
 * Recipient; `null` creates a contract.
 */
to: number | null, 
/**
 * The contract it created.
 */
created: number | null, 
/**
 * Wei, `0x…`.
 */
value: string, 
/**
 * The sender's nonce.
 */
nonce: number, 
/**
 * The most gas it may use.
 */
gasLimit: number, 
/**
 * The call data, `0x…`.
 */
data: string, 
/**
 * The call in words, if the ABI is known.
 */
call: string | null, 
/**
 * How it ended.
 */
status: Status, 
/**
 * Why, if not well: the revert reason, the halt, or what made it invalid.
 */
reason: string | null, 
/**
 * What it used.
 */
gasUsed: number, 
/**
 * What it returned, `0x…`.
 */
output: string, 
/**
 * What it logged.
 */
logs: Array<LogReport>, 
/**
 * Sequential time, if there was a clock.
 */
microseconds: number | null, 
/**
 * What it read, in order.
 */
reads: Array<ReadReport>, 
/**
 * What it wrote.
 */
writes: Array<WriteReport>, 
/**
 * Length in transactions of the longest chain that ends here, from 0.
 */
level: number, 
/**
 * Its connected component.
 */
component: number, 
/**
 * Attempts it took in the parallel run.
 */
attempts: number, };

/**
 * One row of the table of transactions before anything has run.
 */
export type TransactionRow = { 
/**
 * The element it came from: `transactions[3]`.
 */
path: string, 
/**
 * A note from the scenario.
 */
label: string | null, 
/**
 * Sender: name, or short address.
 */
from: string, 
/**
 * Recipient: name, or short address; `null` creates a contract.
 */
to: string | null, 
/**
 * The call in words, or the first bytes of the data, or empty.
 */
call: string, 
/**
 * Wei, `0x…`.
 */
value: string, 
/**
 * The most gas it may use.
 */
gasLimit: number, };

/**
 * Unit of a time.
 */
export type Unit = "gas" | "microseconds";

/**
 * The proof and the gain.
 */
export type Verdict = { 
/**
 * Parallel equals sequential in everything compared.
 */
equal: boolean, 
/**
 * Where it does not, at most 100.
 */
differences: Array<Difference>, 
/**
 * Block rejected (mode `reject`): index of the first invalid transaction.
 */
rejectedBy: number | null, 
/**
 * State root after the sequential run.
 */
sequentialStateRoot: string, 
/**
 * State root after the parallel run.
 */
parallelStateRoot: string, 
/**
 * Unit of the times below and of the bounds.
 */
unit: Unit, 
/**
 * Sequential time: the median of the repeats, or the sum of the costs.
 */
sequential: number, 
/**
 * Parallel time: the median of the repeats, or the virtual time.
 */
parallel: number, 
/**
 * `sequential / parallel`; `null` for an empty block, and where the clock is too coarse to have measured either.
 */
speedup: number | null, 
/**
 * The most any schedule that respects the dependencies could reach with this many workers.
 */
speedupBound: number | null, 
/**
 * Workers that ran.
 */
workers: number, 
/**
 * Whether they shared no memory and exchanged messages; then that is what was measured, whatever the strategy, and
 * the timeline has one lane more, of who validates and commits.
 */
messages: boolean, 
/**
 * Attempts begun.
 */
attempts: number, 
/**
 * Attempts undone.
 */
aborts: number, 
/**
 * Attempts that stopped at an estimate.
 */
blocked: number, 
/**
 * Cost of all attempts over the cost of the final ones; 1 means nothing was wasted.
 */
workRatio: number, };

/**
 * What one attempt has written.
 */
export type VersionRow = { 
/**
 * Whose; `null` for the state before the block.
 */
transaction: number | null, 
/**
 * Which attempt, from 0; `null` if none has been made: it was foretold.
 */
incarnation: number | null, 
/**
 * What it wrote, or added; `null` where nobody has asked yet.
 */
value: string | null, 
/**
 * `true` if `value` is added to what the earlier transactions leave.
 */
added: boolean, 
/**
 * What others make of it.
 */
state: VersionState, 
/**
 * Whose last attempt has read it, in block order; at most so many.
 */
readers: Array<ReaderRow>, 
/**
 * How many readers there are.
 */
readersTotal: number, };

/**
 * What others make of a version.
 */
export type VersionState = "published" | "estimate" | "atCommit" | "committed" | "gone" | "foretold";

/**
 * What the transactions have written at one location, and who has read it, at a moment of a run.
 */
export type Versions = { 
/**
 * In block order; of many those around the transaction that the moment is about.
 */
rows: Array<VersionRow>, 
/**
 * How many there are.
 */
total: number, 
/**
 * Nothing is missing because it was too much to keep.
 */
complete: boolean, };

/**
 * What would be. Times are virtual, those of a run with the same options on the virtual clock; nothing is measured.
 *
 * Dropped and moved transactions are really left out and moved: the changed block is another block, whose transactions may
 * end otherwise. A location that is split or commutative is supposed to be: every transaction still finds there what it
 * finds in block order, and so computes the same and ends as before, but need not wait for it. So the time is that of
 * contracts that did the same without sharing the location, and not that of contracts written otherwise, which may cost
 * other gas and compute something else. Under `bal` the list is right, whatever the scenario's own one says.
 */
export type WhatIf = { 
/**
 * Of the times: gas, unless costs are measured.
 */
unit: Unit, 
/**
 * Workers.
 */
workers: number, 
/**
 * The block as it is.
 */
before: Standing, 
/**
 * With the changes.
 */
after: Standing, 
/**
 * Both in a sentence.
 */
sentence: string, 
/**
 * The changed block's transactions, by their places in the scenario's.
 */
order: Array<number>, 
/**
 * Those of them that are invalid now and were not.
 */
invalid: Array<number>, 
/**
 * Those that are valid and end otherwise, in success or not.
 */
otherwise: Array<number>, 
/**
 * What the locations cost that the changed block's transactions wait for each other at, the most costly first; at most
 * eight.
 */
costs: Array<LocationCost>, };

/**
 * One write.
 */
export type WriteReport = { 
/**
 * Where, as an index into `locations`.
 */
location: number, 
/**
 * The new value, or what was added.
 */
value: string, 
/**
 * `true` if `value` was added without reading.
 */
added: boolean, };
