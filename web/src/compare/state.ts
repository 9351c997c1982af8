/** How the states differ that two runs end with, as far as their blocks have touched them. */
import type { LocationReport, Report } from "../engine/types.ts";
import type { Match, Places } from "./match.ts";
import type { Parts } from "./parts.ts";

/** An account that ends differently; an index is `null` where the run has not touched it. */
export interface AccountDifference {
  readonly a: number | null;
  readonly b: number | null;
}

/** What a block leaves at a location: the value, or what was added to one that nobody has looked at; `null` if it did not write. */
export type Left = { readonly kind: "value" | "added"; readonly value: string } | null;

/** A slot or a code that ends differently; an index is `null` where the run has not touched it. */
export interface LocationDifference {
  readonly a: number | null;
  readonly b: number | null;
  readonly leftA: Left;
  readonly leftB: Left;
}

/** How the states differ. */
export interface StateDifference {
  /** Both are runs of one text, so one block in one order: whatever the options, there must be no difference. */
  readonly mustAgree: boolean;
  /** The state roots are the same, and with them everything. */
  readonly equal: boolean;
  readonly accounts: readonly AccountDifference[];
  readonly locations: readonly LocationDifference[];
  /**
   * Locations that the reports say too little of: the one run knows the value, and the other only what it has added to it, or the
   * account has been created or destroyed in the block, and its slots with it.
   */
  readonly untold: number;
}

const WORD = 1n << 256n;

/** Compares the states, in parts of which none takes long. */
export function* compareStates(a: Report, b: Report, match: Match, mustAgree: boolean): Parts<StateDifference> {
  // The state is the one that sequential execution, the specification, ends with.
  const equal = a.verdict.sequentialStateRoot === b.verdict.sequentialStateRoot;
  if (equal) return { mustAgree, equal, accounts: [], locations: [], untold: 0 };
  const others = accounts(a, b, match.accounts);
  yield;
  const leftA = leavings(a);
  yield;
  const leftB = leavings(b);
  yield;
  return { mustAgree, equal, accounts: others, ...locations(a, b, match.locations, leftA, leftB) };
}

function accounts(a: Report, b: Report, places: Places): AccountDifference[] {
  const differences: AccountDifference[] = [];
  a.accounts.forEach((mine, i) => {
    const j = places.toB[i];
    const other = b.accounts[j];
    if (other ? mine.balanceAfter !== other.balanceAfter || mine.nonceAfter !== other.nonceAfter : changed(mine)) {
      differences.push({ a: i, b: other ? j : null });
    }
  });
  b.accounts.forEach((mine, j) => {
    if (places.toA[j] < 0 && changed(mine)) differences.push({ a: null, b: j });
  });
  return differences;
}

function changed({ balanceBefore, balanceAfter, nonceBefore, nonceAfter }: Report["accounts"][number]): boolean {
  return balanceBefore !== balanceAfter || nonceBefore !== nonceAfter;
}

function locations(a: Report, b: Report, places: Places, leftA: readonly Leaving[], leftB: readonly Leaving[]): Pick<StateDifference, "locations" | "untold"> {
  const differences: LocationDifference[] = [];
  let untold = 0;
  const look = (i: number | null, j: number | null): void => {
    const [x, y] = [i === null ? NOT_TOUCHED : leftA[i], j === null ? NOT_TOUCHED : leftB[j]];
    if (!x.told || !y.told || (x.left && y.left && x.left.kind !== y.left.kind)) untold++;
    else if (x.left && y.left ? x.left.value !== y.left.value : x.changed || y.changed) {
      differences.push({ a: i, b: j, leftA: x.left, leftB: y.left });
    }
  };
  a.locations.forEach((location, i) => isStored(location) && look(i, places.toB[i] < 0 ? null : places.toB[i]));
  b.locations.forEach((location, j) => isStored(location) && places.toA[j] < 0 && look(null, j));
  return { locations: differences, untold };
}

/** Balances and nonces are told with their accounts. */
function isStored({ kind }: LocationReport): boolean {
  return kind === "slot" || kind === "code";
}

interface Leaving {
  readonly left: Left;
  /** It is not what stood there before the block, as far as anybody has looked. */
  readonly changed: boolean;
  readonly told: boolean;
}

const NOT_TOUCHED: Leaving = { left: null, changed: false, told: true };

/** What the block leaves at each location: what was written last, and what has been added since. */
function leavings({ locations, transactions, verdict }: Report): Leaving[] {
  const value = new Array<string | null>(locations.length).fill(null);
  const sum = new Array<bigint | null>(locations.length).fill(null);
  const before = new Array<string | null>(locations.length).fill(null);
  /** Accounts whose storage is another since some transaction. */
  const reborn = new Set<number>();
  // A block that is rejected changes nothing.
  for (const { reads, writes } of verdict.rejectedBy === null ? transactions : []) {
    for (const read of reads) if (read.from === null) before[read.location] ??= read.value;
    for (const { location, value: written, added } of writes) {
      if (locations[location].kind === "life") reborn.add(locations[location].account);
      else if (added) sum[location] = ((sum[location] ?? 0n) + BigInt(written)) % WORD;
      else {
        value[location] = written;
        sum[location] = null;
      }
    }
  }
  return locations.map(({ kind, account }, i) => {
    const base = value[i] ?? before[i];
    const added = sum[i];
    if (value[i] === null && added === null) return NOT_TOUCHED;
    const told = kind !== "slot" || !reborn.has(account);
    if (base === null) return { left: { kind: "added", value: hex(added!) }, changed: added !== 0n, told };
    const left = added === null ? base : hex((BigInt(base) + added) % WORD);
    return { left: { kind: "value", value: left }, changed: left !== before[i], told };
  });
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
