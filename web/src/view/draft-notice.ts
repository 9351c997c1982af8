import { html, nothing, type TemplateResult } from "lit";
import type { DraftSession } from "../drafts/session.ts";
import type { Session } from "../session.ts";
import { defaultExample } from "../examples.ts";
import type { State } from "../state/state.ts";
import { drafts as words } from "../text/drafts.ts";
import { language } from "../text/language.ts";
import { StoreElement } from "./element.ts";

/** That a draft is back, or why one cannot be kept. */
export class DraftNotice extends StoreElement {
  static override properties = { ...StoreElement.properties, drafts: { attribute: false }, session: { attribute: false } };
  declare drafts: DraftSession;
  declare session: Session;

  protected override watch({ drafts }: State): readonly unknown[] {
    return [drafts.problem, drafts.restored];
  }

  override render(): TemplateResult {
    const { problem, restored } = this.state.drafts;
    return html`${problem === null ? nothing : html`<p class="link-problem" role="alert" data-testid="draft-problem">${problem} ${this.#dismiss({ problem: null })}</p>`}
    ${restored === null
      ? nothing
      : html`<p class="link-problem" role="status" data-testid="draft-restored">
          ${words.restored(restored.title, when(restored.saved))}
          <button type="button" @click=${() => this.#discard(restored.id)}>${words.discard}</button> ${this.#dismiss({ restored: null })}
        </p>`}`;
  }

  #dismiss(change: Partial<State["drafts"]>): TemplateResult {
    return html`<button type="button" @click=${() => this.store.dispatch({ type: "drafts", change })}>${words.dismiss}</button>`;
  }

  /** As if this had been the first visit. */
  #discard(id: string): void {
    this.drafts.forget(id);
    this.store.dispatch({ type: "drafts", change: { restored: null } });
    void this.session.load(defaultExample);
  }
}

/** A time in the page's language. */
export function when(saved: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(saved);
}

customElements.define("draft-notice", DraftNotice);
