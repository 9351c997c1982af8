// The caps of what a page takes and does, for people: each stands where it is kept, and a test compares (web/test/limits.test.ts).

import { MAX_TEXT as MAX_IMPORTED } from "../intake/types.ts";
import { MAX_LINK } from "../share/link.ts";
import { MAX_WORKERS } from "./types.ts";

/** Numbers, bytes, gas, or milliseconds. */
export const LIMITS = {
  /** Of a scenario. */
  text: 8 << 20,
  transactions: 50_000,
  accounts: 50_000,
  transactionGas: 1_000_000_000,
  blockGas: 100_000_000_000,
  /** Of one value, code or call data. */
  bytes: 1 << 20,
  /** Call data of all transactions. */
  data: 64 << 20,
  /** Of a run. */
  workers: MAX_WORKERS,
  memory: 2 * 2 ** 30,
  speculations: 5,
  /** Of what comes in and goes out. */
  imported: MAX_IMPORTED,
  link: MAX_LINK,
  compilation: 60_000,
} as const;

export type Limit = keyof typeof LIMITS;
