// The lessons: walked through as a reader does, with the keyboard, by wrong answers and right ones; all ten shown; on a phone.

import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { example, expect, test } from "./engine.ts";

const sentence = (page: Page) => page.getByTestId("feedback").locator(".sentence");

/** Makes the text the editor's, as a paste does. */
async function replace(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Presses a button by the keyboard. */
async function press(page: Page, id: string): Promise<void> {
  await page.getByTestId(id).focus();
  await page.keyboard.press("Enter");
}

test("lessons 1 to 3 are read, answered wrongly, then rightly, and left, with the keyboard", async ({ page }, info) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
  const before = await page.locator(".source > header h2").textContent();
  await press(page, "open-lessons");
  await expect(page.locator("#lesson-title")).toBeFocused();
  await expect(page.locator("#lesson-title")).toHaveText("1. Why blocks are executed in order");
  await expect(page).toHaveURL(/#lesson=1$/);
  await expect(sentence(page)).toHaveText("Not yet:");
  await expect(page.getByTestId("lesson")).toContainText("3 of its transactions fail");

  // Nonsense first: an empty block.
  await replace(page, '{ "transactions": [] }');
  await expect(sentence(page)).toContainText("Changed since the last run");
  await press(page, "check");
  await expect(sentence(page)).toHaveText("Not yet:");
  await expect(page.getByTestId("feedback")).toContainText("the number of successful transactions from alice to bob is 0, exactly 1 is wanted");
  await press(page, "hint");
  await expect(page.getByTestId("hints").getByRole("listitem")).toHaveCount(1);
  await replace(page, example("lessons/01-order.solution"));
  await press(page, "check");
  await expect(sentence(page)).toHaveText("Solved.");
  await expect(page.getByTestId("progress")).toHaveText("1 of 10 solved");

  await press(page, "next-lesson");
  await expect(page.locator("#lesson-title")).toHaveText("2. Independent transactions");
  await expect(sentence(page)).toHaveText("Not yet:");
  await expect(page.getByTestId("hints")).toHaveCount(0);
  // Another strategy is not what is asked.
  await replace(page, example("lessons/02-independent.solution"));
  await page.getByLabel("Strategy").selectOption("ladder");
  await press(page, "check");
  await expect(sentence(page)).toHaveText("Not yet, and something is gone that must stay:");
  await expect(page.getByTestId("feedback")).toContainText("strategy is ladder, block-stm is wanted");
  await page.getByLabel("Strategy").selectOption("block-stm");
  await press(page, "check");
  await expect(sentence(page)).toHaveText("Solved.");

  await press(page, "next-lesson");
  await expect(sentence(page)).toHaveText("Not yet:");
  // A text with a mistake says where, and is not lost.
  await replace(page, '{ "transactions": [');
  await press(page, "check");
  await expect(sentence(page)).toContainText("the JSON tab shows where");
  await press(page, "start-over");
  await expect(sentence(page)).toHaveText("Not yet:");
  for (let hint = 0; hint < 3; hint++) await press(page, "hint");
  await press(page, "show-me");
  await expect(sentence(page)).toHaveText("This is one answer. Start over to find your own.");
  await expect(page.getByTestId("progress")).toHaveText("2 of 10 solved");
  await page.screenshot({ path: info.outputPath("lesson.png") });

  await press(page, "leave-lessons");
  await expect(page.getByTestId("lesson")).toHaveCount(0);
  await expect(page.locator(".source > header h2")).toHaveText(before ?? "");
  await expect(page).not.toHaveURL(/lesson/);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test("every lesson, in the page: it begins unsolved, and what is shown solves it", async ({ page }) => {
  await page.goto("/#lesson=1");
  for (let number = 1; number <= 10; number++) {
    await expect(page.locator("#lesson-title")).toContainText(`${number}. `);
    await expect(sentence(page)).toHaveText("Not yet:");
    await expect(page.getByTestId("lesson")).not.toContainText("{");
    for (let hint = 0; hint < 3; hint++) await page.getByTestId("hint").click();
    await page.getByTestId("show-me").click();
    await expect(sentence(page)).toHaveText("This is one answer. Start over to find your own.");
    await expect(page.getByTestId("proof")).toContainText("✓");
    if (number < 10) await page.getByTestId("next-lesson").click();
  }
  await expect(page.getByTestId("next-lesson")).toBeDisabled();
});

test("what somebody has typed is there again after a lesson that an address names, and what is solved is kept if that is wanted", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
  await replace(page, '{ "title": "Mine", "transactions": [{ "from": "alice", "to": "bob", "value": 1 }] }');
  await expect(page.locator(".source > header h2")).toHaveText("Mine");
  await page.evaluate(() => (location.hash = "#lesson=5"));
  await expect(page.locator("#lesson-title")).toContainText("5. ");
  await expect(sentence(page)).toHaveText("Not yet:");
  await page.getByLabel("Hints", { exact: true }).selectOption("senders");
  await page.getByTestId("check").click();
  await expect(sentence(page)).toHaveText("Solved.");
  await page.getByRole("checkbox", { name: /Keep on this device/ }).check();
  await page.getByTestId("leave-lessons").click();
  await expect(page.locator(".source > header h2")).toHaveText("Mine");
  await expect(page.getByTestId("editor")).toContainText("Mine");
  await page.goto("/");
  await page.getByTestId("open-lessons").click();
  await expect(page.getByTestId("progress")).toHaveText("1 of 10 solved");
});

for (const [name, width, height] of [["wide", 1440, 1000], ["phone", 390, 800]] as const) {
  test(`${name}: nothing is wider than the screen, and axe finds nothing`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/#lesson=8");
    await expect(sentence(page)).toHaveText("Not yet:");
    await page.getByTestId("hint").click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await violations(page, "lesson-panel")).toEqual([]);
  });
}
