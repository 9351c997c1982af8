// A Firefox with one core, where the dark theme and less motion are wanted. Only a new browser can be told so.

import { expect, test } from "../engine.ts";
import { firefox, NOT_ISOLATED } from "../playwright.config.ts";
import { needsFirefox, open } from "./firefox.ts";

needsFirefox();

test.use({ launchOptions: firefox({ "dom.maxHardwareConcurrency": 1, "layout.css.prefers-color-scheme.content-override": 0, "ui.prefersReducedMotion": 1 }) });

test("without isolation one worker does all", async ({ page }) => {
  await open(page, NOT_ISOLATED, /single/);
  await page.getByLabel("Clock", { exact: true }).selectOption("measured");
  await page.getByTestId("run").click();
  await expect(page.locator(".headline")).not.toContainText("run again");
  await expect(page.locator("verdict-strip")).toContainText(/1\s*worker/);
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
});

test("the page is dark, as the system is, and the replay jumps", async ({ page }) => {
  await open(page, "/", /./);
  const [red] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number));
  expect(red).toBeLessThan(60);
  expect(await page.evaluate(() => matchMedia("(prefers-reduced-motion: reduce)").matches)).toBe(true);
  await page.getByLabel("Speed of the replay").selectOption({ label: "4×" });
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByRole("slider", { name: "Playhead" })).toHaveValue("189");
});
