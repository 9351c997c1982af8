/**
 * What has happened to the scenario's text, so that it can be undone and done again: one history for everything that changes it,
 * whoever does. The JSON editor has none of its own. A step holds what it took out and what it put in, and not two whole texts.
 */

/** Where a text is from; goes with it. */
export interface Origin {
  readonly example: string | null;
  readonly workload: string | null;
}

/** A stretch of a text in which it differs from another. */
export interface Span {
  readonly from: number;
  readonly removed: string;
  readonly inserted: string;
}

/** That a text is being changed bit by bit: where, and when the last bit came (milliseconds of any clock). */
export interface Stroke {
  readonly place: string;
  readonly at: number;
}

/** Something that can be undone. */
export interface Step extends Span {
  readonly before: Origin;
  readonly after: Origin;
  /** Whether another text took the place of this one, and nobody changed it bit by bit. */
  readonly replaces: boolean;
  /** What comes next may be part of it. */
  readonly stroke: Stroke | null;
}

/** Steps that were done, the oldest first, and steps that were undone, the next to be done again last. */
export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

/** Before anything has happened. */
export const NO_HISTORY: History = { past: [], future: [] };

/** Bytes that the steps may hold together, at two for a UTF-16 code unit; the last step may always be undone. */
export const MAX_HISTORY = 32 << 20;
/** Steps that are kept, however small. */
export const MAX_STEPS = 1000;
/** Milliseconds after which typing that goes on is another step. */
const PAUSE = 1000;

/** Where two texts differ: from the first character to the last that is not the same in both. */
export function difference(before: string, after: string): Span {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let end = 0;
  while (end < shorter - from && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { from, removed: before.slice(from, before.length - end), inserted: after.slice(from, after.length - end) };
}

/** The history after one text has taken the place of another. */
export function recorded(history: History, before: { text: string; origin: Origin }, after: { text: string; origin: Origin }, how: Pick<Step, "replaces" | "stroke">): History {
  const step: Step = { ...difference(before.text, after.text), before: before.origin, after: after.origin, ...how };
  const last = history.past.at(-1);
  // After something was undone, typing begins a step: else it would be joined to one that the reader has gone back to.
  if (last && history.future.length === 0 && continues(last, step)) {
    const whole = difference(reverted(before.text, last), after.text);
    return { past: [...history.past.slice(0, -1), { ...step, ...whole, before: last.before }], future: [] };
  }
  return { past: capped([...history.past, step]), future: [] };
}

/** A text without what a step did to it. */
export function reverted(text: string, { from, removed, inserted }: Span): string {
  return text.slice(0, from) + removed + text.slice(from + inserted.length);
}

/** A text with it again. */
export function repeated(text: string, { from, removed, inserted }: Span): string {
  return text.slice(0, from) + inserted + text.slice(from + removed.length);
}

/** Whether `step` goes on where `last` was, soon after it. A new line ends what came before, as does another place. */
function continues(last: Step, step: Step): boolean {
  const { stroke } = step;
  if (!stroke || !last.stroke || stroke.place !== last.stroke.place || stroke.at - last.stroke.at > PAUSE) return false;
  if (last.inserted.includes("\n") || last.removed.includes("\n")) return false;
  return step.from <= last.from + last.inserted.length && step.from + step.removed.length >= last.from;
}

/** Without the oldest steps, as far as there are too many. */
function capped(steps: readonly Step[]): readonly Step[] {
  let bytes = 0;
  let first = steps.length;
  while (first > 0 && steps.length - first < MAX_STEPS) {
    bytes += 2 * (steps[first - 1].removed.length + steps[first - 1].inserted.length);
    if (bytes > MAX_HISTORY && first < steps.length) break;
    first--;
  }
  return first === 0 ? steps : steps.slice(first);
}
