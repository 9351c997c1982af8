import { html, nothing, type TemplateResult } from "lit";
import type { Diagnostic } from "../engine/types.ts";
import type { ExportFormat, NamedText } from "../intake/protocol.ts";
import type { IntakeSession } from "../intake/session.ts";
import type { FileRead } from "../intake/types.ts";
import { nodesAllowed } from "../node/consent.ts";
import type { NodeSession } from "../node/session.ts";
import type { State } from "../state/state.ts";
import { intake as words } from "../text/intake.ts";
import { app, controls, editor } from "../text/page.ts";
import { entries } from "./choices.ts";
import { StoreElement } from "./element.ts";
import { saveFile } from "./save-file.ts";

/** How many problems of one file are listed. */
const LISTED = 50;

/** From how many characters on a paste is taken as a file: a text field is slow with long texts. */
const LONG = 100_000;

/** Opens what other tools have written, several texts together, and saves the scenario for them. */
export class IntakeDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, intake: { attribute: false }, node: { state: true } };
  declare intake: IntakeSession;
  /** What asks nodes, once somebody has wanted it; `"failed"` if it did not load. */
  declare node: NodeSession | "failed" | null;

  constructor() {
    super();
    this.node = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.intake];
  }

  override render(): TemplateResult {
    const { texts, reading, refused } = this.state.intake;
    const read = reading.kind === "done" ? reading.read : null;
    return html`<dialog class="intake" aria-labelledby="intake-title" data-testid="intake" @close=${() => this.#change({ open: false })}>
      <header>
        <h2 id="intake-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${app.close}</button></form>
      </header>
      <div class="body" tabindex="0" role="region" aria-labelledby="intake-title">
        <section aria-labelledby="intake-open">
          <h3 id="intake-open">${words.open}</h3>
          <p class="quiet">${words.formats}</p>
          <div class="add">
            <label>${words.files} <input type="file" multiple data-testid="intake-files" @change=${this.#chosen} /></label>
            <label class="paste">${words.text}
              <textarea class="mono" rows="2" spellcheck="false" autocomplete="off" autocapitalize="off" data-testid="intake-text" @paste=${this.#pasted}></textarea>
            </label>
            <button type="button" data-testid="add-text" @click=${this.#addTyped}>${words.addText}</button>
          </div>
          ${refused.length === 0 ? nothing : html`<ul class="refused" role="alert">${refused.map((sentence) => html`<li class="notice">${sentence}</li>`)}</ul>`}
          ${texts.length === 0 ? nothing : html`<ol class="taken" data-testid="taken">${texts.map((text, index) => this.#text(text, index, read?.files[index]))}</ol>`}
          <div class="outcome" role="status" data-testid="outcome">${this.#outcome()}</div>
          ${texts.length === 0
            ? nothing
            : html`<button type="button" class="primary" data-testid="use" ?disabled=${!read || read.scenario === null} @click=${() => this.intake.use()}>${words.replace}</button>`}
        </section>
        ${nodesAllowed() ? this.#fromNode() : nothing}
        <section aria-labelledby="intake-save">
          <h3 id="intake-save">${words.save}</h3>
          <div class="save">
            <button type="button" @click=${() => this.#saveScenario()}>${words.scenario} <span class="quiet">${words.asTyped}</span></button>
            ${entries(words.exports).map(
              ([as, { name, about }]) => html`<button type="button" ?disabled=${this.state.intake.saved.kind === "working"} @click=${() => void this.#save(as)}>${name} <span class="quiet">${about}</span></button>`,
            )}
          </div>
          <div class="outcome" role="status" data-testid="saved">${this.#saved()}</div>
        </section>
      </div>
    </dialog>`;
  }

  override updated(): void {
    const dialog = this.querySelector("dialog");
    const { open } = this.state.intake;
    if (!dialog || open === dialog.open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }

  #text({ name, text }: NamedText, index: number, read: FileRead | undefined): TemplateResult {
    const what = read ? (read.description ?? words.notRecognised) : "";
    return html`<li>
      <div class="head">
        <strong>${name}</strong>
        <span lang=${read?.description ? "en" : nothing}>${what}</span>
        <span class="quiet">${words.characters(text.length)}</span>
        <button type="button" aria-label=${words.removeThis(name)} @click=${() => void this.intake.remove(index)}>${words.remove}</button>
      </div>
      ${read && read.diagnostics.length > 0
        ? html`<ul class="problems">
            ${read.diagnostics.slice(0, LISTED).map((one) => problem(one))}
            ${read.diagnostics.length > LISTED ? html`<li class="quiet">${words.moreProblems(read.diagnostics.length - LISTED)}</li>` : nothing}
          </ul>`
        : nothing}
    </li>`;
  }

  #fromNode(): TemplateResult {
    const { node } = this;
    return html`<section aria-labelledby="intake-node">
      <h3 id="intake-node">${words.fromNode}</h3>
      ${node === null || node === "failed"
        ? html`<button type="button" data-testid="open-node" @click=${() => void this.#loadNode()}>${words.fromNodeButton}</button>
            ${node === "failed" ? html`<p class="notice" role="alert">${words.nodeNotLoaded}</p>` : nothing}`
        : html`<node-panel .store=${this.store} .node=${node} @take=${(event: CustomEvent<string>) => this.intake.take(event.detail)}></node-panel>`}
    </section>`;
  }

  async #loadNode(): Promise<void> {
    try {
      const [{ NodeSession }] = await Promise.all([import("../node/session.ts"), import("./node-panel.ts")]);
      this.node = new NodeSession(this.store);
    } catch {
      this.node = "failed";
    }
  }

  #outcome(): TemplateResult | typeof nothing {
    const { reading } = this.state.intake;
    switch (reading.kind) {
      case "none":
        return nothing;
      case "working":
        return html`<p>${words.reading} <button type="button" @click=${() => this.intake.cancel()}>${controls.cancel}</button></p>`;
      case "failed":
        return html`<p class="notice">${reading.message} <button type="button" @click=${() => void this.intake.retry()}>${app.tryAgain}</button></p>`;
      case "done":
        return html`${reading.read.notes.map((note) => html`<p lang="en">${note}</p>`)}
          <p>${reading.read.scenario === null ? words.notYet : words.ready}</p>`;
    }
  }

  #saved(): TemplateResult | typeof nothing {
    const { saved } = this.state.intake;
    switch (saved.kind) {
      case "none":
        return nothing;
      case "working":
        return html`<p>${words.writing} <button type="button" @click=${() => this.intake.cancel()}>${controls.cancel}</button></p>`;
      case "failed":
        return html`<p class="notice">${words.notSaved(html`<span lang="en">${saved.message}</span>`)}</p>`;
      case "done":
        return html`<p>${saved.leftOut.length === 0 ? words.savedAll(saved.file) : words.savedWithout(saved.file, saved.leftOut.length)}</p>
          ${saved.leftOut.length === 0 ? nothing : html`<ul class="problems">${saved.leftOut.slice(0, LISTED).map((sentence) => html`<li lang="en">${sentence}</li>`)}</ul>`}`;
    }
  }

  #chosen = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const files = [...(field.files ?? [])];
    // The same file can be chosen again when it has changed.
    field.value = "";
    if (files.length > 0) void this.intake.addFiles(files);
  };

  #pasted = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length < LONG) return;
    event.preventDefault();
    this.#add(text);
  };

  #addTyped = (): void => {
    const field = this.querySelector<HTMLTextAreaElement>("textarea");
    if (!field || field.value.trim() === "") return;
    this.#add(field.value);
    field.value = "";
  };

  #add(text: string): void {
    const { texts } = this.state.intake;
    let number = 1;
    while (texts.some(({ name }) => name === words.pasted(number))) number++;
    void this.intake.addText({ name: words.pasted(number), text });
  }

  #saveScenario(): void {
    const { text } = this.state;
    saveFile("scenario.jsonc", text);
    this.#change({ saved: { kind: "done", file: "scenario.jsonc", leftOut: [] } });
  }

  async #save(as: ExportFormat): Promise<void> {
    const file = await this.intake.save(as);
    if (file) saveFile(file.name, file.text);
  }

  #change(change: Partial<State["intake"]>): void {
    this.store.dispatch({ type: "intake", change });
  }
}

function problem({ severity, line, column, message, hint }: Diagnostic): TemplateResult {
  return html`<li class=${severity}>
    <span class="mono place">${line}:${column}</span> <span class="kind">${editor.severities[severity]}</span> <span lang="en">${message}${hint ? html`; <em>${hint}</em>` : nothing}</span>
  </li>`;
}

customElements.define("intake-dialog", IntakeDialog);
