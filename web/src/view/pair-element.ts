import { differenceInParts, differenceOf, type RunDifference } from "../compare/difference.ts";
import { pairOf, type Pair } from "../state/kept.ts";
import type { State } from "../state/state.ts";
import { derivedInTasks, task } from "./derived.ts";
import { StoreElement } from "./element.ts";

/** What two runs are, and how they differ. */
export interface Compared extends Pair {
  readonly difference: RunDifference;
}

/** The two runs of the page, once it is known how they differ. */
export function comparedOf(state: State): Compared | null {
  const pair = pairOf(state);
  const difference = pair && differenceOf(pair);
  return difference && { ...pair, difference };
}

/** Resolves when that and all that pictures need is there; of large blocks it is worked out in tasks of its own. */
export async function comparedInTasks(state: State): Promise<void> {
  const pair = pairOf(state);
  if (!pair || differenceOf(pair)) return;
  await Promise.all([derivedInTasks(pair.a.report), derivedInTasks(pair.b.report)]);
  await differenceInParts(pair, task);
}

/** An element that shows two runs, as soon as they are compared. */
export abstract class PairElement extends StoreElement {
  protected override async scheduleUpdate(): Promise<void> {
    const pair = pairOf(this.state);
    if (pair && !differenceOf(pair)) await comparedInTasks(this.state);
    super.scheduleUpdate();
  }
}
