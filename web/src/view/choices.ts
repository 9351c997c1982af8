/** What can be chosen, and what each choice means: controls, tables and the help page read it, so adding one is a line here. */
import type { ClockId, DeltaId, HintId, Options, StrategyId } from "../engine/types.ts";
import { GLOSSARY, type Term } from "./glossary.ts";

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
export const STRATEGIES: Readonly<Record<StrategyId, StrategyChoice>> = {
  "block-stm": { name: "Block-STM", text: GLOSSARY["block-stm"].text, heeds: ["workers", "deltas", "hints"] },
  ladder: { name: "Ladder", text: GLOSSARY.ladder.text, heeds: ["workers", "deltas", "hints"] },
  sequential: { name: "Sequential", text: GLOSSARY.sequential.text, heeds: ["deltas"] },
  "two-phase": { name: "Two-phase", text: GLOSSARY["two-phase"].text, heeds: ["workers", "deltas"] },
  "ordered-merge": { name: "Ordered merge", text: GLOSSARY["ordered-merge"].text, heeds: ["workers", "deltas"] },
  locks: { name: "Locks", text: GLOSSARY.locks.text, heeds: ["workers", "deltas"] },
  bal: { name: "Access list (bal)", text: GLOSSARY.bal.text, heeds: ["workers"] },
  dag: { name: "Oracle (dag)", text: GLOSSARY.dag.text, heeds: ["workers", "deltas"] },
};

/** Where times come from. */
export const CLOCKS: Readonly<Record<ClockId, Choice>> = {
  virtual: { name: "Virtual", text: "Simulated workers; every transaction costs its gas." },
  measured: { name: "Measured", text: "Real workers and wall time." },
};

/** Which updates are additions; each includes those before it. */
export const DELTAS: Readonly<Record<DeltaId, Choice>> = {
  none: { name: "None", text: "No additions: every fee payment conflicts with every other." },
  fees: { name: "Fees", text: "What the fee recipient is paid." },
  balances: { name: "Balances", text: "Every balance, as long as nobody looks at it closer than to see whether it is enough." },
  storage: {
    name: "Storage",
    text: "Every balance, and every slot that is only counted up or down, as long as all that was asked of the number has the same answer.",
  },
};

/** What the scheduler is told beforehand. */
export const HINTS: Readonly<Record<HintId, Choice>> = {
  none: { name: "None", text: "Every dependency is found by running into it." },
  senders: { name: "Same sender", text: "Each transaction follows its sender's previous one." },
};

/** Terms that are explained by what there is to choose from. */
export const CHOICES: Partial<Record<Term, Readonly<Record<string, Choice>>>> = { deltas: DELTAS, hints: HINTS };

/** A list's entries with their ids, in its order. */
export function entries<T extends string, C extends Choice>(choices: Readonly<Record<T, C>>): readonly (readonly [T, C])[] {
  return Object.entries(choices) as [T, C][];
}
