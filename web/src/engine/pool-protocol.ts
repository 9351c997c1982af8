// Every message between the coordinator and the workers of a pool, which have an instance each and share no memory.

import type { ErrorData } from "./protocol.ts";
import type { Options } from "./types.ts";

/**
 * From the coordinator, over the port that the page has given to the worker in its only message. `start` comes first and once; `prepare`
 * before the orders of a run.
 */
export type PoolRequest =
  | {
      type: "start";
      /** Where the glue is, an absolute URL. */
      glue: string;
      module: WebAssembly.Module;
    }
  | { type: "prepare"; text: string; options: Partial<Options> }
  /** What `RemoteRun` in `crate/wasm` has to send. */
  | { type: "order"; bytes: Uint8Array<ArrayBuffer> };

/** To the coordinator: an answer to each request, in their order. */
export type PoolResponse =
  | { type: "started" }
  | { type: "prepared" }
  | { type: "records"; bytes: Uint8Array<ArrayBuffer> }
  | { type: "failed"; error: ErrorData };
