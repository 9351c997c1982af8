// Figures in other people's pages: a host on another site (localhost, where the figures are 127.0.0.1's) with no headers at all.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FrameLocator, Page } from "@playwright/test";

import type { EvmLanesElement } from "../../web/src/embed/element.ts";
import { violations } from "./axe.ts";
import { example, expect, test } from "./engine.ts";
import { ISOLATED, NOT_ISOLATED } from "./playwright.config.ts";

const SIMPLE = "hot-recipient";

declare global {
  /** What a host's page has heard from its frame. */
  var heard: { type: string; id: number; ok: boolean; message: string; code?: string }[];
}

let server: Server;
let host: string;
/** What the next request is answered with. */
let body = "";
let hostHeaders: Record<string, string> = {};
let files: Record<string, string> = {};

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = files[pathname];
    if (pathname !== "/" && file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": file === undefined ? "text/html" : "application/json", ...hostHeaders });
    response.end(file ?? `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  host = `http://localhost:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => void server.close());
test.beforeEach(() => {
  hostHeaders = {};
  files = {};
});

/** Opens a page of the host with this in it. */
async function open(page: Page, html: string): Promise<void> {
  body = html;
  await page.goto(host);
}

const frame = (parameters: string, attributes = "", origin = ISOLATED): string =>
  `<iframe title="figure" width="100%" height="900" loading="lazy" ${attributes} src="${origin}/embed.html?${parameters}"></iframe>`;
const element = (attributes: string, inside = "", origin = ISOLATED): string =>
  `<script type="module" src="${origin}/evm-lanes.js"></script><evm-lanes ${attributes}>${inside}</evm-lanes>`;
const figure = (page: Page): FrameLocator => page.frameLocator("iframe");

async function verified(frame: FrameLocator, executor: RegExp): Promise<void> {
  await expect(frame.getByTestId("proof")).toContainText("equal to sequential");
  await expect(frame.getByTestId("executor")).toContainText(executor);
}

test("in a plain page of another site it runs on threads", async ({ page }) => {
  await open(page, frame(`example=${SIMPLE}&strategy=ladder&workers=2&clock=measured`));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await verified(figure(page), /threads/);
  await expect(figure(page).locator(".verdict")).toContainText("ladder");
  await expect(figure(page).locator(".picture")).toHaveCount(2);
});

test("nothing of it is loaded before it is near the window, and no engine before it is clicked", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open(page, `<div style="height:9000px"></div>${element(`scenario="${SIMPLE}" start="click"`)}`);
  await page.waitForFunction(() => customElements.get("evm-lanes") !== undefined);
  await page.waitForTimeout(300);
  expect(asked.filter((path) => path.includes("embed"))).toEqual([]);
  await page.locator("evm-lanes").scrollIntoViewIfNeeded();
  const run = figure(page).getByRole("button", { name: "Run this figure" });
  await expect(run).toBeVisible();
  expect(asked.filter((path) => /wasm|figure/.test(path))).toEqual([]);
  await run.click();
  await verified(figure(page), /threads/);
});

test("a recorded report is painted without the engine", async ({ page }) => {
  files["/report.json"] = await recorded(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open(page, element(`report="/report.json" scenario="${SIMPLE}" view="graph timeline speedup locations"`));
  await expect(figure(page).getByTestId("proof")).toContainText("equal to sequential");
  await expect(figure(page).locator(".bar")).toContainText("Recorded earlier");
  expect(asked.filter((path) => path.includes("wasm"))).toEqual([]);
  await figure(page).getByTestId("run").click();
  await verified(figure(page), /threads/);
});

test("what is no report is said to be none", async ({ page }) => {
  files["/report.json"] = JSON.stringify({ format: 1, transactions: [] });
  await open(page, `${element('report="/report.json"')}<script>document.querySelector("evm-lanes").addEventListener("error", (e) => (document.title = e.detail.message))</script>`);
  await expect(page).toHaveTitle(/The report was changed: version is no text/);
});

/** A report as a file would have it. */
async function recorded(page: Page): Promise<string> {
  await open(page, element(`scenario="${SIMPLE}"`));
  await verified(figure(page), /threads/);
  return page.evaluate(async () => {
    const report = await document.querySelector<EvmLanesElement>("evm-lanes")!.getReport();
    return JSON.stringify(report, (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value));
  });
}

test("the element takes its own scenario, tells what happens, and obeys", async ({ page }) => {
  await open(
    page,
    element(`strategy="block-stm" workers="3" view="graph"`, `<script type="application/json">${example("nonce-chain")}</script>`),
  );
  await verified(figure(page), /threads/);
  const results = await page.evaluate(async (text) => {
    const lanes = document.querySelector<EvmLanesElement>("evm-lanes")!;
    const seen: string[] = [];
    for (const type of ["run", "report", "error"]) lanes.addEventListener(type, () => seen.push(type));
    await lanes.configure({ workers: 7, strategy: "ladder" });
    await lanes.load(text);
    await lanes.run();
    const report = await lanes.getReport();
    const wrong = await lanes.configure({ workers: 0 }).catch((error: Error) => error.message);
    await lanes.load("{ nonsense");
    const invalid = await lanes.run().catch((error: Error) => error.message);
    return { seen, workers: report!.options.workers, strategy: report!.options.strategy, title: report!.scenario.title, equal: lanes.verdict!.equal, wrong, invalid, ready: lanes.ready };
  }, example(SIMPLE));
  expect(results).toMatchObject({ workers: 7, strategy: "ladder", equal: true, ready: true });
  expect(results.title).toBe((JSON.parse(example(SIMPLE).replace(/^\s*\/\/.*$/gm, "")) as { title: string }).title);
  expect(results.seen).toEqual(["run", "report", "run", "error"]);
  expect(results.wrong).toContain("workers is “0”; it is a whole number from 1 to 64.");
  expect(results.invalid).not.toBe("");
});

test("the element has what docs/embed.md lists, and no more", async ({ page }) => {
  const text = readFileSync(new URL("../../docs/embed.md", import.meta.url), "utf8");
  const listed = (kind: string): string[] =>
    [...text.matchAll(/^\| `([^`(]+)(?:\(.*\))?` \| ([a-z, ]+) \|/gm)].flatMap(([, name, kinds]) => (kinds!.split(", ").includes(kind) ? [name!] : [])).sort();
  await open(page, `${element(`scenario="${SIMPLE}" view="graph"`)}${element(`inline scenario="${SIMPLE}" view="graph"`)}`);
  await verified(page.frameLocator("iframe"), /threads/);
  const has = await page.evaluate(() => {
    const elements = [...document.querySelectorAll<EvmLanesElement>("evm-lanes")];
    const lanes = elements[0]!;
    const { prototype, observedAttributes } = lanes.constructor as typeof EvmLanesElement;
    const names = Object.getOwnPropertyNames(prototype);
    const isMethod = (name: string): boolean => typeof Object.getOwnPropertyDescriptor(prototype, name)!.value === "function";
    return {
      attribute: [...observedAttributes].sort(),
      // What every element has, as `lang`, it has not itself.
      accessors: [...names.filter((name) => !isMethod(name)), ...observedAttributes.filter((name) => name in HTMLElement.prototype)].sort(),
      method: names.filter((name) => isMethod(name) && !/^constructor$|Callback$/.test(name)).sort(),
      property: Object.keys(lanes).sort(),
      part: elements.flatMap(({ shadowRoot }) => [...shadowRoot!.querySelectorAll("[part]")].flatMap(({ part }) => [...part])).sort(),
    };
  });
  const { accessors, ...kinds } = has;
  expect(accessors).toEqual(listed("attribute"));
  for (const [kind, names] of Object.entries(kinds)) expect(names, kind).toEqual(listed(kind));
});

test("a host that is not listed has to ask the reader, and hostile messages change nothing", async ({ page }) => {
  await open(page, `${frame(`example=${SIMPLE}&start=click&view=graph`)}<script>
    globalThis.heard = [];
    addEventListener("message", (event) => heard.push(event.data));
  </script>`);
  await expect(figure(page).getByRole("button", { name: "Run this figure" })).toBeVisible();
  const post = (message: unknown): Promise<void> =>
    page.evaluate(
      ([message, target]) => document.querySelector("iframe")!.contentWindow!.postMessage(message, target as string),
      [message, ISOLATED] as const,
    );
  const replies = (): Promise<{ id: number; ok: boolean; message: string }[]> =>
    page.evaluate(() => heard.filter(({ type }) => type === "reply"));
  const ours = { ns: "evm-lanes", v: 1 };
  // Before a hello nothing is done.
  await post({ ...ours, type: "run", id: 1 });
  await post({ ...ours, type: "hello" });
  await post({ ...ours, v: 99, type: "run", id: 2 });
  await post({ ...ours, type: "constructor", id: 3 });
  await post({ ...ours, type: "load", id: 4, scenario: "x".repeat(4_000_001) });
  await page.evaluate((target) => {
    const message: unknown = JSON.parse(`{"ns":"evm-lanes","v":1,"type":"run","id":5,"__proto__":{"polluted":true}}`);
    document.querySelector("iframe")!.contentWindow!.postMessage(message, target);
  }, ISOLATED);
  await post({ ...ours, type: "configure", id: 6, options: { constructor: "x" } });
  await expect.poll(async () => (await replies()).map(({ id, ok }) => [id, ok])).toEqual([[2, false], [3, false], [4, false], [5, false], [6, false]]);
  await expect(figure(page).getByRole("button", { name: "Run this figure" })).toBeVisible();
  // Foreign transactions: no, and then yes.
  await post({ ...ours, type: "load", id: 7, scenario: example("nonce-chain") });
  const consent = figure(page).getByTestId("consent");
  await expect(consent).toContainText(host);
  await consent.getByRole("button", { name: "No" }).click();
  await expect.poll(async () => (await replies()).at(-1)).toMatchObject({ id: 7, ok: false, message: "The reader did not permit it." });
  await post({ ...ours, type: "load", id: 8, scenario: example("nonce-chain") });
  await consent.getByRole("button", { name: "Load it" }).click();
  await post({ ...ours, type: "run", id: 9 });
  await expect.poll(async () => (await replies()).at(-1)).toMatchObject({ id: 9, ok: true });
  await verified(figure(page), /threads/);
  // A flood is cut off, and that is said, but not of every message.
  await page.evaluate(
    ([message, target]) => {
      for (let i = 0; i < 5000; i++) document.querySelector("iframe")!.contentWindow!.postMessage(message, target as string);
    },
    [{ ...ours, type: "cancel", id: 10 }, ISOLATED] as const,
  );
  await expect.poll(() => page.evaluate(() => heard.filter(({ code }) => code === "flood").length)).toBeGreaterThan(0);
  await page.waitForTimeout(1000);
  expect(await page.evaluate(() => heard.filter(({ code }) => code === "flood").length)).toBeLessThan(20);
  expect((await replies()).filter(({ id }) => id === 10).length).toBeLessThan(1000);
});

test("a window that is not its host is not heard", async ({ page }) => {
  await open(page, `${frame(`example=${SIMPLE}&start=click`)}<iframe id="other" title="other" srcdoc="<p>other</p>"></iframe>`);
  await expect(page.frameLocator("iframe[title=figure]").getByRole("button", { name: "Run this figure" })).toBeVisible();
  await page.frames().find((frame) => frame.url() === "about:srcdoc")!.evaluate((target) => {
    const figure = parent.frames[0];
    figure.postMessage({ ns: "evm-lanes", v: 1, type: "hello" }, target);
    figure.postMessage({ ns: "evm-lanes", v: 1, type: "run", id: 1 }, target);
  }, ISOLATED);
  await page.waitForTimeout(500);
  await expect(page.frameLocator("iframe[title=figure]").getByRole("button", { name: "Run this figure" })).toBeVisible();
});

for (const [name, sandbox] of [
  ["an origin", "allow-scripts allow-same-origin"],
  ["no origin", "allow-scripts"],
] as const) {
  test(`with sandbox and ${name} it runs on threads`, async ({ page }) => {
    await open(page, frame(`example=erc20-fan-out&clock=measured&workers=2`, `sandbox="${sandbox}"`));
    await verified(figure(page), /threads/);
  });
}

test("without headers it runs without threads, and says how to get them", async ({ page }) => {
  await open(page, element(`scenario="erc20-fan-out" clock="measured" workers="2"`, "", NOT_ISOLATED));
  await verified(figure(page), /pool/);
  await figure(page).getByText("How to get threads").click();
  await expect(figure(page).getByTestId("threads-help")).toContainText("Document-Isolation-Policy");
});

test("inline it is in the page itself, without threads unless the page is isolated", async ({ page }) => {
  await open(page, `<style>evm-lanes { --evm-lanes-surface: rgb(250, 240, 220); }</style>${element(`inline scenario="${SIMPLE}" clock="measured" workers="2" view="graph locations"`)}`);
  await expect(page.locator("iframe")).toHaveCount(0);
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await expect(page.getByTestId("executor")).toContainText("pool");
  await expect(page.locator("evm-lanes .panel").first()).toHaveCSS("background-color", "rgb(250, 240, 220)");
});

test("inline in a page that is isolated it runs on threads, and so does a frame", async ({ page }) => {
  hostHeaders = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  await open(page, element(`inline scenario="erc20-fan-out" clock="measured" workers="2" view="graph"`));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.locator("iframe")).toHaveCount(0);
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await expect(page.getByTestId("executor")).toContainText("threads");
  await open(page, element(`scenario="erc20-fan-out" clock="measured" workers="2" view="graph"`));
  await verified(figure(page), /threads/);
});

test("one figure runs at a time, and the others after it", async ({ page }) => {
  // It runs for minutes, so that it still does when the second has been loaded, on whatever machine.
  const long = JSON.stringify({ title: "Long", transactions: [{ generate: { workload: "compute", count: 1000, accounts: 1000, rounds: 5000 } }] });
  await open(
    page,
    frame(`clock=measured&workers=2&repeats=100&view=graph#scenario=${encodeURIComponent(long)}`) +
      `<div style="height:4000px"></div>` +
      frame(`example=${SIMPLE}&view=graph`).replace("figure", "second"),
  );
  const [first, second] = [page.frameLocator("iframe[title=figure]"), page.frameLocator("iframe[title=second]")];
  await expect(first.getByTestId("cancel")).toBeVisible();
  await page.locator("iframe[title=second]").scrollIntoViewIfNeeded();
  await expect(second.getByTestId("waits")).toBeVisible();
  await page.locator("iframe[title=figure]").scrollIntoViewIfNeeded();
  await first.getByTestId("cancel").click();
  await verified(second, /threads/);
  await expect(first.locator(".verdict")).toContainText("Cancelled");
});

test("it links to the whole page with the same scenario and settings", async ({ page }) => {
  await open(page, frame("example=nonce-chain&strategy=ladder&workers=6&view=graph"));
  await verified(figure(page), /threads/);
  const address = await figure(page).getByTestId("open").getAttribute("href");
  await page.goto(address!);
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await expect(page.getByLabel("Strategy", { exact: true })).toHaveValue("ladder");
  await expect(page.getByLabel("Workers, as a number")).toHaveValue("6");
  await expect(page.getByTestId("examples")).toHaveValue("nonce-chain");
});

/** More than fits into an address: every value is another one, and nothing of it can be packed. */
const LONG = JSON.stringify({
  title: "Long",
  accounts: { alice: "1000 ether" },
  transactions: Array.from({ length: 400 }, (_, i) => ({ from: "alice", to: `0x${createHash("sha256").update(`${i}`).digest("hex").slice(0, 40)}`, value: i, data: `0x${createHash("sha512").update(`${i}`).digest("hex")}` })),
});

for (const [name, shown, reloads] of [
  ["an example", (origin: string) => frame(`example=erc20-fan-out&strategy=ladder&clock=measured&workers=2&repeats=7&view=graph`, "", origin), true],
  ["a scenario that is too long for an address", (origin: string) => element(`strategy="ladder" clock="measured" workers="2" repeats="7" view="graph"`, `<script type="application/json">${LONG}</script>`, origin), false],
] as const) {
  test(`it opens ${name} in the whole page with its report, which is not made again`, async ({ page, context }) => {
    await open(page, shown(ISOLATED));
    await verified(figure(page), /threads/);
    const verdict = await figure(page).locator(".verdict").first().innerText();
    expect(times(verdict)).toHaveLength(2);
    const opened = context.waitForEvent("page");
    await figure(page).getByTestId("open").click();
    const whole = await opened;
    await whole.waitForURL((url) => url.pathname === "/");
    await expect(whole.getByTestId("proof")).toContainText("equal to sequential");
    expect(await whole.evaluate(() => crossOriginIsolated)).toBe(true);
    // Two measurements are never the same.
    expect(times(await whole.locator(".verdict").first().innerText())).toEqual(times(verdict));
    await expect(whole.getByLabel("Strategy", { exact: true })).toHaveValue("ladder");
    await expect(whole.getByLabel("Workers, as a number")).toHaveValue("2");
    // What is there can be run, and what was kept for it is gone.
    expect(await whole.evaluate(async () => (await (await caches.open("evm-lanes-handed-over")).keys()).length)).toBe(0);
    await whole.getByTestId("run").click();
    await expect.poll(async () => times(await whole.locator(".verdict").first().innerText())).not.toEqual(times(verdict));
    // Loaded again it is a link, if there is one.
    if (!reloads) return;
    await whole.reload();
    await expect(whole.getByTestId("examples")).toHaveValue("erc20-fan-out");
    await expect(whole.getByLabel("Strategy", { exact: true })).toHaveValue("ladder");
  });
}

/** Every time in a verdict. */
function times(verdict: string): string[] {
  return verdict.match(/[\d.,]+\s[µμm]?s\b/g) ?? [];
}

for (const [name, headers, attributes] of [
  ["an isolated host", { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }, ""],
  ["a sandbox", {}, 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"'],
] as const) {
  test(`from ${name} the whole page has the scenario by its link, and runs it`, async ({ page, context }) => {
    hostHeaders = headers;
    await open(page, frame("example=nonce-chain&strategy=ladder&workers=6&view=graph", attributes));
    await verified(figure(page), /threads/);
    const opened = context.waitForEvent("page");
    await figure(page).getByTestId("open").click();
    const whole = await opened;
    await expect(whole.getByTestId("examples")).toHaveValue("nonce-chain");
    await expect(whole.getByTestId("proof")).toContainText("equal to sequential");
    expect(new URL(whole.url()).pathname).toBe("/");
    await expect(whole.getByLabel("Workers, as a number")).toHaveValue("6");
  });
}

test("a window takes nothing over from another site", async ({ page, context }) => {
  await open(page, "<button>Open</button>");
  const opened = context.waitForEvent("page");
  await page.evaluate((address) => {
    document.querySelector("button")!.addEventListener("click", () => {
      const other = globalThis.open(address)!;
      const shared = "#v=1&example=hot-recipient";
      setInterval(() => other.postMessage({ ns: "evm-lanes", v: 1, type: "hand-over", shared, report: null }, "*"), 100);
    });
    globalThis.heard = [];
    addEventListener("message", (event) => heard.push(event.data));
  }, `${ISOLATED}/embed.html#pop-out`);
  await page.getByRole("button").click();
  const window = await opened;
  await expect(window.locator("main")).toContainText("The figure could not be taken over", { timeout: 30_000 });
  expect(new URL(window.url()).pathname).toBe("/embed.html");
  expect(await page.evaluate(() => heard)).toEqual([]);
});

test("what the page writes for authors shows the figure, in every form that is HTML", async ({ page }) => {
  const snippets: [string, string][] = [];
  await page.goto(`${ISOLATED}/?example=nonce-chain&strategy=ladder`);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await page.getByTestId("open-embed").click();
  const dialog = page.getByTestId("embed-dialog");
  await dialog.getByLabel("lanes").uncheck();
  for (const kind of ["element", "iframe", "sandbox", "mdbook"]) {
    await dialog.getByLabel("For").selectOption(kind);
    snippets.push([kind, await dialog.getByTestId("snippet-page").inputValue()]);
  }
  await page.screenshot({ path: "results/embed-dialog.png" });
  expect(await violations(page, "dialog[open]")).toEqual([]);
  for (const [kind, snippet] of snippets) {
    await test.step(kind, async () => {
      await open(page, snippet);
      await verified(figure(page), /threads/);
      await expect(figure(page).locator(".verdict")).toContainText("ladder");
      await expect(figure(page).locator(".picture")).toHaveCount(1);
    });
  }
});

for (const scheme of ["light", "dark"] as const) {
  test(`on a ${scheme} host of 480 pixels it looks at home, and axe finds nothing`, async ({ page }) => {
    await page.setViewportSize({ width: 480, height: 1100 });
    const [ink, paper] = scheme === "light" ? ["#222", "#fdf6e3"] : ["#ddd", "#002b36"];
    await open(
      page,
      `<style>body { color: ${ink}; background: ${paper}; font-family: Georgia, serif; } evm-lanes { --evm-lanes-paper: ${paper}; --evm-lanes-font: Georgia, serif; }</style>
       <p>A hot recipient, in prose.</p>${element(`scenario="erc20-fan-out" strategy="block-stm" workers="4"`)}<p>And on with the text.</p>`,
    );
    await verified(figure(page), /threads/);
    const inside = page.frames().find((frame) => frame.url().includes("embed.html"))!;
    await expect.poll(() => inside.evaluate(() => document.documentElement.dataset.theme)).toBe(scheme);
    expect(await inside.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain("Georgia");
    expect(await inside.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    // It is as high as its content.
    await expect.poll(() => inside.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(1);
    await page.screenshot({ path: `results/embed-${scheme}.png`, fullPage: true });
    expect(await violations(inside)).toEqual([]);
    // The host changes its mind.
    await page.evaluate((ink) => (document.body.style.color = ink), scheme === "light" ? "#eee" : "#111");
    await expect.poll(() => inside.evaluate(() => document.documentElement.dataset.theme)).toBe(scheme === "light" ? "dark" : "light");
  });
}
