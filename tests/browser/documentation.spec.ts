// What the page writes for authors, in sites that the documentation tools themselves build (tests/docs), served as a host does
// that sends no headers, on another site than the figures'.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type FrameLocator, type Page } from "@playwright/test";

import type { EvmLanesElement } from "../../web/src/embed/element.ts";
import type { SnippetId } from "../../web/src/embed/snippets.ts";
import { expect, test } from "./engine.ts";
import { ISOLATED } from "./playwright.config.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const npm = (name: string): string => join(docs, "node_modules/.bin", name);
/** Installed by `cargo xtask test`, which says where. */
const { EVM_LANES_MDBOOK: mdbook, EVM_LANES_SPHINX: sphinx } = process.env;

interface Tool {
  /** Its program, if it is installed. */
  readonly program: string | undefined;
  /** Builds the site in the folder where it runs. */
  readonly build: readonly string[];
  /** Where it leaves that. */
  readonly output: string;
  /** Pages with a figure, and with one of a scenario of the author's own, as the snippets for these forms make them. */
  readonly pages: readonly { readonly form: SnippetId; readonly figure: string; readonly own: string }[];
  /** Whether links change the page without loading another. */
  readonly client: boolean;
  /** Switches the site to a dark theme, if it has one. */
  readonly darken?: (page: Page) => Promise<void>;
}

const TOOLS: Readonly<Record<string, Tool>> = {
  mdbook: {
    program: mdbook,
    build: ["build"],
    output: "book",
    pages: [{ form: "mdbook", figure: "figure.html", own: "own.html" }],
    client: false,
    darken: async (page) => {
      await page.locator("#mdbook-theme-toggle").click();
      await page.locator("#mdbook-theme-navy").click();
    },
  },
  sphinx: {
    program: sphinx,
    build: ["-q", "-W", ".", "built"],
    output: "built",
    pages: [
      { form: "sphinx", figure: "figure-rst.html", own: "own-rst.html" },
      { form: "myst", figure: "figure-myst.html", own: "own-myst.html" },
    ],
    client: false,
  },
  vitepress: {
    program: npm("vitepress"),
    build: ["build"],
    output: ".vitepress/dist",
    pages: [{ form: "vitepress", figure: "figure.html", own: "own.html" }],
    client: true,
    darken: (page) => page.locator(".VPNavBarAppearance .VPSwitch").click(),
  },
  docusaurus: {
    program: npm("docusaurus"),
    build: ["build"],
    output: "build",
    pages: [{ form: "mdx", figure: "figure", own: "own" }],
    client: true,
    darken: async (page) => {
      const toggle = page.locator(".navbar button[class*=toggleButton]");
      await expect(async () => {
        await toggle.click();
        await expect(page.locator("html")).toHaveAttribute("data-theme", "dark", { timeout: 500 });
      }).toPass();
    },
  },
};

/** All that means something to one of the tools, to HTML or to JavaScript. */
const TITLE = `{{ x }} {y} \${z} @@a@@ |b| **c** _d_ [e](f) :g: <i>h</i> & &lt; "j" 'k' \\n \\ # % \`l\` ~~~ {#m} {{#include n}} é 💥`;
const OWN = `{
  // ${TITLE}

  "title": ${JSON.stringify(TITLE)},

  "accounts": { "alice": "10 ether", "bob": "10 ether" },
  "transactions": [
    { "from": "alice", "to": "carol", "value": "1 ether" },

    { "from": "bob", "to": "carol", "value": "1 ether" }
  ]
}
`;

/** What the page writes for an author who has this on it, by what stands for it in tests/docs. */
const snippets = new Map<string, string>();

/** Copies every form from the page's dialog. */
async function collect(page: Page, prefix: string): Promise<void> {
  await page.getByTestId("open-embed").click();
  const dialog = page.getByTestId("embed-dialog");
  await dialog.getByLabel("lanes").uncheck();
  const forms = await dialog.getByLabel("For").locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  for (const form of forms) {
    await dialog.getByLabel("For").selectOption(form);
    snippets.set(`${prefix}${form}`, await dialog.getByTestId("snippet-page").inputValue());
    const site = dialog.getByTestId("snippet-site");
    if (await site.count()) snippets.set(`site ${form}`, await site.inputValue());
  }
  await dialog.getByRole("button", { name: "Close" }).click();
}

/** Writes the snippets into the sources of a site. */
function fill(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const source = readFileSync(path, "utf8");
    const filled = source.replace(/^( *)@@([a-z ]+)@@$/gm, (_, indent: string, name: string) => {
      const snippet = snippets.get(name);
      if (snippet === undefined) throw new Error(`${path}: the page writes no ${name}`);
      return snippet.replace(/^(?=.)/gm, indent);
    });
    if (filled !== source) writeFileSync(path, filled);
  }
}

/** Serves a folder as documentation's hosts do. */
async function serve(folder: string): Promise<{ origin: string; server: Server }> {
  const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/favicon.ico") return void response.writeHead(204).end();
    const path = join(folder, decodeURIComponent(pathname));
    const file = [path, `${path}.html`, join(path, "index.html")].find((file) => existsSync(file) && statSync(file).isFile());
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

const figure = (page: Page, which = "evm-lanes iframe"): FrameLocator => page.frameLocator(which);

async function verified(frame: FrameLocator, executor: RegExp, strategy = "ladder"): Promise<void> {
  // The tool's own scripts and fonts come first.
  await expect(frame.getByTestId("proof")).toContainText("equal to sequential", { timeout: 60_000 });
  await expect(frame.getByTestId("executor")).toContainText(executor);
  await expect(frame.locator(".verdict")).toContainText(strategy);
}

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(`${ISOLATED}/?example=erc20-fan-out&strategy=ladder&workers=2&clock=measured`);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await collect(page, "");
  await page.goto(`${ISOLATED}/?strategy=ladder#scenario=${encodeURIComponent(OWN)}`);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await collect(page, "own ");
  await page.close();
});

for (const [name, tool] of Object.entries(TOOLS)) {
  test.describe(name, () => {
    test.skip(tool.program === undefined || !existsSync(tool.program), `${name} is not installed: cargo xtask test does that`);
    let site: { origin: string; server: Server };

    test.beforeAll(async () => {
      test.setTimeout(300_000);
      // Beside the packages, so that they are found from there.
      const folder = join(docs, "built", name);
      rmSync(folder, { recursive: true, force: true });
      cpSync(join(docs, name), folder, { recursive: true });
      fill(folder);
      execFileSync(tool.program!, tool.build, { cwd: folder, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, CI: "1", NO_UPDATE_NOTIFIER: "1" } });
      site = await serve(join(folder, tool.output));
    });
    test.afterAll(() => {
      site?.server.closeAllConnections();
      site?.server.close();
    });

    for (const { form, figure: shown, own } of tool.pages) {
      test(`what is written for ${form} runs on threads in a plain page`, async ({ page }) => {
        await page.goto(`${site.origin}/${shown}`);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        await page.screenshot({ path: `results/documentation-${form}.png` });
        await page.goto(`${site.origin}/${own}`);
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        expect(await page.evaluate(async () => (await document.querySelector<EvmLanesElement>("evm-lanes")!.getReport())!.scenario.title)).toBe(TITLE);
      });
    }

    const address = (path: string): string => `${site.origin}/${path}`;
    const [{ figure: shown }] = tool.pages as [Tool["pages"][0]];

    test("where the browser cannot isolate a frame it runs on workers that exchange messages", async ({}, { project }) => {
      const { args, ...options } = project.use.launchOptions!;
      const browser = await chromium.launch({ ...options, args: [...args!, "--disable-features=DocumentIsolationPolicy"] });
      try {
        const page = await browser.newPage();
        await page.goto(address(shown));
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /pool/, "messages");
      } finally {
        await browser.close();
      }
    });

    if (tool.client) {
      test("a page that is changed without loading another has the figure each time", async ({ page }) => {
        await page.goto(address(""));
        await page.evaluate(() => (document.body.dataset.same = "yes"));
        const follow = (name: string): Promise<void> => page.getByRole("link", { name, exact: true }).first().click();
        await follow("A figure");
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        await follow("A page without figures");
        await expect(page.locator("evm-lanes")).toHaveCount(0);
        await follow("A scenario of one's own");
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        await page.goBack();
        await page.goBack();
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        expect(await page.evaluate(() => document.body.dataset.same)).toBe("yes");
      });
    }

    const { darken } = tool;
    if (darken) {
      test("it is as dark as the page is", async ({ page }) => {
        await page.goto(address(shown));
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(figure(page), /threads/);
        const theme = (): Promise<string | undefined> =>
          page.frames().find((frame) => frame.url().includes("embed.html"))!.evaluate(() => document.documentElement.dataset.theme);
        await expect.poll(theme).toBe("light");
        await darken(page);
        await expect.poll(theme).toBe("dark");
        await page.screenshot({ path: `results/documentation-${name}-dark.png` });
      });
    }

    test("frames run on threads, with and without a sandbox", async ({ page }) => {
      await page.goto(`${site.origin}/${tool.client && name === "docusaurus" ? "frames" : "frames.html"}`);
      for (const which of ["iframe:not([sandbox])", "iframe[sandbox]"]) {
        await page.locator(which).scrollIntoViewIfNeeded();
        await verified(figure(page, which), /threads/);
      }
    });
  });
}
