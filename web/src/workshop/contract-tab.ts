/** The Contract tab, loaded when it is first looked at. The compiler comes later still, when something is compiled. */
import { html, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { workshop as words } from "../text/workshop.ts";
import { entries } from "../view/choices.ts";
import { StoreElement } from "../view/element.ts";
import "./bytecode-part.ts";
import "./call-form.ts";
import "./source-part.ts";

/** Contracts of one's own: written and compiled, deployed, called. */
export class ContractTab extends StoreElement {
  static override properties = { ...StoreElement.properties, shown: { state: true } };
  declare shown: keyof typeof words.parts;

  constructor() {
    super();
    this.shown = "source";
  }

  protected override watch(_: State): readonly unknown[] {
    return [];
  }

  override render(): TemplateResult {
    const { shown, store } = this;
    // All of them stay, so that what is filled in stays.
    return html`<div class="workshop" tabindex="0" role="region" aria-label=${words.label}>
      <span class="segments" role="group" aria-label=${words.label}>
        ${entries(words.parts).map(([id, name]) => html`<button type="button" aria-pressed=${String(id === shown)} @click=${() => (this.shown = id)}>${name}</button>`)}
      </span>
      <source-part .store=${store} ?hidden=${shown !== "source"}></source-part>
      <call-form .store=${store} ?hidden=${shown !== "call"}></call-form>
      <bytecode-part .store=${store} ?hidden=${shown !== "code"}></bytecode-part>
    </div>`;
  }
}

customElements.define("contract-tab", ContractTab);
