import { afterEach, expect, test, vi } from "vitest";

import type { WorkerLike } from "../src/intake/client.ts";
import type { NodeStep, Progress, Taken } from "../src/intake/types.ts";
import { readAddress, withoutSecrets } from "../src/node/address.ts";
import { carry, Refusal, type Plan, type Surroundings } from "../src/node/carry.ts";
import { NodeClient } from "../src/node/client.ts";
import { nodesAllowed } from "../src/node/consent.ts";
import type { Response as Answer, Underway } from "../src/node/protocol.ts";
import { NodeSession } from "../src/node/session.ts";
import { initialState, reduce, type Action, type State } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";

const NODE = "http://127.0.0.1:8545/";
const PROGRESS: Progress = { stage: "chain", requests: 1, bytes: 0, accounts: 0, slots: 0 };
const TAKEN: Taken = { scenario: "{}", chainId: 1, block: 7, fork: "prague", traced: true, compared: [], notes: [], progress: PROGRESS };
const WANTED = { block: "latest", transactions: [], chainId: null, fork: null };

afterEach(() => vi.useRealTimers());

/** A plan that asks once for each wait, and notes what it is told. */
function plan(waits: readonly number[], mostBytes = 100): Plan & { told: string[] } {
  const steps: NodeStep[] = [...waits.map((wait): NodeStep => ({ type: "post", body: `{"wait":${wait}}`, wait, mostBytes })), { type: "done", taken: TAKEN }];
  const told: string[] = [];
  return {
    told,
    step: () => steps.shift()!,
    answer: (status, retryAfter, body) => void told.push(`${status} ${retryAfter} ${body}`),
    unreachable: (reason) => void told.push(`unreachable: ${reason}`),
    timedOut: () => void told.push("timed out"),
    tooLarge: () => void told.push("too large"),
    progress: () => PROGRESS,
  };
}

const around = (answer: typeof fetch, more: Partial<Surroundings> = {}): Surroundings => ({
  fetch: answer,
  wait: () => Promise.resolve(),
  now: () => Date.parse("2026-01-01T00:00:00Z"),
  forbidden: () => Promise.resolve(false),
  origin: "http://page.test",
  timeout: 1000,
  ...more,
});

/** In pieces, as it comes from a network. */
function streamed(...parts: string[]): { body: ReadableStream<Uint8Array>; cancelled: () => boolean; sent: () => number } {
  let cancelled = false;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent === parts.length) controller.close();
        else controller.enqueue(new TextEncoder().encode(parts[sent++]));
      },
      cancel: () => void (cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { body, cancelled: () => cancelled, sent: () => sent };
}

const answers: readonly (readonly [string, () => Promise<Response>, string])[] = [
  ["an answer", () => Promise.resolve(new Response("ok")), "200 undefined ok"],
  ["no body", () => Promise.resolve(new Response(null, { status: 204 })), "204 undefined "],
  ["a status", () => Promise.resolve(new Response("no", { status: 503 })), "503 undefined no"],
  ["pieces", () => Promise.resolve(new Response(streamed("a", "b", "c").body)), "200 undefined abc"],
  ["seconds", () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "7" } })), "429 7 "],
  ["a date", () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" } })), "429 9 "],
  ["a date that is over", () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "Thu, 01 Jan 2020 00:00:09 GMT" } })), "429 0 "],
  ["nonsense", () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "soon" } })), "429 undefined "],
  ["an absurd number", () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "9".repeat(400) } })), "429 undefined "],
  ["the cap", () => Promise.resolve(new Response("x".repeat(100))), `200 undefined ${"x".repeat(100)}`],
  ["more than the cap", () => Promise.resolve(new Response(streamed("x".repeat(60), "x".repeat(60)).body)), "too large"],
  ["announced as more", () => Promise.resolve(new Response("x", { headers: { "content-length": "101" } })), "too large"],
  ["nobody", () => Promise.reject(new TypeError("Failed to fetch")), "unreachable: nothing answers, or it does not allow http://page.test to ask, which browsers do not tell apart: start anvil with --allow-origin, geth with --http.corsdomain http://page.test"],
];

test.each(answers)("the plan is told of %s", async (_, answer, expected) => {
  const asked = plan([0]);
  await expect(carry(asked, NODE, () => {}, around(answer))).resolves.toEqual({ taken: TAKEN, retries: 0 });
  expect(asked.told).toEqual([expected]);
});

test("no more is read than the cap", async () => {
  const endless = streamed(...Array.from({ length: 50 }, () => "x".repeat(60)));
  const asked = plan([0]);
  let signal: AbortSignal | undefined;
  await carry(asked, NODE, () => {}, around((_, init) => ((signal = init?.signal ?? undefined), Promise.resolve(new Response(endless.body)))));
  expect(asked.told).toEqual(["too large"]);
  expect(endless.sent()).toBe(2);
  expect(signal?.aborted).toBe(true);
});

test("a request carries nothing of the page, and follows nothing", async () => {
  const requests: [unknown, RequestInit | undefined][] = [];
  await carry(plan([0]), NODE, () => {}, around((url, init) => (requests.push([url, init]), Promise.resolve(new Response("")))));
  expect(requests).toHaveLength(1);
  expect(requests[0][0]).toBe(NODE);
  expect(requests[0][1]).toMatchObject({ method: "POST", body: '{"wait":0}', credentials: "omit", referrerPolicy: "no-referrer", redirect: "manual", cache: "no-store" });
});

test("an answer that does not come is given up", async () => {
  vi.useFakeTimers();
  const asked = plan([0]);
  const never: typeof fetch = (_, init) => new Promise((_resolve, reject) => init!.signal!.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
  const done = carry(asked, NODE, () => {}, around(never));
  await vi.advanceTimersByTimeAsync(999);
  expect(asked.told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await done;
  expect(asked.told).toEqual(["timed out"]);
});

test("retries wait as the plan says, and are told with their reason", async () => {
  const waited: number[] = [];
  const told: Underway[] = [];
  const replies = [new Response("", { status: 429 }), new Response("", { status: 502 }), new Response("ok")];
  const { retries } = await carry(plan([0, 500, 1000]), NODE, (underway) => told.push(underway), around(() => Promise.resolve(replies.shift()!), { wait: (time) => (waited.push(time), Promise.resolve()) }));
  expect(retries).toBe(2);
  expect(waited).toEqual([500, 1000]);
  expect(told.map(({ trouble }) => trouble)).toEqual([
    null,
    { why: "the node limits how often it may be asked", wait: 500 },
    { why: "the node's answer was of no use (HTTP status 502)", wait: 1000 },
  ]);
});

test("what asking again cannot mend is refused at once", async () => {
  const redirected = Object.defineProperty(new Response(""), "type", { value: "opaqueredirect" });
  const refused = async (answer: typeof fetch, forbidden: boolean): Promise<string> => {
    const asked = plan([0, 500]);
    const error = await carry(asked, NODE, () => {}, around(answer, { forbidden: () => Promise.resolve(forbidden) })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(asked.told).toEqual([]);
    return (error as Refusal).message;
  };
  expect(await refused(() => Promise.resolve(redirected), false)).toContain("sends on to another address");
  expect(await refused(() => Promise.reject(new TypeError("Failed to fetch")), true)).toContain("Content-Security-Policy");
  const failed: Plan = { ...plan([]), step: () => ({ type: "failed", message: "the node has no block 9" }) };
  await expect(carry(failed, NODE, () => {}, around(fetch))).rejects.toThrow("the node has no block 9");
});

const addresses: readonly (readonly [string, boolean, string])[] = [
  ["http://127.0.0.1:8545", false, "http://127.0.0.1:8545/"],
  ["  https://rpc.example/v3/key#x ", true, "https://rpc.example/v3/key"],
  ["http://localhost:8545", true, "http://localhost:8545/"],
  ["http://[::1]:8545", true, "http://[::1]:8545/"],
  ["http://10.0.0.1:8545", false, "http://10.0.0.1:8545/"],
  ["http://10.0.0.1:8545", true, "browsers do not let such a page ask"],
  ["http://127.evil.example", true, "browsers do not let such a page ask"],
  ["", false, "Say where the node is"],
  ["localhost:8545", false, "must begin with http:// or https://"],
  ["ws://127.0.0.1:8545", false, "not over WebSocket"],
  ["ftp://127.0.0.1", false, "not with ftp://"],
  ["javascript:alert(1)", false, "must begin with"],
  ["file:///etc/passwd", false, "not with file://"],
  ["http://", false, "This is no address"],
  ["http://user:secret@node.example", false, "user name or a password"],
];

test.each(addresses)("the address “%s” (https: %s)", (typed, secure, expected) => {
  const address = readAddress(typed, secure);
  expect("url" in address ? address.url : address.problem).toContain(expected);
  expect("problem" in address && address.problem.includes("secret")).toBe(false);
});

test("what may be a key is not shown", () => {
  expect(withoutSecrets("https://rpc.example/v3/key")).toBe("https://rpc.example/…");
  expect(withoutSecrets("https://rpc.example/?key=1")).toBe("https://rpc.example/…");
  expect(withoutSecrets("http://127.0.0.1:8545/")).toBe("http://127.0.0.1:8545");
});

/** A worker that does what the test says. */
function worker(): WorkerLike & { sent: unknown[]; ended: boolean; say(answer: Answer): void } {
  const it = {
    sent: [] as unknown[],
    ended: false,
    onmessage: null as Worker["onmessage"],
    onerror: null,
    postMessage: (message: unknown) => void it.sent.push(message),
    terminate: () => void (it.ended = true),
    say: (data: Answer) => it.onmessage?.call(it as unknown as Worker, { data } as MessageEvent),
  };
  return it as unknown as ReturnType<typeof worker>;
}

function session(): { node: NodeSession; workers: ReturnType<typeof worker>[]; state: () => State } {
  const store = createStore<State, Action>(reduce, initialState("", null));
  const workers: ReturnType<typeof worker>[] = [];
  const spawn = (): WorkerLike => (workers.push(worker()), workers.at(-1)!);
  return { node: new NodeSession(store, new NodeClient({ spawn, base: "http://page.test/wasm/intake/" })), workers, state: () => store.state };
}

test("a fetch goes through the store, and its worker ends with it", async () => {
  const { node, workers, state } = session();
  const done = node.start("https://rpc.example/key", WANTED);
  expect(workers[0].sent).toEqual([{ base: "http://page.test/wasm/intake/", address: "https://rpc.example/key", wanted: WANTED }]);
  const underway: Underway = { progress: PROGRESS, retries: 1, trouble: { why: "x", wait: 500 } };
  workers[0].say({ type: "underway", underway });
  expect(state().node).toEqual({ kind: "underway", node: "https://rpc.example/…", underway });
  workers[0].say({ type: "done", taken: TAKEN, retries: 1 });
  await done;
  expect(state().node).toEqual({ kind: "done", node: "https://rpc.example/…", taken: TAKEN, retries: 1 });
  expect(workers[0].ended).toBe(true);
  expect(JSON.stringify(state())).not.toContain("/key");
});

test("a cancel ends the worker whatever it waits for, and nothing comes after it", async () => {
  const { node, workers, state } = session();
  const done = node.start(NODE, WANTED);
  workers[0].say({ type: "underway", underway: { progress: PROGRESS, retries: 1, trouble: { why: "x", wait: 30_000 } } });
  node.cancel();
  await done;
  expect(workers[0].ended).toBe(true);
  expect(state().node).toEqual({ kind: "cancelled" });
  workers[0].say({ type: "done", taken: TAKEN, retries: 0 });
  expect(state().node).toEqual({ kind: "cancelled" });
});

test("a second fetch takes the place of the first", async () => {
  const { node, workers, state } = session();
  const first = node.start(NODE, WANTED);
  const second = node.start(NODE, { ...WANTED, block: "7" });
  await first;
  expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
  expect(state().node.kind).toBe("underway");
  workers[1].say({ type: "done", taken: TAKEN, retries: 0 });
  await second;
  expect(state().node.kind).toBe("done");
});

test.each([
  [{ type: "refused", message: "the node has no block 9" }, "the node has no block 9"],
  [{ type: "failed", stage: "loading", message: "404" }, "could not be loaded (404)"],
  [{ type: "failed", stage: "working", message: "unreachable" }, "a defect of ours"],
] as const)("what went wrong is said: %j", async (answer, expected) => {
  const { node, workers, state } = session();
  const done = node.start(NODE, WANTED);
  workers[0].say(answer);
  await done;
  expect(state().node).toMatchObject({ kind: "failed", message: expect.stringContaining(expected) });
  expect(workers[0].ended).toBe(true);
});

test("a page can say that it asks no nodes", () => {
  const page = (content: string | null): ParentNode => ({ querySelector: (name: string) => (name === 'meta[name="evm-lanes-nodes"]' && content !== null ? { content } : null) }) as unknown as ParentNode;
  expect([null, "on", "off"].map((content) => nodesAllowed(page(content)))).toEqual([true, true, false]);
});

