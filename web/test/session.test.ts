import { describe, expect, test } from "vitest";
import type { CallOptions } from "../src/engine/coordinator.ts";
import { cancelled, EngineError } from "../src/engine/errors.ts";
import type { Comparison } from "../src/engine/types.ts";
import { startSession, type EngineLike } from "../src/session.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { fixture, fixtureComparison, fixtureCurve, fixtureWhatIf } from "./fixture.ts";

const report = fixture({ transactions: 4 });
const comparison = fixtureComparison(report);

/** A session whose engine's comparisons end when the test says so. */
function session() {
  const calls: { call: CallOptions; resolve: (comparison: Comparison) => void; reject: (error: unknown) => void }[] = [];
  const engine: EngineLike = {
    ready: Promise.resolve({ executor: "threads", build: "threads", reason: "", workers: 2, version: "0" }),
    check: async () => ({ title: null, description: null, diagnostics: [], rows: [] }),
    run: async () => report,
    curve: async () => fixtureCurve(report),
    whatIf: async () => fixtureWhatIf(report, []),
    tell: async () => null,
    opcodes: async () => null,
    compare: (_text, _options, call = {}) =>
      new Promise((resolve, reject) => {
        calls.push({ call, resolve, reject });
        call.signal?.addEventListener("abort", () => reject(cancelled()));
      }),
  };
  const store = createStore(reduce, initialState("{}", null));
  return { store, calls, session: startSession(store, engine) };
}

describe("a comparison", () => {
  test("tells how far it is, and then what came of it", async () => {
    const { store, calls, session: it } = session();
    const done = it.compare();
    calls[0].call.onProgress?.({ phase: "sequential", done: 3, total: 4 });
    expect(store.state.compared).toEqual({ kind: "running", done: 0, total: 0 });
    calls[0].call.onProgress?.({ phase: "comparison", done: 5, total: 8 });
    expect(store.state.compared).toEqual({ kind: "running", done: 5, total: 8 });
    calls[0].resolve(comparison);
    await done;
    expect(store.state.compared).toEqual({ kind: "done", comparison });
  });

  test.each([
    ["it is cancelled", (it: ReturnType<typeof session>) => it.session.cancelComparison()],
    ["the text changes", (it: ReturnType<typeof session>) => it.store.dispatch({ type: "typed", text: "{ }" })],
    ["an option changes", (it: ReturnType<typeof session>) => it.store.dispatch({ type: "configured", options: { seed: 3 } })],
    ["a run is asked for", (it: ReturnType<typeof session>) => void it.session.run()],
  ])("ends when %s, and leaves nothing", async (_, happens) => {
    const it = session();
    const done = it.session.compare();
    happens(it);
    expect(it.calls[0].call.signal?.aborted).toBe(true);
    await done;
    expect(it.store.state.compared).toEqual({ kind: "none" });
  });

  test("stays when another strategy is chosen and run", async () => {
    const { store, calls, session: it } = session();
    const done = it.compare();
    calls[0].resolve(comparison);
    await done;
    store.dispatch({ type: "configured", options: { strategy: "ladder" } });
    await it.run();
    expect(store.state.compared.kind).toBe("done");
  });

  test("that fails says why, and the next one works", async () => {
    const { store, calls, session: it } = session();
    const first = it.compare();
    calls[0].reject(new EngineError("panicked", "index out of bounds"));
    await first;
    expect(store.state.compared).toEqual({ kind: "failed", code: "panicked", message: "index out of bounds" });
    const second = it.compare();
    calls[1].resolve(comparison);
    await second;
    expect(store.state.compared.kind).toBe("done");
  });

  test("that is asked for again forgets the earlier one", async () => {
    const { store, calls, session: it } = session();
    const first = it.compare();
    const second = it.compare();
    await first;
    expect(store.state.compared.kind).toBe("running");
    calls[1].resolve(comparison);
    await second;
    expect(store.state.compared.kind).toBe("done");
  });
});

test("a run to compare with is kept, and leaves the text, the options and the finished run as they are", async () => {
  const { store, session: it } = session();
  await it.run();
  const { finished, options, text } = store.state;
  await it.runBeside("another", { ...options, workers: 7 });
  expect(store.state).toMatchObject({ text, options, run: { kind: "idle" }, kept: { run: { text: "another", options: { workers: 7 } } } });
  expect(store.state.finished).toBe(finished);
});
