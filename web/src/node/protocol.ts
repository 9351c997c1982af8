// Every message between the page and the worker that asks a node.

import type { Progress, Taken } from "../intake/types.ts";

/** What is to be fetched. */
export interface Wanted {
  /** A number, a hash or `latest`; not needed if there are hashes of transactions. */
  readonly block: string | null;
  readonly transactions: readonly string[];
  /** The chain that the node must be of, in decimal digits. */
  readonly chainId: string | null;
  /** As scenarios call it; found out if not given. */
  readonly fork: string | null;
}

/** From the page to the worker, once: whoever cancels ends the worker. */
export interface Request {
  /** Where the module is, absolute. */
  readonly base: string;
  /** Where the node is; checked. */
  readonly address: string;
  readonly wanted: Wanted;
}

/** How far it is, and what was in the way. */
export interface Underway {
  readonly progress: Progress;
  /** How often something had to be asked again. */
  readonly retries: number;
  /** Why the last time, and how long it is waited for, in milliseconds; `null` while all goes well. */
  readonly trouble: { readonly why: string; readonly wait: number } | null;
}

/** From the worker to the page. */
export type Response =
  | { readonly type: "underway"; readonly underway: Underway }
  | { readonly type: "done"; readonly taken: Taken; readonly retries: number }
  /** There is no block; the sentence says why and what to do. */
  | { readonly type: "refused"; readonly message: string }
  /** It could not be loaded, or it failed itself. */
  | { readonly type: "failed"; readonly stage: "loading" | "working"; readonly message: string };
