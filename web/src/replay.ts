/** Moves the playhead while the replay is playing. */
import { lengthOf, momentAt, pairOf, timeOf, type Moment } from "./state/kept.ts";
import { atTime, type Playhead } from "./state/playhead.ts";
import type { Action, State } from "./state/state.ts";
import type { Store } from "./state/store.ts";

/** Milliseconds that a replay of a whole run takes at speed 1. */
export const REPLAY = 8000;
/** With less motion the playhead jumps, so many times in a run. */
const JUMPS = 16;

/** What tells the time; tests put their own in. */
export interface Frames {
  /** Calls back before the next frame with the time in milliseconds. */
  next(draw: (now: number) => void): void;
  /** Whether the reader asked for less motion. */
  reducedMotion(): boolean;
}

const browserFrames: Frames = {
  next: (draw) => void requestAnimationFrame(draw),
  reducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
};

/** Plays whenever the state says so, from wherever the playhead is. */
export function playReplays(store: Store<State, Action>, frames: Frames = browserFrames): void {
  let playing = false;
  /** Up to when has been played, and when that was; the playhead that was set to it. */
  let at = 0;
  let last: number | null = null;
  let own: unknown = null;

  const draw = (now: number): void => {
    const reel = reelOf(store.state);
    if (!store.state.playing || reel === null) {
      playing = false;
      return;
    }
    const { length, time: before, cursor } = reel;
    // Somebody may have moved it in between.
    if (cursor !== own) at = before;
    at += (last === null ? 0 : (now - last) / REPLAY) * store.state.speed * length;
    last = now;
    const grain = length / JUMPS;
    const time = frames.reducedMotion() ? Math.floor(at / grain) * grain : at;
    const next = at >= length ? END : reel.to(time);
    if (next.playhead === null && next.kept === null) store.dispatch({ type: "playhead", ...END });
    else if (time > before) store.dispatch({ type: "playhead", ...next, playing: true });
    own = reelOf(store.state)?.cursor ?? null;
    frames.next(draw);
  };

  store.subscribe((state) => {
    if (!state.playing || playing) return;
    playing = true;
    own = null;
    last = null;
    frames.next(draw);
  });
}

/** What is played. */
interface Reel {
  /** In the unit of the finished run's timeline, as all times here. */
  readonly length: number;
  readonly time: number;
  /** The playhead that is at that time, by its identity. */
  readonly cursor: Playhead;
  to(time: number): Moment;
}

const END: Moment = { kept: null, playhead: null };

/** The finished run, or both runs while two are compared; `null` at their end. */
function reelOf(state: State): Reel | null {
  const { finished, playhead, kept, detail } = state;
  if (!finished) return null;
  const { events, duration } = finished.report.timeline;
  const pair = pairOf(state);
  if (!pair) return playhead && { length: duration, time: playhead.time, cursor: playhead, to: (time) => ({ kept: null, playhead: atTime(events, time) }) };
  const [a, b] = [pair.a.report, pair.b.report];
  const both = detail === "runs";
  const moment = { kept: both ? (kept?.playhead ?? null) : null, playhead };
  const cursor = playhead ?? moment.kept;
  return cursor && { length: both ? lengthOf(a, b) : duration, time: timeOf(pair, moment)!, cursor, to: (time) => momentAt(a, b, time) };
}
