import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../src/engine/types.ts";
import type { Markup } from "../src/gallery/text.ts";
import { judge, readCondition, readQuantity, valueOf, type Condition } from "../src/lessons/condition.ts";
import { filled, findings, lessons } from "../src/lessons/lesson.ts";
import { startLessons } from "../src/lessons/session.ts";
import { DEFAULT_OPTIONS, initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { LessonError, readLesson } from "../lesson-texts.ts";
import { fixture } from "./fixture.ts";

const expected = join(import.meta.dirname, "../../tests/expect/lessons");

/** What the engine says of it, kept true by `tests/tests/lessons.rs`; an excerpt. */
const reportOf = (name: string): Report => JSON.parse(readFileSync(join(expected, `${name}.json`), "utf8")) as Report;
const condition = (text: string): Condition => {
  const read = readCondition(text);
  if ("problem" in read) throw new Error(read.problem);
  return read;
};

describe("the lessons", () => {
  test("are ten, in order, each with its scenario", () => {
    expect(lessons.map(({ id }) => id)).toEqual(
      readdirSync(join(import.meta.dirname, "../../examples/lessons"))
        .filter((name) => /^\d.*\.md$/.test(name))
        .map((name) => name.replace(".md", ""))
        .sort(),
    );
    expect(lessons.length).toBe(10);
    for (const { id, hints, title } of lessons) {
      expect(title.length, id).toBeGreaterThan(5);
      expect(hints.every((hint) => hint.length > 20), id).toBe(true);
    }
  });

  test.each(lessons.map((lesson) => [lesson.id, lesson] as const))("%s: what it begins with does not pass, its solution does, nonsense does not", (id, lesson) => {
    const [pinned, solution] = [reportOf(id), reportOf(`${id}.solution`)];
    const begun = findings(lesson, pinned);
    expect(begun.solved).toBe(false);
    expect(begun.keep.filter(({ met }) => !met)).toEqual([]);
    const solved = findings(lesson, solution);
    expect([...solved.check, ...solved.keep].filter(({ met }) => !met)).toEqual([]);
    expect(solved.solved).toBe(true);
    const passes = (report: Report): boolean => findings(lesson, report).solved;
    expect(passes({ ...solution, transactions: [], graph: { ...solution.graph, edges: [] } }), "an empty block").toBe(false);
    expect(passes({ ...solution, transactions: solution.transactions.slice(0, -1) }), "one transaction less").toBe(false);
    expect(passes({ ...solution, transactions: solution.transactions.map((one) => ({ ...one, status: "invalid" as const })) }), "nothing succeeds").toBe(false);
    expect(passes({ ...solution, options: { ...solution.options, strategy: "dag" } }), "another strategy").toBe(false);
    for (const other of lessons.filter((one) => one.id !== id)) {
      for (const name of [other.id, `${other.id}.solution`]) expect(passes(reportOf(name)), name).toBe(false);
    }
  });

  test.each(lessons.map((lesson) => [lesson.id, lesson] as const))("%s: every figure in its text is one of its first run", (id, { body, question }) => {
    const dots = words(filled([...body, ...question], null));
    const text = words(filled([...body, ...question], reportOf(id)));
    expect(text).not.toMatch(/[{}…]|\bno value\b/);
    expect(dots.includes("…")).toBe(words([...body, ...question]).includes("{"));
  });
});

describe("conditions", () => {
  const report = fixture({ transactions: 20, workers: 4 });
  const cases: [string, Report, boolean, RegExp][] = [
    ["verified", report, true, /equal/],
    ["workers <= 4", { ...report, options: { ...DEFAULT_OPTIONS, workers: 4 } }, true, /workers is 4$/],
    ["workers < 4", { ...report, options: { ...DEFAULT_OPTIONS, workers: 4 } }, false, /workers is 4, less than 4 is wanted/],
    ["strategy is bal", { ...report, options: DEFAULT_OPTIONS }, false, /strategy is block-stm, bal is wanted/],
    ["speedup >= 4", { ...report, verdict: { ...report.verdict, speedup: 1.9 } }, false, /the speedup is 1\.9, at least 4 is wanted/],
    ["speedup >= 4", { ...report, verdict: { ...report.verdict, speedup: 3.999 } }, false, /is 3\.999, at least 4/],
    ["speedup >= 4", { ...report, verdict: { ...report.verdict, speedup: null } }, false, /nothing to tell the speedup from/],
    ['gain of "nobody" >= 1', report, false, /what nobody gains, in ether, is 0, at least 1/],
    ['place of "nobody" == 1', report, false, /nothing to tell/],
    ['dependencies at "elsewhere" == 0', report, true, /dependencies at elsewhere is 0/],
    ["access list given", report, false, /no access list of its own/],
    ["wrong == 0", { ...report, accessLists: null }, false, /nothing to tell/],
  ];
  test.each(cases)("%s", (text, of, met, sentence) => {
    const finding = judge(condition(text), of);
    expect(finding.words).toMatch(sentence);
    expect(finding.met).toBe(met);
  });

  test("count what succeeds, by sender, recipient, call and event", () => {
    const of = reportOf("08-hot-contracts");
    const count = (text: string): number | null => {
      const quantity = readQuantity(text);
      if ("problem" in quantity) throw new Error(quantity.problem);
      return valueOf(quantity, of);
    };
    expect(count("transactions")).toBe(12);
    expect(count('transactions from "alice"')).toBe(1);
    expect(count('transactions to "points" calling "earn" logging "Earned"')).toBe(12);
    expect(count('transactions calling "ear"')).toBe(0);
    expect(count('transactions to "alice"')).toBe(0);
  });

  test.each(["", "speed >= 4", "speedup => 4", "speedup >= four", "speedup is 4", "transactions form “alice” == 1", "constructor >= 1", "__proto__ == 1"])("“%s” is none, and that is said", (text) => {
    expect(readCondition(text)).toHaveProperty("problem");
  });
});

describe("a lesson's file", () => {
  const good = ["---", "title: T", "solution: workers=8", "check:", "- speedup >= 4", "keep:", "- verified", "hints:", "- a", "- b", "- c", "---", "Text {speedup}.", "", "## Question", "Do it."];
  const read = (lines: readonly string[], scenario: string | null = "{}"): unknown => readLesson("01-x.md", lines.join("\n"), { scenario, solution: null });
  const without = (line: string): string[] => good.filter((other) => other !== line);
  const replaced = (line: string, by: string): string[] => good.map((other) => (other === line ? by : other));

  test("is read", () => {
    expect(read(good)).toMatchObject({ id: "01-x", title: "T", hints: ["a", "b", "c"], solution: { scenario: null, options: { workers: 8 } } });
  });

  const wrong: [string, readonly string[], RegExp][] = [
    ["no front matter", ["Text"], /^01-x\.md:1: .*three hyphens/],
    ["front matter without an end", good.slice(0, 6), /^01-x\.md:1: .*does not end/],
    ["an unknown field", replaced("title: T", "titel: T"), /^01-x\.md:2: there is no field “titel”/],
    ["a field twice", replaced("solution: workers=8", "title: U"), /^01-x\.md:3: “title” stands here a second time/],
    ["something else", replaced("keep:", "keep these"), /^01-x\.md:6: .*neither/],
    ["an item below no list", replaced("title: T", "- T"), /^01-x\.md:2: an item/],
    ["no title", without("title: T"), /^01-x\.md:1: there is no title/],
    ["a wrong condition", replaced("- speedup >= 4", "- sped >= 4"), /^01-x\.md:5: “sped” is no figure/],
    ["a wrong option", replaced("solution: workers=8", "solution: workers=800"), /^01-x\.md:3: workers is “800”/],
    ["an unknown option", replaced("solution: workers=8", "solution: wokers=8"), /^01-x\.md:3: there is no option “wokers”/],
    ["nothing kept", without("- verified"), /^01-x\.md:1: nothing is kept/],
    ["two hints", without("- c"), /2 hints, and 3 are wanted/],
    ["no solution", without("solution: workers=8"), /there is no solution/],
    ["no question", good.slice(0, 14), /there is no question/],
    ["an unknown figure in the text", replaced("Text {speedup}.", "Text {seed}."), /^01-x\.md:13: “seed” is no figure/],
    ["HTML", replaced("Do it.", "<img src=x onerror=alert(1)>"), /^01-x\.md:16: .*html/],
    ["a picture", replaced("Do it.", "![x](https://example.org/x.png)"), /^01-x\.md:16: .*image/],
    ["a link to a script", replaced("Do it.", "[x](javascript:alert)"), /^01-x\.md:16: .*no page/],
  ];
  test.each(wrong)("%s is refused, with the line", (_, lines, message) => {
    expect(() => read(lines)).toThrow(LessonError);
    expect(() => read(lines)).toThrow(message);
  });

  test("without its scenario is refused", () => {
    expect(() => read(good, null)).toThrow("no scenario 01-x.json");
  });
});

describe("a reader", () => {
  const begin = () => {
    const store = createStore(reduce, reduce(initialState("", null), { type: "loaded", text: "{ }", example: "one-slot/contended" }));
    store.dispatch({ type: "configured", options: { workers: 3 } });
    return store;
  };

  test("gets back what was there before, whatever happened in lessons", () => {
    const store = begin();
    const [first, second] = lessons;
    const open = (number: number, { scenario, options }: (typeof lessons)[number]): void =>
      store.dispatch({ type: "lesson", number, scenario, text: scenario, options: { ...DEFAULT_OPTIONS, ...options } });
    open(1, first);
    expect(store.state).toMatchObject({ text: first.scenario, example: null, workload: null, options: first.options });
    store.dispatch({ type: "typed", text: "mine" });
    store.dispatch({ type: "lessonHint" });
    open(2, second);
    expect(store.state.lessons).toMatchObject({ number: 2, hints: 0, told: false });
    store.dispatch({ type: "loaded", text: "{}", example: "nonce-chain" });
    store.dispatch({ type: "lessonLeft" });
    expect(store.state).toMatchObject({ text: "{ }", example: "one-slot/contended", workload: "one-slot", options: { workers: 3 }, lessons: { number: null, kept: null } });
  });

  test("solves a lesson by a run that passes, and not by being shown", () => {
    const storage = new Map<string, string>();
    Object.assign(globalThis, {
      history: { replaceState: () => undefined },
      location: { pathname: "/", search: "" },
      localStorage: { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => storage.set(key, value), removeItem: (key: string) => storage.delete(key) },
    });
    const store = begin();
    let runs = 0;
    const session = startLessons(store, { run: async () => void runs++ });
    const finish = (name: string): void => {
      store.dispatch({ type: "started", id: 1 });
      const { text, options } = store.state;
      store.dispatch({ type: "finished", id: 1, report: { ...reportOf(name), curve: null, timeline: { events: { kind: [] } } as never }, text, options });
    };
    session.open(2);
    finish("02-independent");
    expect(store.state.lessons).toMatchObject({ solved: [], pinned: { report: { verdict: { aborts: 5 } } } });
    session.tell();
    expect(store.state.text).toBe(lessons[1].solution.scenario);
    finish("02-independent.solution");
    expect(store.state.lessons.solved).toEqual([]);
    session.open(2);
    store.dispatch({ type: "typed", text: lessons[1].solution.scenario! });
    finish("02-independent.solution");
    expect(store.state.lessons.solved).toEqual([2]);
    expect([runs, storage.size, session.remembers]).toEqual([3, 0, false]);
    session.remember(true);
    expect(storage.get("evm-lanes.lessons")).toBe("2");
    storage.set("evm-lanes.lessons", "2,3,99,x");
    const again = begin();
    startLessons(again, { run: async () => undefined });
    expect(again.state.lessons.solved).toEqual([2, 3]);
    session.remember(false);
    expect(storage.size).toBe(0);
  });
});

function words(parts: readonly Markup[]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.tag === "code" ? "" : words(part.of))).join("");
}
