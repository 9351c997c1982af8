import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { same, type Selection, type State } from "../state/state.ts";
import { language } from "../text/language.ts";
import { block as words, nouns } from "../text/page.ts";
import type { Column } from "./data-table.ts";
import "./data-table.ts";
import { derive, lit, selected } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { cut, gas, wei } from "./format.ts";
import { term } from "./term.ts";

/** The block as a table, as the text has it now; with what a run has shown, while that is of the same text. */
export class TransactionTable extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.checked, state.finished, state.text, state.selection, state.hover];
  }

  override render(): TemplateResult {
    const { checked, finished, selection, text } = this.state;
    if (!checked) return html`<p class="empty">${words.reading}</p>`;
    const errors = checked.diagnostics.filter((d) => d.severity === "error");
    const rows = checked.rows;
    const report = finished && finished.text === text && finished.report.transactions.length === rows.length ? finished.report : null;
    if (errors.length > 0 && rows.length === 0) {
      return html`<div class="empty">
        <p>${words.errors(errors.length, errors[0].line)}</p>
        <p lang="en"><strong>${errors[0].message}</strong></p>
        ${errors[0].hint ? html`<p lang="en">${errors[0].hint}</p>` : nothing}
        <button type="button" @click=${() => this.store.dispatch({ type: "pane", pane: "json" })}>${nouns.showInJson}</button>
      </div>`;
    }
    const columns: Column[] = [
      { id: "index", head: "#", numeric: true, cell: (i) => i },
      { id: "route", head: words.route, cell: (i) => html`${cut(rows[i].from, 22)} <span class="quiet">→</span> ${rows[i].to === null ? html`<em>${words.created}</em>` : cut(rows[i].to!, 22)}` },
      { id: "call", head: words.call, cell: (i) => callCell(rows[i].call, rows[i].value, rows[i].label) },
      { id: "gas", head: term("gas"), numeric: true, cell: (i) => gasCell(report, i, rows[i].gasLimit) },
      { id: "marks", head: term("dependency", words.dependencies), cell: (i) => (report ? marks(report, i) : nothing) },
    ];
    const lighting = report ? lit(this.state) : null;
    const of = (row: number): Selection | null => (row < 0 || !report ? null : { kind: "transaction", index: row });
    return html`<data-table
      label=${words.label}
      data-testid="transactions"
      .columns=${columns}
      .count=${rows.length}
      .chosen=${report ? (selected(this.state) ?? -1) : -1}
      .classOf=${(i: number) =>
        [lighting?.transactions.has(i) ? "lit" : lighting?.related.has(i) ? "related" : "", report && report.transactions[i].status !== "success" ? "failed" : ""].join(" ")}
      .empty=${words.empty}
      @row-hover=${(e: CustomEvent<number>) => this.store.dispatch({ type: "hover", selection: of(e.detail) })}
      @row-choose=${(e: CustomEvent<number>) => this.store.dispatch({ type: "select", selection: same(of(e.detail), selection) ? null : of(e.detail) })}
    ></data-table>`;
  }
}

function callCell(call: string, value: string, label: string | null): TemplateResult {
  const shown = call || (value === "0x0" ? "" : wei(value));
  return html`<span class=${call ? "mono" : ""} lang=${label === null ? nothing : "en"} title=${label ?? call}>${shown === "" ? (label ?? "–") : shown}</span>`;
}

function gasCell(report: Report | null, index: number, limit: number): TemplateResult {
  if (!report) return html`<span class="quiet" title=${words.gasLimit}>≤ ${gas(limit)}</span>`;
  const t = report.transactions[index];
  return t.status === "success" ? html`${gas(t.gasUsed)}` : html`<span lang=${t.reason === null ? nothing : "en"} title=${t.reason ?? nouns.statuses[t.status]}><span lang=${language}>${t.status === "invalid" ? nouns.statuses.invalid : gas(t.gasUsed)} <b aria-label=${nouns.statuses[t.status]}>×</b></span></span>`;
}

/** A dot for dependencies, filled on the critical path; a hatched square for aborts. */
function marks(report: Report, index: number): TemplateResult {
  const { before, after, aborts, criticalSet } = derive(report);
  const needs = before.offsets[index + 1] - before.offsets[index];
  const needed = after.offsets[index + 1] - after.offsets[index];
  const critical = criticalSet.has(index) && needs + needed > 0;
  const said = [
    needs + needed === 0 ? words.noDependencies : words.degree(needs, needed),
    critical ? words.critical : "",
    aborts[index] > 0 ? nouns.aborts(aborts[index]) : "",
  ].filter(Boolean).join(", ");
  return html`<span class="marks" role="img" aria-label=${said} title=${said}>
    ${needs + needed > 0 ? html`<i class="dot ${critical ? "critical" : ""}"></i>` : nothing}
    ${aborts[index] > 0 ? html`<i class="swatch aborted"></i>` : nothing}
  </span>`;
}

customElements.define("transaction-table", TransactionTable);
