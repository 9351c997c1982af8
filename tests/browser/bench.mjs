// Measures the engine and the page in Chromium, for `cargo xtask bench`: node bench.mjs SETTINGS RESULT. The first is a file
// with a number of rounds, the folder with scenarios (listed by its index.json, in the folder `blocks`
// of the page beside @ethereumjs/vm) and the command that times stock revm natively. web/dist must be built.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { chromium } from "@playwright/test";

import { measureBlock, print, total } from "./blocks-bench.mjs";
import { NativeRevm } from "./native.mjs";
import { measurePage } from "./page-bench.mjs";

const [settingsPath, result] = process.argv.slice(2);
const { rounds, comparison, native } = JSON.parse(await readFile(settingsPath, "utf8"));
const { deltas, blocks } = JSON.parse(await readFile(`${comparison}/blocks/index.json`, "utf8"));

const root = new URL("../../", import.meta.url).pathname;
const site = await serve([]);
const beside = await serve(["--config", "../tests/bench/page/vite.config.js", "--outDir", comparison]);
const stock = new NativeRevm(native, root);
const executablePath = process.env.CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await open(site, "bench.html");
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const measured = [];
  for (const block of blocks) {
    const text = await readFile(`${comparison}/blocks/${block.id}.json`, "utf8");
    const row = await measureBlock(page, stock, { ...block, text }, { rounds, deltas: deltas.at(-1), cores });
    measured.push(row);
    print(row);
  }
  const real = measured.filter((row) => row.real);
  if (real.length > 0) {
    measured.push(total(real));
    print(measured.at(-1));
  }
  await page.close();
  const besidePage = await open(beside, "");
  const ethereumjs = [];
  for (const { id, name } of blocks.filter((block) => block.ethereumjs)) {
    // It takes seconds a round, and its ratios are far from what is wanted.
    const row = await besidePage.evaluate(([id, rounds]) => comparison.measure(id, rounds), [id, Math.min(rounds, 3)]);
    ethereumjs.push({ block: id, name, ...row });
    console.error(`  ${name}, with @ethereumjs/vm`);
  }
  await besidePage.close();
  const pageRows = await measurePage(browser, site.origin);
  const runtime = `Chromium ${browser.version()}`;
  await writeFile(result, JSON.stringify({ runtime, cores, rounds, blocks: measured, ethereumjs, page: pageRows }));
} finally {
  await browser.close();
  stock.end();
  for (const { server } of [site, beside]) {
    if (server.exitCode === null && server.kill()) await once(server, "exit");
  }
}

/** A folder that vite has built, with the headers of its configuration. */
async function serve(words) {
  // One that is free now: whatever is served elsewhere must not be measured.
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  const server = spawn(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "preview", "--host", "127.0.0.1", "--strictPort", "--port", String(port), ...words],
    { cwd: `${root}web`, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, EVM_LANES_ISOLATION: "on" } },
  );
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** A page of it, once it answers. */
async function open({ server, origin }, path) {
  const page = await browser.newPage();
  for (let attempt = 0; ; attempt++) {
    try {
      await page.goto(`${origin}/${path}`);
      return page;
    } catch (error) {
      if (attempt === 50 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
