// Workers with an instance each, in the hands of the coordinator: started when a run first needs them, kept for the next.

import { cancelled, EngineError } from "./errors.ts";
import type { PoolRequest, PoolResponse } from "./pool-protocol.ts";
import type { Options, Report } from "./types.ts";

/** `RemoteRun` of `crate/wasm`. */
export interface RemoteRun {
  step(worker?: number, bytes?: Uint8Array): { sent: [worker: number, bytes: Uint8Array<ArrayBuffer>][]; report: Report | null };
  free(): void;
}

/** A worker of the pool. */
export interface PoolMember {
  postMessage(request: PoolRequest, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((response: PoolResponse) => void) | null;
  /** It did not start, or is broken. */
  onerror: ((message: string) => void) | null;
}

/** What the workers start with. */
export interface PoolStart {
  glue: string;
  module: WebAssembly.Module;
  workers: number;
}

export class MessagePool {
  #start: PoolStart;
  #spawn: () => PoolMember;
  #members: Promise<PoolMember[]> | null = null;
  /** All that were made and not ended, started or not. */
  #made: PoolMember[] = [];

  constructor(start: PoolStart, spawn: () => PoolMember) {
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

  async #startAll(): Promise<PoolMember[]> {
    const { glue, module, workers } = this.#start;
    const members = (this.#made = Array.from({ length: workers }, this.#spawn));
    await Promise.all(members.map((member) => ask(member, { type: "start", glue, module })));
    return members;
  }
}

/** What a worker answers to one request, when no other is on its way. */
function ask(member: PoolMember, request: PoolRequest): Promise<PoolResponse> {
  return new Promise((resolve, reject) => {
    listen(member, resolve, reject);
    member.postMessage(request);
  });
}

function carry(run: RemoteRun, members: readonly PoolMember[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const step = (worker?: number, bytes?: Uint8Array): void => {
      try {
        const { sent, report } = run.step(worker, bytes);
        for (const [to, order] of sent) members[to].postMessage({ type: "order", bytes: order }, [order.buffer]);
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

function listen(member: PoolMember, answered: (response: PoolResponse) => void, failed: (error: unknown) => void): void {
  member.onmessage = (response) => {
    if (response.type === "failed") failed(response.error.code === "cancelled" ? cancelled() : response.error);
    else answered(response);
  };
  member.onerror = (message) => failed(new EngineError("unavailable", message));
}
