// Blocks of a real node, taken by the page itself.
import { readdirSync } from "node:fs";
import type { Page } from "@playwright/test";

import { headersOf } from "../../web/headers.ts";
import { expect, test } from "./engine.ts";
import { Anvil, body, findAnvil, serve } from "./node.ts";
import { RECIPES } from "./recipes.ts";

const program = findAnvil();
const withAnvil = test.extend<{ anvil: Anvil }>({
  anvil: async ({}, use) => {
    const anvil = await Anvil.start(program!);
    await use(anvil);
    anvil.stop();
  },
});

const fetched = (page: Page) => page.getByTestId("fetched");

async function openPanel(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await page.getByTestId("open-intake").click();
  await page.getByTestId("open-node").click();
  await expect(page.locator("node-panel")).toBeVisible();
}

async function ask(page: Page, address: string): Promise<void> {
  await page.getByLabel("Address", { exact: true }).fill(address);
  await page.getByRole("button", { name: "Fetch" }).click();
}

const stored = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify({ ...localStorage }));

/** The report of the run that the page shows, but for how the scenario says in words where it is from. */
async function report(page: Page): Promise<unknown> {
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  return page.evaluate(() => {
    const { store } = document.querySelector("app-page") as unknown as { store: { state: { finished: { report: { scenario: object } } } } };
    const { report } = store.state.finished;
    return { ...report, scenario: { ...report.scenario, title: "", description: "" } };
  });
}

withAnvil.describe("with anvil", () => {
  withAnvil.skip(program === null, "npm ci in tests/node brings anvil");

  withAnvil("a block is taken, agrees with its receipts, and runs", async ({ page, anvil, errors: _ }) => {
    const { number, hashes } = await anvil.mineTransfers();
    await openPanel(page);
    await ask(page, anvil.address);
    await expect(fetched(page)).toContainText(`Block ${Number(number)} of chain 31337`);
    await expect(fetched(page)).toContainText("5 transactions; its state is from the node's tracer");
    await expect(page.getByTestId("agrees")).toBeVisible();
    await page.getByTestId("use-block").click();
    await expect(page.getByTestId("intake")).toBeHidden();
    await expect(page.getByTestId("proof")).toContainText("equal to sequential");
    const rows = page.locator("transaction-table tbody tr");
    await expect(rows).toHaveCount(hashes.length);
    // The example that was there is kept.
    await expect(page.getByRole("button", { name: "Back to my text" })).toBeVisible();
    expect(await stored(page)).not.toContain("127.0.0.1");
  });

  withAnvil("a block gives the same report through the panel and as files", async ({ page, anvil, errors: _ }) => {
    const { number } = await anvil.mineTransfers();
    await openPanel(page);
    await ask(page, anvil.address);
    await expect(page.getByTestId("agrees")).toBeVisible();
    await page.getByTestId("use-block").click();
    await expect(page.getByTestId("intake")).toBeHidden();
    await expect(page.locator("transaction-table tbody tr")).toHaveCount(5);
    const fromNode = await report(page);
    const files = {
      "block.json": await anvil.call("eth_getBlockByNumber", number, true),
      "prestate.json": await anvil.call("debug_traceBlockByNumber", number, { tracer: "prestateTracer" }),
      "receipts.json": await anvil.call("eth_getBlockReceipts", number),
    };
    await page.reload();
    await expect(page.getByTestId("proof")).toContainText("equal to sequential");
    await page.getByTestId("open-intake").click();
    await page.getByTestId("intake-files").setInputFiles(Object.entries(files).map(([name, value]) => ({ name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) })));
    await page.getByTestId("use").click();
    await expect(page.getByTestId("intake")).toBeHidden();
    await expect(page.locator("transaction-table tbody tr")).toHaveCount(5);
    expect(await report(page)).toEqual(fromNode);
  });

  withAnvil("chosen transactions are taken", async ({ page, anvil, errors: _ }) => {
    const { hashes } = await anvil.mineTransfers();
    await openPanel(page);
    await page.locator("node-panel").getByLabel("Take").selectOption("transactions");
    await page.getByLabel("Hashes").fill(hashes.slice(1, 4).join("\n"));
    await ask(page, anvil.address);
    await expect(fetched(page)).toContainText("3 transactions");
    await expect(page.getByTestId("agrees")).toBeVisible();
    // What was typed is still there when something else is looked at meanwhile.
    await page.locator("node-panel").getByLabel("Take").selectOption("block");
    await expect(page.getByLabel("Hashes")).toBeHidden();
    await page.locator("node-panel").getByLabel("Take").selectOption("transactions");
    await expect(page.getByLabel("Hashes")).toHaveValue(hashes.slice(1, 4).join("\n"));
  });

  withAnvil("a node without debug_ is looked up, and what differs from the receipts is shown", async ({ page, anvil, errors: _ }) => {
    await anvil.mineTransfers();
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };
    // A node in front of anvil, which has no tracer and is wrong about the first receipt.
    const { address, server } = await serve((request, response) => {
      if (request.method === "OPTIONS") return void response.writeHead(204, cors).end();
      void body(request).then(async (asked) => {
        const missing = { jsonrpc: "2.0", id: 0, error: { code: -32601, message: "the method does not exist" } };
        if (asked.includes('"debug_')) return response.writeHead(200, cors).end(JSON.stringify(missing));
        const answer = await (await fetch(anvil.address, { method: "POST", headers: { "content-type": "application/json" }, body: asked })).text();
        response.writeHead(200, cors).end(asked.includes("Receipt") ? answer.replace('"status":"0x1"', '"status":"0x0"') : answer);
      });
    });
    await openPanel(page);
    await ask(page, address);
    await expect(fetched(page)).toContainText("its state is from look-ups");
    await expect(fetched(page)).toContainText("1 transaction of 5 differs from its receipt");
    await expect(page.locator(".differences tbody tr")).toHaveCount(1);
    await expect(page.locator(".differences tbody tr")).toContainText("#0");
    await expect(page.getByTestId("agrees")).toHaveCount(0);
    server.close();
  });

  withAnvil("what is wrong is said", async ({ page, anvil, errors: _ }) => {
    await openPanel(page);
    await page.getByLabel("Chain id").fill("1");
    await ask(page, anvil.address);
    await expect(fetched(page)).toContainText("the node is of chain 31337, not of chain 1");
    await page.getByLabel("Chain id").fill("");
    await page.getByLabel("Number, hash or latest").fill("99");
    await ask(page, anvil.address);
    await expect(fetched(page)).toContainText("the node has no block 99");
    await ask(page, "ftp://127.0.0.1");
    await expect(page.locator("node-panel").getByRole("alert")).toContainText("must begin with http:// or https://");
  });

  withAnvil("an address is kept if that is wanted, and forgotten", async ({ page, anvil, errors: _ }) => {
    await anvil.mineTransfers();
    await openPanel(page);
    await page.getByLabel("Remember this address").check();
    await ask(page, anvil.address);
    await expect(page.getByTestId("agrees")).toBeVisible();
    expect(await stored(page)).toContain(anvil.address);
    await openPanel(page);
    await expect(page.getByLabel("Address", { exact: true })).toHaveValue(`${anvil.address}/`);
    await page.getByTestId("forget").click();
    expect(await stored(page)).not.toContain(anvil.address);
  });
});

test("a node that limits is asked again, and a cancel ends the wait", async ({ page, errors }) => {
  let asked = 0;
  const { address, server } = await serve((request, response) => {
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type", "access-control-expose-headers": "retry-after" };
    if (request.method === "OPTIONS") return void response.writeHead(204, cors).end();
    asked++;
    void body(request).then(() => response.writeHead(429, { ...cors, "retry-after": "2" }).end());
  });
  await openPanel(page);
  await ask(page, `${address}/secret-key`);
  await expect(fetched(page)).toContainText("Asking again in 2.0 s, because the node limits how often it may be asked");
  await expect(fetched(page)).toContainText("1 retry");
  await expect(fetched(page)).not.toContainText("secret-key");
  await page.getByTestId("cancel-fetch").click();
  await expect(fetched(page)).toContainText("Cancelled");
  const before = asked;
  await page.waitForTimeout(2500);
  expect(asked).toBe(before);
  server.close();
  // Chromium reports every status that is an error.
  expect(errors.every((error) => error.includes("429"))).toBe(true);
  errors.length = 0;
});

test("a node that does not allow the page, and one that is not there, are told with what to do", async ({ page, errors }) => {
  const { address, server } = await serve((_, response) => void response.end("{}"));
  await openPanel(page);
  await ask(page, address);
  await expect(fetched(page)).toContainText(`start anvil with --allow-origin, geth with --http.corsdomain ${new URL(page.url()).origin}`);
  server.close();
  errors.length = 0;
});

test("only the worker that asks nodes may connect elsewhere", async ({ page, errors }) => {
  const { address, server } = await serve((_, response) => void response.writeHead(200, { "access-control-allow-origin": "*" }).end("reached"));
  await page.goto("/");
  const outcome = (): Promise<string> =>
    page.evaluate(async (url) => {
      try {
        return await (await fetch(url)).text();
      } catch (error) {
        return String(error);
      }
    }, address);
  expect(await outcome()).toContain("Failed to fetch");
  expect(errors.some((error) => error.includes("Content Security Policy") || error.includes("violates"))).toBe(true);
  server.close();
  errors.length = 0;
});

test("a page that says so asks no nodes", async ({ page, errors: _ }) => {
  await page.route("**/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("<title>", '<meta name="evm-lanes-nodes" content="off" /><title>') });
  });
  await page.goto("/");
  await page.getByTestId("open-intake").click();
  await expect(page.getByTestId("intake")).toBeVisible();
  await expect(page.getByTestId("open-node")).toHaveCount(0);
});

test("every host's recipe lets that worker's script connect, and nothing else", () => {
  const built = new URL("../../web/dist/", import.meta.url);
  const scripts = ["node", "assets"].flatMap((folder) => readdirSync(new URL(folder, built)).filter((name) => name.endsWith(".js")).map((name) => `/${folder}/${name}`));
  expect(scripts.filter((path) => path.startsWith("/node/"))).toHaveLength(1);
  for (const path of ["/", "/embed.html", ...scripts]) {
    const policy = headersOf(path, true)["Content-Security-Policy"];
    expect(policy.includes("http:")).toBe(path.startsWith("/node/"));
    for (const [host, recipe] of Object.entries(RECIPES)) expect(recipe(path)["Content-Security-Policy"], `${host}: ${path}`).toBe(policy);
  }
});
