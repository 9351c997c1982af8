/** Reads reports from files: recorded here or somewhere else, and shown without running anything. */
import type {
  AbortCause,
  AccessLists,
  Bounds,
  CriticalPath,
  Curve,
  Difference,
  Edge,
  Events,
  Graph,
  HotLocation,
  Lens,
  LockReport,
  Options,
  Report,
  Timeline,
  TransactionReport,
  Verdict,
} from "../engine/types.ts";
import { FORMAT, MAX_WORKERS } from "../engine/types.ts";
import { ABORTED, BLOCKED, KINDS } from "../layout/kinds.ts";
import { report as words } from "../text/report.ts";
import { TEXT } from "./file.ts";
import { amount, column, index, inside, list, MAX_LANES, nullable, object, oneOf, quantity, text, whole, Wrong, yes, type Read, type Sizes } from "./schema.ts";

/** What a file holds. */
export interface ReportFile {
  readonly report: Report;
  /** The scenario's text, if the file has it. */
  readonly text: string | null;
}

/** Reads it. Throws with words for people, whatever the file is. */
export function readReport(source: string): ReportFile {
  let raw: unknown;
  try {
    raw = JSON.parse(source.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(words.noJson((error as Error).message));
  }
  const has = (name: string): boolean => typeof raw === "object" && raw !== null && Object.hasOwn(raw, name);
  if (!has("format")) throw new Error(words.noReport);
  const { format } = raw as Record<string, unknown>;
  if (format !== FORMAT) throw new Error(words.otherVersion(String(JSON.stringify(format)).slice(0, 20), FORMAT));
  try {
    return { report: complete(raw), text: accompanying(raw, sizesOf(raw))[TEXT] };
  } catch (error) {
    if (error instanceof Wrong) throw new Error(words.wrong(error.place, error.message));
    throw error;
  }
}

const STRATEGIES = ["sequential", "two-phase", "ordered-merge", "block-stm", "ladder", "locks", "dag", "bal"] as const;
const UNITS = ["gas", "microseconds"] as const;
/** What {@link layoutLanes} numbers attempts with has room for so many. */
const MAX_INCARNATION = 0xfffff;
/** Of lists that the engine cuts off at a hundred. */
const CUT = 1000;

const transaction = index("transactions");
const location = index("locations");
const account = index("accounts");

const options = object<Options>({
  strategy: oneOf(STRATEGIES),
  workers: whole(1, MAX_WORKERS),
  clock: oneOf(["measured", "virtual"]),
  cost: oneOf(["gas", "time"]),
  seed: whole(),
  deltas: oneOf(["none", "fees", "balances", "storage"]),
  hints: oneOf(["none", "senders"]),
  repeats: whole(1, 100),
});

const verdict = object<Verdict>({
  equal: yes,
  differences: list(
    object<Difference>({ what: text, transaction: nullable(transaction), account: nullable(account), slot: nullable(text), sequential: text, parallel: text }),
    CUT,
  ),
  rejectedBy: nullable(transaction),
  sequentialStateRoot: text,
  parallelStateRoot: text,
  unit: oneOf(UNITS),
  sequential: amount,
  parallel: amount,
  speedup: nullable(amount),
  speedupBound: nullable(amount),
  workers: whole(1, MAX_WORKERS),
  // Reports from before there were any have no such field.
  messages: (value, sizes) => (value === undefined ? false : yes(value, sizes)),
  attempts: whole(),
  aborts: whole(),
  blocked: whole(),
  workRatio: amount,
});

const transactions = list(
  object<TransactionReport>({
    label: nullable(text),
    path: text,
    kind: whole(0, 255),
    from: account,
    to: nullable(account),
    created: nullable(account),
    value: quantity,
    nonce: whole(),
    gasLimit: whole(),
    data: text,
    call: nullable(text),
    status: oneOf(["success", "revert", "halt", "invalid"]),
    reason: nullable(text),
    gasUsed: whole(),
    output: text,
    logs: list(object({ account, topics: list(text, 4), data: text, event: nullable(text) })),
    microseconds: nullable(amount),
    reads: list(object({ location, value: text, from: nullable(transaction) })),
    writes: list(object({ location, value: text, added: yes })),
    level: whole(),
    component: whole(),
    attempts: whole(),
  }),
  // The engine takes no more.
  50_000,
);

const criticalPath: Read<CriticalPath> = object<CriticalPath>({ weight: amount, total: amount, transactions: list(transaction) });

/** A graph, whose edges are between `places`. Every edge leads on in the block: nothing else has levels. */
function graph(place: Read<number>): Read<Graph> {
  const edge = object<Edge>({ from: transaction, to: transaction, locations: list(place) });
  const edges = list<Edge>((value, sizes) => {
    const read = edge(value, sizes);
    if (read.from >= read.to) throw new Wrong(words.backwards);
    return read;
  });
  return object<Graph>({ edges, writeAfterWrite: edges, writeAfterRead: edges, levels: whole(), components: whole(), criticalPathGas: criticalPath, criticalPathTime: nullable(criticalPath) });
}

function hot(place: Read<number>): Read<HotLocation[]> {
  return list(object<HotLocation>({ location: place, readers: whole(), writers: whole(), edges: whole(), costGas: amount, aborts: whole() }));
}

const lens: Read<Lens> = (value, sizes) => {
  const { granularity } = object<Pick<Lens, "granularity">>({ granularity: oneOf(["account", "slot", "slotWithDeltas"]) })(value, sizes);
  const place = granularity === "account" ? account : location;
  const read = object<Lens>({
    granularity: oneOf([granularity]),
    graph: graph(place),
    level: list(whole()),
    component: list(whole()),
    hot: hot(place),
    speedupBound: nullable(amount),
  })(value, sizes);
  for (const name of ["level", "component"] as const) {
    if (read[name].length !== sizes.transactions) throw inside(new Wrong(words.otherLength(sizes.transactions)), name);
  }
  return rising(read, read.graph.edges, read.level);
};

const events = object<Events>({
  kind: column(whole(0, KINDS.length - 1), (length) => new Uint8Array(length)),
  worker: column(index("lanes"), (length) => new Uint16Array(length)),
  transaction: column(transaction, (length) => new Uint32Array(length)),
  incarnation: column(whole(0, MAX_INCARNATION), (length) => new Uint32Array(length)),
  start: column(amount, (length) => new Float64Array(length)),
  end: column(amount, (length) => new Float64Array(length)),
  cause: column(whole(-1, 0x7fffffff), (length) => new Int32Array(length)),
});

const timeline: Read<Timeline> = (value, sizes) => {
  const read = object<Timeline>({
    unit: oneOf(UNITS),
    workers: whole(0, MAX_LANES),
    duration: amount,
    events,
    causes: list(
      object<AbortCause>({
        victim: transaction,
        by: nullable(transaction),
        location,
        readFrom: nullable(transaction),
        read: text,
        now: nullable(text),
        sentence: text,
      }),
    ),
  })(value, sizes);
  const { kind, start, end, cause, ...others } = read.events;
  const wrong = (what: string, name: string, at: number): unknown => inside(inside(inside(new Wrong(what), at), name), "events");
  for (const [name, each] of Object.entries({ ...others, start, end, cause })) {
    if (each.length !== kind.length) throw inside(inside(new Wrong(words.otherLength(kind.length)), name), "events");
  }
  for (let i = 0; i < kind.length; i++) {
    if (start[i] > end[i]) throw wrong(words.noTime, "end", i);
    if (i > 0 && end[i] < end[i - 1]) throw wrong(words.unordered, "end", i);
    if (kind[i] === ABORTED ? cause[i] < 0 || cause[i] >= sizes.causes : kind[i] === BLOCKED ? cause[i] >= sizes.transactions : cause[i] !== -1) {
      throw wrong(words.noIndex(kind[i] === ABORTED ? "causes" : "transactions"), "cause", i);
    }
  }
  return read;
};

const needless = list(object<LockReport["listed"][number]>({ from: transaction, to: transaction, locks: list(text, CUT) }), CUT);

const fields = object<Report>({
  format: whole(FORMAT, FORMAT),
  version: text,
  scenario: object({ title: text, description: text, fork: text, beneficiary: account, gasLimit: whole(), baseFee: whole() }),
  options,
  verdict,
  bounds: object<Bounds>({ total: amount, criticalPath: amount, longest: amount }),
  transactions,
  accounts: list(
    object({
      address: text,
      name: nullable(text),
      contract: nullable(text),
      balanceBefore: quantity,
      balanceAfter: quantity,
      nonceBefore: whole(),
      nonceAfter: whole(),
    }),
  ),
  locations: list(object({ kind: oneOf(["balance", "nonce", "code", "life", "slot", "blockGas"]), account, slot: nullable(text), label: text })),
  graph: graph(location),
  coarser: list(lens, 3),
  hot: hot(location),
  locks: nullable(object<LockReport>({ pairs: whole(), needless: whole(), listed: needless })),
  accessLists: nullable(object<AccessLists>({ sequential: text, parallel: text, fromExecution: yes, wrong: list(text, CUT) })),
  timeline,
  curve: nullable(object<Curve>({ points: list(object({ workers: whole(1, MAX_WORKERS), speedup: amount, bound: amount, aborts: whole() }), CUT) })),
});

/** What a file has besides the report. */
const accompanying = object<{ [TEXT]: string | null }>({ [TEXT]: nullable(text) });

function complete(raw: unknown): Report {
  const report = fields(raw, sizesOf(raw));
  return rising(report, report.graph.edges, report.transactions.map(({ level }) => level));
}

/** Levels rise along edges, and there are not more of them than transactions: the pictures have a column for each. */
function rising<T>(read: T, edges: readonly Edge[], level: readonly number[]): T {
  const tooHigh = level.findIndex((at) => at >= level.length);
  if (tooHigh >= 0) throw new Wrong(words.tooHigh(tooHigh));
  const wrong = edges.findIndex(({ from, to }) => level[from] >= level[to]);
  if (wrong >= 0) throw inside(inside(inside(new Wrong(words.notRising), wrong), "edges"), "graph");
  return read;
}

/** How long the lists are that indices lead into, before anything is known to be right. */
function sizesOf(raw: unknown): Sizes {
  const field = (of: unknown, name: string): unknown => (typeof of === "object" && of !== null && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined);
  const length = (of: unknown): number => (Array.isArray(of) ? of.length : 0);
  const timeline = field(raw, "timeline");
  const workers = field(timeline, "workers");
  return {
    transactions: length(field(raw, "transactions")),
    accounts: length(field(raw, "accounts")),
    locations: length(field(raw, "locations")),
    causes: length(field(timeline, "causes")),
    lanes: Math.max(1, Number.isInteger(workers) ? (workers as number) : 0),
  };
}
