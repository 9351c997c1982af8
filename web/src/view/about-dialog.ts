import { html, nothing, type TemplateResult } from "lit";
import { loadAbout, type About, type Part } from "../about/about.ts";
import type { State } from "../state/state.ts";
import { about as words } from "../text/about.ts";
import { StoreElement } from "./element.ts";
import { integer } from "./format.ts";

/** What this is, of which version, how large, and whose work is in it under which licence. */
export class AboutDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, about: { state: true }, opened: { state: true } };
  declare about: About | "failed" | null;
  /** Parts whose licence somebody has opened: 200 texts at once are too many. */
  declare opened: ReadonlySet<Part>;

  constructor() {
    super();
    this.about = null;
    this.opened = new Set();
  }

  protected override watch({ engine }: State): readonly unknown[] {
    return [engine];
  }

  /** Opens it. */
  async show(): Promise<void> {
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    if (typeof this.about === "object" && this.about !== null) return;
    this.about = await loadAbout().catch(() => "failed" as const);
  }

  override render(): TemplateResult {
    const { about } = this;
    return html`<dialog class="about" aria-labelledby="about-title" data-testid="about">
      <header>
        <h2 id="about-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${words.close}</button></form>
      </header>
      <div class="body" tabindex="0" role="region" aria-labelledby="about-title">
        <p>${words.what}</p>
        ${about === null ? html`<p class="quiet">${words.loading}</p>` : about === "failed" ? html`<p class="notice" role="alert">${words.failed}</p>` : [this.#facts(about), this.#modules(about), this.#licences(about)]}
      </div>
    </dialog>`;
  }

  #facts({ version, commit, revm }: About): TemplateResult {
    const { engine } = this.state;
    return html`<dl>
      <dt>${words.version}</dt><dd data-testid="about-version">${version}</dd>
      <dt>${words.commit}</dt><dd class="mono" data-testid="about-commit">${commit === null ? words.noCommit : commit.changed ? words.changed(commit.id) : commit.id}</dd>
      <dt>${words.revm}</dt><dd data-testid="about-revm">${revm}</dd>
      ${engine === null ? nothing : html`<dt>${words.engine}</dt><dd>${words.moduleNames[engine.build] ?? engine.build}, ${engine.version}</dd>`}
    </dl>`;
  }

  #modules({ modules }: About): TemplateResult {
    return html`<h3>${words.modules}</h3>
      <table data-testid="about-modules">
        <thead><tr>${words.moduleColumns.map((head, at) => html`<th scope="col" class=${at > 0 ? "num" : ""}>${head}</th>`)}</tr></thead>
        <tbody>
          ${modules.map(({ name, bytes, gzip }) => html`<tr><th scope="row">${words.moduleNames[name] ?? name}</th><td class="num">${integer(bytes)}</td><td class="num">${integer(gzip)}</td></tr>`)}
        </tbody>
      </table>`;
  }

  #licences(about: About): TemplateResult {
    const kinds = (Object.keys(words.kinds) as Part["kind"][]).map((kind) => ({ kind, parts: about.parts.filter((part) => part.kind === kind) }));
    return html`<h3>${words.licences}</h3>
      <p class="quiet">${words.count(about.parts.length)}</p>
      ${kinds.map(({ kind, parts }) => html`<h4>${words.kinds[kind]}</h4>${parts.map((part) => this.#part(about, part))}`)}`;
  }

  #part({ texts }: About, part: Part): TemplateResult {
    const open = (event: Event): void => {
      if ((event.target as HTMLDetailsElement).open) this.opened = new Set([...this.opened, part]);
    };
    return html`<details @toggle=${open}>
      <summary><span>${part.name} <span class="mono">${part.version}</span></span> <span class="quiet">${part.licence}</span></summary>
      ${this.opened.has(part)
        ? html`${part.source === null ? nothing : html`<p>${words.source}: <a href=${part.source} rel="noreferrer" target="_blank">${part.source}</a></p>`}
            ${part.textAt === null ? nothing : html`<p><a href=${part.textAt} target="_blank">${words.textAt}</a></p>`}
            ${part.texts.length === 0 && part.textAt === null ? html`<p>${words.noText}</p>` : nothing}
            ${part.texts.map((at) => html`<pre tabindex="0">${texts[at]}</pre>`)}`
        : nothing}
    </details>`;
  }
}

customElements.define("about-dialog", AboutDialog);
