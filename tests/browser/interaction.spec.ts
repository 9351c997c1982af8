// The page as a reader meets it: the default example, linked selection, bad input, keyboard, themes, a phone, axe.
import { expect, test, type Page } from "@playwright/test";

import { violations } from "./axe.ts";

/** Errors on the console fail the test they happen in. */
const complaints: string[] = [];

test.beforeEach(async ({ page }) => {
  complaints.length = 0;
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential", { timeout: 20_000 });
});

test.afterEach(() => expect(complaints, "errors on the console").toEqual([]));

test("a first visit shows a finished run of the default example", async ({ page }, info) => {
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.getByTestId("speedup")).toHaveText(/^\s*\d+(\.\d+)?×/);
  await expect(page.getByTestId("executor")).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
  await expect(page.locator("speedup-chart circle")).toHaveCount(12, { timeout: 20_000 });
  await page.screenshot({ path: info.outputPath("first-visit.png"), fullPage: true });
});

test("a click on a row selects the transaction in every view, Escape clears", async ({ page }) => {
  await rows(page).nth(2).click();
  await expect(rows(page).nth(2)).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("detail").locator("..").getByRole("heading", { level: 2 })).toHaveText("Transaction 2");
  const graph = page.locator("graph-view");
  await graph.getByRole("button", { name: "Table" }).click();
  await expect(graph.locator('tr[data-row="2"]')).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(page.locator("tr[aria-selected]")).toHaveCount(0);
  await expect(page.getByTestId("detail")).toContainText("Select a transaction");
});

test("a click on a node of the graph selects its row, and a location in the detail selects the location", async ({ page }) => {
  const picture = page.locator("graph-view .picture");
  await picture.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(rows(page).first()).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("detail").locator("button.link.mono").first().click();
  await expect(page.locator("transaction-detail h2")).toHaveText("Location");
  await expect(page.locator('transaction-table tr.lit[data-row="0"]')).toHaveCount(1);
});

test("a click on a bar selects the attempt and its transaction", async ({ page }) => {
  const picture = page.locator("lanes-view .picture");
  const box = (await picture.boundingBox())!;
  // Lane 0 starts with an attempt: just right of the axis' labels.
  await page.mouse.click(box.x + 44, box.y + 40);
  await expect(page.locator("transaction-detail h2")).toHaveText(/^Transaction \d+/);
  await expect(page.locator("transaction-table tr[aria-selected]")).toHaveCount(1);
  await expect(page.locator("transaction-detail tr.chosen")).toHaveCount(1);
});

test("the keyboard reaches everything: rows, graph, lanes, playhead", async ({ page }) => {
  await rows(page).first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(rows(page).nth(1)).toHaveAttribute("aria-selected", "true");

  const graph = page.locator("graph-view");
  await graph.locator(".picture").focus();
  await page.keyboard.press("Home");
  await expect(graph.locator(".hint")).toContainText(/^0:/);
  await page.keyboard.press("End");
  await expect(graph.locator(".hint")).not.toContainText(/^0:/);

  const lanes = page.locator("lanes-view");
  await lanes.locator(".picture").focus();
  await page.keyboard.press("ArrowRight");
  await expect(lanes.locator(".hint")).toContainText("attempt 0");
  const before = await page.locator("replay-bar output").textContent();
  await page.keyboard.press(",");
  await expect(page.locator("replay-bar output")).not.toHaveText(before!);
});

test("a broken scenario is reported where it is broken, and nothing typed is lost", async ({ page }) => {
  await openJson(page);
  const broken = '{\n  "format": 1,\n  "title": "mine",\n  "transactions": [\n    { "from": "nobody at all", "to": "bob" }\n  ]\n}\n';
  await replaceText(page, broken);
  const first = page.getByTestId("diagnostics").locator("li.error").first();
  await expect(first).toContainText("5:");
  await expect(page.getByTestId("editor").locator(".cm-lintRange-error").first()).toBeVisible();

  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("failure")).toContainText("has errors");
  await expect(page.getByTestId("editor")).toContainText("nobody at all");

  await first.getByRole("button").click();
  await expect(page.getByTestId("editor").locator(".cm-lineNumbers .cm-activeLineGutter")).toHaveText("5");

  await page.getByTestId("examples").selectOption({ index: 1 });
  await expect(page.getByTestId("proof")).toContainText("✓");
  await page.getByRole("button", { name: "Back to my text" }).click();
  await expect(page.getByTestId("editor")).toContainText("nobody at all");
});

test("what is typed while a run goes on is checked at once", async ({ page }) => {
  await page.getByTestId("examples").selectOption("mixed-block");
  await expect(page.getByRole("heading", { name: /^A mixed block/ })).toBeVisible();
  await openJson(page);
  await page.getByLabel("Clock", { exact: true }).selectOption("measured");
  await page.getByLabel("Repeats").fill("100");
  await page.getByLabel("Repeats").press("Tab");
  await page.getByTestId("run").click();
  await expect(page.locator("run-controls progress")).toBeVisible();
  await replaceText(page, '{ "title": "mine", "transactions": [ { "from": "nobody at all" } ] }');
  await expect(page.getByTestId("diagnostics").locator("li.error").first()).toContainText("1:");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("verdict-strip")).toContainText("Cancelled");
});

test("text that is no JSON at all is an error with a place", async ({ page }) => {
  await openJson(page);
  await replaceText(page, "{ \"format\": 1,\n\n oops");
  await expect(page.getByTestId("diagnostics").locator("li.error").filter({ hasText: /3:\d/ })).not.toHaveCount(0);
});

test("changed settings make the result stale until it is run again", async ({ page }) => {
  await page.getByLabel("Workers, as a number").fill("2");
  await page.getByLabel("Workers, as a number").press("Tab");
  await expect(page.locator(".headline")).toContainText("run again");
  await page.getByTestId("run").click();
  await expect(page.locator(".headline")).not.toContainText("run again");
  await expect(page.locator("verdict-strip")).toContainText(/2\s*workers/);
});

test("every word in the glossary's list is explained, and the dialog closes with Escape", async ({ page }) => {
  await page.getByRole("button", { name: "Help and glossary" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("critical path");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

for (const scheme of ["light", "dark"] as const) {
  for (const [name, viewport] of Object.entries({ wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
    test(`no serious accessibility problem, no sideways scroll: ${scheme}, ${name}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      const panes = name === "phone" ? ["Block", "JSON", "Run", "Graph", "Lanes", "Details"] : [null];
      for (const pane of panes) {
        if (pane) await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: pane }).click();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `${pane}: wider than the window`).toBeLessThanOrEqual(0);
        expect(await violations(page), `${pane}`).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${scheme}-${name}-${pane ?? "all"}.png`) });
      }
    });
  }
}

test("the theme can be chosen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  const button = page.getByRole("button", { name: /^Colours/ });
  await button.click();
  await button.click();
  expect(await paper()).not.toBe(light);
  await button.click();
  expect(await paper()).toBe(light);
});

function rows(page: Page) {
  return page.locator("transaction-table tr[data-row]");
}

async function openJson(page: Page): Promise<void> {
  await page.locator(".source").getByRole("button", { name: "JSON" }).click();
  await expect(page.getByTestId("editor").locator(".cm-content")).toBeVisible();
}

async function replaceText(page: Page, text: string): Promise<void> {
  await page.getByTestId("editor").locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}
