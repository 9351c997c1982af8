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

export const CLOCK_IDS = idsOf<ClockId>({ virtual: true, measured: true });
/** Each includes those before it. */
export const DELTA_IDS = idsOf<DeltaId>({ none: true, fees: true, balances: true, storage: true });
export const HINT_IDS = idsOf<HintId>({ none: true, senders: true });

/** Listed so that the compiler asks for every one. */
function idsOf<Id extends string>(all: Readonly<Record<Id, true>>): readonly Id[] {
  return Object.keys(all) as Id[];
}
