import { html, nothing, type TemplateResult } from "lit";
import type { Change, Report, WhatIf } from "../engine/types.ts";
import { isStale, type State } from "../state/state.ts";
import { supposing } from "../state/supposed.ts";
import { selected } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { cut, factor, integer, time } from "./format.ts";
import { term } from "./term.ts";

/** What would be if the block, or what its transactions share, were a little different. */
export class WhatIfPanel extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.supposed, state.selection, isStale(state)];
  }

  override render(): TemplateResult {
    const { finished, supposed } = this.state;
    if (!finished) return html`<p class="empty">What would be can be asked after the first run.</p>`;
    const { changes, answer, failure, asking } = supposed;
    const of = answer?.of === finished ? answer : null;
    return html`<div class="what-if" tabindex="0" role="region" aria-label="What if" aria-busy=${String(asking)}>
      ${this.#changes(changes)}
      ${failure ? html`<p class="notice error" role="alert">${failure.message}. Take the change back, or ask something else.</p>` : nothing}
      <p class="sentence" role="status">${asking ? "Working it out…" : failure ? "" : of?.result.sentence}</p>
      ${of ? this.#standing(of.result, of.changes.length > 0, asking || failure !== null) : nothing}
      ${this.#selected(finished.report)}
      ${of ? this.#costs(of.result) : nothing}
    </div>`;
  }

  #changes(changes: readonly Change[]): TemplateResult | typeof nothing {
    if (changes.length === 0) return nothing;
    return html`<ul class="changes" aria-label="What is supposed">
      ${changes.map(
        (change, i) => html`<li class="chip">
          ${words(change)}
          <button type="button" class="icon" aria-label="Take back: ${words(change)}" data-tip="Take back" @click=${() => this.#suppose(changes.filter((_, j) => j !== i))}>×</button>
        </li>`,
      )}
      ${changes.length > 1 ? html`<li><button type="button" class="link" @click=${() => this.#suppose([])}>Take all back</button></li>` : nothing}
    </ul>`;
  }

  /** The numbers as they are, and as they would be. */
  #standing({ before, after, unit, invalid, otherwise }: WhatIf, changed: boolean, stale: boolean): TemplateResult {
    const row = (name: unknown, of: (standing: WhatIf["before"]) => string): TemplateResult =>
      html`<tr><th scope="row">${name}</th><td class="num">${of(before)}</td>${changed ? html`<td class="num">${of(after)}</td>` : nothing}</tr>`;
    return html`<table class="standing ${stale ? "stale" : ""}" data-testid="standing">
        <thead><tr><td></td><th scope="col" class="num">as it is</th>${changed ? html`<th scope="col" class="num">then</th>` : nothing}</tr></thead>
        <tbody>
          ${row(term("virtual-speedup"), (s) => factor(s.speedup))}
          ${row(term("bound"), (s) => factor(s.bound))}
          ${row(term("critical-path"), (s) => time(s.criticalPath, unit))}
          ${row("transactions", (s) => integer(s.transactions))}
        </tbody>
      </table>
      ${listed(invalid, "invalid then: what it needs is gone, or not there yet", "invalid then: what they need is gone, or not there yet")}
      ${listed(otherwise, "valid, but ends otherwise", "valid, but end otherwise")}`;
  }

  /** What can be supposed of the selection. */
  #selected(report: Report): TemplateResult {
    const { selection } = this.state;
    const index = selected(this.state);
    if (selection?.kind === "location" && report.locations[selection.index]) {
      return html`<div class="suppose"><span class="mono">${report.locations[selection.index].label}</span>${this.#atLocation(report.locations[selection.index].label, true)}</div>`;
    }
    if (index === null) return html`<p class="quiet">Select a transaction to drop or move it, a location to free it.</p>`;
    const move = (event: Event): void => {
      event.preventDefault();
      const to = new FormData(event.target as HTMLFormElement).get("to");
      if (to !== "") this.#add({ kind: "move", transaction: index, to: Number(to) });
    };
    return html`<form class="suppose" @submit=${move}>
      <span>Transaction <span class="mono">${index}</span></span>
      <button type="button" @click=${() => this.#add({ kind: "drop", transaction: index })}>Drop</button>
      <span class="buttons">
        <label>to place <input name="to" type="number" class="mono" required min="0" max=${report.transactions.length - 1} step="1" /></label>
        <button type="submit">Move</button>
      </span>
    </form>`;
  }

  /** What the locations cost, with a way to be rid of each. */
  #costs({ costs }: WhatIf): TemplateResult {
    return html`<h2>${term("what-if", "What it costs to share")}</h2>
      ${costs.length === 0
        ? html`<p class="quiet">Nothing: no transaction needs another.</p>`
        : html`<ul class="costs">
            ${costs.map(
              ({ label, sentence, commutes }) => html`<li class="suppose" data-label=${label}><span>${sentence}</span>${this.#atLocation(label, commutes)}</li>`,
            )}
          </ul>`}`;
  }

  #atLocation(label: string, commutes: boolean): TemplateResult {
    return html`<span class="buttons">
      <button type="button" aria-label="Make free: ${label}" @click=${() => this.#add({ kind: "split", location: label })}>Make free</button>
      ${commutes
        ? html`<button type="button" aria-label="Make commutative: ${label}" @click=${() => this.#add({ kind: "commute", location: label })}>Make commutative</button>`
        : nothing}
    </span>`;
  }

  #add(change: Change): void {
    this.#suppose(supposing(this.state.supposed.changes, change));
  }

  #suppose(changes: readonly Change[]): void {
    this.store.dispatch({ type: "suppose", changes });
  }
}

function words(change: Change): string {
  switch (change.kind) {
    case "drop":
      return `without ${change.transaction}`;
    case "move":
      return `${change.transaction} at place ${change.to}`;
    case "split":
      return `${cut(change.location, 48)} free`;
    case "commute":
      return `${cut(change.location, 48)} commutative`;
  }
}

/** The most transactions that are named. */
const NAMED = 12;

function listed(transactions: readonly number[], one: string, many: string): TemplateResult | typeof nothing {
  if (transactions.length === 0) return nothing;
  const rest = transactions.length - NAMED;
  return html`<p class="notice">
    ${transactions.length === 1 ? "Transaction" : "Transactions"} <span class="mono">${transactions.slice(0, NAMED).join(", ")}</span>${rest > 0 ? ` and ${rest} more` : ""}:
    ${transactions.length === 1 ? one : many}.
  </p>`;
}

customElements.define("what-if-panel", WhatIfPanel);
