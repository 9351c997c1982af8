import { html, nothing, type TemplateResult } from "lit";
import { files as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import type { ExportDialog } from "./export-dialog.ts";

/** The button for files of a run. The dialog is loaded when somebody asks for it. */
export class ExportEntry extends StoreElement {
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
    return html`<button type="button" data-testid="open-export" @click=${() => void this.#open()}>${this.failed ? words.exportFailed : words.export}</button>
      ${this.there ? html`<export-dialog .store=${this.store}></export-dialog>` : nothing}`;
  }

  async #open(): Promise<void> {
    try {
      await import("./export-dialog.ts");
      this.failed = false;
    } catch {
      this.failed = true;
      return;
    }
    this.there = true;
    await this.updateComplete;
    await this.querySelector<ExportDialog>("export-dialog")!.show();
  }
}

customElements.define("export-entry", ExportEntry);
