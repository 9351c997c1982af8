import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import type { Selection } from "../state/state.ts";
import { because as words } from "../text/page.ts";
import type { AppStore } from "./element.ts";

/**
 * Why the block takes as long as it does, in a sentence: the first dependency on the critical path, with all it names to
 * be selected, and how many more there are.
 */
export function because(report: Report, store: AppStore): TemplateResult | typeof nothing {
  const { edges, criticalPathGas } = report.graph;
  if (report.transactions.length < 2) return nothing;
  const [first, second] = criticalPathGas.transactions;
  const edge = edges.find(({ from, to }) => from === first && to === second) ?? edges[0];
  if (!edge) return html`<p class="because" data-testid="because">${words.independent}</p>`;
  const link = (name: string, selection: Selection): TemplateResult =>
    html`<button type="button" class="link" @click=${() => store.dispatch({ type: "select", selection })}>${name}</button>`;
  const transaction = (name: string, index: number): TemplateResult => link(name, { kind: "transaction", index });
  const location = link(report.locations[edge.locations[0]].label, { kind: "location", index: edge.locations[0] });
  return html`<p class="because" data-testid="because">
    ${words.waits(transaction(words.first(edge.to), edge.to), transaction(words.other(edge.from), edge.from), location, words.other(edge.from))}
    ${edges.length > 1 ? words.more(edges.length - 1) : nothing}
  </p>`;
}
