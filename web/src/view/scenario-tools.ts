import { html, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { frame } from "../text/frame.ts";
import { StoreElement } from "./element.ts";

/** Undo and redo of the scenario, and whether it is kept, beside its title. Emits `drafts` to ask about that. */
export class ScenarioTools extends StoreElement {
  protected override watch({ history, drafts }: State): readonly unknown[] {
    return [history.past.length > 0, history.future.length > 0, drafts.on];
  }

  override render(): TemplateResult {
    const { past, future } = this.state.history;
    // Disabled by name alone: a button that loses the focus when it is pressed for the last time leaves its reader nowhere.
    return html`<button type="button" class="icon" data-testid="undo" aria-label=${frame.undo} aria-disabled=${String(past.length === 0)} data-tip=${frame.undoTip} @click=${() => this.store.dispatch({ type: "undo" })}>↶</button
      ><button type="button" class="icon" data-testid="redo" aria-label=${frame.redo} aria-disabled=${String(future.length === 0)} data-tip=${frame.redoTip} @click=${() => this.store.dispatch({ type: "redo" })}>↷</button
      ><button type="button" class="icon" data-testid="open-drafts" data-tip=${frame.draftsTip} @click=${() => this.dispatchEvent(new CustomEvent("drafts"))}>${this.state.drafts.on ? frame.draftsOn : frame.draftsOff}</button>`;
  }
}

customElements.define("scenario-tools", ScenarioTools);
