// What would be, and the graph at other granularities, as a reader asks for them.
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

const proof = (page: Page) => page.getByTestId("proof");
const standing = (page: Page, row: string, column: number) => page.getByTestId("standing").getByRole("row", { name: row }).getByRole("cell").nth(column);

async function open(page: Page, example: string): Promise<void> {
  await page.goto("/");
  await expect(proof(page)).toContainText("equal to sequential");
  const run = page.getByTestId("speedup");
  await page.getByTestId("examples").selectOption(example);
  await expect(page.locator(".source h2")).not.toHaveText("Scenario");
  await expect(proof(page)).toContainText("equal to sequential");
  await expect(run).toBeVisible();
}

test("a location that costs the block is made free, and given back", async ({ page, errors: _ }) => {
  await open(page, "nft-mint-counter");
  await page.getByRole("button", { name: "What if" }).click();
  const panel = page.locator("what-if-panel");
  await expect(panel).toContainText(/nextId of collection costs this block \d(\.\d)?×/);
  await expect(standing(page, "virtual speedup", 0)).toHaveText("1.0×");

  await panel.getByRole("button", { name: "Make free: collection.nextId" }).click();
  await expect(panel.locator(".chip")).toContainText("collection.nextId free");
  await expect(panel).toContainText("instead of 1.0×");
  await expect(standing(page, "virtual speedup", 1)).toHaveText(/^[34]\.\d×$/);
  await expect(panel).toContainText("no transaction needs another");
  // The run itself is as it was.
  await expect(page.getByTestId("speedup")).toContainText("as fast as sequential");

  await panel.getByRole("button", { name: /Take back/ }).click();
  await expect(panel.locator(".chip")).toHaveCount(0);
  await expect(panel.getByRole("button", { name: "Make commutative: collection.nextId" })).toBeVisible();
});

test("the selected transaction is dropped and moved with the keyboard, and what breaks is said", async ({ page, errors: _ }) => {
  await open(page, "nonce-chain");
  await page.getByRole("button", { name: "What if" }).click();
  const panel = page.locator("what-if-panel");
  await expect(panel.getByTestId("standing")).toBeVisible();
  await page.locator('transaction-table tr[data-row="2"]').click();
  await panel.getByRole("button", { name: "Drop" }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.locator(".chip")).toContainText("without 2");
  await expect(panel.locator(".notice")).toContainText("invalid then");

  await page.locator('transaction-table tr[data-row="3"]').click();
  await panel.getByRole("spinbutton").fill("0");
  await page.keyboard.press("Enter");
  await expect(panel.locator(".chip")).toHaveCount(2);
  await panel.getByRole("button", { name: "Take all back" }).click();
  await expect(panel.locator(".chip")).toHaveCount(0);
});

test("what cannot be is said where it was asked", async ({ page, errors: _ }) => {
  await open(page, "nonce-chain");
  await page.getByRole("button", { name: "What if" }).click();
  const panel = page.locator("what-if-panel");
  await page.locator('transaction-table tr[data-row="0"]').click();
  await page.getByTestId("detail").locator("button.link.mono", { hasText: "nonce" }).first().click();
  await panel.locator(".suppose").first().getByRole("button", { name: /^Make commutative/ }).click();
  await expect(panel.getByRole("alert")).toContainText("only balances and storage slots");
  await panel.getByRole("button", { name: /Take back/ }).click();
  await expect(panel.getByRole("alert")).toHaveCount(0);
});

test("the graph is drawn for those who tell less apart, without another run", async ({ page, errors: _ }) => {
  await open(page, "erc20-independent");
  const graph = page.locator("graph-view");
  const facts = graph.locator(".facts");
  await expect(facts).toContainText("1\u202flevel ");
  const before = await page.getByTestId("speedup").textContent();
  await graph.getByRole("button", { name: "Accounts" }).click();
  await expect(facts).not.toContainText("1\u202flevel ");
  await expect(facts).toContainText("limit 1.0×");
  expect(await page.getByTestId("speedup").textContent()).toBe(before);
  await page.getByRole("button", { name: "Hot locations" }).click();
  await expect(page.locator("hot-locations tbody tr").first()).toContainText("token");
  await page.locator("hot-locations tbody tr").first().click();
  await expect(page.locator("transaction-detail h2")).toHaveText("Account");
  await graph.getByRole("button", { name: "With deltas" }).click();
  await expect(facts).toContainText("1\u202flevel ");
});

for (const theme of ["light", "dark"] as const) {
  for (const [name, viewport] of [["wide", { width: 1440, height: 1000 }], ["phone", { width: 390, height: 844 }]] as const) {
    test(`what would be, ${theme}, ${name}`, async ({ page, errors: _ }, info) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(viewport);
      await open(page, "nft-mint-counter");
      if (name === "phone") await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Details" }).click();
      await page.getByRole("button", { name: "What if" }).click();
      const panel = page.locator("what-if-panel");
      await panel.getByRole("button", { name: /^Make free/ }).first().click();
      await expect(panel.locator(".chip")).toHaveCount(1);
      await expect(panel).toContainText("instead of");
      await page.screenshot({ path: info.outputPath("what-if.png"), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(await violations(page)).toEqual([]);
      if (name === "phone") await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Graph" }).click();
      await page.locator("graph-view").getByRole("button", { name: "Accounts" }).click();
      await page.screenshot({ path: info.outputPath("accounts.png"), fullPage: name === "wide" });
    });
  }
}
