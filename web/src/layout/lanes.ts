/**
 * The timeline as geometry: attempts as bars, lane by lane, sorted by time; aborts with the write that caused them; the
 * ladder of commits. Times stay in the report's unit; only {@link binLane} knows about pixels.
 */
import type { Timeline } from "../engine/types.ts";
import { ABORTED, BLOCKED, COMMITTED, EXECUTED } from "./kinds.ts";
import { STATES } from "./progress.ts";

/**
 * What became of an attempt in the end, as an index into {@link STATES}; the larger number wins where several share one pixel,
 * so that an abort is never hidden.
 */
export const BAR_EXECUTED = STATES.indexOf("committed");
export const BAR_BLOCKED = STATES.indexOf("blocked");
export const BAR_ABORTED = STATES.indexOf("aborted");

/** Bars and checks of all lanes as columns; lane `w` has those from `offsets[w]` to `offsets[w + 1]`, by start time. */
export interface Bars {
  readonly offsets: Uint32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly transaction: Uint32Array;
  readonly incarnation: Uint32Array;
  /** One of the `BAR_…` states; 0 in the table of checks that passed, {@link BAR_ABORTED} where one failed. */
  readonly state: Uint8Array;
  /** The event it is. */
  readonly event: Uint32Array;
}

/** One abort. */
export interface Abort {
  /** The abort's event. */
  readonly event: number;
  /** Index into the report's causes. */
  readonly cause: number;
  readonly worker: number;
  readonly time: number;
  readonly transaction: number;
  /** Where and when the write that caused it was published; `null` where a write vanished. */
  readonly source: { readonly worker: number; readonly time: number; readonly event: number } | null;
}

/** Where everything is. */
export interface LanesLayout {
  readonly workers: number;
  readonly duration: number;
  readonly attempts: Bars;
  readonly checks: Bars;
  readonly aborts: readonly Abort[];
  /** Commits in block order: when, and which. */
  readonly commitTime: Float64Array;
  readonly commitTransaction: Uint32Array;
  /** Events of each transaction by time: those of `t` are `events[offsets[t] .. offsets[t + 1]]`. */
  readonly history: { readonly offsets: Uint32Array; readonly events: Uint32Array };
}

/** Sorts a timeline's events into lanes. */
export function layoutLanes(timeline: Timeline, transactions: number): LanesLayout {
  const { kind, worker, transaction, incarnation, start, end, cause } = timeline.events;
  const count = kind.length;
  const workers = Math.max(1, timeline.workers);

  const history = historyOf(transaction, count, transactions);
  const undone = new Set<number>();
  for (let i = 0; i < count; i++) if (kind[i] === ABORTED) undone.add(attemptKey(transaction[i], incarnation[i]));

  const attempts: number[] = [];
  const checks: number[] = [];
  const commits: number[] = [];
  const aborts: Abort[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] === EXECUTED || kind[i] === BLOCKED) attempts.push(i);
    else if (kind[i] === COMMITTED) commits.push(i);
    else checks.push(i);
    if (kind[i] === ABORTED) {
      const by = cause[i] >= 0 ? timeline.causes[cause[i]].by : null;
      aborts.push({
        event: i,
        cause: cause[i],
        worker: worker[i],
        time: end[i],
        transaction: transaction[i],
        source: by === null ? null : lastWrite(by, end[i]),
      });
    }
  }
  commits.sort((a, b) => end[a] - end[b] || transaction[a] - transaction[b]);

  /** The last attempt of `by` that was published by `time`. */
  function lastWrite(by: number, time: number): Abort["source"] {
    let best = -1;
    for (let k = history.offsets[by]; k < history.offsets[by + 1]; k++) {
      const i = history.events[k];
      if (kind[i] === EXECUTED && end[i] <= time) best = i;
    }
    return best < 0 ? null : { worker: worker[best], time: end[best], event: best };
  }

  const table = (list: number[], state: (i: number) => number): Bars => {
    const { offsets, order } = byLane(list);
    const n = order.length;
    const bars = {
      offsets,
      start: new Float64Array(n),
      end: new Float64Array(n),
      transaction: new Uint32Array(n),
      incarnation: new Uint32Array(n),
      state: new Uint8Array(n),
      event: order,
    };
    for (let k = 0; k < n; k++) {
      const i = order[k];
      bars.start[k] = start[i];
      bars.end[k] = end[i];
      bars.transaction[k] = transaction[i];
      bars.incarnation[k] = incarnation[i];
      bars.state[k] = state(i);
    }
    return bars;
  };

  /** Events by lane, and in each by time. They come in order of time or nearly so: only lanes that are not are sorted. */
  function byLane(list: number[]): { offsets: Uint32Array; order: Uint32Array } {
    const lane = (i: number): number => Math.min(worker[i], workers - 1);
    const offsets = new Uint32Array(workers + 1);
    for (const i of list) offsets[lane(i) + 1]++;
    for (let w = 0; w < workers; w++) offsets[w + 1] += offsets[w];
    const next = offsets.slice();
    const order = new Uint32Array(list.length);
    for (const i of list) order[next[lane(i)]++] = i;
    const compare = (a: number, b: number): number => start[a] - start[b] || end[a] - end[b] || a - b;
    for (let w = 0; w < workers; w++) {
      const own = order.subarray(offsets[w], offsets[w + 1]);
      if (own.some((i, k) => k > 0 && compare(own[k - 1], i) > 0)) own.sort(compare);
    }
    return { offsets, order };
  }

  return {
    workers,
    duration: timeline.duration,
    attempts: table(attempts, (i) =>
      kind[i] === BLOCKED ? BAR_BLOCKED : undone.has(attemptKey(transaction[i], incarnation[i])) ? BAR_ABORTED : BAR_EXECUTED,
    ),
    checks: table(checks, (i) => (kind[i] === ABORTED ? BAR_ABORTED : 0)),
    aborts,
    commitTime: Float64Array.from(commits, (i) => end[i]),
    commitTransaction: Uint32Array.from(commits, (i) => transaction[i]),
    history,
  };
}

/** How often each of so many transactions was aborted. */
export function abortsOf({ events }: Timeline, transactions: number): Uint32Array {
  const aborts = new Uint32Array(transactions);
  for (let i = 0; i < events.kind.length; i++) if (events.kind[i] === ABORTED) aborts[events.transaction[i]]++;
  return aborts;
}

/** Runs of pixels of one state, written into reused arrays. */
export interface Runs {
  count: number;
  x: Float32Array;
  width: Float32Array;
  state: Uint8Array;
  /** The bar, where the run is exactly one that is wide enough to be drawn as itself; else -1. */
  bar: Int32Array;
}

/** Room for the runs of a picture of `pixels`. */
export function newRuns(pixels: number): Runs {
  const size = 2 * Math.ceil(pixels) + 4;
  return {
    count: 0,
    x: new Float32Array(size),
    width: new Float32Array(size),
    state: new Uint8Array(size),
    bar: new Int32Array(size),
  };
}

/**
 * Bars of one lane between `from` and `to` on `pixels` pixels. Bars of {@link OWN_PIXELS} or more stand for themselves;
 * narrower ones are gathered pixel by pixel and neighbouring pixels of one state become one run, so that the number of
 * rectangles is bounded by pixels and not by events.
 */
export function binLane(bars: Bars, lane: number, from: number, to: number, pixels: number, runs: Runs, { only, until = to, stateOf }: Binning = {}): void {
  runs.count = 0;
  if (!(to > from) || pixels < 1) return;
  const scale = pixels / (to - from);
  const last = bars.offsets[lane + 1];
  let pixel = -1;
  let state = 0;
  const flush = (): void => {
    if (state === 0) return;
    const k = runs.count - 1;
    if (k >= 0 && runs.bar[k] < 0 && runs.state[k] === state && runs.x[k] + runs.width[k] >= pixel) {
      runs.width[k] = pixel + 1 - runs.x[k];
    } else push(runs, pixel, 1, state, -1);
    state = 0;
  };
  for (let i = firstEndingAfter(bars, lane, from); i < last && bars.start[i] <= to && bars.start[i] <= until; i++) {
    if (only && only[bars.transaction[i]] === 0) continue;
    const own = stateOf ? stateOf(i) : bars.state[i];
    if (own === 0) continue;
    const x0 = (bars.start[i] - from) * scale;
    const x1 = (bars.end[i] - from) * scale;
    if (x1 - x0 >= OWN_PIXELS) {
      flush();
      push(runs, x0, x1 - x0, own, i);
      pixel = Math.floor(x1);
      continue;
    }
    const at = Math.max(Math.floor(x0), pixel);
    if (at !== pixel) {
      flush();
      pixel = at;
    }
    if (own > state) state = own;
  }
  flush();
}

/** Which bars are gathered, and as what. */
export interface Binning {
  /** Bars of transactions that this has a 0 for are left out. */
  readonly only?: Uint8Array | undefined;
  /** Bars that begin later are left out. */
  readonly until?: number;
  /** The state of a bar where it is not the one it ends in; bars that this has a 0 for are left out. */
  readonly stateOf?: (bar: number) => number;
}

/** From this width a bar is drawn as itself, with an outline. */
export const OWN_PIXELS = 2;

function push(runs: Runs, x: number, width: number, state: number, bar: number): void {
  const k = runs.count;
  if (k >= runs.x.length) return;
  runs.x[k] = x;
  runs.width[k] = width;
  runs.state[k] = state;
  runs.bar[k] = bar;
  runs.count++;
}

/** The bar of a lane at `time`, or the nearest within `reach`, or -1. */
export function barAt(bars: Bars, lane: number, time: number, reach: number): number {
  let best = -1;
  let nearest = reach;
  for (let i = firstEndingAfter(bars, lane, time - reach); i < bars.offsets[lane + 1]; i++) {
    if (bars.start[i] > time + reach) break;
    const distance = Math.max(bars.start[i] - time, time - bars.end[i], 0);
    if (distance <= nearest) {
      nearest = distance;
      best = i;
      if (distance === 0) break;
    }
  }
  return best;
}

/** Bars of a lane do not overlap, so their ends are sorted as their starts are. */
function firstEndingAfter(bars: Bars, lane: number, time: number): number {
  let low = bars.offsets[lane];
  let high = bars.offsets[lane + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars.end[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function historyOf(transaction: ArrayLike<number>, count: number, transactions: number): LanesLayout["history"] {
  const offsets = new Uint32Array(transactions + 1);
  for (let i = 0; i < count; i++) offsets[transaction[i] + 1]++;
  for (let t = 0; t < transactions; t++) offsets[t + 1] += offsets[t];
  const next = offsets.slice();
  const events = new Uint32Array(count);
  for (let i = 0; i < count; i++) events[next[transaction[i]]++] = i;
  return { offsets, events };
}

function attemptKey(transaction: number, incarnation: number): number {
  return transaction * 0x100000 + incarnation;
}
