// Somebody's first two minutes, by what can be read on the page and nothing else: docs/first-visit.md says what was in the way.

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "./engine.ts";

/** What somebody does, counted. */
class Visitor {
  actions = 0;

  async press(what: Locator): Promise<void> {
    this.actions++;
    await what.click();
  }

  /** Takes one word for another: a double click and some letters. */
  async replace(word: Locator, by: string): Promise<void> {
    this.actions += 2;
    await word.dblclick();
    await word.page().keyboard.type(by);
  }
}

const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
const run = (page: Page): Locator => page.getByRole("region", { name: "Run" }).getByRole("button", { name: /^Run/ });
const verdict = (page: Page): Locator => page.getByRole("region", { name: "Verdict" });

test("the page is read, and one click runs a block in parallel and proves it", async ({ page }) => {
  const visitor = new Visitor();
  await page.goto("/");
  await expect(verdict(page)).toContainText("equal to sequential");
  await expect(page.getByRole("banner")).toContainText("What in a block runs at once, what has to wait, and why");
  await visitor.press(run(page));
  await expect(verdict(page)).toContainText("equal to sequential");
  await expect(verdict(page)).toContainText(/[2-9]\.\d× faster/);
  await expect(verdict(page)).toContainText(/4\s*workers/);
  expect(visitor.actions).toBe(1);
});

for (const [name, width, height, most] of [["wide", 1440, 900, 5], ["phone", 390, 844, 7]] as const) {
  test(`${name}: two transactions of one's own conflict, and the page says why`, async ({ page }, info) => {
    await page.setViewportSize({ width, height });
    const visitor = new Visitor();
    const started = performance.now();
    const view = async (name: string): Promise<void> => {
      if (width < 900) await visitor.press(page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }));
    };
    await page.goto("/");
    await visitor.press(button(page, "New block"));
    await expect(verdict(page)).toContainText("No transaction reads what another changes, so all of them can run at once.");
    await expect(verdict(page)).toContainText("equal to sequential");
    // Nobody has typed anything that could be gone back to.
    await expect(button(page, "Back to my text")).toHaveCount(0);

    // The comments say what to do.
    const text = page.getByRole("textbox", { name: /^Scenario/ });
    await expect(text).toContainText("press Run");
    await visitor.replace(text.getByText('"dave"').first(), "carol");
    await view("Run");
    await visitor.press(run(page));
    const because = verdict(page).getByText(/has to wait/);
    await expect(because).toHaveText(/^\s*Transaction 1 has to wait for transaction 0, because it reads carol balance, which transaction 0 changes\.\s*$/);
    await expect(because).toBeInViewport();
    await expect(verdict(page)).toContainText("equal to sequential");

    await visitor.press(button(page, "carol balance"));
    await view("Details");
    const selection = page.getByRole("region", { name: "Selection" });
    await expect(selection).toContainText(/balance\s*of\s*carol/);
    await expect(selection.getByRole("button", { name: "Transaction 0" })).not.toHaveCount(0);
    expect(visitor.actions).toBeLessThanOrEqual(most);
    info.annotations.push({ type: "first conflict of one's own", description: `${visitor.actions} actions, ${Math.round(performance.now() - started)} ms` });
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
  });
}

test("what somebody has typed is kept when a new block is begun, and the German one runs, too", async ({ page }) => {
  await page.goto("/?lang=de");
  await button(page, "Neuer Block").click();
  await expect(page.getByTestId("because")).toContainText("alle können gleichzeitig laufen");
  await expect(page.getByTestId("proof")).toContainText("✓");
  const text = page.getByTestId("editor");
  await text.locator(".cm-content").getByText('"bob"').dblclick();
  await page.keyboard.type("alice");
  await expect(text).not.toContainText("bob");
  await page.getByTestId("run").click();
  await expect(page.getByTestId("because")).toContainText("Transaktion 1 muss auf Transaktion 0 warten, denn sie liest alice");
  await button(page, "Neuer Block").click();
  await expect(text).toContainText("bob");
  await button(page, "Zurück zu meinem Text").click();
  await expect(text).not.toContainText("bob");
});
