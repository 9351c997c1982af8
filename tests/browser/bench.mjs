// Measures the engine and the page in Chromium, for `cargo xtask bench`: { repeats, workloads: [{ name, text }] } on standard
// input, rows of both on standard output. web/dist must be built.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { chromium } from "@playwright/test";

import { measurePage } from "./page-bench.mjs";

const PORT = 4312;
const origin = `http://127.0.0.1:${PORT}`;
const { repeats, workloads } = JSON.parse(await text(process.stdin));

const web = new URL("../../web/", import.meta.url).pathname;
const server = spawn(
  process.execPath,
  ["node_modules/vite/bin/vite.js", "preview", "--host", "127.0.0.1", "--strictPort", "--port", String(PORT)],
  { cwd: web, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, EVM_LANES_ISOLATION: "on" } },
);
const executablePath = process.env.CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  for (let attempt = 0; ; attempt++) {
    try {
      await page.goto(`${origin}/bench.html`);
      break;
    } catch (error) {
      if (attempt === 50 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const rows = [];
  for (const { name, text } of workloads) {
    // One engine at a time, in a fresh coordinator: builds must not share a heap's history.
    const measure = (build, strategy, workers) =>
      page.evaluate(
        async ({ text, build, options }) => {
          const platform = build === "single" ? bench.single("measured alone") : bench.platform;
          const client = new bench.EngineClient({ platform });
          try {
            if ((await client.ready).build !== build) throw new Error(`the ${build} build did not start`);
            const { verdict, transactions } = await client.run(text, options);
            if (!verdict.equal) throw new Error("parallel and sequential differ");
            return { ...verdict, transactions: transactions.length };
          } finally {
            client.dispose();
          }
        },
        { text, build, options: { strategy, workers, clock: "measured", repeats } },
      );
    const alone = await measure("single", "sequential", 1);
    const one = await measure("threads", "block-stm", 1);
    const all = await measure("threads", "block-stm", cores);
    rows.push({
      name,
      transactions: all.transactions,
      sequentialSingleBuild: alone.sequential,
      sequential: all.sequential,
      oneWorker: one.parallel,
      workers: all.workers,
      allWorkers: all.parallel,
      aborts: all.aborts,
    });
    console.error(`  ${name}`);
  }
  await page.close();
  const pageRows = await measurePage(browser, origin);
  console.log(JSON.stringify({ runtime: `Chromium ${browser.version()}`, rows, page: pageRows }));
} finally {
  await browser.close();
  server.kill();
  await once(server, "exit");
}
