// Measures the engine and the page in Chromium, for `cargo xtask bench`: node bench.mjs SCENARIOS RESULT REPEATS. Scenarios
// are in a folder, listed by its index.json. web/dist must be built.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { chromium } from "@playwright/test";

import { measurePage } from "./page-bench.mjs";

const PORT = 4312;
const origin = `http://127.0.0.1:${PORT}`;
const [folder, result, repeats] = process.argv.slice(2);
const { strategies, blocks } = JSON.parse(await readFile(`${folder}/index.json`, "utf8"));

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
  const measured = [];
  for (const block of blocks) {
    const row = await measureBlock(page, block, cores);
    measured.push(row);
    print(row);
  }
  const real = measured.filter((row) => row.real);
  if (real.length > 0) {
    measured.push(total(real));
    print(measured.at(-1));
  }
  await page.close();
  const pageRows = await measurePage(browser, origin);
  const runtime = `Chromium ${browser.version()}`;
  await writeFile(result, JSON.stringify({ runtime, cores, repeats: Number(repeats), blocks: measured, page: pageRows }));
} finally {
  await browser.close();
  server.kill();
  await once(server, "exit");
}

/** One block, in every way. `sequential` is the baseline in the build without threads. */
async function measureBlock(page, { id, name, real }, cores) {
  const text = await readFile(`${folder}/${id}.json`, "utf8");
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
      { text, build, options: { strategy, workers, clock: "measured", repeats: Number(repeats) } },
    );
  const single = await measure("single", "sequential", 1);
  const alone = single.sequential;
  const runs = [];
  for (const strategy of strategies.filter((strategy) => strategy !== "sequential")) {
    for (const workers of new Set([1, cores])) {
      const run = await measure("threads", strategy, workers);
      const sequential = Math.min(alone, run.sequential);
      const speedup = sequential / run.parallel;
      runs.push({
        strategy,
        workers: run.workers,
        time: run.parallel,
        sequential,
        speedup,
        efficiency: speedup / run.workers,
        wastedWork: run.workRatio,
        // What the threads of a page take together, the page cannot know.
        processorSeconds: null,
        attempts: run.attempts,
        aborts: run.aborts,
        blocked: run.blocked,
      });
    }
  }
  return { block: id, name, real, transactions: single.transactions, sequential: alone, runs };
}

/** Several blocks as if they were one: sums of times, and ratios of sums. */
function total(rows) {
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const of = (key) => sum(rows.map((row) => row[key]));
  const runs = rows[0].runs.map(({ strategy, workers }, index) => {
    const runs = rows.map((row) => row.runs[index]);
    const [time, sequential, attempts, aborts, blocked] = ["time", "sequential", "attempts", "aborts", "blocked"].map((key) => sum(runs.map((run) => run[key])));
    const wastedWork = sum(runs.map((run) => run.wastedWork * run.sequential)) / sequential;
    const speedup = sequential / time;
    return { strategy, workers, time, sequential, speedup, efficiency: speedup / workers, wastedWork, processorSeconds: null, attempts, aborts, blocked };
  });
  const name = `all ${rows.length} real blocks`;
  return { block: "real-total", name, transactions: of("transactions"), sequential: of("sequential"), runs };
}

function print({ block, name, transactions, sequential, runs }) {
  const ms = (microseconds) => `${(microseconds / 1000).toFixed(2)} ms`;
  console.log(`\n${block}: ${name}, ${transactions} transactions`);
  console.log(`  sequential baseline ${ms(sequential)}`);
  for (const { strategy, workers, time, speedup, efficiency, wastedWork, aborts, blocked } of runs) {
    console.log(
      `  ${strategy.padEnd(14)} ${workers} workers ${ms(time).padStart(11)} ${speedup.toFixed(2).padStart(6)}×` +
        ` ${(efficiency * 100).toFixed(0).padStart(4)} % efficient, ${wastedWork.toFixed(2)} wasted, ${aborts} aborts, ${blocked} blocked`,
    );
  }
}
