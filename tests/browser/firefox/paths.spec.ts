// The main paths in Firefox: what a visitor sees, changes, replays, learns, opens, shares and cancels.

import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { defaultExample, example, examples, expect, openEngine, test } from "../engine.ts";
import { NOT_ISOLATED } from "../playwright.config.ts";
import { needsFirefox, open, proved, write } from "./firefox.ts";

needsFirefox();

/** What shows everything that an engine can get wrong about a browser, and takes seconds. */
const FEW = examples.filter((name) => !name.includes("/"));
const samples = JSON.parse(readFileSync(new URL("../formats.json", import.meta.url), "utf8")) as { name: string; texts: string[] }[];

test("a first visit shows a finished run on threads", async ({ page }) => {
  await open(page, "/", /threads/);
  await expect(page.getByTestId("speedup")).toHaveText(/^\s*\d+(\.\d+)?×/);
  await expect(page.locator("transaction-table tr[data-row]").first()).toBeVisible();
  await expect(page.locator("speedup-chart circle")).toHaveCount(12);
});

for (const [name, origin, executor] of [["threads", "", /threads/], ["a pool without shared memory", NOT_ISOLATED, /pool/]] as const) {
  test(`the short examples are equal to sequential on ${name}`, async ({ page }) => {
    test.setTimeout(300_000);
    await openEngine(page, origin);
    for (const id of FEW) {
      const differences = await page.evaluate(async (text) => {
        const { verdict } = await engine.run(text, { clock: "measured", workers: 2, repeats: 1 });
        return verdict.equal ? [] : verdict.differences;
      }, example(id));
      expect(differences, id).toEqual([]);
    }
  });

  test(`a run is cancelled, and the next one is right, on ${name}`, async ({ page }) => {
    await open(page, `${origin}/?example=mixed-block`, executor);
    await page.getByLabel("Clock", { exact: true }).selectOption("measured");
    await repeat(page, "100");
    await page.getByTestId("run").click();
    await expect(page.locator("run-controls progress")).toBeVisible();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.locator("verdict-strip")).toContainText("Cancelled");
    await repeat(page, "1");
    await page.getByTestId("run").click();
    await expect(page.locator("verdict-strip")).not.toContainText("Cancelled");
    await expect(page.locator(".headline")).not.toContainText("run again");
    await proved(page);
  });
}

test("a text of one's own is checked, run on the measured clock, and says why it waits", async ({ page }) => {
  await open(page, "/", /threads/);
  await write(page, '{ "transactions": [{ "frm": "alice" }] }');
  await expect(page.getByTestId("diagnostics").locator("li.error")).not.toHaveCount(0);
  await write(page, '{ "title": "Mine", "transactions": [{ "from": "alice", "to": "bob", "value": 1 }, { "from": "bob", "to": "carol", "value": 1 }] }');
  await expect(page.getByTestId("diagnostics")).toContainText("No problems");
  await page.getByLabel("Clock", { exact: true }).selectOption("measured");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.locator(".source h2").first()).toHaveText("Mine");
  await expect(page.getByTestId("because")).toContainText("Transaction 1 has to wait for transaction 0, because it reads bob balance");
  await proved(page);
});

test("a run is replayed by keys, and each step is told", async ({ page }) => {
  await open(page, "/", /threads/);
  const slider = page.getByRole("slider", { name: "Playhead" });
  const sentence = page.getByTestId("sentence");
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(sentence).toContainText("Nothing has happened yet");
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue("1");
  await expect(sentence).toContainText(/^Worker \d+/);
  await page.getByRole("button", { name: "Next abort" }).click();
  await expect(sentence).toContainText("undoes it");
  await page.getByLabel("Speed of the replay").selectOption({ label: "4×" });
  await slider.focus();
  await page.keyboard.press("Space");
  await expect(slider).toHaveValue((await slider.getAttribute("max"))!);
});

test("a lesson is answered", async ({ page }) => {
  await open(page, "/", /threads/);
  await page.getByTestId("open-lessons").click();
  const sentence = page.getByTestId("feedback").locator(".sentence");
  await expect(sentence).toHaveText("Not yet:");
  await write(page, example("lessons/01-order.solution"));
  await page.getByTestId("check").click();
  await expect(sentence).toHaveText("Solved.");
});

test("files of another tool become a scenario, and a link shows it on another page", async ({ page, context }) => {
  await open(page, "/", /threads/);
  await page.getByTestId("open-intake").click();
  const files = samples.find(({ name }) => name === "block")!.texts.map((text, i) => ({ name: `${i}.json`, mimeType: "application/json", buffer: Buffer.from(text) }));
  await page.getByTestId("intake-files").setInputFiles(files);
  await page.getByTestId("use").click();
  await expect(page.getByTestId("intake")).toBeHidden();
  await expect(page.getByTestId("examples").locator("option:checked")).toHaveText("Examples (own text)");
  await proved(page);

  await page.getByTestId("open-share").click();
  const link = await page.getByTestId("share-link").inputValue();
  const title = await page.locator(".source h2").first().innerText();
  const other = await context.newPage();
  await open(other, link, /threads/);
  await expect(other.locator(".source h2").first()).toHaveText(title);
  await expect(other.getByTestId("examples")).not.toHaveValue(defaultExample);
});

test("on a phone every view is reached, and nothing is wider than the screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "/", /threads/);
  for (const view of ["Block", "JSON", "Contract", "Run", "Graph", "Lanes", "Details"]) {
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(390);
  }
});

test("the colours are chosen, in pictures, too", async ({ page }) => {
  await open(page, "/", /threads/);
  const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const colours = page.getByRole("button", { name: /^Colours/ });
  await colours.click();
  const light = await paper();
  await colours.click();
  await expect.poll(paper).not.toBe(light);
  await expect(page.locator("graph-view canvas").first()).toBeVisible();
});

/** Types how often is measured: what is set by a script is no change to Firefox. */
async function repeat(page: Page, times: string): Promise<void> {
  await page.getByLabel("Repeats").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(times);
  await page.keyboard.press("Tab");
}
