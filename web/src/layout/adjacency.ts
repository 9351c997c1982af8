/** Neighbours of every node as one compressed table: those of `v` are `targets[offsets[v] .. offsets[v + 1]]`. */
export interface Adjacency {
  readonly offsets: Uint32Array;
  /** The neighbour. */
  readonly targets: Uint32Array;
  /** The edge that leads to it, as an index into the arrays the table was built from. */
  readonly edges: Uint32Array;
}

/** Builds the table of edges `source[i] → target[i]` by source; neighbours keep the order of their edges. */
export function adjacency(count: number, source: ArrayLike<number>, target: ArrayLike<number>): Adjacency {
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < source.length; i++) offsets[source[i] + 1]++;
  for (let v = 0; v < count; v++) offsets[v + 1] += offsets[v];
  const next = offsets.slice(0, count);
  const targets = new Uint32Array(source.length);
  const edges = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    const at = next[source[i]]++;
    targets[at] = target[i];
    edges[at] = i;
  }
  return { offsets, targets, edges };
}

/** The neighbours of `v`. */
export function neighbours(table: Adjacency, v: number): Uint32Array {
  return table.targets.subarray(table.offsets[v], table.offsets[v + 1]);
}
