/**
 * The dependency graph as geometry: levels from left to right, block order from top to bottom, few crossings, one hub
 * where many edges share a location. Pure; typed arrays; coordinates in CSS pixels at zoom 1, of centres.
 *
 * Every component of more than one transaction is laid out by itself (levels, barycentre order, straightened rows).
 * Large ones share one level axis and are stacked; many small ones are set in columns, like a newspaper; transactions
 * without any dependency fill a grid at the end. A component never overlaps another, so no edge crosses between them.
 */
import { adjacency, type Adjacency } from "./adjacency.ts";
import { spread } from "./align.ts";
import { bundle, type Hubs } from "./hubs.ts";
import { orderLevels } from "./order.ts";

/** What is laid out. Edges go from earlier to later transactions. */
export interface GraphInput {
  /** How many transactions. */
  readonly count: number;
  /** Level of each. */
  readonly level: ArrayLike<number>;
  /** Read-after-write edges with their locations. */
  readonly edges: readonly { from: number; to: number; locations: readonly number[] }[];
  /** The critical path, in order. */
  readonly critical: readonly number[];
  /** Width over height of the place it will be fitted into. */
  readonly aspect: number;
}

/** A part of the picture with a heading. */
export interface Region {
  readonly kind: "levels" | "independent";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How many transactions are in it. */
  readonly count: number;
  /** Left edge and width of each level. */
  readonly bands: readonly { level: number; x: number; width: number }[];
}

/** Where everything is. */
export interface GraphLayout {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** The hub an edge is led through, or -1. */
  readonly hubOf: Int32Array;
  readonly hubs: Hubs;
  /** 1 for transactions on the critical path. */
  readonly criticalNode: Uint8Array;
  /** 1 for edges on it. */
  readonly criticalEdge: Uint8Array;
  readonly before: Adjacency;
  readonly after: Adjacency;
  readonly regions: readonly Region[];
  readonly width: number;
  readonly height: number;
}

/** Size of a node. */
export const NODE_WIDTH = 36;
export const NODE_HEIGHT = 20;

const ROW = 30;
const COLUMN = 44;
const GAP = 26;
/** Room for a hub and its name between two levels. */
const HUB_GAP = 116;
const HEADING = 24;
const MARGIN = 16;
/** A component with more levels or rows than this joins the shared level axis. */
const SMALL_LEVELS = 6;
const SMALL_ROWS = 12;

/** Lays the graph out. 10,000 transactions with 20,000 edges take some tens of milliseconds. */
export function layoutGraph(input: GraphInput): GraphLayout {
  const { count, edges } = input;
  const from = new Uint32Array(edges.length);
  const to = new Uint32Array(edges.length);
  edges.forEach((edge, i) => {
    from[i] = edge.from;
    to[i] = edge.to;
  });
  const after = adjacency(count, from, to);
  const before = adjacency(count, to, from);

  const criticalNode = new Uint8Array(count);
  const criticalEdge = new Uint8Array(edges.length);
  const criticalNext = new Map<number, number>();
  input.critical.forEach((v, i) => {
    criticalNode[v] = 1;
    if (i > 0) criticalNext.set(input.critical[i - 1], v);
  });
  for (let i = 0; i < edges.length; i++) if (criticalNext.get(from[i]) === to[i]) criticalEdge[i] = 1;

  const { hubOf, groups } = bundle(edges, input.level);

  const components = findComponents(count, from, to);
  const independent = components.filter((c) => c.length === 1).map((c) => c[0]);
  const connected = components.filter((c) => c.length > 1);
  const row = new Float64Array(count);
  const position = new Float64Array(count);
  const boxes = connected.map((nodes) =>
    straighten(nodes, input.level, before, after, criticalNode, criticalEdge, position, row, input.aspect),
  );
  const isLarge = (box: Box) => box.levels.length > SMALL_LEVELS || box.rows > SMALL_ROWS;
  const large = boxes.filter(isLarge);
  const small = boxes.filter((box) => !isLarge(box));

  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const gapAfter = new Float64Array(1 + maximum(input.level, count)).fill(GAP);
  for (const group of groups) gapAfter[group.gap] = HUB_GAP;

  const arrange = ({ columns, split }: Arrangement): { regions: Region[]; width: number; height: number } => {
    const regions: Region[] = [];
    let top = MARGIN;
    let width = 0;
    const stack = (list: Box[], left: number, heading: number): void => {
      if (list.length === 0) return;
      const bands = levelBands(list, gapAfter, left);
      let at = heading + HEADING;
      for (const box of list) {
        place(box, bands, at, row, x, y);
        at += box.rows * ROW + 4;
      }
      const last = bands[bands.length - 1];
      const right = last.x + last.width;
      const number = list.reduce((sum, box) => sum + box.size, 0);
      regions.push({ kind: "levels", x: left, y: heading, width: right - left, height: at - heading, count: number, bands });
      width = Math.max(width, right);
      top = Math.max(top, at + 8);
    };
    if (columns === 1) {
      // One axis for all, in block order of the components' first transactions.
      stack(boxes, MARGIN, top);
    } else {
      if (split) stack(large, MARGIN, top);
      const heading = top;
      let left = MARGIN;
      for (const list of inColumns(split ? small : boxes, columns)) {
        stack(list, left, heading);
        left = regions[regions.length - 1].x + regions[regions.length - 1].width + GAP;
      }
    }
    if (independent.length > 0) {
      const fit = Math.max(1, Math.round(Math.sqrt((independent.length * input.aspect * ROW) / COLUMN)));
      const across = Math.max(Math.floor((width - MARGIN) / COLUMN), Math.min(fit, independent.length));
      independent.forEach((v, i) => {
        x[v] = MARGIN + (i % across) * COLUMN + NODE_WIDTH / 2;
        y[v] = top + HEADING + Math.floor(i / across) * ROW + ROW / 2;
      });
      const used = Math.min(across, independent.length) * COLUMN;
      const height = HEADING + Math.ceil(independent.length / across) * ROW;
      regions.push({ kind: "independent", x: MARGIN, y: top, width: used, height, count: independent.length, bands: [] });
      width = Math.max(width, MARGIN + used);
      top += height + 8;
    }
    return { regions, width: width + MARGIN, height: top + MARGIN - 8 };
  };

  let best: Arrangement = { columns: 1, split: false };
  let bestFit = 0;
  for (const columns of COLUMN_CHOICES) {
    let narrowest = Infinity;
    for (const split of large.length > 0 && columns > 1 ? [true, false] : [false]) {
      if (columns > 1 && columns > (split ? small : boxes).length) continue;
      const size = arrange({ columns, split });
      narrowest = Math.min(narrowest, size.width);
      // More columns must pay: one shared axis is easier to read.
      const fit = Math.min(input.aspect / size.width, 1 / size.height) * (columns === 1 ? 1.35 : 1);
      if (fit > bestFit) {
        bestFit = fit;
        best = { columns, split };
      }
    }
    // More columns are wider still.
    if (input.aspect / narrowest < bestFit) break;
  }
  const { regions, width, height } = arrange(best);

  const hubs = placeHubs(groups, x, y);
  return { count, x, y, from, to, hubOf, hubs, criticalNode, criticalEdge, before, after, regions, width, height };
}

/** One shared level axis, or so many columns with one each; `split` keeps large components on a shared axis of theirs. */
interface Arrangement {
  readonly columns: number;
  readonly split: boolean;
}

const COLUMN_CHOICES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128];

/** One component: its nodes by level, in order. */
interface Box {
  readonly levels: number[][];
  /** Rows it is high. */
  readonly rows: number;
  /** How many nodes are set side by side in each level: more than one where a level would be too high. */
  readonly across: number[];
  readonly size: number;
}

/** Components by their first transaction; nodes in block order. */
function findComponents(count: number, from: Uint32Array, to: Uint32Array): number[][] {
  const parent = new Uint32Array(count);
  for (let v = 0; v < count; v++) parent[v] = v;
  const find = (v: number): number => {
    while (parent[v] !== v) v = parent[v] = parent[parent[v]];
    return v;
  };
  for (let i = 0; i < from.length; i++) {
    const a = find(from[i]);
    const b = find(to[i]);
    // The smaller index stays the root, so that a root is met before its members.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  const lists: number[][] = [];
  const listOf = new Map<number, number[]>();
  for (let v = 0; v < count; v++) {
    const root = find(v);
    let list = listOf.get(root);
    if (!list) {
      listOf.set(root, (list = []));
      lists.push(list);
    }
    list.push(v);
  }
  return lists;
}

/** Orders one component's levels and gives every node a row, from 0. */
function straighten(
  nodes: number[],
  level: ArrayLike<number>,
  before: Adjacency,
  after: Adjacency,
  criticalNode: Uint8Array,
  criticalEdge: Uint8Array,
  position: Float64Array,
  row: Float64Array,
  aspect: number,
): Box {
  const levels: number[][] = [];
  for (const v of nodes) {
    while (levels.length <= level[v]) levels.push([]);
    levels[level[v]].push(v);
  }
  orderLevels(levels, before, after, position);
  const across = levels.map(() => 1);
  const highest = Math.max(...levels.map((list) => list.length));
  const limit = Math.max(SMALL_ROWS + 4, Math.ceil(Math.sqrt((nodes.length * COLUMN) / (ROW * aspect)) * 1.3));
  if (highest > limit) {
    // Too high for any window: levels become blocks, a few nodes side by side, centred on each other.
    let rows = 0;
    levels.forEach((list, l) => {
      across[l] = Math.ceil(list.length / limit);
      rows = Math.max(rows, Math.ceil(list.length / across[l]));
    });
    levels.forEach((list, l) => {
      const offset = (rows - Math.ceil(list.length / across[l])) / 2;
      list.forEach((v, i) => (row[v] = offset + Math.floor(i / across[l])));
    });
    return { levels, rows, across, size: nodes.length };
  }

  for (const list of levels) list.forEach((v, i) => (row[v] = i));
  const out = new Float64Array(highest);
  for (let pass = 0; pass < 6; pass++) {
    const forward = pass % 2 === 0;
    for (let step = 0; step < levels.length; step++) {
      const list = levels[forward ? step : levels.length - 1 - step];
      const wanted = new Float64Array(list.length);
      const weight = new Float64Array(list.length);
      list.forEach((v, i) => {
        let sum = 0.05 * row[v];
        let mass = 0.05;
        for (const table of [before, after]) {
          for (let e = table.offsets[v]; e < table.offsets[v + 1]; e++) {
            const w = criticalEdge[table.edges[e]] ? 8 : 1 / (1 + Math.abs(level[table.targets[e]] - level[v]) / 4);
            sum += w * row[table.targets[e]];
            mass += w;
          }
        }
        wanted[i] = sum / mass;
        weight[i] = criticalNode[v] ? mass * 4 : mass;
      });
      spread(wanted, weight, out);
      list.forEach((v, i) => (row[v] = out[i]));
    }
  }
  let least = Infinity;
  let most = -Infinity;
  for (const v of nodes) {
    least = Math.min(least, row[v]);
    most = Math.max(most, row[v]);
  }
  for (const v of nodes) row[v] -= least;
  return { levels, rows: Math.ceil(most - least - 1e-6) + 1, across, size: nodes.length };
}

function levelBands(list: Box[], gapAfter: Float64Array, left: number): { level: number; x: number; width: number }[] {
  const bands: { level: number; x: number; width: number }[] = [];
  let at = left;
  const deepest = list.reduce((most, box) => Math.max(most, box.levels.length), 0);
  for (let level = 0; level < deepest; level++) {
    const across = list.reduce((most, box) => Math.max(most, box.across[level] ?? 1), 1);
    const width = across * COLUMN - (COLUMN - NODE_WIDTH);
    bands.push({ level, x: at, width });
    at += width + gapAfter[level];
  }
  return bands;
}

function place(
  box: Box,
  bands: readonly { x: number }[],
  top: number,
  row: Float64Array,
  x: Float32Array,
  y: Float32Array,
): void {
  box.levels.forEach((list, level) => {
    list.forEach((v, i) => {
      x[v] = bands[level].x + (i % box.across[level]) * COLUMN + NODE_WIDTH / 2;
      y[v] = top + row[v] * ROW + ROW / 2;
    });
  });
}

/** Splits a list of boxes into columns of about equal height, keeping its order. */
function inColumns(boxes: Box[], columns: number): Box[][] {
  const total = boxes.reduce((sum, box) => sum + box.rows, 0);
  const lists: Box[][] = [];
  let list: Box[] = [];
  let filled = 0;
  for (const box of boxes) {
    if (list.length > 0 && filled + box.rows / 2 > (total * (lists.length + 1)) / columns) {
      lists.push(list);
      list = [];
    }
    list.push(box);
    filled += box.rows;
  }
  if (list.length > 0) lists.push(list);
  return lists;
}

function placeHubs(groups: readonly HubGroup[], x: Float32Array, y: Float32Array): Hubs {
  const hubs: Hubs = {
    x: new Float32Array(groups.length),
    y: new Float32Array(groups.length),
    location: Uint32Array.from(groups, (group) => group.location),
    degree: Uint32Array.from(groups, (group) => group.members.length),
  };
  groups.forEach((group, i) => {
    let near = Infinity;
    let far = -Infinity;
    let sum = 0;
    for (const v of group.members) {
      near = Math.min(near, x[v]);
      far = Math.max(far, x[v]);
      sum += y[v];
    }
    const half = NODE_WIDTH / 2 + 22;
    // The gap that was widened for it lies right after the writer, or right before the reader.
    hubs.x[i] = group.fan === "out" ? x[group.pivot] + half + 18 : x[group.pivot] - half - 18;
    if (group.fan === "out" && near - half < hubs.x[i]) hubs.x[i] = (x[group.pivot] + near) / 2;
    if (group.fan === "in" && far + half > hubs.x[i]) hubs.x[i] = (x[group.pivot] + far) / 2;
    hubs.y[i] = (sum / group.members.length + y[group.pivot]) / 2;
  });
  return hubs;
}

type HubGroup = ReturnType<typeof bundle>["groups"][number];

function maximum(values: ArrayLike<number>, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, values[i]);
  return most;
}
