import { html, nothing, type TemplateResult } from "lit";
import { SHARED_FILE, writeSharedFile } from "../share/file.ts";
import { linkAddress, MAX_LINK, type Link } from "../share/link.ts";
import { linkOf } from "../share/open.ts";
import { choices, controls } from "../text/page.ts";
import { share as words } from "../text/share.ts";
import { CLOCKS, DELTAS, HINTS, STRATEGIES } from "./choices.ts";
import { StoreElement } from "./element.ts";
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
    this.shared = { link, ...(await linkAddress(link, new URL(location.pathname, location.origin))) };
    this.said = "";
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    this.#field?.select();
  }

  override render(): TemplateResult {
    const { shared } = this;
    return html`<dialog class="share" aria-labelledby="share-title" data-testid="share">
      <header role="none">
        <h2 id="share-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${words.close}</button></form>
      </header>
      <div class="body">${shared === null ? nothing : [this.#link(shared), this.#contents(shared)]}</div>
    </dialog>`;
  }

  #link({ link, address, length }: Shared): TemplateResult {
    const file = html`<button type="button" data-testid="share-file" @click=${() => saveFile(SHARED_FILE, writeSharedFile(link), "application/json")}>${words.saveFile}</button>`;
    if (address === null) {
      return html`<p>${words.tooLong(length, MAX_LINK)}</p>
        <p>${file}</p>`;
    }
    return html`<label>${words.link} <input class="mono" type="text" readonly data-testid="share-link" .value=${address} @focus=${() => this.#field?.select()} /></label>
      <p class="actions">
        <button type="button" class="primary" data-testid="share-copy" @click=${() => void this.#copy(address)}>${words.copy}</button>
        ${link.text === null ? nothing : file}
        <span role="status" data-testid="share-said">${this.said}</span>
      </p>
      <p class="quiet">${(address.length > 2_000 ? words.lengthCut : words.length)(address.length)}</p>`;
  }

  #contents({ address, link: { example, text, options, granularity, selection, beside } }: Shared): TemplateResult {
    return html`<h3>${words.holds}</h3>
      <dl class="holds">
        <dt>${words.scenario}</dt>
        <dd>${text === null ? words.byName(example ?? "") : words.itsText(text.length)}</dd>
        <dt>${words.options}</dt>
        <dd>${listed(options)}</dd>
        <dt>${words.granularity}</dt>
        <dd>${choices.granularities[granularity ?? "slotWithDeltas"]}</dd>
        <dt>${words.selection}</dt>
        <dd>${selection === null ? words.nothingSelected : selection.kind === "transaction" ? words.transaction(selection.index) : words.location(selection.location, selection.address, selection.slot)}</dd>
        ${beside ? html`<dt>${words.comparedWith}</dt><dd>${words.otherRun(listed(beside.options), beside.text === null ? null : beside.text.length)}</dd>` : nothing}
      </dl>
      ${address === null ? nothing : html`<p class="quiet">${words.promise}</p>`}`;
  }

  async #copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.said = words.copied;
    } catch {
      this.#field?.select();
      this.said = words.notCopied;
    }
  }

  get #field(): HTMLInputElement | null {
    return this.querySelector("input");
  }
}

/** The options that a link says, in the words of the controls. */
function listed({ strategy, workers, clock, cost, seed, deltas, hints, repeats }: Link["options"]): string {
  const said: readonly (readonly [string, string | number | undefined])[] = [
    [controls.strategy, strategy && STRATEGIES[strategy].name],
    [controls.workers, workers],
    [controls.clock, clock && CLOCKS[clock].name],
    [words.cost, cost && words.costs[cost]],
    [controls.deltas, deltas && DELTAS[deltas].name],
    [controls.hints, hints && HINTS[hints].name],
    [controls.seed, seed],
    [controls.repeats, repeats],
  ];
  return said.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`).join(" · ");
}

customElements.define("share-dialog", ShareDialog);
