import { html, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { look, placeName } from "../layout/lens.ts";
import { same, type Selection, type State } from "../state/state.ts";
import { nouns, tables as words } from "../text/page.ts";
import "./data-table.ts";
import type { Column } from "./data-table.ts";
import { lit } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { gas, integer, shortHex, wei } from "./format.ts";
import { term } from "./term.ts";

/** The locations that cost the most, or the accounts where only those are told apart, worst first. */
export class HotLocations extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.granularity, state.selection, state.hover];
  }

  override render(): TemplateResult {
    const report = this.state.finished?.report;
    if (!report) return html`<p class="empty">${words.noHotYet}</p>`;
    const at = look(report, this.state.granularity);
    const { hot, places } = at;
    const kind = places === "accounts" ? "account" : "location";
    const columns: Column[] = [
      { id: "location", head: term("hot-location", words[kind]), cell: (i) => html`<span class="mono">${placeName(report, at, hot[i].location)}</span>` },
      { id: "cost", head: term("gas"), numeric: true, cell: (i) => gas(hot[i].costGas) },
      { id: "readers", head: words.readers, numeric: true, cell: (i) => integer(hot[i].readers) },
      { id: "writers", head: words.writers, numeric: true, cell: (i) => integer(hot[i].writers) },
      { id: "edges", head: term("dependency", words.dependencies), numeric: true, cell: (i) => integer(hot[i].edges) },
      { id: "aborts", head: words.aborts, numeric: true, cell: (i) => integer(hot[i].aborts) },
    ];
    const lighting = lit(this.state);
    const of = (row: number): Selection | null => (row < 0 ? null : { kind, index: hot[row].location });
    const { selection } = this.state;
    return html`<data-table
      label=${words.hotLabel}
      .columns=${columns}
      .count=${hot.length}
      .chosen=${selection?.kind === kind ? hot.findIndex((h) => h.location === selection.index) : -1}
      .classOf=${(i: number) => (lighting[places].has(hot[i].location) ? "lit" : "")}
      .empty=${words.nothingHot}
      @row-hover=${(e: CustomEvent<number>) => this.store.dispatch({ type: "hover", selection: of(e.detail) })}
      @row-choose=${(e: CustomEvent<number>) => this.store.dispatch({ type: "select", selection: same(of(e.detail), selection) ? null : of(e.detail) })}
    ></data-table>`;
  }
}

/** Every account before and after the block. */
export class StateTable extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished];
  }

  override render(): TemplateResult {
    const report = this.state.finished?.report;
    if (!report) return html`<p class="empty">${words.noStateYet}</p>`;
    const { accounts } = report;
    const columns: Column[] = [
      { id: "account", head: words.account, cell: (i) => accountCell(report, i) },
      { id: "before", head: words.balanceBefore, numeric: true, cell: (i) => weiCell(accounts[i].balanceBefore) },
      { id: "after", head: words.after, numeric: true, cell: (i) => weiCell(accounts[i].balanceAfter) },
      { id: "change", head: words.change, numeric: true, cell: (i) => change(accounts[i].balanceBefore, accounts[i].balanceAfter) },
      {
        id: "nonce",
        head: words.nonce,
        numeric: true,
        cell: (i) => (accounts[i].nonceBefore === accounts[i].nonceAfter ? accounts[i].nonceAfter : `${accounts[i].nonceBefore} → ${accounts[i].nonceAfter}`),
      },
    ];
    return html`<data-table label=${words.stateLabel} .columns=${columns} .count=${accounts.length} .empty=${words.noAccounts}></data-table>`;
  }
}

/** An account's name with its address behind it. */
export function accountCell(report: Report, index: number | null): TemplateResult {
  if (index === null) return html`<em>${nouns.newContract}</em>`;
  const it = report.accounts[index];
  if (!it) return html`–`;
  return it.name
    ? html`<span title=${it.address}>${it.name}${it.contract && it.contract.toLowerCase() !== it.name.toLowerCase() ? html` <small>${it.contract}</small>` : ""}</span>`
    : html`<span class="mono" title=${it.address}>${shortHex(it.address)}</span>`;
}

function weiCell(value: string): TemplateResult {
  return html`<span title="${integer(BigInt(value))} wei">${wei(value)}</span>`;
}

function change(before: string, after: string): TemplateResult | string {
  const by = BigInt(after) - BigInt(before);
  if (by === 0n) return "";
  const size = by < 0n ? -by : by;
  return html`<span title="${integer(by)} wei">${by < 0n ? "−" : "+"}${wei(`0x${size.toString(16)}`)}</span>`;
}

customElements.define("hot-locations", HotLocations);
customElements.define("state-table", StateTable);
