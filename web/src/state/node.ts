/** A block on its way from a node. */
import type { Taken } from "../intake/types.ts";
import type { Underway } from "../node/protocol.ts";

/** How it is with it; `node` is its address without what may be secret. */
export type Fetching =
  | { readonly kind: "none" | "cancelled" }
  | { readonly kind: "underway"; readonly node: string; readonly underway: Underway | null }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly node: string; readonly taken: Taken; readonly retries: number };
