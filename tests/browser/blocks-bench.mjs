// One block in Chromium: on one thread beside stock revm on this machine, and under the strategies.

/** What one thread is asked for, once. */
const ONE_THREAD = { strategy: "sequential", workers: 1, clock: "measured", repeats: 1 };

/**
 * Measures a block through the page's own client. Times are medians, in microseconds.
 *
 * A speedup is against the faster of both builds' sequential baselines. It has two factors, and each is of neighbours in
 * time: the strategy beside the baseline of its own build, in turn within a call; and that baseline beside the other build's.
 */
export async function measureBlock(page, stock, { id, name, real, text }, { rounds, deltas, cores }) {
  const engines = await page.evaluateHandle(startEngines, text);
  const call = (build, name, options) => engines.evaluate((engines, call) => engines.call(...call), [build, name, options]);
  try {
    const times = { native: [], single: [], threads: [] };
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const native = await stock.time(id);
      const single = await call("single", "run", ONE_THREAD);
      const threads = await call("threads", "run", ONE_THREAD);
      if (round === 0) continue;
      times.native.push(native);
      times.single.push(single.sequential);
      times.threads.push(threads.sequential);
    }
    const [stockRevm, single, threads] = [times.native, times.single, times.threads].map(median);
    const oneThread = { stockRevm, single, threads, ratio: medianRatio(times.native, times.single) };
    const faster = Math.min(1, medianRatio(times.single, times.threads));

    // Of a real block nothing is known beforehand, not even who sends what.
    const options = { clock: "measured", repeats: rounds, deltas: "fees", hints: real ? "none" : "senders" };
    const runs = [];
    let transactions = 0;
    for (const workers of new Set([1, Math.min(2, cores), cores])) {
      const comparison = await call("threads", "compare", { ...options, workers });
      transactions = comparison.transactions;
      const rows = comparison.rows.filter((row) => row.strategy !== "sequential");
      runs.push(...rows.map((row) => figures({ ...row, deltas: options.deltas }, comparison.sequential * faster)));
    }
    const most = { ...options, strategy: "ladder", workers: cores, deltas };
    const verdict = await call("threads", "run", most);
    runs.push(figures({ ...verdict, ...most, time: verdict.parallel }, verdict.sequential * faster));
    return { block: id, name, real, transactions, oneThread, runs };
  } finally {
    await engines.evaluate((engines) => engines.end());
  }
}

/** Several blocks as if they were one: sums of times, and ratios of sums. */
export function total(rows) {
  const sum = (of) => rows.reduce((all, row) => all + of(row), 0);
  const [stockRevm, single, threads] = ["stockRevm", "single", "threads"].map((key) => sum((row) => row.oneThread[key]));
  const runs = rows[0].runs.map(({ strategy, workers, deltas }, index) => {
    const sumOfRuns = (of) => sum((row) => of(row.runs[index]));
    const time = sumOfRuns((run) => run.time);
    const sequential = sumOfRuns((run) => run.sequential);
    const speedup = sequential / time;
    const wastedWork = sumOfRuns((run) => run.wastedWork * run.sequential) / sequential;
    const [attempts, aborts, blocked] = ["attempts", "aborts", "blocked"].map((key) => sumOfRuns((run) => run[key]));
    return { strategy, workers, deltas, time, sequential, speedup, efficiency: speedup / workers, wastedWork, attempts, aborts, blocked };
  });
  return {
    block: "real-total",
    name: `all ${rows.length} real blocks`,
    transactions: sum((row) => row.transactions),
    oneThread: { stockRevm, single, threads, ratio: stockRevm / single },
    runs,
  };
}

/** For people, as it is measured. */
export function print({ block, name, transactions, oneThread, runs }) {
  const ms = (microseconds) => `${(microseconds / 1000).toFixed(2)} ms`;
  const { stockRevm, single, threads } = oneThread;
  console.log(`\n${block}: ${name}, ${transactions} transactions`);
  console.log(`  one thread: stock revm natively ${ms(stockRevm)}, here ${ms(single)}, in the build with threads ${ms(threads)}`);
  for (const { strategy, deltas, workers, time, speedup, efficiency, wastedWork, aborts, blocked } of runs) {
    console.log(
      `  ${strategy.padEnd(14)} ${deltas.padEnd(8)} ${workers} workers ${ms(time).padStart(11)} ${speedup.toFixed(2).padStart(6)}×` +
        ` ${(efficiency * 100).toFixed(0).padStart(4)} % efficient, ${wastedWork.toFixed(2)} wasted, ${aborts} aborts, ${blocked} blocked`,
    );
  }
}

/** A row or a verdict, with the sequential baseline's time. */
function figures({ strategy, workers, deltas, time, workRatio: wastedWork, attempts, aborts, blocked }, sequential) {
  const speedup = sequential / time;
  return { strategy, workers, deltas, time, sequential, speedup, efficiency: speedup / workers, wastedWork, attempts, aborts, blocked };
}

/** Runs in the page: both builds, each in a coordinator of its own, of which one works at a time. */
async function startEngines(text) {
  const start = async (build, platform) => {
    const client = new bench.EngineClient({ platform });
    if ((await client.ready).build !== build) throw new Error(`the ${build} build did not start`);
    return client;
  };
  const clients = { single: await start("single", bench.single("measured alone")), threads: await start("threads", bench.platform) };
  const calls = {
    async run(client, options) {
      const { verdict } = await client.run(text, options);
      if (!verdict.equal) throw new Error(`${options.strategy} differs from sequential execution`);
      return verdict;
    },
    async compare(client, options) {
      const comparison = await client.compare(text, options);
      const wrong = comparison.rows.find((row) => !row.equal);
      if (wrong) throw new Error(`${wrong.strategy} differs from sequential execution: ${wrong.firstDifference}`);
      return comparison;
    },
  };
  return {
    call: (build, name, options) => calls[name](clients[build], options),
    end: () => Object.values(clients).forEach((client) => client.dispose()),
  };
}

/** Of `a` over `b`, round by round. */
function medianRatio(a, b) {
  return median(a.map((time, round) => time / b[round]));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
