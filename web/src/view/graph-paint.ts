/**
 * Draws the dependency graph in two layers: the graph, a function of its layout and the viewport; and over it what is lit
 * up, so that pointing at things draws only those.
 */
import { NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from "../layout/graph.ts";
import type { Highlight } from "../layout/highlight.ts";
import type { TransactionState } from "../layout/progress.ts";
import type { Look } from "../layout/lens.ts";
import type { SpatialIndex } from "../layout/spatial.ts";
import type { Viewport } from "../layout/viewport.ts";
import { cut } from "./format.ts";
import { fillState, label, rounded, veil, type Palette } from "./paint.ts";

/** What is drawn. */
export interface GraphScene {
  readonly layout: GraphLayout;
  readonly index: SpatialIndex;
  readonly view: Viewport;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly stateOf: (transaction: number) => TransactionState;
  /** Whether the replay is on its way, so that states matter more than the critical path. */
  readonly replaying: boolean;
  /** How often a transaction has been aborted. */
  readonly abortsOf: (transaction: number) => number;
  /** Whether it ended well. */
  readonly failed: (transaction: number) => boolean;
  readonly placeName: (place: number) => string;
  /** What hubs stand for. */
  readonly places: Look["places"];
}

/** What is drawn over it. */
export interface GraphLight {
  readonly lit: Highlight;
  /** Whether anything is lit up, so that the rest steps back. */
  readonly dimmed: boolean;
  /** The transaction the keyboard is at, or -1. */
  readonly focus: number;
}

/** Up to this scale nodes are plain boxes: outlines and textures would be finer than a pixel. */
const FAR = 0.3;
/** Up to this scale edges have no heads, so that their paths can be kept from frame to frame. */
const HEADLESS = 0.45;

/** Draws everything in sight. */
export function paintGraph(c: CanvasRenderingContext2D, scene: GraphScene): void {
  const { view, width, height } = scene;
  const scale = view.scaleX;
  const sight: Box = { left: -view.x / scale, top: -view.y / scale, right: (width - view.x) / scale, bottom: (height - view.y) / scale };
  const inSight = scene.index.within(sight.left, sight.top, sight.right, sight.bottom);
  inWorld(c, scene, () => {
    paintBands(c, scene);
    paintHeadings(c, scene);
    paintEdges(c, scene, sight);
    if (scale <= FAR) paintFarNodes(c, scene, inSight);
    else for (const v of inSight) paintNode(c, scene, v, false);
    const { hubs } = scene.layout;
    for (let h = 0; h < hubs.x.length; h++) paintHub(c, scene, h, false);
  });
}

/** Draws what is lit up, over the rest. */
export function paintGraphLit(c: CanvasRenderingContext2D, scene: GraphScene, { lit, dimmed, focus }: GraphLight): void {
  if (dimmed) {
    veil(c, scene.palette, 0, 0, scene.width, scene.height);
    inWorld(c, scene, () => {
      paintHeadings(c, scene);
      paintLitEdges(c, scene, lit);
      for (const v of lit.related) if (!lit.transactions.has(v)) paintNode(c, scene, v, false);
      for (const v of lit.transactions) paintNode(c, scene, v, true);
      const { hubs } = scene.layout;
      for (let h = 0; h < hubs.x.length; h++) if (lit[scene.places].has(hubs.location[h])) paintHub(c, scene, h, true);
    });
  }
  if (focus >= 0) paintRing(c, scene, focus);
}

function inWorld(c: CanvasRenderingContext2D, { view }: GraphScene, paint: () => void): void {
  c.save();
  c.translate(view.x, view.y);
  c.scale(view.scaleX, view.scaleX);
  paint();
  c.restore();
}

function paintBands(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene): void {
  // Far out, stripes of a pixel or two would only flicker.
  if (view.scaleX <= 0.2) return;
  c.fillStyle = palette.sunken;
  for (const region of layout.regions) {
    for (const band of region.bands) {
      rounded(c, band.x - 8, region.y + 2, band.width + 16, region.height, 6);
      c.fill();
    }
  }
}

function paintHeadings(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene): void {
  const scale = view.scaleX;
  c.font = `${11 / Math.max(scale, 0.55)}px ${palette.sans}`;
  c.textBaseline = "middle";
  c.fillStyle = palette.quiet;
  layout.regions.forEach((region, r) => {
    if (region.kind === "independent") {
      c.textAlign = "left";
      c.fillText(`${region.count} without dependencies`, region.x, region.y + 12);
      return;
    }
    const step = Math.max(1, Math.ceil(34 / Math.max(8, scale * (region.width / Math.max(1, region.bands.length)))));
    region.bands.forEach((band, i) => {
      if (i % step !== 0) return;
      c.textAlign = "center";
      const wide = band.width * scale > 56 || (i === 0 && r === 0 && scale > 0.5);
      c.fillText(wide ? `level ${band.level}` : String(band.level), band.x + band.width / 2, region.y + 13);
    });
  });
}

function paintEdges(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene, sight: Box): void {
  const scale = view.scaleX;
  const near = tilesOf(layout).filter((tile) => touch(tile.box, sight));
  const paths =
    scale <= HEADLESS
      ? near.map((tile) => (tile.paths ??= pathsOf(layout, tile.edges, false)))
      : [pathsOf(layout, near.flatMap((tile) => tile.edges.filter((i) => touch(boxOf(layout, i), sight))), true)];
  c.lineWidth = Math.max(1, 0.7 / scale);
  c.strokeStyle = palette.edge;
  c.globalAlpha = 0.8;
  for (const { plain } of paths) c.stroke(plain);
  c.globalAlpha = 1;
  c.lineWidth = Math.max(3, 1.6 / scale);
  c.strokeStyle = c.fillStyle = palette.ink;
  for (const { critical, heads } of paths) {
    c.stroke(critical);
    c.fill(heads);
  }
}

function paintLitEdges(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene, lit: Highlight): void {
  const lines = new Path2D();
  const heads = new Path2D();
  for (const i of lit.edges) {
    const { x0, y0, x1, y1 } = endsOf(layout, i);
    curve(lines, x0, y0, x1, y1);
    if (view.scaleX > HEADLESS) arrow(heads, x1, y1, true);
  }
  c.lineWidth = Math.max(2, 1.4 / view.scaleX);
  c.strokeStyle = c.fillStyle = palette.ink;
  c.stroke(lines);
  c.fill(heads);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface EdgePaths {
  readonly plain: Path2D;
  readonly critical: Path2D;
  /** Filled heads, of critical edges. */
  readonly heads: Path2D;
}

/** Edges that lie together, so that those out of sight are passed over at once; and their paths, once they were drawn. */
interface Tile {
  readonly edges: number[];
  box: Box;
  paths?: EdgePaths;
}

/** Tiles in either direction. */
const TILES = 6;
const tiles = new WeakMap<GraphLayout, Tile[]>();

function tilesOf(layout: GraphLayout): Tile[] {
  const known = tiles.get(layout);
  if (known) return known;
  const grid = new Map<number, Tile>();
  for (let i = 0; i < layout.from.length; i++) {
    const box = boxOf(layout, i);
    const column = Math.floor((((box.left + box.right) / 2) * TILES) / layout.width);
    const row = Math.floor((((box.top + box.bottom) / 2) * TILES) / layout.height);
    const key = row * TILES + column;
    const tile = grid.get(key);
    if (!tile) grid.set(key, { edges: [i], box });
    else {
      tile.edges.push(i);
      tile.box = around(tile.box, box);
    }
  }
  const list = [...grid.values()];
  tiles.set(layout, list);
  return list;
}

function pathsOf(layout: GraphLayout, edges: readonly number[], withHeads: boolean): EdgePaths {
  const paths: EdgePaths = { plain: new Path2D(), critical: new Path2D(), heads: new Path2D() };
  const span = 2 * layout.count;
  const halves = new Set<number>();
  /** Of the edges through a hub the half to the shared transaction is one and the same, and drawn once. */
  const isNew = (half: number): boolean => !halves.has(half) && halves.add(half) !== undefined;
  for (const i of edges) {
    const { x0, y0, x1, y1 } = endsOf(layout, i);
    const hub = layout.hubOf[i];
    if (layout.criticalEdge[i]) curve(paths.critical, x0, y0, x1, y1);
    else if (hub < 0) curve(paths.plain, x0, y0, x1, y1);
    else {
      const hx = layout.hubs.x[hub];
      const hy = layout.hubs.y[hub];
      if (isNew(hub * span + 2 * layout.from[i])) curve(paths.plain, x0, y0, hx, hy);
      if (isNew(hub * span + 2 * layout.to[i] + 1)) curve(paths.plain, hx, hy, x1, y1);
    }
    if (withHeads && hub < 0) arrow(layout.criticalEdge[i] ? paths.heads : paths.plain, x1, y1, layout.criticalEdge[i] === 1);
  }
  return paths;
}

/** From where to where an edge is drawn. */
function endsOf(layout: GraphLayout, edge: number): { x0: number; y0: number; x1: number; y1: number } {
  const from = layout.from[edge];
  const to = layout.to[edge];
  return { x0: layout.x[from] + NODE_WIDTH / 2, y0: layout.y[from], x1: layout.x[to] - NODE_WIDTH / 2, y1: layout.y[to] };
}

function boxOf(layout: GraphLayout, edge: number): Box {
  const { x0, y0, x1, y1 } = endsOf(layout, edge);
  const hub = layout.hubOf[edge];
  const box = { left: Math.min(x0, x1), top: Math.min(y0, y1), right: Math.max(x0, x1), bottom: Math.max(y0, y1) };
  if (hub < 0) return box;
  const x = layout.hubs.x[hub];
  const y = layout.hubs.y[hub];
  return around(box, { left: x, top: y, right: x, bottom: y });
}

function around(a: Box, b: Box): Box {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}

function touch(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}

function curve(path: Path2D, x0: number, y0: number, x1: number, y1: number): void {
  path.moveTo(x0, y0);
  if (Math.abs(y1 - y0) < 0.5) path.lineTo(x1, y1);
  else {
    const reach = Math.min(Math.max(12, (x1 - x0) / 2), 90);
    path.bezierCurveTo(x0 + reach, y0, x1 - reach, y1, x1, y1);
  }
}

function arrow(path: Path2D, x: number, y: number, filled: boolean): void {
  const size = filled ? 9 : 5;
  path.moveTo(x - size, y - size * 0.6);
  path.lineTo(x - 1, y);
  path.lineTo(x - size, y + size * 0.6);
  if (filled) path.closePath();
}

/** Boxes of one state are one path: they come in thousands. */
function paintFarNodes(c: CanvasRenderingContext2D, { layout, palette, stateOf, replaying }: GraphScene, nodes: readonly number[]): void {
  const byState = new Map<TransactionState | "critical", Path2D>();
  for (const v of nodes) {
    const key = layout.criticalNode[v] && !replaying ? "critical" : stateOf(v);
    let path = byState.get(key);
    if (!path) byState.set(key, (path = new Path2D()));
    path.rect(layout.x[v] - NODE_WIDTH / 2, layout.y[v] - NODE_HEIGHT / 2, NODE_WIDTH, NODE_HEIGHT);
  }
  for (const [key, path] of byState) {
    c.fillStyle = palette.surface;
    c.fill(path);
    c.globalAlpha = key === "critical" ? 1 : 0.6;
    c.fillStyle = key === "critical" ? palette.ink : palette.state[key];
    c.fill(path);
    c.globalAlpha = 1;
  }
}

function paintNode(c: CanvasRenderingContext2D, scene: GraphScene, v: number, meant: boolean): void {
  const { layout, palette, view } = scene;
  const scale = view.scaleX;
  const x = layout.x[v] - NODE_WIDTH / 2;
  const y = layout.y[v] - NODE_HEIGHT / 2;
  const state = scene.stateOf(v);

  fillState(c, palette, state, x, y, NODE_WIDTH, NODE_HEIGHT, 5);

  if (layout.criticalNode[v]) {
    rounded(c, x - 0.5, y - 0.5, NODE_WIDTH + 1, NODE_HEIGHT + 1, 5.5);
    c.lineWidth = Math.max(2.5, 1.2 / scale);
    c.strokeStyle = palette.ink;
    c.stroke();
  }
  const aborts = scene.abortsOf(v);
  if (aborts > 0 && scale > 0.3) {
    fillState(c, palette, "aborted", x + NODE_WIDTH - 7, y - 5, 12, 10, 2);
  }
  if (scale * NODE_HEIGHT >= 9) {
    c.font = `${scene.failed(v) ? "italic " : ""}${meant ? "bold " : ""}${v > 9999 ? 9.5 : 11.5}px ${palette.mono}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    const text = scene.failed(v) ? `${v}×` : String(v);
    if (state === "aborted" || state === "blocked" || state === "validated") label(c, palette, text, layout.x[v], layout.y[v] + 0.5, "center");
    c.fillStyle = palette.onState[state];
    c.fillText(text, layout.x[v], layout.y[v] + 0.5);
  }
  if (meant) {
    rounded(c, x - 3.5, y - 3.5, NODE_WIDTH + 7, NODE_HEIGHT + 7, 8);
    c.lineWidth = Math.max(2, 1.4 / scale);
    c.strokeStyle = palette.ink;
    c.stroke();
  }
}

function paintHub(c: CanvasRenderingContext2D, scene: GraphScene, h: number, on: boolean): void {
  const { layout, palette, view } = scene;
  const { hubs } = layout;
  const scale = view.scaleX;
  const size = 5;
  c.beginPath();
  c.moveTo(hubs.x[h] - size, hubs.y[h]);
  c.lineTo(hubs.x[h], hubs.y[h] - size);
  c.lineTo(hubs.x[h] + size, hubs.y[h]);
  c.lineTo(hubs.x[h], hubs.y[h] + size);
  c.closePath();
  c.fillStyle = palette.surface;
  c.fill();
  c.lineWidth = on ? 2.5 : 1.5;
  c.strokeStyle = palette.ink;
  c.stroke();
  if (scale > 0.6 || on) {
    c.font = `${11 / Math.max(0.7, Math.min(1, scale))}px ${palette.mono}`;
    c.fillStyle = palette.ink;
    label(c, palette, cut(scene.placeName(hubs.location[h]), 18), hubs.x[h], hubs.y[h] - 13, "center");
  }
}

/** The place of the keyboard. */
function paintRing(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene, v: number): void {
  const x = layout.x[v] * view.scaleX + view.x;
  const y = layout.y[v] * view.scaleY + view.y;
  const w = NODE_WIDTH * view.scaleX + 12;
  const h = NODE_HEIGHT * view.scaleY + 12;
  rounded(c, x - w / 2, y - h / 2, w, h, 9);
  c.lineWidth = 2;
  c.setLineDash([4, 3]);
  c.strokeStyle = palette.focus;
  c.stroke();
  c.setLineDash([]);
}
