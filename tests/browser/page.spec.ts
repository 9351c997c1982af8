// The page from outside: what a visitor sees first, with and without isolation.

import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";
import { ISOLATED, NOT_ISOLATED } from "./playwright.config.ts";

/** Opens the page and waits for the result of the default example. */
async function open(page: Page, origin = ""): Promise<void> {
  await page.goto(`${origin}/`);
  await expect(page.getByTestId("proof")).toBeVisible();
}

test("the default example runs by itself and is verified", async ({ page }) => {
  await open(page);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.getByTestId("executor")).toContainText("threads");
  await page.screenshot({ path: "results/page.png", fullPage: true });
});

test("the first result is there 1.5 s after opening, with nothing cached", async ({ browser }, info) => {
  const times: number[] = [];
  // The best of up to seven: whatever else the machine does can only make it slower, never faster.
  while (times.length < 7 && Math.min(...times, Infinity) >= 1_500) {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-testid="proof"]')) return;
        observer.disconnect();
        requestAnimationFrame(() => performance.mark("first result"));
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(ISOLATED);
    await page.waitForFunction(() => performance.getEntriesByName("first result").length > 0);
    times.push(await page.evaluate(() => performance.getEntriesByName("first result")[0]!.startTime));
    await page.close();
  }
  info.annotations.push({ type: "first result", description: times.map((time) => `${Math.round(time)} ms`).join(", ") });
  expect(Math.min(...times)).toBeLessThan(1_500);
});

test("without isolation it says why its workers exchange messages, and is still right", async ({ page }) => {
  await open(page, NOT_ISOLATED);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.getByTestId("executor")).toContainText("pool");
  const engine = page.getByTestId("executor");
  const words = (await engine.innerHTML()) + (await engine.innerText());
  expect(words).toContain("headers");
  await page.screenshot({ path: "results/page-not-isolated.png", fullPage: true });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(page);
    await page.screenshot({ path: `results/page-${colorScheme}.png`, fullPage: true });
    expect(await violations(page)).toEqual([]);
  });
}
