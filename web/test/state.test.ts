import { describe, expect, test } from "vitest";
import { initialState, isStale, reduce, type Action, type State } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { fixture, fixtureComparison } from "./fixture.ts";

const report = fixture({ transactions: 10 });
const run = (...actions: Action[]): State => actions.reduce(reduce, initialState("{}", "first"));
const options = initialState("", null).options;
const finished = (id: number, text = "{}"): Action => ({ type: "finished", id, report, text, options });

describe("reduce", () => {
  test("nothing typed is lost: not by a failed run, not by an example", () => {
    const failed = run(
      { type: "typed", text: "mine" },
      { type: "started", id: 1 },
      { type: "failed", id: 1, code: "panicked", message: "…", diagnostics: [] },
    );
    expect(failed.text).toBe("mine");
    const loaded = reduce(reduce(failed, { type: "loaded", text: "a", example: "a" }), { type: "loaded", text: "b", example: "b" });
    expect(loaded.previous).toBe("mine");
    expect(reduce(loaded, { type: "restored" })).toMatchObject({ text: "mine", example: null, previous: null });
  });

  test("a failed or cancelled run keeps the last report", () => {
    const after = run({ type: "started", id: 1 }, finished(1), { type: "started", id: 2 }, {
      type: "failed", id: 2, code: "cancelled", message: "", diagnostics: [],
    });
    expect(after.finished?.report).toBe(report);
    expect(after.run.kind).toBe("cancelled");
  });

  test("typing takes away what was said of the text, and nothing else", () => {
    const after = (code: "invalid" | "unavailable"): State =>
      run({ type: "started", id: 1 }, { type: "failed", id: 1, code, message: "…", diagnostics: [] }, { type: "typed", text: "better" });
    expect(after("invalid").run.kind).toBe("idle");
    expect(after("unavailable").run).toMatchObject({ kind: "failed", code: "unavailable" });
  });

  test("late results of an earlier run change nothing", () => {
    const current = run({ type: "started", id: 2 });
    expect(reduce(current, finished(1))).toBe(current);
    expect(reduce(current, { type: "progress", id: 1, phase: "setup", done: 1, total: 2 })).toBe(current);
  });

  test("a check of an older text is ignored", () => {
    const state = run({ type: "typed", text: "new" });
    expect(reduce(state, { type: "checked", text: "old", checked: { diagnostics: [], title: null, description: null, rows: [] } })).toBe(state);
  });

  test("a selected transaction survives a new run of the same block, an event does not", () => {
    const select = (kind: "transaction" | "event"): State =>
      run({ type: "started", id: 1 }, finished(1), { type: "select", selection: { kind, index: 3 } }, { type: "started", id: 2 }, finished(2));
    expect(select("transaction").selection).toEqual({ kind: "transaction", index: 3 });
    expect(select("event").selection).toBeNull();
  });

  test("a changed text or option makes the report stale", () => {
    const fresh = run({ type: "started", id: 1 }, finished(1));
    expect(isStale(fresh)).toBe(false);
    expect(isStale(reduce(fresh, { type: "typed", text: "x" }))).toBe(true);
    expect(isStale(reduce(fresh, { type: "configured", options: { workers: 9 } }))).toBe(true);
  });

  test("a comparison is of the text and the options as they are, and of every strategy", () => {
    const compared = reduce(initialState("{}", "first"), { type: "compared", compared: { kind: "done", comparison: fixtureComparison(report) } });
    const kind = (action: Action): string => reduce(compared, action).compared.kind;
    expect(kind({ type: "configured", options: { strategy: "ladder" } })).toBe("done");
    expect(kind({ type: "configured", options: { workers: options.workers } })).toBe("done");
    expect(kind({ type: "typed", text: "{}" })).toBe("done");
    expect(kind({ type: "configured", options: { workers: 9 } })).toBe("none");
    expect(kind({ type: "configured", options: { strategy: "ladder", deltas: "none" } })).toBe("none");
    expect(kind({ type: "typed", text: "{ }" })).toBe("none");
    expect(kind({ type: "loaded", text: "{}", example: "second" })).toBe("none");
  });

  test("selecting ends the preview", () => {
    const state = run({ type: "hover", selection: { kind: "location", index: 1 } }, { type: "select", selection: { kind: "location", index: 1 } });
    expect(state.hover).toBeNull();
  });
});

describe("store", () => {
  test("tells of every change once, also of those made while telling", () => {
    const store = createStore((s: number, a: number) => s + a, 0);
    const seen: number[] = [];
    store.subscribe((s) => {
      seen.push(s);
      if (s === 1) store.dispatch(10);
    });
    store.dispatch(1);
    store.dispatch(0);
    expect(seen).toEqual([1, 11]);
  });
  test("stops telling who has left", () => {
    const store = createStore((s: number, a: number) => s + a, 0);
    let calls = 0;
    const leave = store.subscribe(() => calls++);
    store.dispatch(1);
    leave();
    store.dispatch(1);
    expect(calls).toBe(1);
  });
});
