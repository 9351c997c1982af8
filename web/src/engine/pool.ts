// Workers with an instance each, in the hands of the coordinator: started when a run first needs them, kept for the next.

import { cancelled, EngineError } from "./errors.ts";
import type { PoolRequest, PoolResponse } from "./pool-protocol.ts";
import poolScript from "./pool.worker.ts?worker&url";
import { startWorker } from "./spawn.ts";
import type { Options, Report } from "./types.ts";

/** `RemoteRun` of `crate/wasm`. */
export interface RemoteRun {
  step(worker?: number, bytes?: Uint8Array): { sent: [worker: number, bytes: Uint8Array<ArrayBuffer>][]; report: Report | null };
  free(): void;
}

/** How a worker of the pool is made; tests put their own in. */
export type SpawnPoolWorker = () => Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** What the workers start with. */
export interface PoolStart {
  glue: string;
  module: WebAssembly.Module;
  workers: number;
}

type Member = ReturnType<SpawnPoolWorker>;

export class MessagePool {
  #start: PoolStart;
  #spawn: SpawnPoolWorker;
  #members: Promise<Member[]> | null = null;
  /** All that were made and not ended, started or not. */
  #made: Member[] = [];

  constructor(start: PoolStart, spawn: SpawnPoolWorker = spawnPoolWorker) {
    this.#start = start;
    this.#spawn = spawn;
  }

  /**
   * Carries a run's messages until there is a report. `begin` makes the run, for so many workers. Rejects with what the run or a
   * worker of it throws; after a worker has failed the next run has new ones.
   */
  async run(text: string, options: Partial<Options>, begin: (workers: number) => RemoteRun): Promise<Report> {
    const wanted = Math.min(options.workers ?? this.#start.workers, this.#start.workers);
    let run: RemoteRun | null = null;
    try {
      const members = (await (this.#members ??= this.#startAll())).slice(0, Math.max(1, wanted));
      await Promise.all(members.map((member) => ask(member, { type: "prepare", text, options })));
      const begun = (run = begin(members.length));
      return await carry(begun, members);
    } catch (error) {
      // Messages may still be on their way; they must not be taken for those of the next run.
      this.end();
      throw error;
    } finally {
      run?.free();
    }
  }

  /** Ends its workers. */
  end(): void {
    this.#members = null;
    for (const member of this.#made.splice(0)) member.terminate();
  }

  async #startAll(): Promise<Member[]> {
    const { glue, module, workers } = this.#start;
    const members = (this.#made = Array.from({ length: workers }, this.#spawn));
    await Promise.all(members.map((member) => ask(member, { type: "start", glue, module })));
    return members;
  }
}

/** What a worker answers to one request, when no other is on its way. */
function ask(member: Member, request: PoolRequest): Promise<PoolResponse> {
  return new Promise((resolve, reject) => {
    listen(member, resolve, reject);
    member.postMessage(request);
  });
}

function carry(run: RemoteRun, members: readonly Member[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const step = (worker?: number, bytes?: Uint8Array): void => {
      try {
        const { sent, report } = run.step(worker, bytes);
        for (const [to, order] of sent) members[to].postMessage({ type: "order", bytes: order } satisfies PoolRequest, [order.buffer]);
        if (report) resolve(report);
      } catch (thrown) {
        reject(thrown);
      }
    };
    members.forEach((member, index) =>
      listen(member, (response) => response.type === "records" && step(index, response.bytes), reject),
    );
    step();
  });
}

function listen(member: Member, answered: (response: PoolResponse) => void, failed: (error: unknown) => void): void {
  member.onmessage = ({ data }: MessageEvent<PoolResponse>) => {
    if (data.type === "failed") failed(data.error.code === "cancelled" ? cancelled() : data.error);
    else answered(data);
  };
  member.onerror = (event) => {
    event.preventDefault();
    failed(new EngineError("unavailable", event.message || "a worker of the pool could not be started"));
  };
}

function spawnPoolWorker(): Member {
  return startWorker(poolScript);
}
