import { html, nothing, type TemplateResult } from "lit";
import type { Difference, Options, Report } from "../engine/types.ts";
import { isStale, type State } from "../state/state.ts";
import { nouns, verdict as words } from "../text/page.ts";
import { accessListFact, isOracle, wrongAccessList } from "./access-lists.ts";
import { because } from "./because.ts";
import { StoreElement } from "./element.ts";
import { account, decimal, factor, shortHex, time } from "./format.ts";
import { term } from "./term.ts";

/** The answer: how much faster, what the limit is, and whether it is right. */
export class VerdictStrip extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.run, state.engine, isStale(state)];
  }

  override render(): TemplateResult {
    const { state } = this;
    const report = state.finished?.report;
    return html`<section class="verdict" tabindex="-1" aria-label=${words.label}>
      ${this.#failure()}
      ${report ? this.#result(report) : this.#waiting()}
      <p class="sr" role="status">${this.#announcement()}</p>
    </section>`;
  }

  #waiting(): TemplateResult {
    const { run, engine } = this.state;
    if (run.kind === "failed") return html``;
    const state = run.kind === "running" ? words.running : engine ? words.notRun : words.starting;
    return html`<div class="headline"><strong class="big quiet">${state}</strong></div>
      <p class="facts">${words.firstResult}</p>`;
  }

  #result(report: Report): TemplateResult {
    const { verdict, options } = report;
    const { speedup } = verdict;
    const { opened, text } = this.state.finished!;
    // Of a report from a file that is said elsewhere, and not with these words.
    const stale = isStale(this.state) && !(opened && text !== this.state.text);
    const clock = options.clock === "measured" ? nouns.clocks.measured : options.cost === "gas" ? words.virtualGas : words.virtualMeasured;
    return html`
      <div class="headline ${stale ? "stale" : ""}">
        <strong class="big" data-testid="speedup">
          ${speedup === null ? nothing : html`<span class="mono">${factor(speedup)}</span>`} ${headline(report)}
        </strong>
        ${verdict.speedupBound === null ? nothing : html`<span class="limit">${term("bound")} <span class="mono">${factor(verdict.speedupBound)}</span></span>`}
        <span class="proof ${verdict.equal ? "ok" : "bad"}" data-testid="proof">
          <span class="mark" aria-hidden="true">${verdict.equal ? "✓" : "✗"}</span>
          ${verdict.equal ? term("verdict") : words.notEqual(term("verdict"))}
        </span>
        ${stale ? html`<span class="chip">${words.stale}</span>` : nothing}
      </div>
      <p class="facts">
        <span>${verdict.messages ? term("messages") : term(options.strategy)}${isOracle(report) ? html`, ${term("oracle", words.oracle)}` : nothing}</span>
        <span>${term("workers", nouns.workers(verdict.workers))}</span>
        <span>${term("clock", clock)}</span>
        <span>${term("speedup", html`<span class="mono">${time(verdict.sequential, verdict.unit)} → ${time(verdict.parallel, verdict.unit)}</span>`)}</span>
        <span>${term("abort", nouns.aborts(verdict.aborts))}</span>
        ${!report.locks
          ? nothing
          : html`<span>${words.lockFact(term("locks", words.pairsLocked(report.locks.pairs)), html`<span class="mono">${report.locks.needless}</span>`)}</span>`}
        <span>${term("work-ratio")} <span class="mono">${decimal(verdict.workRatio, 2)}</span></span>
        <span>${term("state-root")} <span class="mono" title=${verdict.sequentialStateRoot}>${shortHex(verdict.sequentialStateRoot)}</span></span>
        ${report.accessLists ? accessListFact(report.accessLists) : nothing}
        ${this.#badge()}
      </p>
      ${stale ? nothing : because(report, this.store)}
      ${report.scenario.description && !stale ? html`<p class="lesson" lang="en">${report.scenario.description}</p>` : nothing}
      ${verdict.rejectedBy === null
        ? nothing
        : html`<p class="notice">${words.rejected(verdict.rejectedBy)}</p>`}
      ${wrongAccessList(report)}
      ${verdict.workers < options.workers && options.clock === "measured"
        ? html`<p class="notice">${words.fewerWorkers(options.workers, verdict.workers, this.state.engine?.reason ?? "")}</p>`
        : nothing}
      ${verdict.equal ? nothing : this.#differences(report)}
    `;
  }

  #badge(): TemplateResult {
    const { engine, finished } = this.state;
    if (!engine) return html``;
    // A pool is started when it is first needed, and may turn out not to; then one worker has done it all.
    const alone = engine.executor === "pool" && finished !== null && wantsMessages(finished.options) && !finished.report.verdict.messages;
    const reason = alone ? words.poolFailed : engine.reason;
    return html`<span class="badge" data-testid="executor">${term("executor", words.executors[alone ? "single" : engine.executor])}<button
        type="button" class="term help" data-tip=${reason} aria-label=${words.whyExecutor} aria-description=${reason}>?</button>
    </span>`;
  }

  #differences(report: Report): TemplateResult {
    const { differences } = report.verdict;
    const where = (d: Difference): string =>
      [
        d.transaction === null ? "" : words.atTransaction(d.transaction),
        d.account === null ? "" : account(report, d.account),
        d.slot === null ? "" : words.atSlot(shortHex(d.slot)),
      ]
        .filter(Boolean)
        .join(", ") || words.block;
    return html`<div class="differences" tabindex="0" role="group" aria-label=${words.differences}>
      <p>${words.differs}</p>
      <table>
        <thead>
          <tr>${[words.what, words.where, words.sequential, words.parallel].map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${differences.map(
            (d) => html`<tr>
              <td lang="en">${d.what}</td>
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
    if (run.kind === "cancelled") return html`<p class="notice" role="status">${words.cancelled}</p>`;
    if (run.kind !== "failed") return nothing;
    const { title, next } = words.failures[run.code];
    const first = run.diagnostics[0];
    return html`<div class="notice error" role="alert" data-testid="failure">
      <strong>${title}</strong>
      <span>${first ? words.problem(first.line, html`<span lang="en">${first.message}</span>`) : run.code === "invalid" ? "" : run.code === "unavailable" ? run.message : html`<span lang="en">${run.message}</span>`}</span>
      <span>${next}</span>
      ${run.code === "invalid"
        ? html`<button type="button" @click=${() => this.store.dispatch({ type: "pane", pane: "json" })}>${nouns.showInJson}</button>`
        : nothing}
    </div>`;
  }

  #announcement(): string {
    const { run, finished } = this.state;
    if (run.kind !== "idle" || !finished) return "";
    const { verdict } = finished.report;
    return words.announcement(verdict.equal, factor(verdict.speedup), verdict.workers, verdict.aborts);
  }
}

/** What the speedup is, or why there is none. */
function headline({ verdict: { speedup, sequential, parallel }, options, transactions }: Report): string {
  if (speedup !== null) return speedup < 0.995 ? words.ofSequential : speedup < 1.05 ? words.asFast : words.faster;
  const unseen = options.clock === "measured" && transactions.length > 0 && (sequential === 0 || parallel === 0);
  return unseen ? words.tooShort : words.emptyBlock;
}

/** Whether a pool carries a run with these, where there is one. */
function wantsMessages({ clock, workers, strategy }: Options): boolean {
  return clock === "measured" && workers > 1 && strategy !== "sequential";
}

customElements.define("verdict-strip", VerdictStrip);
