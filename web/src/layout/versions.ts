/** The versions of a location as a picture: block order from top to bottom, writers on the left, readers on the right. */
import type { ReaderRow, VersionRow, Versions } from "../engine/types.ts";

/** Pixels from row to row. */
export const VERSION_ROW = 26;
/** The most rows that are drawn. */
const MOST = 120;

/** A version or a reader, by its row. */
export interface Placed<T> {
  readonly of: T;
  readonly row: number;
}

/** Where everything is. */
export interface VersionsLayout {
  readonly versions: readonly Placed<VersionRow>[];
  /** Each with the row of the version it has read. */
  readonly readers: readonly (Placed<ReaderRow> & { readonly from: number })[];
  readonly rows: number;
  /** How many versions and readers are not drawn. */
  readonly left: number;
}

/**
 * A transaction has one row for each of its versions, and its reader is in the first of them; who only reads has a row of
 * its own. So a line from a version to a reader goes down, and a line past a later version is a read that came too early.
 */
export function layoutVersions({ rows }: Versions): VersionsLayout {
  const before = -1;
  const byTransaction = new Map<number, { versions: VersionRow[]; readers: { of: ReaderRow; from: VersionRow }[] }>();
  const at = (transaction: number) => {
    let row = byTransaction.get(transaction);
    if (!row) byTransaction.set(transaction, (row = { versions: [], readers: [] }));
    return row;
  };
  for (const version of rows) {
    at(version.transaction ?? before).versions.push(version);
    for (const reader of version.readers) at(reader.transaction).readers.push({ of: reader, from: version });
  }
  const versions: Placed<VersionRow>[] = [];
  const readers: { of: ReaderRow; row: number; from: VersionRow }[] = [];
  const rowOf = new Map<VersionRow, number>();
  let next = 0;
  let left = 0;
  for (const [, own] of [...byTransaction].sort(([a], [b]) => a - b)) {
    const needed = Math.max(own.versions.length, own.readers.length);
    if (next + needed > MOST) {
      left += own.versions.length + own.readers.length;
      continue;
    }
    own.versions.forEach((of, i) => {
      rowOf.set(of, next + i);
      versions.push({ of, row: next + i });
    });
    own.readers.forEach(({ of, from }, i) => readers.push({ of, row: next + i, from }));
    next += needed;
  }
  return { versions, readers: readers.flatMap(({ of, row, from }) => (rowOf.has(from) ? [{ of, row, from: rowOf.get(from)! }] : [])), rows: next, left };
}
