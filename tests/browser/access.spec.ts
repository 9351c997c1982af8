// What axe does not see of WCAG 2.2 AA: where the focus goes, whether it is seen, small windows, colours that the system prescribes.

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

test("targets are large enough", async ({ page }) => {
  expect(await violations(page)).toEqual([]);
});

for (const [name, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 390, height: 700 } })) {
  test(`the focus goes through the page in its order, is marked, and nothing lies over it: ${name}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    const wrong: string[] = [];
    const seen: string[] = [];
    for (let stop = 0; stop < 60; stop++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        if (!element || element === document.body) return null;
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + Math.min(bottom, top + 40)) / 2];
        const over = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, x)), Math.min(innerHeight - 1, Math.max(0, y)));
        const style = getComputedStyle(element);
        return {
          name: `${element.localName} ${element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 20) ?? ""}`,
          inSight: bottom > 0 && top < innerHeight,
          hidden: !(over && (element.contains(over) || over.contains(element) || over.closest(".tip"))),
          marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        };
      });
      if (at === null) break;
      seen.push(at.name);
      if (!at.inSight || at.hidden || !at.marked) wrong.push(JSON.stringify(at));
    }
    expect(wrong).toEqual([]);
    // From the page's head to what is said of the run.
    expect(seen.length).toBeGreaterThan(20);
    expect(seen[0]).toMatch(/^select/);
  });
}

// 1280 pixels at 200 % and at 400 % zoom.
for (const width of [640, 320]) {
  test(`nothing has to be scrolled sideways at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 512 });
    for (const pane of ["Block", "JSON", "Contract", "Run", "Graph", "Lanes", "Details"]) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: pane }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), pane).toBeLessThanOrEqual(0);
    }
  });
}

test("colours that the system prescribes still say what is chosen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  const background = (pressed: boolean) => page.locator(`section.source .segments [aria-pressed="${pressed}"]`).first().evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await background(true)).not.toBe(await background(false));
  await page.locator("transaction-table tr[data-row]").first().click();
  const row = (selector: string) => page.locator(`transaction-table ${selector} td`).first().evaluate((cell) => getComputedStyle(cell).backgroundColor);
  expect(await row("tr.chosen")).not.toBe(await row("tr[data-row]:not(.chosen)"));
  expect(await page.locator("transaction-table .dot.critical").first().evaluate((dot) => getComputedStyle(dot).backgroundColor)).not.toBe("rgba(0, 0, 0, 0)");
});
