import { html, nothing, type TemplateResult } from "lit";
import { DEFAULT_VIEWS, VIEWS, type View } from "../embed/interface.ts";
import { SNIPPETS, type Figured, type SnippetId } from "../embed/snippets.ts";
import { linkAddress } from "../share/link.ts";
import type { State } from "../state/state.ts";
import { embedding as words } from "../text/embedding.ts";
import { app } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { integer } from "./format.ts";

/** Writes what an author puts into a page to have this figure there. Loaded when it is first opened. */
export class EmbedDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, kind: { state: true }, view: { state: true }, onClick: { state: true }, copied: { state: true }, fragment: { state: true } };
  declare kind: SnippetId;
  declare view: readonly View[];
  declare onClick: boolean;
  /** What came of copying. */
  declare copied: string;
  /** The text as the fragment of an address; `null` if it is too long for one. */
  declare fragment: string | null;
  #packed: string | null = null;

  constructor() {
    super();
    this.kind = "element";
    this.view = DEFAULT_VIEWS;
    this.onClick = false;
    this.copied = "";
    this.fragment = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.text, state.example, state.options, state.checked?.title];
  }

  override updated(): void {
    const { text, example } = this.state;
    if (example !== null || text === this.#packed) return;
    this.#packed = text;
    const link = { example, text, options: {}, granularity: null, selection: null, step: null, lesson: null };
    void linkAddress(link, new URL(document.baseURI)).then(({ address }) => {
      if (this.#packed === text) this.fragment = address && new URL(address).hash;
    });
  }

  /** Opens it. */
  async show(): Promise<void> {
    await this.updateComplete;
    this.copied = "";
    this.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    const { text, example, options, checked } = this.state;
    const { site, page } = SNIPPETS[this.kind];
    const base = new URL("./", document.baseURI).href;
    const figure: Figured = { base, title: checked?.title ?? words.defaultTitle, example, text, fragment: this.fragment, options, view: this.view, start: this.onClick ? "click" : "visible" };
    const code = page(figure);
    return html`<dialog class="embedding" aria-labelledby="embed-title" data-testid="embed-dialog">
      <header>
        <h2 id="embed-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${app.close}</button></form>
      </header>
      <div class="body">
        <div class="row">
          <label for="embed-kind">${words.for}</label>
          <select id="embed-kind" @change=${(e: Event) => this.#set({ kind: (e.target as HTMLSelectElement).value as SnippetId })}>
            ${Object.entries(words.kinds).map(([id, { name }]) => html`<option value=${id} .selected=${id === this.kind}>${name}</option>`)}
          </select>
          <label><input type="checkbox" .checked=${this.onClick} @change=${(e: Event) => this.#set({ onClick: (e.target as HTMLInputElement).checked })} /> ${words.onClick}</label>
        </div>
        <fieldset class="row">
          <legend>${words.views}</legend>
          ${VIEWS.map((view) => html`<label><input type="checkbox" .checked=${this.view.includes(view)} @change=${() => this.#toggle(view)} /> ${words.viewNames[view]}</label>`)}
        </fieldset>
        ${site ? this.#part("site", words.sites[this.kind] ?? "", words.siteSnippet, site(figure)) : nothing}
        ${code === null ? html`<p class="notice">${words.tooLong(integer(text.length), html`<code>src</code>`)}</p>` : this.#part("page", words.kinds[this.kind].note, words.snippet, code)}
        <span role="status">${this.copied}</span>
      </div>
    </dialog>`;
  }

  /** One of the texts to copy, with where it goes. */
  #part(id: "site" | "page", where: string, name: string, code: string): TemplateResult {
    return html`<p>${where}</p>
      <textarea readonly rows=${id === "site" ? 3 : 8} class="mono" aria-label=${name} data-testid="snippet-${id}" .value=${code}></textarea>
      <div class="row">
        <button type="button" class=${id === "page" ? "primary" : ""} @click=${() => void this.#copy(id, code)}>${words.copy}</button>
      </div>`;
  }

  #set(change: { kind?: SnippetId; view?: readonly View[]; onClick?: boolean }): void {
    Object.assign(this, change, { copied: "" });
  }

  /** In the order of the list; at least one. */
  #toggle(view: View): void {
    const next = VIEWS.filter((other) => (other === view) !== this.view.includes(other));
    this.#set({ view: next.length > 0 ? next : this.view });
    this.requestUpdate();
  }

  async #copy(id: "site" | "page", code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      this.copied = words.copied;
    } catch {
      this.copied = words.notCopied;
      this.querySelector<HTMLTextAreaElement>(`[data-testid="snippet-${id}"]`)?.select();
    }
  }
}

customElements.define("embed-dialog", EmbedDialog);
