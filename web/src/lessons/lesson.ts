/** A lesson: data made of `examples/lessons/*.md` by `lesson-texts.ts` when the page is built. */
import type { Options, Report } from "../engine/types.ts";
import type { Markup } from "../gallery/text.ts";
import { judge, readQuantity, shown, valueOf, type Condition, type Finding } from "./condition.ts";

/** All of it. */
export interface Lesson {
  /** The file's name without its ending. */
  readonly id: string;
  readonly title: string;
  /** What is explained. Figures of the first run stand in it in braces: `{speedup}`. */
  readonly body: readonly Markup[];
  readonly question: readonly Markup[];
  /** The scenario's text, and how it is run. */
  readonly scenario: string;
  readonly options: Partial<Options>;
  /** What the reader is to bring about. */
  readonly check: readonly Condition[];
  /** What must still be so then. */
  readonly keep: readonly Condition[];
  readonly hints: readonly string[];
  /** One answer: another text, other options, or both. */
  readonly solution: { readonly scenario: string | null; readonly options: Partial<Options> };
}

/** How a run stands to what a lesson asks. */
export interface Findings {
  readonly solved: boolean;
  readonly check: readonly Finding[];
  readonly keep: readonly Finding[];
}

const files = import.meta.glob<Lesson>("../../../examples/lessons/[0-9]*.md", { query: "?lesson", import: "default", eager: true });

/** In the order of their names. */
export const lessons: readonly Lesson[] = Object.keys(files)
  .sort()
  .map((path) => files[path]);

/** Judges a run. */
export function findings({ check, keep }: Pick<Lesson, "check" | "keep">, report: Report): Findings {
  const of = (conditions: readonly Condition[]): Finding[] => conditions.map((condition) => judge(condition, report));
  const found = { check: of(check), keep: of(keep) };
  return { ...found, solved: [...found.check, ...found.keep].every(({ met }) => met) };
}

/** The text with the figures of a run in place of what stands in braces; without a run, with dots. */
export function filled(parts: readonly Markup[], report: Report | null): Markup[] {
  return parts.map((part) => {
    if (typeof part !== "string") return part.tag === "code" ? part : { ...part, of: filled(part.of, report) };
    return part.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
      const quantity = readQuantity(name);
      if ("problem" in quantity) return whole;
      return report === null ? "…" : shown(valueOf(quantity, report));
    });
  });
}
