import { describe, expect, test, vi } from "vitest";
import { EngineClient, type Spawn } from "../src/engine/client.ts";
import { PageWorkers } from "../src/engine/page-workers.ts";
import { putParts, takeParts } from "../src/engine/parts.ts";
import { choose, type Platform } from "../src/engine/platform.ts";
import type { Request, Response } from "../src/engine/protocol.ts";
import { fixture, fixtureComparison } from "./fixture.ts";

describe("the choice of build", () => {
  const good = { isolated: true, secure: true, cores: 8 };

  test("threads where memory may be shared", () => {
    expect(choose(good)).toMatchObject({ build: "threads", workers: 8 });
    expect(choose({ ...good, cores: 500 }).workers).toBe(64);
  });

  test("a pool that exchanges messages where it may not, with the reason", () => {
    expect(choose({ ...good, isolated: false })).toMatchObject({ executor: "pool", build: "single", workers: 8 });
    expect(choose({ ...good, isolated: false }).reason).toContain("headers");
    expect(choose({ ...good, isolated: false, secure: false }).reason).toContain("https");
  });

  test("a single worker on a single core", () => {
    for (const isolated of [true, false]) {
      expect(choose({ ...good, isolated, cores: 1 })).toMatchObject({ executor: "single", build: "single", workers: 1 });
    }
    expect(choose({ ...good, cores: 1 }).reason).toContain("single core");
  });
});

const threads: Platform = { executor: "threads", build: "threads", reason: "", workers: 2 };
const module = {} as WebAssembly.Module;

/** What these coordinators are asked: none has a pool that could fail. */
type Asked = Exclude<Request, { type: "pool-failed" }>;

/** Coordinators made of one function: what each answers to a request. */
function fake(answer: (request: Asked, respond: (response: Response) => void, nth: number) => void) {
  const made: { requests: Asked[]; terminated: boolean }[] = [];
  const spawn: Spawn = () => {
    const record = { requests: [] as Asked[], terminated: false };
    const nth = made.push(record);
    const worker: ReturnType<Spawn> = {
      onmessage: null,
      onerror: null,
      postMessage(request: Asked) {
        record.requests.push(request);
        const respond = (data: Response) =>
          queueMicrotask(() => worker.onmessage?.call(worker as Worker, { data } as MessageEvent));
        answer(request, respond, nth);
      },
      terminate: () => void (record.terminated = true),
    };
    return worker;
  };
  return { spawn, made };
}

const started = (cancel: SharedArrayBuffer | null): Response => ({
  type: "started",
  version: "1.2.3",
  cancel: cancel && { memory: cancel, at: 0 },
});

const client = (spawn: Spawn, platform = threads) => new EngineClient({ spawn, platform, base: "http://here/wasm/", compile: async () => module });

describe("the client", () => {
  test("a run that stops by itself keeps its coordinator", async () => {
    const memory = new SharedArrayBuffer(1);
    const flag = new Uint8Array(memory);
    const { spawn, made } = fake((request, respond) => {
      if (request.type === "start") return respond(started(memory));
      const { id } = request;
      if (request.type === "curve") return respond({ type: "done", id, result: "curve" as never });
      const poll = () => {
        if (flag[0] === 0) return void setTimeout(poll, 1);
        respond({ type: "error", id, error: { code: "cancelled", message: "cancelled", diagnostics: [] } });
      };
      poll();
    });
    const engine = client(spawn);
    const controller = new AbortController();
    const run = engine.run("", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    await expect(engine.curve("", {}, [])).resolves.toBe("curve");
    expect(made.length).toBe(1);
    expect(flag[0]).toBe(0);
  });

  test.each([
    ["does not look at the flag", new SharedArrayBuffer(1)],
    ["has no shared memory", null],
  ])("a coordinator that %s is replaced, with the compiled module", async (_, memory) => {
    const { spawn, made } = fake((request, respond) => {
      if (request.type === "start") respond(started(memory));
      else if (request.type === "curve") respond({ type: "done", id: request.id, result: "curve" as never });
    });
    const engine = client(spawn);
    await engine.ready;
    const controller = new AbortController();
    const run = engine.run("", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    const asked = performance.now();
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - asked).toBeLessThan(100);
    await expect(engine.curve("", {}, [])).resolves.toBe("curve");
    expect(made.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(made[1].requests[0]).toMatchObject({ type: "start", module });
  });

  test("a failure announced by any worker rejects with its words", async () => {
    const { spawn, made } = fake((request, respond) => {
      if (request.type === "start") return respond(started(new SharedArrayBuffer(1)));
      if (request.type === "check") return respond({ type: "done", id: request.id, result: "checked" as never });
      const { failures } = made[0].requests[0] as Request & { type: "start" };
      const channel = new BroadcastChannel(failures);
      channel.postMessage({ message: "index out of bounds" });
      setTimeout(() => channel.close(), 100);
    });
    const engine = client(spawn);
    await expect(engine.run("")).rejects.toMatchObject({ code: "panicked", message: "index out of bounds" });
    await expect(engine.check("")).resolves.toBe("checked");
    expect(made[0].terminated).toBe(true);
  });

  test("where threads do not start, a single worker does, and says so", async () => {
    const { spawn } = fake((request, respond, nth) => {
      if (request.type !== "start") return;
      respond(nth === 1 ? { type: "not-started", message: "no memory" } : started(null));
    });
    const engine = await client(spawn).ready;
    expect(engine.build).toBe("single");
    expect(engine.reason).toContain("no memory");
  });

  test("where nothing starts, every call says why", async () => {
    const { spawn } = fake((_, respond) => respond({ type: "not-started", message: "404" }));
    const engine = client(spawn);
    await expect(engine.ready).rejects.toMatchObject({ code: "unavailable", message: "404" });
    await expect(engine.check("")).rejects.toMatchObject({ code: "unavailable" });
  });

  test("jobs wait for their turn, and a waiting one can be cancelled", async () => {
    const { spawn, made } = fake((request, respond) => {
      if (request.type === "start") return respond(started(null));
      const { id } = request;
      setTimeout(() => respond({ type: "done", id, result: id as never }), 10);
    });
    const engine = client(spawn);
    const controller = new AbortController();
    const first = engine.run("");
    const second = engine.run("", {}, { signal: controller.signal });
    const third = engine.run("");
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    expect([await first, await third]).toEqual([1, 2]);
    expect(made.length).toBe(1);
  });
});

describe("a pool's workers", () => {
  /** A client whose coordinator's side is in the test's hands, and the workers that it has started for it. */
  function withPool() {
    const workers: { posted: unknown[]; terminated: boolean; worker: ReturnType<Spawn> }[] = [];
    const spawnPool: Spawn = () => {
      const record = { posted: [] as unknown[], terminated: false };
      const worker: ReturnType<Spawn> = {
        onmessage: null,
        onerror: null,
        postMessage: (message: unknown) => void record.posted.push(message),
        terminate: () => void (record.terminated = true),
      };
      workers.push(Object.assign(record, { worker }));
      return worker;
    };
    const requests: Request[] = [];
    let tell!: (response: Response) => void;
    const spawn: Spawn = () => {
      const coordinator: ReturnType<Spawn> = {
        onmessage: null,
        onerror: null,
        postMessage(request: Request) {
          requests.push(request);
          if (request.type === "start") queueMicrotask(() => tell(started(null)));
        },
        terminate: () => undefined,
      };
      tell = (data) => coordinator.onmessage?.call(coordinator as Worker, { data } as MessageEvent);
      return coordinator;
    };
    const platform: Platform = { executor: "pool", build: "single", reason: "", workers: 2 };
    const engine = new EngineClient({ spawn, spawnPool, platform, base: "http://here/wasm/", compile: async () => module });
    return { engine, workers, requests, tell: (response: Response) => tell(response) };
  }

  const asked = async (): Promise<ReturnType<typeof withPool>> => {
    const pool = withPool();
    await pool.engine.ready;
    for (const worker of [0, 1]) pool.tell({ type: "pool-start", worker, port: `port ${worker}` as unknown as MessagePort });
    return pool;
  };

  test("are started by the page, with the coordinator's ports, and ended when it says so", async () => {
    const { workers, tell } = await asked();
    expect(workers.map(({ posted }) => posted)).toEqual([["port 0"], ["port 1"]]);
    tell({ type: "pool-end", worker: 1 });
    expect(workers.map(({ terminated }) => terminated)).toEqual([false, true]);
  });

  test("that fail are reported to it", async () => {
    const { workers, requests } = await asked();
    const { worker } = workers[1];
    worker.onerror?.call(worker as Worker, { message: "404", preventDefault: () => undefined } as ErrorEvent);
    expect(requests.at(-1)).toEqual({ type: "pool-failed", worker: 1, message: "404" });
  });

  test("end with it, and none is started after it", async () => {
    const { engine, workers, tell } = await asked();
    engine.dispose();
    await new Promise((done) => setTimeout(done));
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
    tell({ type: "pool-start", worker: 2, port: "port 2" as unknown as MessagePort });
    expect(workers.length).toBe(2);
  });

  test("talk to the coordinator over their ports, and fail by their numbers", async () => {
    const responses: Response[] = [];
    const pageWorkers = new PageWorkers((response) => void responses.push(response));
    const [first, second] = [pageWorkers.spawn(), pageWorkers.spawn()];
    const said: unknown[] = [];
    second.onmessage = (response) => void said.push(response);
    first.onerror = second.onerror = (message) => void said.push(message);
    const { port, ...rest } = responses[1] as Response & { type: "pool-start" };
    expect(rest).toEqual({ type: "pool-start", worker: 1 });
    const heard = new Promise((resolve) => (port.onmessage = ({ data }) => resolve(data)));
    second.postMessage({ type: "prepare", text: "", options: {} });
    await expect(heard).resolves.toMatchObject({ type: "prepare" });
    port.postMessage({ type: "prepared" });
    await vi.waitFor(() => expect(said).toEqual([{ type: "prepared" }]));
    pageWorkers.failed(1, "404");
    expect(said).toEqual([{ type: "prepared" }, "404"]);
    first.terminate();
    second.terminate();
    pageWorkers.failed(1, "too late");
    expect(said.length).toBe(2);
    expect(responses.slice(2)).toEqual([0, 1].map((worker) => ({ type: "pool-end", worker })));
  });
});

describe("a check", () => {
  /** Runs take a while; the second coordinator answers, or does not start. */
  const busy = (second: Response) =>
    fake((request, respond, nth) => {
      if (request.type === "start") respond(nth === 1 ? started(null) : second);
      else if (request.type === "check") respond({ type: "done", id: request.id, result: `checked by ${nth}` as never });
      else setTimeout(() => respond({ type: "done", id: request.id, result: "ran" as never }), 30);
    });

  test("has its answer while a run goes on, from a coordinator without a pool", async () => {
    const { spawn, made } = busy(started(null));
    const engine = client(spawn);
    await expect(engine.check("")).resolves.toBe("checked by 1");
    void engine.run("");
    await expect(engine.check("")).resolves.toBe("checked by 2");
    await expect(engine.check("")).resolves.toBe("checked by 2");
    expect(made.map(({ requests }) => requests.map(({ type }) => type))).toEqual([
      ["start", "check", "run"],
      ["start", "check", "check"],
    ]);
    expect(made[1].requests[0]).toMatchObject({ build: "threads", workers: 1, module });
  });

  test("waits for the run where there can be no second coordinator", async () => {
    const { spawn, made } = busy({ type: "not-started", message: "no memory" });
    const engine = client(spawn);
    void engine.run("");
    await expect(engine.check("")).resolves.toBe("checked by 1");
    expect(made.map(({ requests }) => requests.map(({ type }) => type))).toEqual([["start", "run", "check"], ["start"]]);
  });
});

describe("a result in parts", () => {
  for (const transactions of [0, 1, 500, 501, 2600]) {
    test(`${transactions} transactions come together again`, () => {
      const whole = fixture({ transactions, shared: 40 });
      const hollow = structuredClone(whole);
      const parts = takeParts(hollow);
      expect(hollow.transactions.length).toBe(transactions > 500 ? 0 : transactions);
      expect(Math.max(0, ...parts.map((part) => part.items.length))).toBeLessThanOrEqual(500);
      putParts(hollow, parts);
      expect(hollow).toEqual(whole);
    });
  }

  test("a comparison is short, and its rows are not those of a check", () => {
    const whole = fixtureComparison(fixture({ transactions: 3 }));
    expect(takeParts(whole)).toEqual([]);
    expect(whole.rows.length).toBe(8);
  });

  test("the client puts them together", async () => {
    const whole = fixture({ transactions: 1200 });
    const { spawn } = fake((request, respond) => {
      if (request.type === "start") return respond(started(null));
      const result = structuredClone(whole);
      for (const part of takeParts(result)) respond({ type: "part", id: request.id, part });
      respond({ type: "done", id: request.id, result });
    });
    expect(await client(spawn).run("")).toEqual(whole);
  });
});
