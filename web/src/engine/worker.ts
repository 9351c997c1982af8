// The coordinator: a dedicated worker that owns one wasm instance and its pool, and the only importer of the glue.

import { ContractFiles } from "./contracts.ts";
import { EngineError, errorData, isErrorData, message } from "./errors.ts";
import { PageWorkers } from "./page-workers.ts";
import { takeParts } from "./parts.ts";
import { MessagePool, type RemoteRun } from "./pool.ts";
import type { Build, Failure, Job, Phase, Progress, Request, Response, Results } from "./protocol.ts";
import { letThreadsStart } from "./spawn.ts";
import type { Change, Checked, Comparison, Curve, OpcodeTrace, Options, Report, Told, WhatIf } from "./types.ts";

/** What `crate/wasm` exports; wasm-bindgen's glue, loaded by URL and never bundled. */
interface Glue {
  default(init: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
  version(): string;
  /** Announces panics on this channel from now on. */
  start(failures: string): void;
  /** Further contracts that scenarios can name; throws if this is no list of contracts. */
  addContracts(text: string): void;
  /** Scenarios that name a contract are told why there are none. */
  noContracts(why: string): void;
  /** Address of the byte that ends a run. */
  cancelFlag(): number;
  check(text: string): Checked;
  run(text: string, options: Partial<Options>, progress: OnProgress): Report;
  /** Of the last run; `null` before the first. */
  tell(step: number, location?: number): Told | null;
  opcodes(event: number, at: number): OpcodeTrace | null;
  curve(text: string, options: Partial<Options>, workers: Uint32Array, progress: OnProgress): Curve;
  compare(text: string, options: Partial<Options>, progress: OnProgress): Comparison;
  whatIf(text: string, options: Partial<Options>, changes: Change[], progress: OnProgress): WhatIf;
  injectPanic(worker: number): void;
  /** Only in the single build: a run whose workers share no memory. */
  RemoteRun?: new (text: string, options: Partial<Options>, workers: number, progress: OnProgress) => RemoteRun;
  /** Only in the threaded build: starts this many threads beside this one. */
  initThreadPool?(threads: number): Promise<void>;
  /** Only in the threaded build: to be called once the pool runs. */
  poolStarted?(threads: number): void;
}

type OnProgress = (phase: Phase, done: number, total: number) => void;

/** Milliseconds between two progress messages of one phase. */
const PROGRESS_INTERVAL = 33;

letThreadsStart();
const contracts = new ContractFiles();

let glue: Glue;
let failures: BroadcastChannel;
/** The run that can be told of. */
let told: number | null = null;
/** Where there is no shared memory, and more than one worker. */
let pool: MessagePool | null = null;
const pageWorkers = new PageWorkers(respond);

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  if (data.type === "start") await start(data);
  else if (data.type === "pool-failed") pageWorkers.failed(data.worker, data.message);
  else await perform(data);
};

async function start(request: Request & { type: "start" }): Promise<void> {
  try {
    const folder = new URL(`${request.build}/`, request.base);
    const url = new URL("evm_lanes_wasm.js", folder).href;
    glue = (await import(/* @vite-ignore */ url)) as Glue;
    failures = new BroadcastChannel(request.failures);
    const { memory } = await glue.default({ module_or_path: request.module });
    glue.start(request.failures);
    await contracts.provide("", glue);
    const threads = request.workers - 1;
    if (threads > 0 && glue.initThreadPool && glue.poolStarted) {
      await glue.initThreadPool(threads);
      glue.poolStarted(threads);
    } else if (threads > 0 && glue.RemoteRun) {
      pool = new MessagePool({ glue: url, module: request.module, workers: request.workers }, pageWorkers.spawn);
    }
    respond({ type: "started", version: glue.version(), cancel: cancelFlag(request.build, memory) });
  } catch (error) {
    respond({ type: "not-started", message: message(error) });
  }
}

function cancelFlag(build: Build, memory: WebAssembly.Memory): { memory: SharedArrayBuffer; at: number } | null {
  return build === "threads" ? { memory: memory.buffer as unknown as SharedArrayBuffer, at: glue.cancelFlag() } : null;
}

async function perform(request: { id: number } & Job): Promise<void> {
  const { id } = request;
  try {
    if ("text" in request) await contracts.provide(request.text, glue);
    const onProgress = throttled((progress) => respond({ type: "progress", id, ...progress }));
    const result = (await byMessages(request, onProgress)) ?? dispatch(request, onProgress);
    for (const part of takeParts(result)) respond({ type: "part", id, part });
    respond({ type: "done", id, result }, buffers(result));
  } catch (thrown) {
    if (isErrorData(thrown)) respond({ type: "error", id, error: errorData(thrown) });
    // A trap: this instance cannot be used again. The panic hook's own message, if there was one, went out before this.
    else failures.postMessage({ message: message(thrown) } satisfies Failure);
  }
}

/** A measured run of several workers on the pool; `null` for anything else, and where the pool cannot be started. */
async function byMessages(job: Job, progress: OnProgress): Promise<Report | null> {
  const { RemoteRun } = glue;
  if (!pool || !RemoteRun || job.type !== "run" || job.options.clock !== "measured") return null;
  // What one worker does it does here, and has no use for messages.
  if (job.options.strategy === "sequential" || job.options.workers === 1) return null;
  try {
    const { text, options } = job;
    const report = await pool.run(text, options, (workers) => new RemoteRun(text, options, workers, progress));
    told = job.run;
    return report;
  } catch (error) {
    if (error instanceof EngineError && error.code === "unavailable") return null;
    throw error;
  }
}

function dispatch(job: Job, progress: OnProgress): Results[keyof Results] {
  switch (job.type) {
    case "check":
      return glue.check(job.text);
    case "run": {
      const report = glue.run(job.text, job.options, progress);
      told = job.run;
      return report;
    }
    case "tell":
      return told === job.run ? glue.tell(job.step, job.location ?? undefined) : null;
    case "opcodes":
      return told === job.run ? glue.opcodes(job.event, job.at) : null;
    case "curve":
      return glue.curve(job.text, job.options, Uint32Array.from(job.workers), progress);
    case "compare":
      return glue.compare(job.text, job.options, progress);
    case "whatIf":
      return glue.whatIf(job.text, job.options, job.changes, progress);
    case "panic":
      glue.injectPanic(job.worker);
      return null;
  }
}

function throttled(send: (progress: Progress) => void): OnProgress {
  let last = -Infinity;
  let lastPhase: Phase | undefined;
  return (phase, done, total) => {
    const now = performance.now();
    if (phase === lastPhase && now - last < PROGRESS_INTERVAL) return;
    last = now;
    lastPhase = phase;
    send({ phase, done, total });
  };
}

/** The report's event columns are the bulk of it; they change hands instead of being copied. */
function buffers(result: Results[keyof Results]): Transferable[] {
  if (!result || !("timeline" in result)) return [];
  return Object.values(result.timeline.events).flatMap((column) =>
    ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
}

function respond(response: Response, transfer: Transferable[] = []): void {
  // Typed as a window here, because one project checks the page and its worker.
  (self as unknown as Worker).postMessage(response, transfer);
}
