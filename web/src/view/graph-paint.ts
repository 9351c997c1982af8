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
import { graph as words } from "../text/page.ts";
import type { EdgePicture } from "./edge-layer.ts";
import { arrow, curve, drawEdges, endsOf, HEADLESS, inWorld, paintEdges, sightOf } from "./edge-paint.ts";
import { cut } from "./format.ts";
import { fillState, label, rounded, veil, type Palette } from "./paint.ts";
import { newPath, type Path, type Target } from "./target.ts";

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
  /** The edges, if they are painted elsewhere: `null` as long as they are not there yet. */
  readonly edges: EdgePicture | null | "here";
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

/** Draws everything in sight. */
export function paintGraph(c: Target, scene: GraphScene): void {
  const { view, edges } = scene;
  const scale = view.scaleX;
  const { left, top, right, bottom } = sightOf(scene);
  const inSight = scene.index.within(left, top, right, bottom);
  inWorld(c, view, () => {
    paintBands(c, scene);
    paintHeadings(c, scene);
    if (edges === "here") paintEdges(c, scene);
  });
  if (edges !== null && edges !== "here") drawEdges(c, edges, view);
  inWorld(c, view, () => {
    if (scale <= FAR) paintFarNodes(c, scene, inSight);
    else for (const v of inSight) paintNode(c, scene, v, false);
    const { hubs } = scene.layout;
    for (let h = 0; h < hubs.x.length; h++) paintHub(c, scene, h, false);
  });
}

/** Draws what is lit up, over the rest. */
export function paintGraphLit(c: Target, scene: GraphScene, { lit, dimmed, focus }: GraphLight): void {
  const { view } = scene;
  if (dimmed) {
    veil(c, scene.palette, 0, 0, scene.width, scene.height);
    inWorld(c, view, () => {
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

function paintBands(c: Target, { layout, palette, view }: GraphScene): void {
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

function paintHeadings(c: Target, { layout, palette, view }: GraphScene): void {
  const scale = view.scaleX;
  c.font = `${11 / Math.max(scale, 0.55)}px ${palette.sans}`;
  c.textBaseline = "middle";
  c.fillStyle = palette.quiet;
  layout.regions.forEach((region, r) => {
    if (region.kind === "independent") {
      c.textAlign = "left";
      c.fillText(words.independent(region.count), region.x, region.y + 12);
      return;
    }
    const step = Math.max(1, Math.ceil(34 / Math.max(8, scale * (region.width / Math.max(1, region.bands.length)))));
    region.bands.forEach((band, i) => {
      if (i % step !== 0) return;
      c.textAlign = "center";
      const wide = band.width * scale > 56 || (i === 0 && r === 0 && scale > 0.5);
      c.fillText(wide ? words.level(band.level) : String(band.level), band.x + band.width / 2, region.y + 13);
    });
  });
}

function paintLitEdges(c: Target, { layout, palette, view }: GraphScene, lit: Highlight): void {
  const lines = newPath(c);
  const heads = newPath(c);
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

/** Boxes of one state are one path: they come in thousands. */
function paintFarNodes(c: Target, { layout, palette, stateOf, replaying }: GraphScene, nodes: readonly number[]): void {
  const byState = new Map<TransactionState | "critical", Path>();
  for (const v of nodes) {
    const key = layout.criticalNode[v] && !replaying ? "critical" : stateOf(v);
    let path = byState.get(key);
    if (!path) byState.set(key, (path = newPath(c)));
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

function paintNode(c: Target, scene: GraphScene, v: number, meant: boolean): void {
  const { layout, palette, view } = scene;
  const scale = view.scaleX;
  const x = layout.x[v] - NODE_WIDTH / 2;
  const y = layout.y[v] - NODE_HEIGHT / 2;
  const state = scene.stateOf(v);

  c.group?.("transaction", String(v));
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
  c.ungroup?.();
}

function paintHub(c: Target, scene: GraphScene, h: number, on: boolean): void {
  const { layout, palette, view } = scene;
  const { hubs } = layout;
  const scale = view.scaleX;
  const size = 5;
  c.group?.("hub", scene.placeName(hubs.location[h]));
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
  c.ungroup?.();
}

/** The place of the keyboard. */
function paintRing(c: Target, { layout, palette, view }: GraphScene, v: number): void {
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
