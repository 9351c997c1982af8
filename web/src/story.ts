/** Asks the engine what happened where the playhead is, which versions a location had then, and what an attempt executed. */
import type { EngineClient } from "./engine/client.ts";
import { ABORTED, EXECUTED } from "./layout/kinds.ts";
import type { Action, State, Stepping, Telling } from "./state/state.ts";
import type { Store } from "./state/store.ts";

/** Starts asking. Of each kind one question is on its way at a time, and the next is of wherever the reader is by then. */
export function tellStories(store: Store<State, Action>, client: Pick<EngineClient, "tell" | "opcodes">): void {
  answer(store, toTell, async (question) => {
    const { of, step, location } = question;
    // An engine that has failed since knows nothing of the run any more.
    const told = await client.tell(of.report, step, location).catch(() => null);
    store.dispatch({ type: "told", told: { ...question, told } });
  });
  answer(store, toStep, async (question) => {
    const { of, event, at } = question;
    const trace = await client.opcodes(of.report, event, at).catch(() => null);
    store.dispatch({ type: "stepped", stepping: { ...question, trace } });
  });
}

function answer<Q>(store: Store<State, Action>, questionOf: (state: State) => Q | null, ask: (question: Q) => Promise<void>): void {
  let asking = false;
  const look = (): void => {
    const question = asking ? null : questionOf(store.state);
    if (!question) return;
    asking = true;
    void ask(question).finally(() => {
      asking = false;
      look();
    });
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

/**
 * The attempt whose instructions are looked at, by the event that it ended with: the selected one, or the last by the playhead
 * of the selected transaction, or of the one that the playhead is at.
 */
export function attemptInQuestion({ finished, selection, playhead }: State): number | null {
  if (!finished) return null;
  const { kind, transaction, incarnation } = finished.report.timeline.events;
  const step = playhead?.step ?? kind.length;
  const event = selection?.kind === "event" ? selection.index : selection || !playhead ? null : step - 1;
  const of = event !== null ? transaction[event] : selection?.kind === "transaction" ? selection.index : undefined;
  if (of === undefined) return null;
  // An event of another kind is about the attempt of its number, and one that the playhead has not come to is none yet.
  for (let i = (event ?? step - 1) + 1; i-- > 0; ) {
    if (transaction[i] === of && kind[i] === EXECUTED && (event === null || incarnation[i] === incarnation[event])) return i;
  }
  return null;
}

/** `null` if there is nothing to tell, or it has been told. */
function toTell(state: State): Omit<Telling, "told"> | null {
  const { finished: of, playhead, run, told, detail } = state;
  if (!of || run.kind === "running") return null;
  const location = detail === "memory" ? locationInQuestion(state) : null;
  if (playhead === null && location === null) return null;
  const step = playhead?.step ?? of.report.timeline.events.kind.length;
  const known = told?.of === of && told.step === step && (detail !== "memory" || told.location === location);
  return known ? null : { of, step, location };
}

/** The same of instructions. */
function toStep(state: State): Omit<Stepping, "trace"> | null {
  const { finished: of, run, detail, stepping, instruction: at } = state;
  if (!of || run.kind === "running" || detail !== "opcodes") return null;
  const event = attemptInQuestion(state);
  if (event === null || (stepping?.of === of && stepping.event === event && stepping.at === at)) return null;
  return { of, event, at };
}
