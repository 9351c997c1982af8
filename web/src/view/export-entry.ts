import { html, type TemplateResult } from "lit";
import { files as words } from "../text/page.ts";
import { DialogEntry } from "./dialog-entry.ts";

/** The button for files of a run. */
export class ExportEntry extends DialogEntry {
  protected override readonly button = { words: words.export, failed: words.exportFailed, id: "open-export" };

  protected override load(): Promise<unknown> {
    return import("./export-dialog.ts");
  }

  protected override dialog(): TemplateResult {
    return html`<export-dialog .store=${this.store}></export-dialog>`;
  }
}

customElements.define("export-entry", ExportEntry);
