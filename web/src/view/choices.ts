/** What can be chosen, and what each choice means: controls, tables and the help page read it. */
import { HEEDS } from "../engine/options.ts";
import type { ClockId, DeltaId, HintId, Options, StrategyId } from "../engine/types.ts";
import { choices, type Term } from "../text/page.ts";

/** One of several. */
export interface Choice {
  readonly name: string;
  /** One line of explanation. */
  readonly text: string;
}

/** A strategy, and which of the other options make a difference to it. */
export interface StrategyChoice extends Choice {
  readonly heeds: readonly (keyof Options)[];
}

/** How parallelism is found. */
export const STRATEGIES = Object.fromEntries(
  entries(choices.strategies).map(([id, words]) => [id, { ...words, heeds: HEEDS[id] }]),
) as unknown as Readonly<Record<StrategyId, StrategyChoice>>;

/** Where times come from. */
export const CLOCKS: Readonly<Record<ClockId, Choice>> = choices.clocks;

/** Which updates are additions; each includes those before it. */
export const DELTAS: Readonly<Record<DeltaId, Choice>> = choices.deltas;

/** What the scheduler is told beforehand. */
export const HINTS: Readonly<Record<HintId, Choice>> = choices.hints;

/** Terms that are explained by what there is to choose from. */
export const CHOICES: Partial<Record<Term, Readonly<Record<string, Choice>>>> = { deltas: DELTAS, hints: HINTS };

/** A list's entries with their ids, in its order. */
export function entries<T extends string, V>(list: Readonly<Record<T, V>>): readonly (readonly [T, V])[] {
  return Object.entries(list) as [T, V][];
}
