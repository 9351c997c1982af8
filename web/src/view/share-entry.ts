import { html, nothing, type TemplateResult } from "lit";
import { app as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import type { ShareDialog } from "./share-dialog.ts";

/** The button for links. The dialog is loaded when somebody asks for it. */
export class ShareEntry extends StoreElement {
  static override properties = { ...StoreElement.properties, failed: { state: true }, there: { state: true } };
  declare failed: boolean;
  declare there: boolean;

  constructor() {
    super();
    this.failed = false;
    this.there = false;
  }

  protected override watch(): readonly unknown[] {
    return [];
  }

  override render(): TemplateResult {
    return html`<button type="button" data-testid="open-share" @click=${() => void this.#open()}>${this.failed ? words.shareFailed : words.share}</button>
      ${this.there ? html`<share-dialog .store=${this.store}></share-dialog>` : nothing}`;
  }

  async #open(): Promise<void> {
    try {
      await import("./share-dialog.ts");
      this.failed = false;
    } catch {
      this.failed = true;
      return;
    }
    this.there = true;
    await this.updateComplete;
    await this.querySelector<ShareDialog>("share-dialog")!.show();
  }
}

customElements.define("share-entry", ShareEntry);
