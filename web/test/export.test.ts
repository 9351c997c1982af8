// Files of a run: every format has what the report has, and is of its form whatever the texts in it say.
import { describe, expect, test } from "vitest";
import type { Part } from "../src/engine/parts.ts";
import { copyInParts, putParts } from "../src/engine/parts.ts";
import type { Report } from "../src/engine/types.ts";
import { dependenciesCsv, eventsCsv, hotLocationsCsv, strategiesCsv, transactionsCsv } from "../src/export/csv.ts";
import { escapeMarkdown, escapeXml, slug } from "../src/export/escape.ts";
import { fileName, FORMATS, type FormatId } from "../src/export/formats.ts";
import type { Given } from "../src/export/given.ts";
import { drawing, svgOf, type Picture } from "../src/export/pictures.ts";
import { summary } from "../src/export/summary.ts";
import { trace, type Trace } from "../src/export/trace.ts";
import { ABORTED, BLOCKED, COMMITTED, EXECUTED } from "../src/layout/kinds.ts";
import { writeReport } from "../src/report/file.ts";
import { atStep } from "../src/state/playhead.ts";
import type { Palette } from "../src/view/paint.ts";
import { fixture, fixtureComparison, fixtureCurve, random } from "./fixture.ts";
import { elements, readXml } from "./xml.ts";

const states = { waiting: "#111111", executing: "#222222", executed: "#333333", validated: "#444444", committed: "#555555", aborted: "#666666", blocked: "#777777" };
const palette: Palette = {
  surface: "#ffffff",
  sunken: "#eeeeee",
  ink: "#000000",
  quiet: "#888888",
  line: "#cccccc",
  edge: "#999999",
  focus: "#0000ff",
  state: states,
  onState: states,
  sans: '"Segoe UI", sans-serif',
  mono: "Menlo, monospace",
};
const measure = (text: string, font: string) => text.length * 0.6 * Number(/([\d.]+)px/.exec(font)![1]);
const given = (report: Report, more: Partial<Given> = {}): Given => ({ report, text: "{}", granularity: "slotWithDeltas", playhead: null, comparison: null, palette, link: null, ...more });
const svg = (picture: Picture, of: Given) => readXml(svgOf(drawing(picture, of), of, measure).join(""));

/** Texts that mean something where they do not belong. */
const HOSTILE = ["<script>alert(1)</script>", "a&b", `"'`, "]]>", "--><!--", "\0\x08\uD800\uFFFF", "=1+1", "@SUM(A1)", "-2", "+3", "a,b", 'say "hi"', "two\r\nlines", "| pipe `code` *bold*", "# no heading", "1. no list", "http://evil.example", "![x](y)", "💥", "__proto__", ""];

/** A report whose texts are hostile, the same for a seed. */
function hostile(seed: number): Report {
  const next = random(seed);
  const one = (): string => HOSTILE[Math.floor(next() * HOSTILE.length)] + HOSTILE[Math.floor(next() * HOSTILE.length)];
  const report = fixture({ transactions: 40, seed });
  return {
    ...report,
    scenario: { ...report.scenario, title: one(), description: one() },
    transactions: report.transactions.map((t) => ({ ...t, label: next() < 0.5 ? one() : null, call: one(), reason: one() })),
    accounts: report.accounts.map((account) => ({ ...account, name: one() })),
    locations: report.locations.map((location) => ({ ...location, label: one() })),
    timeline: { ...report.timeline, causes: report.timeline.causes.map((cause) => ({ ...cause, read: one(), now: one(), sentence: one() })) },
  };
}

const SEEDS = [Date.now() % 100_000, 7];

describe("pictures", () => {
  const report = fixture({ transactions: 60, contention: 0.6 });

  test("the graph has every transaction once, by its number, and every hub", () => {
    const root = svg("graph", given(report));
    const nodes = elements(root, "g").filter((g) => g.attributes.class === "transaction");
    expect(nodes.map((g) => elements(g, "title")[0].text).sort((a, b) => Number(a) - Number(b))).toEqual(report.transactions.map((_, i) => String(i)));
    for (const node of nodes) expect(elements(node, "text").map(({ text }) => text.replace("×", ""))).toEqual([elements(node, "title")[0].text]);
    const hubs = elements(root, "g").filter((g) => g.attributes.class === "hub");
    expect(hubs.length).toBeGreaterThan(0);
    expect(new Set(report.locations.map(({ label }) => label))).toContain(elements(hubs[0], "title")[0].text);
  });

  test("nodes are in the colours of their states, at the moment of the replay", () => {
    const end = svg("graph", given(report));
    expect(elements(end, "rect").filter(({ attributes }) => attributes.stroke === states.committed)).toHaveLength(60);
    const start = svg("graph", given(report, { playhead: atStep(report.timeline.events, 0) }));
    expect(elements(start, "rect").filter(({ attributes }) => attributes.stroke === states.committed)).toHaveLength(0);
    expect(elements(start, "desc")[0].text).toContain(`after 0 of ${report.timeline.events.kind.length} events`);
  });

  test("the lanes have a bar for every attempt there is room for, and a mark for every abort", () => {
    const { kind, end, start } = report.timeline.events;
    const root = svg("lanes", given(report));
    const width = Number(root.attributes.width);
    const wide = Array.from(kind).filter((k, i) => (k === EXECUTED || k === BLOCKED) && ((end[i] - start[i]) / report.timeline.duration) * (width - 50) >= 2).length;
    const bars = elements(root, "g").filter((g) => g.attributes.class?.startsWith("attempt "));
    expect(bars).toHaveLength(wide);
    expect(bars.filter((g) => g.attributes.class === "attempt aborted").length).toBeGreaterThan(0);
    // Textured, and the texture is there.
    const used = [...new Set(elements(root, "rect").map(({ attributes }) => /^url\(#(.+)\)$/.exec(attributes.fill ?? "")?.[1]).filter(Boolean))];
    expect(used.length).toBeGreaterThan(0);
    expect(elements(root, "pattern").map(({ attributes }) => attributes.id)).toEqual(expect.arrayContaining(used));
  });

  test("the charts have their points and their words", () => {
    const curve = fixtureCurve(report);
    const speedup = svg("speedup", given({ ...report, curve }));
    expect(elements(speedup, "circle")).toHaveLength(curve.points.length);
    expect(elements(speedup, "text").map(({ text }) => text)).toEqual(expect.arrayContaining(["workers", "virtual clock", "limit", "one per worker"]));
    const comparison = fixtureComparison(report);
    const strategies = svg("strategies", given(report, { comparison }));
    expect(elements(strategies, "g").filter((g) => g.attributes.class === "strategy").map((g) => elements(g, "title")[0].text)).toEqual(comparison.rows.map((row) => row.strategy));
  });

  test.each(SEEDS)("are XML without scripts and numbers that are none, whatever the texts say (seed %i)", (seed) => {
    const report = hostile(seed);
    for (const picture of ["graph", "lanes", "speedup", "strategies"] as const) {
      const root = svg(picture, given({ ...report, curve: fixtureCurve(report) }, { comparison: { ...fixtureComparison(report), title: HOSTILE[0] } }));
      expect(root.name).toBe("svg");
      expect(root.attributes["aria-labelledby"].split(" ").map((id) => elements(root, "*").filter(({ attributes }) => attributes.id === id).length)).toEqual([1, 1]);
      expect(elements(root, "title")[0].text).not.toBe("");
      const all = elements(root, "*");
      expect(all.filter(({ name }) => !/^(svg|g|title|desc|defs|pattern|clipPath|path|rect|circle|text)$/.test(name))).toEqual([]);
      expect(all.flatMap(({ attributes }) => Object.entries(attributes)).filter(([name, value]) => /^on|href$|^style$/.test(name) || /NaN|Infinity|undefined/.test(value))).toEqual([]);
    }
  });

  test("an empty block is a picture, too", () => {
    const empty = fixture({ transactions: 0 });
    for (const picture of ["graph", "lanes", "speedup"] as const) expect(svg(picture, given(empty)).name).toBe("svg");
  });
});

/** A table as RFC 4180 has it; fails where a row is of another length than the first. */
function readCsv(text: string): Record<string, string>[] {
  expect(text.endsWith("\r\n")).toBe(true);
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  expect(rows.pop()).toEqual([]);
  const [head, ...body] = rows;
  for (const row of body) expect(row).toHaveLength(head.length);
  return body.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

/** What a text is in a spreadsheet. */
const cell = (text: string | null) => (text === null ? "" : /^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

describe.each(SEEDS)("tables (seed %i)", (seed) => {
  const report = hostile(seed);
  const { transactions, accounts, locations, timeline, graph, hot } = report;

  test("transactions", () => {
    const rows = readCsv(transactionsCsv(report));
    expect(rows.map(({ transaction, label, call, reason, fromName }) => [transaction, label, call, reason, fromName])).toEqual(
      transactions.map((t, i) => [String(i), cell(t.label), cell(t.call), cell(t.reason), cell(accounts[t.from].name)]),
    );
    expect(rows.map(({ valueWei, gasUsed, reads }) => [BigInt(valueWei), Number(gasUsed), Number(reads)])).toEqual(transactions.map((t) => [BigInt(t.value), t.gasUsed, t.reads.length]));
    expect(rows.reduce((sum, row) => sum + Number(row.aborts), 0)).toBe(report.verdict.aborts);
  });

  test("events", () => {
    const rows = readCsv(eventsCsv(report));
    const { kind, start, end, cause } = timeline.events;
    expect(rows.map(({ startGas, endGas }) => [Number(startGas), Number(endGas)])).toEqual(Array.from(kind, (_, i) => [start[i], end[i]]));
    expect(rows.map(({ why }) => why)).toEqual(Array.from(kind, (k, i) => (k === ABORTED ? cell(timeline.causes[cause[i]].sentence) : "")));
  });

  test("dependencies, hot locations, strategies", () => {
    expect(readCsv(dependenciesCsv(report))).toEqual(
      graph.edges.map(({ from, to, locations: at }) => ({ from: String(from), to: String(to), kind: "readAfterWrite", locations: cell(at.map((l) => locations[l].label).join("; ")) })),
    );
    expect(readCsv(hotLocationsCsv(report)).map(({ location, costGas }) => [location, Number(costGas)])).toEqual(hot.map((h) => [cell(locations[h.location].label), h.costGas]));
    const { rows } = fixtureComparison(report);
    expect(readCsv(strategiesCsv(fixtureComparison(report))).map(({ strategy, speedup }) => [strategy, speedup])).toEqual(rows.map((row) => [row.strategy, String(row.speedup ?? "")]));
  });
});

/**
 * The Trace Event Format, as its document has it ("Trace Event Format", Google): required fields by phase, durations of one thread
 * nest, flows come in pairs and bind to slices that are there. Everything that is wrong.
 */
function problems({ traceEvents }: Trace, duration: number): string[] {
  const wrong: string[] = [];
  const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= duration + 1e-6;
  let last = 0;
  const open = new Map<number, number[]>();
  const starts = new Map<number, { tid: number; ts: number }>();
  const slices = traceEvents.filter(({ ph }) => ph === "X");
  const inSlice = (tid: number, ts: number): boolean => slices.some((s) => s.tid === tid && s.ts! <= ts && ts <= s.ts! + s.dur!);
  traceEvents.forEach((event, i) => {
    const { name, ph, pid, tid, ts, dur, id, args } = event;
    const say = (what: string): void => void wrong.push(`${i} (${ph} ${name}): ${what}`);
    if (typeof name !== "string" || !Number.isInteger(pid) || !Number.isInteger(tid)) say("name, pid or tid is missing");
    if (!"XMCsf".includes(ph)) say("no such phase here");
    if (ph === "M") {
      if (!["process_name", "thread_name", "thread_sort_index"].includes(name) || !args) say("no such metadata");
      return;
    }
    if (!isTime(ts)) return say(`ts is ${ts}`);
    if (ts! < last) say("earlier than the one before");
    last = ts!;
    if (ph === "C" && !Object.values(args ?? {}).every((value) => typeof value === "number")) say("a counter counts");
    if (ph === "X") {
      if (!isTime(dur) || !isTime(ts! + dur!)) return say(`dur is ${dur}`);
      const ends = (open.get(tid) ?? []).filter((end) => end > ts! + 1e-6);
      if (ends.some((end) => ts! + dur! > end + 1e-6)) say("overlaps another of its thread");
      open.set(tid, [...ends, ts! + dur!]);
    }
    if (ph === "s" || ph === "f") {
      if (typeof id !== "number") say("a flow has an id");
      if (!inSlice(tid, ts!)) say("a flow outside of any slice");
      if (ph === "s") starts.has(id!) ? say("begun twice") : starts.set(id!, { tid, ts: ts! });
      else if (!starts.has(id!) || starts.get(id!)!.ts > ts!) say("ended without a beginning");
      else starts.delete(id!);
    }
  });
  for (const id of starts.keys()) wrong.push(`flow ${id} never ends`);
  return wrong;
}

describe("a trace", () => {
  test.each([
    ["a block with conflicts", fixture({ transactions: 80, contention: 0.7 })],
    ["one worker", fixture({ transactions: 20, workers: 1 })],
    ["an empty block", fixture({ transactions: 0 })],
    ["hostile texts", hostile(SEEDS[0])],
  ])("of %s is of the format", (_, report) => {
    const written = JSON.parse(JSON.stringify(trace(report))) as Trace;
    expect(problems(written, report.timeline.duration / 1000)).toEqual([]);
    const { kind, cause } = report.timeline.events;
    const of = (k: number) => Array.from(kind).filter((each) => each === k).length;
    const named = (pattern: RegExp) => written.traceEvents.filter(({ ph, cat }) => ph === "X" && pattern.test(cat ?? "")).length;
    expect(named(/./)).toBe(kind.length - of(COMMITTED));
    expect(named(/blocked/)).toBe(of(BLOCKED));
    const flows = Array.from(kind).filter((k, i) => k === ABORTED && report.timeline.causes[cause[i]].by !== null).length;
    expect(written.traceEvents.filter(({ ph }) => ph === "s").length).toBeLessThanOrEqual(flows);
    expect(flows === 0 || written.traceEvents.some(({ ph }) => ph === "s")).toBe(true);
    expect(written.traceEvents.filter(({ name }) => name === "thread_name")).toHaveLength(report.timeline.workers);
    const committed = written.traceEvents.filter(({ ph, name }) => ph === "C" && name === "committed");
    expect(committed.at(-1)?.args).toEqual(report.transactions.length === 0 ? undefined : { transactions: report.transactions.length });
  });

  test("the validator finds what is wrong", () => {
    const good = trace(fixture({ transactions: 80, contention: 0.7 }));
    const changed = (change: (event: Trace["traceEvents"][number], i: number) => object | null): Trace => ({ ...good, traceEvents: good.traceEvents.flatMap((event, i) => (change(event, i) as never) ?? []) });
    const duration = 1e9;
    expect(problems(good, duration)).toEqual([]);
    expect(problems(changed((e) => (e.ph === "f" ? null : e)), duration)).toContainEqual(expect.stringContaining("never ends"));
    expect(problems(changed((e) => (e.ph === "X" ? { ...e, dur: e.dur! * 3 } : e)), duration)).toContainEqual(expect.stringContaining("overlaps"));
    expect(problems(changed((e) => (e.ph === "X" ? { ...e, dur: undefined } : e)), duration)).toContainEqual(expect.stringContaining("dur is"));
    expect(problems({ ...good, traceEvents: good.traceEvents.toReversed() }, duration)).toContainEqual(expect.stringContaining("earlier"));
  });
});

describe("a summary", () => {
  test("says what was run, what came of it, and how to see it again", () => {
    const report = fixture({ transactions: 30 });
    const text = summary(given(report, { link: "https://site.example/#v=1&example=x" }));
    expect(text).toMatch(/^# Fixture\n\nMade for tests\.\n\n\*\*\d/);
    expect(text).toContain("against sequential execution on the virtual clock");
    expect(text).toContain("| pool.reserve0 | ");
    expect(text).toContain("<https://site.example/#v=1&example=x>");
    expect(text).toContain("evm-lanes run scenario.json --strategy block-stm --workers 4 --clock virtual --cost gas --seed 1 --deltas fees --hints senders\n");
    expect(summary(given({ ...report, verdict: { ...report.verdict, equal: false } }))).toContain("**NOT equal");
  });

  test.each([
    ["# no heading", "\\# no heading"],
    ["1. no list", "1\\. no list"],
    ["a | b", "a \\| b"],
    ["`x` *y* _z_", "\\`x\\` \\*y\\* \\_z\\_"],
    ["<img src=x>", "\\<img src=x\\>"],
    ["[a](javascript:x)", "\\[a\\](javascript:x)"],
    ["see http://evil.example or www.evil.example", "see http\\://evil.example or www\\.evil.example"],
    ["two\n\n# lines", "two # lines"],
    ["plain.words[alice] 2 − 1", "plain.words\\[alice\\] 2 − 1"],
  ])("%j stands as itself", (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));

  test.each(SEEDS)("keeps its tables whole, whatever the texts say (seed %i)", (seed) => {
    const lines = summary(given(hostile(seed))).split("\n");
    let columns = 0;
    for (const line of lines) {
      if (!line.startsWith("|")) columns = 0;
      else {
        const cells = line.match(/(?<!\\)(?:\\\\)*\|/g)!.length;
        if (columns === 0) columns = cells;
        expect(cells, line).toBe(columns);
      }
    }
    expect(lines.filter((line) => line.startsWith("#"))).toHaveLength(6);
  });
});

describe("a file", () => {
  test.each([
    ["Hot recipient", "hot-recipient"],
    ["../../etc/passwd", "etc-passwd"],
    ["Grüße, 世界!", "grusse"],
    ["世界", "scenario"],
    ["", "scenario"],
    ["CON.", "con"],
    [`${"long ".repeat(40)}`, "long-long-long-long-long-long-long-long-long-lon"],
    ["a\u202Egnp.exe\0", "a-gnp-exe"],
  ])("%j is called safely", (title, name) => {
    const report = fixture({ transactions: 1 });
    expect(slug(title)).toBe(name);
    for (const format of Object.keys(FORMATS) as FormatId[]) {
      expect(fileName({ ...report, scenario: { ...report.scenario, title } }, format)).toBe(`evm-lanes-${name}-block-stm-${format}`);
    }
  });

  test("a report is JSON with the scenario's text, and its columns are lists", () => {
    const report = fixture({ transactions: 10 });
    const typed = { ...report.timeline.events, start: Float64Array.from(report.timeline.events.start) };
    const read = JSON.parse(writeReport({ ...report, timeline: { ...report.timeline, events: typed } }, '{ "title": "x" }'));
    expect(read).toEqual({ ...JSON.parse(JSON.stringify(report)), text: '{ "title": "x" }' });
    expect(Object.keys(read).slice(0, 2)).toEqual(["format", "version"]);
    expect(JSON.parse(writeReport(report, null))).not.toHaveProperty("text");
  });

  test("XML holds any text", () => {
    for (const text of HOSTILE) expect(readXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`).attributes.b.length).toBe(text.length);
  });
});

test("a report crosses in small parts, and arrives whole", () => {
  const report = fixture({ transactions: 3000, contention: 0.3 });
  const { copy, parts } = copyInParts(report);
  const all: Part[] = [...parts];
  expect(copy.transactions).toEqual([]);
  expect(Math.max(...all.map(({ items }) => items.length))).toBeLessThanOrEqual(4000);
  expect(all.length).toBeGreaterThan(5);
  const before = JSON.stringify(report);
  const arrived = structuredClone(copy);
  putParts(arrived, all.map((part) => structuredClone(part)));
  expect(JSON.stringify(arrived)).toBe(before);
  expect(JSON.stringify(report)).toBe(before);
});
