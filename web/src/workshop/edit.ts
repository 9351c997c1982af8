// Reads of a scenario's text what the Contract tab needs, and writes into it what was compiled or filled in. Comments and
// layout stay as they are: the text is somebody's.

import { applyEdits, getNodeValue, modify, parseTree, type JSONPath, type ParseError } from "jsonc-parser";
import type { CompiledContract, SourceFile } from "../compiler/protocol.ts";
import { workshop as words } from "../text/workshop.ts";

/** What of a scenario the Contract tab works with. */
export interface World {
  /** Declared accounts by name, each with the name of its contract, if it has one. */
  readonly accounts: ReadonlyMap<string, string | null>;
  /** The scenario's own contracts. */
  readonly contracts: Readonly<Record<string, CompiledContract>>;
  /** What they were compiled from. */
  readonly sources: readonly SourceFile[];
  /** How many entries `transactions` has. */
  readonly transactions: number;
}

/** The text cannot be written into; the message says why and what to do. */
export class EditError extends Error {}

const NOTHING: World = { accounts: new Map(), contracts: {}, sources: [], transactions: 0 };

/** What `text` says, as far as it can be read. */
export function readWorld(text: string): World {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== "object") return NOTHING;
  const { accounts, contracts, sources, transactions } = getNodeValue(root) as Record<string, unknown>;
  return {
    accounts: new Map(Object.entries(record(accounts)).map(([name, account]) => [name, contractOf(account)])),
    contracts: Object.fromEntries(
      Object.entries(record(contracts)).filter(([, contract]) => Array.isArray(record(contract).abi)),
    ) as Record<string, CompiledContract>,
    sources: Object.entries(record(sources))
      .filter((entry): entry is [string, string] => typeof entry[1] === "string")
      .map(([name, text]) => ({ name, text })),
    transactions: Array.isArray(transactions) ? transactions.length : 0,
  };
}

/** The text with these contracts, and with what they were compiled from in place of what it said before. */
export function withContracts(text: string, contracts: Readonly<Record<string, CompiledContract>>, sources: readonly SourceFile[]): string {
  const compact = new Compact();
  let edited = text;
  for (const [name, { abi, bytecode, storageLayout }] of Object.entries(contracts)) {
    edited = put(edited, ["contracts", name], {
      abi: compact.hold(abi),
      ...(bytecode === undefined ? {} : { bytecode }),
      ...(storageLayout === undefined ? {} : { storageLayout: compact.hold(storageLayout) }),
    });
  }
  edited = put(edited, ["sources"], Object.fromEntries(sources.map(({ name, text }) => [name, text])));
  return compact.release(edited);
}

/** The text with the account `name`, in place of one that has this name. */
export function withAccount(text: string, name: string, account: Readonly<Record<string, unknown>>): string {
  const compact = new Compact();
  return compact.release(put(text, ["accounts", name], compact.hold(account)));
}

/** The text with one more transaction at the end of the block. */
export function withTransaction(text: string, transaction: Readonly<Record<string, unknown>>): string {
  const compact = new Compact();
  return compact.release(put(text, ["transactions", -1], compact.hold(transaction), true));
}

function put(text: string, path: JSONPath, value: unknown, isArrayInsertion = false): string {
  const source = text.trim() === "" ? '{\n  "transactions": []\n}\n' : text;
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root?.type !== "object") {
    throw new EditError(words.errorsInText);
  }
  const eol = source.includes("\r\n") ? "\r\n" : "\n";
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol };
  return applyEdits(source, modify(source, path, value, { formattingOptions, isArrayInsertion }));
}

/** Keeps values on one line: an ABI over hundreds of lines would bury the block. */
class Compact {
  #held: string[] = [];

  /** What to write in the value's place for the time being. */
  hold(value: unknown): string {
    this.#held.push(spaced(value));
    return mark(this.#held.length - 1);
  }

  release(text: string): string {
    return this.#held.reduce((text, value, i) => text.replace(JSON.stringify(mark(i)), () => value), text);
  }
}

/** In Unicode's private area, so that nobody has typed it. */
function mark(index: number): string {
  return `\u{f8ff}${index}\u{f8ff}`;
}

/** JSON on one line, with a space behind commas and colons. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return members.length === 0 ? "{}" : `{ ${members.map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

function contractOf(account: unknown): string | null {
  const { contract, abi } = record(account);
  const name = contract ?? abi;
  return typeof name === "string" ? name : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
