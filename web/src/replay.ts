/** Moves the playhead while the replay is playing. */
import { atTime } from "./state/playhead.ts";
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
    const { finished, speed, playhead } = store.state;
    if (!store.state.playing || !finished || !playhead) {
      playing = false;
      return;
    }
    const { events, duration } = finished.report.timeline;
    // Somebody may have moved it in between.
    if (playhead !== own) at = playhead.time;
    at += (last === null ? 0 : (now - last) / REPLAY) * speed * duration;
    last = now;
    const grain = duration / JUMPS;
    const time = frames.reducedMotion() ? Math.floor(at / grain) * grain : at;
    const next = at >= duration ? null : atTime(events, time);
    if (next === null) store.dispatch({ type: "playhead", playhead: null });
    else if (next.time > playhead.time) store.dispatch({ type: "playhead", playhead: next, playing: true });
    own = store.state.playhead;
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
