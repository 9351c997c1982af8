/** Keeps the store and the engine together: checks what is typed, runs, cancels, asks for the curve and the comparison. */
import { EngineClient } from "./engine/client.ts";
import { EngineError, message } from "./engine/errors.ts";
import type { Options } from "./engine/types.ts";
import { loadExample } from "./examples.ts";
import { playReplays } from "./replay.ts";
import { tellStories } from "./story.ts";
import { NOT_COMPARED, type Action, type Compared, type State } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { answerQuestions } from "./what-if.ts";

/** The part of the engine's client that is used; tests put their own in. */
export type EngineLike = Pick<EngineClient, "ready" | "check" | "run" | "curve" | "compare" | "whatIf" | "tell" | "opcodes">;

/** Numbers of workers the curve is worked out for. */
export const CURVE_WORKERS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
/** Milliseconds after the last keystroke before the text is checked. */
const PAUSE = 150;

/** What the page can do. */
export interface Session {
  run(): Promise<void>;
  /** Runs something else, and keeps that to compare the later runs with. Fails with an `EngineError`. */
  runBeside(text: string, options: Options): Promise<void>;
  cancel(): void;
  /** Runs the block in every strategy. */
  compare(): Promise<void>;
  cancelComparison(): void;
  load(example: string): Promise<void>;
}

/** Connects them. */
export function startSession(store: Store<State, Action>, client: EngineLike): Session {
  let runs = 0;
  let current: AbortController | null = null;
  let comparing: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checking = false;
  let checked: string | null = null;

  const whenReady = (): void => {
    client.ready.then(
      (engine) => store.dispatch({ type: "engine", engine }),
      (error: unknown) => {
        const id = ++runs;
        store.dispatch({ type: "started", id });
        store.dispatch({ type: "failed", id, code: "unavailable", message: message(error), diagnostics: [] });
      },
    );
  };
  whenReady();

  /** One check at a time, always of the newest text. */
  const check = async (): Promise<void> => {
    if (checking) return;
    checking = true;
    try {
      // What was said of a text is forgotten when another is loaded, and the first may be back before that is checked.
      while (checked !== store.state.text || store.state.checked === null) {
        const { text } = store.state;
        checked = text;
        store.dispatch({ type: "checked", text, checked: await client.check(text) });
      }
    } catch {
      // A run in its place says what is wrong; the next keystroke tries again.
      checked = null;
    } finally {
      checking = false;
    }
  };

  let seen = store.state.text;
  store.subscribe(({ text }) => {
    if (text === seen) return;
    seen = text;
    clearTimeout(timer);
    timer = setTimeout(() => void check(), PAUSE);
  });

  // Whatever takes a comparison out of the state ends it.
  store.subscribe(({ compared }) => {
    if (compared.kind !== "none") return;
    comparing?.abort();
    comparing = null;
  });

  answerQuestions(store, client);
  playReplays(store);
  tellStories(store, client);

  const session: Session = {
    async run() {
      current?.abort();
      if (comparing) session.cancelComparison();
      const controller = (current = new AbortController());
      const { signal } = controller;
      const id = ++runs;
      const { text, options } = store.state;
      store.dispatch({ type: "started", id });
      try {
        const report = await client.run(text, options, {
          signal,
          onProgress: ({ phase, done, total }) => store.dispatch({ type: "progress", id, phase, done, total }),
        });
        store.dispatch({ type: "finished", id, report, text, options });
        if (report.curve === null && report.transactions.length > 0) {
          const curve = await client.curve(text, options, CURVE_WORKERS, { signal });
          if (current === controller) store.dispatch({ type: "curve", id, curve });
        }
      } catch (error) {
        // The curve is an extra: without it the result stands.
        const { code, message: words, diagnostics } = known(error);
        store.dispatch({ type: "failed", id, code, message: words, diagnostics });
        if (code === "panicked") whenReady();
        if (code === "invalid") void check();
      } finally {
        if (current === controller) current = null;
      }
    },
    async runBeside(text, options) {
      current?.abort();
      const controller = (current = new AbortController());
      const id = ++runs;
      store.dispatch({ type: "started", id });
      try {
        const report = await client.run(text, options, {
          signal: controller.signal,
          onProgress: ({ phase, done, total }) => store.dispatch({ type: "progress", id, phase, done, total }),
        });
        store.dispatch({ type: "keep", run: { report, text, options } });
      } catch (error) {
        const { code, message: words, diagnostics } = known(error);
        store.dispatch({ type: "failed", id, code, message: words, diagnostics });
        throw error;
      } finally {
        if (current === controller) current = null;
      }
    },
    cancel() {
      current?.abort();
    },
    async compare() {
      comparing?.abort();
      const controller = (comparing = new AbortController());
      const say = (compared: Compared): void => {
        if (comparing === controller) store.dispatch({ type: "compared", compared });
      };
      const { text, options } = store.state;
      say({ kind: "running", done: 0, total: 0 });
      try {
        const comparison = await client.compare(text, options, {
          signal: controller.signal,
          onProgress: ({ phase, done, total }) => phase === "comparison" && say({ kind: "running", done, total }),
        });
        say({ kind: "done", comparison });
      } catch (error) {
        const { code, message: words } = known(error);
        say({ kind: "failed", code, message: words });
        if (code === "panicked") whenReady();
      } finally {
        if (comparing === controller) comparing = null;
      }
    },
    cancelComparison() {
      store.dispatch({ type: "compared", compared: NOT_COMPARED });
    },
    async load(example) {
      const text = await loadExample(example);
      store.dispatch({ type: "loaded", text, example });
      clearTimeout(timer);
      void check();
      await session.run();
    },
  };
  return session;
}

function known(error: unknown): EngineError {
  return error instanceof EngineError ? error : new EngineError("panicked", message(error));
}
