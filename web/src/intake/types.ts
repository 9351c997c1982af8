// Generated from crate/intake by tests/tests/types.rs. Do not edit.

import type { Diagnostic } from "../engine/types.ts";

/** The longest text that is read, in bytes. */
export const MAX_TEXT = 67108864;

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
