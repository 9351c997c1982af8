/** What the reader supposes about the block, and what would be then. */
import type { Change, WhatIf } from "../engine/types.ts";
import type { Finished } from "./state.ts";

/** What is supposed of the finished run's block. */
export interface Supposed {
  readonly changes: readonly Change[];
  /** The last answer, which may be one to an earlier question. */
  readonly answer: Answer | null;
  /** Why the last question has no answer. */
  readonly failure: { readonly of: Finished; readonly changes: readonly Change[]; readonly message: string } | null;
  readonly asking: boolean;
}

/** An answer, and to what. */
export interface Answer {
  readonly of: Finished;
  readonly changes: readonly Change[];
  readonly result: WhatIf;
}

/** What can happen. */
export type SupposedAction =
  | { type: "suppose"; changes: readonly Change[] }
  | { type: "asked" }
  | { type: "answered"; answer: Answer }
  /** `message` is `null` where nobody wants to know any more. */
  | { type: "unanswered"; of: Finished; changes: readonly Change[]; message: string | null };

export const NOTHING_SUPPOSED: Supposed = { changes: [], answer: null, failure: null, asking: false };

/** The state after `action`. */
export function reduceSupposed(supposed: Supposed, action: SupposedAction): Supposed {
  switch (action.type) {
    case "suppose":
      return { ...supposed, changes: action.changes, failure: null };
    case "asked":
      return { ...supposed, asking: true };
    case "answered":
      return { ...supposed, answer: action.answer, failure: null, asking: false };
    case "unanswered": {
      const { of, changes, message } = action;
      return { ...supposed, asking: false, failure: message === null ? supposed.failure : { of, changes, message } };
    }
  }
}

/** After a run of `text`: what was supposed of another block is not supposed of this one. */
export function supposedAfter(supposed: Supposed, before: Finished | null, text: string): Supposed {
  return before?.text === text ? { ...supposed, failure: null } : NOTHING_SUPPOSED;
}

/** Whether there is nothing to ask: the question has been answered, or failed. */
export function isAnswered({ changes, answer, failure }: Supposed, finished: Finished): boolean {
  return [answer, failure].some((it) => it?.of === finished && it.changes === changes);
}

/** `changes` and one more, which takes the place of what is supposed of the same transaction or location. */
export function supposing(changes: readonly Change[], change: Change): Change[] {
  return [...changes.filter((other) => subject(other) !== subject(change)), change];
}

function subject(change: Change): string {
  return "location" in change ? `at ${change.location}` : `transaction ${change.transaction}`;
}
