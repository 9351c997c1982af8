/**
 * Reports for tests: a seeded block of transfers on counters, executed by a small simulated optimistic scheduler, so that
 * timelines have aborts, blocks and commits that fit together. Test code only; the page shows what the engine says.
 */
import type { AbortCause, Change, Comparison, Curve, Edge, Lens, Report, StrategyId, WhatIf } from "../src/engine/types.ts";

export interface FixtureOptions {
  transactions: number;
  workers?: number;
  seed?: number;
  /** How many shared locations; fewer mean more conflicts. 0: none. */
  shared?: number;
  /** Share of transactions that touch a shared location. */
  contention?: number;
}

export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];

export function fixture({ transactions: n, workers = 4, seed = 1, shared = 3, contention = 0.5 }: FixtureOptions): Report {
  const next = random(seed);
  const people = Math.max(2, n);
  const accounts: Report["accounts"] = Array.from({ length: people + 2 }, (_, i) => ({
    address: `0x${(0xa11ce000000 + i).toString(16).padStart(40, "0")}`,
    name: i < people ? (NAMES[i] ?? null) : i === people ? "pool" : null,
    contract: i === people ? "Pool" : null,
    balanceBefore: "0xde0b6b3a7640000",
    balanceAfter: `0x${(1000000000000000000n - BigInt(i) * 10n ** 14n).toString(16)}`,
    nonceBefore: 0,
    nonceAfter: i < n ? 1 : 0,
  }));
  const locations: Report["locations"] = [];
  for (let i = 0; i < shared; i++) {
    locations.push({ kind: "slot", account: people, slot: `0x${i}`, label: `pool.reserve${i}` });
  }
  for (let i = 0; i < n; i++) locations.push({ kind: "nonce", account: i, slot: null, label: `${accounts[i].name ?? `sender${i}`} nonce` });

  const lastWriter = new Map<number, number>();
  const edges: Edge[] = [];
  const transactions: Report["transactions"] = [];
  for (let i = 0; i < n; i++) {
    const touched: number[] = [shared + i];
    if (shared > 0 && next() < contention) touched.push(Math.floor(next() * next() * shared));
    const reads = touched.map((location) => ({ location, value: `0x${i.toString(16)}`, from: lastWriter.get(location) ?? null }));
    const byFrom = new Map<number, number[]>();
    for (const read of reads) if (read.from !== null) byFrom.set(read.from, [...(byFrom.get(read.from) ?? []), read.location]);
    for (const [from, list] of byFrom) edges.push({ from, to: i, locations: list });
    const readOnly = touched.length > 1 && next() < 0.3;
    const written = readOnly ? touched.slice(0, 1) : touched;
    for (const location of written) lastWriter.set(location, i);
    const level = Math.max(0, ...[...byFrom.keys()].map((from) => transactions[from].level + 1));
    const gasUsed = touched.length > 1 ? 60000 + Math.floor(next() * 60000) : 21000;
    transactions.push({
      label: null,
      path: `transactions[${i}]`,
      kind: 2,
      from: i,
      to: touched.length > 1 ? people : (i + 1) % people,
      created: null,
      value: touched.length > 1 ? "0x0" : "0x2386f26fc10000",
      nonce: 0,
      gasLimit: 200000,
      data: touched.length > 1 ? "0x022c0d9f" + "00".repeat(64) : "0x",
      call: touched.length > 1 ? `swap(${1000 + i}, 0)` : null,
      status: i % 17 === 16 ? "revert" : "success",
      reason: i % 17 === 16 ? "slippage" : null,
      gasUsed,
      output: "0x",
      logs: touched.length > 1 ? [{ account: people, topics: [`0x${"ab".repeat(32)}`], data: "0x01", event: `Swap(${i})` }] : [],
      microseconds: null,
      reads,
      writes: written.map((location) => ({ location, value: `0x${(i + 1).toString(16)}`, added: false })),
      level,
      component: 0,
      attempts: 1,
    });
  }

  const { timeline, aborts, blocked, work } = schedule(transactions, edges, workers);
  const total = transactions.reduce((sum, t) => sum + t.gasUsed, 0);
  const chain = heaviest(transactions, edges);
  const longest = Math.max(0, ...transactions.map((t) => t.gasUsed));
  const bound = (p: number): number => (total === 0 ? 1 : total / Math.max(chain.weight, total / p, longest));
  const root = `0x${"5eed".repeat(16)}`;
  return {
    format: 1,
    version: "0.0.0",
    scenario: { title: "Fixture", description: "Made for tests.", fork: "osaka", beneficiary: people + 1, gasLimit: 30000000, baseFee: 7 },
    options: { strategy: "block-stm", workers, clock: "virtual", cost: "gas", seed, deltas: "fees", hints: "senders", repeats: 5 },
    verdict: {
      equal: true,
      differences: [],
      rejectedBy: null,
      sequentialStateRoot: root,
      parallelStateRoot: root,
      unit: "gas",
      sequential: total,
      parallel: timeline.duration,
      speedup: timeline.duration > 0 ? total / timeline.duration : null,
      speedupBound: bound(workers),
      workers,
      messages: false,
      attempts: n + aborts,
      aborts,
      blocked,
      workRatio: total === 0 ? 1 : work / total,
    },
    bounds: { total, criticalPath: chain.weight, longest },
    accessLists: null,
    transactions,
    accounts,
    locations,
    graph: {
      edges,
      writeAfterWrite: [],
      writeAfterRead: [],
      levels: Math.max(0, ...transactions.map((t) => t.level + 1)),
      components: 1,
      criticalPathGas: chain,
      criticalPathTime: null,
    },
    coarser: [byAccount(transactions, people, workers)],
    hot: Array.from({ length: shared }, (_, location) => ({
      location,
      readers: transactions.filter((t) => t.reads.some((r) => r.location === location)).length,
      writers: transactions.filter((t) => t.writes.some((w) => w.location === location)).length,
      edges: edges.filter((e) => e.locations.includes(location)).length,
      costGas: Math.floor(chain.weight / (location + 2)),
      aborts: timeline.causes.filter((c) => c.location === location).length,
    })),
    locks: null,
    timeline,
    curve: null,
  };
}

/** Whoever touches the pool needs whoever did so before; nothing else is shared. */
function byAccount(transactions: Report["transactions"], pool: number, workers: number): Lens {
  const users = transactions.flatMap((t, i) => (t.to === pool ? [i] : []));
  const edges = users.slice(1).map((to, i) => ({ from: users[i], to, locations: [pool] }));
  const total = transactions.reduce((sum, t) => sum + t.gasUsed, 0);
  const weight = users.reduce((sum, i) => sum + transactions[i].gasUsed, 0);
  return {
    granularity: "account",
    graph: {
      edges,
      writeAfterWrite: [],
      writeAfterRead: [],
      levels: Math.max(1, users.length),
      components: transactions.length - edges.length,
      criticalPathGas: { weight, total, transactions: users },
      criticalPathTime: null,
    },
    level: transactions.map((_, i) => Math.max(0, users.indexOf(i))),
    component: transactions.map((_, i) => (users.includes(i) ? 0 : i + 1)),
    hot: [{ location: pool, readers: users.length, writers: users.length, edges: edges.length, costGas: weight, aborts: 0 }],
    speedupBound: total === 0 ? 1 : total / Math.max(weight, total / workers),
  };
}

/** A curve that rises to its bound. */
export function fixtureCurve(report: Report): Curve {
  return {
    points: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].map((workers) => {
      const bound = report.bounds.total / Math.max(report.bounds.criticalPath, report.bounds.total / workers);
      return { workers, bound, speedup: bound * (0.75 + 0.2 / workers), aborts: workers };
    }),
  };
}

/** Every strategy, the later ones a little faster. */
export function fixtureComparison(report: Report): Comparison {
  const { verdict, options, transactions, scenario } = report;
  const strategies: StrategyId[] = ["sequential", "two-phase", "ordered-merge", "block-stm", "ladder", "locks", "dag", "bal"];
  return {
    format: 1,
    title: scenario.title,
    transactions: transactions.length,
    options,
    unit: verdict.unit,
    sequential: verdict.sequential,
    rows: strategies.map((strategy, i) => ({
      strategy,
      workers: strategy === "sequential" ? 1 : verdict.workers,
      time: verdict.sequential / (1 + i / 4),
      speedup: 1 + i / 4,
      speedupBound: strategy === "sequential" ? 1 : verdict.workers,
      attempts: transactions.length + i,
      aborts: i,
      blocked: 0,
      workRatio: 1 + i / 20,
      equal: true,
      differences: 0,
      firstDifference: null,
      oracle: strategy === "dag" || strategy === "bal",
      heedsHints: strategy === "block-stm" || strategy === "ladder",
    })),
  };
}

function schedule(transactions: Report["transactions"], edges: Edge[], workers: number) {
  const n = transactions.length;
  const before = transactions.map(() => [] as Edge[]);
  for (const edge of edges) before[edge.to].push(edge);
  type Row = [kind: number, worker: number, tx: number, inc: number, start: number, end: number, cause: number];
  const rows: Row[] = [];
  const causes: AbortCause[] = [];
  const free = new Array<number>(workers).fill(0);
  const doneAt = new Float64Array(n).fill(Infinity);
  const incarnation = new Uint32Array(n);
  const queue = transactions.map((_, i) => i);
  let aborts = 0;
  let blocked = 0;
  let work = 0;
  while (queue.length > 0) {
    const tx = queue.shift()!;
    let worker = 0;
    for (let w = 1; w < workers; w++) if (free[w] < free[worker]) worker = w;
    const start = free[worker];
    const end = start + transactions[tx].gasUsed;
    const late = before[tx].find((edge) => doneAt[edge.from] > start);
    if (late && incarnation[tx] > 0 && doneAt[late.from] === Infinity) {
      rows.push([1, worker, tx, incarnation[tx], start, start + 4000, late.from]);
      free[worker] = start + 4000;
      blocked++;
      queue.splice(Math.min(queue.length, workers), 0, tx);
      incarnation[tx]++;
      continue;
    }
    rows.push([0, worker, tx, incarnation[tx], start, end, -1]);
    work += transactions[tx].gasUsed;
    free[worker] = end;
    if (late) {
      causes.push({
        victim: tx,
        by: late.from,
        location: late.locations[0],
        readFrom: null,
        read: "0x64",
        now: "0x5f",
        sentence: `Transaction ${tx} read pool.reserve${late.locations[0]} too early: transaction ${late.from} wrote it since.`,
      });
      const seen = Math.max(end, Math.min(doneAt[late.from], end + 1000));
      rows.push([3, worker, tx, incarnation[tx], seen, seen, causes.length - 1]);
      aborts++;
      incarnation[tx]++;
      queue.splice(Math.min(queue.length, workers - 1), 0, tx);
    } else {
      rows.push([2, worker, tx, incarnation[tx], end, end, -1]);
      doneAt[tx] = end;
    }
  }
  let committed = 0;
  for (let i = 0; i < n; i++) {
    committed = Math.max(committed, doneAt[i]);
    transactions[i].attempts = incarnation[i] + 1;
    rows.push([4, 0, i, incarnation[i], committed, committed, -1]);
  }
  rows.sort((a, b) => a[5] - b[5] || a[0] - b[0]);
  const column = (k: number): number[] => rows.map((row) => row[k]);
  const timeline: Report["timeline"] = {
    unit: "gas",
    workers,
    duration: Math.max(0, ...free),
    events: {
      kind: column(0),
      worker: column(1),
      transaction: column(2),
      incarnation: column(3),
      start: column(4),
      end: column(5),
      cause: column(6),
    },
    causes,
  };
  return { timeline, aborts, blocked, work };
}

function heaviest(transactions: Report["transactions"], edges: Edge[]) {
  const weight = transactions.map((t) => t.gasUsed);
  const previous = transactions.map(() => -1);
  for (const edge of [...edges].sort((a, b) => a.to - b.to)) {
    const candidate = weight[edge.from] + transactions[edge.to].gasUsed;
    if (candidate > weight[edge.to]) {
      weight[edge.to] = candidate;
      previous[edge.to] = edge.from;
    }
  }
  let at = weight.indexOf(Math.max(...weight));
  const path: number[] = [];
  for (let v = at; v >= 0; v = previous[v]) path.unshift(v);
  return { weight: weight[at] ?? 0, total: transactions.reduce((s, t) => s + t.gasUsed, 0), transactions: path };
}

/** As if every change took a tenth off the critical path. */
export function fixtureWhatIf(report: Report, changes: readonly Change[]): WhatIf {
  const { verdict, bounds, graph, transactions, hot, locations } = report;
  const standing = (share: number): WhatIf["before"] => ({
    transactions: transactions.length,
    levels: graph.levels,
    total: bounds.total,
    criticalPath: bounds.criticalPath * share,
    bound: verdict.speedupBound === null ? null : verdict.speedupBound / share,
    parallel: verdict.parallel * share,
    speedup: verdict.speedup === null ? null : verdict.speedup / share,
    aborts: verdict.aborts,
  });
  return {
    unit: verdict.unit,
    workers: verdict.workers,
    before: standing(1),
    after: standing(0.9 ** changes.length),
    sentence: changes.length === 0 ? "As it is." : `With ${changes.length} changes.`,
    order: transactions.map((_, i) => i),
    invalid: changes.some((change) => change.kind === "drop") ? [1] : [],
    otherwise: [],
    costs: hot.map(({ location, readers, writers }) => ({
      label: locations[location].label,
      readers,
      writers,
      commutes: true,
      free: standing(0.9),
      factor: 1 / 0.9,
      sentence: `${locations[location].label} costs this block 1.1×.`,
    })),
  };
}
