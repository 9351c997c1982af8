/** No words outside the catalogue, and every language says everything. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import * as de from "../src/text/de/grammar.ts";
import * as en from "../src/text/en/grammar.ts";

const root = join(import.meta.dirname, "../src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("text/"))
  .sort();

/** What in a source reads like words for people: in a template's text and attributes, and in other strings of two words. */
function wordsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null || !("type" in node)) return;
    const it = node as Record<string, unknown> & { type: string };
    if (it.type.startsWith("TS") && it.type !== "TSAsExpression" && it.type !== "TSSatisfiesExpression" && it.type !== "TSNonNullExpression") return;
    if (it.type === "ImportDeclaration" || it.type.startsWith("Export") && it.source) return;
    if (it.type === "TaggedTemplateExpression" && ["html", "svg"].includes((it.tag as { name?: string }).name ?? "")) {
      const { quasis, expressions } = it.quasi as { quasis: { value: { cooked: string } }[]; expressions: unknown[] };
      found.push(...wordsOfTemplate(quasis.map(({ value }) => value.cooked).join(HOLE)));
      return visit(expressions);
    }
    const text =
      it.type === "Literal" && typeof it.value === "string"
        ? it.value
        : it.type === "TemplateLiteral"
          ? (it.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(HOLE)
          : "";
    if (PROSE.test(text)) found.push(text);
    Object.values(it).forEach(visit);
  };
  visit(parseSync("source.ts", source).program.body);
  return found.map((text) => text.replaceAll(HOLE, "…"));
}

/** Where a template has an expression. */
const HOLE = "\u0000";
/** Two words of small letters beside each other, or a sentence of one. */
const PROSE = /^\p{Lu}\p{Ll}+[.…!?]$|(?:^|[\s(“"'])\p{L}?\p{Ll}+[,;:.]? [\p{Ll}\d“${HOLE}]/u;
const ATTRIBUTES = /(?:aria-(?:label|description|valuetext|roledescription)|placeholder|title|alt|data-tip|label)=(?:"([^"]*)"|([^\s>"]+))/g;

function wordsOfTemplate(markup: string): string[] {
  const letters = /\p{L}{2}/u;
  const attributes = [...markup.matchAll(/<[^>]*>/g)].flatMap(([tag]) => [...tag.matchAll(ATTRIBUTES)].map(([, quoted, bare]) => quoted ?? bare));
  const texts = markup.replaceAll(/<(?:"[^"]*"|[^>"])*>/g, "\n").split("\n");
  return [...attributes, ...texts].map((text) => text.trim()).filter((text) => letters.test(text));
}

/** What is left in sources on purpose, and why. */
const ALLOWED: readonly { readonly why: string; readonly file: RegExp; readonly text: RegExp }[] = [
  { why: "the name of the program", file: /./, text: /^EVM Lanes$/ },
  { why: "names that others have given: units, types, options, files, addresses, commands", file: /./, text: /^(… wei|evm-lanes run .*|bool|solc …|src|--[a-z.-]+|http:\S+|5, 1\.5 ether, 0xff)$/ },
  { why: "selectors, classes and styles", file: /./, text: /^(button, a|input, textarea, select|share oracle|[12]px solid var\(--[a-z-]+\))$/ },
  { why: "for programs and those who write them: what an element or a frame answers its host", file: /^embed\/(element|host-api|messages)\.ts$/, text: /./ },
  { why: "code that is put into other pages", file: /^embed\/snippets\.ts$/, text: /^(head:|<iframe)/ },
  { why: "contracts that the editor begins with", file: /^workshop\/starters\.ts$/, text: /./ },
  { why: "told by workers, which do not know what language was chosen, among the engine's sentences", file: /^(engine\/(contracts|pool|pool\.worker|spawn)|node\/carry|offline\/worker|compiler\/(imports|solc))\.ts$/, text: /./ },
  { why: "a lesson's text, which is English, and what its author is told", file: /^lessons\/condition\.ts$/, text: /./ },
  { why: "a defect of the site, which no reader can meet", file: /^(gallery\/text|export\/write)\.ts$/, text: /(has|is) no text\.?$/ },
  { why: "a trace is for another program", file: /^export\/trace\.ts$/, text: /./ },
];

describe("words", () => {
  test.each(sources)("%s has none outside the catalogue", (file) => {
    const stray = wordsIn(readFileSync(join(root, file), "utf8")).filter((text) => !ALLOWED.some((allowed) => allowed.file.test(file) && allowed.text.test(text)));
    expect(stray).toEqual([]);
  });

  test("every exception is needed", () => {
    const all = sources.flatMap((file) => wordsIn(readFileSync(join(root, file), "utf8")).map((text) => ({ file, text })));
    const unneeded = ALLOWED.filter(({ file, text }) => !all.some((found) => file.test(found.file) && text.test(found.text)));
    expect(unneeded.map(({ why }) => why)).toEqual([]);
  });

  test.each([
    ["html`<p>Some text</p>`", ["Some text"]],
    ["html`<p title=Text>${a}</p>`", ["Text"]],
    ['html`<p aria-label="Run ${a}"></p>`', ["Run …"]],
    ["html`<p>${b ? html`<b>inside</b>` : nothing}</p>`", ["inside"]],
    ['throw new Error("it did not work")', ["it did not work"]],
    ["const said = `there are ${n}`", ["there are …"]],
    ['this.said = "Copied."', ["Copied."]],
    ['html`<p class="of two" @click=${() => go()}>${words.some}</p>`', []],
    ['import { a } from "some of it"; type T = "of a type";', []],
  ])("are found in %s", (source, expected) => {
    expect(wordsIn(source)).toEqual(expected);
  });
});

/** Values that are the same in both languages because the word is. */
const SAME: ReadonlySet<string> = new Set([
  ...["1 ether", "Block", "Block-STM", "Bytecode", "Commit", "Contract", "Deltas", "EVM Lanes", "Element", "Fork", "Graph", "JSON", "Ladder", "Link", "Opcodes", "Operand", "Parallel"],
  ...["Pools", "Text", "Version", "block-stm", "ladder", "locks", "ordered-merge", "parallel", "pc", "revm", "sequential", "two-phase"],
  ...["Docusaurus, MDX", "MyST", "Sphinx (reStructuredText)", "VitePress", "mdBook"],
]);

describe("the languages", () => {
  test.each([
    [en.count(1, "abort"), "1 abort"],
    [en.count(0, "abort"), "0 aborts"],
    [en.count(1200, "dependency", "dependencies"), "1 200 dependencies"],
    [de.count(1, "Abbruch", "Abbrüche"), "1 Abbruch"],
    [de.count(1200, "Abbruch", "Abbrüche"), "1 200 Abbrüche"],
  ])("count: %s", (said, expected) => {
    expect(said.replaceAll("\u202f", " ")).toBe(expected);
  });

  const sections = readdirSync(join(root, "text/en")).filter((file) => file !== "grammar.ts" && file !== "page.ts");

  /** Every text of a language by its path: `app.panes.json`. */
  async function textsOf(language: string): Promise<Map<string, unknown>> {
    const texts = new Map<string, unknown>();
    const add = (path: string, value: unknown): void => {
      if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) add(`${path}.${key}`, inner);
      else texts.set(path, value);
    };
    for (const section of sections) {
      const module = (await import(join(root, "text", language, section))) as Record<string, unknown>;
      for (const [name, value] of Object.entries(module)) add(name, value);
    }
    return texts;
  }

  test("say nothing in the same words by accident", async () => {
    const [english, german] = await Promise.all([textsOf("en"), textsOf("de")]);
    const same = [...english].filter(([path, value]) => /\p{L}/u.test(said(value)) && said(german.get(path)) === said(value)).map(([, value]) => said(value));
    expect(same.filter((text) => !SAME.has(text))).toEqual([]);
    expect([...SAME].filter((text) => !same.includes(text))).toEqual([]);
  });

  test("use the same parameters in every sentence", async () => {
    const [english, german] = await Promise.all([textsOf("en"), textsOf("de")]);
    for (const [path, sentence] of english) {
      if (typeof sentence === "function") expect(parametersUsed(german.get(path)), path).toEqual(parametersUsed(sentence));
    }
  });

  test.each(["en", "de"])("need nothing but their own files: %s", (language) => {
    for (const section of readdirSync(join(root, "text", language))) {
      const source = readFileSync(join(root, "text", language, section), "utf8");
      const needed = [...source.matchAll(/^(?:import|export) (?!type ).* from "([^"]+)"/gm)].map(([, path]) => path);
      // What is shared would wait for the page, and the page waits for its language.
      expect(needed.filter((path) => !path.startsWith("./")), section).toEqual([]);
    }
  });
});

/** The words of a text; of a sentence, what stands around its parameters. */
function said(value: unknown): string {
  if (typeof value !== "function") return String(value);
  const words: string[] = [];
  JSON.stringify(parsed(value), (key, part: unknown) => {
    if ((key === "cooked" || key === "value") && typeof part === "string") words.push(part);
    return part;
  });
  return words.join("");
}

/** The places of a sentence's parameters that it makes use of. */
function parametersUsed(sentence: unknown): number[] {
  const { params, body } = parsed(sentence);
  const names = new Set<unknown>();
  JSON.stringify(body, (_, part: { type?: string; name?: string } | null) => {
    if (part?.type === "Identifier") names.add(part.name);
    return part;
  });
  return params.flatMap(({ name }, place) => (names.has(name) ? [place] : []));
}

function parsed(sentence: unknown): { params: { name: string }[]; body: unknown } {
  const [{ expression }] = parseSync("sentence.js", String(sentence)).program.body as unknown as [{ expression: { params: { name: string }[]; body: unknown } }];
  return expression;
}
