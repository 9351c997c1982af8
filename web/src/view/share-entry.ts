import { html, type TemplateResult } from "lit";
import { app as words } from "../text/page.ts";
import { DialogEntry } from "./dialog-entry.ts";

/** The button for links. */
export class ShareEntry extends DialogEntry {
  protected override readonly button = { words: words.share, failed: words.shareFailed, id: "open-share" };

  protected override load(): Promise<unknown> {
    return import("./share-dialog.ts");
  }

  protected override dialog(): TemplateResult {
    return html`<share-dialog .store=${this.store}></share-dialog>`;
  }
}

customElements.define("share-entry", ShareEntry);
