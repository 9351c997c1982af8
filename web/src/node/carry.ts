// Carries a plan's requests to a node and the answers back. What is asked, and how often again, is the plan's to decide.

import type { NodeStep, Progress, Taken } from "../intake/types.ts";
import type { Underway } from "./protocol.ts";

/** What `crate/intake` exports as `NodeFetch`. */
export interface Plan {
  step(): NodeStep;
  answer(status: number, retryAfter: number | undefined, body: string): void;
  unreachable(reason: string): void;
  timedOut(): void;
  tooLarge(): void;
  progress(): Progress;
}

/** What is needed of a worker. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  wait(milliseconds: number): Promise<void>;
  now(): number;
  /** Whether the content security policy has just forbidden a connection. */
  forbidden(): Promise<boolean>;
  /** Of the page, for what it says about CORS. */
  readonly origin: string;
  /** For one answer, in milliseconds. */
  readonly timeout: number;
}

/** Why there is no block, in a sentence for people. */
export class Refusal extends Error {}

/** What came back, or why asking again is of no use. */
type Reply =
  | { readonly type: "answer"; readonly status: number; readonly retryAfter: number | undefined; readonly body: string }
  | { readonly type: "unreachable" | "refused"; readonly reason: string }
  | { readonly type: "timedOut" | "tooLarge" };

/** Sends what the plan wants sent, until it has come to its end. */
export async function carry(plan: Plan, address: string, tell: (underway: Underway) => void, around: Surroundings): Promise<{ taken: Taken; retries: number }> {
  let retries = 0;
  let why = "";
  for (;;) {
    const step = plan.step();
    if (step.type === "done") return { taken: step.taken, retries };
    if (step.type === "failed") throw new Refusal(step.message);
    // Only what is asked again waits.
    if (step.wait > 0) retries++;
    tell({ progress: plan.progress(), retries, trouble: step.wait > 0 ? { why, wait: step.wait } : null });
    if (step.wait > 0) await around.wait(step.wait);
    const reply = await send(address, step.body, step.mostBytes, around);
    why = inWords(reply);
    switch (reply.type) {
      case "answer":
        plan.answer(reply.status, reply.retryAfter, reply.body);
        break;
      case "unreachable":
        plan.unreachable(reply.reason);
        break;
      case "timedOut":
        plan.timedOut();
        break;
      case "tooLarge":
        plan.tooLarge();
        break;
      case "refused":
        throw new Refusal(reply.reason);
    }
  }
}

async function send(address: string, body: string, mostBytes: number, around: Surroundings): Promise<Reply> {
  const abort = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort.abort();
  }, around.timeout);
  try {
    const response = await around.fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      // Not followed; `error` would not let us say so.
      redirect: "manual",
      signal: abort.signal,
    });
    if (response.type === "opaqueredirect") return { type: "refused", reason: "the node sends on to another address, which the page does not follow; give the address it sends to" };
    const text = await read(response, mostBytes);
    if (text === null) return { type: "tooLarge" };
    return { type: "answer", status: response.status, retryAfter: retryAfter(response, around.now()), body: text };
  } catch {
    if (late) return { type: "timedOut" };
    if (await around.forbidden()) return { type: "refused", reason: "the policy of this page (Content-Security-Policy) forbids connections to nodes; whoever serves it must send another for the scripts in its folder node (docs/hosting)" };
    return { type: "unreachable", reason: `nothing answers, or it does not allow ${around.origin} to ask, which browsers do not tell apart: start anvil with --allow-origin, geth with --http.corsdomain ${around.origin}` };
  } finally {
    clearTimeout(timer);
    // Whatever is still on its way.
    abort.abort();
  }
}

/** The body; `null` if it is longer than it may be, of which no more is read. */
async function read(response: Response, most: number): Promise<string | null> {
  if (Number(response.headers.get("content-length")) > most) return null;
  if (!response.body) return "";
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > most) return null;
    parts.push(decoder.decode(value, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join("");
}

/** The header, in seconds: it gives them, or a date. Other sites' is only told if they expose it. */
function retryAfter(response: Response, now: number): number | undefined {
  const text = response.headers.get("retry-after")?.trim();
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 0), 86_400) : undefined;
}

function inWords(reply: Reply): string {
  switch (reply.type) {
    case "answer":
      return reply.status === 429 ? "the node limits how often it may be asked" : `the node's answer was of no use (HTTP status ${reply.status})`;
    case "unreachable":
    case "refused":
      return reply.reason;
    case "timedOut":
      return "the node did not answer in time";
    case "tooLarge":
      return "the answer is too large";
  }
}
