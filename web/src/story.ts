/** Asks the engine what happened where the playhead is, and which versions a location had then. */
import type { EngineClient } from "./engine/client.ts";
import { ABORTED } from "./layout/kinds.ts";
import type { Action, Finished, State } from "./state/state.ts";
import type { Store } from "./state/store.ts";

/** What is to be told. */
interface Question {
  readonly of: Finished;
  readonly step: number;
  readonly location: number | null;
}

/** Starts asking. One question is on its way at a time, and the next is of wherever the playhead is by then. */
export function tellStories(store: Store<State, Action>, client: Pick<EngineClient, "tell">): void {
  let asking = false;

  const ask = async (question: Question): Promise<void> => {
    const { of, step, location } = question;
    asking = true;
    // An engine that has failed since knows nothing of the run any more.
    const told = await client.tell(of.report, step, location).catch(() => null);
    asking = false;
    store.dispatch({ type: "told", told: { ...question, told } });
    look();
  };

  const look = (): void => {
    const question = asking ? null : questionOf(store.state);
    if (question) void ask(question);
  };
  store.subscribe(look);
}

/**
 * The location whose versions are looked at: the selected one, or the one that the abort at the playhead is about, or else the
 * one before.
 */
export function locationInQuestion({ finished, selection, playhead, granularity, told }: State): number | null {
  if (!finished) return null;
  const { graph, timeline, locations } = finished.report;
  if (selection?.kind === "location" && selection.index < locations.length) return selection.index;
  if (selection?.kind === "edge" && granularity === "slotWithDeltas") return graph.edges[selection.index]?.locations[0] ?? null;
  const { kind, cause } = timeline.events;
  const event = selection?.kind === "event" ? selection.index : (playhead?.step ?? 0) - 1;
  if (kind[event] === ABORTED) return timeline.causes[cause[event]].location;
  return told?.of === finished ? told.location : null;
}

/** `null` if there is nothing to tell, or it has been told. */
function questionOf(state: State): Question | null {
  const { finished: of, playhead, run, told, detail } = state;
  if (!of || run.kind === "running") return null;
  const location = detail === "memory" ? locationInQuestion(state) : null;
  if (playhead === null && location === null) return null;
  const step = playhead?.step ?? of.report.timeline.events.kind.length;
  const known = told?.of === of && told.step === step && (detail !== "memory" || told.location === location);
  return known ? null : { of, step, location };
}
