// Figures in other people's pages, in Firefox, which has no Document-Isolation-Policy: only an isolated host gives them threads.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

import { expect, test } from "../engine.ts";
import { ISOLATED } from "../playwright.config.ts";
import { needsFirefox, proved } from "./firefox.ts";

needsFirefox();

const ISOLATING = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const frame = (attributes: string): string => `<iframe title="figure" width="100%" height="900" ${attributes} src="${ISOLATED}/embed.html?example=mixed-block&clock=measured&workers=2&view=graph+timeline"></iframe>`;

let server: Server;
let answer = { body: "", headers: {} };

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== "/") return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html", ...answer.headers });
    response.end(`<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head><body>${answer.body}</body></html>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
test.afterAll(() => void server?.close());

/** Opens a page of another site with this in it, and waits for the figure's proof. */
async function shows(page: Page, body: string, executor: RegExp, headers = {}): Promise<void> {
  answer = { body, headers };
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
  const figure = page.frameLocator("iframe");
  await proved(figure);
  await expect(figure.getByTestId("executor")).toContainText(executor);
  await expect(figure.locator(".picture")).toHaveCount(2);
  // What a pool carries says so; where it did not start, one worker would have done it.
  if (body.includes("clock=measured") && executor.test("pool")) await expect(figure.locator(".verdict")).toContainText("messages");
}

test("in a plain page of another site a pool runs it", ({ page }) => shows(page, frame(""), /pool/));

test("so it does in a frame with a sandbox and no origin", ({ page }) => shows(page, frame('sandbox="allow-scripts"'), /pool/));

test("an isolated host that delegates it gets threads", ({ page }) => shows(page, frame('allow="cross-origin-isolated"'), /threads/, ISOLATING));

test("the element shows it, and obeys", async ({ page }) => {
  const element = `<script type="module" src="${ISOLATED}/evm-lanes.js"></script><evm-lanes scenario="nonce-chain" view="graph timeline" workers="3"></evm-lanes>`;
  await shows(page, element, /pool/);
  await page.evaluate(() => document.querySelector("evm-lanes")!.setAttribute("strategy", "ladder"));
  await expect(page.frameLocator("iframe").locator(".verdict")).toContainText("ladder");
  await proved(page.frameLocator("iframe"));
});
