// The documentation tools, their sites in tests/docs, and what the page writes into those.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FrameLocator, Page } from "@playwright/test";

import type { SnippetId } from "../../web/src/embed/snippets.ts";
import { expect } from "./engine.ts";
import { ISOLATED } from "./playwright.config.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const npm = (name: string): string => join(docs, "node_modules/.bin", name);
/** Installed by `cargo xtask test`, which says where. */
const { EVM_LANES_MDBOOK: mdbook, EVM_LANES_SPHINX: sphinx } = process.env;

/** A tool and its site. */
export interface Tool {
  /** Its program, if it is installed. */
  readonly program: string | undefined;
  /** Builds the site in the folder where it runs. */
  readonly build: readonly string[];
  /** Where it leaves that. */
  readonly output: string;
  /** Pages with a figure, and with one of a scenario of the author's own, as the snippets for these forms make them. */
  readonly pages: readonly { readonly form: SnippetId; readonly figure: string; readonly own: string }[];
  /** The page with frames. */
  readonly frames: string;
  /** Whether links change the page without loading another. */
  readonly client: boolean;
  /** Switches the site to a dark theme, if it has one. */
  readonly darken?: (page: Page) => Promise<void>;
}

/** All of them. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  mdbook: {
    program: mdbook,
    build: ["build"],
    output: "book",
    pages: [{ form: "mdbook", figure: "figure.html", own: "own.html" }],
    frames: "frames.html",
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
    frames: "frames.html",
    client: false,
  },
  vitepress: {
    program: npm("vitepress"),
    build: ["build"],
    output: ".vitepress/dist",
    pages: [{ form: "vitepress", figure: "figure.html", own: "own.html" }],
    frames: "frames.html",
    client: true,
    darken: (page) => page.locator(".VPNavBarAppearance .VPSwitch").click(),
  },
  docusaurus: {
    program: npm("docusaurus"),
    build: ["build"],
    output: "build",
    pages: [{ form: "mdx", figure: "figure", own: "own" }],
    frames: "frames",
    client: true,
    darken: async (page) => {
      const toggle = page.locator(".navbar button[class*=toggleButton]");
      // It does nothing before React has taken over, and the system's theme comes first.
      await expect(async () => {
        await toggle.click();
        await expect(page.locator("html")).toHaveAttribute("data-theme", "dark", { timeout: 500 });
      }).toPass();
    },
  },
};

/** Whether it can be tried. */
export function isInstalled({ program }: Tool): boolean {
  return program !== undefined && existsSync(program);
}

/** All that means something to one of the tools, to HTML or to JavaScript. */
export const OWN_TITLE = `{{ x }} {y} \${z} @@a@@ |b| **c** _d_ [e](f) :g: <i>h</i> & &lt; "j" 'k' \\n \\ # % \`l\` ~~~ {#m} {{#include n}} é 💥`;
const OWN = `{
  // ${OWN_TITLE}

  "title": ${JSON.stringify(OWN_TITLE)},

  "accounts": { "alice": "10 ether", "bob": "10 ether" },
  "transactions": [
    { "from": "alice", "to": "carol", "value": "1 ether" },

    { "from": "bob", "to": "carol", "value": "1 ether" }
  ]
}
`;

/** What the page writes, by what stands for it in tests/docs: `mdbook`, `own mdbook`, `site mdx`, … */
export type Snippets = ReadonlyMap<string, string>;

/** Copies every form from the page's dialog: of an example, and of a scenario of the author's own. */
export async function writtenSnippets(page: Page): Promise<Snippets> {
  const snippets = new Map<string, string>();
  for (const [prefix, address] of [
    ["", "?example=erc20-fan-out&strategy=ladder&workers=2&clock=measured"],
    ["own ", `?strategy=ladder#scenario=${encodeURIComponent(OWN)}`],
  ] as const) {
    await page.goto(`${ISOLATED}/${address}`);
    await expect(page.getByTestId("proof")).toContainText("✓", { timeout: 60_000 });
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
  return snippets;
}

/** A site as documentation's hosts serve it: without any headers, and on another site than the figures'. */
export interface Site {
  readonly origin: string;
  close(): void;
}

/** Writes the snippets into the site's sources, has the tool build it, unless it has done so already, and serves it. */
export async function buildSite(name: string, snippets: Snippets): Promise<Site> {
  const { program, build, output } = TOOLS[name]!;
  // Beside the packages, so that they are found from there.
  const folder = join(docs, "built", name);
  const stamp = join(docs, "built", `${name}.json`);
  const sources = filled(join(docs, name), snippets);
  const now = JSON.stringify([sources, program, build]);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== now) {
    for (const path of [folder, stamp]) rmSync(path, { recursive: true, force: true });
    cpSync(join(docs, name), folder, { recursive: true });
    for (const [path, text] of sources) writeFileSync(join(folder, path), text);
    execFileSync(program!, build, { cwd: folder, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, CI: "1", NO_UPDATE_NOTIFIER: "1" } });
    writeFileSync(stamp, now);
  }
  const server = await serve(join(folder, output));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The figure in a page, however long the tool's own scripts and fonts take. */
export async function verified(frame: FrameLocator, executor: RegExp, strategy = "ladder"): Promise<void> {
  await expect(frame.getByTestId("proof")).toContainText("equal to sequential", { timeout: 60_000 });
  await expect(frame.getByTestId("executor")).toContainText(executor);
  await expect(frame.locator(".verdict")).toContainText(strategy);
}

/** The texts of a folder, with the snippets in place of their names. */
function filled(folder: string, snippets: Snippets): [string, string][] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(folder, path)).isFile());
  return files.sort().map((path) => {
    const text = readFileSync(join(folder, path), "utf8").replace(/^( *)@@([a-z ]+)@@$/gm, (_, indent: string, name: string) => {
      const snippet = snippets.get(name);
      if (snippet === undefined) throw new Error(`${path}: the page writes no ${name}`);
      return snippet.replace(/^(?=.)/gm, indent);
    });
    return [path, text];
  });
}

async function serve(folder: string): Promise<Server> {
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
  return server;
}
