// Every message between the page and its coordinator worker.

import type { Part } from "./parts.ts";
import type { Change, Checked, Comparison, Curve, Diagnostic, OpcodeTrace, Options, Report, Told, WhatIf } from "./types.ts";

/** Which of the two wasm builds: `threads` needs shared memory, `single` runs anywhere. */
export type Build = "threads" | "single";

/** From the page to the coordinator. `start` comes first and once; `pool-failed` may come at any time after a `pool-start`. */
export type Request =
  | {
      type: "start";
      build: Build;
      /** Folder of the two builds, an absolute URL with a slash at its end. */
      base: string;
      /** The most workers of a measured run; of the threaded build the coordinator is one of them. */
      workers: number;
      /** Compiled by the page, once for all of its coordinators. */
      module: WebAssembly.Module;
      /** Name of the BroadcastChannel on which {@link Failure}s are announced. */
      failures: string;
    }
  /** A worker of the pool did not start, or is broken. */
  | { type: "pool-failed"; worker: number; message: string }
  | ({ id: number } & Job);

/** What a coordinator can be asked to do. */
export type Job =
  | { type: "check"; text: string }
  /** `run` is what a later `tell` calls it by. */
  | { type: "run"; text: string; options: Partial<Options>; run: number }
  /** Of the last run, if that is the one. */
  | { type: "tell"; run: number; step: number; location: number | null }
  | { type: "opcodes"; run: number; event: number; at: number }
  | { type: "curve"; text: string; options: Partial<Options>; workers: number[] }
  | { type: "compare"; text: string; options: Partial<Options> }
  | { type: "whatIf"; text: string; options: Partial<Options>; changes: Change[] }
  /** For tests: panics on the given worker of the pool, 0 being the coordinator. */
  | { type: "panic"; worker: number };

/** What a job returns. */
export interface Results {
  check: Checked;
  run: Report;
  tell: Told | null;
  opcodes: OpcodeTrace | null;
  curve: Curve;
  compare: Comparison;
  whatIf: WhatIf;
  panic: null;
}

/** From the coordinator to the page. */
export type Response =
  | { type: "started"; version: string; cancel: CancelFlag | null }
  | { type: "not-started"; message: string }
  /** Start a worker of the pool, and give it this port; end it. The page starts them: see `page-workers.ts`. */
  | { type: "pool-start"; worker: number; port: MessagePort }
  | { type: "pool-end"; worker: number }
  | ({ type: "progress"; id: number } & Progress)
  /** Belongs to the result that comes after it. */
  | { type: "part"; id: number; part: Part }
  | { type: "done"; id: number; result: Results[keyof Results] }
  | { type: "error"; id: number; error: ErrorData };

/** Where in shared memory to store 1 to end a run. Without shared memory a run is ended by ending its coordinator. */
export interface CancelFlag {
  memory: SharedArrayBuffer;
  at: number;
}

/** What a run is doing, how many transactions (or points of the curve, or runs of a comparison) are done, of how many. */
export interface Progress {
  phase: Phase;
  done: number;
  total: number;
}

/** What a run is doing. */
export type Phase = "setup" | "sequential" | "parallel" | "analysis" | "curve" | "comparison";

/** An error as plain data; `errors.ts` makes an Error of it. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  /** For `invalid`: what is wrong with the text. */
  diagnostics: Diagnostic[];
}

/**
 * Why there is no result: the text has errors; the options do not fit together, or a change cannot be made; it was cancelled; a worker panicked or
 * trapped, a defect of ours; the engine could not be loaded.
 */
export type ErrorCode = "invalid" | "options" | "cancelled" | "panicked" | "unavailable";

/** Announced over a BroadcastChannel by whichever worker failed: the coordinator may be blocked waiting for it. */
export interface Failure {
  message: string;
}
