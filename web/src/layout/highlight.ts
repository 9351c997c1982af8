/** What a selection lights up: one answer for every view. Reads the report; decides nothing about it. */
import type { Report } from "../engine/types.ts";
import type { Selection } from "../state/state.ts";
import { look, type Look } from "./lens.ts";

/** Everything lit up by a selection or a hover. */
export interface Highlight {
  /** Transactions that are meant themselves. */
  readonly transactions: ReadonlySet<number>;
  /** Transactions they depend on or that depend on them. */
  readonly related: ReadonlySet<number>;
  /** Locations meant. */
  readonly locations: ReadonlySet<number>;
  /** Accounts meant, as a whole or by one of their locations. */
  readonly accounts: ReadonlySet<number>;
  /** Edges meant, as indices into the edges of the graph that is looked at. */
  readonly edges: ReadonlySet<number>;
  /** The one event meant, or -1. */
  readonly event: number;
}

export const NOTHING: Highlight = {
  transactions: new Set(),
  related: new Set(),
  locations: new Set(),
  accounts: new Set(),
  edges: new Set(),
  event: -1,
};

/** Works out what `selection` lights up; the graph is looked at as `at` says, or else as the run has it. */
export function highlight(report: Report | null, selection: Selection | null, at: Look | null = report && look(report, "slotWithDeltas")): Highlight {
  if (!report || !selection || !at || !exists(report, selection, at)) return NOTHING;
  const { edges } = at.graph;
  const accountsOf = (locations: Iterable<number>): Set<number> => new Set([...locations].map((location) => report.locations[location].account));
  const related = new Set<number>();
  const lit = new Set<number>();
  if (selection.kind === "location" || selection.kind === "account") {
    const { index, kind } = selection;
    const locations = new Set(kind === "location" ? [index] : report.locations.flatMap((location, i) => (location.account === index ? [i] : [])));
    const accounts = kind === "account" ? new Set([index]) : accountsOf(locations);
    const transactions = new Set<number>();
    const touches = (list: readonly { location: number }[]) => list.some((x) => locations.has(x.location));
    report.transactions.forEach((t, i) => {
      if (touches(t.writes) || touches(t.reads)) transactions.add(i);
    });
    const places = at.places === "accounts" ? accounts : locations;
    edges.forEach((edge, i) => edge.locations.some((place) => places.has(place)) && lit.add(i));
    return { transactions, related, locations, accounts, edges: lit, event: -1 };
  }
  if (selection.kind === "edge") {
    const edge = edges[selection.index];
    const whole = at.places === "accounts";
    return {
      transactions: new Set([edge.from, edge.to]),
      related,
      locations: new Set(whole ? [] : edge.locations),
      accounts: whole ? new Set(edge.locations) : accountsOf(edge.locations),
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
  return { transactions: new Set([index]), related, locations, accounts: accountsOf(locations), edges: lit, event };
}

/** The transaction a selection is about, if it is about one. */
export function transactionOf(report: Report | null, selection: Selection | null, at: Look | null = report && look(report, "slotWithDeltas")): number | null {
  if (!report || !selection || !at || !exists(report, selection, at)) return null;
  if (selection.kind === "transaction") return selection.index;
  if (selection.kind === "event") return report.timeline.events.transaction[selection.index];
  if (selection.kind === "edge") return at.graph.edges[selection.index].to;
  return null;
}

function exists(report: Report, selection: Selection, at: Look): boolean {
  const size = {
    transaction: report.transactions.length,
    location: report.locations.length,
    account: report.accounts.length,
    event: report.timeline.events.kind.length,
    edge: at.graph.edges.length,
  }[selection.kind];
  return selection.index >= 0 && selection.index < size;
}
