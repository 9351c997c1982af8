/** Hubs as columns of one length. */
export interface Hubs {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The location a hub stands for. */
  readonly location: Uint32Array;
  /** How many edges are led through it. */
  readonly degree: Uint32Array;
}

/** Edges through one location that share their writer (fan out) or their reader (fan in). */
export interface HubGroup {
  readonly location: number;
  readonly fan: "out" | "in";
  /** The shared transaction. */
  readonly pivot: number;
  /** The others. */
  readonly members: number[];
  /** The level after which the hub stands. */
  readonly gap: number;
}

/** From this many edges on, a fan gets a hub. */
export const HUB_DEGREE = 4;

/**
 * Finds the fans worth a hub: one transaction, one location, at least {@link HUB_DEGREE} edges. An edge through several
 * locations joins the largest fan that it belongs to.
 */
export function bundle(
  edges: readonly { from: number; to: number; locations: readonly number[] }[],
  level: ArrayLike<number>,
): { hubOf: Int32Array; groups: HubGroup[] } {
  // A fan is a location, a transaction and a direction; as one number, because there may be tens of thousands.
  const span = 2 * (1 + edges.reduce((most, edge) => Math.max(most, edge.to), 0));
  const fans = new Map<number, number[]>();
  const join = (key: number, edge: number): void => {
    const list = fans.get(key);
    if (list) list.push(edge);
    else fans.set(key, [edge]);
  };
  edges.forEach((edge, i) => {
    for (const location of edge.locations) {
      join(location * span + 2 * edge.from, i);
      join(location * span + 2 * edge.to + 1, i);
    }
  });
  const largestFirst = [...fans]
    .filter(([, list]) => list.length >= HUB_DEGREE)
    .sort(([a, one], [b, other]) => other.length - one.length || a - b);

  const hubOf = new Int32Array(edges.length).fill(-1);
  const groups: HubGroup[] = [];
  for (const [key, all] of largestFirst) {
    const list = all.filter((i) => hubOf[i] < 0);
    if (list.length < HUB_DEGREE) continue;
    for (const i of list) hubOf[i] = groups.length;
    const location = Math.floor(key / span);
    const pivot = (key % span) >> 1;
    const out = key % 2 === 0;
    const members = list.map((i) => (out ? edges[i].to : edges[i].from));
    const gap = out ? level[pivot] : Math.max(0, level[pivot] - 1);
    groups.push({ location, fan: out ? "out" : "in", pivot, members, gap });
  }
  return { hubOf, groups };
}
