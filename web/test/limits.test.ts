import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TIME_LIMIT } from "../src/compiler/client.ts";
import { LIMITS, type Limit } from "../src/engine/limits.ts";

const crate = (path: string): string => readFileSync(new URL(`../../crate/${path}`, import.meta.url), "utf8");

/** Where each limit of the engine is kept. */
const KEPT: readonly (readonly [Limit, file: string, name: string])[] = [
  ["text", "engine/src/scenario.rs", "MAX_TEXT"],
  ["transactions", "engine/src/scenario/transactions.rs", "MAX_TRANSACTIONS"],
  ["accounts", "engine/src/scenario/lower.rs", "MAX_ACCOUNTS"],
  ["transactionGas", "engine/src/scenario/transactions.rs", "MAX_GAS"],
  ["blockGas", "engine/src/scenario/transactions.rs", "MAX_TOTAL_GAS"],
  ["bytes", "engine/src/scenario/values.rs", "MAX_BYTES"],
  ["data", "engine/src/scenario/transactions.rs", "MAX_TOTAL_DATA"],
  ["memory", "xtask/src/wasm.rs", "MAX_MEMORY"],
  ["speculations", "schedule/src/strategy/block_stm.rs", "SPECULATIVE_ATTEMPTS"],
];

for (const [limit, file, name] of KEPT) {
  test(`the page says of ${limit} what ${file} keeps`, () => {
    const [, base, shift] = new RegExp(`const ${name}: \\w+ = ([\\d_]+)(?: << (\\d+))?;`).exec(crate(file)) ?? [];
    expect(base, `${name} in ${file}`).toBeDefined();
    expect(LIMITS[limit]).toBe(Number(base.replaceAll("_", "")) * 2 ** Number(shift ?? 0));
  });
}

test("the page says of a compilation what ends it", () => expect(LIMITS.compilation).toBe(TIME_LIMIT));
