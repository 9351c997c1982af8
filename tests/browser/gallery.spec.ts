// The gallery: found by words, read, switched between its variants, and turned by its knobs; with the keyboard and on a phone.

import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

/** Finds a workload and opens a variant of it. */
async function open(page: Page, words: string, variant: string): Promise<void> {
  await page.getByTestId("open-gallery").click();
  await page.getByLabel("Find a system").fill(words);
  await page.getByRole("button", { name: variant }).click();
}

test("a system is found by words, its text stands beside the scenario, and its variants are compared", async ({ page }, info) => {
  await open(page, "guestbook", "Everything writes one slot: Contended");
  await expect(page.getByTestId("gallery")).toBeHidden();
  await expect(page.getByRole("heading", { name: "Everything writes one slot" })).toBeVisible();
  await expect(page.getByTestId("proof")).toContainText("✓");
  const panel = page.getByTestId("workload");
  await panel.getByText("About: Everything writes one slot").click();
  await expect(page.getByTestId("workload-text")).toContainText("NumberedGuestbook");
  await expect(page.getByTestId("workload-text").getByRole("row")).toHaveCount(7);
  const serial = Number.parseFloat((await page.getByTestId("speedup").textContent()) ?? "");
  await panel.getByRole("button", { name: /Parallel-friendly/ }).click();
  await expect(panel.getByRole("button", { name: /Parallel-friendly/ })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("heading", { name: "One slot for each" })).toBeVisible();
  await expect.poll(async () => Number.parseFloat((await page.getByTestId("speedup").textContent()) ?? "")).toBeGreaterThan(serial + 1);
  await page.screenshot({ path: info.outputPath("workload.png"), fullPage: true });
});

test("words that nothing has say so, and Escape closes", async ({ page }) => {
  await page.getByTestId("open-gallery").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Find a system").fill("zebra crossing");
  await expect(page.getByTestId("gallery").getByRole("status")).toHaveText("No workload has these words.");
  // The first empties the field.
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("gallery").getByRole("listitem").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("gallery")).toBeHidden();
  await expect(page.getByTestId("workload")).toHaveCount(0);
});

test("a knob changes the text in place and runs it again", async ({ page }) => {
  await open(page, "smart accounts", "Smart accounts and their entry point: Parallel-friendly");
  await expect(page.getByRole("heading", { name: "Every account has its own deposit" })).toBeVisible();
  await expect(page.getByTestId("proof")).toContainText("✓");
  const count = page.getByTestId("knobs").getByRole("slider", { name: "Transactions" });
  await count.focus();
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("ArrowLeft");
  const accounts = page.getByTestId("knobs").getByRole("slider", { name: "Accounts" });
  await expect(count).toHaveValue("45");
  await expect(accounts).toHaveValue("45");
  await expect(page.locator("transaction-table tbody tr[data-row]").first()).toBeVisible();
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await expect(page.getByTestId("editor")).toContainText('"count": 45');
  await expect(page.locator("verdict-strip")).not.toContainText("of an earlier version");
  await expect(page.getByTestId("workload")).toBeVisible();
});

test("on a phone nothing is wider than the screen, and axe finds nothing", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, "sender", "A chain of one sender's transactions: Contended");
  // Figures of an earlier text are faint.
  await expect(page.locator("verdict-strip")).not.toContainText("of an earlier version");
  await page.getByText("About: A chain of one sender's transactions").click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
  await page.getByTestId("open-gallery").click();
  await expect(page.getByTestId("gallery").getByRole("listitem").first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
