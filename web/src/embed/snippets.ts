/** What an author puts into a page to show a figure there: the same figure, in the form that each tool takes. Pure. */
import type { Options } from "../engine/types.ts";
import { DEFAULT_OPTIONS } from "../state/state.ts";
import { ATTRIBUTES, type View } from "./interface.ts";

/** What is to be embedded. */
export interface Figured {
  /** Folder of the site, with a slash at its end. */
  readonly base: string;
  readonly title: string;
  readonly example: string | null;
  /** The scenario, if it is no example. */
  readonly text: string;
  readonly options: Options;
  readonly view: readonly View[];
  readonly start: "visible" | "click";
}

/** A way to embed. */
export interface Snippet {
  /** Its name, where it goes and what else is needed: `text/en/embedding.ts`. */
  readonly id: "element" | "iframe" | "sandbox" | "mdbook" | "mdx" | "vitepress" | "sphinx" | "myst";
  readonly code: (figure: Figured) => string;
}

/** All of them. */
export const SNIPPETS: readonly Snippet[] = [
  { id: "element", code: (figure) => `${script(figure)}\n${element(figure)}` },
  { id: "iframe", code: (figure) => frame(figure, null) },
  {
    id: "sandbox",
    code: (figure) => frame(figure, "allow-scripts allow-popups"),
  },
  { id: "mdbook", code: (figure) => `${script(figure)}\n${element(figure)}` },
  {
    id: "mdx",
    code: (figure) => `{/* ${new URL("evm-lanes.js", figure.base).href} */}\n<evm-lanes ${jsx(figure)} />`,
  },
  {
    id: "vitepress",
    code: (figure) =>
      `head: [["script", { type: "module", src: ${JSON.stringify(new URL("evm-lanes.js", figure.base).href)} }]],\nvue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "evm-lanes" } } },\n\n${element(figure)}`,
  },
  { id: "sphinx", code: (figure) => `.. raw:: html\n\n   ${script(figure)}\n   ${element(figure)}` },
  { id: "myst", code: (figure) => `\`\`\`{raw} html\n${script(figure)}\n${element(figure)}\n\`\`\`` },
];

/** What differs from what it would be anyway. */
function attributes({ example, text, options, view, start }: Figured): [string, string][] {
  const settings = ATTRIBUTES.frame
    .filter((name): name is typeof name & keyof Options => name in options)
    .filter((name) => options[name] !== DEFAULT_OPTIONS[name] || name === "strategy" || name === "workers")
    .map((name): [string, string] => [name, String(options[name])]);
  return [["scenario", example ?? text], ...settings, ["view", view.join(" ")], ...(start === "click" ? [["start", "click"] as [string, string]] : [])];
}

function script({ base }: Figured): string {
  return `<script type="module" src="${escaped(new URL("evm-lanes.js", base).href)}"></script>`;
}

/** On one line: an empty one would end it in Markdown. */
function element(figure: Figured): string {
  return `<evm-lanes ${attributes(figure).map(([name, value]) => `${name}="${escaped(value)}"`).join(" ")}></evm-lanes>`;
}

function jsx(figure: Figured): string {
  return attributes(figure).map(([name, value]) => `${name}={${JSON.stringify(value)}}`).join(" ");
}

function frame(figure: Figured, sandbox: string | null): string {
  const url = new URL("embed.html", figure.base);
  for (const [name, value] of attributes(figure)) {
    if (name !== "scenario") url.searchParams.set(name, value);
    else if (figure.example !== null) url.searchParams.set("example", value);
    else url.hash = new URLSearchParams({ scenario: value }).toString();
  }
  const height = 240 + 360 * figure.view.length;
  return `<iframe src="${escaped(url.href)}" title="${escaped(figure.title)}" width="100%" height="${height}" style="border: 0" loading="lazy" referrerpolicy="no-referrer" allow="cross-origin-isolated; clipboard-write; fullscreen"${sandbox === null ? "" : ` sandbox="${sandbox}"`}></iframe>`;
}

/** For an attribute in quotes, in HTML and in templates that give double braces a meaning. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("{{", "&#123;&#123;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\n", "&#10;");
}
