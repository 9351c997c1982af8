import { html, LitElement, nothing, type TemplateResult } from "lit";
import { message } from "../engine/errors.ts";
import { forget, held, keep, registration, type Obstacle } from "../offline/client.ts";
import type { Group } from "../offline/files.ts";
import type { Held } from "../offline/protocol.ts";
import { offline as words } from "../text/offline.ts";

type Seen = { readonly held: Held } | { readonly obstacle: Obstacle } | "loading" | "forgotten";

/** What is kept on this device, and what else may be. */
export class OfflinePanel extends LitElement {
  static override properties = { seen: { state: true }, busy: { state: true }, problem: { state: true } };
  declare seen: Seen;
  declare busy: boolean;
  declare problem: string;

  constructor() {
    super();
    this.seen = "loading";
    this.busy = false;
    this.problem = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#do(async () => {
      const there = await registration();
      return typeof there === "string" ? { obstacle: there } : { held: await held() };
    });
  }

  override render(): TemplateResult {
    return html`<h3>${words.title}</h3>
      <div aria-live="polite" data-testid="offline">
        ${this.#what()}${this.problem === "" ? nothing : html`<p class="problem">${words.failed(this.problem)}</p>`}
      </div>`;
  }

  #what(): TemplateResult {
    const { seen } = this;
    if (seen === "loading") return html`<p>${words.loading}</p>`;
    if (seen === "forgotten") return html`<p>${words.forgotten}</p>`;
    if ("obstacle" in seen) return html`<p>${words.impossible(seen.obstacle)}</p>`;
    const { compiler } = seen.held;
    const executor: Group = crossOriginIsolated ? "threads" : "single";
    const needed = { all: seen.held.page.all + seen.held[executor].all, kept: seen.held.page.kept + seen.held[executor].kept };
    const whole = needed.kept === needed.all;
    return html`<p>${whole ? words.page(megabytes(needed.all)) : words.pageMissing(megabytes(needed.kept), megabytes(needed.all))}</p>
      <p>${compiler.kept === compiler.all ? words.compiler(megabytes(compiler.all)) : words.compilerMissing(megabytes(compiler.all))}</p>
      <p class="actions">
        ${whole ? nothing : this.#button(words.keepPage, () => this.#keep(["page", executor]))}
        ${compiler.kept === compiler.all ? nothing : this.#button(words.keepCompiler, () => this.#keep(["compiler"]))}
        ${this.#button(words.forget, async () => {
          await forget();
          return "forgotten";
        })}
        ${this.busy ? html`<span>${words.keeping}</span>` : nothing}
      </p>`;
  }

  #button(name: string, action: () => Promise<Seen>): TemplateResult {
    return html`<button type="button" ?disabled=${this.busy} @click=${() => void this.#do(action)}>${name}</button>`;
  }

  async #keep(groups: readonly Group[]): Promise<Seen> {
    return { held: await keep(groups) };
  }

  async #do(action: () => Promise<Seen>): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      this.seen = await action();
    } catch (error) {
      this.problem = message(error);
    } finally {
      this.busy = false;
    }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

customElements.define("offline-panel", OfflinePanel);
