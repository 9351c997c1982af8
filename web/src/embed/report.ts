/** Shows reports where those of runs would be. */
import type { Report } from "../engine/types.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";

/** The id of a run that nobody has performed here; a session counts from 1. */
export const RECORDED = 0;

/** Puts it where the report of a run would be. */
export function showRecorded(store: Store<State, Action>, report: Report): void {
  store.dispatch({ type: "configured", options: report.options });
  store.dispatch({ type: "started", id: RECORDED });
  store.dispatch({ type: "finished", id: RECORDED, report, text: store.state.text, options: store.state.options });
}
