import { html, nothing, type TemplateResult } from "lit";
import { MAX_WORKERS, type Options, type Report, type StrategyId } from "../engine/types.ts";
import { onOneClock } from "../state/kept.ts";
import { DEFAULT_OPTIONS, type State } from "../state/state.ts";
import { nouns } from "../text/page.ts";
import { pair as words } from "../text/pair.ts";
import { entries, STRATEGIES } from "./choices.ts";
import "./pair-bar.ts";
import { comparedOf, PairElement, type Compared } from "./pair-element.ts";
import "./pair-lanes.ts";
import { Sight } from "./pair-lanes.ts";
import { clockOf } from "./pair-tables.ts";
import "./pair-tables.ts";

/** Two whole runs, one beside the other: what was changed, both timelines at one moment, and what differs. Emits `run`. */
export class PairPanel extends PairElement {
  #sight = new Sight();

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.kept?.run, state.run.kind, state.engine];
  }

  override render(): TemplateResult {
    const { state, store } = this;
    const { finished, kept } = state;
    const pair = comparedOf(state);
    return html`<div class="pair">
      ${pair ? nothing : html`<p>${finished ? words.about : words.noRun}</p>`}
      ${finished ? this.#presets(finished.report) : nothing}
      ${pair || !kept ? nothing : this.#waiting(kept.run.report)}
      ${pair
        ? html`${this.#changed(pair)}
            <div class="pair-pictures">
              <pair-lanes .store=${store} .side=${"a"} .sight=${this.#sight}></pair-lanes>
              <pair-lanes .store=${store} .side=${"b"} .sight=${this.#sight}></pair-lanes>
            </div>
            <pair-bar .store=${store}></pair-bar>
            <pair-tables .store=${store}></pair-tables>`
        : nothing}
    </div>`;
  }

  /** What the last run can be compared with at once: it becomes A, and B is run. */
  #presets({ options }: Report): TemplateResult {
    const { kept, finished, run } = this.state;
    const busy = run.kind === "running";
    const twice = 2 * options.workers;
    const others = entries(STRATEGIES).filter(([id]) => id !== options.strategy);
    const deltas: Options["deltas"] = options.deltas === "none" ? DEFAULT_OPTIONS.deltas : "none";
    return html`<div class="presets" role="group" aria-label=${words.presets}>
      <span class="quiet">${words.presets}</span>
      <button type="button" data-testid="keep" ?disabled=${busy || kept?.run === finished} @click=${() => this.#keep()}>${comparedOf(this.state) ? words.advance : words.fix}</button>
      <form @submit=${this.#against}>
        <label>${words.otherStrategy} <select name="strategy">${others.map(([id, { name }]) => html`<option value=${id}>${name}</option>`)}</select></label>
        <button type="submit" ?disabled=${busy}>${words.compare}</button>
      </form>
      <button
        type="button"
        ?disabled=${busy || twice > MAX_WORKERS}
        aria-description=${twice > MAX_WORKERS ? words.noMoreWorkers(MAX_WORKERS) : nothing}
        @click=${() => this.#try({ workers: twice })}
      >${words.twice(Math.min(twice, MAX_WORKERS))}</button>
      <button type="button" ?disabled=${busy} @click=${() => this.#try({ deltas })}>${deltas === "none" ? words.withoutDeltas : words.withDeltas}</button>
      ${kept ? html`<button type="button" data-testid="forget" @click=${() => this.store.dispatch({ type: "keep", run: null })}>${words.forget}</button>` : nothing}
    </div>`;
  }

  #waiting(report: Report): TemplateResult {
    const { kind } = this.state.run;
    if (kind === "running") return html`<p class="notice" role="status">${words.running}</p>`;
    return html`<p class="notice" role="status">
      ${kind === "failed" ? words.failed : words.kept(summary(report))}
      <button type="button" @click=${() => this.#run()}>${words.run}</button>
    </p>`;
  }

  /** What was changed between the runs, and how their transactions correspond. */
  #changed({ a, b, difference: { match, options, text } }: Compared): TemplateResult {
    const [x, y] = [a.report, b.report];
    const changes = options.map((key) => words.option(key, String(x.options[key]), String(y.options[key])));
    if (x.scenario.fork !== y.scenario.fork) changes.push(words.fork(x.scenario.fork, y.scenario.fork));
    if (text) changes.push(`${words.lines(text.from, text.a, text.b)}${text.blank ? ` ${words.blank}` : ""}`);
    const both = match.transactions.toB.filter((j) => j >= 0).length;
    return html`<section class="changed" data-testid="pair-changed">
      <h2>${words.changed}</h2>
      <ul>
        ${changes.length === 0 ? html`<li>${words.nothingChanged}</li>` : changes.map((change) => html`<li>${change}</li>`)}
      </ul>
      <p class="facts">${match.by === "place" ? words.byPlace : words.bySender(both, x.transactions.length, y.transactions.length)}</p>
      ${onOneClock(x, y) ? nothing : html`<p class="notice">${words.otherClocks}</p>`}
    </section>`;
  }

  #keep(): void {
    this.store.dispatch({ type: "keep", run: this.state.finished });
  }

  #against = (event: SubmitEvent): void => {
    event.preventDefault();
    const strategy = new FormData(event.target as HTMLFormElement).get("strategy") as StrategyId;
    this.#try({ strategy });
  };

  /** Keeps the last run, and runs with its options but for these. */
  #try(change: Partial<Options>): void {
    const { options } = this.state.finished!;
    this.#keep();
    this.store.dispatch({ type: "configured", options: { ...options, ...change } });
    this.#run();
  }

  #run(): void {
    this.dispatchEvent(new CustomEvent("run", { bubbles: true }));
  }
}

function summary(report: Report): string {
  const { options, verdict, transactions } = report;
  return [nouns.transactions(transactions.length), STRATEGIES[options.strategy].name, nouns.workers(verdict.workers), clockOf(report)].join(", ");
}

customElements.define("pair-panel", PairPanel);
