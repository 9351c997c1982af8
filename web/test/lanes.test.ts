import { describe, expect, test } from "vitest";
import { ABORTED, COMMITTED } from "../src/layout/kinds.ts";
import { BAR_ABORTED, BAR_EXECUTED, barAt, binLane, layoutLanes, newRuns } from "../src/layout/lanes.ts";
import type { Timeline } from "../src/engine/types.ts";
import { fixture, random } from "./fixture.ts";

/** Two workers: 1 reads too early, is aborted when 0 has written, and runs again. */
const small: Timeline = {
  unit: "gas",
  workers: 2,
  duration: 30,
  events: {
    kind: [0, 0, 3, 2, 4, 0, 2, 4],
    worker: [0, 1, 1, 0, 0, 1, 1, 1],
    transaction: [0, 1, 1, 0, 0, 1, 1, 1],
    incarnation: [0, 0, 0, 0, 0, 1, 1, 1],
    start: [0, 0, 11, 12, 12, 13, 25, 25],
    end: [10, 11, 11, 12, 12, 25, 25, 25],
    cause: [-1, -1, 0, -1, -1, -1, -1, -1],
  },
  causes: [{ victim: 1, by: 0, location: 0, readFrom: null, read: "0x1", now: "0x2", sentence: "…" }],
};

describe("lanes", () => {
  const lanes = layoutLanes(small, 2);

  test("attempts that are undone are marked, in their lane", () => {
    expect([...lanes.attempts.offsets]).toEqual([0, 1, 3]);
    expect([...lanes.attempts.state]).toEqual([BAR_EXECUTED, BAR_ABORTED, BAR_EXECUTED]);
  });

  test("an abort points to the write that caused it", () => {
    expect(lanes.aborts).toHaveLength(1);
    expect(lanes.aborts[0]).toMatchObject({ worker: 1, time: 11, transaction: 1, source: { worker: 0, time: 10, event: 0 } });
  });

  test("commits are a ladder in block order", () => {
    expect([...lanes.commitTransaction]).toEqual([0, 1]);
    expect([...lanes.commitTime]).toEqual([12, 25]);
  });

  test("hit-testing finds the bar under a time, or the nearest within reach", () => {
    expect(barAt(lanes.attempts, 1, 5, 0)).toBe(1);
    expect(barAt(lanes.attempts, 1, 12, 0.5)).toBe(-1);
    expect(barAt(lanes.attempts, 1, 12.4, 1)).toBe(2);
    expect(barAt(lanes.attempts, 0, 29, 1)).toBe(-1);
  });
});

describe("binning", () => {
  test("wide bars stand for themselves, narrow ones share a pixel, an abort is never hidden", () => {
    const lanes = layoutLanes(small, 2);
    const runs = newRuns(300);
    binLane(lanes.attempts, 1, 0, 30, 300, runs);
    expect(runs.count).toBe(2);
    expect([...runs.bar.slice(0, 2)]).toEqual([1, 2]);
    binLane(lanes.attempts, 1, 0, 3000, 10, runs);
    expect(runs.count).toBe(1);
    expect(runs.state[0]).toBe(BAR_ABORTED);
  });

  test("bars that begin later are left out, and others are in the state they are said to be in", () => {
    const lanes = layoutLanes(small, 2);
    const runs = newRuns(300);
    binLane(lanes.attempts, 1, 0, 30, 300, runs, { until: 12, stateOf: () => 3 });
    expect(runs.count).toBe(1);
    expect([runs.bar[0], runs.state[0]]).toEqual([1, 3]);
    binLane(lanes.attempts, 1, 0, 30, 300, runs, { stateOf: (bar) => (bar === 1 ? 0 : 3) });
    expect([...runs.bar.slice(0, runs.count)]).toEqual([2]);
  });

  test("every busy pixel is covered, at every zoom", () => {
    const report = fixture({ transactions: 400, workers: 3, shared: 5, contention: 0.7 });
    const lanes = layoutLanes(report.timeline, 400);
    const runs = newRuns(200);
    for (const [from, to] of [
      [0, lanes.duration],
      [lanes.duration * 0.4, lanes.duration * 0.5],
      [lanes.duration * 0.99, lanes.duration],
    ]) {
      for (let lane = 0; lane < 3; lane++) {
        binLane(lanes.attempts, lane, from, to, 200, runs);
        for (let i = lanes.attempts.offsets[lane]; i < lanes.attempts.offsets[lane + 1]; i++) {
          const middle = (((lanes.attempts.start[i] + lanes.attempts.end[i]) / 2 - from) / (to - from)) * 200;
          if (middle < 0 || middle > 200) continue;
          let covered = false;
          for (let k = 0; k < runs.count; k++) covered ||= runs.x[k] <= middle + 1 && middle - 1 <= runs.x[k] + runs.width[k];
          expect(covered).toBe(true);
        }
      }
    }
  });

  test("100,000 events (target: well under 8 ms a frame)", () => {
    const timeline = longTimeline(100_000, 8);
    const lanes = layoutLanes(timeline, 50_000);
    const runs = newRuns(1200);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      for (let lane = 0; lane < 8; lane++) binLane(lanes.attempts, lane, 0, lanes.duration, 1200, runs);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`binning of 100,000 events in 8 lanes: median ${times[4].toFixed(2)} ms`);
    expect(runs.count).toBeLessThanOrEqual(1200);
    expect(times[0]).toBeLessThan(500);
  });
});

test("the fixture's timelines commit everything once and in order", () => {
  const { timeline } = fixture({ transactions: 50, seed: 3 });
  const commits = [...Array(timeline.events.kind.length).keys()].filter((i) => timeline.events.kind[i] === COMMITTED);
  expect(commits.map((i) => timeline.events.transaction[i])).toEqual([...Array(50).keys()]);
  const aborted = [...Array(timeline.events.kind.length).keys()].filter((i) => timeline.events.kind[i] === ABORTED);
  expect(aborted.length).toBe(timeline.causes.length);
});

function longTimeline(count: number, workers: number): Timeline {
  const next = random(5);
  const free = new Float64Array(workers);
  const columns = { kind: [], worker: [], transaction: [], incarnation: [], start: [], end: [], cause: [] } as Record<string, number[]>;
  for (let i = 0; i < count; i++) {
    const w = i % workers;
    const length = 1 + next() * 50;
    columns.kind.push(i % 50 === 0 ? 1 : 0);
    columns.worker.push(w);
    columns.transaction.push(i >> 1);
    columns.incarnation.push(i & 1);
    columns.start.push(free[w]);
    columns.end.push((free[w] += length));
    columns.cause.push(-1);
  }
  return { unit: "gas", workers, duration: Math.max(...free), events: columns as never, causes: [] };
}
