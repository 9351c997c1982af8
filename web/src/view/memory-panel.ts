import { html, nothing, svg, type TemplateResult } from "lit";
import type { ReaderRow, Report, VersionRow, VersionState, Versions } from "../engine/types.ts";
import { layoutVersions, VERSION_ROW } from "../layout/versions.ts";
import { locationInQuestion } from "../story.ts";
import type { State } from "../state/state.ts";
import { memory as words } from "../text/memory.ts";
import { lanes, picture, replay } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { word } from "./format.ts";
import { termed } from "./term.ts";

/** The mark that each state is drawn with. */
const SWATCHES: Readonly<Record<VersionState, string>> = {
  published: "executed",
  estimate: "blocked",
  atCommit: "waiting",
  committed: "committed",
  gone: "aborted",
  foretold: "validated",
};
/** Of longer lists of readers the rest is counted. */
const SHOWN = 12;
/** Where versions end and readers begin, in pixels, and how wide either is. */
const VERSION = 256;
const READER = 322;
const WIDE = 104;

/** The multi-version memory of one location where the playhead is: who wrote which version, and who has read it. */
export class MemoryPanel extends StoreElement {
  static override properties = { ...StoreElement.properties, asTable: { state: true } };
  declare asTable: boolean;

  constructor() {
    super();
    this.asTable = false;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.told, state.playhead === null, locationInQuestion(state)];
  }

  override render(): TemplateResult {
    const { finished, told, playhead } = this.state;
    const location = locationInQuestion(this.state);
    if (!finished) return html`<p class="empty">${words.notYet}</p>`;
    if (location === null) {
      return html`<p class="empty">${words.select}</p>`;
    }
    const { report } = finished;
    const known = told?.of === finished && told.location === location ? told.told : undefined;
    const show = (asTable: boolean) => () => (this.asTable = asTable);
    return html`<div class="memory" tabindex="0" role="region" aria-label=${words.label}>
      <p class="of">
        <strong class="mono">${report.locations[location].label}</strong>
        <span class="quiet">${playhead === null ? words.atEnd : words.atPlayhead}</span>
        <span class="segments" role="group" aria-label=${picture.showAs}>
          <button type="button" aria-pressed=${String(!this.asTable)} @click=${show(false)}>${picture.picture}</button>
          <button type="button" aria-pressed=${String(this.asTable)} @click=${show(true)}>${picture.table}</button>
        </span>
      </p>
      ${known ? this.#versions(report, known.versions) : html`<p class="empty">${known === null ? replay.forgotten : words.looking}</p>`}
    </div>`;
  }

  #versions(report: Report, versions: Versions | null): TemplateResult {
    if (!versions || versions.total === 0) return html`<p class="empty">${words.nothing}</p>`;
    const { rows, total, complete } = versions;
    return html`${this.asTable ? this.#table(rows) : this.#picture(report, versions)}
      ${total > rows.length ? html`<p class="quiet">${words.some(rows.length, total)}</p>` : nothing}
      ${complete ? nothing : html`<p class="quiet">${words.incomplete}</p>`}`;
  }

  #table(rows: readonly VersionRow[]): TemplateResult {
    return html`<table>
      <thead><tr><th scope="col">${words.writtenBy}</th><th scope="col" class="num">${words.value}</th><th scope="col">${words.state}</th><th scope="col">${words.readBy}</th></tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr>
          <th scope="row">${row.transaction === null ? words.beforeBlock : this.#transaction(row.transaction, versionName(row))}</th>
          <td class="mono num">${valueOf(row)}</td>
          <td><i class="swatch ${SWATCHES[row.state]}"></i> ${row.added ? words.asDelta(words.states[row.state], termed("deltas")) : words.states[row.state]}</td>
          <td>${row.readers.slice(0, SHOWN).map((reader) => html`${this.#transaction(reader.transaction, readerName(reader))} `)}${row.readersTotal > SHOWN ? words.more(row.readersTotal - SHOWN) : nothing}</td>
        </tr>`,
      )}</tbody>
    </table>`;
  }

  #picture(report: Report, versions: Versions): TemplateResult {
    const { versions: placed, readers, rows, left } = layoutVersions(versions);
    const y = (row: number): number => 30 + row * VERSION_ROW;
    const width = READER + WIDE;
    const height = y(rows);
    const select = (index: number | null) => () => {
      if (index !== null && index < report.transactions.length) this.store.dispatch({ type: "select", selection: { kind: "transaction", index } });
    };
    return html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${words.picture(placed.length, readers.length)}>
      <text class="quiet" x="4" y="14">${words.written}</text><text class="quiet" x=${READER} y="14">${words.readBy}</text>
      ${readers.map(({ of, row, from }) => {
        const y0 = y(from);
        const y1 = y(row);
        return svg`<path class="read ${of.undone ? "undone" : ""}" d="M ${VERSION} ${y0} C ${VERSION + 40} ${y0} ${READER - 40} ${y1} ${READER} ${y1}"></path>`;
      })}
      ${placed.map(
        ({ of, row }) => svg`<g class="version ${SWATCHES[of.state]}" @click=${select(of.transaction)}>
          <rect x="4" y=${y(row) - 10} width=${VERSION - 4} height="20" rx="3"></rect>
          <text class="mono" x="10" y=${y(row) + 4}>${of.transaction === null ? words.block : versionName(of)}</text>
          <text class="mono" x=${VERSION - 6} y=${y(row) + 4} text-anchor="end">${valueOf(of)}</text>
        </g>`,
      )}
      ${readers.map(
        ({ of, row }) => svg`<g class="reader ${of.undone ? "aborted" : of.executing ? "executing" : ""}" @click=${select(of.transaction)}>
          <circle cx=${READER} cy=${y(row)} r="4"></circle>
          <text class="mono" x=${READER + 10} y=${y(row) + 4}>${readerName(of)}</text>
        </g>`,
      )}
    </svg>
    <ul class="legend" aria-label=${words.legend}>
      ${[...new Set(placed.map(({ of }) => of.state))].map((state) => html`<li><i class="swatch ${SWATCHES[state]}"></i>${words.states[state]}</li>`)}
      <li>${lanes.legendAttempt(html`<span class="mono">7.1</span>`, termed("incarnation"))}</li>
    </ul>
    ${left > 0 ? html`<p class="quiet">${words.left(left)}</p>` : nothing}`;
  }

  #transaction(index: number, name: string): TemplateResult {
    return html`<button type="button" class="link mono" aria-label=${words.transaction(name)} @click=${() => this.store.dispatch({ type: "select", selection: { kind: "transaction", index } })}>${name}</button>`;
  }
}

/** `7`, `7.1` for a later attempt. */
function versionName({ transaction, incarnation }: Pick<VersionRow, "transaction" | "incarnation">): string {
  return `${transaction}${incarnation ? `.${incarnation}` : ""}`;
}

function readerName(reader: ReaderRow): string {
  const name = versionName(reader);
  return reader.undone ? words.undone(name) : reader.executing ? words.executing(name) : name;
}

function valueOf({ value, added }: VersionRow): string {
  return `${added ? "+" : ""}${word(value)}`;
}

customElements.define("memory-panel", MemoryPanel);
