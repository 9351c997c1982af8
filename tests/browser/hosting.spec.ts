// The built site as each recipe of docs/hosting has it served, and the executor that comes of it: the rows are those of the table
// of situations that was measured before (in a page, in frames of plain and isolated pages, with `sandbox`).

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { FrameLocator, Page } from "@playwright/test";

import { expect, test } from "./engine.ts";
import { RECIPES, SERVICE_WORKER, type Recipe } from "./recipes.ts";

const dist = fileURLToPath(new URL("../../web/dist", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};
const FIGURE = "embed.html?example=erc20-fan-out&clock=measured&workers=2&view=graph";

/** The site, and a host that frames it, as they are served now. */
let recipe: Recipe = () => ({});
let extra: Readonly<Record<string, string>> = {};
let hostHeaders: Record<string, string> = {};
let attributes = "";
let servers: Server[] = [];
let site = "";
let host = "";

const hostPage = (address: string): string =>
  `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head><body><iframe title="figure" width="100%" height="800" ${attributes} src="${address}"></iframe></body></html>`;

function serveSite(): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/docs.html") return void response.writeHead(200, { "Content-Type": "text/html" }).end(hostPage(FIGURE));
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const path = `${dist}${name}`;
    const text = extra[name];
    if (text === undefined && (!existsSync(path) || !statSync(path).isFile())) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream", ...recipe(pathname) });
    const body = text ?? readFileSync(path);
    const worked = extra["/isolate.js"] !== undefined && name.endsWith(".html");
    response.end(worked ? String(body).replace("<head>", '<head><script src="isolate.js"></script>') : body);
  });
}

function serveHost(): Server {
  return createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html", ...hostHeaders });
    response.end(hostPage(`${site}/${FIGURE}`));
  });
}

test.beforeAll(async () => {
  servers = [serveSite(), serveHost()];
  for (const server of servers) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);
  site = `http://127.0.0.1:${first}`;
  host = `http://localhost:${second}`;
});
test.afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
test.beforeEach(() => {
  recipe = () => ({});
  extra = {};
  hostHeaders = {};
  attributes = "";
});

async function executor(where: Page | FrameLocator, expected: RegExp): Promise<void> {
  await expect(where.getByTestId("proof")).toContainText("equal to sequential");
  await expect(where.getByTestId("executor")).toContainText(expected);
}

/** In a frame of the host's page. */
async function framed(page: Page, expected: RegExp): Promise<void> {
  await page.goto(host);
  await executor(page.frameLocator("iframe"), expected);
}

test("row 1: without headers there are no threads, and the result is the same", async ({ page }) => {
  await page.goto(`${site}/`);
  await executor(page, /pool|single/);
});

for (const [name, served] of Object.entries(RECIPES)) {
  test.describe(name, () => {
    test.beforeEach(() => {
      recipe = served;
    });

    test("row 2: the page itself has threads", async ({ page }) => {
      await page.goto(`${site}/`);
      await executor(page, /threads/);
      expect(recipe("/")["Content-Security-Policy"]).toContain("frame-ancestors 'self'");
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
        hostHeaders = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": coep };
        attributes = allow;
        await framed(page, /threads/);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      });
    }
  });
}

test.describe("GitHub Pages, by a service worker", () => {
  test.beforeEach(() => {
    extra = SERVICE_WORKER;
  });

  test("row 16: the page has threads after one reload", async ({ page }) => {
    let loads = 0;
    page.on("domcontentloaded", () => loads++);
    await page.goto(`${site}/`);
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true);
    await executor(page, /threads/);
    expect(loads).toBe(2);
  });

  test("row 17: a frame in a page of the same origin has threads, and the page stays as it is", async ({ page }) => {
    await page.goto(`${site}/docs.html`);
    await executor(page.frameLocator("iframe"), /threads/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });
});
