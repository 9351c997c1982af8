import { describe, expect, test } from "vitest";
import { doublings, ticks } from "../src/layout/scale.ts";
import { SpatialIndex } from "../src/layout/spatial.ts";
import { layoutSpeedup } from "../src/layout/speedup.ts";
import { fit, moveSpan, reveal, zoomAt, zoomSpan } from "../src/layout/viewport.ts";
import { highlight, transactionOf } from "../src/layout/highlight.ts";
import { look, placeName } from "../src/layout/lens.ts";
import { fixture, fixtureCurve, random } from "./fixture.ts";

describe("scales", () => {
  test("ticks are round and inside", () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(0, 700, 4)).toEqual([0, 200, 400, 600]);
    expect(ticks(0, 1.2, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]);
    expect(ticks(3, 3, 4)).toEqual([3]);
  });
  test("worker counts double", () => {
    expect(doublings(64)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(doublings(6)).toEqual([1, 2, 4, 6]);
    expect(doublings(1)).toEqual([1]);
  });
});

describe("viewport", () => {
  test("zooming keeps the point under the pointer", () => {
    const before = fit(1000, 500, 800, 400);
    const after = zoomAt(before, 2, 123, 45, 0.01, 10);
    const world = (v: typeof before, x: number): number => (x - v.x) / v.scaleX;
    expect(world(after, 123)).toBeCloseTo(world(before, 123));
    expect(after.scaleX).toBeCloseTo(before.scaleX * 2);
  });
  test("a span stays inside the run", () => {
    expect(zoomSpan({ start: 0, end: 100 }, 2, 0, 100)).toEqual({ start: 0, end: 50 });
    expect(zoomSpan({ start: 0, end: 50 }, 0.1, 25, 100)).toEqual({ start: 0, end: 100 });
    expect(moveSpan({ start: 10, end: 20 }, 500, 100)).toEqual({ start: 90, end: 100 });
  });
  test("revealing moves no more than needed", () => {
    const view = { scaleX: 1, scaleY: 1, x: 0, y: 0 };
    expect(reveal(view, 100, 100, 400, 300)).toEqual(view);
    expect(reveal(view, 500, 100, 400, 300, 40)).toEqual({ ...view, x: -140 });
  });
});

describe("spatial index", () => {
  test("agrees with looking at every box (seed 9)", () => {
    const next = random(9);
    const x = Float32Array.from({ length: 500 }, () => next() * 1000);
    const y = Float32Array.from({ length: 500 }, () => next() * 400);
    const index = new SpatialIndex(x, y, 9, 5, 1000, 400);
    for (let k = 0; k < 400; k++) {
      const px = next() * 1100 - 50;
      const py = next() * 500 - 50;
      const hit = index.at(px, py);
      const all = [...x.keys()].filter((i) => Math.abs(x[i] - px) <= 9 && Math.abs(y[i] - py) <= 5);
      expect(hit >= 0).toBe(all.length > 0);
      if (hit >= 0) expect(all).toContain(hit);
      const within = index.within(px, py, px + 120, py + 60).sort((a, b) => a - b);
      expect(within).toEqual(
        [...x.keys()].filter((i) => x[i] + 9 >= px && x[i] - 9 <= px + 120 && y[i] + 5 >= py && y[i] - 5 <= py + 60),
      );
    }
  });
});

describe("speedup chart", () => {
  test("the bound is never below the curve, the axis reaches over both", () => {
    const report = fixture({ transactions: 80 });
    const curve = fixtureCurve(report);
    const chart = layoutSpeedup({ points: curve.points, here: { workers: 4, speedup: 2, measured: false }, width: 400, height: 220 });
    expect(chart.points).toHaveLength(curve.points.length);
    for (const { x, y } of chart.points) {
      expect(x).toBeGreaterThanOrEqual(chart.plot.left);
      expect(x).toBeLessThanOrEqual(chart.plot.right);
      expect(y).toBeGreaterThanOrEqual(chart.plot.top);
      expect(y).toBeLessThanOrEqual(chart.plot.bottom);
    }
    expect(chart.xTicks.map((t) => t.value)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(chart.top).toBeGreaterThanOrEqual(Math.max(...curve.points.map((p) => p.bound)));
  });
  test("without a curve there is still the run's own point", () => {
    const chart = layoutSpeedup({ points: [], here: { workers: 1, speedup: 1, measured: false }, width: 300, height: 200 });
    expect(chart.here?.x).toBe(chart.plot.left);
    expect(chart.curve).toBe("");
  });
});

describe("highlight", () => {
  const report = fixture({ transactions: 40, shared: 2, contention: 0.8 });
  test("a transaction lights its neighbours and the edges between", () => {
    const edge = report.graph.edges[0];
    const lit = highlight(report, { kind: "transaction", index: edge.from });
    expect(lit.transactions).toEqual(new Set([edge.from]));
    expect(lit.related.has(edge.to)).toBe(true);
    expect(lit.edges.has(0)).toBe(true);
  });
  test("a location lights everybody who touched it", () => {
    const lit = highlight(report, { kind: "location", index: 0 });
    report.transactions.forEach((t, i) => {
      expect(lit.transactions.has(i)).toBe([...t.reads, ...t.writes].some((x) => x.location === 0));
    });
  });
  test("an abort lights who caused it and where", () => {
    const event = Array.from(report.timeline.events.kind).indexOf(3);
    const cause = report.timeline.causes[report.timeline.events.cause[event]];
    const lit = highlight(report, { kind: "event", index: event });
    expect(lit.related.has(cause.by!)).toBe(true);
    expect(lit.locations.has(cause.location)).toBe(true);
    expect(transactionOf(report, { kind: "event", index: event })).toBe(cause.victim);
  });
  test("a selection from another report lights nothing", () => {
    expect(highlight(report, { kind: "event", index: 1e9 }).transactions.size).toBe(0);
    expect(transactionOf(report, { kind: "transaction", index: 1e9 })).toBeNull();
  });
});

describe("the graph at a coarser granularity", () => {
  const report = fixture({ transactions: 40, contention: 0.8 });
  const account = look(report, "account");

  test("is the engine's, and without one of its own the run's", () => {
    expect(account.graph).toBe(report.coarser[0].graph);
    expect(account.places).toBe("accounts");
    expect(look(report, "slot")).toBe(look(report, "slotWithDeltas"));
    expect(look(report, "slotWithDeltas").graph).toBe(report.graph);
  });

  test("calls its places by the accounts' names", () => {
    const pool = account.graph.edges[0].locations[0];
    expect(placeName(report, account, pool)).toBe("pool");
    expect(placeName(report, look(report, "slot"), 0)).toBe("pool.reserve0");
  });

  test("lights up an account with all that is its, and its edges", () => {
    const pool = account.graph.edges[0].locations[0];
    const lit = highlight(report, { kind: "account", index: pool }, account);
    expect([...lit.locations].every((location) => report.locations[location].account === pool)).toBe(true);
    expect(lit.locations.size).toBe(3);
    expect(lit.edges.size).toBe(account.graph.edges.length);
    expect([...lit.accounts]).toEqual([pool]);
    // One of its slots lights up the account's edges here, and its own in the run's graph.
    const slot = highlight(report, { kind: "location", index: 0 }, account);
    expect(slot.edges.size).toBe(account.graph.edges.length);
    expect(highlight(report, { kind: "location", index: 0 }).edges.size).toBeLessThan(slot.edges.size);
  });
});
