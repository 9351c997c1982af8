// The npm package as somebody has it who installs it: what is in it, its types, its manifest, and the figure it shows.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "./engine.ts";

const web = fileURLToPath(new URL("../../web", import.meta.url));
let project: string;
let folder: string;

test.beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "evm-lanes-"));
  folder = join(project, "node_modules/evm-lanes");
  mkdirSync(folder, { recursive: true });
  execFileSync("node", ["package.mjs", folder], { cwd: web });
});
test.afterAll(() => rmSync(project, { recursive: true, force: true }));

const json = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;

test("npm would publish all that its package.json names, and neither the compiler nor the tests' page", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" })) as { files: { path: string }[]; size: number }[];
  const files = packed!.files.map(({ path }) => path);
  const { exports, types, customElements } = json<{ exports: Record<string, string | Record<string, string>>; types: string; customElements: string }>("package.json");
  const named = Object.values(exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
  for (const target of [...named, types, customElements].filter((target) => !target.includes("*"))) {
    expect(files).toContain(target.replace(/^\.\//, ""));
  }
  expect(files).toEqual(expect.arrayContaining(["report.d.ts", "site/embed.html", "site/evm-lanes.js", "site/wasm/threads/evm_lanes_wasm_bg.wasm", "LICENSE-MIT", "README.md"]));
  expect(files.filter((path) => /compiler|bench\.html/.test(path.replace("site/assets/", "")))).toEqual([]);
  expect(packed!.size).toBeLessThan(3_000_000);
});

test("its types hold what it can be told, and refuse what it cannot", () => {
  const compile = (source: string): string => {
    writeFileSync(join(project, "page.ts"), source);
    const options = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
    try {
      return execFileSync(join(web, "node_modules/.bin/tsc"), [...options, "page.ts"], { cwd: project, encoding: "utf8" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
  const use = (line: string): string => `import type { Report } from "evm-lanes"; import "evm-lanes";
const lanes = document.createElement("evm-lanes"); ${line}`;
  expect(compile(use(`lanes.view = "graph"; lanes.configure({ workers: 3, strategy: "ladder" }).then(() => lanes.run());
const report: Promise<Report | null> = lanes.getReport(); export { report };`))).toBe("");
  expect(compile(use('void lanes.configure({ strategy: "fastest" });'))).toContain("fastest");
  expect(compile(use("lanes.nothing();"))).toContain("nothing");
});

test("its manifest is of the element", () => {
  const { modules } = json<{ modules: { path: string; declarations: { tagName: string; attributes: { name: string }[]; events: { name: string }[] }[] }[] }>("custom-elements.json");
  const [{ path, declarations }] = modules as [(typeof modules)[0]];
  expect(existsSync(join(folder, path))).toBe(true);
  expect(declarations[0]!.tagName).toBe("evm-lanes");
  expect(declarations[0]!.attributes.map(({ name }) => name)).toEqual(expect.arrayContaining(["scenario", "view", "workers", "inline"]));
  expect(declarations[0]!.events.map(({ name }) => name).sort()).toEqual(["error", "ready", "report", "run"]);
});

test("imported by name it shows a figure from the site that is in it", async ({ page }) => {
  const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };
  const server = createServer((request, response) => {
    const path = join(project, new URL(request.url ?? "/", "http://localhost").pathname);
    if (path === join(project, "/")) {
      return void response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "evm-lanes": "/node_modules/evm-lanes/index.js" } }</script>
<script type="module">import { EvmLanesElement } from "evm-lanes"; document.title = String(document.querySelector("evm-lanes") instanceof EvmLanesElement);</script>
</head><body><evm-lanes scenario="nonce-chain" view="graph"></evm-lanes></body></html>`);
    }
    if (!existsSync(path) || !statSync(path).isFile()) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(path)] ?? "text/plain" }).end(readFileSync(path));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await expect(page).toHaveTitle("true");
  await expect(page.frameLocator("iframe").getByTestId("proof")).toContainText("equal to sequential");
  server.closeAllConnections();
  server.close();
});
