import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { ABORTED, BLOCKED, EXECUTED } from "../layout/kinds.ts";
import type { Selection, State } from "../state/state.ts";
import { detail as words, nouns } from "../text/page.ts";
import { derive, selected } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { cut, gas, shortHex, time, wei, word } from "./format.ts";
import { accountCell } from "./result-tables.ts";
import { term, termed } from "./term.ts";

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
    let title: unknown = words.transaction;
    if (report && selection?.kind === "location" && selection.index < report.locations.length) {
      title = words.location;
      body = this.#location(report, selection.index);
    } else if (report && selection?.kind === "account" && selection.index < report.accounts.length) {
      title = words.account;
      body = this.#account(report, selection.index);
    } else if (report && index !== null) {
      title = words.ofTransaction(html`<span class="mono">${index}</span>`);
      body = this.#transaction(report, index, selection!);
    } else body = html`<p class="empty">${words.nothing}</p>`;
    return html`<header><h2>${title}</h2></header><div class="detail" data-testid="detail" tabindex="0" role="region" aria-label=${words.selected}>${body}</div>`;
  }

  #transaction(report: Report, index: number, selection: Selection): TemplateResult {
    const t = report.transactions[index];
    return html`
      <p class="route">${accountCell(report, t.from)} → ${t.to === null && t.created !== null ? html`${accountCell(report, t.created)} <small>${words.created}</small>` : accountCell(report, t.to)}</p>
      ${t.label ? html`<p lang="en">${t.label}</p>` : nothing}
      ${t.call ? html`<p class="mono call">${cut(t.call, 400)}</p>` : t.data.length > 2 ? html`<p class="mono call">${cut(t.data, 140)}</p>` : nothing}
      <dl>
        <dt>${words.status}</dt>
        <dd class="status ${t.status}">${nouns.statuses[t.status]}${t.reason ? html`: <span lang="en">${cut(t.reason, 200)}</span>` : nothing}</dd>
        <dt>${term("gas")}</dt>
        <dd class="mono">${gas(t.gasUsed, false)} <small>${words.ofLimit(gas(t.gasLimit))}</small></dd>
        ${t.microseconds === null ? nothing : html`<dt>${words.time}</dt><dd class="mono">${time(t.microseconds, "microseconds")}</dd>`}
        <dt>${words.value}</dt>
        <dd class="mono">${wei(t.value)}</dd>
        <dt>${words.nonce}</dt>
        <dd class="mono">${t.nonce} <small>${words.kinds[t.kind] ?? words.kind(t.kind)}</small></dd>
        <dt>${term("level")}</dt>
        <dd class="mono">${t.level} <small>${term("component")} ${t.component}</small></dd>
      </dl>
      ${this.#attempts(report, index, selection)}
      <h3>${term("read-set")}</h3>
      ${this.#list(t.reads.length, words.readsNothing, (i) => {
        const read = t.reads[i];
        return html`<tr>
          <td>${this.#locationButton(report, read.location)}</td>
          <td class="mono num">${word(read.value)}</td>
          <td>${read.from === null ? words.beforeBlock : words.from(this.#transactionButton(read.from))}</td>
        </tr>`;
      })}
      <h3>${term("write-set")}</h3>
      ${this.#list(t.writes.length, words.writesNothing, (i) => {
        const write = t.writes[i];
        return html`<tr>
          <td>${this.#locationButton(report, write.location)}</td>
          <td class="mono num">${write.added ? "+" : ""}${word(write.value)}</td>
          <td>${write.added ? words.added(termed("deltas")) : nothing}</td>
        </tr>`;
      })}
      ${t.logs.length === 0
        ? nothing
        : html`<h3>${words.logs}</h3>
            ${this.#list(t.logs.length, "", (i) => {
              const log = t.logs[i];
              return html`<tr>
                <td>${accountCell(report, log.account)}</td>
                <td class="mono" colspan="2">${log.event ? cut(log.event, 200) : `${log.topics.map((x) => shortHex(x)).join(" ")} ${cut(log.data, 60)}`}</td>
              </tr>`;
            })}`}
      ${t.output.length > 2 ? html`<h3>${words.output}</h3><p class="mono call">${cut(t.output, 400)}</p>` : nothing}
    `;
  }

  #attempts(report: Report, index: number, selection: Selection): TemplateResult | typeof nothing {
    const { lanes } = derive(report);
    const { events, causes, unit } = report.timeline;
    const own = [...lanes.history.events.subarray(lanes.history.offsets[index], lanes.history.offsets[index + 1])];
    const shown = own.filter((i) => events.kind[i] === EXECUTED || events.kind[i] === BLOCKED || events.kind[i] === ABORTED);
    if (shown.length === 0) return nothing;
    const said = (i: number): unknown => {
      if (events.kind[i] === EXECUTED) return words.executed(termed("attempt"), events.incarnation[i], events.worker[i]);
      if (events.kind[i] === BLOCKED) return words.blocked(termed("blocked"), events.cause[i] >= 0 ? this.#transactionButton(events.cause[i]) : null, termed("estimate"));
      const cause = causes[events.cause[i]];
      if (!cause) return words.failed(termed("validation"));
      const by = cause.by === null ? null : this.#transactionButton(cause.by);
      return words.aborted(termed("abort"), by, this.#locationButton(report, cause.location), mono(word(cause.read)), mono(word(cause.now)));
    };
    return html`<h3>${nouns.attempts(report.transactions[index].attempts)}</h3>
      <table>
        <tbody>
          ${shown.slice(0, SHOWN).map(
            (i) => html`<tr class=${selection.kind === "event" && selection.index === i ? "chosen" : ""}>
              <td class="num mono">${time(events.start[i], unit)}</td>
              <td colspan="2">${said(i)}</td>
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
      list.length === 0 ? words.nobody : html`${list.slice(0, SHOWN).map((i) => html`${this.#transactionButton(i)} `)}${list.length > SHOWN ? words.more(list.length - SHOWN) : nothing}`;
    return html`<p class="mono call">${location.label}</p>
      <dl>
        <dt>${term("location", words.locationKind)}</dt>
        <dd>${words.kindOf(nouns.locationKinds[location.kind], accountCell(report, location.account))}</dd>
        ${location.slot === null ? nothing : html`<dt>${words.slot}</dt><dd class="mono" title=${location.slot}>${shortHex(location.slot, 8)}</dd>`}
        ${hot ? html`<dt>${words.costs}</dt><dd class="mono">${gas(hot.costGas, false)} <small>${words.ofCriticalPath(termed("critical-path"))}</small></dd>` : nothing}
        <dt>${words.writtenBy}</dt><dd>${links(writers)}</dd>
        <dt>${words.readBy}</dt><dd>${links(readers)}</dd>
      </dl>`;
  }

  #account(report: Report, index: number): TemplateResult {
    const { address, contract } = report.accounts[index];
    const locations = report.locations.flatMap((location, i) => (location.account === index ? [i] : []));
    return html`<p class="call">${accountCell(report, index)}</p>
      <dl>
        <dt>${words.address}</dt><dd class="mono call">${address}</dd>
        ${contract ? html`<dt>${words.contract}</dt><dd>${contract}</dd>` : nothing}
      </dl>
      <h3>${nouns.locations(locations.length)}</h3>
      ${this.#list(locations.length, words.accountUntouched, (i) => html`<tr><td>${this.#locationButton(report, locations[i])}</td></tr>`)}`;
  }

  #list(length: number, empty: string, row: (i: number) => TemplateResult): TemplateResult {
    if (length === 0) return html`<p class="quiet">${empty}</p>`;
    return html`<table><tbody>${Array.from({ length: Math.min(length, SHOWN) }, (_, i) => row(i))}</tbody></table>${this.#rest(length)}`;
  }

  #rest(length: number): TemplateResult | typeof nothing {
    return length > SHOWN ? html`<p class="quiet">${words.more(length - SHOWN)}</p>` : nothing;
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
      aria-label=${nouns.transaction(index)}
      @click=${() => this.store.dispatch({ type: "select", selection: { kind: "transaction", index } })}
    >${index}</button>`;
  }
}

function mono(text: string): TemplateResult {
  return html`<span class="mono">${text}</span>`;
}

customElements.define("transaction-detail", TransactionDetail);
