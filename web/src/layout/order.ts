import type { Adjacency } from "./adjacency.ts";

/**
 * Orders the nodes of each level of one component so that few edges cross: barycentre sweeps (Sugiyama, Tagawa, Toda
 * 1981), alternately left to right and right to left, keeping the best order seen. Ties keep block order, so that the
 * picture of a block without crossings reads in block order from top to bottom.
 *
 * `levels` is replaced by the result; each of its lists must be in block order on entry.
 */
export function orderLevels(levels: number[][], before: Adjacency, after: Adjacency, position: Float64Array): void {
  for (const level of levels) place(level, position);
  if (levels.length < 2) return;
  const key = new Float64Array(position.length);
  let best = levels.map((level) => level.slice());
  let fewest = crossings(levels, after, position);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    const table = forward ? before : after;
    for (let step = 1; step < levels.length; step++) {
      const level = levels[forward ? step : levels.length - 1 - step];
      sortByBarycentre(level, table, position, key);
      place(level, position);
    }
    const count = crossings(levels, after, position);
    if (count < fewest) {
      fewest = count;
      best = levels.map((level) => level.slice());
    }
  }
  for (let i = 0; i < levels.length; i++) {
    levels[i] = best[i];
    place(best[i], position);
  }
}

const SWEEPS = 6;

/** Positions run from 0 to 1 in every level, so that levels of different size can be compared. */
function place(level: number[], position: Float64Array): void {
  for (let i = 0; i < level.length; i++) position[level[i]] = (i + 0.5) / level.length;
}

function sortByBarycentre(level: number[], table: Adjacency, position: Float64Array, key: Float64Array): void {
  for (const v of level) {
    const from = table.offsets[v];
    const to = table.offsets[v + 1];
    let sum = 0;
    for (let i = from; i < to; i++) sum += position[table.targets[i]];
    key[v] = to > from ? sum / (to - from) : position[v];
  }
  level.sort((a, b) => key[a] - key[b] || a - b);
}

/**
 * How many pairs of edges between neighbouring levels cross, counted with a Fenwick tree in O(E log V). An edge that
 * skips levels is counted as if its end stood in the next one, at the same height.
 */
export function crossings(levels: number[][], after: Adjacency, position: Float64Array): number {
  let total = 0;
  for (let i = 0; i < levels.length - 1; i++) {
    const ends: number[] = [];
    for (const v of levels[i]) {
      const first = ends.length;
      for (let e = after.offsets[v]; e < after.offsets[v + 1]; e++) {
        ends.push(Math.min(RESOLUTION - 1, Math.floor(position[after.targets[e]] * RESOLUTION)));
      }
      if (ends.length - first > 1) {
        const mine = ends.splice(first).sort((a, b) => a - b);
        for (const end of mine) ends.push(end);
      }
    }
    total += inversions(ends);
  }
  return total;
}

/** Heights are told apart to this fraction of a level. */
const RESOLUTION = 4096;
const tree = new Uint32Array(RESOLUTION + 1);

function inversions(list: number[]): number {
  if (list.length < 2) return 0;
  tree.fill(0);
  let total = 0;
  for (let seen = 0; seen < list.length; seen++) {
    let notGreater = 0;
    for (let i = list[seen] + 1; i > 0; i -= i & -i) notGreater += tree[i];
    total += seen - notGreater;
    for (let i = list[seen] + 1; i <= RESOLUTION; i += i & -i) tree[i]++;
  }
  return total;
}
