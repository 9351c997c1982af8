// The page's hand on the engine: promises, progress, cancellation. The main thread never enters wasm; it talks to a
// coordinator worker, and replaces that when it fails or does not stop in time.

import { EngineError, message } from "./errors.ts";
import { putParts, type Part } from "./parts.ts";
import { choose, detect, single, type Platform } from "./platform.ts";
import type { CancelFlag, Failure, Job, Progress, Request, Response, Results } from "./protocol.ts";
import type { Checked, Curve, Options, Report } from "./types.ts";

/** How a coordinator is made; tests put their own in. */
export type Spawn = () => Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** What can be said with a job. */
export interface CallOptions {
  /** Called some thirty times a second at most. */
  onProgress?: (progress: Progress) => void;
  /** Ends the job: its promise rejects with the code `cancelled` within 100 ms. */
  signal?: AbortSignal;
}

/** How the engine is reached. */
export interface ClientOptions {
  /** The executor; chosen from the page's features if absent. */
  platform?: Platform;
  /** Folder of the wasm builds; `wasm/` beside the page if absent. */
  base?: string;
  /** Makes a coordinator. */
  spawn?: Spawn;
}

/** A running engine: what executes, and which version it is. */
export interface Engine extends Platform {
  version: string;
}

/** A cancelled run that has not ended by itself after this many milliseconds loses its coordinator. */
const GRACE = 60;

/** Jobs run one after another, in the order of the calls. */
export class EngineClient {
  #options: Required<ClientOptions>;
  #module: WebAssembly.Module | null = null;
  #coordinator: Promise<Coordinator>;
  #queue: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(options: ClientOptions = {}) {
    this.#options = {
      platform: options.platform ?? choose(detect()),
      base: options.base ?? new URL("wasm/", document.baseURI).href,
      spawn: options.spawn ?? (() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })),
    };
    this.#coordinator = this.#restart();
  }

  /** What executes and why, once it has started. Rejects with the code `unavailable` if nothing can be started. */
  get ready(): Promise<Engine> {
    return this.#coordinator.then((coordinator) => coordinator.engine);
  }

  /** Every problem in a scenario's text, and the block it describes. */
  check(text: string, call: CallOptions = {}): Promise<Checked> {
    return this.#call({ type: "check", text }, call);
  }

  /** Runs a scenario sequentially and as the options say, and compares. Absent options have the engine's defaults. */
  run(text: string, options: Partial<Options> = {}, call: CallOptions = {}): Promise<Report> {
    return this.#call({ type: "run", text, options }, call);
  }

  /** The speedup in virtual time at each number of workers. */
  curve(text: string, options: Partial<Options>, workers: number[], call: CallOptions = {}): Promise<Curve> {
    return this.#call({ type: "curve", text, options, workers }, call);
  }

  /** For tests: makes a worker of the pool panic (0 is the coordinator). Rejects with the code `panicked`. */
  injectPanic(worker: number): Promise<null> {
    return this.#call({ type: "panic", worker }, {});
  }

  /** Ends everything; pending jobs reject as cancelled. */
  dispose(): void {
    this.#disposed = true;
    this.#coordinator.then((coordinator) => coordinator.end(cancelled()), () => undefined);
  }

  #call<J extends Job>(job: J, call: CallOptions): Promise<Results[J["type"]]> {
    const result = this.#queue.then(() => this.#perform(job, call));
    this.#queue = result.catch(() => undefined);
    const { signal } = call;
    if (!signal) return result;
    // The caller is rid of it at once; the coordinator has its moment to stop, and the next job waits for that.
    return new Promise((resolve, reject) => {
      const abort = () => reject(cancelled());
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort);
      result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }

  async #perform<J extends Job>(job: J, call: CallOptions): Promise<Results[J["type"]]> {
    if (this.#disposed || call.signal?.aborted) throw cancelled();
    const coordinator = await this.#coordinator;
    try {
      return (await coordinator.perform(job, call)) as Results[J["type"]];
    } finally {
      if (coordinator.over && !this.#disposed) {
        this.#coordinator = this.#restart();
      }
    }
  }

  #restart(): Promise<Coordinator> {
    const coordinator = this.#start();
    // Whoever asks for it sees the rejection; nobody may be asking.
    coordinator.catch(() => undefined);
    return coordinator;
  }

  /** A fresh coordinator; the single build where the threaded one does not start. */
  async #start(): Promise<Coordinator> {
    const { platform, base, spawn } = this.#options;
    try {
      const coordinator = await Coordinator.start(spawn, platform, base, this.#module);
      this.#module = coordinator.module;
      return coordinator;
    } catch (error) {
      if (platform.build === "single" || this.#disposed) throw error;
      this.#options.platform = single(`One worker: threads did not start (${message(error)}).`);
      this.#module = null;
      return this.#start();
    }
  }
}

/** One coordinator worker with one job at a time, from start to end. */
class Coordinator {
  /** It has ended and takes no more jobs. */
  over = false;
  engine!: Engine;
  module!: WebAssembly.Module;
  #worker: ReturnType<Spawn>;
  #failures: BroadcastChannel;
  #cancel: CancelFlag | null = null;
  #jobs = 0;
  #onResponse: (response: Response) => void = () => undefined;
  #onEnd: (error: EngineError) => void = () => undefined;

  static async start(
    spawn: Spawn,
    platform: Platform,
    base: string,
    module: WebAssembly.Module | null,
  ): Promise<Coordinator> {
    const coordinator = new Coordinator(spawn());
    const started = new Promise<Response & { type: "started" }>((resolve, reject) => {
      coordinator.#onEnd = reject;
      coordinator.#onResponse = (response) => {
        if (response.type === "started") resolve(response);
        else if (response.type === "not-started") coordinator.end(new EngineError("unavailable", response.message));
      };
    });
    const { build, workers } = platform;
    coordinator.#post({ type: "start", build, base, workers, module, failures: coordinator.#failures.name });
    const { version, cancel, module: compiled } = await started;
    coordinator.engine = { ...platform, version };
    coordinator.module = compiled;
    coordinator.#cancel = cancel;
    return coordinator;
  }

  private constructor(worker: ReturnType<Spawn>) {
    this.#worker = worker;
    this.#failures = new BroadcastChannel(`evm-lanes-${crypto.randomUUID()}`);
    this.#failures.onmessage = ({ data }: MessageEvent<Failure>) =>
      this.end(new EngineError("panicked", data.message));
    worker.onmessage = ({ data }: MessageEvent<Response>) => this.#onResponse(data);
    worker.onerror = (event: ErrorEvent) => {
      event.preventDefault();
      this.end(new EngineError("unavailable", event.message || "the worker script could not be loaded"));
    };
  }

  perform(job: Job, { onProgress, signal }: CallOptions): Promise<Results[keyof Results]> {
    const id = ++this.#jobs;
    return new Promise<Results[keyof Results]>((resolve, reject) => {
      const parts: Part[] = [];
      let watchdog: ReturnType<typeof setTimeout> | undefined;
      const settle = (settled: () => void) => {
        clearTimeout(watchdog);
        signal?.removeEventListener("abort", abort);
        this.#onResponse = () => undefined;
        this.#onEnd = () => undefined;
        settled();
      };
      const abort = () => {
        if (!this.#cancel) return this.end(cancelled());
        this.#store(1);
        watchdog = setTimeout(() => this.end(cancelled()), GRACE);
      };
      this.#onEnd = (error) => settle(() => reject(error));
      this.#onResponse = (response) => {
        // An answer to an earlier job can not come: a job is over only when answered, or its coordinator is.
        if (!("id" in response) || response.id !== id) return;
        if (response.type === "progress") onProgress?.(response);
        else if (response.type === "part") parts.push(response.part);
        else if (response.type === "done") {
          putParts(response.result, parts);
          settle(() => resolve(response.result));
        } else settle(() => reject(EngineError.from(response.error)));
      };
      if (signal?.aborted) return this.#onEnd(cancelled());
      if (this.over) return this.#onEnd(new EngineError("unavailable", "the engine has ended"));
      signal?.addEventListener("abort", abort);
      this.#store(0);
      this.#post({ id, ...job });
    });
  }

  /** Ends the worker and its pool; the job under way rejects with `error`. */
  end(error: EngineError): void {
    if (this.over) return;
    this.over = true;
    // Pool threads look at the flag and go idle, and an idle worker is gone a second or two sooner.
    this.#store(1);
    this.#worker.terminate();
    this.#failures.close();
    this.#onEnd(error);
  }

  #post(request: Request): void {
    this.#worker.postMessage(request);
  }

  #store(value: 0 | 1): void {
    if (this.#cancel) Atomics.store(new Uint8Array(this.#cancel.memory), this.#cancel.at, value);
  }
}

function cancelled(): EngineError {
  return new EngineError("cancelled", "cancelled");
}
