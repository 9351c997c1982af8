// What a reader waits for: the first result, and every frame of a large block's pictures.

/** Transactions that meet often enough for over 100,000 events on the timeline. */
const BLOCK = {
  title: "drawing",
  transactions: [{ generate: { workload: "transfers", count: 12_000, accounts: 3_000, skew: 1 } }],
};
const LOADS = 7;
const FRAMES = 60;

/**
 * Measures the built page. Each row is what, how long (median and worst, in milliseconds), over how many samples, and the
 * budget. A frame's time is that of its script, drawing commands included: without a GPU, turning those into pixels
 * is this machine's processor's work, and says nothing about the page.
 */
export async function measurePage(browser, origin) {
  const rows = [];
  const record = (name, samples, budget) => {
    const sorted = samples.toSorted((a, b) => a - b);
    rows.push({ name, median: sorted[sorted.length >> 1] ?? 0, worst: sorted.at(-1) ?? 0, samples: sorted.length, budget });
    console.error(`  ${name}`);
  };

  const loads = [];
  for (let load = 0; load < LOADS; load++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    await page.goto(origin);
    loads.push(await firstResult(page));
    await context.close();
  }
  record("first result after opening, nothing cached", loads, 1500);

  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.addInitScript(observe);
  await page.goto(origin);
  await firstResult(page);
  await setText(page, JSON.stringify(BLOCK));
  await page.getByLabel("Workers, as a number").fill("16");
  await page.getByLabel("Hints", { exact: true }).selectOption("none");
  // The curve of the first run may still be on its way.
  await page.waitForTimeout(1000);
  await samples(page, "tasks");
  await page.getByTestId("run").click();
  await page.waitForFunction(() => document.querySelector("app-page").store.state.finished?.report.scenario.title === "drawing");
  await page.waitForTimeout(3000);
  const { transactions, edges, events } = await page.evaluate(() => {
    const { transactions, graph, timeline } = document.querySelector("app-page").store.state.finished.report;
    return { transactions: transactions.length, edges: graph.edges.length, events: timeline.events.kind.length };
  });
  record("longest task on the main thread, from Run to the pictures", await samples(page, "tasks"), 50);

  const size = { "lanes-view": `timeline of ${events} events`, "graph-view": `graph of ${transactions} transactions, ${edges} edges` };
  for (const [view, name] of Object.entries(size)) {
    const box = await page.locator(`${view} .picture`).boundingBox();
    await page.locator(`${view} .picture`).focus();
    await samples(page, "frames");
    for (let frame = 0; frame < FRAMES; frame++) {
      await page.mouse.move(box.x + (box.width * frame) / FRAMES, box.y + (box.height * (frame % 10)) / 10);
      await painted(page);
    }
    record(`${name}: hover`, await samples(page, "frames"), 8);
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await painted(page);
    await samples(page, "frames");
    for (let frame = 0; frame < FRAMES; frame++) {
      await page.mouse.wheel(0, frame < FRAMES / 2 ? -120 : 120);
      await painted(page);
    }
    record(`${name}: zoom`, await samples(page, "frames"), view === "lanes-view" ? 8 : 16);
  }
  await page.getByRole("button", { name: "Replay" }).click();
  await samples(page, "frames");
  await page.waitForTimeout(3000);
  record("both pictures: replay", await samples(page, "frames"), 16);
  await page.close();

  const alone = await browser.newPage();
  await alone.goto(`${origin}/bench.html`);
  record(
    `layout of ${transactions} transactions, ${edges} edges`,
    await alone.evaluate(async (text) => {
      const client = new bench.EngineClient();
      const report = await client.run(text, { clock: "virtual" });
      client.dispose();
      const input = bench.graphInput(report, 2.5);
      return Array.from({ length: 9 }, () => {
        const start = performance.now();
        bench.layoutGraph(input);
        return performance.now() - start;
      });
    }, JSON.stringify(BLOCK)),
    100,
  );
  await alone.close();
  return rows;
}

/** Milliseconds from opening the page to the verdict on the default example. */
export async function firstResult(page) {
  const proof = await page.waitForSelector('[data-testid="proof"]');
  return proof.evaluate(() => performance.now());
}

/** Collects the time that the scripts of each frame take, and every long task. Runs in the page, before it. */
function observe() {
  const frames = new Map();
  const tasks = [];
  const request = requestAnimationFrame;
  globalThis.requestAnimationFrame = (draw) =>
    request((frame) => {
      const start = performance.now();
      draw(frame);
      frames.set(frame, (frames.get(frame) ?? 0) + performance.now() - start);
    });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration))).observe({ type: "longtask" });
  // Not counted: the bench waits for it.
  globalThis.painted = () => new Promise((done) => request(() => request(done)));
  globalThis.samples = {
    frames: () => {
      const all = [...frames.values()];
      frames.clear();
      return all;
    },
    tasks: () => tasks.splice(0),
  };
}

/** What has been collected since the last call. */
function samples(page, what) {
  return page.evaluate((what) => globalThis.samples[what](), what);
}

/** The second next frame: by then whatever has just happened is drawn. */
function painted(page) {
  return page.evaluate(() => globalThis.painted());
}

async function setText(page, text) {
  await page.locator(".source").getByRole("button", { name: "JSON" }).click();
  await page.getByTestId("editor").locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}
