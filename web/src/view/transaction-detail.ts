import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { ABORTED, BLOCKED, EXECUTED } from "../layout/kinds.ts";
import type { Selection, State } from "../state/state.ts";
import { derive, selected } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { count, cut, gas, shortHex, time, wei, word } from "./format.ts";
import { accountCell } from "./result-tables.ts";
import { term } from "./term.ts";

const KINDS = ["legacy", "type 1, access list", "type 2, dynamic fee", "type 3, blobs", "type 4, delegation"];
/** Of longer lists the rest is counted, until asked for. */
const SHOWN = 40;

/** All there is to know about the selected transaction, or location. */
export class TransactionDetail extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.selection];
  }

  override render(): TemplateResult {
    const report = this.state.finished?.report ?? null;
    const { selection } = this.state;
    const index = selected(this.state);
    let body: TemplateResult;
    let title: unknown = "Transaction";
    if (report && selection?.kind === "location" && selection.index < report.locations.length) {
      title = "Location";
      body = this.#location(report, selection.index);
    } else if (report && selection?.kind === "account" && selection.index < report.accounts.length) {
      title = "Account";
      body = this.#account(report, selection.index);
    } else if (report && index !== null) {
      title = html`Transaction <span class="mono">${index}</span>`;
      body = this.#transaction(report, index, selection!);
    } else body = html`<p class="empty">Select a transaction in any view: a row, a node, or a bar.</p>`;
    return html`<header><h2>${title}</h2></header><div class="detail" data-testid="detail" tabindex="0" role="region" aria-label="Selected">${body}</div>`;
  }

  #transaction(report: Report, index: number, selection: Selection): TemplateResult {
    const t = report.transactions[index];
    return html`
      <p class="route">${accountCell(report, t.from)} → ${t.to === null && t.created !== null ? html`${accountCell(report, t.created)} <small>created</small>` : accountCell(report, t.to)}</p>
      ${t.label ? html`<p>${t.label}</p>` : nothing}
      ${t.call ? html`<p class="mono call">${cut(t.call, 400)}</p>` : t.data.length > 2 ? html`<p class="mono call">${cut(t.data, 140)}</p>` : nothing}
      <dl>
        <dt>status</dt>
        <dd class="status ${t.status}">${t.status}${t.reason ? html`: ${cut(t.reason, 200)}` : nothing}</dd>
        <dt>${term("gas")}</dt>
        <dd class="mono">${gas(t.gasUsed, false)} <small>of ${gas(t.gasLimit)}</small></dd>
        ${t.microseconds === null ? nothing : html`<dt>time</dt><dd class="mono">${time(t.microseconds, "microseconds")}</dd>`}
        <dt>value</dt>
        <dd class="mono">${wei(t.value)}</dd>
        <dt>nonce</dt>
        <dd class="mono">${t.nonce} <small>${KINDS[t.kind] ?? `type ${t.kind}`}</small></dd>
        <dt>${term("level")}</dt>
        <dd class="mono">${t.level} <small>${term("component")} ${t.component}</small></dd>
      </dl>
      ${this.#attempts(report, index, selection)}
      <h3>${term("read-set")}</h3>
      ${this.#list(t.reads.length, "Reads nothing.", (i) => {
        const read = t.reads[i];
        return html`<tr>
          <td>${this.#locationButton(report, read.location)}</td>
          <td class="mono num">${word(read.value)}</td>
          <td>${read.from === null ? "before the block" : html`from ${this.#transactionButton(read.from)}`}</td>
        </tr>`;
      })}
      <h3>${term("write-set")}</h3>
      ${this.#list(t.writes.length, "Writes nothing.", (i) => {
        const write = t.writes[i];
        return html`<tr>
          <td>${this.#locationButton(report, write.location)}</td>
          <td class="mono num">${write.added ? "+" : ""}${word(write.value)}</td>
          <td>${write.added ? html`added, as a ${term("deltas", "delta")}` : nothing}</td>
        </tr>`;
      })}
      ${t.logs.length === 0
        ? nothing
        : html`<h3>logs</h3>
            ${this.#list(t.logs.length, "", (i) => {
              const log = t.logs[i];
              return html`<tr>
                <td>${accountCell(report, log.account)}</td>
                <td class="mono" colspan="2">${log.event ? cut(log.event, 200) : `${log.topics.map((x) => shortHex(x)).join(" ")} ${cut(log.data, 60)}`}</td>
              </tr>`;
            })}`}
      ${t.output.length > 2 ? html`<h3>output</h3><p class="mono call">${cut(t.output, 400)}</p>` : nothing}
    `;
  }

  #attempts(report: Report, index: number, selection: Selection): TemplateResult | typeof nothing {
    const { lanes } = derive(report);
    const { events, causes, unit } = report.timeline;
    const own = [...lanes.history.events.subarray(lanes.history.offsets[index], lanes.history.offsets[index + 1])];
    const shown = own.filter((i) => events.kind[i] === EXECUTED || events.kind[i] === BLOCKED || events.kind[i] === ABORTED);
    if (shown.length === 0) return nothing;
    const words = (i: number): unknown => {
      if (events.kind[i] === EXECUTED) return html`${term("attempt")} ${events.incarnation[i]} executed on worker ${events.worker[i]}`;
      if (events.kind[i] === BLOCKED) return html`${term("blocked")}${events.cause[i] >= 0 ? html`: waits for ${this.#transactionButton(events.cause[i])}` : nothing}, at an ${term("estimate")} or a hint`;
      const cause = causes[events.cause[i]];
      if (!cause) return html`${term("validation")} failed`;
      return html`${term("abort", "aborted")}${cause.by === null ? " because a write vanished" : html` by ${this.#transactionButton(cause.by)}`} at
        ${this.#locationButton(report, cause.location)}: read <span class="mono">${word(cause.read)}</span>, now <span class="mono">${word(cause.now)}</span>`;
    };
    return html`<h3>${count(report.transactions[index].attempts, "attempt")}</h3>
      <table>
        <tbody>
          ${shown.slice(0, SHOWN).map(
            (i) => html`<tr class=${selection.kind === "event" && selection.index === i ? "chosen" : ""}>
              <td class="num mono">${time(events.start[i], unit)}</td>
              <td colspan="2">${words(i)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${this.#rest(shown.length)}`;
  }

  #location(report: Report, index: number): TemplateResult {
    const location = report.locations[index];
    const writers = report.transactions.flatMap((t, i) => (t.writes.some((w) => w.location === index) ? [i] : []));
    const readers = report.transactions.flatMap((t, i) => (t.reads.some((r) => r.location === index) ? [i] : []));
    const hot = report.hot.find((h) => h.location === index);
    const links = (list: number[]): unknown =>
      list.length === 0 ? "nobody" : html`${list.slice(0, SHOWN).map((i) => html`${this.#transactionButton(i)} `)}${list.length > SHOWN ? `and ${list.length - SHOWN} more` : nothing}`;
    return html`<p class="mono call">${location.label}</p>
      <dl>
        <dt>${term("location", "kind")}</dt>
        <dd>${location.kind} of ${accountCell(report, location.account)}</dd>
        ${location.slot === null ? nothing : html`<dt>slot</dt><dd class="mono" title=${location.slot}>${shortHex(location.slot, 8)}</dd>`}
        ${hot ? html`<dt>costs</dt><dd class="mono">${gas(hot.costGas, false)} <small>of the ${term("critical-path")}</small></dd>` : nothing}
        <dt>written by</dt><dd>${links(writers)}</dd>
        <dt>read by</dt><dd>${links(readers)}</dd>
      </dl>`;
  }

  #account(report: Report, index: number): TemplateResult {
    const { address, contract } = report.accounts[index];
    const locations = report.locations.flatMap((location, i) => (location.account === index ? [i] : []));
    return html`<p class="call">${accountCell(report, index)}</p>
      <dl>
        <dt>address</dt><dd class="mono call">${address}</dd>
        ${contract ? html`<dt>contract</dt><dd>${contract}</dd>` : nothing}
      </dl>
      <h3>${count(locations.length, "location")}</h3>
      ${this.#list(locations.length, "Nobody reads or writes anything of it.", (i) => html`<tr><td>${this.#locationButton(report, locations[i])}</td></tr>`)}`;
  }

  #list(length: number, empty: string, row: (i: number) => TemplateResult): TemplateResult {
    if (length === 0) return html`<p class="quiet">${empty}</p>`;
    return html`<table><tbody>${Array.from({ length: Math.min(length, SHOWN) }, (_, i) => row(i))}</tbody></table>${this.#rest(length)}`;
  }

  #rest(length: number): TemplateResult | typeof nothing {
    return length > SHOWN ? html`<p class="quiet">and ${length - SHOWN} more</p>` : nothing;
  }

  #locationButton(report: Report, index: number): TemplateResult {
    return html`<button type="button" class="link mono" @click=${() => this.store.dispatch({ type: "select", selection: { kind: "location", index } })}>
      ${report.locations[index].label}
    </button>`;
  }

  #transactionButton(index: number): TemplateResult {
    return html`<button
      type="button"
      class="link mono"
      aria-label="Transaction ${index}"
      @click=${() => this.store.dispatch({ type: "select", selection: { kind: "transaction", index } })}
    >${index}</button>`;
  }
}

customElements.define("transaction-detail", TransactionDetail);
