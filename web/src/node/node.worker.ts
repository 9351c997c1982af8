// The worker that asks a node: the only script of the page that may connect to other places (vite.config.ts), and so nothing
// else is in it. It lives for one block.

import { message } from "../engine/errors.ts";
import { carry, Refusal, type Plan, type Surroundings } from "./carry.ts";
import type { Request, Response } from "./protocol.ts";

/** What of `crate/intake` is used. */
interface Glue {
  default(init: { module_or_path: URL }): Promise<unknown>;
  NodeFetch: new (block: string | undefined, transactions: readonly string[], chainId: bigint | undefined, fork: string | undefined) => Plan;
}

let violated = false;
self.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  violated ||= effectiveDirective === "connect-src";
});

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const around: Surroundings = {
  fetch: (...request) => fetch(...request),
  wait,
  now: () => Date.now(),
  async forbidden() {
    // The event comes after the rejection.
    await wait(50);
    return violated;
  },
  origin: location.origin,
  timeout: 30_000,
};

self.onmessage = async ({ data: { base, address, wanted } }: MessageEvent<Request>) => {
  let stage: "loading" | "working" = "loading";
  try {
    const glue = (await import(/* @vite-ignore */ new URL("evm_lanes_intake.js", base).href)) as Glue;
    await glue.default({ module_or_path: new URL("evm_lanes_intake_bg.wasm", base) });
    stage = "working";
    const chainId = wanted.chainId === null ? undefined : BigInt(wanted.chainId);
    const plan = new glue.NodeFetch(wanted.block ?? undefined, wanted.transactions, chainId, wanted.fork ?? undefined);
    respond({ type: "done", ...(await carry(plan, address, (underway) => respond({ type: "underway", underway }), around)) });
  } catch (thrown) {
    respond(thrown instanceof Refusal ? { type: "refused", message: thrown.message } : { type: "failed", stage, message: message(thrown) });
  }
};

function respond(response: Response): void {
  // Typed as a window here, because one project checks the page and its workers.
  (self as unknown as Worker).postMessage(response);
}
