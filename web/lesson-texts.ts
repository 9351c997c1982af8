// A plug-in for vite: the lessons, examples/lessons/*.md with their scenarios, become data when the page is built. What is wrong in
// one is said with its file and line, and the page is not built.

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { marked } from "marked";
import type { Plugin } from "vite";
import { readOptions } from "./src/embed/settings.ts";
import type { Options } from "./src/engine/types.ts";
import type { Markup } from "./src/gallery/text.ts";
import { readCondition, readQuantity, type Condition } from "./src/lessons/condition.ts";
import type { Lesson } from "./src/lessons/lesson.ts";
import { markup, words } from "./workload-texts.ts";

/** A lesson that cannot be read; the message begins with the file and the line. */
export class LessonError extends Error {}

/** The scenarios beside a lesson, as texts: the one it begins with and, if there is one, its solution. */
export interface Scenarios {
  readonly scenario: string | null;
  readonly solution: string | null;
}

const FIELDS = ["title", "options", "solution", "check", "keep", "hints"] as const;
type Field = (typeof FIELDS)[number];
const LISTS: readonly Field[] = ["check", "keep", "hints"];
const HINTS = 3;

/** The plug-in. */
export function lessonTexts(): Plugin {
  return {
    name: "lesson-texts",
    enforce: "pre",
    load(id) {
      const [file, query] = id.split("?");
      if (query !== "lesson" || !file.endsWith(".md")) return null;
      const read = (ending: string): string | null => {
        const path = file.replace(/\.md$/, ending);
        if (!existsSync(path)) return null;
        this.addWatchFile(path);
        return readFileSync(path, "utf8");
      };
      this.addWatchFile(file);
      const scenarios = { scenario: read(".json"), solution: read(".solution.json") };
      return `export default ${JSON.stringify(readLesson(basename(file), readFileSync(file, "utf8"), scenarios))};`;
    },
  };
}

/** Reads a lesson. Fails with a `LessonError`, whatever the text is. */
export function readLesson(file: string, source: string, { scenario, solution }: Scenarios): Lesson {
  const fail = (line: number, problem: string): never => {
    throw new LessonError(`${file}:${line}: ${problem}.`);
  };
  const id = file.replace(/\.md$/, "");
  const lines = source.split("\n").map((line) => line.trimEnd());
  const { fields, end } = readFront(lines, fail);
  const one = (name: Field): { text: string; line: number } | null => fields.get(name)?.[0] ?? null;
  const title = one("title") ?? fail(1, "there is no title");
  const options = (name: Field): Partial<Options> => {
    const given = one(name);
    return given === null ? {} : optionsOf(given.text, (problem) => fail(given.line, problem));
  };
  const conditions = (name: Field): Condition[] =>
    (fields.get(name) ?? []).map(({ text, line }) => {
      const condition = readCondition(text);
      return "problem" in condition ? fail(line, condition.problem) : condition;
    });
  const [check, keep] = [conditions("check"), conditions("keep")];
  if (check.length === 0) fail(1, "there is no check: a list of conditions, each in a line that begins with “- ”");
  if (keep.length === 0) fail(1, "nothing is kept: without conditions on what must stay, an empty block may pass");
  const hints = (fields.get("hints") ?? []).map(({ text }) => text);
  if (hints.length !== HINTS) fail(fields.get("hints")?.[0]?.line ?? 1, `there are ${hints.length} hints, and ${HINTS} are wanted`);
  if (scenario === null) fail(1, `there is no scenario ${id}.json beside it`);
  if (solution === null && one("solution") === null) fail(1, `there is no solution: other options in “solution: …”, or ${id}.solution.json beside it`);
  const { body, question } = readText(lines, end, fail);
  return {
    id,
    title: title.text,
    body,
    question,
    scenario: scenario!,
    options: options("options"),
    check,
    keep,
    hints,
    solution: { scenario: solution, options: options("solution") },
  };
}

type Fail = (line: number, problem: string) => never;
type Fields = Map<Field, { text: string; line: number }[]>;

/** The front matter: `name: value`, or `name:` and items below it; and the line that ends it, from 0. */
function readFront(lines: readonly string[], fail: Fail): { fields: Fields; end: number } {
  if (lines[0] !== "---") fail(1, "a lesson begins with a line of three hyphens, then its title");
  const end = lines.indexOf("---", 1);
  if (end < 0) fail(1, "the front matter does not end: a second line of three hyphens is missing");
  const fields: Fields = new Map();
  let list: Field | null = null;
  for (let at = 1; at < end; at++) {
    const line = at + 1;
    const text = lines[at];
    if (text === "") continue;
    const item = /^- +(\S.*)$/.exec(text);
    if (item) {
      if (list === null) fail(line, "an item stands below no list");
      fields.get(list!)!.push({ text: item[1], line });
      continue;
    }
    const [, name, value] = /^([a-z]+):\s*(.*)$/.exec(text) ?? fail(line, `“${text}” is neither “name: value” nor “- item”`);
    const field = FIELDS.find((field) => field === name) ?? fail(line, `there is no field “${name}”; there are ${FIELDS.join(", ")}`);
    if (fields.has(field)) fail(line, `“${field}” stands here a second time`);
    if (LISTS.includes(field) !== (value === "")) fail(line, LISTS.includes(field) ? `“${field}” is a list: its items stand in the lines below, each behind “- ”` : `“${field}” has no value`);
    list = value === "" ? field : null;
    fields.set(field, value === "" ? [] : [{ text: value, line }]);
  }
  return { fields, end };
}

function optionsOf(text: string, fail: (problem: string) => never): Partial<Options> {
  const given = new Map<string, string>();
  for (const word of text.split(/\s+/)) {
    const [, name, value] = /^([a-z]+)=(\S+)$/.exec(word) ?? fail(`“${word}” is no option: it is name=value`);
    given.set(name, value);
  }
  const problems: string[] = [];
  const options = readOptions(given, problems);
  if (problems.length > 0) fail(problems[0].replace(/\.$/, ""));
  const unknown = [...given.keys()].find((name) => !(name in options));
  if (unknown !== undefined) fail(`there is no option “${unknown}”`);
  return options;
}

/** What is below the front matter: the text, and from the heading “Question” on what is asked. */
function readText(lines: readonly string[], end: number, fail: Fail): { body: Markup[]; question: Markup[] } {
  let line = end + 2;
  const body: Markup[] = [];
  let question: Markup[] | null = null;
  for (const token of marked.lexer(lines.slice(end + 1).join("\n"))) {
    if (token.type === "heading" && token.text === "Question") {
      question = [];
    } else if (token.type !== "space") {
      try {
        const part = markup(token);
        for (const [, name] of words(part).matchAll(/\{([^{}]+)\}/g)) {
          const quantity = readQuantity(name);
          if ("problem" in quantity) throw new Error(quantity.problem);
        }
        (question ?? body).push(part);
      } catch (error) {
        fail(line, error instanceof Error ? error.message : String(error));
      }
    }
    line += token.raw.split("\n").length - 1;
  }
  if (body.length === 0) fail(end + 2, "there is no text");
  if (question === null || question.length === 0) return fail(line, "there is no question: a heading “## Question” and what is asked below it");
  return { body, question };
}
