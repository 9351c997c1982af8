// Links and files that hold what is on the page: made, opened, changed by hand, gone back from, and broken.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { defaultExample, expect, test } from "./engine.ts";

const OWN = `{
  "title": "Mine <b>alone</b>",
  "accounts": { "alice": "10 ether", "bob": "10 ether" },
  "transactions": [
    { "from": "alice", "to": "carol", "value": "1 ether" },
    { "from": "carol", "to": "bob", "value": "0.5 ether" }
  ]
}`;

const proved = (page: Page) => expect(page.getByTestId("proof")).toContainText("✓");
const title = (page: Page) => page.locator("section.source h2");

/** Makes the text the editor's, as a paste does. */
async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** The link that the dialog shows. */
async function share(page: Page): Promise<string> {
  await page.getByTestId("open-share").click();
  const link = await page.getByTestId("share-link").inputValue();
  await page.getByTestId("share").getByRole("button", { name: "Close" }).click();
  return link;
}

test("a link shows on another page what is on this one", async ({ page, context }) => {
  await page.goto("/");
  await proved(page);
  await write(page, OWN);
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(title(page)).toHaveText("Mine <b>alone</b>");
  await page.getByRole("button", { name: "Transactions", exact: true }).click();
  await expect(page.locator("transaction-table [role=row], transaction-table tr").filter({ hasText: "carol" })).toHaveCount(2);
  const link = await share(page);
  expect(new URL(page.url()).hash).toBe("");

  const other = await context.newPage();
  await other.goto(link);
  await proved(other);
  await expect(title(other)).toHaveText("Mine <b>alone</b>");
  await expect(other.getByTestId("proof")).toHaveText((await page.getByTestId("proof").textContent())!);
  await expect(other.locator("verdict-strip")).toHaveText((await page.locator("verdict-strip").textContent())!, { useInnerText: false });
  expect(await share(other)).toBe(link);
  await other.close();
});

test("an example that nobody has changed is a short link, and the address can be changed by hand and gone back from", async ({ page }) => {
  await page.goto("/");
  await proved(page);
  const link = await share(page);
  expect(link).toMatch(new RegExp(`#v=1&.*example=${defaultExample}$`));
  expect(link.length).toBeLessThan(250);

  const examples = page.getByTestId("examples");
  await page.goto("/#example=hot-recipient&workers=2");
  await expect(examples).toHaveValue("hot-recipient");
  await proved(page);
  await page.evaluate(() => (location.hash = "#example=mixed-block&workers=3"));
  await expect(examples).toHaveValue("mixed-block");
  await page.goBack();
  await expect(examples).toHaveValue("hot-recipient");
  await page.goBack();
  await expect(examples).toHaveValue(defaultExample);
  await expect(page.getByTestId("link-problem")).toHaveCount(0);
});

test("a link selects a transaction", async ({ page }) => {
  await page.goto("/#example=hot-recipient&select=transaction:2");
  await proved(page);
  await expect(page.locator("transaction-detail h2")).toContainText("2");
  expect(await share(page)).toContain("&select=transaction:2&");
});

test("a link that is broken says so, and loses nothing", async ({ page }) => {
  await page.goto("/#v=1&sum=00000000&text=abc");
  await expect(page.getByTestId("link-problem")).toContainText("damaged");
  await proved(page);
  await write(page, OWN);
  await expect(title(page)).toHaveText("Mine <b>alone</b>");
  await page.evaluate(() => (location.hash = "#example=%3Cimg%20src=x%20onerror=alert(1)%3E"));
  await expect(page.getByTestId("link-problem")).toContainText("<img src=x onerror=alert(1)>");
  await expect(title(page)).toHaveText("Mine <b>alone</b>");
  await page.screenshot({ path: "results/link-problem.png" });
  await page.getByTestId("link-problem").getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByTestId("link-problem")).toHaveCount(0);
});

test("what is too large for a link is a file, which the page opens", async ({ page }) => {
  await page.goto("/");
  await proved(page);
  // A comment that nothing compresses.
  const noise = Array.from({ length: 40_000 }, (_, i) => ((Math.imul(i + 1, 0x9e3779b1) >>> 7) % 36).toString(36) + (((i * i * 7919) >>> 5) % 36).toString(36)).join("");
  await write(page, `// ${Buffer.from(noise).toString("base64")}\n${OWN}`);
  await page.getByTestId("open-share").click();
  await expect(page.getByTestId("share")).toContainText("Save it as a file instead");
  await page.screenshot({ path: "results/share-file.png" });
  const saving = page.waitForEvent("download");
  await page.getByTestId("share-file").click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe("scenario.evmlanes.json");
  const content = readFileSync(await download.path());
  await page.goto("/?again");
  await proved(page);
  await page.getByTestId("open-intake").click();
  await page.getByTestId("intake-files").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: content });
  await expect(title(page)).toHaveText("Mine <b>alone</b>");
  await expect(page.getByTestId("intake")).toBeHidden();
  await proved(page);
});

test("a link goes to a step of the replay", async ({ page, context }) => {
  await page.goto("/#example=hot-recipient&step=5");
  await proved(page);
  await expect(page.getByLabel("Playhead")).toHaveValue("5");
  const sentence = await page.getByTestId("sentence").textContent();
  const link = await share(page);
  expect(link).toContain("&step=5&");
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByTestId("sentence")).toHaveText(sentence!);
  await other.close();
});

test("a link holds an answer to a lesson, which counts as somebody else's", async ({ page, context }) => {
  await page.goto("/#lesson=2");
  await expect(page.getByTestId("feedback")).toContainText("Not yet");
  await page.getByLabel("Workers, as a number").fill("3");
  await page.getByLabel("Workers, as a number").press("Tab");
  await page.getByTestId("check").click();
  await proved(page);
  const link = await share(page);
  expect(link).toContain("&lesson=2&");

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByTestId("lesson")).toContainText("2.");
  await expect(other.getByLabel("Workers, as a number")).toHaveValue("3");
  await expect(other.getByTestId("feedback")).not.toContainText("Running");
  await expect(other.getByTestId("progress")).toContainText("0 of");
  expect(new URL(other.url()).hash).toBe(new URL(link).hash);
  expect(await share(other)).toBe(link);
  await other.getByTestId("leave-lessons").click();
  await proved(other);
  await other.close();
});
