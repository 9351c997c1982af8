import { html, type TemplateResult } from "lit";
import type { Granularity, Report } from "../engine/types.ts";
import { neighbours } from "../layout/adjacency.ts";
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from "../layout/graph.ts";
import { look, placeName, type Look } from "../layout/lens.ts";
import { SpatialIndex } from "../layout/spatial.ts";
import { fit, keepInSight, pan, reveal, zoomAt, type Viewport } from "../layout/viewport.ts";
import type { Selection, State } from "../state/state.ts";
import { block, choices, graph as words, nouns } from "../text/page.ts";
import { entries } from "./choices.ts";
import type { Column } from "./data-table.ts";
import "./data-table.ts";
import { derive, graphInput, progressAt } from "./derived.ts";
import { EdgeLayer } from "./edge-layer.ts";
import { account, cut, factor, gas } from "./format.ts";
import { paintGraph, paintGraphLit, type GraphScene } from "./graph-paint.ts";
import { pixelRatio, type Palette } from "./paint.ts";
import { Picture, type Light } from "./picture.ts";
import { help, term } from "./term.ts";

const LARGEST = 4;
/** The height the layout aims at. */
const HIGH = 360;
/** From this many transactions and edges on, the layout is worked out beside the main thread, and the edges are painted there. */
const LARGE = 3000;

/** The dependency graph: who reads what whom wrote. */
export class GraphView extends Picture {
  protected override readonly heading = words.heading;
  protected override readonly stops = "transaction";
  #layout: GraphLayout | null = null;
  #index: SpatialIndex | null = null;
  #view: Viewport = { scaleX: 1, scaleY: 1, x: 0, y: 0 };
  /** Whether the reader has moved the picture: then it stays where it is when its size changes. */
  #touched = false;
  #edges: EdgeLayer | null = null;
  #granularity: Granularity | null = null;

  protected override watch(state: State): readonly unknown[] {
    return [...super.watch(state), state.granularity];
  }

  override willUpdate(): void {
    super.willUpdate();
    const { granularity } = this.state;
    if (granularity === this.#granularity) return;
    const first = this.#granularity === null;
    this.#granularity = granularity;
    if (first) return;
    this.hint = "";
    this.#lay();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#edges?.close();
    this.#edges = null;
  }

  /** The graph at the granularity that is chosen. */
  #look(report: Report): Look {
    return look(report, this.state.granularity);
  }

  protected override facts(report: Report): TemplateResult {
    const { graph, critical, speedupBound } = this.#look(report);
    const sizes = [nouns.levels(graph.levels), nouns.dependencies(graph.edges.length)] as const;
    const path = [nouns.transactions(critical.length), gas(graph.criticalPathGas.weight)] as const;
    return html`${words.facts(...sizes, term("critical-path"), ...path, term("bound"), factor(speedupBound))}`;
  }

  protected override choices(): TemplateResult {
    const { granularity } = this.state;
    const choose = (to: Granularity) => () => this.store.dispatch({ type: "granularity", granularity: to });
    return html`<span class="segments" role="group" aria-label=${words.toldApart}>
        ${entries(choices.granularities).map(
          ([id, name]) => html`<button type="button" aria-pressed=${String(id === granularity)} @click=${choose(id)}>${name}</button>`,
        )}
      </span>${help("granularity")}`;
  }

  protected override nothingToDraw(report: Report | null): string | null {
    if (report === null) return words.notYet;
    return report.transactions.length === 0 ? words.empty : null;
  }

  protected override describe(report: Report): { label: string; keys: string } {
    return {
      label: words.label(report.transactions.length, this.#look(report).graph.levels),
      keys: words.keys,
    };
  }

  protected override table(report: Report): TemplateResult {
    const { before, after, criticalSet, level } = this.#look(report);
    const list = (table: typeof before, v: number): string => cut([...neighbours(table, v)].join(", ") || "–", 40);
    const columns: Column[] = [
      { id: "index", head: "#", numeric: true, cell: (v) => v },
      { id: "level", head: term("level"), numeric: true, cell: (v) => level[v] },
      { id: "before", head: words.readsFrom, cell: (v) => list(before, v) },
      { id: "after", head: words.isReadBy, cell: (v) => list(after, v) },
      { id: "state", head: words.state, cell: (v) => nouns.states[progressAt(report, playhead).stateOf(v)] },
      { id: "critical", head: words.critical, cell: (v) => (criticalSet.has(v) ? words.yes : "") },
    ];
    const { selection, playhead } = this.state;
    return html`<data-table
      label=${words.tableLabel}
      .columns=${columns}
      .count=${report.transactions.length}
      .chosen=${selection?.kind === "transaction" ? selection.index : -1}
      @row-choose=${(e: CustomEvent<number>) => this.select({ kind: "transaction", index: e.detail })}
    ></data-table>`;
  }

  protected override paint(context: CanvasRenderingContext2D, palette: Palette, report: Report): void {
    const scene = this.#scene(palette, report);
    if (scene) paintGraph(context, scene);
  }

  protected override paintLit(context: CanvasRenderingContext2D, palette: Palette, report: Report, light: Light): void {
    const scene = this.#scene(palette, report);
    if (scene) paintGraphLit(context, scene, light);
  }

  #scene(palette: Palette, report: Report): GraphScene | null {
    if (!this.#layout || !this.#index) return null;
    const { playhead } = this.state;
    const progress = progressAt(report, playhead);
    const look = { view: this.#view, width: this.width, height: this.height, palette };
    const { edge, ink } = palette;
    return {
      ...look,
      layout: this.#layout,
      index: this.#index,
      stateOf: (v) => progress.stateOf(v),
      replaying: playhead !== null,
      abortsOf: (v) => progress.aborts[v],
      failed: (v) => report.transactions[v].status !== "success",
      placeName: (place) => placeName(report, this.#look(report), place),
      places: this.#look(report).places,
      edges: this.#edges === null ? "here" : this.#edges.from({ ...look, palette: { edge, ink }, ratio: pixelRatio() }),
    };
  }

  protected override walk(key: string, from: number): number | null {
    const layout = this.#layout;
    if (!layout || layout.count === 0) return null;
    const nowhere = from < 0;
    const orStay = (to: number): number => (nowhere ? 0 : to < 0 ? from : to);
    switch (key) {
      case "ArrowRight":
        return orStay(nearest(layout, from, nowhere ? [] : neighbours(layout.after, from)));
      case "ArrowLeft":
        return orStay(nearest(layout, from, nowhere ? [] : neighbours(layout.before, from)));
      case "ArrowDown":
        return orStay(sibling(layout, from, 1));
      case "ArrowUp":
        return orStay(sibling(layout, from, -1));
      case "Home":
        return 0;
      case "End":
        return layout.count - 1;
      default:
        return null;
    }
  }

  protected override reportChanged(): void {
    this.#lay();
  }

  protected override resized(): void {
    if (!this.#layout) this.#lay();
    else if (!this.#touched) this.fit();
  }

  protected override reveal(selection: Selection): void {
    if (selection.kind !== "transaction" || !this.#layout) return;
    const { x, y } = this.#layout;
    const view = reveal(this.#view, x[selection.index], y[selection.index], this.width, this.height);
    if (view.x !== this.#view.x || view.y !== this.#view.y) this.#show(view);
  }

  #lay(): void {
    this.#layout = null;
    this.#edges?.close();
    this.#edges = null;
    const { report } = this;
    if (!report || this.width === 0) return;
    const input = graphInput(this.#look(report), this.width / HIGH);
    if (input.count + input.edges.length < LARGE) return this.#laid(layoutGraph(input));
    this.hint = words.layingOut;
    this.#edges = new EdgeLayer(
      input,
      (layout) => {
        this.hint = "";
        // Without a worker it takes longer, here.
        if (layout === null) this.#edges = null;
        this.#laid(layout ?? layoutGraph(input));
      },
      () => this.draw(),
    );
  }

  #laid(layout: GraphLayout): void {
    this.#layout = layout;
    this.#index = new SpatialIndex(layout.x, layout.y, NODE_WIDTH / 2 + 3, NODE_HEIGHT / 2 + 3, layout.width, layout.height);
    // A small graph needs no large window. The stylesheet bounds it from both sides.
    this.querySelector<HTMLElement>(".picture")?.style.setProperty("--content", `${Math.ceil(layout.height * 1.3)}px`);
    this.fit();
  }

  protected override fit(): void {
    if (!this.#layout) return;
    this.#touched = false;
    this.#view = fit(this.#layout.width, this.#layout.height, this.width, this.height, 1.4);
    this.draw();
  }

  protected override zoom(factor: number, x = this.width / 2, y = this.height / 2): void {
    if (!this.#layout) return;
    const all = fit(this.#layout.width, this.#layout.height, this.width, this.height).scaleX;
    this.#show(zoomAt(this.#view, factor, x, y, Math.min(0.5, all * 0.7), LARGEST));
  }

  protected override pan(dx: number, dy: number): void {
    this.#show(pan(this.#view, dx, dy));
  }

  #show(view: Viewport): void {
    if (!this.#layout) return;
    this.#touched = true;
    this.#view = keepInSight(view, this.#layout.width, this.#layout.height, this.width, this.height);
    this.draw();
  }

  /** A node, a hub, or an edge. */
  protected override hit(px: number, py: number): Selection | null {
    const layout = this.#layout;
    if (!layout || !this.#index) return null;
    const scale = this.#view.scaleX;
    const x = (px - this.#view.x) / scale;
    const y = (py - this.#view.y) / scale;
    const node = this.#index.at(x, y, 2 / scale);
    if (node >= 0) return { kind: "transaction", index: node };
    const kind = this.#look(this.report!).places === "accounts" ? "account" : "location";
    for (let h = 0; h < layout.hubs.x.length; h++) {
      if (Math.hypot(layout.hubs.x[h] - x, layout.hubs.y[h] - y) < 11) return { kind, index: layout.hubs.location[h] };
    }
    const edge = nearestEdge(layout, x, y, 6 / scale);
    return edge < 0 ? null : { kind: "edge", index: edge };
  }

  protected override words(selection: Selection): string {
    const report = this.report!;
    const at = this.#look(report);
    if (selection.kind === "location" || selection.kind === "account") return placeName(report, at, selection.index);
    if (selection.kind === "edge") {
      const edge = at.graph.edges[selection.index];
      const names = edge.locations.map((place) => placeName(report, at, place));
      return words.edge(edge.to, edge.from, cut(names.join(", "), 160));
    }
    const t = report.transactions[selection.index];
    const { before, after, level } = at;
    const { aborts } = derive(report);
    const v = selection.index;
    return [
      `${v}: ${account(report, t.from)} → ${account(report, t.to)}`,
      t.call ? cut(t.call, 48) : "",
      words.gas(gas(t.gasUsed)),
      words.level(level[v]),
      block.degree(neighbours(before, v).length, neighbours(after, v).length),
      aborts[v] > 0 ? nouns.aborts(aborts[v]) : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }
}

/** The next node up or down in the same column of the picture, or -1. */
function sibling(layout: GraphLayout, at: number, direction: 1 | -1): number {
  let best = -1;
  let least = Infinity;
  for (let v = 0; v < layout.count; v++) {
    const dy = (layout.y[v] - layout.y[at]) * direction;
    const distance = dy + Math.abs(layout.x[v] - layout.x[at]) * 3;
    if (dy > 0.5 && distance < least) {
      least = distance;
      best = v;
    }
  }
  return best;
}

/** Of the neighbours, the one that is on the critical path with it, or else the nearest in height; -1 without any. */
function nearest(layout: GraphLayout, at: number, among: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < among.length; i++) {
    const v = among[i];
    if (layout.criticalNode[at] && layout.criticalNode[v]) return v;
    if (best < 0 || Math.abs(layout.y[v] - layout.y[at]) < Math.abs(layout.y[best] - layout.y[at])) best = v;
  }
  return best;
}

/** The edge that passes within `reach` of a point. Edges are sampled as they are drawn. */
function nearestEdge(layout: GraphLayout, x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach;
  for (let i = 0; i < layout.from.length; i++) {
    const x0 = layout.x[layout.from[i]] + NODE_WIDTH / 2;
    const x1 = layout.x[layout.to[i]] - NODE_WIDTH / 2;
    if (x < x0 - reach || x > x1 + reach) continue;
    const y0 = layout.y[layout.from[i]];
    const y1 = layout.y[layout.to[i]];
    const hub = layout.hubOf[i];
    let distance: number;
    if (hub < 0) distance = curveDistance(x, y, x0, y0, x1, y1);
    else {
      const hx = layout.hubs.x[hub];
      const hy = layout.hubs.y[hub];
      distance = Math.min(curveDistance(x, y, x0, y0, hx, hy), curveDistance(x, y, hx, hy, x1, y1));
    }
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

function curveDistance(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  if (y < Math.min(y0, y1) - 12 || y > Math.max(y0, y1) + 12) return Infinity;
  const reach = Math.min(Math.max(12, (x1 - x0) / 2), 90);
  let least = Infinity;
  const steps = 24;
  for (let k = 0; k <= steps; k++) {
    const t = k / steps;
    const u = 1 - t;
    const px = u * u * u * x0 + 3 * u * u * t * (x0 + reach) + 3 * u * t * t * (x1 - reach) + t * t * t * x1;
    const py = (u * u * u + 3 * u * u * t) * y0 + (3 * u * t * t + t * t * t) * y1;
    least = Math.min(least, Math.hypot(px - x, py - y));
  }
  // A straight line between samples is nearer than the samples.
  return least - Math.hypot(x1 - x0, y1 - y0) / steps / 2;
}

customElements.define("graph-view", GraphView);
