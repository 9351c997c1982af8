// Undo and redo of the scenario: one history, in the editor and outside of it.

import type { Page } from "@playwright/test";

import { defaultExample, expect, test } from "./engine.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

const editor = (page: Page) => page.getByTestId("editor").locator(".cm-content");
const shown = (page: Page) => editor(page).evaluate((content) => [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
const json = (page: Page) => page.locator("section.source").getByRole("button", { name: "JSON" }).click();

async function replace(page: Page, text: string): Promise<void> {
  await editor(page).press("Control+a");
  await page.keyboard.insertText(text);
}

test("typing, an example and an import are undone in the editor, in their order, and done again outside", async ({ page }) => {
  const A = '{ "title": "A", "transactions": [] }';
  await json(page);
  await replace(page, A);
  await page.getByTestId("examples").selectOption("nonce-chain");
  await expect(page.locator("section.source h2")).not.toHaveText("A");
  await replace(page, "");
  // A block of another tool takes the place of what was there.
  await page.getByTestId("open-intake").click();
  await page.getByTestId("intake-files").setInputFiles({ name: "b.json", mimeType: "application/json", buffer: Buffer.from('{ "title": "B", "transactions": [] }') });
  await expect(page.locator("section.source h2")).toHaveText("B");

  const undo = () => editor(page).press("Control+z");
  await undo();
  expect(await shown(page)).toBe("");
  await undo();
  await expect(page.getByTestId("examples")).toHaveValue("nonce-chain");
  await undo();
  expect(await shown(page)).toBe(A);
  await undo();
  await expect(page.getByTestId("examples")).toHaveValue(defaultExample);
  await expect(page.getByTestId("undo")).toHaveAttribute("aria-disabled", "true");

  await page.getByTestId("redo").click();
  expect(await shown(page)).toBe(A);
  await page.getByTestId("redo").blur();
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+y");
  await expect(page.locator("section.source h2")).toHaveText("B");
  await expect(page.getByTestId("redo")).toHaveAttribute("aria-disabled", "true");
});

test("what belongs together is one step, the cursor goes to where it was", async ({ page }) => {
  await json(page);
  await replace(page, "{}\n");
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("first");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("last");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+z");
  expect(await shown(page)).toBe("first{}\n");
  await page.keyboard.type("X");
  expect(await shown(page)).toBe("first{}\nX");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  expect(await shown(page)).toBe("{}\n");
});

test("other fields undo what was typed into them", async ({ page }) => {
  await page.getByTestId("examples").selectOption("nonce-chain");
  await expect(page.getByTestId("examples")).toHaveValue("nonce-chain");
  await page.getByLabel("Seed", { exact: true }).press("5");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("examples")).toHaveValue("nonce-chain");
});

test("a slider that is dragged is one step", async ({ page }) => {
  await page.getByTestId("examples").selectOption("dao-vote/contended");
  const slider = page.locator("#knob-0-count");
  const before = await slider.inputValue();
  // All of it in one go: on a busy machine presses of a key may be further apart than a drag is.
  await slider.evaluate((range: HTMLInputElement) => {
    for (let i = 0; i < 3; i++) {
      range.stepUp();
      range.dispatchEvent(new Event("input"));
    }
  });
  await expect(slider).toHaveValue(String(Number(before) + 3));
  await page.getByTestId("undo").click();
  await expect(slider).toHaveValue(before);
});
