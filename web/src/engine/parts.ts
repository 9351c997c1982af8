// A large result crosses to the page in parts. A message is read in one go, on the main thread: for the report of 12,000
// transactions that takes 200 ms, in which the page does not answer.

import type { Results } from "./protocol.ts";
import type { Edge, Graph, Report, TransactionReport } from "./types.ts";

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

/**
 * A copy of a report without its long lists, and those in parts, for somebody who puts them together again. The report stays as it
 * is, and each part is copied in a few milliseconds, however much a transaction has read.
 */
export function copyInParts(report: Report): { copy: Report; parts: Generator<Part> } {
  const { graph, coarser, timeline } = report;
  const emptied = (of: Graph): Graph => ({ ...of, edges: [], writeAfterWrite: [], writeAfterRead: [] });
  const lenses = coarser.map((lens) => ({ ...lens, graph: emptied(lens.graph), level: [], component: [] }));
  const lists = { transactions: [], accounts: [], locations: [], hot: [], graph: emptied(graph), coarser: lenses, timeline: { ...timeline, causes: [] } };
  return { copy: { ...report, ...lists }, parts: inParts(listsOf(report)) };
}

function* inParts(lists: readonly (readonly unknown[])[]): Generator<Part> {
  for (const [list, items] of lists.entries()) {
    let from = 0;
    let weight = 0;
    for (const [at, item] of items.entries()) {
      weight += weightOf(item);
      if (weight < WEIGHT && at + 1 < items.length) continue;
      yield { list, items: items.slice(from, at + 1) };
      from = at + 1;
      weight = 0;
    }
  }
}

/** So many objects are copied in a few milliseconds. */
const WEIGHT = 4000;

/** How many objects something is, about. */
function weightOf(item: unknown): number {
  if (typeof item !== "object" || item === null) return 1;
  if ("reads" in item) {
    const { reads, writes, logs } = item as TransactionReport;
    return 1 + reads.length + writes.length + 2 * logs.length;
  }
  return "locations" in item ? 2 + (item as Edge).locations.length / 8 : 1;
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
