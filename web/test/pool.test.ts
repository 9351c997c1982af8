import { describe, expect, test } from "vitest";
import { EngineError } from "../src/engine/errors.ts";
import type { PoolRequest, PoolResponse } from "../src/engine/pool-protocol.ts";
import { MessagePool, type PoolMember, type RemoteRun } from "../src/engine/pool.ts";
import type { Report } from "../src/engine/types.ts";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const report = { format: 1 } as Report;

/** Workers that answer as `answer` says, and what each was asked. */
function fake(answer: (request: PoolRequest, nth: number) => PoolResponse | null) {
  const made: { asked: PoolRequest["type"][]; terminated: boolean }[] = [];
  const spawn = (): PoolMember => {
    const record = { asked: [] as PoolRequest["type"][], terminated: false };
    const nth = made.push(record) - 1;
    const worker: PoolMember = {
      onmessage: null,
      onerror: null,
      postMessage(request) {
        record.asked.push(request.type);
        const response = answer(request, nth);
        if (response) queueMicrotask(() => worker.onmessage?.(response));
      },
      terminate: () => void (record.terminated = true),
    };
    return worker;
  };
  return { made, pool: new MessagePool({ glue: "here", module: {} as WebAssembly.Module, workers: 3 }, spawn) };
}

/** Answers everything; records are what the order was. */
function willing(request: PoolRequest): PoolResponse {
  if (request.type === "start") return { type: "started" };
  if (request.type === "prepare") return { type: "prepared" };
  return { type: "records", bytes: request.bytes };
}

/** A run that sends each worker one order and is over when all have come back. */
function oneOrderEach(workers: number): RemoteRun & { got: [number | undefined, number | undefined][]; freed: boolean } {
  const run = {
    got: [] as [number | undefined, number | undefined][],
    freed: false,
    step(worker?: number, records?: Uint8Array) {
      if (worker === undefined) {
        return { sent: Array.from({ length: workers }, (_, to) => [to, bytes(to + 10)] as [number, Uint8Array<ArrayBuffer>]), report: null };
      }
      run.got.push([worker, records?.[0]]);
      return { sent: [], report: run.got.length === workers ? report : null };
    },
    free: () => void (run.freed = true),
  };
  return run;
}

describe("a pool", () => {
  test("carries orders to the workers and records back, and is kept for the next run", async () => {
    const { made, pool } = fake(willing);
    for (const workers of [2, 3, 9]) {
      const counted = Math.min(workers, 3);
      let run = oneOrderEach(0);
      await expect(pool.run("text", { workers }, (number) => (run = oneOrderEach(number)))).resolves.toBe(report);
      expect(run.got).toEqual(Array.from({ length: counted }, (_, worker) => [worker, worker + 10]));
      expect(run.freed).toBe(true);
    }
    expect(made.map(({ asked }) => asked)).toEqual([
      ["start", "prepare", "order", "prepare", "order", "prepare", "order"],
      ["start", "prepare", "order", "prepare", "order", "prepare", "order"],
      ["start", "prepare", "order", "prepare", "order"],
    ]);
  });

  test.each(["start", "prepare", "order"] as const)("that fails at %s is replaced for the next run", async (at) => {
    const error = { code: "panicked", message: "out of memory", diagnostics: [] } as const;
    const { made, pool } = fake((request, nth) => (request.type === at && nth === 1 ? { type: "failed", error: { ...error, diagnostics: [] } } : willing(request)));
    await expect(pool.run("text", {}, oneOrderEach)).rejects.toMatchObject(error);
    await expect(pool.run("text", {}, oneOrderEach)).resolves.toBe(report);
    expect(made.map(({ terminated }) => terminated)).toEqual([true, true, true, false, false, false]);
  });

  test("whose workers cannot be started says so", async () => {
    const spawn = (): PoolMember => {
      const worker: PoolMember = {
        onmessage: null,
        onerror: null,
        postMessage: () => queueMicrotask(() => worker.onerror?.("no such script")),
        terminate: () => undefined,
      };
      return worker;
    };
    const pool = new MessagePool({ glue: "here", module: {} as WebAssembly.Module, workers: 2 }, spawn);
    const error = await pool.run("text", {}, oneOrderEach).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: "unavailable", message: "no such script" });
  });

  test("does not swallow what the run itself throws", async () => {
    const { pool } = fake(willing);
    const trap = new WebAssembly.RuntimeError("unreachable");
    const run: RemoteRun = { step: () => { throw trap; }, free: () => undefined };
    await expect(pool.run("text", {}, () => run)).rejects.toBe(trap);
  });
});
