// Reports from files: what was written is what is read, what is wrong is said with its place, and nothing that is read can make a view fail.
import { describe, expect, test, vi } from "vitest";
import type { Report } from "../src/engine/types.ts";
import { drawing, svgOf } from "../src/export/pictures.ts";
import { transactionsCsv, eventsCsv, dependenciesCsv, hotLocationsCsv } from "../src/export/csv.ts";
import { summary } from "../src/export/summary.ts";
import { trace } from "../src/export/trace.ts";
import { highlight } from "../src/layout/highlight.ts";
import { layoutSpeedup } from "../src/layout/speedup.ts";
import { isReportFile, writeReport } from "../src/report/file.ts";
import { openReport, type Reader } from "../src/report/open.ts";
import { readReport } from "../src/report/read.ts";
import { DEFAULT_OPTIONS, initialState, isStale, reduce, type State } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { account, factor, time, wei, word } from "../src/view/format.ts";
import type { Palette } from "../src/view/paint.ts";
import { fixture, fixtureCurve, random } from "./fixture.ts";

/** As the engine and the page write it. */
function plain(of: Report = fixture({ transactions: 12, contention: 0.8 }), text: string | null = null): Record<string, unknown> {
  return JSON.parse(writeReport(of, text)) as Record<string, unknown>;
}

/** A column as it is read, as a list. */
const lists = (report: Report): unknown => JSON.parse(JSON.stringify(report, (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value)));

/** Puts something at a place such as `timeline.events.end[3]`. */
function put(report: Record<string, unknown>, place: string, value: unknown): Record<string, unknown> {
  const keys = place.match(/[^.[\]]+/g)!;
  const last = keys.pop()!;
  const at = keys.reduce<Record<string, unknown>>((of, key) => of[key] as Record<string, unknown>, report);
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return report;
}

describe("a report", () => {
  test.each([
    ["of a run", fixture({ transactions: 40 })],
    ["with a curve", ((report) => ({ ...report, curve: fixtureCurve(report) }))(fixture({ transactions: 5 }))],
    ["of an empty block", fixture({ transactions: 0 })],
  ])("%s is read as it was written, with its text", (_, report) => {
    const read = readReport(writeReport(report, "{ a scenario }"));
    expect(lists(read.report)).toEqual(lists(report));
    expect(read.text).toBe("{ a scenario }");
    expect(readReport(`\uFEFF${writeReport(report, null)}`).text).toBeNull();
    expect(read.report.timeline.events.end).toBeInstanceOf(Float64Array);
  });

  test("without what later versions of the engine have added is read", () => {
    expect(readReport(JSON.stringify(put(plain(), "verdict.messages", undefined))).report.verdict.messages).toBe(false);
  });

  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /no JSON/],
    ["nothing", "null", /no report/],
    ["a list", "[]", /no report/],
    ["something else", "{}", /no format/],
    ["of another version", '{"format":2}', /format 2; this page shows format 1/],
    ["of no version", '{"format":{"x":"<img>"}}', /format \{"x":"<img>"\};/],
    ["incomplete", '{"format":1}', /version is no text/],
  ])("that is %s is said to be so", (_, text, words) => {
    expect(() => readReport(text)).toThrow(words);
  });

  test.each<[string, unknown, string]>([
    ["transactions", undefined, "transactions is no list"],
    ["transactions[1].from", 99, "transactions[1].from leads to none of the accounts"],
    ["transactions[1].to", -1, "transactions[1].to leads to none of the accounts"],
    ["transactions[0].value", "0xzz", "transactions[0].value is no number"],
    ["transactions[0].value", `0x${"f".repeat(100_000)}`, "transactions[0].value is no number"],
    ["transactions[2].reads[0].location", 1.5, "transactions[2].reads[0].location leads to none of the locations"],
    ["transactions[0].status", "great", "transactions[0].status is none of success"],
    ["transactions[3].level", 500, "gives transaction 3 a level"],
    ["transactions[0].label", { toString: "x" }, "transactions[0].label is no text"],
    ["transactions[0].logs", "none", "transactions[0].logs is no list"],
    ["accounts[0].balanceAfter", 12, "accounts[0].balanceAfter is no number"],
    ["locations[0].account", null, "locations[0].account leads to none of the accounts"],
    ["graph.edges[0].to", 0, "graph.edges[0] leads backwards"],
    ["graph.edges[0].locations[0]", 1e9, "graph.edges[0].locations[0] leads to none of the locations"],
    ["graph.criticalPathGas.transactions[0]", 1e9, "graph.criticalPathGas.transactions[0] leads to none"],
    ["coarser[0].level", [], "coarser[0].level has not 12 entries"],
    ["coarser[0].granularity", "atom", "coarser[0].granularity is none of"],
    ["coarser[0].graph.edges[0].locations[0]", 10_000, "leads to none of the accounts"],
    ["hot[0].location", -1, "hot[0].location leads to none"],
    ["hot[0].costGas", 1e300, "hot[0].costGas is no number that something could take"],
    ["timeline.workers", 1_000_000, "timeline.workers is no whole number from 0 to 65"],
    ["timeline.duration", "long", "timeline.duration is no number"],
    ["timeline.events.kind[0]", 7, "timeline.events.kind[0] is no whole number"],
    ["timeline.events.worker[0]", 64, "timeline.events.worker[0] leads to none of the lanes"],
    ["timeline.events.transaction[0]", 12, "timeline.events.transaction[0] leads to none"],
    ["timeline.events.end[0]", 1e15, "is earlier than the one before"],
    ["timeline.events.start", [], "timeline.events.start has not"],
    ["timeline.events.cause", { length: 1e9 }, "timeline.events.cause is no list"],
    ["timeline.causes", [], "leads to none of the causes"],
    ["curve", { points: [{ workers: 0, speedup: 1, bound: 1, aborts: 0 }] }, "curve.points[0].workers is no whole number from 1 to 64"],
    ["options.strategy", "__proto__", "options.strategy is none of"],
    ["verdict.speedup", "fast", "verdict.speedup is no number"],
    ["text", 5, "text is no text"],
  ])("whose %s is wrong is named with it", (place, value, words) => {
    expect(() => readReport(JSON.stringify(put(plain(), place, value)))).toThrow(words);
  });

  test("takes nothing that it does not know, and nothing inherited", () => {
    const source = JSON.stringify(plain()).replace('"scenario":{', '"scenario":{"__proto__":{"polluted":1},"constructor":"x",');
    const { report } = readReport(source);
    expect(Object.keys(report.scenario).sort()).toEqual(["baseFee", "beneficiary", "description", "fork", "gasLimit", "title"]);
    expect((report.scenario as unknown as { polluted?: number }).polluted).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(() => readReport(source.replace('"title":"Fixture",', ""))).toThrow("scenario.title is no text");
    expect(() => readReport('{"format":1e999}')).toThrow("format");
    expect(() => readReport(JSON.stringify(plain()).replace(/"duration":[^,]+/, '"duration":1e999'))).toThrow("timeline.duration is no number");
  });
});

describe("a report that was changed anywhere", () => {
  const states = { waiting: "#1", executing: "#2", executed: "#3", validated: "#4", committed: "#5", aborted: "#6", blocked: "#7" };
  const palette: Palette = { surface: "#8", sunken: "#9", ink: "#a", quiet: "#b", line: "#c", edge: "#d", focus: "#e", state: states, onState: states, sans: "x", mono: "y" };

  /** Everything that views and files compute of a report. */
  function useAll(report: Report): void {
    const given = { report, text: null, granularity: "slotWithDeltas" as const, playhead: null, comparison: null, palette, link: null };
    for (const picture of ["graph", "lanes", "speedup"] as const) svgOf(drawing(picture, given), given, (text) => text.length);
    svgOf(drawing("graph", { ...given, granularity: "account" }), given, (text) => text.length);
    layoutSpeedup({ points: report.curve?.points ?? [], here: null, width: 400, height: 200 });
    for (const write of [transactionsCsv, eventsCsv, dependenciesCsv, hotLocationsCsv, trace]) write(report);
    summary(given);
    for (const kind of ["transaction", "location", "account", "event", "edge"] as const) highlight(report, { kind, index: 0 });
    for (const t of report.transactions) [account(report, t.from), account(report, t.to), wei(t.value), ...t.reads.map(({ value }) => word(value)), time(t.gasUsed, "gas")].join();
    for (const { balanceAfter } of report.accounts) wei(balanceAfter);
    factor(report.verdict.speedup);
  }

  test.each([Date.now() % 100_000, 1, 2])("is refused with words, or does no harm (seed %i)", (seed) => {
    const next = random(seed);
    const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)];
    const values = [null, -1, 0, 1, 2, 0.5, 64, 1e6, 2 ** 31, 2 ** 53, 1e300, "", "x", "0x", "0x1", "__proto__", [], [0], {}, true, [[]], { length: 5 }];
    const source = JSON.stringify(plain(fixture({ transactions: 10, contention: 0.8 })));
    let [refused, taken] = [0, 0];
    for (let i = 0; i < 250; i++) {
      const report = JSON.parse(source) as Record<string, unknown>;
      for (let changes = 1 + Math.floor(next() * 2); changes > 0; changes--) change(report);
      let read: Report;
      try {
        read = readReport(JSON.stringify(report)).report;
      } catch (error) {
        expect((error as Error).message, `seed ${seed}`).toMatch(/^(The report|This is no report)/);
        refused++;
        continue;
      }
      taken++;
      try {
        useAll(read);
      } catch (error) {
        throw new Error(`seed ${seed}, try ${i}: ${JSON.stringify(report).slice(0, 20_000)}`, { cause: error });
      }
    }
    // Of each some, or the changes are not worth the name.
    expect(Math.min(refused, taken)).toBeGreaterThan(3);

    /** Puts something else somewhere, down from the top at random; or takes it away, or says it twice. */
    function change(at: Record<string, unknown>): void {
      const key = one(Object.keys(at));
      const inner = at[key];
      if (typeof inner === "object" && inner !== null && Object.keys(inner).length > 0 && next() < 0.9) change(inner as Record<string, unknown>);
      else if (Array.isArray(at) && next() < 0.2) at.push(at[Number(key)]);
      else if (next() < 0.1) delete at[key];
      else at[key] = one(values);
    }
  });
});

test.each([
  [writeReport(fixture({ transactions: 2 }), null), true],
  [` \uFEFF\n${JSON.stringify({ format: 2, version: "9", verdict: 1 }, null, 2)}`, true],
  [JSON.stringify({ accounts: [{ verdict: 1 }], bounds: {}, coarser: [], format: 1 }), true],
  ['{ "format": 1, "title": "x", "accounts": {}, "transactions": [] }', false],
  ['{ "accounts": { "verdict": "1 ether" }, "transactions": [{ "timeline": 1 }] }', false],
  ['{ "jsonrpc": "2.0", "result": {} }', false],
  ["[1, 2]", false],
  ["", false],
])("%.60s is told apart from a scenario", (text, expected) => expect(isReportFile(text)).toBe(expected));

describe("opening", () => {
  const report = fixture({ transactions: 6 });
  const options = { ...report.options, workers: 7 };
  const opened = (text: string | null) => ({ type: "opened" as const, file: "mine.json", report: { ...report, options }, text });
  const typed: State = { ...initialState("what I have typed", null), options: { ...DEFAULT_OPTIONS, seed: 5 } };

  test("with its scenario it is repeated by a run, and what was typed can be gone back to", () => {
    const state = reduce(typed, opened("its text"));
    expect(state).toMatchObject({ text: "its text", previous: "what I have typed", options, finished: { text: "its text", opened: { file: "mine.json", hasText: true } } });
    expect(isStale(state)).toBe(false);
    expect(reduce(state, { type: "restored" }).text).toBe("what I have typed");
  });

  test("without its scenario nothing that was typed or chosen changes", () => {
    const state = reduce(typed, opened(null));
    expect(state).toMatchObject({ text: "what I have typed", previous: null, options: typed.options, finished: { opened: { hasText: false } } });
    expect(isStale(state)).toBe(true);
  });

  test("its scenario is the one on the page: nothing is put in its place", () => {
    const there = { ...typed, example: "hot-recipient" };
    expect(reduce(there, opened("what I have typed"))).toMatchObject({ example: "hot-recipient", previous: null });
  });

  test("a run in progress changes nothing any more, and the next one is a run again", () => {
    const running = reduce(typed, { type: "started", id: 3 });
    const state = reduce(running, opened("its text"));
    expect(state.run).toEqual({ kind: "idle" });
    const late = reduce(state, { type: "finished", id: 3, report, text: "other", options: DEFAULT_OPTIONS });
    expect(late).toBe(state);
    const again = reduce(reduce(state, { type: "started", id: 4 }), { type: "finished", id: 4, report, text: "its text", options });
    expect(again.finished!.opened).toBeUndefined();
  });

  test("what cannot be read is said, and nothing has changed; of two the later one counts", async () => {
    const store = createStore(reduce, typed);
    const cancel = vi.fn();
    const failing: Reader = async () => readReport("{");
    expect(await openReport(store, { cancel }, "x.json", "{", failing)).toMatch(/no JSON/);
    expect(store.state).toBe(typed);
    expect(cancel).not.toHaveBeenCalled();

    const waiting: (() => void)[] = [];
    const slow: Reader = (source) => new Promise((done) => waiting.push(() => done({ report, text: source })));
    const first = openReport(store, { cancel }, "first.json", "first", slow);
    const second = openReport(store, { cancel }, "second.json", "second", slow);
    waiting[1]();
    expect(await second).toBeNull();
    waiting[0]();
    expect(await first).toBeNull();
    expect(store.state.finished!.opened!.file).toBe("second.json");
    expect(cancel).toHaveBeenCalledTimes(1);
  });
});
