// A large result crosses to the page in parts. A message is read in one go, on the main thread: for the report of 12,000
// transactions that takes 200 ms, in which the page does not answer.

import type { Results } from "./protocol.ts";
import type { Graph } from "./types.ts";

type Result = Results[keyof Results];

/** A stretch of one of a result's lists. */
export interface Part {
  /** Which list, by its place in {@link listsOf}. */
  list: number;
  items: unknown[];
}

/** So many items are read in a few milliseconds. */
const ITEMS = 500;

/** Takes the long lists out of a result, in parts that follow each other. */
export function takeParts(result: Result): Part[] {
  return listsOf(result).flatMap((items, list) => {
    if (items.length <= ITEMS) return [];
    const parts: Part[] = [];
    for (let at = 0; at < items.length; at += ITEMS) parts.push({ list, items: items.slice(at, at + ITEMS) });
    items.length = 0;
    return parts;
  });
}

/** Puts them back, in the order in which they were taken. */
export function putParts(result: Result, parts: readonly Part[]): void {
  if (parts.length === 0) return;
  const lists = listsOf(result);
  for (const { list, items } of parts) lists[list].push(...items);
}

/** Every list of a result that grows with the block, and is no typed array. */
function listsOf(result: Result): unknown[][] {
  if (result === null) return [];
  if ("diagnostics" in result) return [result.rows, result.diagnostics];
  if (!("timeline" in result)) return [];
  const { transactions, accounts, locations, hot, graph, coarser, timeline } = result;
  const lenses = coarser.flatMap((lens) => [...listsOfGraph(lens.graph), lens.level, lens.component]);
  return [transactions, accounts, locations, hot, ...listsOfGraph(graph), ...lenses, timeline.causes];
}

function listsOfGraph({ edges, writeAfterWrite, writeAfterRead }: Graph): unknown[][] {
  return [edges, writeAfterWrite, writeAfterRead];
}
