import { html, nothing, type TemplateResult } from "lit";
import { SHARED_FILE, writeSharedFile } from "../share/file.ts";
import { encodeLink, MAX_LINK, MAX_LINKED_TEXT, type Link } from "../share/link.ts";
import { linkOf } from "../share/open.ts";
import { StoreElement } from "./element.ts";
import { count } from "./format.ts";
import { saveFile } from "./save-file.ts";

/** What is shared: of the moment in which the dialog was opened. */
interface Shared {
  readonly link: Link;
  /** The whole address; `null` if it would be too long. */
  readonly address: string | null;
  readonly length: number;
}

/** The link to what is on the page: to be copied, or as a file where it would be too long. */
export class ShareDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, shared: { state: true }, said: { state: true } };
  declare shared: Shared | null;
  /** What has become of copying. */
  declare said: string;

  constructor() {
    super();
    this.shared = null;
    this.said = "";
  }

  protected override watch(): readonly unknown[] {
    return [];
  }

  /** Makes the link of what is on the page now, and shows it. */
  async show(): Promise<void> {
    const link = linkOf(this.state);
    const fragment = await encodeLink(link);
    const bytes = link.text === null ? 0 : new TextEncoder().encode(link.text).length;
    const fits = fragment.length - 1 <= MAX_LINK && bytes <= MAX_LINKED_TEXT;
    this.shared = { link, address: fits ? new URL(fragment, new URL(location.pathname, location.origin)).href : null, length: fragment.length - 1 };
    this.said = "";
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    this.#field?.select();
  }

  override render(): TemplateResult {
    const { shared } = this;
    return html`<dialog class="share" aria-labelledby="share-title" data-testid="share">
      <header>
        <h2 id="share-title">Share</h2>
        <form method="dialog"><button type="submit">Close</button></form>
      </header>
      <div class="body">${shared === null ? nothing : [this.#link(shared), this.#contents(shared)]}</div>
    </dialog>`;
  }

  #link({ link, address, length }: Shared): TemplateResult {
    const file = html`<button type="button" data-testid="share-file" @click=${() => saveFile(SHARED_FILE, writeSharedFile(link), "application/json")}>Save as a file</button>`;
    if (address === null) {
      return html`<p>
          The link would have ${count(length, "character")} after its “#”, and no more than ${MAX_LINK} are read. Save it as a file instead; whoever has
          the file drops it into this page.
        </p>
        <p>${file}</p>`;
    }
    return html`<label>Link <input class="mono" type="text" readonly data-testid="share-link" .value=${address} @focus=${() => this.#field?.select()} /></label>
      <p class="actions">
        <button type="button" class="primary" data-testid="share-copy" @click=${() => void this.#copy(address)}>Copy</button>
        ${link.text === null ? nothing : file}
        <span role="status" data-testid="share-said">${this.said}</span>
      </p>
      <p class="quiet">${count(address.length, "character")}. ${address.length > 2_000 ? "Some chats and mail programs cut links off at 2,000; the file is safer there." : ""}</p>`;
  }

  #contents({ address, link: { example, text, options, granularity, selection } }: Shared): TemplateResult {
    return html`<h3>What it holds</h3>
      <dl class="holds">
        <dt>Scenario</dt>
        <dd>${text === null ? `the example ${example}, by its name` : `its text, ${count(text.length, "character")}`}</dd>
        <dt>Options</dt>
        <dd>${Object.entries(options).map(([name, value]) => `${name} ${value}`).join(", ")}</dd>
        <dt>Granularity</dt>
        <dd>${granularity}</dd>
        <dt>Selection</dt>
        <dd>${selection === null ? "none" : selection.kind === "transaction" ? `transaction ${selection.index}` : `${selection.location} of ${selection.address}${selection.slot === null ? "" : ` at ${selection.slot}`}`}</dd>
      </dl>
      ${address === null ? nothing : html`<p class="quiet">All of it is in the link, after the “#”, which browsers send to nobody. Links that were made once keep working.</p>`}`;
  }

  async #copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.said = "Copied.";
    } catch {
      this.#field?.select();
      this.said = "The browser does not let the page copy. The link is selected: press Ctrl C.";
    }
  }

  get #field(): HTMLInputElement | null {
    return this.querySelector("input");
  }
}

customElements.define("share-dialog", ShareDialog);
