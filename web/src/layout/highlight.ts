/** What a selection lights up: one answer for every view. Reads the report; decides nothing about it. */
import type { Report } from "../engine/types.ts";
import type { Selection } from "../state/state.ts";

/** Everything lit up by a selection or a hover. */
export interface Highlight {
  /** Transactions that are meant themselves. */
  readonly transactions: ReadonlySet<number>;
  /** Transactions they depend on or that depend on them. */
  readonly related: ReadonlySet<number>;
  /** Locations meant. */
  readonly locations: ReadonlySet<number>;
  /** Edges meant, as indices into `graph.edges`. */
  readonly edges: ReadonlySet<number>;
  /** The one event meant, or -1. */
  readonly event: number;
}

export const NOTHING: Highlight = {
  transactions: new Set(),
  related: new Set(),
  locations: new Set(),
  edges: new Set(),
  event: -1,
};

/** Works out what `selection` lights up. */
export function highlight(report: Report | null, selection: Selection | null): Highlight {
  if (!report || !selection || !exists(report, selection)) return NOTHING;
  const edges = report.graph.edges;
  const related = new Set<number>();
  const lit = new Set<number>();
  if (selection.kind === "location") {
    const transactions = new Set<number>();
    const touches = (list: readonly { location: number }[]) => list.some((x) => x.location === selection.index);
    report.transactions.forEach((t, i) => {
      if (touches(t.writes) || touches(t.reads)) transactions.add(i);
    });
    edges.forEach((edge, i) => edge.locations.includes(selection.index) && lit.add(i));
    return { transactions, related, locations: new Set([selection.index]), edges: lit, event: -1 };
  }
  if (selection.kind === "edge") {
    const edge = edges[selection.index];
    return {
      transactions: new Set([edge.from, edge.to]),
      related,
      locations: new Set(edge.locations),
      edges: new Set([selection.index]),
      event: -1,
    };
  }
  const events = report.timeline.events;
  const index = selection.kind === "event" ? events.transaction[selection.index] : selection.index;
  edges.forEach((edge, i) => {
    if (edge.from !== index && edge.to !== index) return;
    lit.add(i);
    related.add(edge.from === index ? edge.to : edge.from);
  });
  const locations = new Set<number>();
  let event = -1;
  if (selection.kind === "event") {
    event = selection.index;
    const cause = events.kind[event] === 3 ? report.timeline.causes[events.cause[event]] : undefined;
    if (cause) {
      locations.add(cause.location);
      if (cause.by !== null) related.add(cause.by);
    }
  }
  return { transactions: new Set([index]), related, locations, edges: lit, event };
}

/** The transaction a selection is about, if it is about one. */
export function transactionOf(report: Report | null, selection: Selection | null): number | null {
  if (!report || !selection || !exists(report, selection)) return null;
  if (selection.kind === "transaction") return selection.index;
  if (selection.kind === "event") return report.timeline.events.transaction[selection.index];
  if (selection.kind === "edge") return report.graph.edges[selection.index].to;
  return null;
}

function exists(report: Report, selection: Selection): boolean {
  const size = {
    transaction: report.transactions.length,
    location: report.locations.length,
    event: report.timeline.events.kind.length,
    edge: report.graph.edges.length,
  }[selection.kind];
  return selection.index >= 0 && selection.index < size;
}
