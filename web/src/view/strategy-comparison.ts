import { html, nothing, svg, type TemplateResult } from "lit";
import type { Comparison, ComparisonRow } from "../engine/types.ts";
import type { State } from "../state/state.ts";
import { comparison as words, controls, nouns } from "../text/page.ts";
import { STRATEGIES } from "./choices.ts";
import "./data-table.ts";
import type { Column } from "./data-table.ts";
import { StoreElement } from "./element.ts";
import { decimal, factor, gas, integer, microseconds, time } from "./format.ts";
import { term, termed } from "./term.ts";

/** Width and height of a bar. */
const BAR = { width: 64, height: 12 };

/**
 * The block under every strategy, a row for each. Emits `compare` when it is opened and there is nothing yet, or on demand;
 * `cancel-compare`; and `run` when a strategy has been chosen.
 */
export class StrategyComparison extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.compared, state.engine, state.options.strategy];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.state.compared.kind === "none" && this.state.engine) this.#emit("compare");
  }

  override render(): TemplateResult {
    const { compared } = this.state;
    switch (compared.kind) {
      case "done":
        return this.#result(compared.comparison);
      case "running":
        return html`<div class="comparing">
          <button type="button" @click=${() => this.#emit("cancel-compare")}>${controls.cancel}</button>
          <progress max="1" .value=${compared.total > 0 ? compared.done / compared.total : 0} aria-label=${controls.progress}></progress>
          <span class="facts">${words.comparing}${compared.total > 0 ? html` <span class="mono">${controls.of(integer(compared.done), integer(compared.total))}</span>` : nothing}</span>
        </div>`;
      case "failed":
        return html`<div class="notice error" role="alert">
            ${compared.code === "invalid" ? words.invalid : html`<span lang="en">${compared.message}</span>`}
          </div>
          ${this.#invitation()}`;
      case "none":
        return this.#invitation();
    }
  }

  #invitation(): TemplateResult {
    return html`<div class="empty">
      <p>${words.invitation}</p>
      <button type="button" ?disabled=${this.state.engine === null} @click=${() => this.#emit("compare")}>${words.compare}</button>
    </div>`;
  }

  #result(comparison: Comparison): TemplateResult {
    const { rows, unit, options } = comparison;
    const most = Math.max(1, ...rows.map((row) => Math.max(row.speedup ?? 0, row.speedupBound ?? 0)));
    const columns: Column[] = [
      { id: "strategy", head: words.strategy, cell: (i) => this.#strategy(rows[i]) },
      { id: "time", head: unit === "gas" ? words.timeGas(termed("gas")) : words.time, numeric: true, cell: (i) => (unit === "gas" ? gas : microseconds)(rows[i].time) },
      { id: "speedup", head: term("speedup"), numeric: true, cell: (i) => html`${bar(rows[i], most)}<span class="factor">${factor(rows[i].speedup)}</span>` },
      { id: "aborts", head: term("abort", words.aborts), numeric: true, cell: (i) => integer(rows[i].aborts) },
      { id: "work", head: term("work-ratio", words.work), numeric: true, cell: (i) => decimal(rows[i].workRatio, 2) },
      { id: "verified", head: term("verdict", words.equal), cell: (i) => proof(rows[i]) },
    ];
    const workers = Math.max(...rows.map((row) => row.workers));
    const wrong = rows.filter((row) => !row.equal);
    return html`<p class="facts">
        <span>${words.sequential(term("workers", nouns.workers(workers)), term("clock", nouns.clocks[options.clock]), html`<span class="mono">${time(comparison.sequential, unit)}</span>`)}</span>
      </p>
      ${wrong.map(
        (row) => html`<p class="notice error" role="alert">
          <strong>${words.differs(STRATEGIES[row.strategy].name)}</strong> <span lang="en">${row.firstDifference}.</span> ${nouns.defect}
        </p>`,
      )}
      <data-table
        label=${words.label}
        .columns=${columns}
        .count=${rows.length}
        .chosen=${rows.findIndex((row) => row.strategy === this.state.options.strategy)}
        .classOf=${(i: number) => (rows[i].oracle ? "oracle" : "")}
      ></data-table>
      <ul class="legend">
        <li><i class="share"></i>${words.reached}</li>
        <li><i class="limit"></i>${term("bound")}</li>
        ${rows.some((row) => row.oracle) ? html`<li><i class="share oracle"></i>${term("oracle", words.oracleLegend)}</li>` : nothing}
      </ul>`;
  }

  #strategy({ strategy, oracle }: ComparisonRow): TemplateResult {
    const { text } = STRATEGIES[strategy];
    const current = strategy === this.state.options.strategy;
    const choose = (): void => {
      this.store.dispatch({ type: "configured", options: { strategy } });
      this.#emit("run");
    };
    return html`<button
        type="button"
        class="link"
        aria-current=${current ? "true" : nothing}
        aria-label=${words.run(strategy)}
        aria-description=${text}
        data-tip=${text}
        @click=${choose}
      >${strategy}</button>${oracle ? html` <small>${words.oracle}</small>` : nothing}`;
  }

  #emit(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

/** The speedup as a bar and its limit as a line across, beside the number that says it. */
function bar({ speedup, speedupBound, oracle }: ComparisonRow, most: number): TemplateResult {
  const { width, height } = BAR;
  const at = (value: number): number => Math.round((value / most) * (width - 2));
  return html`<svg class="speed-bar" width=${width} height=${height} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    ${speedup === null ? nothing : svg`<rect class=${oracle ? "share oracle" : "share"} x="0.5" y="2.5" width=${Math.max(1, at(speedup))} height=${height - 5}></rect>`}
    ${speedupBound === null ? nothing : svg`<line class="limit" x1=${at(speedupBound) + 1} x2=${at(speedupBound) + 1} y1="0" y2=${height}></line>`}
  </svg>`;
}

function proof({ equal, differences }: ComparisonRow): TemplateResult {
  return equal
    ? html`<span class="proof ok"><span class="mark" aria-hidden="true">✓</span><span class="sr">${words.equalToSequential}</span></span>`
    : html`<span class="proof bad"><span class="mark" aria-hidden="true">✗</span>${integer(differences)}<span class="sr">${words.differences(differences)}</span></span>`;
}

customElements.define("strategy-comparison", StrategyComparison);
