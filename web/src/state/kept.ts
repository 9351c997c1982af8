/**
 * A run that is kept beside the finished one, so that the two can be compared: A and B. They share one moment, which is a time:
 * B's playhead is the page's, and A's is kept here.
 */
import type { Report } from "../engine/types.ts";
import { atTime, endOf, type Playhead } from "./playhead.ts";
import type { Finished, Selection, State } from "./state.ts";

/** The run that is kept, A. */
export interface Kept {
  readonly run: Finished;
  /** How far its replay has come; `null` is its end. */
  readonly playhead: Playhead | null;
  /** What is selected in it alone: B has nothing that corresponds. */
  readonly selection: Selection | null;
}

/** What can happen. */
export type KeptAction =
  | { type: "keep"; run: Finished | null }
  /** Selects in A something that B does not have. */
  | { type: "selectKept"; selection: Selection };

/** Two runs that can be compared. */
export interface Pair {
  readonly a: Finished;
  readonly b: Finished;
}

/** Where both runs are. */
export interface Moment {
  readonly kept: Playhead | null;
  readonly playhead: Playhead | null;
}

/** The two, once there is a run since the one that is kept. */
export function pairOf({ kept, finished }: Pick<State, "kept" | "finished">): Pair | null {
  return kept && finished && finished !== kept.run ? { a: kept.run, b: finished } : null;
}

/** Whether a time means the same in both: one clock, one unit. Where it does not, they share how much of each run is over. */
export function onOneClock(a: Report, b: Report): boolean {
  return a.options.clock === b.options.clock && a.timeline.unit === b.timeline.unit;
}

/** How much of A's time goes by in one unit of B's. */
export function paceOf(a: Report, b: Report): number {
  const [inA, inB] = [a.timeline.duration, b.timeline.duration];
  return onOneClock(a, b) || !(inA > 0 && inB > 0) ? 1 : inA / inB;
}

/** When both are over, in B's time. */
export function lengthOf(a: Report, b: Report): number {
  return Math.max(b.timeline.duration, a.timeline.duration / paceOf(a, b));
}

/** Both at a time of B's. */
export function momentAt(a: Report, b: Report, time: number): Moment {
  return { kept: atTime(a.timeline.events, time * paceOf(a, b)), playhead: atTime(b.timeline.events, time) };
}

/** Both where A is: which of A's events at one time have happened is not lost. */
export function momentOfA(a: Report, b: Report, kept: Playhead | null): Moment {
  return { kept, playhead: atTime(b.timeline.events, (kept?.time ?? a.timeline.duration) / paceOf(a, b)) };
}

/** Both where B is. */
export function momentOfB(a: Report, b: Report, playhead: Playhead | null): Moment {
  return { kept: atTime(a.timeline.events, (playhead?.time ?? b.timeline.duration) * paceOf(a, b)), playhead };
}

/** The time that both are at, in B's; `null` once both are over. */
export function timeOf({ a, b }: Pair, { kept, playhead }: Moment): number | null {
  if (playhead) return playhead.time;
  return kept && kept.time / paceOf(a.report, b.report);
}

/** What is kept once the page's playhead has been moved to `playhead`; at the end of B nothing of A is left to come either. */
export function keptAfter(state: Pick<State, "kept" | "finished">, playhead: Playhead | null): Kept | null {
  const { kept } = state;
  const pair = pairOf(state);
  if (!kept || !pair) return kept;
  return { ...kept, playhead: playhead && momentOfB(pair.a.report, pair.b.report, playhead).kept };
}

/** The step and the time of a playhead, of which the end has neither. */
export function whereIn(report: Report, playhead: Playhead | null): Playhead {
  return playhead ?? { step: endOf(report.timeline.events).step, time: report.timeline.duration };
}
