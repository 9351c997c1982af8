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
  /** The same as what stands after the `#` of an address (share/link.ts); `null` if it is too long for one. */
  readonly fragment: string | null;
  readonly options: Options;
  readonly view: readonly View[];
  readonly start: "visible" | "click";
}

/** The tools that figures are written for; `text/en/embedding.ts` has their names, and where each part goes. */
export type SnippetId = "element" | "iframe" | "sandbox" | "mdbook" | "mdx" | "vitepress" | "sphinx" | "myst";

/** How a tool takes a figure. */
export interface Snippet {
  /** What is set for the whole site, once, whatever the figures are. */
  readonly site?: (figure: Figured) => string;
  /** What is put into a page; nothing if the scenario does not fit into it. */
  readonly page: (figure: Figured) => string | null;
}

/** All of them. */
export const SNIPPETS: Readonly<Record<SnippetId, Snippet>> = {
  element: { page: (figure) => `${script(figure)}\n${element(figure)}` },
  iframe: { page: (figure) => frame(figure, null) },
  sandbox: { page: (figure) => frame(figure, "allow-scripts allow-popups allow-popups-to-escape-sandbox") },
  mdbook: { page: (figure) => `${script(figure)}\n${element(figure)}` },
  mdx: {
    site: (figure) => `scripts: [{ src: ${JSON.stringify(source(figure))}, type: "module" }],`,
    page: (figure) => `<evm-lanes ${jsx(figure)} />`,
  },
  vitepress: {
    site: (figure) =>
      `head: [["script", { type: "module", src: ${JSON.stringify(source(figure))} }]],\nvue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "evm-lanes" } } },`,
    page: element,
  },
  sphinx: { page: (figure) => `.. raw:: html\n\n   ${script(figure)}\n   ${element(figure)}` },
  myst: { page: (figure) => `\`\`\`{raw} html\n${script(figure)}\n${element(figure)}\n\`\`\`` },
};

/** What differs from what it would be anyway. */
function attributes({ example, text, options, view, start }: Figured): [string, string][] {
  const settings = ATTRIBUTES.frame
    .filter((name): name is typeof name & keyof Options => name in options)
    .filter((name) => options[name] !== DEFAULT_OPTIONS[name] || name === "strategy" || name === "workers")
    .map((name): [string, string] => [name, String(options[name])]);
  return [["scenario", example ?? text], ...settings, ["view", view.join(" ")], ...(start === "click" ? [["start", "click"] as [string, string]] : [])];
}

/** The element's script. */
function source({ base }: Figured): string {
  return new URL("evm-lanes.js", base).href;
}

function script(figure: Figured): string {
  return `<script type="module" src="${escaped(source(figure))}"></script>`;
}

/** On one line: an empty one would end it in Markdown. */
function element(figure: Figured): string {
  return `<evm-lanes ${attributes(figure).map(([name, value]) => `${name}="${escaped(value)}"`).join(" ")}></evm-lanes>`;
}

function jsx(figure: Figured): string {
  return attributes(figure).map(([name, value]) => `${name}={${JSON.stringify(value)}}`).join(" ");
}

function frame(figure: Figured, sandbox: string | null): string | null {
  if (figure.example === null && figure.fragment === null) return null;
  const url = new URL("embed.html", figure.base);
  for (const [name, value] of attributes(figure)) {
    if (name !== "scenario") url.searchParams.set(name, value);
    else if (figure.example !== null) url.searchParams.set("example", value);
    else url.hash = figure.fragment!;
  }
  const height = 240 + 360 * figure.view.length;
  return `<iframe src="${escaped(url.href)}" title="${escaped(figure.title)}" width="100%" height="${height}" frameborder="0" loading="lazy" referrerpolicy="no-referrer" allow="cross-origin-isolated; clipboard-write; fullscreen"${sandbox === null ? "" : ` sandbox="${sandbox}"`}></iframe>`;
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
