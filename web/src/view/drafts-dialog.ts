import { html, nothing, type TemplateResult } from "lit";
import type { DraftSession } from "../drafts/session.ts";
import type { Draft } from "../drafts/store.ts";
import type { State } from "../state/state.ts";
import { drafts as words } from "../text/drafts.ts";
import { when } from "./draft-notice.ts";
import { StoreElement } from "./element.ts";

/** The switch for drafts, those there are, and the way to forget them. */
export class DraftsDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, drafts: { attribute: false }, said: { state: true } };
  declare drafts: DraftSession;
  /** What has come of the last press. */
  declare said: string;

  constructor() {
    super();
    this.said = "";
  }

  protected override watch({ drafts }: State): readonly unknown[] {
    return [drafts.on, drafts.problem];
  }

  /** Opens it, with what there is now. */
  async show(): Promise<void> {
    this.said = "";
    this.requestUpdate();
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
  }

  override render(): TemplateResult {
    const { on, problem } = this.state.drafts;
    const list = this.drafts.list();
    return html`<dialog class="drafts" aria-labelledby="drafts-title" data-testid="drafts">
      <header>
        <h2 id="drafts-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${words.close}</button></form>
      </header>
      <div class="body">
        <label class="choice"><input type="checkbox" role="switch" data-testid="drafts-switch" .checked=${on} @change=${this.#turn} /> ${words.keep}</label>
        <p class="quiet">${words.keepWhy}</p>
        ${problem === null ? nothing : html`<p class="notice error" role="alert">${problem}</p>`}
        <h3>${words.list}</h3>
        ${list.length === 0 ? html`<p class="quiet">${words.none}</p>` : html`<ul>${list.map((draft) => this.#draft(draft))}</ul>`}
        <p>
          <button type="button" data-testid="forget-everything" @click=${this.#forgetAll}>${words.forgetAll}</button>
          <span role="status">${this.said}</span>
        </p>
      </div>
    </dialog>`;
  }

  #draft({ id, title, saved, size }: Draft): TemplateResult {
    return html`<li>
      <strong>${title}</strong> <span class="quiet">${when(saved)}, ${words.characters(size)}</span>
      <button type="button" aria-label=${words.ofDraft(words.open, title)} @click=${() => void this.#open(id)}>${words.open}</button>
      <button type="button" aria-label=${words.ofDraft(words.forget, title)} @click=${() => this.#forget(id)}>${words.forget}</button>
    </li>`;
  }

  #turn = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    this.drafts.turn(box.checked);
    // It may not have been possible.
    box.checked = this.state.drafts.on;
    this.requestUpdate();
  };

  async #open(id: string): Promise<void> {
    this.querySelector("dialog")!.close();
    await this.drafts.open(id);
  }

  #forget(id: string): void {
    this.drafts.forget(id);
    this.requestUpdate();
    this.querySelector<HTMLElement>("[type=checkbox]")?.focus();
  }

  #forgetAll = (): void => {
    this.drafts.forgetAll();
    this.said = words.forgotten;
  };
}

customElements.define("drafts-dialog", DraftsDialog);
