/** Every value that an option of a run can have, by name, in the order in which they are shown. */
import type { ClockId, DeltaId, HintId, Options, StrategyId } from "./types.ts";

/** The strategies, and which of the other options make a difference to each. */
export const HEEDS: Readonly<Record<StrategyId, readonly (keyof Options)[]>> = {
  "block-stm": ["workers", "deltas", "hints"],
  ladder: ["workers", "deltas", "hints"],
  sequential: ["deltas"],
  "two-phase": ["workers", "deltas"],
  "ordered-merge": ["workers", "deltas"],
  locks: ["workers", "deltas"],
  bal: ["workers"],
  dag: ["workers", "deltas"],
};

export const CLOCK_IDS = ["virtual", "measured"] as const satisfies readonly ClockId[];
/** Each includes those before it. */
export const DELTA_IDS = ["none", "fees", "balances", "storage"] as const satisfies readonly DeltaId[];
export const HINT_IDS = ["none", "senders"] as const satisfies readonly HintId[];
