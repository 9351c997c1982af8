import { html, nothing, type TemplateResult } from "lit";
import type { Difference, Report } from "../engine/types.ts";
import { isStale, type State } from "../state/state.ts";
import { accessListFact, isOracle, wrongAccessList } from "./access-lists.ts";
import { StoreElement } from "./element.ts";
import { account, count, factor, shortHex, time } from "./format.ts";
import { term } from "./term.ts";

/** The answer: how much faster, what the limit is, and whether it is right. */
export class VerdictStrip extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.run, state.engine, isStale(state)];
  }

  override render(): TemplateResult {
    const { state } = this;
    const report = state.finished?.report;
    return html`<section class="verdict" aria-label="Verdict">
      ${this.#failure()}
      ${report ? this.#result(report) : this.#waiting()}
      <p class="sr" role="status">${this.#announcement()}</p>
    </section>`;
  }

  #waiting(): TemplateResult {
    const { run, engine } = this.state;
    if (run.kind === "failed") return html``;
    const words = run.kind === "running" ? "Running the example…" : engine ? "Not run yet" : "Starting the engine…";
    return html`<div class="headline"><strong class="big quiet">${words}</strong></div>
      <p class="facts">The first result takes about a second.</p>`;
  }

  #result(report: Report): TemplateResult {
    const { verdict, options } = report;
    const { speedup } = verdict;
    const words = speedup === null ? "empty block" : speedup < 0.995 ? "of sequential speed" : speedup < 1.05 ? "as fast as sequential" : "faster";
    const stale = isStale(this.state);
    const clock = options.clock === "virtual" ? `virtual clock (${options.cost === "gas" ? "gas" : "measured costs"})` : "measured clock";
    return html`
      <div class="headline ${stale ? "stale" : ""}">
        <strong class="big" data-testid="speedup">
          ${speedup === null ? nothing : html`<span class="mono">${factor(speedup)}</span>`} ${words}
        </strong>
        ${verdict.speedupBound === null ? nothing : html`<span class="limit">${term("bound")} <span class="mono">${factor(verdict.speedupBound)}</span></span>`}
        <span class="proof ${verdict.equal ? "ok" : "bad"}" data-testid="proof">
          <span class="mark" aria-hidden="true">${verdict.equal ? "✓" : "✗"}</span>
          ${verdict.equal ? term("verdict") : html`not ${term("verdict")}`}
        </span>
        ${stale ? html`<span class="chip">of an earlier version: run again</span>` : nothing}
      </div>
      <p class="facts">
        <span>${verdict.messages ? term("messages") : term(options.strategy)}${isOracle(report) ? html`, ${term("oracle", "an oracle: not an engine's speedup")}` : nothing}</span>
        <span>${term("workers", count(verdict.workers, "worker"))}</span>
        <span>${term("clock", clock)}</span>
        <span>${term("speedup", html`<span class="mono">${time(verdict.sequential, verdict.unit)} → ${time(verdict.parallel, verdict.unit)}</span>`)}</span>
        <span>${term("abort", count(verdict.aborts, "abort"))}</span>
        ${!report.locks
          ? nothing
          : html`<span>${term("locks", `${count(report.locks.pairs, "pair")} locked`)}, <span class="mono">${report.locks.needless}</span> without need</span>`}
        <span>${term("work-ratio")} <span class="mono">${verdict.workRatio.toFixed(2)}</span></span>
        <span>${term("state-root")} <span class="mono" title=${verdict.sequentialStateRoot}>${shortHex(verdict.sequentialStateRoot)}</span></span>
        ${report.accessLists ? accessListFact(report.accessLists) : nothing}
        ${this.#badge()}
      </p>
      ${report.scenario.description && !stale ? html`<p class="lesson">${report.scenario.description}</p>` : nothing}
      ${verdict.rejectedBy === null
        ? nothing
        : html`<p class="notice">The block was rejected: transaction ${verdict.rejectedBy} is invalid, so nothing changed.</p>`}
      ${wrongAccessList(report)}
      ${verdict.workers < options.workers && options.clock === "measured"
        ? html`<p class="notice">${options.workers} workers were asked for, ${verdict.workers} ran. ${this.state.engine?.reason ?? ""}</p>`
        : nothing}
      ${verdict.equal ? nothing : this.#differences(report)}
    `;
  }

  #badge(): TemplateResult {
    const { engine } = this.state;
    if (!engine) return html``;
    return html`<span class="badge" data-testid="executor">${term("executor", EXECUTORS[engine.executor])}<button
        type="button" class="term help" data-tip=${engine.reason} aria-label="Why this executor" aria-description=${engine.reason}>?</button>
    </span>`;
  }

  #differences(report: Report): TemplateResult {
    const { differences } = report.verdict;
    const where = (d: Difference): string =>
      [
        d.transaction === null ? "" : `transaction ${d.transaction}`,
        d.account === null ? "" : account(report, d.account),
        d.slot === null ? "" : `slot ${shortHex(d.slot)}`,
      ]
        .filter(Boolean)
        .join(", ") || "block";
    return html`<div class="differences" tabindex="0" role="group" aria-label="Differences">
      <p>The parallel result differs from the sequential one, which is right. This is a defect of the engine; please report the scenario.</p>
      <table>
        <thead>
          <tr><th scope="col">what</th><th scope="col">where</th><th scope="col">sequential</th><th scope="col">parallel</th></tr>
        </thead>
        <tbody>
          ${differences.map(
            (d) => html`<tr>
              <td>${d.what}</td>
              <td>${where(d)}</td>
              <td class="mono">${shortHex(d.sequential, 8)}</td>
              <td class="mono">${shortHex(d.parallel, 8)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #failure(): TemplateResult | typeof nothing {
    const { run } = this.state;
    if (run.kind === "cancelled") return html`<p class="notice" role="status">Cancelled. Nothing was changed.</p>`;
    if (run.kind !== "failed") return nothing;
    const { title, next } = FAILURES[run.code];
    const first = run.diagnostics[0];
    return html`<div class="notice error" role="alert" data-testid="failure">
      <strong>${title}</strong>
      <span>${first ? `Line ${first.line}: ${first.message}` : run.code === "invalid" ? "" : run.message}</span>
      <span>${next}</span>
      ${run.code === "invalid"
        ? html`<button type="button" @click=${() => this.store.dispatch({ type: "pane", pane: "json" })}>Show in JSON</button>`
        : nothing}
    </div>`;
  }

  #announcement(): string {
    const { run, finished } = this.state;
    if (run.kind !== "idle" || !finished) return "";
    const { verdict } = finished.report;
    return `${verdict.equal ? "Equal to sequential" : "Not equal to sequential"}, ${factor(verdict.speedup)} on ${verdict.workers} workers, ${count(verdict.aborts, "abort")}.`;
  }
}

const EXECUTORS = { threads: "threads", pool: "pool of workers", single: "single worker" } as const;

const FAILURES = {
  invalid: { title: "The scenario has errors.", next: "" },
  options: { title: "These settings do not fit together.", next: "Change them and run again." },
  cancelled: { title: "Cancelled.", next: "" },
  panicked: {
    title: "A worker failed.",
    next: "That is a defect of the engine, not of your scenario. The engine has been restarted and your text is unchanged; run again, perhaps with one worker.",
  },
  unavailable: { title: "The engine could not be loaded.", next: "Reload the page; your text is kept until then." },
} as const;

customElements.define("verdict-strip", VerdictStrip);
