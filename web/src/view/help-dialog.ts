import { html, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { CHOICES, entries } from "./choices.ts";
import { StoreElement } from "./element.ts";
import { GLOSSARY, type Term } from "./glossary.ts";

const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl Enter", "run"],
  ["Escape", "clear the selection"],
  ["← →", "in the graph: along dependencies; in the lanes: along a lane"],
  ["↑ ↓", "in the graph: through a level; in the lanes: from lane to lane; in a table: from row to row"],
  ["Enter", "select, everywhere"],
  ["+ − 0", "zoom in, zoom out, fit"],
  ["← → Space", "where nothing has the focus, and at the playhead: one event back or on, play or pause; with Shift a larger step"],
  ["Home End", "at the playhead: to the run's start or end"],
  [", . < > P", "in a picture: one event back or on, a larger step, play or pause"],
];

/** How to use the page, and what its words mean. */
export class HelpDialog extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.help];
  }

  override render(): TemplateResult {
    const terms = Object.entries(GLOSSARY).sort(([, a], [, b]) => a.name.localeCompare(b.name));
    return html`<dialog aria-labelledby="help-title" @close=${() => this.store.dispatch({ type: "help", open: false })}>
      <header>
        <h2 id="help-title">Help</h2>
        <form method="dialog"><button type="submit">Close</button></form>
      </header>
      <div class="body" tabindex="0" role="region" aria-labelledby="help-title">
        <p>
          EVM Lanes executes a block of Ethereum transactions twice: once in order, and once in parallel. It shows what ran at once, what could not, and why, and
          compares the two results. Choose an example or write your own scenario, and run it. A transaction, location or event that you select in any view is
          selected in all of them.
        </p>
        <p>Everything happens in this browser. Nothing is sent anywhere.</p>
        <h3>Keys</h3>
        <dl class="keys">${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
        <p>In a picture the wheel zooms once you have clicked into it, or with Ctrl held; drag to move, pinch to zoom.</p>
        <h3>Words</h3>
        <dl>
          ${terms.map(([id, { name, text }]) => {
            const choices = entries(CHOICES[id as Term] ?? {});
            return html`<dt>${name}</dt><dd>${text}${choices.map(([, choice]) => html`<br /><em>${choice.name}:</em> ${choice.text}`)}</dd>`;
          })}
        </dl>
      </div>
    </dialog>`;
  }

  override updated(): void {
    const dialog = this.querySelector("dialog")!;
    if (this.state.help && !dialog.open) dialog.showModal();
    else if (!this.state.help && dialog.open) dialog.close();
  }
}

customElements.define("help-dialog", HelpDialog);
