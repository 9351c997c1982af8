/**
 * How far a replay has come. Events are in order of their ends, so a number of them is a moment of the run; where several end
 * at one time, the number tells which of them have happened.
 */
import type { Events } from "../engine/types.ts";

/** A moment of a run. The run's end is no playhead: it is `null` in the state. */
export interface Playhead {
  /** So many events have happened; of the last one is told. */
  readonly step: number;
  /** In the timeline's unit: not before the last of these events, and not after the next. */
  readonly time: number;
}

/** Before anything has happened. */
export const START: Playhead = { step: 0, time: 0 };

/** The run's end, where a playhead is needed. */
export function endOf(events: Events): Playhead {
  return { step: events.kind.length, time: Infinity };
}

/** When so many events have happened; `null` if those are all. */
export function atStep(events: Events, step: number): Playhead | null {
  if (step >= events.kind.length) return null;
  return step <= 0 ? START : { step, time: events.end[step - 1] };
}

/** At a time; `null` if nothing happens any more. */
export function atTime(events: Events, time: number): Playhead | null {
  const step = eventsUntil(events, time);
  return step >= events.kind.length ? null : { step, time: Math.max(0, time) };
}

/** So many events on, or back. */
export function stepped(events: Events, playhead: Playhead | null, by: number): Playhead | null {
  return atStep(events, (playhead?.step ?? events.kind.length) + by);
}

/** What a larger step goes on by: a hundredth of the run, but at least ten events. */
export function largeStep(events: Events): number {
  return Math.max(10, Math.round(events.kind.length / 100));
}

/** How many events have ended by `time`. */
function eventsUntil({ end }: Events, time: number): number {
  let low = 0;
  let high = end.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
