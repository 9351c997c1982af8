// Files of a run: each is saved, and is what it should be; a report is opened again; large ones hold nobody up.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

// What Playwright's own traces need is looked up in the page, in tasks of its main thread.
test.use({ trace: "off" });

const proved = (page: Page) => expect(page.getByTestId("proof")).toContainText("✓", { timeout: 90_000 });

/** What is saved by a button of the dialog, which is open. */
async function save(page: Page, format: string): Promise<{ name: string; content: Buffer }> {
  const saving = page.waitForEvent("download", { timeout: 90_000 });
  await page.getByTestId(`export-${format}`).click();
  const download = await saving.catch(async (late: unknown) => {
    throw new Error(`${format} is not saved; the page says "${await page.getByTestId("export-status").textContent()}"`, { cause: late });
  });
  await expect(page.getByTestId("export-status")).toContainText(download.suggestedFilename());
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** How large a picture is, and how many colours are in it, as the browser decodes it. */
function decoded(page: Page, content: Buffer, type: string): Promise<{ width: number; height: number; colours: number }> {
  return page.evaluate(
    async ({ base64, type }) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type }));
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      return { width, height, colours: new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size };
    },
    { base64: content.toString("base64"), type },
  );
}

/**
 * An SVG as the browser's reader for XML has it: its texts, the titles of its groups, and whether anything in it could run. It is read
 * in an empty page, because under Trusted Types ours reads no text as a document.
 */
async function parsed(page: Page, content: Buffer): Promise<{ root: string; titles: string[]; texts: string[]; active: number }> {
  const empty = await page.context().newPage();
  const read = empty.evaluate((source) => {
    const root = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    const all = (selector: string) => [...root.querySelectorAll(selector)];
    const active = all("*").filter((element) => /script|foreignObject|^a$/i.test(element.localName) || element.getAttributeNames().some((name) => /^on|href$/i.test(name))).length;
    return { root: root.localName, titles: all("g > title").map((title) => title.textContent!), texts: all("text").map((text) => text.textContent!), active };
  }, content.toString());
  return read.finally(() => empty.close());
}

test("every format is saved, and is what it should be", async ({ page }) => {
  await page.goto("/#example=hot-recipient&workers=4&strategy=block-stm");
  await proved(page);
  await page.getByRole("group", { name: "Figures" }).getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByRole("button", { name: "Run ladder" })).toBeVisible();
  await page.getByTestId("open-export").click();
  await page.screenshot({ path: "results/export-dialog.png" });
  const buttons = page.getByTestId("export").locator("li button");
  const formats = (await buttons.evaluateAll((all) => all.map((button) => (button as HTMLElement).dataset.testid!.replace("export-", "")))).sort();
  expect(formats).toEqual([
    ...["dependencies.csv", "events.csv", "graph.png", "graph.svg", "hot-locations.csv", "lanes.png", "lanes.svg", "report.json"],
    ...["speedup.png", "speedup.svg", "strategies.csv", "strategies.png", "strategies.svg", "summary.md", "trace.json", "transactions.csv"],
  ]);
  const files = new Map<string, Buffer>();
  for (const [number, format] of formats.entries()) {
    // Of more than ten downloads in one second Chromium drops the others without a word.
    if (number === 10) await page.waitForTimeout(1_100);
    const { name, content } = await save(page, format);
    expect(name).toBe(`evm-lanes-hot-recipient-block-stm-${format}`);
    files.set(format, content);
  }
  const text = (format: string) => files.get(format)!.toString();

  for (const picture of ["graph", "lanes", "speedup", "strategies"]) {
    const png = await decoded(page, files.get(`${picture}.png`)!, "image/png");
    const svg = await decoded(page, files.get(`${picture}.svg`)!, "image/svg+xml");
    expect([png.width, png.height], picture).toEqual([svg.width * 2, svg.height * 2]);
    expect(Math.min(png.colours, svg.colours), picture).toBeGreaterThan(8);
    expect(await parsed(page, files.get(`${picture}.svg`)!)).toMatchObject({ root: "svg", active: 0 });
  }
  const numbers = Array.from({ length: 20 }, (_, i) => String(i));
  expect((await parsed(page, files.get("graph.svg")!)).titles).toEqual(expect.arrayContaining(numbers));
  expect((await parsed(page, files.get("lanes.svg")!)).titles.length).toBeGreaterThanOrEqual(24);

  const report = JSON.parse(text("report.json"));
  expect(report).toMatchObject({ format: 1, scenario: { title: "Hot recipient" }, options: { strategy: "block-stm", workers: 4 }, curve: { points: { length: 12 } } });
  expect(JSON.parse(report.text).title).toBe("Hot recipient");
  const { traceEvents } = JSON.parse(text("trace.json"));
  expect(traceEvents.filter(({ ph }: { ph: string }) => ph === "X")).toHaveLength(report.timeline.events.kind.filter((kind: number) => kind !== 4).length);
  expect(text("transactions.csv").split("\r\n")).toHaveLength(22);
  expect(text("strategies.csv").split("\r\n")).toHaveLength(10);
  const summary = text("summary.md");
  expect(summary).toMatch(/^# Hot recipient\n/);
  expect(summary).toContain("| charity balance | 399");

  // The summary's link shows this run again.
  const shown = await page.locator("verdict-strip").textContent();
  await page.goto("about:blank");
  await page.goto(/<(http.+)>/.exec(summary)![1]);
  await proved(page);
  await expect(page.locator("verdict-strip")).toHaveText(shown!, { useInnerText: false });
});

test("pictures have the colours of the theme, and show the moment of the replay", async ({ page }) => {
  await page.goto("/#example=hot-recipient");
  await proved(page);
  await page.getByRole("button", { name: "One event back" }).click();
  await page.getByTestId("open-export").click();
  await expect(page.getByTestId("export")).toContainText("after 72 of 73 events");
  const light = await save(page, "graph.svg");
  expect(light.content.toString()).toContain("after 72 of 73 events");
  expect(light.content.toString()).toMatch(/<rect width="100%" height="100%" fill="#fff(?:fff)?"/);
  await page.getByTestId("export").getByRole("button", { name: "Close" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByTestId("open-export").click();
  expect((await save(page, "lanes.svg")).content.toString()).toContain('<rect width="100%" height="100%" fill="#171a1e"');
  expect(await violations(page, "dialog[open]")).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: "results/export-phone.png" });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByTestId("export").getByRole("button", { name: "Close" }).click();
  await page.screenshot({ path: "results/export-phone-header.png" });
});

/** Milliseconds of processor time that the longest task of the page's main thread takes while `act` goes on: however much else there is to do. */
async function longestTask<T>(page: Page, act: () => Promise<T>): Promise<{ longest: number; result: T }> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["toplevel"] });
  const result = await act();
  type Traced = { name: string; ph: string; pid: number; tid: number; tdur?: number; args: { name?: string } };
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Traced[] };
  const mains = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, ph, pid, tid, tdur }) => ph === "X" && tdur !== undefined && name.endsWith("RunTask") && mains.has(`${pid} ${tid}`));
  expect(tasks.length).toBeGreaterThan(20);
  return { longest: Math.max(...tasks.map(({ tdur }) => tdur! / 1000)), result };
}

test("ten thousand transactions are written beside the main thread, and it can be cancelled", async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto("/");
  await proved(page);
  const block = { title: "Ten thousand", transactions: [{ generate: { workload: "transfers", count: 10_000, accounts: 3_000, skew: 1 } }] };
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(JSON.stringify(block));
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByLabel("Dependency graph of 10000 transactions")).toBeVisible({ timeout: 90_000 });
  await expect(page.locator("speedup-chart circle")).toHaveCount(12, { timeout: 120_000 });
  await page.getByTestId("open-export").click();
  await expect(page.getByTestId("export-trace.json")).toBeVisible();
  for (const format of ["report.json", "graph.svg", "graph.png", "trace.json"]) {
    const { longest, result } = await longestTask(page, () => save(page, format));
    console.log(`${format}: ${result.content.length} bytes, longest task ${longest.toFixed(1)} ms`);
    expect(longest, format).toBeLessThan(50);
    expect(result.name).toBe(`evm-lanes-ten-thousand-block-stm-${format}`);
    if (format === "graph.svg") expect(result.content.toString().match(/<g class="transaction">/g)).toHaveLength(10_000);
    if (format === "graph.png") expect((await decoded(page, result.content, "image/png")).colours).toBeGreaterThan(8);
  }
  await page.getByTestId("export-report.json").click();
  await page.getByTestId("export-cancel").click();
  await expect(page.getByTestId("export-status")).toContainText("Cancelled");
  await expect(page.getByTestId("export-report.json")).toBeEnabled();
});

/** The page's figures in words: the verdict, what is beside the pictures' headings, the lanes' and the graph's tables. */
async function shown(page: Page): Promise<string[]> {
  const texts = [await page.locator("verdict-strip .headline").innerText(), await page.locator("graph-view .facts").innerText(), await page.locator("lanes-view .facts").innerText()];
  for (const view of ["graph-view", "lanes-view"]) {
    await page.locator(view).getByRole("button", { name: "Table", exact: true }).click();
    texts.push(await page.locator(`${view} data-table`).innerText());
    await page.locator(view).getByRole("button", { name: "Picture", exact: true }).click();
  }
  const figures = page.getByRole("group", { name: "Figures" });
  for (const [tab, view] of [
    ["Hot locations", "hot-locations"],
    ["State", "state-table"],
    ["Speedup", "speedup-chart"],
  ]) {
    await figures.getByRole("button", { name: tab, exact: true }).click();
    texts.push(await page.locator(view).innerText());
  }
  return texts;
}

/** Opens a file by the dialog. */
async function open(page: Page, name: string, content: Buffer | string): Promise<void> {
  await page.getByTestId("open-intake").click();
  await page.getByTestId("intake-files").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(content) });
}

for (const [what, address] of [
  ["a run on the virtual clock", "/#example=amm-one-pool&workers=4&strategy=block-stm"],
  ["a measured run", "/#example=amm-one-pool&workers=2&strategy=block-stm&clock=measured&repeats=1"],
]) {
  test(`a saved report of ${what} shows the same figures on another page, without a run, and can be run again`, async ({ page }) => {
    await page.goto(address);
    await proved(page);
    await expect(page.locator("speedup-chart circle")).toHaveCount(12);
    const before = await shown(page);
    await page.getByTestId("open-export").click();
    const { content } = await save(page, "report.json");

    await page.goto("about:blank");
    await page.goto("/#example=hot-recipient");
    await proved(page);
    await open(page, "mine <b>.json", content);
    await expect(page.getByTestId("opened")).toHaveText(/^Opened report: mine <b>\.json, written by EVM Lanes \d+\.\d+\.\d+\. Nothing was run here\. Run repeats it/);
    await expect(page.getByTestId("intake")).toBeHidden();
    expect(await shown(page)).toEqual(before);
    expect(await violations(page)).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `results/opened-${what.includes("measured") ? "measured" : "virtual"}.png` });

    // All views work from it; what only an engine that has run it knows is said to be unknown.
    await page.locator("graph-view .picture").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect(page.locator("transaction-detail h2")).toHaveText("Transaction 0");
    await page.getByRole("button", { name: "One event back" }).click();
    await expect(page.getByTestId("sentence")).toContainText("run it again");
    for (const tab of ["Memory", "Opcodes", "What if", "Compare"]) await page.getByRole("group", { name: "Figures" }).getByRole("button", { name: tab, exact: true }).click();
    await expect(page.getByRole("button", { name: "Run ladder" })).toBeVisible({ timeout: 60_000 });

    // The text at the left is the file's; another one is not the report's.
    await expect(page.getByTestId("opened")).toContainText("Run repeats it");
    await page.getByTestId("examples").selectOption("nonce-chain");
    await expect(page.getByTestId("opened")).toHaveCount(0);
    await proved(page);
    await expect(page.locator("section.source h2")).not.toHaveText("hot-recipient");
  });
}

test("a report that is pasted into the editor is opened; without its scenario what was typed comes back", async ({ page }) => {
  await page.goto("/#example=amm-one-pool&workers=4&strategy=block-stm");
  await proved(page);
  await page.getByTestId("open-export").click();
  const { content } = await save(page, "report.json");
  await page.goto("about:blank");
  await page.goto("/#example=hot-recipient");
  await proved(page);
  await page.locator(".source").getByRole("button", { name: "JSON" }).click();
  const editor = page.getByTestId("editor").locator(".cm-content");
  const paste = async (report: object): Promise<void> => {
    await editor.click();
    await page.keyboard.press("Control+a");
    await editor.evaluate((target, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
    }, JSON.stringify(report));
  };
  const report = JSON.parse(content.toString());
  const { text: _, ...textless } = report;
  await paste(textless);
  await expect(page.getByTestId("opened")).toContainText("Opened report: the editor's text");
  await expect(editor).toContainText("Hot recipient");
  await paste({ ...report, verdict: 7 });
  await expect(page.getByTestId("intake")).toContainText("verdict");
  await page.getByTestId("intake").getByRole("button", { name: "Close" }).click();
  await paste(report);
  await expect(page.getByTestId("opened")).toContainText("Run repeats it");
  await expect(editor).toContainText(report.scenario.title);
});

test("a run that is too short for the clock is called that, and has no speedup", async ({ page }) => {
  await page.goto("/#example=hot-recipient&workers=2&strategy=block-stm&clock=measured&repeats=1");
  await proved(page);
  await page.getByTestId("open-export").click();
  const report = JSON.parse((await save(page, "report.json")).content.toString());
  await page.goto("about:blank");
  await page.goto("/#example=nonce-chain");
  await proved(page);
  await open(page, "short.json", JSON.stringify({ ...report, verdict: { ...report.verdict, sequential: 0, speedup: null } }));
  await expect(page.getByTestId("opened")).toContainText("short.json");
  await expect(page.getByTestId("speedup")).toHaveText("Too short for this browser's clock");
});

test("a report without its scenario says so, and one that is wrong is refused; nothing is lost", async ({ page }) => {
  await page.goto("/#example=hot-recipient");
  await proved(page);
  await page.getByTestId("open-export").click();
  const report = JSON.parse((await save(page, "report.json")).content.toString());
  await page.getByTestId("export").getByRole("button", { name: "Close" }).click();
  await page.getByTestId("examples").selectOption("mixed-block");
  await expect(page.getByTestId("speedup")).toContainText("faster", { timeout: 60_000 });
  const verdict = await page.locator("verdict-strip").textContent();
  const wrong: [string, unknown, RegExp][] = [
    ["newer.json", { ...report, format: 2 }, /format 2; this page shows format 1/],
    ["broken.json", JSON.stringify(report).slice(0, -40), /no JSON/],
    ["forged.json", { ...report, graph: { ...report.graph, edges: [{ from: 3, to: 3, locations: [] }] } }, /graph\.edges\[0\] leads backwards/],
    ["huge.json", { ...report, timeline: { ...report.timeline, workers: 1e9 } }, /timeline\.workers is no whole number from 0 to 65/],
  ];
  for (const [name, content, words] of wrong) {
    await open(page, name, typeof content === "string" ? content : JSON.stringify(content));
    await expect(page.getByTestId("intake").getByRole("alert")).toHaveText(words);
    await page.getByTestId("intake").getByRole("button", { name: "Close" }).click();
    await expect(page.locator("verdict-strip")).toHaveText(verdict!, { useInnerText: false });
  }

  // As the command line writes it: dropped.
  const { text, ...bare } = report;
  expect(text).toContain("transactions");
  const dropped = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "cli.json"));
    return transfer;
  }, JSON.stringify(bare, null, 2));
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await expect(page.getByTestId("opened")).toContainText("The file has no scenario");
  await expect(page.locator("section.source h2")).toHaveText("A mixed block of 1,000 transactions");
  await expect(page.locator("graph-view .facts")).toContainText("20");
  await page.getByRole("group", { name: "Figures" }).getByRole("button", { name: "What if", exact: true }).click();
  await expect(page.locator("what-if-panel")).toContainText("the file of this report has none");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: "results/opened-phone.png" });
  await page.setViewportSize({ width: 1440, height: 1000 });
  await page.getByRole("button", { name: /^Run/ }).last().click();
  await expect(page.getByTestId("opened")).toHaveCount(0, { timeout: 60_000 });
  await expect(page.locator("graph-view .facts")).not.toContainText("20 levels");
});
