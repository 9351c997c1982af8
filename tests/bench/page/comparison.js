// One block by our engine and by @ethereumjs/vm, in turn. A wrong result is no measurement.

import { EngineClient } from "../../../web/src/engine/client.ts";
import { single } from "../../../web/src/engine/platform.ts";

const ONE_THREAD = { strategy: "sequential", workers: 1, clock: "measured", repeats: 1 };

/** The blocks that both execute: those of `blocks/index.json` that say so. */
export async function listed() {
  const { blocks } = await (await load("index.json")).json();
  return blocks.filter((block) => block.ethereumjs);
}

/**
 * Medians in milliseconds, and the median of the rounds' ratios. The first round warms up and is not counted.
 * Rejects if there is any difference in the gas of a transaction or in the state after the block.
 */
export async function measure(id, rounds, onRound = () => {}) {
  const text = await (await load(`${id}.json`)).text();
  const theirs = new Theirs();
  const ours = new EngineClient({ platform: single("measured on one thread") });
  try {
    await theirs.call("prepare", address(`${id}.lowered.json`));
    const times = [];
    for (let round = 0; round <= rounds; round++) {
      const { verdict, transactions } = await ours.run(text, ONE_THREAD);
      if (!verdict.equal) throw new Error(`${id}: our engine differs from stock revm`);
      const { time, gasUsed, stateRoot } = await theirs.call(round < rounds ? "time" : "finish");
      const wrong = transactions.findIndex((transaction, index) => transaction.gasUsed !== gasUsed[index]);
      if (wrong >= 0) {
        throw new Error(`${id}: transaction ${wrong} uses ${transactions[wrong].gasUsed} gas here and ${gasUsed[wrong]} there`);
      }
      if (round === rounds && stateRoot !== verdict.sequentialStateRoot) {
        throw new Error(`${id}: the state's root is ${verdict.sequentialStateRoot} here and ${stateRoot} there`);
      }
      if (round > 0) times.push({ ours: verdict.sequential / 1000, theirs: time, transactions: transactions.length });
      onRound(round);
    }
    return {
      rounds,
      transactions: times[0].transactions,
      ours: median(times.map(({ ours }) => ours)),
      theirs: median(times.map(({ theirs }) => theirs)),
      ratio: median(times.map(({ ours, theirs }) => theirs / ours)),
    };
  } finally {
    ours.dispose();
    theirs.dispose();
  }
}

/** @ethereumjs/vm in its worker. */
class Theirs {
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

  call(name, argument) {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data: { result, error } }) => (error ? reject(new Error(error)) : resolve(result));
      this.#worker.onerror = ({ message }) => reject(new Error(message || "the worker of @ethereumjs/vm did not start"));
      this.#worker.postMessage({ name, argument });
    });
  }

  dispose() {
    this.#worker.terminate();
  }
}

async function load(file) {
  const response = await fetch(address(file));
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  return response;
}

function address(file) {
  return new URL(`blocks/${file}`, document.baseURI).href;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
