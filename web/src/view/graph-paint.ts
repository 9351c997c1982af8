/** Draws the dependency graph: a function of its layout, the viewport and what is lit up. */
import { NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from "../layout/graph.ts";
import type { Highlight } from "../layout/highlight.ts";
import type { TransactionState } from "../layout/lanes.ts";
import type { SpatialIndex } from "../layout/spatial.ts";
import type { Viewport } from "../layout/viewport.ts";
import { cut } from "./format.ts";
import { fillState, label, rounded, type Palette } from "./paint.ts";

/** What is drawn. */
export interface GraphScene {
  readonly layout: GraphLayout;
  readonly index: SpatialIndex;
  readonly view: Viewport;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly stateOf: (transaction: number) => TransactionState;
  /** How often a transaction was aborted. */
  readonly abortsOf: (transaction: number) => number;
  /** Whether it ended well. */
  readonly failed: (transaction: number) => boolean;
  readonly lit: Highlight;
  /** Whether anything is selected or hovered, so that the rest steps back. */
  readonly dimmed: boolean;
  /** The transaction the keyboard is at, or -1. */
  readonly focus: number;
  readonly locationLabel: (location: number) => string;
}

/** Draws everything in sight. */
export function paintGraph(c: CanvasRenderingContext2D, scene: GraphScene): void {
  const { view, palette, width, height } = scene;
  const scale = view.scaleX;
  const left = -view.x / scale;
  const top = -view.y / scale;
  const inSight = scene.index.within(left, top, left + width / scale, top + height / scale);

  c.save();
  c.translate(view.x, view.y);
  c.scale(scale, scale);
  paintRegions(c, scene);
  paintEdges(c, scene, left, top, left + width / scale, top + height / scale);
  for (const v of inSight) paintNode(c, scene, v);
  paintHubs(c, scene);
  c.restore();
  if (scene.focus >= 0) paintRing(c, scene, scene.focus, palette.focus);
}

function paintRegions(c: CanvasRenderingContext2D, { layout, palette, view }: GraphScene): void {
  const scale = view.scaleX;
  c.font = `${11 / Math.max(scale, 0.55)}px ${palette.sans}`;
  c.textBaseline = "middle";
  layout.regions.forEach((region, r) => {
    c.fillStyle = palette.sunken;
    // Far out, stripes of a pixel or two would only flicker.
    if (scale > 0.2) {
      for (const band of region.bands) {
        rounded(c, band.x - 8, region.y + 2, band.width + 16, region.height, 6);
        c.fill();
      }
    }
    c.fillStyle = palette.quiet;
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

function paintEdges(
  c: CanvasRenderingContext2D,
  scene: GraphScene,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const { layout, palette, view, lit, dimmed } = scene;
  const scale = view.scaleX;
  const plain = new Path2D();
  const critical = new Path2D();
  const bright = new Path2D();
  const heads = new Path2D();
  const hubDone = new Set<number>();
  let tips = "";
  for (let i = 0; i < layout.from.length; i++) {
    const isLit = dimmed && lit.edges.has(i);
    const x0 = layout.x[layout.from[i]] + NODE_WIDTH / 2;
    const y0 = layout.y[layout.from[i]];
    const x1 = layout.x[layout.to[i]] - NODE_WIDTH / 2;
    const y1 = layout.y[layout.to[i]];
    if (x1 < left || x0 > right || Math.max(y0, y1) < top || Math.min(y0, y1) > bottom) continue;
    const path = isLit ? bright : layout.criticalEdge[i] ? critical : plain;
    const hub = layout.hubOf[i];
    if (hub < 0 || isLit || layout.criticalEdge[i]) curve(path, x0, y0, x1, y1);
    else {
      const hx = layout.hubs.x[hub];
      const hy = layout.hubs.y[hub];
      // Of the two halves, the one to the shared transaction is drawn once.
      const first = `${hub} ${layout.from[i]}`;
      if (tips !== first || !hubDone.has(hub)) curve(path, x0, y0, hx, hy);
      curve(path, hx, hy, x1, y1);
      hubDone.add(hub);
      tips = first;
    }
    if (scale > 0.45 && (hub < 0 || isLit)) arrow(isLit || layout.criticalEdge[i] ? heads : path, x1, y1, isLit || layout.criticalEdge[i] === 1);
  }
  c.lineWidth = Math.max(1, 0.7 / scale);
  c.strokeStyle = palette.edge;
  c.globalAlpha = dimmed ? 0.25 : 0.8;
  c.stroke(plain);
  c.globalAlpha = dimmed ? 0.35 : 1;
  c.lineWidth = Math.max(3, 1.6 / scale);
  c.strokeStyle = palette.ink;
  c.stroke(critical);
  c.globalAlpha = 1;
  c.lineWidth = Math.max(2, 1.4 / scale);
  c.stroke(bright);
  c.fillStyle = palette.ink;
  c.fill(heads);
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

function paintNode(c: CanvasRenderingContext2D, scene: GraphScene, v: number): void {
  const { layout, palette, view, lit, dimmed } = scene;
  const scale = view.scaleX;
  const x = layout.x[v] - NODE_WIDTH / 2;
  const y = layout.y[v] - NODE_HEIGHT / 2;
  const state = scene.stateOf(v);
  const meant = lit.transactions.has(v);
  const related = lit.related.has(v);
  if (dimmed && !meant && !related) c.globalAlpha = 0.3;

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
    if (state === "aborted" || state === "blocked") label(c, palette, text, layout.x[v], layout.y[v] + 0.5, "center");
    c.fillStyle = palette.onState[state];
    c.fillText(text, layout.x[v], layout.y[v] + 0.5);
  }
  c.globalAlpha = 1;
  if (meant) {
    rounded(c, x - 3.5, y - 3.5, NODE_WIDTH + 7, NODE_HEIGHT + 7, 8);
    c.lineWidth = Math.max(2, 1.4 / scale);
    c.strokeStyle = palette.ink;
    c.stroke();
  }
}

function paintHubs(c: CanvasRenderingContext2D, scene: GraphScene): void {
  const { layout, palette, view, lit, dimmed } = scene;
  const { hubs } = layout;
  const scale = view.scaleX;
  for (let h = 0; h < hubs.x.length; h++) {
    const on = lit.locations.has(hubs.location[h]);
    c.globalAlpha = dimmed && !on ? 0.35 : 1;
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
      label(c, palette, cut(scene.locationLabel(hubs.location[h]), 18), hubs.x[h], hubs.y[h] - 13, "center");
    }
  }
  c.globalAlpha = 1;
}

function paintRing(c: CanvasRenderingContext2D, { layout, view }: GraphScene, v: number, colour: string): void {
  const x = layout.x[v] * view.scaleX + view.x;
  const y = layout.y[v] * view.scaleY + view.y;
  const w = NODE_WIDTH * view.scaleX + 12;
  const h = NODE_HEIGHT * view.scaleY + 12;
  rounded(c, x - w / 2, y - h / 2, w, h, 9);
  c.lineWidth = 2;
  c.setLineDash([4, 3]);
  c.strokeStyle = colour;
  c.stroke();
  c.setLineDash([]);
}
