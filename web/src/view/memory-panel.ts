import { html, nothing, svg, type TemplateResult } from "lit";
import type { ReaderRow, Report, VersionRow, VersionState, Versions } from "../engine/types.ts";
import { layoutVersions, VERSION_ROW } from "../layout/versions.ts";
import { locationInQuestion } from "../story.ts";
import type { State } from "../state/state.ts";
import { StoreElement } from "./element.ts";
import { count, word } from "./format.ts";
import { term } from "./term.ts";

/** Each state in words, and the mark it is drawn with. */
const STATES: Readonly<Record<VersionState, { words: string; swatch: string }>> = {
  published: { words: "can be read", swatch: "executed" },
  estimate: { words: "estimate: is about to be written again", swatch: "blocked" },
  atCommit: { words: "is added at its commit", swatch: "waiting" },
  committed: { words: "committed", swatch: "committed" },
  gone: { words: "not there any more", swatch: "aborted" },
  foretold: { words: "foretold", swatch: "validated" },
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
    if (!finished) return html`<p class="empty">The memory can be looked at after the first run.</p>`;
    if (location === null) {
      return html`<p class="empty">Select a location: a diamond in the graph, a row of the hot locations, or what a transaction read or wrote. In a replay an abort shows its own.</p>`;
    }
    const { report } = finished;
    const known = told?.of === finished && told.location === location ? told.told : undefined;
    const show = (asTable: boolean) => () => (this.asTable = asTable);
    return html`<div class="memory" tabindex="0" role="region" aria-label="Versions of a location">
      <p class="of">
        <strong class="mono">${report.locations[location].label}</strong>
        <span class="quiet">${playhead === null ? "at the end" : "at the playhead"}</span>
        <span class="segments" role="group" aria-label="Show as">
          <button type="button" aria-pressed=${String(!this.asTable)} @click=${show(false)}>Picture</button>
          <button type="button" aria-pressed=${String(this.asTable)} @click=${show(true)}>Table</button>
        </span>
      </p>
      ${known ? this.#versions(report, known.versions) : html`<p class="empty">${known === null ? "The engine has nothing to tell of this run any more: run it again." : "Looking it up…"}</p>`}
    </div>`;
  }

  #versions(report: Report, versions: Versions | null): TemplateResult {
    if (!versions || versions.total === 0) return html`<p class="empty">Nobody has written or read it yet.</p>`;
    const { rows, total, complete } = versions;
    return html`${this.asTable ? this.#table(rows) : this.#picture(report, versions)}
      ${total > rows.length ? html`<p class="quiet">${rows.length} of ${count(total, "version")}, around the transaction at the playhead</p>` : nothing}
      ${complete ? nothing : html`<p class="quiet">The run was so large that not everything was kept: versions and readers may be missing.</p>`}`;
  }

  #table(rows: readonly VersionRow[]): TemplateResult {
    return html`<table>
      <thead><tr><th scope="col">written by</th><th scope="col" class="num">value</th><th scope="col">state</th><th scope="col">read by</th></tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr>
          <th scope="row">${row.transaction === null ? "before the block" : this.#transaction(row.transaction, versionName(row))}</th>
          <td class="mono num">${valueOf(row)}</td>
          <td><i class="swatch ${STATES[row.state].swatch}"></i> ${STATES[row.state].words}${row.added ? html`, as a ${term("deltas", "delta")}` : nothing}</td>
          <td>${row.readers.slice(0, SHOWN).map((reader) => html`${this.#transaction(reader.transaction, readerName(reader))} `)}${row.readersTotal > SHOWN ? `and ${row.readersTotal - SHOWN} more` : nothing}</td>
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
    return html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label="${count(placed.length, "version")} and ${count(readers.length, "reader")}, in block order. The table says the same.">
      <text class="quiet" x="4" y="14">written</text><text class="quiet" x=${READER} y="14">read by</text>
      ${readers.map(({ of, row, from }) => {
        const y0 = y(from);
        const y1 = y(row);
        return svg`<path class="read ${of.undone ? "undone" : ""}" d="M ${VERSION} ${y0} C ${VERSION + 40} ${y0} ${READER - 40} ${y1} ${READER} ${y1}"></path>`;
      })}
      ${placed.map(
        ({ of, row }) => svg`<g class="version ${STATES[of.state].swatch}" @click=${select(of.transaction)}>
          <rect x="4" y=${y(row) - 10} width=${VERSION - 4} height="20" rx="3"></rect>
          <text class="mono" x="10" y=${y(row) + 4}>${of.transaction === null ? "block" : versionName(of)}</text>
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
    <ul class="legend" aria-label="What the marks mean">
      ${[...new Set(placed.map(({ of }) => of.state))].map((state) => html`<li><i class="swatch ${STATES[state].swatch}"></i>${STATES[state].words}</li>`)}
      <li><span class="mono">7.1</span> transaction 7, ${term("incarnation")} 1</li>
    </ul>
    ${left > 0 ? html`<p class="quiet">and ${left} more versions and readers, in the table</p>` : nothing}`;
  }

  #transaction(index: number, name: string): TemplateResult {
    return html`<button type="button" class="link mono" aria-label="Transaction ${name}" @click=${() => this.store.dispatch({ type: "select", selection: { kind: "transaction", index } })}>${name}</button>`;
  }
}

/** `7`, `7.1` for a later attempt. */
function versionName({ transaction, incarnation }: Pick<VersionRow, "transaction" | "incarnation">): string {
  return `${transaction}${incarnation ? `.${incarnation}` : ""}`;
}

function readerName(reader: ReaderRow): string {
  return `${versionName(reader)}${reader.undone ? " undone" : reader.executing ? " executing" : ""}`;
}

function valueOf({ value, added }: VersionRow): string {
  return `${added ? "+" : ""}${word(value)}`;
}

customElements.define("memory-panel", MemoryPanel);
