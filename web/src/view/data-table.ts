import { html, LitElement, nothing, type TemplateResult } from "lit";
import { nouns } from "../text/page.ts";

/** A column of a {@link DataTable}. */
export interface Column {
  readonly id: string;
  readonly head: unknown;
  /** Numbers stand on the right. */
  readonly numeric?: boolean;
  readonly cell: (row: number) => unknown;
}

/** Height of a row, as in the stylesheet. */
const ROW = 28;
/** Up to this many rows are all there; of longer lists only those in sight (and some around). */
const WHOLE = 150;
const AROUND = 12;

/**
 * A table of any length whose rows can be walked with the arrow keys, hovered over and chosen. Emits `row-hover` and
 * `row-choose` with the row's number (-1 on leaving).
 */
export class DataTable extends LitElement {
  static override properties = {
    columns: { attribute: false },
    count: { type: Number },
    label: { type: String },
    classOf: { attribute: false },
    chosen: { type: Number },
    empty: { attribute: false },
    _top: { state: true },
  };
  declare columns: readonly Column[];
  declare count: number;
  /** What the table is of, for those who do not see it. */
  declare label: string;
  /** The state of a row, as class names. */
  declare classOf: (row: number) => string;
  /** The row that is chosen, or -1. */
  declare chosen: number;
  /** What is said instead of an empty table. */
  declare empty: unknown;
  declare _top: number;
  /** The row the arrow keys are at. */
  #current = 0;
  #height = 600;
  #watcher = new ResizeObserver(([entry]) => {
    this.#height = entry.contentRect.height;
    this.requestUpdate();
  });

  constructor() {
    super();
    this.columns = [];
    this.count = 0;
    this.label = "";
    this.classOf = () => "";
    this.chosen = -1;
    this.empty = nouns.nothingHere;
    this._top = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watcher.observe(this);
    this.addEventListener("scroll", this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher.disconnect();
  }

  #scrolled = (): void => {
    // Rendering again is only worth it once the rows around are used up.
    if (this.count > WHOLE && Math.abs(this.scrollTop - this._top) > (AROUND / 2) * ROW) this._top = this.scrollTop;
  };

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("chosen") && this.chosen >= 0) this.#current = this.chosen;
    this.#current = Math.max(0, Math.min(this.#current, this.count - 1));
  }

  override render(): TemplateResult {
    if (this.count === 0) return html`<p class="empty">${this.empty}</p>`;
    const whole = this.count <= WHOLE;
    const first = whole ? 0 : Math.max(0, Math.floor(this._top / ROW) - AROUND);
    const last = whole ? this.count : Math.min(this.count, Math.ceil((this._top + this.#height) / ROW) + AROUND);
    const rows: TemplateResult[] = [];
    for (let row = first; row < last; row++) rows.push(this.#row(row));
    return html`<table aria-label=${this.label} aria-rowcount=${this.count + 1}>
      <thead>
        <tr>
          ${this.columns.map((c) => html`<th scope="col" class=${c.numeric ? "num" : ""} data-column=${c.id}>${c.head}</th>`)}
        </tr>
      </thead>
      <tbody @pointerover=${this.#over} @pointerleave=${() => this.#emit("row-hover", -1)} @click=${this.#click} @keydown=${this.#key}>
        ${first > 0 ? html`<tr class="gap" aria-hidden="true"><td data-height=${first * ROW}></td></tr>` : nothing}
        ${rows}
        ${last < this.count ? html`<tr class="gap" aria-hidden="true"><td data-height=${(this.count - last) * ROW}></td></tr>` : nothing}
      </tbody>
    </table>`;
  }

  override updated(changed: Map<string, unknown>): void {
    // Through the object model, because the page's security policy allows no style attributes.
    for (const td of this.querySelectorAll<HTMLElement>("td[data-height]")) td.style.height = `${td.dataset.height}px`;
    if (changed.has("chosen") && this.chosen >= 0) this.#reveal(this.chosen);
  }

  #row(row: number): TemplateResult {
    const chosen = row === this.chosen;
    return html`<tr
      data-row=${row}
      aria-rowindex=${row + 2}
      aria-selected=${chosen ? "true" : nothing}
      class="${this.classOf(row)} ${chosen ? "chosen" : ""}"
      tabindex=${row === this.#current ? 0 : -1}
    >
      ${this.columns.map((c) => html`<td class=${c.numeric ? "num" : ""} data-column=${c.id}>${c.cell(row)}</td>`)}
    </tr>`;
  }

  #reveal(row: number): void {
    const top = row * ROW;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + 2 * ROW > this.scrollTop + this.clientHeight) this.scrollTop = top + 2 * ROW - this.clientHeight;
  }

  #over = (event: Event): void => this.#emit("row-hover", rowOf(event));

  #click = (event: Event): void => {
    const row = rowOf(event);
    if (row < 0) return;
    this.#current = row;
    this.#emit("row-choose", row);
  };

  #key = (event: KeyboardEvent): void => {
    const row = rowOf(event);
    if (row < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      if ((event.target as Element).closest("button, a")) return;
      event.preventDefault();
      this.#emit("row-choose", row);
      return;
    }
    const page = Math.max(1, Math.floor(this.clientHeight / ROW) - 2);
    const to = { ArrowDown: row + 1, ArrowUp: row - 1, Home: 0, End: this.count - 1, PageDown: row + page, PageUp: row - page }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#current = Math.max(0, Math.min(to, this.count - 1));
    this.#reveal(this.#current);
    this._top = this.scrollTop;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`tr[data-row="${this.#current}"]`)?.focus({ preventScroll: true }));
    this.#emit("row-hover", this.#current);
  };

  #emit(name: string, row: number): void {
    this.dispatchEvent(new CustomEvent(name, { detail: row }));
  }
}

function rowOf(event: Event): number {
  const row = (event.target as Element).closest<HTMLElement>("tr[data-row]");
  return row ? Number(row.dataset.row) : -1;
}

customElements.define("data-table", DataTable);
