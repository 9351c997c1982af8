// The page's hand on the engine: promises, progress, cancellation. The main thread compiles wasm but never enters it; it
// talks to coordinator workers, and replaces those that fail or do not stop in time.

import { Coordinator, type CallOptions, type Engine, type Spawn } from "./coordinator.ts";
import { cancelled, EngineError, message } from "./errors.ts";
import poolScript from "./pool.worker.ts?worker&url";
import { choose, detect, single, type Platform } from "./platform.ts";
import { executors as words } from "../text/page.ts";
import { startWorker } from "./spawn.ts";
import type { Build, Job, Results } from "./protocol.ts";
import type { Change, Checked, Comparison, Curve, OpcodeTrace, Options, Report, Told, WhatIf } from "./types.ts";
import workerScript from "./worker.ts?worker&url";

export type { Engine, Spawn };

/** How the engine is reached. */
export interface ClientOptions {
  /** The executor; chosen from the page's features if absent. */
  platform?: Platform;
  /** Folder of the wasm builds; `wasm/` beside the page if absent. */
  base?: string;
  /** Makes a coordinator. */
  spawn?: Spawn;
  /** Makes a worker of a pool that shares no memory. */
  spawnPool?: Spawn;
  /** Fetches and compiles a wasm module. */
  compile?: (url: URL) => Promise<WebAssembly.Module>;
}

/**
 * Jobs run one after another, in the order of the calls. Only a check does not wait for a run: it has a second coordinator,
 * started when it is first needed, with the same compiled module and no pool.
 */
export class EngineClient {
  #options: Required<ClientOptions>;
  #modules = new Map<Build, Promise<WebAssembly.Module>>();
  #jobs: JobQueue;
  #checks: JobQueue | null = null;
  #runs = 0;
  /** The last run's report, and what the coordinator calls that run. */
  #last: { readonly report: Report; readonly run: number } | null = null;

  constructor(options: ClientOptions = {}) {
    this.#options = {
      platform: options.platform ?? choose(detect()),
      base: options.base ?? new URL("wasm/", document.baseURI).href,
      spawn: options.spawn ?? (() => startWorker(workerScript)),
      spawnPool: options.spawnPool ?? (() => startWorker(poolScript)),
      compile: options.compile ?? compile,
    };
    this.#jobs = new JobQueue(() => this.#start());
  }

  /** What executes and why, once it has started. Rejects with the code `unavailable` if nothing can be started. */
  get ready(): Promise<Engine> {
    return this.#jobs.coordinator.then((coordinator) => coordinator.engine);
  }

  /** Every problem in a scenario's text, and the block it describes. */
  async check(text: string, call: CallOptions = {}): Promise<Checked> {
    if (!this.#jobs.idle) {
      this.#checks ??= new JobQueue(() => this.#startWith({ ...this.#options.platform, workers: 1 }));
      try {
        return await this.#checks.call({ type: "check", text }, call);
      } catch (error) {
        // There may be no memory for a second one; then the first has to do.
        if (!(error instanceof EngineError) || error.code !== "unavailable") throw error;
        this.#checks = null;
      }
    }
    return this.#jobs.call({ type: "check", text }, call);
  }

  /** Runs a scenario sequentially and as the options say, and compares. Absent options have the engine's defaults. */
  async run(text: string, options: Partial<Options> = {}, call: CallOptions = {}): Promise<Report> {
    const run = ++this.#runs;
    const report = await this.#jobs.call({ type: "run", text, options, run }, call);
    this.#last = { report, run };
    return report;
  }

  /**
   * What happened at the last of the first `step` events of a run, and the versions of a location then. `null` if the engine
   * knows nothing of that run any more: only the last one can be told of.
   */
  async tell(report: Report, step: number, location: number | null, call: CallOptions = {}): Promise<Told | null> {
    if (this.#last?.report !== report) return null;
    return this.#jobs.call({ type: "tell", run: this.#last.run, step, location }, call);
  }

  /**
   * The instructions around the one with number `at` of the attempt that an event of a run has ended; `null` if it has ended
   * none, or as for {@link tell}.
   */
  async opcodes(report: Report, event: number, at: number, call: CallOptions = {}): Promise<OpcodeTrace | null> {
    if (this.#last?.report !== report) return null;
    return this.#jobs.call({ type: "opcodes", run: this.#last.run, event, at }, call);
  }

  /** The speedup in virtual time at each number of workers. */
  curve(text: string, options: Partial<Options>, workers: number[], call: CallOptions = {}): Promise<Curve> {
    return this.#jobs.call({ type: "curve", text, options, workers }, call);
  }

  /** One block in every strategy, otherwise as the options say. */
  compare(text: string, options: Partial<Options> = {}, call: CallOptions = {}): Promise<Comparison> {
    return this.#jobs.call({ type: "compare", text, options }, call);
  }

  /** What would be if the block were different by `changes`, in virtual time; without any, what its locations cost. */
  whatIf(text: string, options: Partial<Options>, changes: Change[], call: CallOptions = {}): Promise<WhatIf> {
    return this.#jobs.call({ type: "whatIf", text, options, changes }, call);
  }

  /** For tests: makes a worker of the pool panic (0 is the coordinator). Rejects with the code `panicked`. */
  injectPanic(worker: number): Promise<null> {
    return this.#jobs.call({ type: "panic", worker }, {});
  }

  /** Ends everything; pending jobs reject as cancelled. */
  dispose(): void {
    this.#jobs.dispose();
    this.#checks?.dispose();
  }

  /** A fresh coordinator; the single build where the threaded one does not start. */
  async #start(): Promise<Coordinator> {
    const { platform } = this.#options;
    try {
      return await this.#startWith(platform);
    } catch (error) {
      if (platform.build === "single" || this.#jobs.disposed) throw error;
      this.#options.platform = single(words.noThreads(message(error)));
      return this.#startWith(this.#options.platform);
    }
  }

  #startWith(platform: Platform): Promise<Coordinator> {
    const { base } = this.#options;
    return Coordinator.start(this.#options, platform, base, this.#module(platform.build));
  }

  /** Compiled once, however many coordinators come and go. */
  #module(build: Build): Promise<WebAssembly.Module> {
    const { base, compile } = this.#options;
    let module = this.#modules.get(build);
    if (!module) {
      this.#modules.set(build, (module = compile(new URL(`${build}/evm_lanes_wasm_bg.wasm`, base))));
      module.catch(() => this.#modules.delete(build));
    }
    return module;
  }
}

/** Jobs for one coordinator, one after another. A coordinator that has ended is replaced. */
class JobQueue {
  /** The one there is now. */
  coordinator: Promise<Coordinator>;
  disposed = false;
  #start: () => Promise<Coordinator>;
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  constructor(start: () => Promise<Coordinator>) {
    this.#start = start;
    this.coordinator = this.#fresh();
  }

  /** Whether a job would begin at once. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  call<J extends Job>(job: J, call: CallOptions): Promise<Results[J["type"]]> {
    this.#pending++;
    const result = this.#last.then(() => this.#perform(job, call)).finally(() => this.#pending--);
    this.#last = result.catch(() => undefined);
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

  dispose(): void {
    this.disposed = true;
    this.coordinator.then((coordinator) => coordinator.end(cancelled()), () => undefined);
  }

  async #perform<J extends Job>(job: J, call: CallOptions): Promise<Results[J["type"]]> {
    if (this.disposed || call.signal?.aborted) throw cancelled();
    const coordinator = await this.coordinator;
    try {
      return (await coordinator.perform(job, call)) as Results[J["type"]];
    } finally {
      if (coordinator.over && !this.disposed) this.coordinator = this.#fresh();
    }
  }

  #fresh(): Promise<Coordinator> {
    const coordinator = this.#start();
    // Whoever asks for it sees the rejection; nobody may be asking.
    coordinator.catch(() => undefined);
    return coordinator;
  }
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  return WebAssembly.compileStreaming(response);
}
