import { html, nothing, type TemplateResult } from "lit";
import type { Diagnostic } from "../engine/types.ts";
import type { State } from "../state/state.ts";
import { editor as words } from "../text/page.ts";
import type { Editor } from "./codemirror.ts";
import { StoreElement } from "./element.ts";
import { scenarioUndoing, undoneByKey, undoneByMenu } from "./undoing.ts";

/**
 * The scenario's text. A plain text field until the editor has been loaded, and for good if it cannot be; what is typed
 * into either is in the store with every keystroke. Emits `run` on Ctrl+Enter, `pasted` when a paste has become the whole text,
 * and `convert` to make a scenario of what another tool has written.
 */
export class ScenarioEditor extends StoreElement {
  static override properties = { ...StoreElement.properties, rich: { state: true } };
  declare rich: boolean;
  #editor: Editor | null = null;
  #loading = false;
  /** On its way from the clipboard into the text. */
  #pasted: string | null = null;
  #shown: readonly Diagnostic[] | null = null;

  constructor() {
    super();
    this.rich = false;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.text, state.checked, state.source, state.intake.foreign];
  }

  override render(): TemplateResult {
    const { text, checked } = this.state;
    const diagnostics = checked?.diagnostics ?? [];
    const errors = diagnostics.filter((d) => d.severity === "error").length;
    return html`<div class="editor" @paste=${this.#paste}>
        ${this.rich
          ? html`<div class="rich" data-testid="editor"></div>`
          : html`<textarea
              class="mono"
              aria-label=${words.label}
              data-testid="editor"
              spellcheck="false"
              autocapitalize="off"
              autocomplete="off"
              .value=${text}
              @input=${(e: Event) => this.#typed((e.target as HTMLTextAreaElement).value)}
              @keydown=${this.#key}
              @beforeinput=${(e: InputEvent) => undoneByMenu(e, scenarioUndoing(this.store))}
            ></textarea>`}
      </div>
      ${this.#foreign()}
      <div class="diagnostics" role="status" data-testid="diagnostics">
        ${diagnostics.length === 0
          ? html`<p class="quiet">${checked ? words.noProblems(checked.rows.length) : words.reading}</p>`
          : html`<p class="sr">${words.found(errors, diagnostics.length - errors)}</p>
              <ul>
                ${diagnostics.slice(0, 100).map(
                  (d) => html`<li class=${d.severity}>
                    <button type="button" @click=${() => this.#goTo(d)}>
                      <span class="mono place">${d.line}:${d.column}</span>
                      <span class="kind">${words.severities[d.severity]}</span>
                      <span lang="en">${d.message}${d.hint ? html`; <em>${d.hint}</em>` : nothing}</span>
                    </button>
                  </li>`,
                )}
              </ul>`}
      </div>`;
  }

  override updated(): void {
    const { text, checked, source } = this.state;
    if (source === "json" && !this.#loading) void this.#load();
    if (!this.#editor) return;
    this.#editor.setText(text);
    const diagnostics = checked?.diagnostics ?? [];
    if (diagnostics !== this.#shown) {
      this.#shown = diagnostics;
      this.#editor.setDiagnostics(diagnostics);
    }
  }

  /** Gives the focus to whichever of the two editors is there. */
  takeFocus(): void {
    if (this.#editor) this.#editor.focus();
    else this.querySelector("textarea")?.focus();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    let module: typeof import("./codemirror.ts");
    try {
      module = await import("./codemirror.ts");
    } catch {
      // The text field stays, and does everything but colours.
      return;
    }
    const field = this.querySelector("textarea");
    const start = {
      text: this.state.text,
      selection: [field?.selectionStart ?? 0, field?.selectionEnd ?? 0] as const,
      focused: field !== null && field === document.activeElement,
      undoing: scenarioUndoing(this.store),
    };
    this.rich = true;
    await this.updateComplete;
    const host = this.querySelector<HTMLElement>(".rich");
    if (!host) return;
    this.#editor = module.createEditor(host, start, (text) => this.#typed(text), () => this.#run());
    this.requestUpdate();
  }

  #foreign(): TemplateResult | typeof nothing {
    const { text, intake } = this.state;
    if (intake.foreign?.text !== text) return nothing;
    const { files, scenario } = intake.foreign.read;
    const [{ description, diagnostics }] = files;
    const lacking = scenario === null ? diagnostics.find(({ severity }) => severity === "error") : undefined;
    const what = html`<span lang="en">${description}</span>`;
    return html`<div class="foreign" role="status" data-testid="foreign">
      <p>${lacking
        ? words.foreignLacking(what, html`<span lang="en">${lacking.message}${lacking.hint ? html`; <em>${lacking.hint}</em>` : nothing}</span>`)
        : words.foreign(what)}</p>
      <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("convert", { bubbles: true }))}>${scenario === null ? words.complete : words.convert}</button>
    </div>`;
  }

  #typed(text: string): void {
    const pasted = this.#pasted;
    this.#pasted = null;
    // What was pasted is a step of its own.
    this.store.dispatch({ type: "typed", text, ...(pasted === null ? { stroke: { place: "editor", at: performance.now() } } : {}) });
    if (pasted !== null && plain(pasted) === plain(text)) this.dispatchEvent(new CustomEvent("pasted", { bubbles: true, detail: text }));
  }

  /** Before whichever of the two editors takes it. */
  #paste = {
    capture: true,
    handleEvent: (event: ClipboardEvent): void => {
      this.#pasted = event.clipboardData?.getData("text/plain") || null;
    },
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#run();
    } else undoneByKey(event, scenarioUndoing(this.store));
  };

  #run(): void {
    this.dispatchEvent(new CustomEvent("run", { bubbles: true }));
  }

  #goTo(diagnostic: Diagnostic): void {
    if (this.#editor) return this.#editor.goTo(diagnostic.line, diagnostic.column);
    const field = this.querySelector("textarea");
    if (!field) return;
    const before = field.value.split("\n").slice(0, diagnostic.line - 1);
    const at = before.reduce((sum, line) => sum + line.length + 1, 0) + diagnostic.column - 1;
    field.focus();
    field.setSelectionRange(at, at);
  }
}

/** Editors have ends of lines of their own. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}

customElements.define("scenario-editor", ScenarioEditor);
