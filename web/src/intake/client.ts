// The page's hand on the worker that imports and exports: started when it is needed, ended to cancel and when it fails.

import { startWorker } from "../engine/spawn.ts";
import { intake as words } from "../text/intake.ts";
import type { Job, Request, Response, Results } from "./protocol.ts";
import workerScript from "./worker.ts?worker&url";

/** Why nothing came of a job; the message says what to do. */
export class IntakeError extends Error {
  /** Whether somebody asked for it. */
  readonly cancelled: boolean;

  constructor(message: string, cancelled = false) {
    super(message);
    this.cancelled = cancelled;
  }
}

/** What is needed of a worker. */
export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** Imports and exports, one job at a time: what is asked later takes the place of what is going on. */
export class IntakeClient {
  #spawn: () => WorkerLike;
  #base: string;
  #worker: WorkerLike | null = null;
  #end: ((error: IntakeError) => void) | null = null;

  constructor(options: { spawn?: () => WorkerLike; base?: string } = {}) {
    this.#spawn = options.spawn ?? (() => startWorker(workerScript));
    this.#base = options.base ?? new URL("wasm/intake/", document.baseURI).href;
  }

  perform<J extends Job>(job: J): Promise<Results[J["type"]]> {
    this.cancel();
    const worker = (this.#worker ??= this.#spawn());
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        worker.onmessage = worker.onerror = null;
        this.#end = null;
      };
      // Nothing interrupts wasm from outside but the end of its worker, and after a trap it cannot be used again.
      const end = (this.#end = (error: IntakeError): void => {
        finish();
        worker.terminate();
        this.#worker = null;
        reject(error);
      });
      worker.onmessage = ({ data }: MessageEvent<Response>) => {
        switch (data.type) {
          case "done":
            finish();
            resolve(data.result as Results[J["type"]]);
            break;
          case "refused":
            finish();
            reject(new IntakeError(data.message));
            break;
          case "failed":
            end(new IntakeError(data.stage === "loading" ? words.notLoaded(data.message) : words.gaveUp(data.message)));
        }
      };
      worker.onerror = (event) => end(new IntakeError(words.gaveUp(event.message)));
      worker.postMessage({ base: this.#base, job } satisfies Request);
    });
  }

  /** Ends what is going on, if anything is. */
  cancel(): void {
    this.#end?.(new IntakeError(words.cancelled, true));
  }
}
