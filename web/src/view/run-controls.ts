import { html, nothing, type TemplateResult } from "lit";
import type { Options } from "../engine/types.ts";
import type { State } from "../state/state.ts";
import { controls as words } from "../text/page.ts";
import { CLOCKS, DELTAS, entries, HINTS, STRATEGIES, type Choice } from "./choices.ts";
import { StoreElement } from "./element.ts";
import { integer } from "./format.ts";
import { help } from "./term.ts";

/** How to run, and the button that does. Emits `run` and `cancel`. */
export class RunControls extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.options, state.run, state.engine];
  }

  override render(): TemplateResult {
    const { options, run, engine } = this.state;
    const alone = !STRATEGIES[options.strategy].heeds.includes("workers");
    const capped = options.clock === "measured" && engine !== null && options.workers > engine.workers;
    return html`<form class="controls" aria-label=${words.label} @submit=${this.#submit}>
      <div class="field">
        <span class="label"><label for="strategy">${words.strategy}</label>${help(options.strategy)}</span>
        ${this.#choice("strategy", STRATEGIES)}
      </div>
      <div class="field wide">
        <span class="label"><label for="workers">${words.workers}</label>${help("workers")}</span>
        <span class="pair">
          <input id="workers" type="range" min="1" max="64" .value=${String(options.workers)} ?disabled=${alone} @input=${this.#workers} />
          <input type="number" class="mono" min="1" max="64" aria-label=${words.asNumber(words.workers)} .value=${String(options.workers)} ?disabled=${alone} @change=${this.#workers} />
        </span>
      </div>
      <div class="field">
        <span class="label"><label for="clock">${words.clock}</label>${help("clock")}</span>
        ${this.#choice("clock", CLOCKS)}
      </div>
      ${this.#heeded("deltas", words.deltas, DELTAS)}
      ${this.#heeded("hints", words.hints, HINTS)}
      ${options.clock === "virtual"
        ? html`<div class="field">
            <span class="label"><label for="seed">${words.seed}</label>${help("seed")}</span>
            <input id="seed" type="number" class="mono" min="0" max=${Number.MAX_SAFE_INTEGER} step="1" .value=${String(options.seed)} @change=${this.#seed} />
          </div>`
        : html`<div class="field">
            <span class="label"><label for="repeats">${words.repeats}</label></span>
            <input id="repeats" type="number" class="mono" min="1" max="100" .value=${String(options.repeats)} @change=${this.#repeats} />
          </div>`}
      ${capped
        ? html`<p class="notice">${words.capped(engine.workers, options.workers, engine.reason)}</p>`
        : nothing}
      <div class="go">
        ${run.kind === "running"
          ? html`<button type="button" class="primary" @click=${() => this.dispatchEvent(new CustomEvent("cancel-run", { bubbles: true }))}>${words.cancel}</button>
              <progress max="1" .value=${run.total > 0 ? run.done / run.total : 0} aria-label=${words.progress}></progress>
              <span class="facts">${run.phase ? words.phases[run.phase] : words.starting}${run.total > 0 ? html` <span class="mono">${words.of(integer(run.done), integer(run.total))}</span>` : nothing}</span>`
          : html`<button type="submit" class="primary" ?disabled=${engine === null} data-testid="run">${words.run} <kbd class="mouse">${words.runKeys}</kbd></button>`}
      </div>
    </form>`;
  }

  /** A choice that the strategy may make no use of. */
  #heeded(key: "deltas" | "hints", label: string, choices: Readonly<Record<string, Choice>>): TemplateResult {
    const { options } = this.state;
    const strategy = STRATEGIES[options.strategy];
    const heeded = strategy.heeds.includes(key);
    const { name, text } = choices[options[key]];
    return html`<div class="field">
      <span class="label"><label for=${key}>${label}</label>${help(key, heeded ? words.chosen(name, text) : words.noUse(strategy.name))}</span>
      ${this.#choice(key, choices, !heeded)}
    </div>`;
  }

  #choice(key: "strategy" | "clock" | "deltas" | "hints", choices: Readonly<Record<string, Choice>>, disabled = false): TemplateResult {
    const value = this.state.options[key];
    const change = (event: Event): void => this.#set({ [key]: (event.target as HTMLSelectElement).value });
    return html`<select id=${key} ?disabled=${disabled} @change=${change}>
      ${entries(choices).map(([id, { name, text }]) => html`<option value=${id} title=${text} ?selected=${id === value} .selected=${id === value}>${name}</option>`)}
    </select>`;
  }

  #set(options: Partial<Options>): void {
    this.store.dispatch({ type: "configured", options });
  }

  #workers = (event: Event): void => this.#number(event, "workers", 1, 64);
  #seed = (event: Event): void => this.#number(event, "seed", 0, Number.MAX_SAFE_INTEGER);
  #repeats = (event: Event): void => this.#number(event, "repeats", 1, 100);

  #number(event: Event, key: "workers" | "seed" | "repeats", least: number, most: number): void {
    const input = event.target as HTMLInputElement;
    const value = Math.round(Number(input.value));
    const valid = input.value !== "" && Number.isFinite(value) ? Math.max(least, Math.min(most, value)) : this.state.options[key];
    this.#set({ [key]: valid });
    input.value = String(valid);
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("run", { bubbles: true }));
  };
}

customElements.define("run-controls", RunControls);
