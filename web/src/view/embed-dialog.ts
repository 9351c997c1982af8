import { html, nothing, type TemplateResult } from "lit";
import { DEFAULT_VIEWS, VIEWS, type View } from "../embed/interface.ts";
import { LONGEST_SCENARIO } from "../embed/settings.ts";
import { SNIPPETS } from "../embed/snippets.ts";
import type { State } from "../state/state.ts";
import { embedding as words } from "../text/embedding.ts";
import { app } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { integer } from "./format.ts";

/** Writes what an author puts into a page to have this figure there. Loaded when it is first opened. */
export class EmbedDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, kind: { state: true }, view: { state: true }, onClick: { state: true }, copied: { state: true } };
  declare kind: string;
  declare view: readonly View[];
  declare onClick: boolean;
  /** What came of copying. */
  declare copied: string;

  constructor() {
    super();
    this.kind = SNIPPETS[0].id;
    this.view = DEFAULT_VIEWS;
    this.onClick = false;
    this.copied = "";
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.text, state.example, state.options, state.checked?.title];
  }

  /** Opens it. */
  async show(): Promise<void> {
    await this.updateComplete;
    this.copied = "";
    this.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    const { text, example, options, checked } = this.state;
    const snippet = SNIPPETS.find(({ id }) => id === this.kind)!;
    const base = new URL("./", document.baseURI).href;
    const title = checked?.title ?? words.defaultTitle;
    const code = snippet.code({ base, title, example, text, options, view: this.view, start: this.onClick ? "click" : "visible" });
    const long = example === null && text.length > LONGEST_SCENARIO;
    return html`<dialog class="embedding" aria-labelledby="embed-title" data-testid="embed-dialog">
      <header>
        <h2 id="embed-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${app.close}</button></form>
      </header>
      <div class="body">
        <div class="row">
          <label for="embed-kind">${words.for}</label>
          <select id="embed-kind" @change=${(e: Event) => this.#set({ kind: (e.target as HTMLSelectElement).value })}>
            ${SNIPPETS.map(({ id }) => html`<option value=${id} .selected=${id === this.kind}>${words.kinds[id].name}</option>`)}
          </select>
          <label><input type="checkbox" .checked=${this.onClick} @change=${(e: Event) => this.#set({ onClick: (e.target as HTMLInputElement).checked })} /> ${words.onClick}</label>
        </div>
        <fieldset class="row">
          <legend>${words.views}</legend>
          ${VIEWS.map((view) => html`<label><input type="checkbox" .checked=${this.view.includes(view)} @change=${() => this.#toggle(view)} /> ${words.viewNames[view]}</label>`)}
        </fieldset>
        <p>${words.kinds[snippet.id].note}</p>
        ${long ? html`<p class="notice">${words.tooLong(integer(text.length), html`<code>src</code>`)}</p>` : nothing}
        <textarea readonly rows="8" class="mono" aria-label=${words.snippet} data-testid="snippet" .value=${code}></textarea>
        <div class="row">
          <button type="button" class="primary" @click=${() => void this.#copy(code)}>${words.copy}</button>
          <span role="status">${this.copied}</span>
        </div>
      </div>
    </dialog>`;
  }

  #set(change: { kind?: string; view?: readonly View[]; onClick?: boolean }): void {
    Object.assign(this, change, { copied: "" });
  }

  /** In the order of the list; at least one. */
  #toggle(view: View): void {
    const next = VIEWS.filter((other) => (other === view) !== this.view.includes(other));
    this.#set({ view: next.length > 0 ? next : this.view });
    this.requestUpdate();
  }

  async #copy(code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      this.copied = words.copied;
    } catch {
      this.copied = words.notCopied;
      this.querySelector("textarea")?.select();
    }
  }
}

customElements.define("embed-dialog", EmbedDialog);
