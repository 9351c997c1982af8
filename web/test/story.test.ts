import { describe, expect, test } from "vitest";
import type { ReaderRow, Told, VersionRow } from "../src/engine/types.ts";
import { layoutVersions } from "../src/layout/versions.ts";
import { initialState, reduce, type Action, type State } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { attemptInQuestion, locationInQuestion, tellStories } from "../src/story.ts";
import { fixture, random } from "./fixture.ts";

const report = fixture({ transactions: 20, contention: 0.9 });
const { events, causes } = report.timeline;

/** A store with a finished run, and an engine that answers when the test says so. */
function telling() {
  const asked: { step: number; location: number | null; answer: (told: Told | null) => Promise<void>; fail: () => Promise<void> }[] = [];
  const store = createStore<State, Action>(reduce, initialState("{}", null));
  tellStories(store, {
    tell: (_report, step, location) =>
      new Promise((resolve, reject) => {
        const settle = async (how: () => void): Promise<void> => {
          how();
          await new Promise((done) => setTimeout(done));
        };
        asked.push({ step, location, answer: (told) => settle(() => resolve(told)), fail: () => settle(() => reject(new Error("gone"))) });
      }),
    opcodes: async () => null,
  });
  const finish = (): void => {
    store.dispatch({ type: "started", id: 1 });
    store.dispatch({ type: "finished", id: 1, report, text: "{}", options: store.state.options });
  };
  finish();
  const go = (step: number): void => store.dispatch({ type: "playhead", playhead: { step, time: events.end[step - 1] ?? 0 } });
  return { store, asked, go, finish };
}

const told = (sentence: string): Told => ({ sentence, versions: null });

describe("telling", () => {
  test("asks for nothing at the end of a run, and once for each place of the playhead", async () => {
    const { store, asked, go } = telling();
    expect(asked).toHaveLength(0);
    go(3);
    expect(asked.map(({ step }) => step)).toEqual([3]);
    await asked[0].answer(told("three"));
    expect(store.state.told).toMatchObject({ step: 3, told: { sentence: "three" } });
    expect(asked).toHaveLength(1);
    store.dispatch({ type: "detail", detail: "hot" });
    expect(asked).toHaveLength(1);
  });

  test("one question is on its way at a time, and the next is of where the playhead is by then", async () => {
    const { store, asked, go } = telling();
    for (const step of [1, 2, 3, 4]) go(step);
    expect(asked.map(({ step }) => step)).toEqual([1]);
    await asked[0].answer(told("one"));
    expect(asked.map(({ step }) => step)).toEqual([1, 4]);
    await asked[1].answer(told("four"));
    expect(store.state.told?.told?.sentence).toBe("four");
  });

  test("an answer of another run is not kept, and a failure is told as such, once", async () => {
    const { store, asked, go, finish } = telling();
    go(2);
    finish();
    await asked[0].answer(told("of the run before"));
    expect(store.state.told).toBeNull();
    go(2);
    await asked[1].fail();
    expect(store.state.told).toMatchObject({ step: 2, told: null });
    expect(asked).toHaveLength(2);
  });

  test("versions are asked for where they are looked at: of the selected location, or of the abort at the playhead", async () => {
    const { store, asked, go } = telling();
    store.dispatch({ type: "select", selection: { kind: "location", index: 1 } });
    expect(asked).toHaveLength(0);
    store.dispatch({ type: "detail", detail: "memory" });
    expect(asked.at(-1)).toMatchObject({ step: events.kind.length, location: 1 });
    await asked.at(-1)!.answer(told("the end"));
    store.dispatch({ type: "select", selection: { kind: "transaction", index: 0 } });
    expect(locationInQuestion(store.state)).toBe(1);
    const abort = Array.from(events.kind).indexOf(3);
    go(abort + 1);
    expect(asked.at(-1)).toMatchObject({ step: abort + 1, location: causes[events.cause[abort]].location });
  });
});

test("the attempt in question is the selected one, or the last by the playhead of what is selected, or of where it is", () => {
  const { store, go } = telling();
  const at = (): number | null => attemptInQuestion(store.state);
  const attempts = Array.from(events.kind).flatMap((kind, i) => (kind === 0 ? [i] : []));
  const abort = Array.from(events.kind).indexOf(3);
  const victim = events.transaction[abort];
  const undone = attempts.find((i) => events.transaction[i] === victim && events.incarnation[i] === events.incarnation[abort])!;
  const again = attempts.filter((i) => events.transaction[i] === victim).at(-1)!;
  expect(again).toBeGreaterThan(undone);

  expect(at()).toBeNull();
  store.dispatch({ type: "select", selection: { kind: "transaction", index: victim } });
  expect(at()).toBe(again);
  go(abort + 1);
  expect(at()).toBe(undone);
  store.dispatch({ type: "select", selection: { kind: "event", index: abort } });
  expect(at()).toBe(undone);
  store.dispatch({ type: "select", selection: null });
  expect(at()).toBe(undone);
  go(0);
  expect(at()).toBeNull();
});

describe("the picture of versions", () => {
  const reader = (transaction: number): ReaderRow => ({ transaction, incarnation: 0, value: "0x1", executing: false, undone: false });
  const version = (transaction: number | null, readers: number[], incarnation = 0): VersionRow => ({
    transaction,
    incarnation,
    value: "0x1",
    added: false,
    state: "published",
    readers: readers.map(reader),
    readersTotal: readers.length,
  });

  test("block order from top to bottom, a reader beside what it has written itself", () => {
    const { versions, readers, rows, left } = layoutVersions({ rows: [version(null, [2]), version(2, [5, 7]), version(7, [])], total: 3, complete: true });
    expect(versions.map(({ of, row }) => [of.transaction, row])).toEqual([[null, 0], [2, 1], [7, 3]]);
    expect(readers.map(({ of, row, from }) => [of.transaction, row, from])).toEqual([[2, 1, 0], [5, 2, 1], [7, 3, 1]]);
    expect([rows, left]).toEqual([4, 0]);
  });

  test("nothing is lost, no two are in one place, and every line goes down", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const next = random(seed);
      const rows = Array.from({ length: 1 + Math.floor(next() * 40) }, (_, i) => version(i === 0 ? null : 3 * i, Array.from({ length: Math.floor(next() * 4) }, (_, k) => 3 * i + 1 + k + Math.floor(next() * 30))));
      const layout = layoutVersions({ rows, total: rows.length, complete: true });
      const total = rows.length + rows.reduce((sum, row) => sum + row.readers.length, 0);
      expect(layout.versions.length + layout.readers.length + layout.left, `seed ${seed}`).toBe(total);
      expect(new Set(layout.versions.map(({ row }) => row)).size, `seed ${seed}`).toBe(layout.versions.length);
      expect(new Set(layout.readers.map(({ row }) => row)).size, `seed ${seed}`).toBe(layout.readers.length);
      for (const { row, from } of layout.readers) expect(row, `seed ${seed}`).toBeGreaterThan(from);
    }
  });
});
