import { describe, expect, test } from "vitest";
import type { CallOptions } from "../src/engine/coordinator.ts";
import { cancelled, EngineError } from "../src/engine/errors.ts";
import type { Change, WhatIf } from "../src/engine/types.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { supposing } from "../src/state/supposed.ts";
import { answerQuestions } from "../src/what-if.ts";
import { fixture, fixtureWhatIf } from "./fixture.ts";

const report = fixture({ transactions: 8 });
const drop: Change = { kind: "drop", transaction: 2 };
const free: Change = { kind: "split", location: "pool.reserve0" };

/** A store with a finished run, and questions that are answered when the test says so. */
function asking(detail: "what-if" | "hot" = "what-if") {
  const calls: { changes: Change[]; signal: AbortSignal; resolve: (result: WhatIf) => void; reject: (error: unknown) => void }[] = [];
  const store = createStore(reduce, initialState("{}", null));
  answerQuestions(store, {
    whatIf: (_text, _options, changes, call: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        calls.push({ changes, signal: call.signal!, resolve, reject });
        call.signal!.addEventListener("abort", () => reject(cancelled()));
      }),
  });
  const run = (id: number, text = "{}"): void => {
    store.dispatch({ type: "started", id });
    store.dispatch({ type: "finished", id, report: fixture({ transactions: 8 }), text, options: store.state.options });
  };
  store.dispatch({ type: "detail", detail });
  run(1);
  const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
  return { store, calls, run, settled };
}

describe("what would be", () => {
  test("is asked when somebody looks, and not before", async () => {
    const { store, calls, settled } = asking("hot");
    expect(calls).toHaveLength(0);
    store.dispatch({ type: "detail", detail: "what-if" });
    expect(calls).toHaveLength(1);
    expect(store.state.supposed.asking).toBe(true);
    calls[0].resolve(fixtureWhatIf(report, []));
    await settled();
    expect(store.state.supposed).toMatchObject({ asking: false, answer: { of: store.state.finished } });
    store.dispatch({ type: "detail", detail: "hot" });
    store.dispatch({ type: "detail", detail: "what-if" });
    expect(calls, "it is known").toHaveLength(1);
  });

  test("is asked anew after each change; an earlier question ends", async () => {
    const { store, calls, settled } = asking();
    store.dispatch({ type: "suppose", changes: [drop] });
    expect(calls[0].signal.aborted).toBe(true);
    expect(calls[1].changes).toEqual([drop]);
    calls[1].resolve(fixtureWhatIf(report, [drop]));
    await settled();
    expect(store.state.supposed.answer?.result.sentence).toBe("With 1 changes.");
    expect(store.state.supposed.asking).toBe(false);
  });

  test("a run ends the question, and is asked about when it has finished", () => {
    const { store, calls, run } = asking();
    store.dispatch({ type: "started", id: 2 });
    expect(calls[0].signal.aborted).toBe(true);
    expect(store.state.supposed.asking).toBe(false);
    run(3);
    expect(calls).toHaveLength(2);
  });

  test("changes stay with their block, and go with it", () => {
    const { store, run } = asking();
    store.dispatch({ type: "suppose", changes: [drop, free] });
    run(2);
    expect(store.state.supposed.changes).toEqual([drop, free]);
    run(3, "{ another }");
    expect(store.state.supposed.changes).toEqual([]);
  });

  test("what cannot be answered says why, once, and the next question is asked", async () => {
    const { store, calls, settled } = asking();
    calls[0].reject(new EngineError("options", "there is no transaction 9"));
    await settled();
    expect(store.state.supposed.failure?.message).toBe("there is no transaction 9");
    store.dispatch({ type: "detail", detail: "what-if" });
    expect(calls).toHaveLength(1);
    store.dispatch({ type: "suppose", changes: [] });
    expect(store.state.supposed.failure).toBeNull();
    expect(calls).toHaveLength(2);
  });
});

test("one thing is supposed of a transaction or a location at a time", () => {
  const commute: Change = { kind: "commute", location: "pool.reserve0" };
  const move: Change = { kind: "move", transaction: 2, to: 0 };
  expect(supposing([drop, free], commute)).toEqual([drop, commute]);
  expect(supposing([drop, free], move)).toEqual([free, move]);
  expect(supposing([drop], { kind: "drop", transaction: 3 })).toHaveLength(2);
});
