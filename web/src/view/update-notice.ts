import { html, LitElement, type TemplateResult } from "lit";
import { message } from "../engine/errors.ts";
import { carry, takeCarried } from "../share/carry-over.ts";
import { offline as words } from "../text/offline.ts";
import type { AppStore } from "./element.ts";

/** Says that a new version is there, and takes it along with what is on the page. */
export class UpdateNotice extends LitElement {
  static override properties = { said: { state: true } };
  declare said: string;
  store!: AppStore;
  /** Takes it and loads the page again; or how many other pages are in the way. */
  reload!: () => Promise<number>;

  constructor() {
    super();
    this.said = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return html`<p class="update" role="status" data-testid="update">
      <span>${words.newVersion} ${this.said}</span>
      <button type="button" class="primary" @click=${() => void this.#take()}>${words.reload}</button>
      <button type="button" @click=${() => this.remove()}>${words.later}</button>
    </p>`;
  }

  async #take(): Promise<void> {
    try {
      if (!(await carry(this.store.state))) {
        this.said = words.tooLarge;
        return;
      }
      const others = await this.reload();
      if (others === 0) return;
      this.said = words.others(others);
    } catch (error) {
      this.said = words.notTaken(message(error));
    }
    // This page stays.
    takeCarried();
  }
}

customElements.define("update-notice", UpdateNotice);
