import { noun } from "./grammar.ts";

/** How to run, and what the scenario is made of. */
export const controls = {
  label: "How to run",
  strategy: "Strategy",
  workers: "Workers",
  clock: "Clock",
  deltas: "Deltas",
  hints: "Hints",
  seed: "Seed",
  repeats: "Repeats",
  asNumber: (name: string): string => `${name}, as a number`,
  /** `reason` is the executor's. */
  capped: (most: number, wanted: number, reason: string): string => `On the measured clock ${most} of these ${wanted} workers can run here. ${reason}`,
  chosen: (name: string, text: string): string => `${name}: ${text}`,
  noUse: (strategy: string): string => `${strategy} makes no use of them.`,
  cancel: "Cancel",
  progress: "Progress",
  starting: "starting",
  of: (done: string, total: string): string => `${done} of ${total}`,
  phases: {
    setup: "setting up",
    sequential: "running sequentially",
    parallel: "running in parallel",
    analysis: "comparing",
    curve: "working out the curve",
    comparison: "comparing strategies",
  },
  run: "Run",
  runKeys: "Ctrl ⏎",
  knobs: { count: "Transactions", accounts: "Accounts", pools: "Pools", skew: "Skew", reads: "Reads", seed: "Seed" },
};

export const gallery = {
  title: "Gallery",
  find: "Find a system",
  failed: "The list could not be loaded. Close this and open it again to retry.",
  found: (workloads: number): string =>
    workloads === 0 ? "No workload has these words." : `${workloads} ${noun(workloads, "workload")}. Speedups are at 8 workers under the ladder, in virtual time.`,
};

export const workload = {
  variant: "Variant",
  variants: { contended: "Contended", parallel: "Parallel-friendly" } as Readonly<Record<string, string>>,
  speedup: "Speedup at 8 workers under the ladder, virtual time",
  about: "About this workload",
  aboutTitle: (title: unknown): readonly unknown[] => ["About: ", title],
  failed: "The text could not be loaded. Reload the page to try again.",
};
