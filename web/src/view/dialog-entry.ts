import { html, nothing, type TemplateResult } from "lit";
import { StoreElement } from "./element.ts";

/** A button for a dialog that is loaded when somebody asks for it. */
export abstract class DialogEntry extends StoreElement {
  static override properties = { ...StoreElement.properties, failed: { state: true }, there: { state: true } };
  declare failed: boolean;
  declare there: boolean;

  constructor() {
    super();
    this.failed = false;
    this.there = false;
  }

  /** What the button says, also after the dialog did not load, and what tests call it. */
  protected abstract readonly button: { readonly words: string; readonly failed: string; readonly id: string };
  protected abstract load(): Promise<unknown>;
  /** The dialog, an element with `show`. */
  protected abstract dialog(): TemplateResult;

  protected override watch(): readonly unknown[] {
    return [];
  }

  override render(): TemplateResult {
    const { words, failed, id } = this.button;
    return html`<button type="button" data-testid=${id} @click=${() => void this.open()}>${this.failed ? failed : words}</button>${this.there ? this.dialog() : nothing}`;
  }

  /** Opens the dialog. */
  async open(): Promise<void> {
    try {
      await this.load();
      this.failed = false;
    } catch {
      this.failed = true;
      return;
    }
    this.there = true;
    await this.updateComplete;
    await (this.lastElementChild as Element & { show(): Promise<void> }).show();
  }
}
