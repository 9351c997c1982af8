// One coordinator worker, from start to end: what is posted to it, what comes back, and how a job is stopped.

import { cancelled, EngineError, message } from "./errors.ts";
import { putParts, type Part } from "./parts.ts";
import { executors as words } from "../text/page.ts";
import type { Platform } from "./platform.ts";
import type { CancelFlag, Failure, Job, Progress, Request, Response, Results } from "./protocol.ts";

/** How a coordinator, or a worker of its pool, is made; tests put their own in. */
export type Spawn = () => Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** What can be said with a job. */
export interface CallOptions {
  /** Called some thirty times a second at most. */
  onProgress?: (progress: Progress) => void;
  /** Ends the job: its promise rejects with the code `cancelled` within 100 ms. */
  signal?: AbortSignal;
}

/** A running engine: what executes, and which version it is. */
export interface Engine extends Platform {
  version: string;
}

/** A cancelled run that has not ended by itself after this many milliseconds loses its coordinator. */
const GRACE = 60;

/** Takes one job at a time. */
export class Coordinator {
  /** It has ended and takes no more jobs. */
  over = false;
  engine!: Engine;
  #worker: ReturnType<Spawn>;
  #spawnPool: Spawn;
  /** The workers of its pool, by the numbers it has given them. */
  #pool = new Map<number, ReturnType<Spawn>>();
  #failures: BroadcastChannel;
  #cancel: CancelFlag | null = null;
  #jobs = 0;
  #onResponse: (response: Response) => void = () => undefined;
  #onEnd: (error: EngineError) => void = () => undefined;

  /** Its script is loaded while the module still is. */
  static async start(
    { spawn, spawnPool }: { spawn: Spawn; spawnPool: Spawn },
    platform: Platform,
    base: string,
    module: Promise<WebAssembly.Module>,
  ): Promise<Coordinator> {
    const coordinator = new Coordinator(spawn(), spawnPool);
    const started = new Promise<Response & { type: "started" }>((resolve, reject) => {
      coordinator.#onEnd = reject;
      coordinator.#onResponse = (response) => {
        if (response.type === "started") resolve(response);
        else if (response.type === "not-started") coordinator.end(new EngineError("unavailable", response.message));
      };
    });
    const { build, workers } = platform;
    module.then(
      (module) => coordinator.#post({ type: "start", build, base, workers, module, failures: coordinator.#failures.name }),
      (error) => coordinator.end(new EngineError("unavailable", message(error))),
    );
    const { version, cancel } = await started;
    coordinator.engine = { ...platform, version };
    coordinator.#cancel = cancel;
    return coordinator;
  }

  private constructor(worker: ReturnType<Spawn>, spawnPool: Spawn) {
    this.#worker = worker;
    this.#spawnPool = spawnPool;
    this.#failures = new BroadcastChannel(`evm-lanes-${crypto.randomUUID()}`);
    this.#failures.onmessage = ({ data }: MessageEvent<Failure>) =>
      this.end(new EngineError("panicked", data.message));
    worker.onmessage = ({ data }: MessageEvent<Response>) => {
      if (data.type === "pool-start") this.#startPoolWorker(data.worker, data.port);
      else if (data.type === "pool-end") this.#endPoolWorker(data.worker);
      else this.#onResponse(data);
    };
    worker.onerror = (event: ErrorEvent) => {
      event.preventDefault();
      this.end(new EngineError("unavailable", event.message || words.noScript));
    };
  }

  /** What the worker answers to a job. */
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
      if (this.over) return this.#onEnd(new EngineError("unavailable", words.ended));
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
    for (const worker of this.#pool.keys()) this.#endPoolWorker(worker);
    this.#failures.close();
    this.#onEnd(error);
  }

  #startPoolWorker(number: number, port: MessagePort): void {
    if (this.over) return;
    const worker = this.#spawnPool();
    this.#pool.set(number, worker);
    worker.onerror = (event: ErrorEvent) => {
      event.preventDefault();
      this.#post({ type: "pool-failed", worker: number, message: event.message || words.noScript });
    };
    worker.postMessage(port, [port]);
  }

  #endPoolWorker(number: number): void {
    this.#pool.get(number)?.terminate();
    this.#pool.delete(number);
  }

  #post(request: Request): void {
    this.#worker.postMessage(request);
  }

  #store(value: 0 | 1): void {
    if (this.#cancel) Atomics.store(new Uint8Array(this.#cancel.memory), this.#cancel.at, value);
  }
}
