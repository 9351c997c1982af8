import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHOICES, CLOCKS, DELTAS, entries, HINTS, STRATEGIES, type Choice } from "../src/view/choices.ts";
import { glossary as GLOSSARY } from "../src/text/en/glossary.ts";

test("every term on the page has an entry, and every entry is used", () => {
  const root = join(import.meta.dirname, "../src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts") && !f.endsWith("glossary.ts"));
  const source = files.map((f) => readFileSync(join(root, f), "utf8")).join("\n");
  const used = new Set([...source.matchAll(/\b(?:term|termed|help)\(\s*"([a-z-]+)"/g)].map((m) => m[1]));
  // A strategy is looked up by its id, which the compiler has checked to be a term.
  if (source.includes("term(options.strategy)")) {
    for (const [, id] of /type StrategyId = ([^;]+);/.exec(source)![1].matchAll(/"([a-z-]+)"/g)) used.add(id);
  }
  // So is what there is a choice of.
  if (source.includes("help(key,")) for (const id of Object.keys(CHOICES)) used.add(id);
  const known = new Set(Object.keys(GLOSSARY));
  expect([...used].filter((t) => !known.has(t))).toEqual([]);
  expect([...known].filter((t) => !used.has(t))).toEqual([]);
});

test("every choice has a name of its own and a sentence", () => {
  for (const choices of [STRATEGIES, DELTAS, HINTS, CLOCKS]) {
    const all = entries<string, Choice>(choices);
    expect(new Set(all.map(([, { name }]) => name)).size).toBe(all.length);
    for (const [id, { text }] of all) expect(text, id).toMatch(/^[A-Z].*\.$/);
  }
});

test("definitions are sentences without exclamation marks", () => {
  for (const [id, { name, text }] of Object.entries(GLOSSARY)) {
    expect(text, id).toMatch(/^[A-Z].*\.$|^[A-Z].*\)\.$/);
    expect(text + name, id).not.toContain("!");
  }
});
