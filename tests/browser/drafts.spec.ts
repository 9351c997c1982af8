// Drafts on this device: off unless somebody wants them, there again on the next visit, and forgotten in one click.

import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

const title = (page: Page) => page.locator("section.source h2");
const dialog = (page: Page) => page.getByTestId("drafts");
const kept = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("evm-lanes.draft")).length);

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

async function write(page: Page, name: string): Promise<void> {
  await page.locator("section.source").getByRole("button", { name: "JSON" }).click();
  await page.getByTestId("editor").locator(".cm-content").press("Control+a");
  await page.keyboard.insertText(`{ "title": "${name}", "transactions": [] }`);
  await expect(title(page)).toHaveText(name);
}

test("nothing is kept before that is wanted; then it is there again, can be discarded, and is forgotten in one click", async ({ page }) => {
  await write(page, "Before");
  await page.reload();
  await expect(page.getByTestId("proof")).toContainText("✓");
  expect(await kept(page)).toBe(0);

  await page.getByTestId("open-drafts").click();
  await page.getByTestId("drafts-switch").check();
  await expect(dialog(page)).toContainText("There are no drafts");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("open-drafts")).toHaveText("Drafts: on");
  await write(page, "Mine");
  // At once: what was typed a moment ago is kept as the page goes.
  await page.reload();

  const notice = page.getByTestId("draft-restored");
  await expect(notice).toContainText("Your draft “Mine”");
  await expect(title(page)).toHaveText("Mine");
  expect(await violations(page)).toEqual([]);
  await notice.getByRole("button", { name: "Discard it" }).click();
  await expect(notice).toBeHidden();
  await expect(title(page)).not.toHaveText("Mine");

  await write(page, "Another");
  await page.getByTestId("examples").selectOption("nonce-chain");
  await page.getByTestId("open-drafts").click();
  const list = dialog(page).getByRole("listitem");
  await expect(list).toHaveCount(1);
  await list.getByRole("button", { name: "Open: Another" }).click();
  await expect(title(page)).toHaveText("Another");
  await page.getByTestId("open-drafts").click();
  await page.getByTestId("forget-everything").click();
  await expect(dialog(page)).toContainText("Everything is forgotten");
  expect(await kept(page)).toBe(0);
  await page.reload();
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(title(page)).not.toHaveText("Another");
});

test("an address that names something is shown, and the draft stays", async ({ page }) => {
  await page.getByTestId("open-drafts").click();
  await page.getByTestId("drafts-switch").check();
  await page.keyboard.press("Escape");
  await write(page, "Mine");
  await expect.poll(() => kept(page)).toBe(2);
  await page.goto("/bench.html");
  await page.goto("/?example=nonce-chain");
  await expect(page.getByTestId("examples")).toHaveValue("nonce-chain");
  await expect(page.getByTestId("draft-restored")).toHaveCount(0);
  expect(await kept(page)).toBe(2);
});

for (const [what, init, words] of [
  ["full", () => void (Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }), "storage is full"],
  ["forbidden", () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } }), "does not let the page keep anything"],
] as const) {
  test(`a storage that is ${what} is said, and nothing is lost`, async ({ page }) => {
    await page.addInitScript(init);
    await page.reload();
    await expect(page.getByTestId("proof")).toContainText("✓");
    await write(page, "Mine");
    await page.getByTestId("open-drafts").click();
    await page.getByTestId("drafts-switch").click();
    await expect(page.getByTestId("drafts-switch")).not.toBeChecked();
    await expect(dialog(page).getByRole("alert")).toContainText(words);
    await page.keyboard.press("Escape");
    await expect(title(page)).toHaveText("Mine");
  });
}
