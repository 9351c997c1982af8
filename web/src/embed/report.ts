/** Reports as files: recorded somewhere else, and shown here without running anything. */
import type { Report } from "../engine/types.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { figure as words } from "../text/figure.ts";

/** The version of reports that this page shows. */
const FORMAT = 1;
const LISTS = ["transactions", "accounts", "locations", "hot", "coarser"] as const;
const OBJECTS = ["scenario", "options", "verdict", "bounds", "graph", "timeline"] as const;
const COLUMNS = ["kind", "worker", "transaction", "incarnation", "start", "end", "cause"] as const;

/** Reads a report's JSON. Throws with words for the reader if it is none, or one of another version. */
export function readReport(text: string): Report {
  let report: Record<string, unknown>;
  try {
    report = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(words.noJson((error as Error).message));
  }
  if (typeof report !== "object" || report === null || !("format" in report)) throw new Error(words.noReport);
  if (report.format !== FORMAT) throw new Error(words.otherFormat(String(report.format).slice(0, 20), FORMAT));
  for (const name of LISTS) if (!Array.isArray(report[name])) throw new Error(words.lacksList(name));
  for (const name of OBJECTS) {
    if (typeof report[name] !== "object" || report[name] === null) throw new Error(words.lacks(name));
  }
  const { timeline, graph, transactions } = report as unknown as Report;
  const events = timeline.events as unknown as Record<string, unknown>;
  const length = Array.isArray(events?.kind) ? events.kind.length : -1;
  for (const name of COLUMNS) {
    const column = events?.[name];
    if (!Array.isArray(column) || column.length !== length || !column.every(Number.isFinite)) {
      throw new Error(words.noColumn(name, Math.max(0, length)));
    }
  }
  const inBlock = (index: unknown): boolean => Number.isInteger(index) && (index as number) >= 0 && (index as number) < transactions.length;
  if (!Array.isArray(graph.edges) || !graph.edges.every(({ from, to }) => inBlock(from) && inBlock(to))) {
    throw new Error(words.strayEdges);
  }
  if (!(events.transaction as number[]).every(inBlock)) throw new Error(words.strayEvents);
  return report as unknown as Report;
}

/** The id of a run that nobody has performed here; a session counts from 1. */
export const RECORDED = 0;

/** Puts it where the report of a run would be. */
export function showRecorded(store: Store<State, Action>, report: Report): void {
  store.dispatch({ type: "configured", options: report.options });
  store.dispatch({ type: "started", id: RECORDED });
  store.dispatch({ type: "finished", id: RECORDED, report, text: store.state.text, options: store.state.options });
}
