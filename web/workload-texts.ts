// A plug-in for vite: the gallery's pages of text, examples/*/README.md, become data when the page is built. `?workload` is the
// whole text as a tree, `?summary` what a list of workloads shows. No Markdown and no HTML reaches the page.

import { readFileSync } from "node:fs";
import { marked, type Token, type Tokens } from "marked";
import type { Plugin } from "vite";
import type { Figure, Markup, Summary, WorkloadText } from "./src/gallery/text.ts";

/** The plug-in. */
export function workloadTexts(): Plugin {
  return {
    name: "workload-texts",
    enforce: "pre",
    load(id) {
      const [file, query] = id.split("?");
      if (!file.endsWith("README.md") || (query !== "workload" && query !== "summary")) return null;
      this.addWatchFile(file);
      const text = workloadText(readFileSync(file, "utf8"));
      return `export default ${JSON.stringify(query === "summary" ? summaryOf(text) : text)};`;
    },
  };
}

/** A page of text: its title, its figures and the rest, without the claims in front. */
export function workloadText(source: string): WorkloadText {
  const body = source.replace(/^---\n[^]*?\n---\n/, "");
  const tokens = marked.lexer(body).filter((token) => token.type !== "space");
  const [heading, ...rest] = tokens;
  if (heading?.type !== "heading") throw new Error("the text of a workload begins with its title");
  const figures = tokens.filter((token): token is Tokens.Table => token.type === "table").flatMap(figuresOf);
  return { title: plain(heading), figures, body: rest.map(markup) };
}

function summaryOf({ title, figures, body }: WorkloadText): Summary {
  const first = body.find((part) => typeof part !== "string" && part.tag === "p");
  return { title, figures, about: first ? words(first) : "" };
}

/** The rows of the table that the test keeps true. */
function figuresOf(table: Tokens.Table): Figure[] {
  const columns = table.header.map((cell) => cell.text);
  if (columns[0] !== "variant" || columns[1] !== "strategy") return [];
  return table.rows.map(([variant, strategy, transactions, criticalPath, speedup, aborts]) => ({
    variant: variant.text,
    strategy: strategy.text,
    transactions: Number(transactions.text),
    criticalPath: criticalPath.text,
    speedup: Number(speedup.text),
    aborts: Number(aborts.text),
  }));
}

/** A token of Markdown as data; there is no form for HTML, pictures, and links to scripts. */
export function markup(token: Token): Markup {
  const of = (tokens: Token[] = []): Markup[] => tokens.map(markup);
  switch (token.type) {
    case "heading":
      // The page has headings of its own above these.
      return { tag: "h3", of: of(token.tokens) };
    case "paragraph":
      return { tag: "p", of: of(token.tokens) };
    case "list":
      return { tag: token.ordered ? "ol" : "ul", of: token.items.map((item: Tokens.ListItem) => ({ tag: "li", of: of(item.tokens) })) };
    case "table": {
      const row = (tag: "th" | "td", cells: Tokens.TableCell[]): Markup => ({ tag: "tr", of: cells.map((cell) => ({ tag, of: of(cell.tokens) })) });
      return {
        tag: "table",
        of: [
          { tag: "thead", of: [row("th", token.header)] },
          { tag: "tbody", of: token.rows.map((cells: Tokens.TableCell[]) => row("td", cells)) },
        ],
      };
    }
    case "code":
      return { tag: "pre", of: [{ tag: "code", of: [token.text] }] };
    case "codespan":
      return { tag: "code", of: [token.text] };
    case "strong":
    case "em":
      return { tag: token.type, of: of(token.tokens) };
    case "link":
      // A link to a site, or to something beside the text.
      if (/^(?!https:)[^/.#]*:/i.test(token.href)) throw new Error(`the text has a link to ${token.href.slice(0, 60)}, which is no page`);
      return { tag: "a", href: token.href, of: of(token.tokens) };
    case "text":
      return token.tokens ? { tag: "span", of: of(token.tokens) } : token.text;
    case "escape":
      return token.text;
    case "space":
    case "br":
      return " ";
    default:
      throw new Error(`the text has a ${token.type}, for which the page has no form: ${token.raw.slice(0, 60)}`);
  }
}

function plain(token: Token): string {
  return words(markup(token));
}

/** The text of it alone. */
export function words(part: Markup): string {
  return typeof part === "string" ? part : part.of.map(words).join("");
}
