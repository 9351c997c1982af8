// The page's hand on the worker that asks a node: one worker for each block, ended with it or to cancel it.

import { startWorker } from "../engine/spawn.ts";
import { IntakeError, type WorkerLike } from "../intake/client.ts";
import type { Taken } from "../intake/types.ts";
import { node as words } from "../text/node.ts";
import type { Request, Response, Underway, Wanted } from "./protocol.ts";
import workerScript from "./node.worker.ts?worker&url";

/** Fetches one block at a time; what is asked later takes the place of what is going on. */
export class NodeClient {
  #spawn: () => WorkerLike;
  #base: string;
  #end: ((error: IntakeError) => void) | null = null;

  constructor(options: { spawn?: () => WorkerLike; base?: string } = {}) {
    this.#spawn = options.spawn ?? (() => startWorker(workerScript));
    this.#base = options.base ?? new URL("wasm/intake/", document.baseURI).href;
  }

  fetch(address: string, wanted: Wanted, tell: (underway: Underway) => void): Promise<{ taken: Taken; retries: number }> {
    this.cancel();
    const worker = this.#spawn();
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        worker.onmessage = worker.onerror = null;
        // A connection, a wait and a trial run end with it.
        worker.terminate();
        this.#end = null;
      };
      const end = (this.#end = (error: IntakeError): void => {
        finish();
        reject(error);
      });
      worker.onmessage = ({ data }: MessageEvent<Response>) => {
        switch (data.type) {
          case "underway":
            tell(data.underway);
            break;
          case "done":
            finish();
            resolve(data);
            break;
          case "refused":
            end(new IntakeError(data.message));
            break;
          case "failed":
            end(new IntakeError(data.stage === "loading" ? words.notLoaded(data.message) : words.gaveUp(data.message)));
        }
      };
      worker.onerror = (event) => end(new IntakeError(words.gaveUp(event.message)));
      worker.postMessage({ base: this.#base, address, wanted } satisfies Request);
    });
  }

  /** Ends what is going on, if anything is. */
  cancel(): void {
    this.#end?.(new IntakeError(words.stopped, true));
  }
}
