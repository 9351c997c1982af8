/** Asks the engine what would be, whenever somebody looks at the answer and there is none yet. */
import type { EngineClient } from "./engine/client.ts";
import { EngineError, message } from "./engine/errors.ts";
import type { Action, Finished, State } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { isAnswered } from "./state/supposed.ts";
import type { Change } from "./engine/types.ts";

/** Starts asking. One question is on its way at a time; a newer one, or a run, ends it. */
export function answerQuestions(store: Store<State, Action>, client: Pick<EngineClient, "whatIf">): void {
  let current: { of: Finished; changes: readonly Change[]; controller: AbortController } | null = null;

  const ask = async (of: Finished, changes: readonly Change[], signal: AbortSignal): Promise<void> => {
    store.dispatch({ type: "asked" });
    try {
      const result = await client.whatIf(of.text, of.options, [...changes], { signal });
      if (!signal.aborted) store.dispatch({ type: "answered", answer: { of, changes, result } });
    } catch (error) {
      const cancelled = error instanceof EngineError && error.code === "cancelled";
      if (!signal.aborted) store.dispatch({ type: "unanswered", of, changes, message: cancelled ? null : message(error) });
    } finally {
      if (current?.controller.signal === signal) current = null;
    }
  };

  const look = ({ detail, finished, run, supposed }: State): void => {
    const question = detail === "what-if" && run.kind !== "running" && finished && finished.opened?.hasText !== false && !isAnswered(supposed, finished) ? { of: finished, changes: supposed.changes } : null;
    if (current && (current.of !== question?.of || current.changes !== question.changes)) {
      current.controller.abort();
      current = null;
      if (!question) store.dispatch({ type: "unanswered", of: finished!, changes: supposed.changes, message: null });
    }
    if (!question || current) return;
    current = { ...question, controller: new AbortController() };
    void ask(question.of, question.changes, current.controller.signal);
  };
  store.subscribe(look);
}
