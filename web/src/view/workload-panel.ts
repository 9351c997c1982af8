import { html, nothing, type TemplateResult } from "lit";
import { variantName, variantsOf } from "../examples.ts";
import { elements, loadText, speedupOf, type WorkloadText } from "../gallery/text.ts";
import type { State } from "../state/state.ts";
import { app, workload as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { decimal } from "./format.ts";
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
      <div class="segments" role="group" aria-label=${words.variant}>
        ${variantsOf(workload).map((variant) => {
          const id = `${workload}/${variant}`;
          const speedup = text && speedupOf(text.figures, variant);
          return html`<button
            type="button"
            aria-pressed=${String(id === example)}
            data-tip=${speedup === null ? nothing : words.speedup}
            @click=${() => loadExample(this, id)}
          >${variantName(variant)}${speedup === null ? nothing : html` <span class="mono">${decimal(speedup, 1)}×</span>`}</button>`;
        })}
      </div>
      <details>
        <summary>${text === null ? words.about : words.aboutTitle(html`<span lang="en">${text.title}</span>`)}</summary>
        <div class="prose" tabindex="0" role="region" aria-label=${words.about} data-testid="workload-text">
          ${this.failed ? html`<p class="notice">${words.failed}</p>` : text ? html`<div lang="en">${this.#nodes}</div>` : html`<p class="quiet">${app.loading}</p>`}
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
