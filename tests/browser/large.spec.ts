// A block of 10,000 transactions keeps the page's main thread free. What is measured is processor time of its tasks, which says the same
// on a busy machine as on an idle one; how long a frame takes there is for the bench.

import type { Browser, Page } from "@playwright/test";

import type { AppPage } from "../../web/src/view/app-page.ts";
import { expect, test } from "./engine.ts";

/** Milliseconds of a task that a reader notices, and of one that costs a frame. */
const TASK = 50;
const FRAME = 33;
/** Tasks that may be longer in one phase: the browser collects garbage when it likes. */
const EXCUSED = 1;

const block = (title: string, workload: string): string =>
  JSON.stringify({ title, transactions: [{ generate: { workload, count: 10_000, accounts: 3000, skew: 1 } }] });

for (const workload of ["transfers", "mixed"]) {
  test(`10,000 transactions (${workload}) run, are replayed, moved and zoomed without holding the main thread`, async ({ page, browser }) => {
    const title = `10,000 × ${workload}`;
    await page.goto("/");
    await expect(page.getByTestId("proof")).toContainText("✓");
    await page.evaluate((text) => {
      const { store } = document.querySelector<AppPage>("app-page")!;
      store.dispatch({ type: "typed", text });
      store.dispatch({ type: "configured", options: { workers: 8, hints: "none" } });
    }, block(title, workload));
    await expect(page.getByRole("heading", { name: title })).toBeVisible();

    const run = await tasks(browser, page, async () => {
      await page.getByTestId("run").click();
      await page.waitForFunction((title) => document.querySelector<AppPage>("app-page")!.store.state.finished?.report.scenario.title === title, title, { polling: 250 });
      await expect(page.locator("graph-view .hint")).not.toContainText("Laying out", { timeout: 60_000 });
      await page.waitForTimeout(2000);
    });
    const scrub = await tasks(browser, page, () =>
      page.evaluate(async () => {
        const { store } = document.querySelector<AppPage>("app-page")!;
        const { end } = store.state.finished!.report.timeline.events;
        for (let i = 1; i <= 40; i++) {
          const step = Math.round((end.length * i) / 42);
          store.dispatch({ type: "playhead", playhead: { step, time: end[step - 1] } });
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }
        store.dispatch({ type: "playhead", playhead: null });
      }),
    );
    const { x, y, width, height } = (await page.locator("graph-view .picture").boundingBox())!;
    const move = await tasks(browser, page, async () => {
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2 + 90, y + height / 2 + 40, { steps: 30 });
      await page.mouse.up();
      for (let i = 0; i < 20; i++) await page.mouse.wheel(0, i < 10 ? -120 : 120);
      await page.mouse.move(x + 5, y + 5, { steps: 30 });
    });

    const longest = { run: run[0], scrub: scrub[0], move: move[0] };
    console.log(`10,000 ${workload}: longest task of the main thread, in ms of processor time: ${JSON.stringify(longest)}`);
    expect(run.filter((time) => time > TASK).length, `while it runs: ${run.slice(0, 5)}`).toBeLessThanOrEqual(EXCUSED);
    expect(scrub.filter((time) => time > FRAME).length, `while it is replayed: ${scrub.slice(0, 5)}`).toBeLessThanOrEqual(EXCUSED);
    expect(move.filter((time) => time > FRAME).length, `while it is moved: ${move.slice(0, 5)}`).toBeLessThanOrEqual(EXCUSED);
  });
}

/** Milliseconds of processor time of the main thread's tasks during `action`, the longest first. */
async function tasks(browser: Browser, page: Page, action: () => Promise<unknown>): Promise<number[]> {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await action();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const ofThread = ({ pid, tid }: TraceEvent) => traceEvents.filter((event) => event.pid === pid && event.tid === tid);
  // A browser has several pages' processes, of which only this page's does anything.
  const threads = traceEvents.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(ofThread);
  const [main] = threads.sort((a, b) => b.length - a.length);
  return main
    .filter(({ ph, name }) => ph === "X" && name.endsWith("RunTask"))
    .map(({ tdur = 0 }) => Math.round(tdur / 1000))
    .sort((a, b) => b - a);
}

/** Of the Trace Event Format: times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}
