import { describe, expect, test } from "vitest";
import { compareRuns, differenceInParts, differenceOf, DIFFERENCES, type DifferenceKind, type Entry } from "../src/compare/difference.ts";
import { counterpart, match as matchInParts, type Match } from "../src/compare/match.ts";
import { atOnce } from "../src/compare/parts.ts";
import { textDifference } from "../src/compare/text.ts";
import type { Report } from "../src/engine/types.ts";
import { lengthOf, momentAt, momentOfA, momentOfB, onOneClock, paceOf, pairOf, timeOf } from "../src/state/kept.ts";
import { atStep, START } from "../src/state/playhead.ts";
import { DEFAULT_OPTIONS, initialState, reduce, type Action, type Finished, type State } from "../src/state/state.ts";
import { fixture, random, type FixtureOptions } from "./fixture.ts";

const run = (report: Report, text = "one text"): Finished => ({ report, text, options: report.options });
const match = (a: Report, b: Report, sameText: boolean): Match => atOnce(matchInParts(a, b, sameText));
const BLOCK: FixtureOptions = { transactions: 24, seed: 3, contention: 0.6 };

/** A block of which something has been changed; its transactions and accounts are its own. */
function changed(change: (report: Report) => void, options: FixtureOptions = BLOCK): Finished {
  const report = fixture(options);
  report.verdict.sequentialStateRoot = `0x${"0dd".padStart(64, "0")}`;
  change(report);
  return run(report, "another text");
}

/** Takes a transaction out of the block, of which the run is then as if it had never been there. */
function drop(report: Report, index: number): void {
  report.transactions.splice(index, 1);
  const { events } = report.timeline;
  const left = Array.from(events.transaction, (t, i) => [t, i]).filter(([t]) => t !== index).map(([, i]) => i);
  const column = (values: ArrayLike<number>): number[] => left.map((i) => values[i]);
  report.timeline.events = {
    kind: column(events.kind),
    worker: column(events.worker),
    transaction: column(events.transaction).map((t) => (t > index ? t - 1 : t)),
    incarnation: column(events.incarnation),
    start: column(events.start),
    end: column(events.end),
    cause: column(events.cause),
  };
  const path = report.graph.criticalPathGas;
  path.transactions = path.transactions.filter((t) => t !== index).map((t) => (t > index ? t - 1 : t));
}

function swap(report: Report, i: number, j: number): void {
  const { transactions } = report;
  [transactions[i], transactions[j]] = [transactions[j], transactions[i]];
}

/** Entries of one kind, as pairs of places. */
const ofKind = (entries: readonly Entry[], kind: DifferenceKind): (readonly [number | null, number | null])[] =>
  entries.filter((entry) => entry.kind === kind).map(({ a, b }) => [a, b] as const);

describe("what differs between two blocks", () => {
  const cases: readonly { name: string; change: (report: Report) => void; expected: Partial<Record<DifferenceKind, (readonly [number | null, number | null])[]>> }[] = [
    { name: "nothing", change: () => {}, expected: {} },
    { name: "one is gone", change: (report) => drop(report, 5), expected: { missing: [[5, null]] } },
    { name: "one asks for something else", change: (report) => (report.transactions[4].value = "0x7"), expected: { changed: [[4, 4]] } },
    { name: "one fails", change: (report) => Object.assign(report.transactions[2], { status: "revert", reason: "no" }), expected: { outcome: [[2, 2]] } },
    { name: "one logs something else", change: (report) => (report.transactions[0].logs = [{ account: 0, topics: [], data: "0x01", event: null }]), expected: { outcome: [[0, 0]] } },
    { name: "one uses other gas", change: (report) => report.transactions[7].gasUsed++, expected: { gas: [[7, 7]] } },
    { name: "one is on the critical path no more", change: (report) => report.graph.criticalPathGas.transactions.pop(), expected: { critical: [[fixture(BLOCK).graph.criticalPathGas.transactions.at(-1)!, fixture(BLOCK).graph.criticalPathGas.transactions.at(-1)!]] } },
  ];
  test.each(cases)("$name", ({ change, expected }) => {
    const { entries } = compareRuns(run(fixture(BLOCK)), changed(change));
    for (const kind of DIFFERENCES) expect(ofKind(entries, kind), kind).toEqual(expected[kind] ?? []);
  });

  test("where one is moved past others it is the one that has moved, and where two change places both", () => {
    const moved = (change: (report: Report) => void): unknown => ofKind(compareRuns(run(fixture(BLOCK)), changed(change)).entries, "moved");
    expect(moved((report) => report.transactions.splice(9, 0, ...report.transactions.splice(2, 1)))).toEqual([[2, 9]]);
    expect(moved((report) => swap(report, 3, 4))).toEqual([[3, 4], [4, 3]]);
  });

  test("aborts in one run only, from either side", () => {
    const once = run(fixture(BLOCK));
    const never = changed((report) => report.timeline.events.kind = Array.from(report.timeline.events.kind, (kind) => (kind === 3 ? 2 : kind)));
    const aborted = [...new Set(once.report.timeline.causes.map(({ victim }) => victim))].sort((x, y) => x - y);
    expect(aborted.length).toBeGreaterThan(0);
    const pairs = aborted.map((t) => [t, t]);
    expect(ofKind(compareRuns(once, never).entries, "aborted")).toEqual(pairs);
    expect(ofKind(compareRuns(never, once).entries, "aborted")).toEqual(pairs);
  });
});

test("in parts it comes out the same, is worked out once, and is known from then on", async () => {
  const pair = { a: run(fixture({ transactions: 2500, seed: 5 })), b: changed((report) => drop(report, 1200), { transactions: 2500, seed: 5, workers: 8 }) };
  let pauses = 0;
  const pause = (): Promise<void> => (pauses++, Promise.resolve());
  const first = differenceInParts(pair, pause);
  expect(differenceOf(pair)).toBeNull();
  expect(await first).toEqual(compareRuns(pair.a, pair.b));
  expect(pauses).toBeGreaterThan(8);
  expect(await differenceInParts(pair, () => Promise.reject(new Error("again")))).toBe(await first);
  expect(differenceOf(pair)).toBe(await first);
  expect(differenceOf({ a: pair.b, b: pair.a })).toBeNull();
});

describe("what corresponds", () => {
  test("of one text the place counts, of two the sender with the nonce, and of several of those the order", () => {
    const a = fixture(BLOCK);
    const b = fixture(BLOCK);
    expect(match(a, b, true).by).toBe("place");
    swap(b, 0, 1);
    expect([...match(a, b, true).transactions.toB.slice(0, 3)]).toEqual([0, 1, 2]);
    expect([...match(a, b, false).transactions.toB.slice(0, 3)]).toEqual([1, 0, 2]);
    // Two of one sender with one nonce: the second is invalid in every block, and the second of the other.
    for (const report of [a, b]) report.transactions.push(structuredClone(report.transactions[5]));
    expect(match(a, b, false).transactions.toB[24]).toBe(24);
    drop(b, 5);
    expect([match(a, b, false).transactions.toB[5], match(a, b, false).transactions.toB[24]]).toEqual([23, -1]);
  });

  test("a selection is found in the other run, an attempt by its transaction; an edge and what is not there are not", () => {
    const a = fixture(BLOCK);
    const b = fixture(BLOCK);
    b.locations.reverse();
    drop(b, 5);
    const matched = match(a, b, false);
    const there = (selection: Parameters<typeof counterpart>[1]): unknown => counterpart(matched, selection, "toB", a);
    expect(there({ kind: "transaction", index: 6 })).toEqual({ kind: "transaction", index: 5 });
    expect(there({ kind: "transaction", index: 5 })).toBeNull();
    expect(there({ kind: "location", index: 0 })).toEqual({ kind: "location", index: b.locations.length - 1 });
    expect(there({ kind: "account", index: 3 })).toEqual({ kind: "account", index: 3 });
    const event = Array.from(a.timeline.events.transaction).indexOf(6);
    expect(there({ kind: "event", index: event })).toEqual({ kind: "transaction", index: 5 });
    expect(there({ kind: "edge", index: 0 })).toBeNull();
    expect(there(null)).toBeNull();
  });
});

describe("the state that blocks end with", () => {
  const write = (report: Report, transaction: number, location: number, value: string, added = false): void => void report.transactions[transaction].writes.push({ location, value, added });
  /** Slots of a block that nobody uses yet: numbered after those there are. */
  const withSlots = (report: Report, count: number): number => {
    for (let i = 0; i < count; i++) report.locations.push({ kind: "slot", account: 0, slot: `0x${100 + i}`, label: `own ${i}` });
    return report.locations.length - count;
  };
  /** What is said of slots that both blocks have and of which either may write something. */
  const check = (name: string, inA: (report: Report, slot: number) => void, inB: (report: Report, slot: number) => void, expected: unknown): void =>
    test(name, () => {
      const [a, b] = [fixture(BLOCK), fixture(BLOCK)];
      inA(a, withSlots(a, 1));
      inB(b, withSlots(b, 1));
      b.verdict.sequentialStateRoot = "0x2";
      const { locations, untold } = compareRuns(run(a), run(b, "another")).state;
      expect({ locations: locations.map(({ leftA, leftB }) => [leftA?.value ?? null, leftB?.value ?? null]), untold }).toEqual(expected);
    });
  const same = { locations: [], untold: 0 };
  check("the last write counts", (r, s) => (write(r, 0, s, "0x1"), write(r, 3, s, "0x5")), (r, s) => write(r, 2, s, "0x5"), same);
  check("other values differ", (r, s) => write(r, 0, s, "0x1"), (r, s) => write(r, 0, s, "0x2"), { locations: [["0x1", "0x2"]], untold: 0 });
  check("additions are added to what was written", (r, s) => (write(r, 0, s, "0x1"), write(r, 1, s, "0x4", true)), (r, s) => write(r, 0, s, "0x5"), same);
  check(
    "and wrap around",
    (r, s) => (write(r, 0, s, "0x3"), write(r, 1, s, `0x${"f".repeat(64)}`, true)),
    (r, s) => write(r, 0, s, "0x2"),
    same,
  );
  check("or to what stood there before", (r, s) => (r.transactions[0].reads.push({ location: s, value: "0xa", from: null }), write(r, 1, s, "0x1", true)), (r, s) => write(r, 0, s, "0xb"), same);
  check("or to what nobody knows", (r, s) => write(r, 0, s, "0x1", true), (r, s) => write(r, 0, s, "0x2", true), { locations: [["0x1", "0x2"]], untold: 0 });
  check("which says nothing beside a value", (r, s) => write(r, 0, s, "0x1", true), (r, s) => write(r, 0, s, "0x2"), { locations: [], untold: 1 });
  check("a write in one block only", () => {}, (r, s) => write(r, 0, s, "0x2"), { locations: [[null, "0x2"]], untold: 0 });
  check("a write that changes nothing", (r, s) => (r.transactions[0].reads.push({ location: s, value: "0x2", from: null }), write(r, 0, s, "0x2")), () => {}, same);
  check("a block that was rejected writes nothing", (r, s) => (write(r, 0, s, "0x1"), (r.verdict.rejectedBy = 2)), (r) => (r.verdict.rejectedBy = 0), same);

  test("accounts by balance and nonce; those that only one block has touched if it has changed them", () => {
    const a = fixture(BLOCK);
    const b = changed((report) => {
      report.accounts[1].balanceAfter = "0x1";
      report.accounts[2].nonceAfter = 7;
      report.accounts.push({ ...report.accounts[0], address: `0x${"1".repeat(40)}` }, { ...report.accounts[0], address: `0x${"2".repeat(40)}`, balanceAfter: "0x9", balanceBefore: "0x8" });
      report.accounts.at(-2)!.balanceAfter = report.accounts.at(-2)!.balanceBefore;
      report.accounts.at(-2)!.nonceAfter = report.accounts.at(-2)!.nonceBefore;
    });
    expect(compareRuns(run(a), b).state.accounts).toEqual([{ a: 1, b: 1 }, { a: 2, b: 2 }, { a: null, b: b.report.accounts.length - 1 }]);
  });

  test("of one text it has to be the same", () => {
    const broken = fixture(BLOCK);
    broken.verdict.sequentialStateRoot = "0x2";
    expect(compareRuns(run(fixture(BLOCK)), run(broken)).state).toMatchObject({ mustAgree: true, equal: false });
    expect(compareRuns(run(fixture(BLOCK)), run(fixture({ ...BLOCK, workers: 8 }))).state).toMatchObject({ mustAgree: true, equal: true });
  });
});

describe("random pairs", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e6));
  console.log(`compare.test.ts: SEED=${seed}`);
  const next = random(seed);
  const pick = (count: number): number => Math.floor(next() * count);

  function shuffled(): Finished {
    const report = fixture({ transactions: 1 + pick(40), workers: 1 + pick(8), seed: pick(1000), contention: next(), shared: pick(5) });
    report.verdict.sequentialStateRoot = `0x${pick(3)}`;
    for (let k = pick(4); k > 0 && report.transactions.length > 1; k--) {
      if (next() < 0.5) drop(report, pick(report.transactions.length));
      else swap(report, pick(report.transactions.length), pick(report.transactions.length));
    }
    for (const transaction of report.transactions) if (next() < 0.1) transaction.gasUsed += pick(3);
    return run(report, `text ${pick(2)}`);
  }
  const mirrored = ({ kind, a, b }: Entry): string => JSON.stringify([kind, b, a]);
  const plain = ({ kind, a, b }: Entry): string => JSON.stringify([kind, a, b]);

  test(`a run does not differ from itself (SEED=${seed})`, () => {
    for (let i = 0; i < 60; i++) {
      const a = shuffled();
      const { entries, options, text, state, hot, match: matched } = compareRuns(a, { ...a });
      expect([entries, options, text]).toEqual([[], [], null]);
      expect(state).toEqual({ mustAgree: true, equal: true, accounts: [], locations: [], untold: 0 });
      expect(hot.every((pair) => pair.a === pair.b)).toBe(true);
      expect([...matched.transactions.toA]).toEqual(a.report.transactions.map((_, t) => t));
    }
  });

  test(`what differs is the same from either side (SEED=${seed})`, () => {
    for (let i = 0; i < 120; i++) {
      const [a, b] = [shuffled(), shuffled()];
      const [there, back] = [compareRuns(a, b), compareRuns(b, a)];
      expect(there.entries.map(plain).sort()).toEqual(back.entries.map(mirrored).sort());
      expect(there.options).toEqual(back.options);
      expect(there.state.untold).toBe(back.state.untold);
      const both = (list: readonly { readonly a: unknown; readonly b: unknown }[], swapped: boolean): string[] => list.map(({ a: x, b: y }) => JSON.stringify(swapped ? [y, x] : [x, y])).sort();
      for (const part of ["accounts", "locations"] as const) expect(both(there.state[part], false)).toEqual(both(back.state[part], true));
      expect(both(there.hot, false)).toEqual(both(back.hot, true));
    }
  });

  test(`nothing is in two places, and everything is somewhere (SEED=${seed})`, () => {
    for (let i = 0; i < 60; i++) {
      const [a, b] = [shuffled(), shuffled()];
      const { transactions } = match(a.report, b.report, a.text === b.text);
      transactions.toB.forEach((j, t) => j >= 0 && expect(transactions.toA[j]).toBe(t));
      transactions.toA.forEach((t, j) => t >= 0 && expect(transactions.toB[t]).toBe(j));
    }
  });
});

describe("the lines in which texts differ", () => {
  test.each([
    ["a\nb\nc", "a\nb\nc", null],
    ["a\nb\nc", "a\nX\nY\nc", { from: 2, a: 1, b: 2, blank: false }],
    ["a\nc", "a\nb\nc", { from: 2, a: 0, b: 1, blank: false }],
    ["a\na", "a\na\na", { from: 3, a: 0, b: 1, blank: false }],
    ["{ 1 }", "{1}\n", { from: 1, a: 1, b: 2, blank: true }],
    ["", "a", { from: 1, a: 1, b: 1, blank: false }],
  ])("%j and %j", (a, b, expected) => expect(textDifference(a, b)).toEqual(expected));
});

describe("the moment that both runs are at", () => {
  const a = fixture({ ...BLOCK, workers: 1 });
  const b = fixture({ ...BLOCK, workers: 8 });
  const measured = fixture(BLOCK);
  measured.options = { ...measured.options, clock: "measured" };
  measured.timeline.unit = "microseconds";
  measured.timeline.duration /= 1000;
  for (const column of ["start", "end"] as const) measured.timeline.events[column] = Array.from(measured.timeline.events[column], (time) => time / 1000);

  test("is a time of one clock, and a share of each run where the clocks differ", () => {
    expect(a.timeline.duration).toBeGreaterThan(b.timeline.duration);
    expect([onOneClock(a, b), paceOf(a, b), lengthOf(a, b)]).toEqual([true, 1, a.timeline.duration]);
    expect(onOneClock(measured, b)).toBe(false);
    expect(lengthOf(measured, b)).toBeCloseTo(b.timeline.duration, 6);
    const half = momentAt(measured, b, b.timeline.duration / 2);
    expect(half.kept!.time).toBeCloseTo(measured.timeline.duration / 2, 6);
    expect(half.playhead!.time).toBe(b.timeline.duration / 2);
  });

  test("steps by the events of one, even where several happen at one time, and the other follows", () => {
    const { events } = a.timeline;
    const step = Array.from(events.end).findIndex((end, i) => i > 0 && end === events.end[i - 1]);
    expect(step).toBeGreaterThan(0);
    const moment = momentOfA(a, b, atStep(events, step));
    expect(moment.kept).toEqual({ step, time: events.end[step - 1] });
    expect(moment.playhead?.time).toBe(events.end[step - 1]);
    expect(momentOfB(a, b, START)).toEqual({ kept: START, playhead: START });
  });

  test("the longer run goes on when the other is over", () => {
    const pair = { a: run(a), b: run(b) };
    const late = momentAt(a, b, (a.timeline.duration + b.timeline.duration) / 2);
    expect(late.playhead).toBeNull();
    expect(timeOf(pair, late)).toBe((a.timeline.duration + b.timeline.duration) / 2);
    expect(momentOfB(a, b, null).kept!.time).toBe(b.timeline.duration);
    expect(timeOf(pair, { kept: null, playhead: null })).toBeNull();
  });

  const after = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
  const finish = (id: number, report: Report): Action[] => [
    { type: "started", id },
    { type: "finished", id, report, text: "one text", options: DEFAULT_OPTIONS },
  ];

  test("A is kept while later runs are made, follows the page's playhead, and is forgotten on demand", () => {
    const first = after(initialState("one text", null), ...finish(1, a));
    const kept = after(first, { type: "keep", run: first.finished });
    expect(pairOf(kept)).toBeNull();
    const both = after(kept, ...finish(2, b));
    expect(pairOf(both)).toEqual({ a: first.finished, b: both.finished });
    const moved = after(both, { type: "playhead", playhead: atStep(b.timeline.events, 5) });
    expect(moved.kept!.playhead!.time).toBe(moved.playhead!.time);
    expect(after(moved, { type: "playhead", playhead: null }).kept!.playhead).toBeNull();
    expect(after(moved, ...finish(3, b)).kept).toMatchObject({ run: first.finished, playhead: null });
    expect(after(moved, { type: "keep", run: null }).kept).toBeNull();
  });

  test("what only A has is selected there alone, until something else is", () => {
    const first = after(initialState("one text", null), ...finish(1, a));
    const both = after(first, { type: "keep", run: first.finished }, ...finish(2, b), { type: "selectKept", selection: { kind: "transaction", index: 3 } });
    expect([both.selection, both.kept!.selection]).toEqual([null, { kind: "transaction", index: 3 }]);
    expect(after(both, { type: "select", selection: { kind: "transaction", index: 1 } }).kept!.selection).toBeNull();
  });

  test("a replay begins again only once both are over", () => {
    const first = after(initialState("one text", null), ...finish(1, a));
    const both = after(first, { type: "keep", run: first.finished }, ...finish(2, b));
    const late = after(both, { type: "playhead", ...momentAt(a, b, (a.timeline.duration + b.timeline.duration) / 2) });
    expect(after(late, { type: "play", playing: true })).toMatchObject({ playing: true, playhead: null, kept: late.kept });
    expect(after(both, { type: "play", playing: true })).toMatchObject({ playing: true, playhead: START, kept: { playhead: START } });
  });
});
