import { html, nothing, svg, type TemplateResult } from "lit";
import { layoutSpeedup } from "../layout/speedup.ts";
import type { State } from "../state/state.ts";
import { speedup as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { factor, plain } from "./format.ts";
import { term } from "./term.ts";

/** How the speedup grows with workers, between what was reached and what could be. */
export class SpeedupChart extends StoreElement {
  static override properties = { ...StoreElement.properties, width: { state: true } };
  declare width: number;
  #watcher = new ResizeObserver(([entry]) => (this.width = Math.round(entry.contentRect.width)));

  constructor() {
    super();
    this.width = 420;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.curve, state.finished, state.run.kind];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher.disconnect();
  }

  override render(): TemplateResult {
    const { finished, curve } = this.state;
    if (!finished) return html`<p class="empty">${words.notYet}</p>`;
    const { verdict, options } = finished.report;
    const measured = options.clock === "measured";
    const points = curve?.points ?? [];
    const here = verdict.speedup === null ? null : { workers: verdict.workers, speedup: verdict.speedup, measured };
    if (!here) return html`<p class="empty">${words.empty}</p>`;
    const width = Math.max(240, Math.min(this.width, 640));
    const height = 232;
    const chart = layoutSpeedup({ points, here, width, height });
    const { plot } = chart;
    return html`<div class="chart">
        <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${words.label(factor(chart.top))}>
          ${chart.yTicks.map(
            ({ at, value }) => svg`<line class="grid" x1=${plot.left} x2=${plot.right} y1=${at} y2=${at}></line>
              <text class="tick" x=${plot.left - 6} y=${at + 4} text-anchor="end">${plain(value)}×</text>`,
          )}
          ${chart.xTicks.map(({ at, value }) => svg`<text class="tick" x=${at} y=${plot.bottom + 15} text-anchor="middle">${value}</text>`)}
          <text class="tick" x=${(plot.left + plot.right) / 2} y=${height - 3} text-anchor="middle">${words.workers}</text>
          <path class="ideal" d=${chart.ideal}></path>
          <path class="bound" d=${chart.bound}></path>
          <path class="curve" d=${chart.curve}></path>
          ${chart.points.map(
            ({ x, y, point }) => svg`<circle class="point" cx=${x} cy=${y} r="3">
              <title>${words.point(point.workers, factor(point.speedup), factor(point.bound), point.aborts)}</title>
            </circle>`,
          )}
          ${chart.here ? svg`<rect class="here" x=${chart.here.x - 5} y=${chart.here.y - 5} width="10" height="10"></rect>` : nothing}
        </svg>
        <ul class="legend">
          <li><i class="line curve"></i>${term("clock", words.virtualClock)}</li>
          <li><i class="line bound"></i>${term("bound")}</li>
          <li><i class="line ideal"></i>${words.onePerWorker}</li>
          <li><i class="square"></i>${words.here(html`<span class="mono">${factor(here.speedup)}</span>`, measured)}</li>
        </ul>
        ${curve || finished.opened ? nothing : html`<p class="hint">${this.state.run.kind === "idle" ? words.working : words.follows}</p>`}
      </div>
      ${points.length === 0
        ? nothing
        : html`<table class="sr">
            <caption>${words.caption}</caption>
            <thead><tr>${[words.workers, words.speedup, words.limit, words.aborts].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
            <tbody>
              ${points.map((p) => html`<tr><td>${p.workers}</td><td>${factor(p.speedup)}</td><td>${factor(p.bound)}</td><td>${p.aborts}</td></tr>`)}
            </tbody>
          </table>`}`;
  }
}

customElements.define("speedup-chart", SpeedupChart);
