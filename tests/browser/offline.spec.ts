// After a first visit: the site without a network, its versions, and what is kept of it. Served as a host with header files does,
// in a folder of its own.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "@playwright/test";

import { example, expect, test } from "./engine.ts";
import { serve } from "./node.ts";
import { RECIPES } from "./recipes.ts";
import { DIST, SiteServer } from "./site-server.ts";

test.use({ serviceWorkers: "allow" });

const BLOCK = (JSON.parse(readFileSync(new URL("formats.json", import.meta.url), "utf8")) as { name: string; texts: string[] }[]).find(({ name }) => name === "block")!.texts;
const site = new SiteServer();
const address = (): string => `${site.at("127.0.0.1")}/`;

test.afterAll(() => site.stop());
test.beforeEach(async () => {
  await site.start();
  site.reset();
  site.path = "/tools/evm-lanes/";
  site.recipe = RECIPES["nginx"]!;
});

/** A visit that lasts until all is kept that is kept by itself. */
async function visit(page: Page): Promise<void> {
  await page.goto(address());
  await verified(page);
  await expect.poll(() => kept(page), { timeout: 60_000 }).toEqual(everything(DIST));
}

async function verified(page: Page): Promise<void> {
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await expect(page.getByTestId("executor")).toContainText("threads");
}

/** The paths of all that is kept, by anybody on this origin. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return caches_
      .flat()
      .map(({ url }) => new URL(url).pathname)
      .sort();
  });
}

/** Of a built site, what a visit with threads keeps. */
function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !/^compiler\/|^wasm\/single\/|^service-worker\.js$|^bench\.html$/.test(path))
    .map((path) => `${site.path}${path}`)
    .sort();
}

/** What is used of vite. */
interface Vite {
  build(options: {
    root: string;
    mode: string;
    logLevel: "error";
    build: { outDir: string; emptyOutDir: boolean };
    plugins: { name: string; transform(code: string, id: string): string | null }[];
  }): Promise<unknown>;
}

/** Another build: of a page that says so in its first line, and with another glue of the modules, whose name is the same. */
async function secondBuild(): Promise<string> {
  const web = join(DIST, "..");
  const folder = mkdtempSync(join(tmpdir(), "evm-lanes-second-"));
  const { build } = (await import(pathToFileURL(join(web, "node_modules/vite/dist/node/index.js")).href)) as Vite;
  const mark = (code: string, id: string): string | null => (id.endsWith("/src/main.ts") ? `document.documentElement.dataset.build = "second";\n${code}` : null);
  for (const mode of ["production", "embed", "offline"]) {
    await build({ root: web, mode, logLevel: "error", build: { outDir: folder, emptyOutDir: mode === "production" }, plugins: [{ name: "second", transform: mark }] });
    if (mode === "production") for (const name of ["threads", "single"]) appendFileSync(join(folder, `wasm/${name}/evm_lanes_wasm.js`), "\n// second\n");
  }
  return folder;
}

let second = "";
test.beforeAll(async () => {
  test.setTimeout(300_000);
  second = await secondBuild();
});
test.afterAll(() => rmSync(second, { recursive: true, force: true }));

const buildOf = (page: Page): Promise<string | null> => page.evaluate(() => document.documentElement.dataset.build ?? null);

/** Has the browser look for a newer worker, and waits until one is complete. */
async function waitForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const there = (await navigator.serviceWorker.getRegistration())!;
    await there.update();
    while (!there.waiting) await new Promise((done) => setTimeout(done, 50));
  });
}

for (const [way, disconnect] of [
  ["offline", (context: BrowserContext) => context.setOffline(true)],
  ["with the server stopped", () => site.stop()],
] as const) {
  test(`once visited it runs ${way}: the page with threads, an example, a lesson, the gallery, an import`, async ({ page, context, errors }) => {
    await visit(page);
    await disconnect(context);
    await page.reload();
    await verified(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

    await page.getByTestId("examples").selectOption("erc20-hot-recipient");
    await verified(page);
    await page.getByTestId("open-gallery").click();
    await expect(page.getByTestId("gallery").locator("li, article, a").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByTestId("open-lessons").click();
    await expect(page.locator("#lesson-title")).toBeVisible();
    await expect(page.getByTestId("feedback").locator(".sentence")).toHaveText("Not yet:");
    await page.getByTestId("open-intake").click();
    await page.getByTestId("intake-files").setInputFiles(BLOCK.map((text, i) => ({ name: `${i}.json`, mimeType: "text/plain", buffer: Buffer.from(text) })));
    await page.getByTestId("use").click();
    await expect(page.getByTestId("examples").locator("option:checked")).toHaveText("Examples (own text)");
    await verified(page);
    // The browser's own look for a newer worker is an error in the console, and nobody else's.
    expect(errors.splice(0).filter((error) => !/service-worker\.js|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|unknown error occurred when fetching the script/.test(error))).toEqual([]);
  });
}

test("the compiler is kept when that is asked for, and then compiles offline", async ({ page, context }) => {
  await visit(page);
  expect(site.asked.filter((path) => path.includes("/compiler/"))).toEqual([]);
  await page.getByRole("button", { name: "Help and glossary" }).click();
  const panel = page.getByTestId("offline");
  await expect(panel).toContainText("It runs without a network");
  await panel.getByRole("button", { name: "Keep the compiler, too" }).click();
  await expect(panel).toContainText("The Solidity compiler is kept, too");
  await page.screenshot({ path: "results/offline-panel.png" });
  await page.keyboard.press("Escape");
  await context.setOffline(true);
  await page.reload();
  await verified(page);
  await page.getByRole("button", { name: "Contract", exact: true }).first().click();
  await page.locator("contract-tab").getByRole("button", { name: "Compile" }).click();
  await expect(page.locator("contract-tab").getByTestId("findings")).toContainText("No problems.");

  await context.setOffline(false);
  await page.getByRole("button", { name: "Help and glossary" }).click();
  await panel.getByRole("button", { name: "Remove what is kept" }).click();
  await expect(panel).toContainText("Nothing is kept now.");
  expect(await kept(page)).toEqual([]);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

test("a new version is announced, waits for other pages, and takes what is typed along", async ({ page, context, errors }) => {
  await visit(page);
  await page.reload();
  await verified(page);
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(example("independent-transfers").replace(/"title": "[^"]*"/, '"title": "Typed by hand"'));
  await expect(page.locator(".source > header h2")).toHaveText("Typed by hand");

  const other = await context.newPage();
  await other.goto(address());
  await verified(other);
  site.folder = second;
  await waitForUpdate(page);
  const notice = page.getByTestId("update");
  await expect(notice).toContainText("A new version of EVM Lanes is ready.");
  await page.screenshot({ path: "results/offline-update.png" });

  // What was kept is still of the first version; what was not is refused, rather than taken from the second.
  const glue = (build: string): Promise<[number, boolean]> =>
    page.evaluate(async (build) => {
      const response = await fetch(`wasm/${build}/evm_lanes_wasm.js`);
      return [response.status, (await response.text()).includes("// second")] as [number, boolean];
    }, build);
  expect(await glue("threads")).toEqual([200, false]);
  expect(await glue("single")).toEqual([503, false]);
  expect(errors.splice(0).filter((error) => !error.includes("503"))).toEqual([]);

  await notice.getByRole("button", { name: "Reload" }).click();
  await expect(notice).toContainText("Close the other page");
  expect(await buildOf(page)).toBeNull();
  await other.close();
  await expect(async () => {
    await notice.getByRole("button", { name: "Reload" }).click({ timeout: 1_000 });
    await expect.poll(() => buildOf(page).catch(() => null), { timeout: 5_000 }).toBe("second");
  }).toPass();
  await expect(page.locator(".source > header h2")).toHaveText("Typed by hand");
  await verified(page);
  expect(await glue("threads")).toEqual([200, true]);
  // Nothing of the first version is left, and all of the second is there.
  await expect.poll(() => kept(page)).toEqual(everything(second));
});

test("a new version is taken by the next visit, before anything is typed there", async ({ page }) => {
  await visit(page);
  await page.reload();
  await verified(page);
  site.folder = second;
  await waitForUpdate(page);
  expect(await buildOf(page)).toBeNull();
  await page.reload();
  await expect.poll(() => buildOf(page).catch(() => null)).toBe("second");
  await verified(page);
  await expect(page.getByTestId("update")).toHaveCount(0);
});

test("what a host puts into a page later is there on the visit after", async ({ page }) => {
  await visit(page);
  site.pages = { "index.html": (built) => built.replace("<head>", '<head><meta name="evm-lanes-nodes" content="off">') };
  await page.reload();
  await verified(page);
  await page.reload();
  await verified(page);
  await expect(page.locator('meta[name="evm-lanes-nodes"]')).toHaveCount(1);
});

test("only the site's own files are kept: no other file beside them, and nothing of a node", async ({ page, errors }) => {
  await visit(page);
  site.pages = { "block.json": "[]" };
  await page.reload();
  await verified(page);
  site.asked = [];
  for (let i = 0; i < 2; i++) expect(await page.evaluate(async () => (await fetch("block.json")).status)).toBe(200);
  expect(site.asked.filter((path) => path.endsWith("block.json"))).toHaveLength(2);

  const asked: string[] = [];
  const node = await serve((request, response) => {
    asked.push(request.method ?? "");
    response.writeHead(request.method === "OPTIONS" ? 204 : 401, { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" }).end();
  });
  try {
    await page.getByTestId("open-intake").click();
    await page.getByTestId("open-node").click();
    await page.getByLabel("Address", { exact: true }).fill(node.address);
    await page.getByRole("button", { name: "Fetch" }).click();
    await expect.poll(() => asked).toContain("POST");
  } finally {
    node.server.close();
  }
  expect(await kept(page)).toEqual(everything(DIST));
  // The node's answer.
  errors.splice(0);
});

test("a service worker that the host has for the folder is left alone", async ({ page }) => {
  site.pages = { "hosts.js": "addEventListener('fetch', () => undefined);", "hosts.html": "<!doctype html><title>Host</title><link rel=icon href=data:,>" };
  site.recipe = () => ({});
  await page.goto(`${address()}hosts.html`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("hosts.js");
    await navigator.serviceWorker.ready;
  });
  site.recipe = RECIPES["nginx"]!;
  await page.goto(address());
  await verified(page);
  await page.getByRole("button", { name: "Help and glossary" }).click();
  await expect(page.getByTestId("offline")).toContainText("its host has a service worker of its own for this folder");
  const scripts = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ active }) => active?.scriptURL));
  expect(scripts).toEqual([`${address()}hosts.js`]);
});

test("it can be installed, and its icons are pictures of the one icon", async ({ page, context }) => {
  await visit(page);
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // All pages of these tests are in private windows.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const { icons } = JSON.parse(readFileSync(join(DIST, "app.webmanifest"), "utf8")) as { icons: { src: string; sizes: string; purpose?: string }[] };
  for (const { src, sizes, purpose } of icons.filter(({ sizes }) => sizes !== "any")) {
    // The mean difference of a channel between the picture and the drawing, which leaves a margin where a mask may cut.
    const difference = await page.evaluate(
      async ([src, size, inner]) => {
        const draw = async (source: string, width: number): Promise<Uint8ClampedArray> => {
          const image = new Image();
          image.src = source;
          await image.decode();
          const context = new OffscreenCanvas(size, size).getContext("2d")!;
          if (width < size) {
            context.fillStyle = "#14171a";
            context.fillRect(0, 0, size, size);
          }
          context.drawImage(image, (size - width) / 2, (size - width) / 2, width, width);
          return context.getImageData(0, 0, size, size).data;
        };
        const [picture, drawing] = [await draw(src, size), await draw("icon.svg", inner)];
        return picture.reduce((sum, value, i) => sum + Math.abs(value - drawing[i]!), 0) / picture.length;
      },
      [src, Number.parseInt(sizes), purpose === "maskable" ? Math.round(Number.parseInt(sizes) * 0.8) : Number.parseInt(sizes)] as const,
    );
    expect(difference, src).toBeLessThan(2);
  }
});
