/** Draws the edges of the dependency graph: most of the work of the whole picture. Also in a worker, so nothing here may need a document. */
import { NODE_WIDTH, type GraphLayout } from "../layout/graph.ts";
import type { Viewport } from "../layout/viewport.ts";
import type { EdgePicture } from "./edge-layer.ts";
import type { Palette } from "./paint.ts";
import { newPath, type Path, type Target } from "./target.ts";

/** What is drawn of a graph's edges, and with which colours. */
export interface EdgeScene {
  readonly layout: GraphLayout;
  readonly view: Viewport;
  readonly width: number;
  readonly height: number;
  readonly palette: Pick<Palette, "edge" | "ink">;
}

/** Up to this scale edges have no heads, so that their paths can be kept from frame to frame. */
export const HEADLESS = 0.45;

/** Draws the edges in sight. The context's unit is that of the layout. */
export function paintEdges(c: Target, scene: EdgeScene): void {
  const { layout, palette, view } = scene;
  const scale = view.scaleX;
  const sight = sightOf(scene);
  const near = tilesOf(layout).filter((tile) => touch(tile.box, sight));
  const paths =
    scale <= HEADLESS
      ? near.map((tile) => (c.newPath ? pathsOf(c, layout, tile.edges, false) : (tile.paths ??= pathsOf(c, layout, tile.edges, false))))
      : [pathsOf(c, layout, near.flatMap((tile) => tile.edges.filter((i) => touch(boxOf(layout, i), sight))), true)];
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

/** Draws a picture of edges for whoever looks from `view` now. The context's unit is the CSS pixel. */
export function drawEdges(c: Target, { bitmap, look }: EdgePicture, view: Viewport): void {
  const by = view.scaleX / look.view.scaleX;
  c.drawImage?.(bitmap, view.x - look.view.x * by, view.y - look.view.y * by, look.width * by, look.height * by);
}

/** The part of the layout that is in sight. */
export function sightOf({ view, width, height }: Pick<EdgeScene, "view" | "width" | "height">): Box {
  const scale = view.scaleX;
  return { left: -view.x / scale, top: -view.y / scale, right: (width - view.x) / scale, bottom: (height - view.y) / scale };
}

/** Draws in the layout's unit. */
export function inWorld(c: Target, view: Viewport, paint: () => void): void {
  c.save();
  c.translate(view.x, view.y);
  c.scale(view.scaleX, view.scaleX);
  paint();
  c.restore();
}

/** A rectangle of the layout. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface EdgePaths {
  readonly plain: Path;
  readonly critical: Path;
  /** Filled heads, of critical edges. */
  readonly heads: Path;
}

/** Edges that lie together, so that those out of sight are passed over at once; and their paths on canvases, once they were drawn. */
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

function pathsOf(c: Target, layout: GraphLayout, edges: readonly number[], withHeads: boolean): EdgePaths {
  const paths: EdgePaths = { plain: newPath(c), critical: newPath(c), heads: newPath(c) };
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
export function endsOf(layout: GraphLayout, edge: number): { x0: number; y0: number; x1: number; y1: number } {
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

/** An edge from its right end to its left. */
export function curve(path: Path, x0: number, y0: number, x1: number, y1: number): void {
  path.moveTo(x0, y0);
  if (Math.abs(y1 - y0) < 0.5) path.lineTo(x1, y1);
  else {
    const reach = Math.min(Math.max(12, (x1 - x0) / 2), 90);
    path.bezierCurveTo(x0 + reach, y0, x1 - reach, y1, x1, y1);
  }
}

/** The head of an edge. */
export function arrow(path: Path, x: number, y: number, filled: boolean): void {
  const size = filled ? 9 : 5;
  path.moveTo(x - size, y - size * 0.6);
  path.lineTo(x - 1, y);
  path.lineTo(x - size, y + size * 0.6);
  if (filled) path.closePath();
}
