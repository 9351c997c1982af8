// What other tools have written, on its way into the page: which texts are asked about, who ends the worker, what comes of texts.
import { describe, expect, test } from "vitest";
import { IntakeClient, IntakeError, type WorkerLike } from "../src/intake/client.ts";
import { looksForeign } from "../src/intake/foreign.ts";
import type { Job, Request, Response } from "../src/intake/protocol.ts";
import { startIntake, type FileLike, type IntakeLike } from "../src/intake/session.ts";
import { MAX_TEXT, type Format, type TextsRead } from "../src/intake/types.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";

test.each<[boolean, string]>([
  [true, "0x02f8"],
  [true, '  ["0x02f8"]'],
  [true, '"0x1f8b"'],
  [true, '{ "jsonrpc": "2.0", "id": 1, "result": {} }'],
  [true, '{ "number": "0x1", "parentHash": "0x", "transactions": [] }'],
  [true, '{ "block": {}, "accounts": {}, "best_block_number": 1, "transactions": [], "blocks": [], "historical_states": null }'],
  [true, '// saved by hand\n{ "alloc": {}, "txs": [] }'],
  [true, '{ "0x00000000000000000000000000000000c0de0001": { "balance": "0x1", "transactions": [] } }'],
  [true, '{ "a}": "}", "b": ['],
  [false, ""],
  [false, "hello"],
  [false, "{"],
  [false, '{ "transactions": [{ "parentHash": 1, "jsonrpc": 2 }] }'],
  [false, '{ "title": "one mistake", "acounts": {}, "transactions": [] }'],
  [false, '{ /* "alloc": {}, "txs": */ "transactions": [] }'],
])("whether a text with errors is asked about: %s for %s", (expected, text) => {
  expect(looksForeign(text)).toBe(expected);
});

test("text that nothing closes is looked at in one pass", () => {
  for (const piece of ['"\\\n', "/*", "//", '{"a":', "[", "\\"]) expect(looksForeign(`{ "transactions": ${piece.repeat(300_000)}`)).toBe(false);
});

/** A client whose workers answer when the test says so. */
function client() {
  const workers: (WorkerLike & { asked: Request[]; ended: boolean; answer(response: Response): void })[] = [];
  const spawn = (): WorkerLike => {
    const worker: (typeof workers)[number] = {
      asked: [],
      ended: false,
      onmessage: null,
      onerror: null,
      postMessage: (request: Request) => void worker.asked.push(request),
      terminate: () => void (worker.ended = true),
      answer: (data) => worker.onmessage?.call(worker as unknown as Worker, { data } as MessageEvent<Response>),
    };
    workers.push(worker);
    return worker;
  };
  return { workers, client: new IntakeClient({ spawn, base: "http://here/wasm/intake/" }) };
}

const JOB: Job = { type: "import", texts: [{ name: "a", text: "0x" }] };
const NOTHING: TextsRead = { files: [], notes: [], scenario: null };

describe("the worker", () => {
  test("is started when there is something to do, and once", async () => {
    const { workers, client: it } = client();
    expect(workers).toHaveLength(0);
    for (let times = 0; times < 2; times++) {
      const done = it.perform(JOB);
      workers[0].answer({ type: "done", result: NOTHING });
      expect(await done).toEqual(NOTHING);
    }
    expect(workers).toHaveLength(1);
    expect(workers[0].asked[0]).toEqual({ base: "http://here/wasm/intake/", job: JOB });
  });

  test.each<[string, (it: ReturnType<typeof client>) => void, RegExp, boolean]>([
    ["is ended by cancelling", ({ client }) => client.cancel(), /cancelled/, true],
    ["is ended by the next job", ({ client }) => void client.perform(JOB).catch(() => undefined), /cancelled/, true],
    ["is ended after a trap", ({ workers }) => workers[0].answer({ type: "failed", stage: "working", message: "unreachable" }), /unreachable.*afresh/, true],
    ["is ended when it did not load", ({ workers }) => workers[0].answer({ type: "failed", stage: "loading", message: "404" }), /could not be loaded \(404\). Try again/, true],
    ["stays when it refuses", ({ workers }) => workers[0].answer({ type: "refused", message: "the scenario has errors" }), /^the scenario has errors$/, false],
  ])("%s, and the job says so", async (_, happens, words, ended) => {
    const it = client();
    const failed = it.client.perform(JOB).then(
      () => null,
      (error: unknown) => error,
    );
    happens(it);
    const error = await failed;
    expect(error).toBeInstanceOf(IntakeError);
    expect((error as Error).message).toMatch(words);
    expect(it.workers[0].ended).toBe(ended);
    void it.client.perform(JOB).catch(() => undefined);
    expect(it.workers.length > 1).toBe(ended);
  });
});

/** A session on a client that takes texts that begin with a format's name for it, and needs a block for a scenario. */
function session(text = "") {
  let runs = 0;
  const ask: IntakeLike = {
    cancel: () => undefined,
    perform: (async (job: Job) => {
      if (job.type === "export") return { text: `${job.as} of ${job.text}`, leftOut: ["one thing"] };
      if (job.texts.some(({ text }) => text === "trap")) throw new IntakeError("it failed");
      const formats = job.texts.map(({ text }) => /^(scenario|block|prestate)/.exec(text)?.[0] as Format | undefined);
      const files = job.texts.map(({ name }, index) => ({ name, format: formats[index] ?? null, description: formats[index] ?? null, diagnostics: [] }));
      const alone = formats.length === 1 && formats[0] === "scenario";
      const whole = formats.includes("block") && formats.includes("prestate") && !formats.includes(undefined);
      return { files, notes: [], scenario: alone ? job.texts[0].text : whole ? "made of both" : null };
    }) as IntakeLike["perform"],
  };
  const store = createStore(reduce, initialState(text, null));
  const it = startIntake(store, { run: async () => void runs++, load: async () => {}, cancel: () => {} }, ask);
  return { store, it, runs: () => runs };
}

const file = (text: string, name = text, size = text.length): FileLike => ({ name, size, text: async () => text });

describe("texts", () => {
  test("that belong together come one after the other, and make a scenario that can be taken back", async () => {
    const { store, it, runs } = session("typed before");
    await it.addFiles([file("block")]);
    expect(store.state.intake).toMatchObject({ open: true, reading: { kind: "done", read: { scenario: null } } });
    it.use();
    expect(store.state.text).toBe("typed before");
    await it.addText({ name: "text 1", text: "prestate" });
    it.use();
    expect(store.state).toMatchObject({ text: "made of both", previous: "typed before", intake: { open: false, texts: [] } });
    expect(runs()).toBe(1);
    store.dispatch({ type: "restored" });
    expect(store.state.text).toBe("typed before");
  });

  test("that are one scenario are taken at once", async () => {
    const { store, it } = session("typed before");
    await it.addFiles([file("scenario of a file")]);
    expect(store.state).toMatchObject({ text: "scenario of a file", previous: "typed before", intake: { open: false } });
  });

  test("that are wrong can be removed, and a trap loses none", async () => {
    const { store, it } = session();
    await it.addFiles([file("block"), file("prestate"), file("trap")]);
    expect(store.state.intake.reading).toEqual({ kind: "failed", message: "it failed" });
    expect(store.state.intake.texts).toHaveLength(3);
    await it.retry();
    expect(store.state.intake.reading).toEqual({ kind: "failed", message: "it failed" });
    await it.remove(2);
    expect(store.state.intake.reading).toMatchObject({ kind: "done", read: { scenario: "made of both" } });
  });

  test("that are too large are not read, and that is said", async () => {
    const { store, it } = session();
    await it.addFiles([file("block", "huge.json", MAX_TEXT + 1), file("prestate")]);
    expect(store.state.intake.texts.map(({ name }) => name)).toEqual(["prestate"]);
    expect(store.state.intake.refused[0]).toMatch(/^huge.json has 65 MB: no more than 64 MB/);
  });

  test("in the editor are named, stay until they are converted, and are completed in the dialog", async () => {
    const { store, it } = session("block");
    await it.recognise("block", true);
    expect(store.state).toMatchObject({ text: "block", intake: { foreign: { text: "block" } } });
    it.convert();
    expect(store.state).toMatchObject({ text: "block", intake: { open: true, texts: [{ text: "block" }] } });
    await it.addText({ name: "text 1", text: "prestate" });
    it.use();
    expect(store.state).toMatchObject({ text: "made of both", previous: "block" });
  });

  test("that have changed meanwhile are not named", async () => {
    const { store, it } = session("block");
    const asked = it.recognise("block", false);
    store.dispatch({ type: "typed", text: "block and more" });
    await asked;
    expect(store.state.intake.foreign).toBeNull();
  });
});

test("what is saved says what it lacks", async () => {
  const { store, it } = session("a scenario");
  expect(await it.save("raw")).toEqual({ name: "transactions.txt", text: "raw of a scenario" });
  expect(store.state.intake.saved).toEqual({ kind: "done", file: "transactions.txt", leftOut: ["one thing"] });
});
