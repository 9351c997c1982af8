import { html, nothing, type TemplateResult } from "lit";
import type { Commanded } from "../commands/command.ts";
import { commandsOf } from "../commands/list.ts";
import { changeLanguage } from "../share/carry-over.ts";
import { keys as keyWords } from "../text/keys.ts";
import { language, LANGUAGES, type Language } from "../text/language.ts";
import { app, glossary, help as words, type Term } from "../text/page.ts";
import { CHOICES, entries } from "./choices.ts";
import { StoreElement } from "./element.ts";
import "./key-map.ts";

/** How to use the page, what its words mean, and in which language. */
export class HelpDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, page: { attribute: false }, tooLarge: { state: true } };
  declare page: Commanded;
  /** What is on the page could not be kept over a change of the language. */
  declare tooLarge: boolean;

  constructor() {
    super();
    this.tooLarge = false;
  }

  protected override watch(): readonly unknown[] {
    return [];
  }

  /** Opens it. */
  async show(): Promise<void> {
    // What is not loaded is not shown; the rest of the dialog is.
    void Promise.all([import("./offline-panel.ts"), import("./limits-table.ts")]).catch(() => undefined);
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
  }

  override render(): TemplateResult {
    const terms = Object.entries(glossary).sort(([, a], [, b]) => a.name.localeCompare(b.name, language));
    return html`<dialog aria-labelledby="help-title">
      <header>
        <h2 id="help-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${app.close}</button></form>
      </header>
      <div class="body" tabindex="0" role="region" aria-labelledby="help-title">
        <p class="language">
          <label>${words.language}
            <select data-testid="language" @change=${(event: Event) => void this.#change((event.target as HTMLSelectElement).value as Language)}>
              ${entries(LANGUAGES).map(([id, name]) => html`<option value=${id} lang=${id} .selected=${id === language}>${name}</option>`)}
            </select></label>
          <span class="quiet">${words.languageNote}</span>
        </p>
        ${this.tooLarge ? html`<p class="notice" role="alert">${words.tooLarge}</p>` : nothing}
        <p>${words.introduction}</p>
        <p>${words.private} <button type="button" class="link" data-testid="open-about" @click=${() => this.page.open("about")}>${keyWords.about}</button></p>
        <h3>${words.keys}</h3>
        <key-map .commands=${commandsOf(this.page)}></key-map>
        <p>${words.wheel}</p>
        <offline-panel></offline-panel>
        <limits-table></limits-table>
        <h3>${words.words}</h3>
        <dl>
          ${terms.map(([id, { name, text }]) => {
            const choices = entries(CHOICES[id as Term] ?? {});
            return html`<dt>${name}</dt><dd>${text}${choices.map(([, choice]) => html`<br /><em>${choice.name}:</em> ${choice.text}`)}</dd>`;
          })}
        </dl>
      </div>
    </dialog>`;
  }

  async #change(to: Language): Promise<void> {
    this.tooLarge = !(await changeLanguage(this.state, to));
  }
}

customElements.define("help-dialog", HelpDialog);
