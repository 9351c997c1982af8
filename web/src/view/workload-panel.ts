import { html, nothing, type TemplateResult } from "lit";
import { variantName, variantsOf } from "../examples.ts";
import { elements, loadText, speedupOf, type WorkloadText } from "../gallery/text.ts";
import type { State } from "../state/state.ts";
import { StoreElement } from "./element.ts";
import { loadExample } from "./gallery-dialog.ts";

/** The workload that the scenario is of: a switch between its variants, and its page of text. Emits `load-example`. */
export class WorkloadPanel extends StoreElement {
  static override properties = { ...StoreElement.properties, text: { state: true }, failed: { state: true } };
  declare text: WorkloadText | null;
  declare failed: boolean;
  #folder: string | null = null;
  #nodes: Node[] = [];

  constructor() {
    super();
    this.text = null;
    this.failed = false;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.workload, state.example];
  }

  override render(): TemplateResult | typeof nothing {
    const { workload, example } = this.state;
    if (workload === null) return nothing;
    if (workload !== this.#folder) void this.#load(workload);
    const text = this.#folder === workload ? this.text : null;
    return html`<div class="workload" data-testid="workload">
      <div class="segments" role="group" aria-label="Variant">
        ${variantsOf(workload).map((variant) => {
          const id = `${workload}/${variant}`;
          const speedup = text && speedupOf(text.figures, variant);
          return html`<button
            type="button"
            aria-pressed=${String(id === example)}
            data-tip=${speedup === null ? nothing : `Speedup at 8 workers under the ladder, virtual time`}
            @click=${() => loadExample(this, id)}
          >${variantName(variant)}${speedup === null ? nothing : html` <span class="mono">${speedup.toFixed(1)}×</span>`}</button>`;
        })}
      </div>
      <details>
        <summary>${text === null ? "About this workload" : `About: ${text.title}`}</summary>
        <div class="prose" tabindex="0" role="region" aria-label="About this workload" data-testid="workload-text">
          ${this.failed ? html`<p class="notice">The text could not be loaded. Reload the page to try again.</p>` : text ? this.#nodes : html`<p class="quiet">Loading…</p>`}
        </div>
      </details>
    </div>`;
  }

  async #load(folder: string): Promise<void> {
    this.#folder = folder;
    this.text = null;
    this.failed = false;
    try {
      const text = await loadText(folder);
      if (folder !== this.#folder) return;
      this.#nodes = elements(text.body);
      this.text = text;
    } catch {
      if (folder === this.#folder) this.failed = true;
    }
  }
}

customElements.define("workload-panel", WorkloadPanel);
