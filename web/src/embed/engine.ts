/** The engine of a figure: nothing of it is loaded before something is run, and it runs in turn with other figures. */
import { EngineClient, type ClientOptions } from "../engine/client.ts";
import type { EngineLike } from "../session.ts";
import { inTurn } from "./queue.ts";

/** Starts at the first run. `onWait` is told whether another figure has to be waited for. */
export class LazyEngine implements EngineLike {
  #options: ClientOptions;
  #onWait: (waits: boolean) => void;
  #client: EngineClient | null = null;
  #started = Promise.withResolvers<EngineClient>();

  constructor(options: ClientOptions, onWait: (waits: boolean) => void) {
    this.#options = options;
    this.#onWait = onWait;
  }

  get ready(): EngineLike["ready"] {
    return this.#started.promise.then((client) => client.ready);
  }

  /** Starts it. */
  start(): EngineClient {
    if (!this.#client) {
      this.#client = new EngineClient(this.#options);
      this.#started.resolve(this.#client);
    }
    return this.#client;
  }

  run: EngineLike["run"] = (text, options, call = {}) => {
    const turn = inTurn(
      () => {
        this.#onWait(false);
        return this.start().run(text, options, call);
      },
      call.signal,
      () => this.#onWait(true),
    );
    return turn.finally(() => this.#onWait(false));
  };

  // What is typed, or asked about a report, can wait until something has been run.
  check: EngineLike["check"] = async (text, call) => (await this.#started.promise).check(text, call);
  curve: EngineLike["curve"] = (text, options, workers, call) => this.start().curve(text, options, workers, call);
  compare: EngineLike["compare"] = (text, options, call) => this.start().compare(text, options, call);
  whatIf: EngineLike["whatIf"] = (text, options, changes, call) => this.start().whatIf(text, options, changes, call);
  tell: EngineLike["tell"] = async (report, step, location, call) => (this.#client ? this.#client.tell(report, step, location, call) : null);
  opcodes: EngineLike["opcodes"] = async (report, event, at, call) => (this.#client ? this.#client.opcodes(report, event, at, call) : null);

  /** Ends it. */
  dispose(): void {
    this.#client?.dispose();
  }
}
