// The built site as each recipe of docs/hosting has it served, and the executor that comes of it: the rows are those of the table
// of situations that was measured before (in a page, in frames of plain and isolated pages, with `sandbox`).

import type { FrameLocator, Page } from "@playwright/test";

import { headersOf } from "../../web/headers.ts";
import { expect, test } from "./engine.ts";
import { RECIPES } from "./recipes.ts";
import { SiteServer } from "./site-server.ts";

const FIGURE = "embed.html?example=erc20-fan-out&clock=measured&workers=2&view=graph";

/** The site, and a host that frames it, as they are served now. */
const site = new SiteServer();
const host = new SiteServer();
let attributes = "";

const hostPage = (address: string): string =>
  `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head><body><iframe title="figure" width="100%" height="800" ${attributes} src="${address}"></iframe></body></html>`;

test.beforeAll(async () => {
  await site.start();
  await host.start();
});
test.afterAll(async () => {
  await site.stop();
  await host.stop();
});
test.beforeEach(() => {
  for (const server of [site, host]) server.reset();
  attributes = "";
});

async function executor(where: Page | FrameLocator, expected: RegExp): Promise<void> {
  await expect(where.getByTestId("proof")).toContainText("equal to sequential");
  await expect(where.getByTestId("executor")).toContainText(expected);
}

/** In a frame of the host's page. */
async function framed(page: Page, expected: RegExp): Promise<void> {
  host.pages = { "": hostPage(`${site.at("127.0.0.1")}/${FIGURE}`) };
  await page.goto(host.at("localhost"));
  await executor(page.frameLocator("iframe"), expected);
}

test("row 1: without headers there are no threads, and the result is the same", async ({ page }) => {
  await page.goto(site.at("127.0.0.1"));
  await executor(page, /pool|single/);
});

for (const [name, served] of Object.entries(RECIPES)) {
  test.describe(name, () => {
    test.beforeEach(() => {
      site.recipe = served;
    });

    test("row 2: the page itself has threads", async ({ page }) => {
      await page.goto(site.at("127.0.0.1"));
      await executor(page, /threads/);
      expect(site.recipe("/")["Content-Security-Policy"]).toContain("frame-ancestors 'self'");
    });

    for (const [row, sandbox] of [
      ["row 6: a frame in a plain page", ""],
      ["row 7: with sandbox and no origin", 'sandbox="allow-scripts"'],
      ["row 8: with sandbox and its origin", 'sandbox="allow-scripts allow-same-origin"'],
    ] as const) {
      test(`${row} has threads`, async ({ page }) => {
        attributes = sandbox;
        await framed(page, /threads/);
      });
    }

    for (const [row, coep, allow] of [
      ["row 12: a frame in an isolated page, with allow", "require-corp", 'allow="cross-origin-isolated"'],
      ["row 21: a frame in an isolated page, without allow", "require-corp", ""],
      ["row 21: a frame in a page that is isolated without credentials", "credentialless", ""],
    ] as const) {
      test(`${row} has threads`, async ({ page }) => {
        host.recipe = () => ({ "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": coep });
        attributes = allow;
        await framed(page, /threads/);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      });
    }
  });
}

test.describe("GitHub Pages, where the site's own service worker sends them", () => {
  test.use({ serviceWorkers: "allow" });

  test("row 16: the page has threads after one reload, and the policies of the other hosts", async ({ page }) => {
    let loads = 0;
    page.on("domcontentloaded", () => loads++);
    await page.goto(site.at("127.0.0.1"));
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true);
    await executor(page, /threads/);
    expect(loads).toBe(2);
    const sent = await page.evaluate(async () => Object.fromEntries((await fetch("./")).headers));
    for (const [name, value] of Object.entries(headersOf("/", true))) expect(sent[name.toLowerCase()], name).toBe(value);
  });

  test("row 17: a frame in a page of the same origin has threads if its page says so, and the page stays as it is", async ({ page }) => {
    const meta = '<head><meta name="evm-lanes-service-worker" content="on">';
    site.pages = { "docs.html": hostPage(FIGURE), "embed.html": (built) => built.replace("<head>", meta) };
    await page.goto(`${site.at("127.0.0.1")}/docs.html`);
    await executor(page.frameLocator("iframe"), /threads/);
    await page.reload();
    await executor(page.frameLocator("iframe"), /threads/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  test("a figure registers nothing by itself, nor does a page that is told not to", async ({ page }) => {
    site.pages = { "docs.html": hostPage(FIGURE), "index.html": (built) => built.replace("<head>", '<head><meta name="evm-lanes-service-worker" content="off">') };
    await page.goto(`${site.at("127.0.0.1")}/docs.html`);
    await executor(page.frameLocator("iframe"), /pool|single/);
    await page.goto(site.at("127.0.0.1"));
    await executor(page, /pool|single/);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  });
});
