// Replaying a run: with the slider, by steps, by keys, and played.

import type { Page } from "@playwright/test";

import type { AppStore } from "../../web/src/view/element.ts";
import { violations } from "./axe.ts";
import { example, expect, openEngine, test } from "./engine.ts";
import { NOT_ISOLATED } from "./playwright.config.ts";

/** Opens the page and runs an example that aborts, without hints, on four workers of the virtual clock. */
async function open(page: Page): Promise<number> {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toBeVisible();
  const total = await page.evaluate(() => {
    const { events } = document.querySelector<Element & { store: AppStore }>("app-page")!.store.state.finished!.report.timeline;
    return events.kind.length;
  });
  expect(total).toBeGreaterThan(20);
  return total;
}

const slider = (page: Page) => page.getByRole("slider", { name: "Playhead" });

/** So many transactions are said to be in a state. */
async function counted(page: Page): Promise<Record<string, number>> {
  const rows = await page.getByTestId("states").locator("li").allInnerTexts();
  return Object.fromEntries(rows.map((row) => row.trim().split(/\s+/).reverse() as [string, string]).map(([state, count]) => [state, Number(count)]));
}

test("the run is stepped through by buttons and keys, and every transaction is in one state", async ({ page }) => {
  const total = await open(page);
  const transactions = (await counted(page)).committed;
  await expect(slider(page)).toHaveAttribute("aria-valuetext", new RegExp(`^event ${total} of ${total}, `));

  await page.getByRole("button", { name: "One event back" }).click();
  await expect(slider(page)).toHaveValue(String(total - 1));
  await page.getByRole("button", { name: "One event on" }).click();
  await expect(slider(page)).toHaveValue(String(total));

  await slider(page).focus();
  for (const [key, value] of [
    ["Home", 0],
    ["ArrowRight", 1],
    ["ArrowRight", 2],
    ["ArrowLeft", 1],
    ["Shift+ArrowRight", 11],
    ["End", total],
  ] as const) {
    await page.keyboard.press(key);
    await expect(slider(page), key).toHaveValue(String(value));
    const counts = await counted(page);
    expect(Object.values(counts).reduce((a, b) => a + b), key).toBe(transactions);
    if (key === "Home") expect(counts.committed, key).toBe(0);
    if (key === "End") expect(counts.committed, key).toBe(transactions);
  }

  // Where nothing has the focus the same keys step; in a picture they walk.
  await slider(page).blur();
  await page.keyboard.press("ArrowLeft");
  await expect(slider(page)).toHaveValue(String(total - 1));
  await page.locator("graph-view .picture").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(slider(page)).toHaveValue(String(total - 1));
  await page.keyboard.press(",");
  await expect(slider(page)).toHaveValue(String(total - 2));
});

test("the slider scrubs, and the graph's table says which state each transaction is in", async ({ page }) => {
  const total = await open(page);
  const { width, height } = (await slider(page).boundingBox())!;
  await slider(page).click({ position: { x: width / 2, y: height / 2 } });
  const step = Number(await slider(page).inputValue());
  expect(Math.abs(step - total / 2)).toBeLessThan(total / 10);
  const counts = await counted(page);
  await page.locator("graph-view").getByRole("button", { name: "Table" }).click();
  const states = await page.locator('graph-view td[data-column="state"]').allInnerTexts();
  for (const state of ["waiting", "executing", "committed"]) expect(states.filter((s) => s === state).length, state).toBe(counts[state]);
});

test("the next abort is found, and drawn with the write that caused it", async ({ page }) => {
  await open(page);
  const aborts = await page.evaluate(() => {
    const { kind } = document.querySelector<Element & { store: AppStore }>("app-page")!.store.state.finished!.report.timeline.events;
    return Array.from(kind).flatMap((k, i) => (k === 3 ? [i + 1] : []));
  });
  expect(aborts.length).toBeGreaterThan(1);
  for (const abort of aborts.slice(0, 2)) {
    await page.getByRole("button", { name: "Next abort" }).click();
    await expect(slider(page)).toHaveValue(String(abort));
  }
});

test("it plays at the speed that is chosen, pauses, and goes on", async ({ page }) => {
  const total = await open(page);
  await page.getByLabel("Speed of the replay").selectOption({ label: "1/4×" });
  await slider(page).focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect.poll(async () => Number(await slider(page).inputValue())).toBeGreaterThan(3);
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Replay" })).toBeVisible();
  const paused = Number(await slider(page).inputValue());
  expect(paused).toBeLessThan(total);
  await page.waitForTimeout(300);
  await expect(slider(page)).toHaveValue(String(paused));

  await page.getByLabel("Speed of the replay").selectOption({ label: "4×" });
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(slider(page)).toHaveValue(String(total));
  await expect(page.getByRole("button", { name: "Replay" })).toBeVisible();
});

test("where less motion is wanted the replay jumps", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page);
  const times = page.evaluate(
    () =>
      new Promise<number[]>((done) => {
        const { store } = document.querySelector<Element & { store: AppStore }>("app-page")!;
        let began = false;
        const seen = new Set<number>();
        store.subscribe(({ playhead, playing }) => {
          began ||= playing;
          if (playhead) seen.add(playhead.time);
          if (began && !playing) done([...seen]);
        });
      }),
  );
  // At a speed at which a busy machine has time for every jump.
  await page.getByRole("button", { name: "Replay" }).click();
  expect((await times).length).toBe(16);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`in the middle of a replay axe finds nothing in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(page);
    await page.getByRole("button", { name: "Memory", exact: true }).click();
    await page.getByRole("button", { name: "Next abort" }).click();
    await expect(page.locator("memory-panel svg")).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test("on a phone the replay fits under the lanes", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Lanes" }).click();
  await expect(slider(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("each step is told in a sentence, which an abort's says the cause of, and is read aloud once all is still", async ({ page }) => {
  await open(page);
  const sentence = page.getByTestId("sentence");
  const aloud = page.locator("replay-bar [role=status]");
  await slider(page).focus();
  await page.keyboard.press("Home");
  await expect(sentence).toHaveText(/^Nothing has happened yet: \d+ transactions for 4 workers\.$/);
  await page.keyboard.press("ArrowRight");
  await expect(sentence).toHaveText(/^Worker \d+ (executes|does not begin|stops) transaction \d+/);
  await expect(aloud).toHaveText(await sentence.innerText());
  await page.getByRole("button", { name: "Next abort" }).click();
  await expect(sentence).toHaveText(/^Worker \d+ checks transaction \d+ and undoes it: it had read .+ = .+ as .+; .+\.$/);
  const cause = await page.evaluate(() => {
    const { report } = document.querySelector<Element & { store: AppStore }>("app-page")!.store.state.finished!;
    return report.timeline.causes[0]!.sentence;
  });
  expect(await sentence.innerText()).toContain(cause.replace(/^Transaction \d+ /, ""));
  await page.keyboard.press("End");
});

test("the versions of a location are those of the step: written, read, waited for, and final in the end", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Memory", exact: true }).click();
  const panel = page.locator("memory-panel");
  await expect(panel).toContainText("Select a location");
  await page.getByRole("button", { name: "Next abort" }).click();
  await expect(panel.locator("svg .version").first()).toBeVisible();
  await expect(panel.locator("svg .reader.aborted")).not.toHaveCount(0);
  await panel.getByRole("button", { name: "Table" }).click();
  await expect(panel.locator("tbody tr").first()).toBeVisible();

  // At the end every write is committed, and there are as many as the report has.
  await slider(page).focus();
  await page.keyboard.press("End");
  const { label, writers } = await page.evaluate(() => {
    const { report } = document.querySelector<Element & { store: AppStore }>("app-page")!.store.state.finished!;
    const { location } = report.timeline.causes[0]!;
    return { label: report.locations[location]!.label, writers: report.transactions.filter((t) => t.writes.some((w) => w.location === location)).length };
  });
  await expect(panel.locator(".of")).toContainText(label);
  await expect(panel.locator("tbody .swatch.committed")).toHaveCount(writers + 1);
});

test("only the last run can be told of, and each in the same words again", async ({ page }) => {
  await openEngine(page);
  const told = await page.evaluate(async (text) => {
    const tell = async (report: Awaited<ReturnType<typeof engine.run>>) => {
      const sentences = [];
      for (let step = 0; step <= report.timeline.events.kind.length; step++) sentences.push(await engine.tell(report, step, 0));
      return JSON.stringify(sentences);
    };
    const first = await engine.run(text, { strategy: "block-stm" });
    const before = await tell(first);
    const second = await engine.run(text, { strategy: "block-stm" });
    return { before, after: await tell(second), gone: await engine.tell(first, 1, null) };
  }, example("mixed-block"));
  expect(told.before).toContain("Worker");
  expect(told.after).toBe(told.before);
  expect(told.gone).toBeNull();
});

test("an attempt is stepped through by instructions, with its stack, memory and storage", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Opcodes", exact: true }).click();
  const panel = page.locator("opcode-panel");
  await expect(panel).toContainText("Select a transaction");
  await page.getByRole("button", { name: "Next abort" }).click();
  await expect(panel).toContainText(/Transaction \d+, attempt 0/);
  await expect(panel.locator("tr.chosen")).toContainText("PUSH1");

  const instruction = panel.getByRole("slider", { name: "Instruction" });
  await instruction.focus();
  await page.keyboard.press("ArrowDown");
  await expect(instruction).toHaveValue("1");
  await expect(panel.locator("ol li")).toHaveCount(1);
  await page.keyboard.press("End");
  const last = Number(await instruction.getAttribute("max"));
  expect(last).toBeGreaterThan(100);
  await expect(instruction).toHaveValue(String(last));
  await expect(panel.locator("tr.chosen")).toContainText(/RETURN|STOP|REVERT/);
  // A transfer has looked at balances by then.
  await expect(panel).toContainText("token.balanceOf[");
  await page.keyboard.press("Home");
  await expect(instruction).toHaveValue("0");

  expect(await violations(page)).toEqual([]);
});

test("a run whose workers exchange messages is told and stepped through as well", async ({ page }) => {
  await page.goto(`${NOT_ISOLATED}/?example=amm-one-pool&clock=measured&workers=2`);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.getByTestId("executor")).toContainText("pool");
  await page.getByRole("button", { name: "One event back" }).click();
  await expect(page.getByTestId("sentence")).toContainText(/^(Worker|Transaction) \d+ /);
  await page.getByLabel("Playhead").fill("1");
  await expect(page.getByTestId("sentence")).toContainText(/^Worker \d executes transaction \d+\. It reads /);
  await page.getByRole("button", { name: "Opcodes", exact: true }).click();
  await expect(page.locator("opcode-panel")).toContainText("PUSH1");
});
