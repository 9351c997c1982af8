import { describe, expect, test } from "vitest";
import type { Events, Timeline } from "../src/engine/types.ts";
import { ABORTED, BLOCKED, COMMITTED, EXECUTED, VALIDATED } from "../src/layout/kinds.ts";
import { Progress, STATES } from "../src/layout/progress.ts";
import { playReplays, REPLAY } from "../src/replay.ts";
import { atStep, atTime, endOf, largeStep, START, stepped, type Playhead } from "../src/state/playhead.ts";
import { initialState, reduce, type State } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { fixture, random } from "./fixture.ts";

/** Two workers: 1 reads too early, is aborted when 0 has written, and runs again. Three things happen at 25. */
const small = columns([
  [EXECUTED, 0, 0, 0, 10],
  [EXECUTED, 1, 0, 0, 11],
  [ABORTED, 1, 0, 11, 11],
  [VALIDATED, 0, 0, 12, 12],
  [COMMITTED, 0, 0, 12, 12],
  [EXECUTED, 1, 1, 13, 25],
  [VALIDATED, 1, 1, 25, 25],
  [COMMITTED, 1, 1, 25, 25],
]);

describe("the playhead", () => {
  test("steps over events, one by one even where they happen at one time", () => {
    expect(stepped(small, null, -1)).toEqual({ step: 7, time: 25 });
    expect(stepped(small, { step: 7, time: 25 }, -1)).toEqual({ step: 6, time: 25 });
    expect(stepped(small, START, 1)).toEqual({ step: 1, time: 10 });
    expect(stepped(small, START, -1)).toEqual(START);
    expect(stepped(small, { step: 7, time: 25 }, 1)).toBeNull();
    expect(largeStep(small)).toBe(10);
  });

  test("at a time everything has happened that ended by then", () => {
    expect(atTime(small, 11)).toEqual({ step: 3, time: 11 });
    expect(atTime(small, 11.5)).toEqual({ step: 3, time: 11.5 });
    expect(atTime(small, -4)).toEqual(START);
    expect(atTime(small, 25)).toBeNull();
    expect(atTime(columns([]), 0)).toBeNull();
  });

  const finished = (): State => {
    const report = fixture({ transactions: 20 });
    const state = reduce(initialState("{}", null), { type: "started", id: 1 });
    return reduce(state, { type: "finished", id: 1, report, text: "{}", options: state.options });
  };

  test("playing begins at the start if it was at the end, and whoever moves the playhead pauses it", () => {
    const playing = reduce(finished(), { type: "play", playing: true });
    expect([playing.playing, playing.playhead]).toEqual([true, START]);
    const moved = reduce(playing, { type: "playhead", playhead: { step: 3, time: 11 } });
    expect([moved.playing, moved.playhead]).toEqual([false, { step: 3, time: 11 }]);
    expect(reduce(moved, { type: "play", playing: true }).playhead).toEqual({ step: 3, time: 11 });
    expect(reduce(initialState("{}", null), { type: "play", playing: true }).playing).toBe(false);
  });

  for (const [speed, reduced] of [
    [1, false],
    [4, false],
    [1, true],
  ] as const) {
    test(`a replay takes its time at speed ${speed}${reduced ? ", and jumps where less motion is wanted" : ""}`, () => {
      const store = createStore(reduce, finished());
      let next: ((now: number) => void) | null = null;
      playReplays(store, { next: (draw) => void (next = draw), reducedMotion: () => reduced });
      store.dispatch({ type: "speed", speed });
      store.dispatch({ type: "play", playing: true });
      const steps: number[] = [];
      let now = 5000;
      while (next) {
        const draw: (now: number) => void = next;
        next = null;
        draw(now);
        if (store.state.playhead) steps.push(store.state.playhead.time);
        now += 20;
      }
      expect(store.state).toMatchObject({ playing: false, playhead: null });
      expect(Math.abs(now - 5000 - REPLAY / speed)).toBeLessThan(100);
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
      const moments = new Set(steps).size;
      if (reduced) expect(moments).toBe(16);
      else expect(moments).toBeGreaterThan(80 / speed);
    });
  }
});

describe("progress", () => {
  const statesAt = (events: Events, transactions: number, playhead: Playhead): string[] => {
    const progress = new Progress(events, transactions);
    progress.moveTo(playhead);
    return Array.from({ length: transactions }, (_, t) => progress.stateOf(t));
  };

  test("a transaction goes through its states, and at one time one after the other", () => {
    const at = (step: number, time: number): string[] => statesAt(small, 2, { step, time });
    expect(at(0, 0)).toEqual(["waiting", "waiting"]);
    expect(at(0, 1)).toEqual(["executing", "executing"]);
    expect(at(1, 10)).toEqual(["executed", "executing"]);
    expect(at(2, 11)).toEqual(["executed", "executed"]);
    expect(at(3, 11)).toEqual(["executed", "aborted"]);
    expect(at(4, 12)).toEqual(["validated", "aborted"]);
    expect(at(5, 12.5)).toEqual(["committed", "aborted"]);
    expect(at(5, 13)).toEqual(["committed", "aborted"]);
    expect(at(5, 14)).toEqual(["committed", "executing"]);
    expect(at(6, 25)).toEqual(["committed", "executed"]);
    expect(at(7, 25)).toEqual(["committed", "validated"]);
    expect(at(8, Infinity)).toEqual(["committed", "committed"]);
  });

  test("so does an attempt: its abort is not known before it happens", () => {
    const progress = new Progress(small, 2);
    const state = (event: number, step: number, time: number): string => STATES[progress.attemptAt(event, { step, time })];
    expect([state(1, 1, 10), state(1, 2, 11), state(1, 3, 11), state(1, 8, 30)]).toEqual(["executing", "executed", "aborted", "aborted"]);
    expect([state(5, 5, 12), state(5, 5, 14), state(5, 7, 25), state(5, 8, 25)]).toEqual(["waiting", "executing", "validated", "committed"]);
  });

  test("what is committed stays so, and a check of an attempt that is gone changes nothing", () => {
    const late = columns([
      [EXECUTED, 0, 0, 0, 10],
      [COMMITTED, 0, 0, 10, 10],
      [VALIDATED, 0, 0, 9, 11],
      [EXECUTED, 1, 0, 0, 12],
      [ABORTED, 1, 0, 12, 12],
      [VALIDATED, 1, 0, 11, 13],
    ]);
    expect(statesAt(late, 2, endOf(late))).toEqual(["committed", "aborted"]);
  });

  test("wherever one comes from, a moment is the same: against a count from the start", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const transactions = 1 + Math.floor(next() * 30);
      const { events } = seed % 2 ? randomTimeline(next, transactions) : fixture({ transactions, workers: 3, seed, shared: 2, contention: 0.9 }).timeline;
      const wandering = new Progress(events, transactions);
      for (let k = 0; k < 40; k++) {
        const playhead = (next() < 0.5 ? atStep(events, Math.floor(next() * (events.kind.length + 1))) : atTime(events, next() * 1.1 * (events.end[events.end.length - 1] ?? 1))) ?? endOf(events);
        wandering.moveTo(playhead);
        const states = Array.from({ length: transactions }, (_, t) => wandering.stateOf(t));
        expect(states, `seed ${seed}, ${JSON.stringify(playhead)}`).toEqual(states.map((_, t) => slowly(events, t, playhead)));
        const counted = STATES.map((state) => states.filter((s) => s === state).length);
        expect([...wandering.counts], `seed ${seed}`).toEqual(counted);
      }
    }
  });

  test("after the last event everything is as the finished run has it", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { timeline, transactions } = fixture({ transactions: 40, workers: 4, seed, shared: 3, contention: 0.8 });
      const count = transactions.length;
      expect(statesAt(timeline.events, count, endOf(timeline.events)), `seed ${seed}`).toEqual(Array.from({ length: count }, () => "committed"));
      const aborts = new Progress(timeline.events, count);
      aborts.moveTo(endOf(timeline.events));
      expect(aborts.aborts.reduce((a, b) => a + b), `seed ${seed}`).toBe(timeline.causes.length);
      aborts.moveTo(START);
      expect(aborts.aborts.reduce((a, b) => a + b), `seed ${seed}`).toBe(0);
    }
  });
});

/** The state of a transaction by looking at all of its events, without anything remembered. */
function slowly(events: Events, transaction: number, { step, time }: Playhead): string {
  let state = "waiting";
  let attempt = -1;
  for (let i = 0; i < events.kind.length; i++) {
    if (events.transaction[i] !== transaction) continue;
    if (i >= step) {
      if (events.start[i] < time && events.kind[i] <= BLOCKED && events.end[i] > events.start[i]) return "executing";
      continue;
    }
    if (state === "committed") continue;
    if (events.kind[i] === EXECUTED) {
      state = "executed";
      attempt = events.incarnation[i];
    } else if (events.kind[i] === BLOCKED) state = "blocked";
    else if (events.kind[i] === COMMITTED) state = "committed";
    else if (events.incarnation[i] === attempt) {
      state = events.kind[i] === ABORTED ? "aborted" : "validated";
      if (events.kind[i] === ABORTED) attempt = -1;
    }
  }
  return state;
}

/** Workers that execute, check, undo and commit as the numbers fall, in whole units of time, so that much happens at once. */
function randomTimeline(next: () => number, transactions: number): Timeline {
  const rows: Row[] = [];
  for (let t = 0; t < transactions; t++) {
    let time = Math.floor(next() * 20);
    for (let incarnation = 0; ; incarnation++) {
      if (next() < 0.2) rows.push([BLOCKED, t, incarnation, time, (time += Math.floor(next() * 3))]);
      const start = (time += Math.floor(next() * 3));
      rows.push([EXECUTED, t, incarnation, start, (time += 1 + Math.floor(next() * 6))]);
      if (next() < 0.5) rows.push([VALIDATED, t, incarnation, time, (time += Math.floor(next() * 2))]);
      if (next() < 0.6) break;
      rows.push([ABORTED, t, incarnation, time, (time += Math.floor(next() * 2))]);
    }
    if (next() < 0.9) rows.push([COMMITTED, t, 0, time, time]);
  }
  // Stable, so that what happens to one transaction at one time stays in its order.
  rows.sort((a, b) => a[4] - b[4]);
  const events = columns(rows);
  return { unit: "gas", workers: 1, duration: rows.at(-1)?.[4] ?? 0, events, causes: [] };
}

type Row = [kind: number, transaction: number, incarnation: number, start: number, end: number];

function columns(rows: Row[]): Events {
  const column = (k: number): number[] => rows.map((row) => row[k]!);
  return { kind: column(0), worker: rows.map(() => 0), transaction: column(1), incarnation: column(2), start: column(3), end: column(4), cause: rows.map(() => -1) };
}
