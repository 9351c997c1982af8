import { html, LitElement, nothing, type TemplateResult } from "lit";
import { variantName } from "../examples.ts";
import type { Listed, ListedGroup } from "../gallery/list.ts";
import { speedupOf } from "../gallery/text.ts";
import { app, gallery as words } from "../text/page.ts";
import { decimal } from "./format.ts";

/** Asks the page to load an example. */
export function loadExample(from: HTMLElement, id: string): void {
  from.dispatchEvent(new CustomEvent("load-example", { bubbles: true, detail: id }));
}

/** The gallery: every workload, by group, with a search. Emits `load-example`. */
export class GalleryDialog extends LitElement {
  static override properties = { query: { state: true }, list: { state: true } };
  declare query: string;
  declare list: typeof import("../gallery/list.ts") | "failed" | null;

  constructor() {
    super();
    this.query = "";
    this.list = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Opens it. */
  async show(): Promise<void> {
    this.querySelector("dialog")?.showModal();
    if (typeof this.list === "object" && this.list !== null) return;
    try {
      this.list = await import("../gallery/list.ts");
    } catch {
      this.list = "failed";
    }
  }

  override render(): TemplateResult {
    return html`<dialog class="gallery" aria-labelledby="gallery-title" data-testid="gallery">
      <header>
        <h2 id="gallery-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${app.close}</button></form>
      </header>
      <div class="search">
        <label for="gallery-search">${words.find}</label>
        <input id="gallery-search" type="search" autocomplete="off" .value=${this.query} @input=${(e: Event) => (this.query = (e.target as HTMLInputElement).value)} />
      </div>
      <div class="body" tabindex="0" role="region" aria-labelledby="gallery-title">${this.#body()}</div>
    </dialog>`;
  }

  #body(): TemplateResult {
    if (this.list === null) return html`<p class="quiet">${app.loading}</p>`;
    if (this.list === "failed") return html`<p class="notice">${words.failed}</p>`;
    const groups = this.list.find(this.query);
    const found = groups.reduce((sum, group) => sum + group.workloads.length, 0);
    return html`<p class="quiet" role="status">${words.found(found)}</p>
      ${groups.map((group) => this.#group(group))}`;
  }

  #group({ title, workloads }: ListedGroup): TemplateResult {
    return html`<h3 lang="en">${title}</h3>
      <ul class="workloads">${workloads.map((workload) => this.#workload(workload))}</ul>`;
  }

  #workload({ folder, title, about, variants, figures }: Listed): TemplateResult {
    return html`<li>
      <strong lang="en">${title}</strong>
      <p lang="en">${about}</p>
      <div class="variants">
        ${variants.map((variant) => {
          const speedup = speedupOf(figures, variant);
          return html`<button type="button" @click=${() => this.#open(`${folder}/${variant}`)}>
            <span class="sr" lang="en">${title}: </span>${variantName(variant)}${speedup === null ? nothing : html` <span class="mono">${decimal(speedup, 1)}×</span>`}
          </button>`;
        })}
      </div>
    </li>`;
  }

  #open(id: string): void {
    this.querySelector("dialog")?.close();
    loadExample(this, id);
  }
}

customElements.define("gallery-dialog", GalleryDialog);
