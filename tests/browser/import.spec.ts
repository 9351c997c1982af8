// What other tools write, in the page: pasted, dropped, chosen and linked; what is missing or wrong is said; and saved again.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

interface Sample {
  name: string;
  format: string;
  /** One of the format, and what else it needs. */
  texts: string[];
}

interface File {
  name: string;
  text: string;
}

const samples = JSON.parse(readFileSync(new URL("formats.json", import.meta.url), "utf8")) as Sample[];
const [block, prestate] = samples.find(({ name }) => name === "block")!.texts;

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

/** What the text field or the editor has, wherever it is. */
async function openJson(page: Page): Promise<void> {
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await expect(page.locator(".cm-content")).toBeVisible();
}

async function paste(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.locator(".cm-content").evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
  }, text);
}

async function drag(page: Page, type: string, files: readonly File[]): Promise<void> {
  await page.evaluate(
    ([type, files]) => {
      const dataTransfer = new DataTransfer();
      for (const { name, text } of files) dataTransfer.items.add(new File([text], name));
      document.querySelector("main")!.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    },
    [type, files] as const,
  );
}

async function choose(page: Page, files: readonly File[]): Promise<void> {
  await page.getByTestId("open-intake").click();
  await page.getByTestId("intake-files").setInputFiles(files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
}

/** That the scenario has been replaced, and has run as one without errors. */
async function ran(page: Page): Promise<void> {
  await expect(page.getByTestId("intake")).toBeHidden();
  await expect(page.getByTestId("examples").locator("option:checked")).toHaveText("Examples (own text)");
  await expect(page.getByTestId("proof")).toContainText("✓");
}

async function withoutViolations(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
}

test("the module is not asked for before it is needed", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => void (/wasm\/intake|intake-dialog/.test(request.url()) && asked.push(request.url())));
  await page.reload();
  await expect(page.getByTestId("proof")).toContainText("✓");
  // A scenario with a mistake is still a scenario.
  await openJson(page);
  await paste(page, '{ "title": "a mistake", "transactions": [{ "frm": "alice" }] }');
  await expect(page.getByTestId("diagnostics")).toContainText("error");
  expect(asked).toEqual([]);
  await page.getByTestId("open-intake").click();
  await expect(page.getByTestId("intake")).toBeVisible();
  expect(asked.filter((url) => url.endsWith(".wasm"))).toEqual([]);
});

test("a block that is pasted says what it lacks, and with the state before it becomes a scenario", async ({ page }, info) => {
  await openJson(page);
  await paste(page, block);
  const line = page.getByTestId("foreign");
  await expect(line).toContainText("This is a block (eth_getBlockByNumber), and not yet a scenario: block 123 needs the code of");
  // What was pasted stays until it is converted.
  await expect(page.locator(".cm-content")).toContainText("parentHash");
  await line.getByRole("button", { name: "Complete it…" }).click();
  const dialog = page.getByTestId("intake");
  await expect(dialog).toContainText("prestateTracer");
  await expect(page.getByTestId("use")).toBeDisabled();
  await withoutViolations(page);
  await page.screenshot({ path: info.outputPath("lacking.png") });
  await page.getByTestId("intake-text").fill(prestate);
  await page.getByTestId("add-text").click();
  await expect(page.getByTestId("taken").getByRole("listitem").nth(1)).toBeVisible();
  await expect(page.getByTestId("use")).toBeEnabled();
  await page.screenshot({ path: info.outputPath("complete.png") });
  await page.getByTestId("use").click();
  await ran(page);
  await page.getByRole("button", { name: "Back to my text" }).click();
  await expect(page.locator(".cm-content")).toContainText("parentHash");
});

test("a whole document that is pasted over everything becomes a scenario at once, and undo brings it back", async ({ page }) => {
  await openJson(page);
  const { texts } = samples.find(({ name }) => name === "t8n")!;
  await paste(page, texts[0]);
  await ran(page);
  await expect(page.locator(".cm-content")).not.toContainText("currentCoinbase");
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.locator(".cm-content")).toContainText("alloc");
  await page.getByTestId("foreign").getByRole("button", { name: "Make a scenario of it" }).click();
  await ran(page);
});

test("without the editor's script the plain text field does the same", async ({ page, errors }) => {
  await page.route("**/codemirror*.js", (route) => route.abort());
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  const field = page.getByTestId("editor");
  await field.fill("");
  const { texts } = samples.find(({ name }) => name === "bundle")!;
  await field.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, texts[0]);
  await field.fill(texts[0]);
  await ran(page);
  await page.getByRole("button", { name: "Back to my text" }).click();
  await expect(field).toHaveValue(texts[0]);
  // The browser's own word about the script.
  expect(errors.splice(0).filter((error) => !error.includes("ERR_FAILED"))).toEqual([]);
});

test("what does not load says so, what takes long is cancelled, and both are tried again", async ({ page, errors }) => {
  await page.route("**/evm_lanes_intake_bg.wasm", (route) => route.fulfill({ status: 500 }));
  await choose(page, [
    { name: "block.json", text: block },
    { name: "prestate.json", text: prestate },
  ]);
  const outcome = page.getByTestId("outcome").first();
  await expect(outcome).toContainText("could not be loaded");
  await page.unroute("**/evm_lanes_intake_bg.wasm");
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/evm_lanes_intake_bg.wasm", async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await outcome.getByRole("button", { name: "Try again" }).click();
  await outcome.getByRole("button", { name: "Cancel" }).click();
  await expect(outcome).toContainText("It was cancelled.");
  release();
  await outcome.getByRole("button", { name: "Try again" }).click();
  await page.getByTestId("use").click();
  await ran(page);
  errors.splice(0);
});

test("two files that are dropped anywhere make one scenario", async ({ page }, info) => {
  const files = [
    { name: "block.json", text: block },
    { name: "prestate.json", text: prestate },
  ];
  await drag(page, "dragover", files);
  await expect(page.getByTestId("drop-target")).toBeVisible();
  await page.screenshot({ path: info.outputPath("drop.png") });
  await drag(page, "drop", files);
  await expect(page.getByTestId("drop-target")).toBeHidden();
  await expect(page.getByTestId("taken")).toContainText("the state before transactions (prestateTracer)");
  await page.getByTestId("use").click();
  await ran(page);
});

for (const { name, texts } of samples) {
  test(`${name} is opened`, async ({ page }) => {
    await choose(page, texts.map((text, index) => ({ name: `${index}.json`, text })));
    await page.getByTestId("use").click();
    await ran(page);
  });
}

test("a broken file says where, and is removed", async ({ page }) => {
  await choose(page, [
    { name: "block.json", text: `{\n  "parentHash": "0x1,\n  ${block.slice(1)}` },
    { name: "prestate.json", text: prestate },
  ]);
  const taken = page.getByTestId("taken").locator("> li");
  await expect(taken.first()).toContainText(/[0-9]+:[0-9]+ error/);
  await expect(page.getByTestId("use")).toBeDisabled();
  await page.getByRole("button", { name: "Remove block.json" }).click();
  await expect(taken).toHaveCount(1);
  await page.getByTestId("intake-files").setInputFiles({ name: "whole.json", mimeType: "text/plain", buffer: Buffer.from(block) });
  await page.getByTestId("use").click();
  await ran(page);
});

test("a link opens files of this site and no others", async ({ page, errors }) => {
  await page.route("**/shared/*.json", (route) => route.fulfill({ body: route.request().url().includes("block") ? block : prestate }));
  await page.goto("/?open=shared/block.json&open=shared/prestate.json");
  await ran(page);
  await page.goto("/#open=https://example.org/block.json");
  await page.reload();
  await expect(page.getByTestId("intake")).toContainText("a file of another site (example.org)");
  await page.goto("/?open=nothing-here.json");
  await expect(page.getByTestId("intake")).toContainText("/nothing-here.json, which is not there (404)");
  await page.keyboard.press("Escape");
  // The page is there as ever.
  await expect(page.getByTestId("proof")).toContainText("✓");
  // The browser's own word about the 404.
  expect(errors.splice(0)).toHaveLength(1);
});

test("what is saved is opened again, and what cannot be saved is said", async ({ page }) => {
  const { texts } = samples.find(({ name }) => name === "raw")!;
  const save = async (name: string): Promise<File> => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("intake").getByRole("button", { name }).click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  };
  await page.getByTestId("open-intake").click();
  // Those of the example have no signatures.
  expect((await save("Raw transactions")).text).toBe("");
  await expect(page.getByTestId("saved")).toContainText("is not signed");
  await page.keyboard.press("Escape");
  await choose(page, texts.map((text, index) => ({ name: `${index}.json`, text })));
  await page.getByTestId("use").click();
  await ran(page);
  await page.getByTestId("open-intake").click();
  const scenario = await save("Scenario");
  expect(scenario.name).toBe("scenario.jsonc");
  expect((await save("Raw transactions")).text).toBe(texts[0]);
  await expect(page.getByTestId("saved")).toContainText("transactions.txt has everything.");
  const t8n = await save("Input of evm t8n");
  await page.getByTestId("intake-files").setInputFiles({ name: t8n.name, mimeType: "text/plain", buffer: Buffer.from(t8n.text) });
  await expect(page.getByTestId("taken")).toContainText("input of evm t8n");
  await page.getByTestId("use").click();
  await ran(page);
  // The scenario itself needs no dialog.
  await drag(page, "drop", [scenario]);
  await ran(page);
});

test("hostile names and texts neither inject nor freeze", async ({ page }) => {
  const markup = "<img src=x onerror=alert(1)>";
  page.on("dialog", () => expect(true, "a script has run").toBe(false));
  for (const [index, text] of [
    markup,
    `{ "${markup}": { "balance": "${markup}" } }`,
    "[".repeat(200_000),
    '{"a":'.repeat(200_000),
    "\u0000\ufffd".repeat(1000),
    "garbage ".repeat(1_310_720),
    `0x${"zz".repeat(500_000)}`,
  ].entries()) {
    await choose(page, [{ name: `${index}${markup}.json`, text }]);
    await expect(page.getByTestId("taken")).toContainText(`${index}${markup}.json`);
    await expect(page.getByTestId("taken").locator(".problems li").first()).toBeVisible();
    await expect(page.getByTestId("use")).toBeDisabled();
    await expect(page.getByTestId("intake").locator("img")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("intake")).toBeHidden();
    await page.getByTestId("open-intake").click();
    await page.getByTestId("taken").getByRole("button").first().click();
    await page.keyboard.press("Escape");
  }
});

test("on a phone and in the dark it has no violations", async ({ page }, info) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await choose(page, [{ name: "block.json", text: block }]);
  await expect(page.getByTestId("taken")).toContainText("prestateTracer");
  await withoutViolations(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBe(0);
  await page.screenshot({ path: info.outputPath("phone-dark.png") });
  await page.keyboard.press("Escape");
  await page.screenshot({ path: info.outputPath("phone-header.png") });
});
