// Generated from crate/intake by tests/tests/types.rs. Do not edit.

import type { Diagnostic } from "../engine/types.ts";

/** The longest text that is read, in bytes. */
export const MAX_TEXT = 67108864;

/**
 * A transaction as the scenario's sequential run leaves it, beside its receipt.
 */
export type Compared = { 
/**
 * Its hash.
 */
hash: string, 
/**
 * Gas by the receipt.
 */
gas: number, 
/**
 * Whether it succeeded, by the receipt; receipts before Byzantium do not say.
 */
succeeded: boolean | null, 
/**
 * What is different.
 */
differences: Array<Difference>, };

/**
 * One thing that is different.
 */
export type Difference = { 
/**
 * Gas, status.
 */
what: string, 
/**
 * The receipt says.
 */
receipt: string, 
/**
 * The scenario gives.
 */
scenario: string, };

/**
 * What a text was taken for, and what is wrong with it.
 */
export type FileRead = { 
/**
 * As it was given.
 */
name: string, 
/**
 * `null` where nothing is like it.
 */
format: Format | null, 
/**
 * The format in words: "a block (eth_getBlockByNumber)".
 */
description: string | null, 
/**
 * What is wrong with it, in order of position; what is missing altogether stands with the last text.
 */
diagnostics: Array<Diagnostic>, };

/**
 * What a text was taken for.
 */
export type Format = "scenario" | "rawTransactions" | "transactions" | "block" | "prestate" | "createdAccessList" | "alloc" | "environment" | "t8n" | "blockchainTest" | "stateTest" | "blockAccessList" | "broadcast" | "anvilDump" | "receipts" | "bundle";

/**
 * What to do next.
 */
export type NodeStep = { "type": "post", 
/**
 * Of an HTTP POST: JSON.
 */
body: string, 
/**
 * How long to wait before it is sent, in milliseconds.
 */
wait: number, 
/**
 * The longest answer to be read, in bytes.
 */
mostBytes: number, } | { "type": "done", 
/**
 * The block, and how it compares with its receipts.
 */
taken: Taken, } | { "type": "failed", 
/**
 * Why, and what to do about it.
 */
message: string, };

/**
 * How far it is.
 */
export type Progress = { 
/**
 * What is being done.
 */
stage: Stage, 
/**
 * Calls so far.
 */
requests: number, 
/**
 * Bytes of answers so far.
 */
bytes: number, 
/**
 * Accounts whose state is known.
 */
accounts: number, 
/**
 * Slots whose value is known.
 */
slots: number, };

/**
 * What is being done.
 */
export type Stage = "chain" | "block" | "receipts" | "trace" | "state";

/**
 * A block that was fetched.
 */
export type Taken = { 
/**
 * The scenario's text.
 */
scenario: string, 
/**
 * Chain id.
 */
chainId: number, 
/**
 * The block's number.
 */
block: number, 
/**
 * The fork it was executed under.
 */
fork: string, 
/**
 * Whether the node's tracer gave the state (`debug_`), or look-ups did.
 */
traced: boolean, 
/**
 * What the scenario gives beside what the receipts say, transaction by transaction.
 */
compared: Array<Compared>, 
/**
 * What one should know about it.
 */
notes: Array<string>, 
/**
 * What it took.
 */
progress: Progress, };

/**
 * A scenario as another tool reads it.
 */
export type TextWritten = { 
/**
 * The text.
 */
text: string, 
/**
 * Sentences about what is not in it.
 */
leftOut: Array<string>, };

/**
 * What became of texts that were read together.
 */
export type TextsRead = { 
/**
 * Each of them, in their order.
 */
files: Array<FileRead>, 
/**
 * Sentences about what is good to know: whether receipts that were among the texts agree with the scenario.
 */
notes: Array<string>, 
/**
 * The scenario they make together, if no diagnostic is an error.
 */
scenario: string | null, };
