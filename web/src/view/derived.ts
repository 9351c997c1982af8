/** What several views compute from one report, computed once. Nothing here outlives its report. */
import type { Report } from "../engine/types.ts";
import type { GraphInput } from "../layout/graph.ts";
import { highlight, transactionOf, type Highlight } from "../layout/highlight.ts";
import { abortsOf, layoutLanes, type LanesLayout } from "../layout/lanes.ts";
import { look, type Look } from "../layout/lens.ts";
import { Progress } from "../layout/progress.ts";
import { endOf, type Playhead } from "../state/playhead.ts";
import { same, type Selection, type State } from "../state/state.ts";

/** A run, and what is looked at in it. */
export type Shown = Pick<State, "finished" | "selection" | "hover" | "playhead" | "granularity">;

/** Everything several views need to know about a report. */
export interface Derived extends Look {
  readonly lanes: LanesLayout;
  /** How often each transaction was aborted. */
  readonly aborts: Uint32Array;
  /** What has become of everything where {@link progressAt} was asked for last. */
  readonly progress: Progress;
}

const known = new WeakMap<Report, Derived>();

/** The derived data of a report. */
export function derive(report: Report): Derived {
  let it = known.get(report);
  if (!it) known.set(report, (it = compute(report)));
  return it;
}

const tasks = new WeakMap<Report, Promise<void>>();

/**
 * Resolves when all of this is there, which for a large run takes longer than a page may be silent: each part is computed in a
 * task of its own.
 */
export function derivedInTasks(report: Report): Promise<void> {
  let done = tasks.get(report);
  if (!done) tasks.set(report, (done = inTasks(report)));
  return done;
}

async function inTasks(report: Report): Promise<void> {
  await task();
  const derived = derive(report);
  await task();
  void derived.lanes;
  await task();
  void derived.progress;
  await task();
  progressAt(report, null);
  await task();
}

/** Lets the page answer in between. */
export function task(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}

function compute(report: Report): Derived {
  const count = report.transactions.length;
  const { events } = report.timeline;
  let lanes: LanesLayout | undefined;
  let progress: Progress | undefined;
  return {
    ...look(report, "slotWithDeltas"),
    /** Only once somebody asks, because of a large run it is the most work. */
    get lanes() {
      return (lanes ??= layoutLanes(report.timeline, count));
    },
    get progress() {
      return (progress ??= new Progress(events, count));
    },
    aborts: abortsOf(report.timeline, count),
  };
}

/** What the graph's layout needs. */
export function graphInput({ graph, level, critical }: Look, aspect: number): GraphInput {
  return { count: level.length, level: Uint32Array.from(level), edges: graph.edges, critical, aspect };
}

/** What has become of everything where the playhead is: good until somebody asks for another moment of the same run. */
export function progressAt(report: Report, playhead: Playhead | null): Progress {
  const { progress } = derive(report);
  progress.moveTo(playhead ?? endOf(report.timeline.events));
  return progress;
}

/** The graph as it is looked at now. */
export function looked(state: Pick<State, "finished" | "granularity">): Look | null {
  return state.finished && look(state.finished.report, state.granularity);
}

/** The transaction that the selection is about now, if it is about one. */
export function selected(state: State): number | null {
  return transactionOf(state.finished?.report ?? null, state.selection, looked(state));
}

const lightings = new WeakMap<Look, { readonly selection: Selection | null; readonly result: Highlight }>();

/** What is lit up now: by the pointer, or else by the selection. */
export function lit(state: Shown): Highlight {
  const report = state.finished?.report ?? null;
  const selection = state.hover ?? state.selection;
  const at = looked(state);
  if (!at) return highlight(report, selection, at);
  let last = lightings.get(at);
  if (!last || !same(last.selection, selection)) lightings.set(at, (last = { selection, result: highlight(report, selection, at) }));
  return last.result;
}
