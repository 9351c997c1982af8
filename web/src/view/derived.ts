/** What several views compute from one report, computed once. Nothing here outlives its report. */
import type { Report } from "../engine/types.ts";
import { adjacency, type Adjacency } from "../layout/adjacency.ts";
import type { GraphInput } from "../layout/graph.ts";
import { highlight, type Highlight } from "../layout/highlight.ts";
import { ABORTED, COMMITTED, layoutLanes, stateAt, type LanesLayout, type TransactionState } from "../layout/lanes.ts";
import type { Selection, State } from "../state/state.ts";

/** Everything several views need to know about a report. */
export interface Derived {
  readonly lanes: LanesLayout;
  readonly critical: readonly number[];
  readonly criticalSet: ReadonlySet<number>;
  /** Dependencies by transaction, in both directions; `edges` are indices into the report's. */
  readonly before: Adjacency;
  readonly after: Adjacency;
  /** How often each transaction was aborted. */
  readonly aborts: Uint32Array;
  /** When each was committed; infinity if it was not. */
  readonly committedAt: Float64Array;
}

const known = new WeakMap<Report, Derived>();

/** The derived data of a report. */
export function derive(report: Report): Derived {
  let it = known.get(report);
  if (!it) known.set(report, (it = compute(report)));
  return it;
}

function compute(report: Report): Derived {
  const count = report.transactions.length;
  const from = report.graph.edges.map((edge) => edge.from);
  const to = report.graph.edges.map((edge) => edge.to);
  const { kind, transaction, end } = report.timeline.events;
  const aborts = new Uint32Array(count);
  const committedAt = new Float64Array(count).fill(Infinity);
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] === ABORTED) aborts[transaction[i]]++;
    else if (kind[i] === COMMITTED) committedAt[transaction[i]] = end[i];
  }
  const path =
    report.verdict.unit === "microseconds" ? (report.graph.criticalPathTime ?? report.graph.criticalPathGas) : report.graph.criticalPathGas;
  const critical = path.transactions;
  let lanes: LanesLayout | undefined;
  return {
    /** Only once somebody asks, because of a large run it is the most work. */
    get lanes() {
      return (lanes ??= layoutLanes(report.timeline, count));
    },
    critical,
    criticalSet: new Set(critical),
    before: adjacency(count, to, from),
    after: adjacency(count, from, to),
    aborts,
    committedAt,
  };
}

/** What the graph's layout needs. */
export function graphInput(report: Report, aspect: number): GraphInput {
  return {
    count: report.transactions.length,
    level: Uint32Array.from(report.transactions, (t) => t.level),
    edges: report.graph.edges,
    critical: derive(report).critical,
    aspect,
  };
}

/** The state of a transaction as the playhead has it; at the end, what became of it. */
export function stateOf(report: Report, playhead: number | null, transaction: number): TransactionState {
  const derived = derive(report);
  if (playhead === null && derived.committedAt[transaction] < Infinity) return "committed";
  return stateAt(report.timeline, derived.lanes, transaction, playhead ?? Infinity);
}

let last: { report: Report | null; selection: Selection | null; result: Highlight } | null = null;

/** What is lit up now: by the pointer, or else by the selection. */
export function lit(state: State): Highlight {
  const report = state.finished?.report ?? null;
  const selection = state.hover ?? state.selection;
  if (!last || last.report !== report || last.selection !== selection) {
    last = { report, selection, result: highlight(report, selection) };
  }
  return last.result;
}
