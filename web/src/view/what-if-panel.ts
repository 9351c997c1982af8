import { html, nothing, type TemplateResult } from "lit";
import type { Change, Report, WhatIf } from "../engine/types.ts";
import { isStale, type State } from "../state/state.ts";
import { supposing } from "../state/supposed.ts";
import { files, whatIf as words } from "../text/page.ts";
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
    if (!finished) return html`<p class="empty">${words.notYet}</p>`;
    if (finished.opened?.hasText === false) return html`<p class="empty">${files.noWhatIf}</p>`;
    const { changes, answer, failure, asking } = supposed;
    const of = answer?.of === finished ? answer : null;
    return html`<div class="what-if" tabindex="0" role="region" aria-label=${words.label} aria-busy=${String(asking)}>
      ${this.#changes(changes)}
      ${failure ? html`<p class="notice error" role="alert">${words.failed(html`<span lang="en">${failure.message}</span>`)}</p>` : nothing}
      <p class="sentence" role="status">${asking ? words.working : failure || !of ? "" : html`<span lang="en">${of.result.sentence}</span>`}</p>
      ${of ? this.#standing(of.result, of.changes.length > 0, asking || failure !== null) : nothing}
      ${this.#selected(finished.report)}
      ${of ? this.#costs(of.result) : nothing}
    </div>`;
  }

  #changes(changes: readonly Change[]): TemplateResult | typeof nothing {
    if (changes.length === 0) return nothing;
    return html`<ul class="changes" aria-label=${words.supposed}>
      ${changes.map(
        (change, i) => html`<li class="chip">
          ${named(change)}
          <button type="button" class="icon" aria-label=${words.takeBackThis(named(change))} data-tip=${words.takeBack} @click=${() => this.#suppose(changes.filter((_, j) => j !== i))}>×</button>
        </li>`,
      )}
      ${changes.length > 1 ? html`<li><button type="button" class="link" @click=${() => this.#suppose([])}>${words.takeAllBack}</button></li>` : nothing}
    </ul>`;
  }

  /** The numbers as they are, and as they would be. */
  #standing({ before, after, unit, invalid, otherwise }: WhatIf, changed: boolean, stale: boolean): TemplateResult {
    const row = (name: unknown, of: (standing: WhatIf["before"]) => string): TemplateResult =>
      html`<tr><th scope="row">${name}</th><td class="num">${of(before)}</td>${changed ? html`<td class="num">${of(after)}</td>` : nothing}</tr>`;
    return html`<table class="standing ${stale ? "stale" : ""}" data-testid="standing">
        <thead><tr><td></td><th scope="col" class="num">${words.asItIs}</th>${changed ? html`<th scope="col" class="num">${words.then}</th>` : nothing}</tr></thead>
        <tbody>
          ${row(term("virtual-speedup"), (s) => factor(s.speedup))}
          ${row(term("bound"), (s) => factor(s.bound))}
          ${row(term("critical-path"), (s) => time(s.criticalPath, unit))}
          ${row(words.transactions, (s) => integer(s.transactions))}
        </tbody>
      </table>
      ${listed(invalid, "invalid")}
      ${listed(otherwise, "otherwise")}`;
  }

  /** What can be supposed of the selection. */
  #selected(report: Report): TemplateResult {
    const { selection } = this.state;
    const index = selected(this.state);
    if (selection?.kind === "location" && report.locations[selection.index]) {
      return html`<div class="suppose"><span class="mono">${report.locations[selection.index].label}</span>${this.#atLocation(report.locations[selection.index].label, true)}</div>`;
    }
    if (index === null) return html`<p class="quiet">${words.select}</p>`;
    const move = (event: Event): void => {
      event.preventDefault();
      const to = new FormData(event.target as HTMLFormElement).get("to");
      if (to !== "") this.#add({ kind: "move", transaction: index, to: Number(to) });
    };
    return html`<form class="suppose" @submit=${move}>
      <span>${words.transaction(html`<span class="mono">${index}</span>`)}</span>
      <button type="button" @click=${() => this.#add({ kind: "drop", transaction: index })}>${words.drop}</button>
      <span class="buttons">
        <label>${words.toPlace} <input name="to" type="number" class="mono" required min="0" max=${report.transactions.length - 1} step="1" /></label>
        <button type="submit">${words.move}</button>
      </span>
    </form>`;
  }

  /** What the locations cost, with a way to be rid of each. */
  #costs({ costs }: WhatIf): TemplateResult {
    return html`<h2>${term("what-if", words.costs)}</h2>
      ${costs.length === 0
        ? html`<p class="quiet">${words.noCosts}</p>`
        : html`<ul class="costs">
            ${costs.map(
              ({ label, sentence, commutes }) => html`<li class="suppose" data-label=${label}><span lang="en">${sentence}</span>${this.#atLocation(label, commutes)}</li>`,
            )}
          </ul>`}`;
  }

  #atLocation(label: string, commutes: boolean): TemplateResult {
    return html`<span class="buttons">
      <button type="button" aria-label=${words.makeFreeThis(label)} @click=${() => this.#add({ kind: "split", location: label })}>${words.makeFree}</button>
      ${commutes
        ? html`<button type="button" aria-label=${words.makeCommutativeThis(label)} @click=${() => this.#add({ kind: "commute", location: label })}>${words.makeCommutative}</button>`
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

function named(change: Change): string {
  switch (change.kind) {
    case "drop":
      return words.dropped(change.transaction);
    case "move":
      return words.moved(change.transaction, change.to);
    case "split":
      return words.split(cut(change.location, 48));
    case "commute":
      return words.commute(cut(change.location, 48));
  }
}

/** The most transactions that are named. */
const NAMED = 12;

function listed(transactions: readonly number[], what: "invalid" | "otherwise"): TemplateResult | typeof nothing {
  if (transactions.length === 0) return nothing;
  const named = html`<span class="mono">${transactions.slice(0, NAMED).join(", ")}</span>`;
  return html`<p class="notice">${words.listed(named, transactions.length, transactions.length - NAMED, what)}</p>`;
}

customElements.define("what-if-panel", WhatIfPanel);
