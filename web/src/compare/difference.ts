/** What two runs have that is not the same: a list of transactions, locations, and the states that they end with. */
import type { HotLocation, Options, Report, TransactionReport } from "../engine/types.ts";
import { abortsOf } from "../layout/lanes.ts";
import { look } from "../layout/lens.ts";
import type { Pair } from "../state/kept.ts";
import type { Finished } from "../state/state.ts";
import { match, type Match, type Places } from "./match.ts";
import { atOnce, inTurn, type Parts } from "./parts.ts";
import { compareStates, type StateDifference } from "./state.ts";
import { textDifference, type TextDifference } from "./text.ts";

/**
 * What is different about a transaction: it is in one block only; it stands elsewhere among those that both have; it says
 * something else; it ends otherwise; it uses other gas; it was aborted in one run only; it is on one critical path only.
 */
export const DIFFERENCES = ["missing", "moved", "changed", "outcome", "gas", "aborted", "critical"] as const;
export type DifferenceKind = (typeof DIFFERENCES)[number];

/** So many transactions are compared in one part. */
const PART = 1000;

/** A transaction that differs, by its place in either block; `null` where it is not there. */
export interface Entry {
  readonly kind: DifferenceKind;
  readonly a: number | null;
  readonly b: number | null;
}

/** A location that costs something in either run. */
export interface HotDifference {
  readonly a: HotLocation | null;
  readonly b: HotLocation | null;
}

/** How A and B differ. */
export interface RunDifference {
  readonly match: Match;
  readonly text: TextDifference | null;
  /** The options that differ, as the runs resolved them. */
  readonly options: readonly (keyof Options)[];
  /** How often each transaction was aborted. */
  readonly aborts: { readonly a: Uint32Array; readonly b: Uint32Array };
  readonly entries: readonly Entry[];
  /** The most costly first, by the larger of the two costs. */
  readonly hot: readonly HotDifference[];
  readonly state: StateDifference;
}

/** Compares two runs. */
export function compareRuns(a: Finished, b: Finished): RunDifference {
  return atOnce(compared(a, b));
}

const known = new WeakMap<Finished, WeakMap<Finished, RunDifference>>();
const working = new WeakMap<Finished, WeakMap<Finished, Promise<RunDifference>>>();

/** How two runs differ, if that has been worked out. */
export function differenceOf({ a, b }: Pair): RunDifference | null {
  return known.get(a)?.get(b) ?? null;
}

/**
 * Works it out, once for every pair, which for large blocks takes longer than a page may be silent: `pause` is awaited after every
 * part.
 */
export function differenceInParts({ a, b }: Pair, pause: () => Promise<void>): Promise<RunDifference> {
  const ofA = working.get(a) ?? new WeakMap<Finished, Promise<RunDifference>>();
  working.set(a, ofA);
  let it = ofA.get(b);
  if (!it) ofA.set(b, (it = inParts(a, b, pause)));
  return it;
}

async function inParts(a: Finished, b: Finished, pause: () => Promise<void>): Promise<RunDifference> {
  const difference = await inTurn(compared(a, b), pause);
  known.set(a, (known.get(a) ?? new WeakMap<Finished, RunDifference>()).set(b, difference));
  return difference;
}

/** In parts, of which none takes long. */
function* compared(a: Finished, b: Finished): Parts<RunDifference> {
  const [x, y] = [a.report, b.report];
  const text = textDifference(a.text, b.text);
  yield;
  const matched = yield* match(x, y, text === null);
  const aborts = { a: abortsOf(x.timeline, x.transactions.length), b: abortsOf(y.timeline, y.transactions.length) };
  yield;
  const listed = yield* entries(x, y, matched.transactions, aborts);
  yield;
  return {
    match: matched,
    text,
    options: (Object.keys(x.options) as (keyof Options)[]).filter((key) => x.options[key] !== y.options[key]),
    aborts,
    entries: listed,
    hot: hotLocations(x, y, matched.locations),
    state: yield* compareStates(x, y, matched, text === null),
  };
}

function* entries(a: Report, b: Report, places: Places, aborts: RunDifference["aborts"]): Parts<Entry[]> {
  const found: Entry[] = [];
  const critical = [look(a, "slotWithDeltas").criticalSet, look(b, "slotWithDeltas").criticalSet];
  const moved = movedOf(places);
  yield;
  for (const [i, mine] of a.transactions.entries()) {
    if (i % PART === PART - 1) yield;
    const j = places.toB[i];
    const other = b.transactions[j];
    if (!other) {
      found.push({ kind: "missing", a: i, b: null });
      continue;
    }
    const add = (kind: DifferenceKind, differs: boolean): void => {
      if (differs) found.push({ kind, a: i, b: j });
    };
    add("moved", moved[i] === 1);
    add("changed", says(a, mine) !== says(b, other));
    add("outcome", outcome(a, mine) !== outcome(b, other));
    add("gas", mine.gasUsed !== other.gasUsed);
    add("aborted", aborts.a[i] > 0 !== aborts.b[j] > 0);
    add("critical", critical[0].has(i) !== critical[1].has(j));
  }
  b.transactions.forEach((_, j) => places.toA[j] < 0 && found.push({ kind: "missing", a: null, b: j }));
  return found.sort((x, y) => DIFFERENCES.indexOf(x.kind) - DIFFERENCES.indexOf(y.kind) || first(x) - first(y));
}

/** The earlier of its two places. */
function first({ a, b }: Entry): number {
  return Math.min(a ?? Infinity, b ?? Infinity);
}

/**
 * Which transactions of A stand elsewhere in B's order: all but those of a longest run that has kept its order, because where one
 * is moved past ten it is the one that has moved. Where there are several such runs (two have changed places), A and B may
 * take different ones, and what either leaves out has moved.
 */
function movedOf({ toA, toB }: Places): Uint8Array {
  const kept = new Uint8Array(toB.length);
  for (const i of longestRise(toB)) kept[i]++;
  for (const j of longestRise(toA)) kept[toA[j]]++;
  return Uint8Array.from(toB, (j, i) => (j >= 0 && kept[i] < 2 ? 1 : 0));
}

/** The indices of a longest rising subsequence of what is not negative. */
function longestRise(values: Int32Array): number[] {
  const ends: number[] = [];
  const before = new Int32Array(values.length).fill(-1);
  values.forEach((value, i) => {
    if (value < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[ends[middle]] < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[i] = ends[low - 1];
    ends[low] = i;
  });
  const rise: number[] = [];
  for (let i = ends.at(-1) ?? -1; i >= 0; i = before[i]) rise.push(i);
  return rise.reverse();
}

/** What a transaction asks for. */
function says({ accounts }: Report, { kind, to, value, data, gasLimit }: TransactionReport): string {
  return JSON.stringify([kind, to === null ? null : accounts[to].address, value, data, gasLimit]);
}

/** How a transaction ended, but for its gas. */
function outcome({ accounts }: Report, { status, reason, output, logs, created }: TransactionReport): string {
  const address = (account: number): string | undefined => accounts[account]?.address;
  return JSON.stringify([status, reason, output, created === null ? null : address(created), logs.map(({ account, topics, data }) => [address(account), topics, data])]);
}

function hotLocations(a: Report, b: Report, places: Places): HotDifference[] {
  const inB = new Map(b.hot.map((hot) => [hot.location, hot]));
  const pairs: HotDifference[] = a.hot.map((hot) => ({ a: hot, b: inB.get(places.toB[hot.location]) ?? null }));
  const both = new Set(pairs.map((pair) => pair.b));
  for (const hot of b.hot) if (!both.has(hot)) pairs.push({ a: null, b: hot });
  const cost = (hot: HotDifference): number => Math.max(hot.a?.costGas ?? 0, hot.b?.costGas ?? 0);
  return pairs.sort((x, y) => cost(y) - cost(x));
}
