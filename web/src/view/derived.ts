/** What several views compute from one report, computed once. Nothing here outlives its report. */
import type { Report } from "../engine/types.ts";
import type { GraphInput } from "../layout/graph.ts";
import { highlight, transactionOf, type Highlight } from "../layout/highlight.ts";
import { ABORTED, COMMITTED, layoutLanes, stateAt, type LanesLayout, type TransactionState } from "../layout/lanes.ts";
import { look, type Look } from "../layout/lens.ts";
import type { Selection, State } from "../state/state.ts";

/** Everything several views need to know about a report. */
export interface Derived extends Look {
  readonly lanes: LanesLayout;
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
  const { kind, transaction, end } = report.timeline.events;
  const aborts = new Uint32Array(count);
  const committedAt = new Float64Array(count).fill(Infinity);
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] === ABORTED) aborts[transaction[i]]++;
    else if (kind[i] === COMMITTED) committedAt[transaction[i]] = end[i];
  }
  let lanes: LanesLayout | undefined;
  return {
    ...look(report, "slotWithDeltas"),
    /** Only once somebody asks, because of a large run it is the most work. */
    get lanes() {
      return (lanes ??= layoutLanes(report.timeline, count));
    },
    aborts,
    committedAt,
  };
}

/** What the graph's layout needs. */
export function graphInput({ graph, level, critical }: Look, aspect: number): GraphInput {
  return { count: level.length, level: Uint32Array.from(level), edges: graph.edges, critical, aspect };
}

/** The state of a transaction as the playhead has it; at the end, what became of it. */
export function stateOf(report: Report, playhead: number | null, transaction: number): TransactionState {
  const derived = derive(report);
  if (playhead === null && derived.committedAt[transaction] < Infinity) return "committed";
  return stateAt(report.timeline, derived.lanes, transaction, playhead ?? Infinity);
}

/** The graph as it is looked at now. */
export function looked(state: State): Look | null {
  return state.finished && look(state.finished.report, state.granularity);
}

/** The transaction that the selection is about now, if it is about one. */
export function selected(state: State): number | null {
  return transactionOf(state.finished?.report ?? null, state.selection, looked(state));
}

let last: { at: Look | null; selection: Selection | null; result: Highlight } | null = null;

/** What is lit up now: by the pointer, or else by the selection. */
export function lit(state: State): Highlight {
  const report = state.finished?.report ?? null;
  const selection = state.hover ?? state.selection;
  const at = looked(state);
  if (!last || last.at !== at || last.selection !== selection) {
    last = { at, selection, result: highlight(report, selection, at) };
  }
  return last.result;
}
