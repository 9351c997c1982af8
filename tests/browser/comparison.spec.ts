// One block in every strategy, the controls that belong to it, and what is said of access lists.

import type { Locator, Page } from "@playwright/test";

import { STRATEGIES } from "../../web/src/view/choices.ts";
import { violations } from "./axe.ts";
import { example, expect, openEngine, test } from "./engine.ts";

async function open(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
}

async function openComparison(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const rows = page.locator("strategy-comparison tr[data-row]");
  await expect(rows).toHaveCount(8);
  return rows;
}

test("every strategy has a row, verified; oracles are labelled and the chosen one is marked", async ({ page }) => {
  await open(page);
  const rows = await openComparison(page);
  await expect(rows.locator(".proof.ok")).toHaveCount(8);
  await expect(rows.filter({ hasText: "oracle" })).toHaveText([/^\s*dag/, /^\s*bal/]);
  const marked = page.locator("strategy-comparison tr[aria-selected]");
  await expect(marked).toHaveText(/^\s*block-stm/);
  // The same run has the same time in the verdict.
  const speedup = await page.getByTestId("speedup").locator(".mono").textContent();
  await expect(marked.locator(".factor")).toHaveText(speedup!);
});

test("a row's button chooses its strategy and runs it, and the comparison stays", async ({ page }) => {
  await open(page);
  const rows = await openComparison(page);
  await rows.getByRole("button", { name: "Run locks" }).click();
  await expect(page.getByLabel("Strategy", { exact: true })).toHaveValue("locks");
  await expect(page.locator(".verdict > .facts")).toContainText(/\d+\s*pairs? locked/);
  await expect(rows).toHaveCount(8);
  await expect(page.locator("strategy-comparison tr[aria-selected]")).toHaveText(/^\s*locks/);
});

test("changed settings and a changed block take the comparison away", async ({ page }) => {
  await open(page);
  const rows = await openComparison(page);
  await page.getByLabel("Deltas", { exact: true }).selectOption("none");
  await expect(rows).toHaveCount(0);
  await page.getByRole("button", { name: "Compare strategies" }).click();
  await expect(rows).toHaveCount(8);
  await page.getByTestId("examples").selectOption("nonce-chain");
  await expect(page.getByRole("button", { name: "Compare strategies" })).toBeVisible();
});

test("a long comparison can be cancelled, and says how far it is", async ({ page }) => {
  await open(page);
  await page.getByTestId("examples").selectOption("mixed-block");
  await expect(page.getByRole("heading", { name: /^A mixed block/ })).toBeVisible();
  await expect(page.getByTestId("run")).toBeVisible();
  await page.getByLabel("Clock", { exact: true }).selectOption("measured");
  await page.getByLabel("Repeats").fill("100");
  await page.getByLabel("Repeats").press("Tab");
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const comparison = page.locator("strategy-comparison");
  await expect(comparison).toContainText(/of\s+816/);
  await comparison.getByRole("button", { name: "Cancel" }).click();
  await expect(comparison.getByRole("button", { name: "Compare strategies" })).toBeVisible();
  await page.getByLabel("Clock", { exact: true }).selectOption("virtual");
  await comparison.getByRole("button", { name: "Compare strategies" }).click();
  await expect(comparison.locator(".proof.ok")).toHaveCount(8);
});

test("on the measured clock every strategy is timed against one baseline", async ({ page }) => {
  await openEngine(page);
  const { sequential, rows } = await page.evaluate(
    (text) => engine.compare(text, { clock: "measured", workers: 2, repeats: 2 }),
    example("independent-heavy"),
  );
  for (const { strategy, equal, time, speedup, workers } of rows) {
    expect(equal, strategy).toBe(true);
    expect(speedup, strategy).toBeCloseTo(sequential / time, 6);
    expect(workers, strategy).toBe(strategy === "sequential" ? 1 : 2);
  }
});

test("hints and deltas can be chosen where the strategy heeds them", async ({ page }) => {
  await openEngine(page);
  const { rows } = await page.evaluate((text) => engine.compare(text), example("nonce-chain"));
  // What the page believes of a strategy is what the engine says.
  for (const { strategy, heedsHints } of rows) expect(STRATEGIES[strategy].heeds.includes("hints"), strategy).toBe(heedsHints);

  await open(page);
  for (const [strategy, { heeds }] of Object.entries(STRATEGIES)) {
    await page.getByLabel("Strategy", { exact: true }).selectOption(strategy);
    await expect(page.getByLabel("Hints", { exact: true })).toBeEnabled({ enabled: heeds.includes("hints") });
    await expect(page.getByLabel("Deltas", { exact: true })).toBeEnabled({ enabled: heeds.includes("deltas") });
  }
});

test("both runs' access lists agree, and what is wrong with the scenario's own is said in words", async ({ page }) => {
  await open(page);
  await page.locator(".source").getByRole("button", { name: "JSON" }).click();
  await page.getByTestId("editor").locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{ "blockAccessList": "0xc0", "transactions": [ { "from": "alice", "to": "bob", "value": 1 } ] }');
  await page.getByLabel("Strategy", { exact: true }).selectOption("bal");
  await page.getByTestId("run").click();
  await expect(page.getByTestId("access-list")).toContainText(/0x[0-9a-f]{4}…[0-9a-f]{4}, the same of both runs/);
  const wrong = page.getByTestId("wrong-access-list");
  await expect(wrong.locator("li", { hasText: "account alice is missing" })).toHaveCount(1);
  await expect(wrong.locator("li", { hasText: "account bob is missing" })).toHaveCount(1);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.locator(".verdict > .facts")).not.toContainText("oracle");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of Object.entries({ wide: { width: 1440, height: 1000 }, phone: { width: 390, height: 844 } })) {
    test(`the table is whole and accessible: ${colorScheme}, ${name}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      await open(page);
      if (name === "phone") await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Details" }).click();
      await openComparison(page);
      const hidden = await page.locator("strategy-comparison data-table").evaluate((table) => table.scrollWidth - table.clientWidth);
      expect(hidden, "pixels that must be scrolled to").toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${colorScheme}-${name}.png`), fullPage: true });
    });
  }
}
