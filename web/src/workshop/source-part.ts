import { solidity } from "@replit/codemirror-lang-solidity";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { CompilerClient, CompilerError, SOLC, TIME_LIMIT, type Progress } from "../compiler/client.ts";
import type { Finding, Language, SourceFile } from "../compiler/protocol.ts";
import type { Diagnostic } from "../engine/types.ts";
import type { State } from "../state/state.ts";
import { whileShown, type Compiled } from "../state/workshop.ts";
import { workshop as words } from "../text/workshop.ts";
import { controls, editor } from "../text/page.ts";
import { createEditor, type Editor } from "../view/codemirror.ts";
import { StoreElement } from "../view/element.ts";
import { decimal } from "../view/format.ts";
import "./deploy-form.ts";
import { readWorld, type World } from "./edit.ts";
import { STARTERS } from "./starters.ts";

/** Source files, the compiler, what it says, and what can be deployed of it. */
export class SourcePart extends StoreElement {
  /** Milliseconds for one compilation; tests have less patience. */
  limit = TIME_LIMIT;
  #compiler = new CompilerClient();
  #editor: Editor | null = null;
  /** What the editor was made for. */
  #host: Element | null = null;
  #marked: unknown = null;

  protected override watch(state: State): readonly unknown[] {
    const { workshop } = state;
    return whileShown(state, state.text, workshop.files, workshop.aside, workshop.shown, workshop.language, workshop.optimize, workshop.compiled);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#compiler.cancel();
  }

  override render(): TemplateResult {
    const { language, optimize, compiled } = this.state.workshop;
    const files = this.#files();
    const shown = this.#shown(files);
    const working = compiled.kind === "working";
    return html`
      <div class="files" role="group" aria-label=${words.files}>
        ${files.map(
          ({ name }, i) => html`<button type="button" aria-pressed=${String(i === shown)} @click=${() => this.#change({ shown: i })}>${name}</button>`,
        )}
        <button type="button" aria-label=${words.addFile} data-tip=${words.addFile} @click=${() => this.#add(files)}>+</button>
      </div>
      <div class="file">
        <label><span class="sr">${words.fileName}</span><input class="mono" required maxlength="200" autocomplete="off" .value=${files[shown].name} @change=${(e: Event) => this.#rename(files, shown, e.target as HTMLInputElement)} /></label>
        ${files.length > 1 ? html`<button type="button" @click=${() => this.#remove(files, shown)}>${words.remove}</button>` : nothing}
        <span class="space"></span>
        <label><span class="sr">${words.language}</span><select @change=${(e: Event) => this.#language((e.target as HTMLSelectElement).value as Language)}>
          ${(["Solidity", "Yul"] as const).map((name) => html`<option value=${name} .selected=${name === language}>${name}</option>`)}
        </select></label>
      </div>
      ${this.#whose(files)}
      ${keyed(`${language}/${shown}/${files.length}`, html`<div class="rich" data-testid="source-editor"></div>`)}
      <div class="compile">
        ${working
          ? html`<button type="button" @click=${() => this.#compiler.cancel()}>${controls.cancel}</button>`
          : html`<button type="button" class="primary" @click=${() => void this.#compile()}>${words.compile}</button>`}
        <label class="choice"><input type="checkbox" .checked=${optimize} @change=${(e: Event) => this.#change({ optimize: (e.target as HTMLInputElement).checked })} /> ${words.optimise}</label>
        <span class="quiet">solc ${SOLC}</span>
      </div>
      ${this.#outcome(compiled, files)}
    `;
  }

  override updated(): void {
    const host = this.querySelector(".rich");
    const files = this.#files();
    const { text, name } = files[this.#shown(files)];
    if (host && host !== this.#host) {
      this.#host = host;
      this.#marked = null;
      const start = { text, selection: [0, 0] as const, focused: false, language: solidity, label: words.sourceOf(name) };
      this.#editor = createEditor(host as HTMLElement, start, (typed) => this.#typed(typed), () => void this.#compile());
    }
    this.#editor?.setText(text);
    const { compiled } = this.state.workshop;
    if (this.#marked !== compiled) {
      this.#marked = compiled;
      const findings = compiled.kind === "done" ? compiled.compilation.findings : [];
      this.#editor?.setDiagnostics(findings.filter((finding) => finding.file === name).map(diagnostic));
    }
  }

  /** Another scenario may have been loaded, with files of its own. */
  #whose(files: readonly SourceFile[]): TemplateResult | typeof nothing {
    const { files: typed, aside } = this.state.workshop;
    if (aside !== null) {
      return html`<p class="quiet">${words.scenarioFiles} <button type="button" class="link" @click=${() => this.#change({ files: aside, aside: null, shown: 0 })}>${words.backToMine}</button></p>`;
    }
    const { sources } = this.#scenario();
    const same = sources.length === files.length && sources.every(({ name, text }, i) => name === files[i].name && text === files[i].text);
    if (typed === null || sources.length === 0 || same) return nothing;
    return html`<p class="quiet">${words.otherFiles} <button type="button" class="link" @click=${() => this.#change({ files: null, aside: typed, shown: 0 })}>${words.showThem}</button></p>`;
  }

  #outcome(compiled: Compiled, files: readonly SourceFile[]): TemplateResult {
    switch (compiled.kind) {
      case "none":
        return html`<p class="quiet">${words.onDemand}</p>`;
      case "working":
        return html`<p role="status" data-testid="compiling">${compiled.words}</p>`;
      case "failed":
        return html`<p class="notice error" role="alert" data-testid="compiler-failed">${compiled.message}</p>`;
      case "done": {
        const { findings, contracts } = compiled.compilation;
        const deployable = Object.entries(contracts).filter(([, contract]) => contract.bytecode !== undefined);
        const errors = findings.filter(({ severity }) => severity === "error").length;
        return html`
          ${compiled.of === files ? nothing : html`<p class="quiet">${words.changedSince}</p>`}
          <div class="diagnostics" role="status" data-testid="findings">
            ${findings.length === 0
              ? html`<p class="quiet">${words.noProblems}</p>`
              : html`<p class="sr">${editor.found(errors, findings.length - errors)}</p>
                  <ul>${findings.slice(0, 100).map((finding) => this.#finding(finding, files))}</ul>`}
          </div>
          ${errors === 0 && deployable.length === 0 ? html`<p class="quiet">${words.nothingToDeploy}</p>` : nothing}
          ${deployable.map(([name, { bytecode = "" }]) => {
            const bytes = (bytecode.length - 2) / 2;
            const unlinked = bytecode.includes("__$");
            return html`<details class="deployable" ?open=${deployable.length === 1}>
              <summary><strong>${name}</strong> <span class="quiet">${words.bytes(bytes)}</span></summary>
              ${unlinked
                ? html`<p class="notice error">${words.unlinked}</p>`
                : html`<deploy-form .store=${this.store} .name=${name} .contracts=${linked(contracts)} .sources=${compiled.of}></deploy-form>`}
            </details>`;
          })}`;
      }
    }
  }

  #finding(finding: Finding, files: readonly SourceFile[]): TemplateResult {
    const { severity, kind, message, file, line, column } = finding;
    return html`<li class=${severity}>
      <button type="button" @click=${() => this.#goTo(finding, files)}>
        <span class="mono place">${file === undefined ? nothing : html`${files.length > 1 || !files.some(({ name }) => name === file) ? `${file}:` : nothing}${line}:${column}`}</span>
        <span class="kind">${words.severities[severity] ?? severity}</span>
        <span lang="en">${kind}: ${message}</span>
      </button>
    </li>`;
  }

  async #compile(): Promise<void> {
    const files = this.#files();
    const { language, optimize } = this.state.workshop;
    const say = (compiled: Compiled): void => this.#change({ compiled });
    say({ kind: "working", words: words.loadingCompiler });
    try {
      const onProgress = (progress: Progress): void => say({ kind: "working", words: said(progress) });
      const compilation = await this.#compiler.compile(language, files, { optimize, limit: this.limit, onProgress });
      say({ kind: "done", compilation, of: files });
    } catch (error) {
      say({ kind: "failed", message: error instanceof CompilerError ? error.message : String(error) });
    }
  }

  /** Those that were typed, else the scenario's, else an example. Made only when asked for, so that they stay the same. */
  #files(): readonly SourceFile[] {
    const { files, language } = this.state.workshop;
    if (files !== null && files.length > 0) return files;
    const { text } = this.state;
    if (this.#offered?.text !== text || this.#offered.language !== language) {
      const { sources } = this.#scenario();
      this.#offered = { text, language, files: sources.length > 0 ? sources : [STARTERS[language]] };
    }
    return this.#offered.files;
  }
  #offered: { text: string; language: Language; files: readonly SourceFile[] } | null = null;

  /** What the scenario says, read again only when its text has changed. */
  #scenario(): World {
    const { text } = this.state;
    if (this.#read?.text !== text) this.#read = { text, world: readWorld(text) };
    return this.#read.world;
  }
  #read: { text: string; world: World } | null = null;

  #shown(files: readonly SourceFile[]): number {
    return Math.min(this.state.workshop.shown, files.length - 1);
  }

  #change(change: Partial<State["workshop"]>): void {
    this.store.dispatch({ type: "workshop", change });
  }

  #typed(text: string): void {
    const files = this.#files();
    const shown = this.#shown(files);
    this.#change({ files: files.map((file, i) => (i === shown ? { ...file, text } : file)) });
  }

  #language(language: Language): void {
    const { files } = this.state.workshop;
    // What is not yet somebody's own text gives way to an example in the language.
    const untouched = files === null || (files.length === 1 && Object.values(STARTERS).some(({ text }) => text === files[0].text));
    this.#change({ language, compiled: { kind: "none" }, ...(untouched ? { files: [STARTERS[language]], shown: 0 } : {}) });
  }

  #add(files: readonly SourceFile[]): void {
    const taken = new Set(files.map(({ name }) => name));
    let n = files.length + 1;
    while (taken.has(`File${n}.sol`)) n++;
    this.#change({ files: [...files, { name: `File${n}.sol`, text: "" }], shown: files.length });
  }

  #remove(files: readonly SourceFile[], index: number): void {
    this.#change({ files: files.filter((_, i) => i !== index), shown: Math.max(0, index - 1) });
  }

  #rename(files: readonly SourceFile[], index: number, field: HTMLInputElement): void {
    const name = field.value.trim();
    if (name === "" || files.some((file, i) => i !== index && file.name === name)) {
      field.value = files[index].name;
      return;
    }
    this.#change({ files: files.map((file, i) => (i === index ? { ...file, name } : file)) });
  }

  #goTo({ file, line, column }: Finding, files: readonly SourceFile[]): void {
    const index = files.findIndex(({ name }) => name === file);
    if (index < 0) return;
    this.#change({ shown: index });
    void this.updateComplete.then(() => this.#editor?.goTo(line, column));
  }
}

/** What goes into a scenario: what can be deployed there. */
function linked<T extends { bytecode?: string }>(contracts: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(contracts).filter(([, { bytecode }]) => bytecode !== undefined && !bytecode.includes("__$")));
}

function diagnostic({ severity, kind, message, line, column, endLine, endColumn }: Finding): Diagnostic {
  return { severity: severity === "error" ? "error" : "warning", line, column, endLine, endColumn, path: "", message: `${kind}: ${message}`, hint: null };
}

function said(progress: Progress): string {
  if (progress.type === "compiling") return words.compiling;
  const megabytes = (bytes: number): string => decimal(bytes / 1e6, 1);
  return words.loadingOf(words.loading[progress.what], megabytes(progress.loaded), progress.total === null ? null : megabytes(progress.total));
}

customElements.define("source-part", SourcePart);
