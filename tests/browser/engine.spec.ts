// The engine in a real browser, through the page's own client.

import { example, examples, expect, openEngine, test } from "./engine.ts";
import { NOT_ISOLATED } from "./playwright.config.ts";

/** A run that takes seconds. */
const LONG = { clock: "measured", workers: 2, repeats: 100 } as const;

test("an isolated page runs on threads", async ({ page }) => {
  await openEngine(page);
  const started = await page.evaluate(() => engine.ready);
  expect(started.build).toBe("threads");
  expect(started.workers).toBe(await page.evaluate(() => navigator.hardwareConcurrency));
  expect(started.version).toMatch(/^\d+\.\d+\.\d+$/);
});

test("values cross the boundary as the types say", async ({ page }) => {
  await openEngine(page);
  const shapes = await page.evaluate(async (text) => {
    const report = await engine.run(text, { clock: "virtual", workers: 4 });
    const columns = Object.entries(report.timeline.events).map(([name, column]) => {
      const array = column as unknown as Uint8Array;
      return [name, array.constructor.name, array.buffer instanceof ArrayBuffer, array.length > 0];
    });
    const curve = await engine.curve(text, {}, [1, 2, 4]);
    const comparison = await engine.compare(text, { workers: 4 });
    const row = comparison.rows.find(({ strategy }) => strategy === report.options.strategy);
    return { row, verdict: report.verdict, rows: comparison.rows.length, format: report.format, curve: report.curve, columns, points: curve.points.map((point) => point.workers), gas: report.transactions[0]!.gasUsed, root: report.verdict.sequentialStateRoot };
  }, example("erc20-fan-out"));
  expect(shapes.format).toBe(1);
  // `null`, and not `undefined`, as in JSON.
  expect(shapes.curve).toBeNull();
  expect(shapes.gas).toBeGreaterThan(21_000);
  expect(shapes.root).toMatch(/^0x[0-9a-f]{64}$/);
  expect(shapes.points).toEqual([1, 2, 4]);
  expect(shapes.rows).toBe(8);
  expect(shapes.row).toMatchObject({ equal: true, firstDifference: null, time: shapes.verdict.parallel, aborts: shapes.verdict.aborts });
  expect(shapes.columns).toEqual([
    ["kind", "Uint8Array", true, true],
    ["worker", "Uint32Array", true, true],
    ["transaction", "Uint32Array", true, true],
    ["incarnation", "Uint32Array", true, true],
    ["start", "Float64Array", true, true],
    ["end", "Float64Array", true, true],
    ["cause", "Int32Array", true, true],
  ]);
});

test("a page that is not isolated runs on workers that exchange messages", async ({ page }) => {
  await openEngine(page, NOT_ISOLATED);
  const started = await page.evaluate(() => engine.ready);
  expect(started).toMatchObject({ executor: "pool", build: "single", workers: await page.evaluate(() => navigator.hardwareConcurrency) });
  for (const name of ["independent-heavy", "mixed-block", "nonce-chain", "self-destruct-and-re-create", "invalid-transactions"]) {
    const { lanes, verdict, expected } = await page.evaluate(async (text) => {
      const { timeline, verdict } = await engine.run(text, { clock: "measured", workers: 2, repeats: 3 });
      const { kind, worker } = timeline.events;
      const lanes = Array.from(worker).filter((_, event) => kind[event] === 0);
      const expected = await engine.run(text, { clock: "virtual", workers: 2 });
      return { lanes: [...new Set(lanes)].sort(), verdict, expected: expected.verdict.sequentialStateRoot };
    }, example(name));
    expect(verdict, name).toMatchObject({ equal: true, messages: true, workers: 2, parallelStateRoot: expected });
    if (name === "independent-heavy") expect(lanes).toEqual([0, 1]);
    test.info().annotations.push({ type: `measured speedup by messages, ${name}`, description: `${verdict.speedup}, ${verdict.aborts} aborts` });
  }
});

test("what one worker does is done without messages", async ({ page }) => {
  await openEngine(page, NOT_ISOLATED);
  const messages = await page.evaluate(
    async ({ mixed, chain }) => {
      const verdict = async (text: string, options: object) => (await engine.run(text, { clock: "measured", repeats: 1, ...options })).verdict;
      const verdicts = [
        await verdict(mixed, { strategy: "sequential", workers: 2 }),
        await verdict(mixed, { workers: 1 }),
        await verdict(mixed, { workers: 2 }),
        // Whatever it is left to, this strategy has one worker do it.
        await verdict(chain, { strategy: "ladder", workers: 2 }),
      ];
      return verdicts.map(({ equal, messages, workers }) => ({ equal, messages, workers }));
    },
    { mixed: example("mixed-block"), chain: example("nonce-chain") },
  );
  expect(messages).toEqual([
    { equal: true, messages: false, workers: 1 },
    { equal: true, messages: false, workers: 1 },
    { equal: true, messages: true, workers: 2 },
    { equal: true, messages: false, workers: 2 },
  ]);
});

test("after a worker of the pool has failed the next run has new ones", async ({ page }) => {
  await openEngine(page, NOT_ISOLATED);
  const outcome = await page.evaluate(async (text) => {
    const options = { clock: "measured", workers: 2, repeats: 1 } as const;
    const wrong = await engine.run("{", options).catch((error) => error.code);
    const controller = new AbortController();
    const cancelled = engine.run(text, { ...options, repeats: 100 }, { signal: controller.signal }).catch((error) => error.code);
    setTimeout(() => controller.abort(), 300);
    return { wrong, cancelled: await cancelled, equal: (await engine.run(text, options)).verdict.equal };
  }, example("mixed-block"));
  expect(outcome).toEqual({ wrong: "invalid", cancelled: "cancelled", equal: true });
});

test("at least two lanes do work", async ({ page }) => {
  await openEngine(page);
  const { lanes, verdict } = await page.evaluate(async (text) => {
    const { timeline, verdict } = await engine.run(text, { clock: "measured", workers: 2, repeats: 3 });
    const { kind, worker } = timeline.events;
    const lanes = Array.from(worker).filter((_, event) => kind[event] === 0);
    return { lanes: [...new Set(lanes)].sort(), verdict };
  }, example("independent-heavy"));
  expect(lanes).toEqual([0, 1]);
  expect(verdict.equal).toBe(true);
  expect(verdict.unit).toBe("microseconds");
  test.info().annotations.push({ type: "measured speedup", description: String(verdict.speedup) });
});

test("more workers than there are is reported, not pretended", async ({ page }) => {
  await openEngine(page);
  const [ran, available] = await page.evaluate(async (text) => {
    const report = await engine.run(text, { clock: "measured", workers: 64, repeats: 1 });
    return [report.verdict.workers, Math.min(navigator.hardwareConcurrency, 64)];
  }, example("independent-transfers"));
  expect(ran).toBe(available);
});

for (const strategy of ["sequential", "two-phase", "ordered-merge", "block-stm", "ladder", "locks", "dag"] as const) {
  test(`every example is verified under ${strategy}`, async ({ page }) => {
    test.setTimeout(600_000);
    await openEngine(page);
    expect(examples.length).toBeGreaterThanOrEqual(10);
    for (const name of examples) {
      for (const clock of ["virtual", "measured"] as const) {
        const differences = await page.evaluate(
          async ({ text, options }) => {
            const { verdict } = await engine.run(text, options);
            return verdict.equal ? [] : verdict.differences;
          },
          { text: example(name), options: { strategy, clock, workers: clock === "virtual" ? 8 : 2, repeats: 1 } },
        );
        expect(differences, `${name} on the ${clock} clock`).toEqual([]);
      }
    }
  });
}

test("without the file of contracts the rest works, and what names a contract says what is missing", async ({ page, errors }) => {
  await page.route("**/contracts-*.json", (route) => route.abort());
  await openEngine(page);
  const outcome = await page.evaluate(
    async ({ plain, named }) => {
      const report = await engine.run(plain, { clock: "virtual" });
      const error = await engine.run(named, { clock: "virtual" }).catch((error) => error);
      return { equal: report.verdict.equal, code: error.code, problems: error.diagnostics };
    },
    { plain: example("independent-transfers"), named: example("erc20-fan-out") },
  );
  expect(outcome).toMatchObject({ equal: true, code: "invalid" });
  expect(outcome.problems[0].message).toBe("the contract `Token` could not be loaded");
  expect(outcome.problems[0].hint).toContain("Reload the page");
  // The browser itself reports the request.
  errors.length = 0;
});

test("options that do not exist are refused by name", async ({ page }) => {
  await openEngine(page);
  const refused = (options: object) =>
    page.evaluate(
      ({ text, options }) => engine.run(text, options).then(() => "ran", (error) => `${error.code}: ${error.message}`),
      { text: '{ "transactions": [] }', options },
    );
  expect(await refused({ workers: 2 })).toBe("ran");
  expect(await refused({ strategy: "faster" })).toMatch(/^options: options: strategy: .*faster.*block-stm/);
  for (const workers of [0, 65, 1.5, -1, NaN, "2"]) {
    expect(await refused({ workers })).toMatch(/^options: .*workers/);
  }
});

test("a broken text gives its problems with their lines", async ({ page }) => {
  await openEngine(page);
  const outcome = await page.evaluate(async () => {
    const text = '{\n  "format": 1,\n  "transactions": [\n    { "from": 7 }\n  ]\n}';
    const checked = await engine.check(text);
    const error = await engine.run(text).catch((error) => ({ code: error.code, lines: error.diagnostics.length }));
    return { lines: checked.diagnostics.map((problem) => problem.line), error };
  });
  expect(outcome.lines).toContain(4);
  expect(outcome.error).toMatchObject({ code: "invalid", lines: outcome.lines.length });
});

for (const [name, origin] of [["threads", ""], ["a pool without shared memory", NOT_ISOLATED]] as const) {
  test(`the text is checked while a run goes on, on ${name}`, async ({ page }) => {
    await openEngine(page, origin);
    const outcome = await page.evaluate(
      async ({ long, text, options }) => {
        const controller = new AbortController();
        let ended = false;
        const run = engine.run(long, options, { signal: controller.signal }).then(() => "ran", (error) => error.code);
        void run.then(() => (ended = true));
        const start = performance.now();
        const first = await engine.check(text);
        const firstAfter = performance.now() - start;
        const second = await engine.check("{");
        const secondAfter = performance.now() - start - firstAfter;
        const during = !ended;
        controller.abort();
        return { rows: first.rows.length, problems: second.diagnostics.length, during, run: await run, firstAfter, secondAfter };
      },
      { long: example("mixed-block"), text: example("independent-transfers"), options: LONG },
    );
    expect(outcome).toMatchObject({ during: true, run: "cancelled" });
    expect(outcome.rows).toBeGreaterThan(0);
    expect(outcome.problems).toBeGreaterThan(0);
    const { firstAfter, secondAfter } = outcome;
    test.info().annotations.push({ type: "checked", description: `${firstAfter} ms with its coordinator, then ${secondAfter} ms` });
  });

  test(`cancel within 100 ms, and a fresh run right after, on ${name}`, async ({ page }) => {
    await openEngine(page, origin);
    const { code, rejected, fresh, equal } = await page.evaluate(
      async ({ long, short, options }) => {
        const controller = new AbortController();
        let aborted = 0;
        const error = await engine
          .run(long, options, {
            signal: controller.signal,
            // In the middle: the parallel run is on.
            onProgress: ({ phase }) => {
              if (phase !== "parallel" || aborted) return;
              aborted = performance.now();
              controller.abort();
            },
          })
          .then(() => ({ code: "finished" }), (error) => error);
        const rejected = performance.now() - aborted;
        const report = await engine.run(short, { clock: "virtual" });
        return { code: error.code, rejected, fresh: performance.now() - aborted, equal: report.verdict.equal };
      },
      { long: example("mixed-block"), short: example("independent-transfers"), options: LONG },
    );
    expect(code).toBe("cancelled");
    expect(rejected).toBeLessThan(100);
    expect(equal).toBe(true);
    test.info().annotations.push({ type: "next result after", description: `${fresh} ms` });
    expect(fresh).toBeLessThan(3_000);
  });
}

test("cancelling while waiting for another job ends only that one", async ({ page }) => {
  await openEngine(page);
  const outcomes = await page.evaluate(async (text) => {
    const controller = new AbortController();
    const first = engine.run(text, { clock: "virtual" });
    const second = engine.run(text, {}, { signal: controller.signal });
    controller.abort();
    return Promise.all([first, second].map((run) => run.then((report) => String(report.verdict.equal), (error) => error.code)));
  }, example("erc20-fan-out"));
  expect(outcomes).toEqual(["true", "cancelled"]);
});

for (const worker of [0, 1]) {
  test(`trap_31: a panic on worker ${worker} is a clear error, and the next run is right`, async ({ page, errors }) => {
    await openEngine(page);
    const outcome = await page.evaluate(
      async ({ text, worker }) => {
        const error = await engine.injectPanic(worker).catch((error) => error);
        const report = await engine.run(text, { clock: "measured", workers: 2, repeats: 1 });
        return { code: error.code, message: error.message, equal: report.verdict.equal, workers: report.verdict.workers };
      },
      { text: example("independent-transfers"), worker },
    );
    expect(outcome).toMatchObject({ code: "panicked", equal: true, workers: 2 });
    expect(outcome.message).toContain("injected by a test");
    // The browser itself may report the trap.
    errors.length = 0;
  });
}

test("fifty runs, some cancelled, grow neither workers nor memory", async ({ page, browser }) => {
  test.setTimeout(300_000);
  await openEngine(page);
  const session = await browser.newBrowserCDPSession();
  const workers = async () => {
    const { targetInfos } = await session.send("Target.getTargets");
    return targetInfos.filter((target) => target.type === "worker").length;
  };
  const runs = (count: number, cancelled: boolean) =>
    page.evaluate(
      async ({ text, count, cancelled }) => {
        for (let run = 0; run < count; run++) {
          const controller = new AbortController();
          if (cancelled && run % 5 === 0) setTimeout(() => controller.abort(), 3);
          await engine.run(text, { clock: "measured", workers: 2, repeats: 1 }, { signal: controller.signal }).catch(() => 0);
        }
      },
      { text: example("erc20-fan-out"), count, cancelled },
    );
  const bytes = () =>
    page.evaluate(async () => {
      const measure = (performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> });
      return (await measure.measureUserAgentSpecificMemory()).bytes;
    });
  await runs(5, false);
  const before = { workers: await workers(), bytes: await bytes() };
  expect(before.workers).toBeGreaterThan(0);
  await runs(50, true);
  await expect.poll(workers, { timeout: 20_000 }).toBeLessThanOrEqual(before.workers);
  const after = await bytes();
  test.info().annotations.push({ type: "bytes", description: `${before.bytes} → ${after}` });
  expect(after).toBeLessThan(before.bytes * 1.2 + 8e6);
});
