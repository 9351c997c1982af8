/** The page of text that a workload of the gallery has: data made by `workload-texts.ts` when the page is built. */

/** A piece of text, or an element with pieces in it. */
export type Markup = string | { readonly tag: Tag; readonly href?: string; readonly of: readonly Markup[] };

/** The elements that a text may have. */
export type Tag = "h3" | "p" | "ul" | "ol" | "li" | "table" | "thead" | "tbody" | "tr" | "th" | "td" | "pre" | "code" | "strong" | "em" | "a" | "span";

/** A line of the table that `tests/tests/gallery.rs` keeps true: virtual time in gas, 8 workers. */
export interface Figure {
  readonly variant: string;
  readonly strategy: string;
  readonly transactions: number;
  /** Its share of the block, such as "98 %". */
  readonly criticalPath: string;
  readonly speedup: number;
  readonly aborts: number;
}

/** What a list of workloads shows. */
export interface Summary {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly about: string;
}

/** All of it. */
export interface WorkloadText {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly body: readonly Markup[];
}

const texts = import.meta.glob<WorkloadText>(["../../../examples/*/README.md", "!../../../examples/lessons/*"], { query: "?workload", import: "default" });

/** The text of the workload in this folder. */
export async function loadText(folder: string): Promise<WorkloadText> {
  const load = texts[`../../../examples/${folder}/README.md`];
  if (!load) throw new Error(`the workload ${folder} has no text`);
  return load();
}

/** What `variant` gains under the ladder, or `null` if the table has no such line. */
export function speedupOf(figures: readonly Figure[], variant: string): number | null {
  return figures.find((figure) => figure.variant === variant && figure.strategy === "ladder")?.speedup ?? null;
}

/** The text as elements; what is written in it becomes text nodes. */
export function elements(parts: readonly Markup[]): Node[] {
  return parts.map((part) => {
    if (typeof part === "string") return document.createTextNode(part);
    const element = document.createElement(part.tag);
    if (element instanceof HTMLAnchorElement && part.href !== undefined) {
      element.href = part.href;
      element.rel = "noreferrer";
    }
    element.append(...elements(part.of));
    return element;
  });
}
