import { html, nothing, type TemplateResult } from "lit";
import type { Commanded, Dialog } from "../commands/command.ts";
import { exampleGroups } from "../examples.ts";
import type { Session } from "../session.ts";
import type { Detail, State, Theme } from "../state/state.ts";
import type { DraftSession } from "../drafts/session.ts";
import { frame } from "../text/frame.ts";
import { app as words } from "../text/page.ts";
import { entries } from "./choices.ts";
import { StoreElement } from "./element.ts";
import type { GalleryDialog } from "./gallery-dialog.ts";
import type { ExportEntry } from "./export-entry.ts";
import "./export-entry.ts";
import "./graph-view.ts";
import type { LessonSession } from "../lessons/session.ts";
import type { IntakeEntry } from "./intake-entry.ts";
import "./intake-entry.ts";
import "./knob-sliders.ts";
import "./lanes-view.ts";
import "./opened-report.ts";
import type { Picture } from "./picture.ts";
import "./replay-bar.ts";
import "./result-tables.ts";
import "./run-controls.ts";
import type { ScenarioEditor } from "./scenario-editor.ts";
import "./scenario-editor.ts";
import "./scenario-tools.ts";
import type { ShareEntry } from "./share-entry.ts";
import "./share-entry.ts";
import "./speedup-chart.ts";
import "./strategy-comparison.ts";
import { installTooltips } from "./term.ts";
import "./transaction-detail.ts";
import "./transaction-table.ts";
import "./verdict-strip.ts";
import "./what-if-panel.ts";
import "./workload-panel.ts";

const THEMES: Readonly<Record<Theme, { next: Theme; icon: string }>> = {
  system: { next: "light", icon: "◐" },
  light: { next: "dark", icon: "○" },
  dark: { next: "system", icon: "●" },
};

/** What has the focus once somebody has gone to a part. */
const PLACES: Readonly<Record<Parameters<Commanded["goTo"]>[0], string>> = {
  transactions: "transaction-table tr[tabindex='0']",
  json: "scenario-editor",
  contract: ".contract",
  setup: "#strategy",
  verdict: "section.verdict",
  graph: "graph-view :is(.picture, tr[tabindex='0'])",
  lanes: "lanes-view :is(.picture, tr[tabindex='0'])",
  details: ".figures .segments [aria-pressed='true']",
};

const LAZY_TABS = {
  contract: () => import("../workshop/contract-tab.ts"),
  memory: () => import("./memory-panel.ts"),
  opcodes: () => import("./opcode-panel.ts"),
  runs: () => import("./pair-panel.ts"),
};
type LazyTab = keyof typeof LAZY_TABS;
/** Dialogs that few open: their elements are loaded then. */
const LAZY_DIALOGS = {
  palette: async (page: AppPage) => Object.assign(new (await import("./command-palette.ts")).CommandPalette(), { page }),
  help: async (page: AppPage) => Object.assign(new (await import("./help-dialog.ts")).HelpDialog(), { page }),
  embed: async () => new (await import("./embed-dialog.ts")).EmbedDialog(),
  about: async () => new (await import("./about-dialog.ts")).AboutDialog(),
  drafts: async (page: AppPage) => Object.assign(new (await import("./drafts-dialog.ts")).DraftsDialog(), { drafts: await page.startDrafts() }),
};
type LazyDialog = keyof typeof LAZY_DIALOGS;

/** The whole page. */
export class AppPage extends StoreElement implements Commanded {
  static override properties = { ...StoreElement.properties, session: { attribute: false }, tabs: { state: true }, lessons: { state: true }, missing: { state: true }, drafts: { state: true } };
  declare session: Session;
  /** Loaded with the first lesson. */
  declare lessons: LessonSession | "absent" | "failed";
  /** Tabs that are loaded when they are first looked at; the compiler comes later still, when something is compiled. */
  declare tabs: Readonly<Record<LazyTab, "absent" | "loading" | "there" | "failed">>;
  /** The dialog that did not load. */
  declare missing: LazyDialog | null;
  /** Loaded when drafts are kept, or asked for. */
  declare drafts: DraftSession | null;
  /** Ends listening for keys, once that has begun. */
  #stopKeys: (() => void) | null = null;
  /** The same of printing. */
  #stopPrinting: (() => void) | null = null;
  readonly #dialogs = new Map<LazyDialog, StoreElement & { show(): Promise<void> }>();

  constructor() {
    super();
    this.missing = null;
    this.drafts = null;
    this.tabs = { contract: "absent", memory: "absent", opcodes: "absent", runs: "absent" };
    this.lessons = "absent";
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.theme, state.source, state.pane, state.detail, state.example, state.previous, state.previous === state.text, state.checked?.title, state.linkProblem, state.lessons.number];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("run", () => void this.session.run());
    this.addEventListener("cancel-run", () => this.session.cancel());
    this.addEventListener("compare", () => void this.session.compare());
    this.addEventListener("cancel-compare", () => this.session.cancelComparison());
    this.addEventListener("load-example", (event) => void this.session.load((event as CustomEvent<string>).detail));
    this.addEventListener("pasted", (event) => this.#intake?.pasted((event as CustomEvent<string>).detail));
    this.addEventListener("convert", () => void this.#intake?.convert());
    // Without them there are the buttons.
    void import("../commands/start.ts").then(({ startCommands }) => this.isConnected && (this.#stopKeys ??= startCommands(this)), () => {});
    const stop = this.store.subscribe(({ finished }) => {
      if (!finished) return;
      stop();
      // Before somebody prints, and after what is waited for.
      void import("../paper/start.ts").then(({ startPrinting }) => this.isConnected && (this.#stopPrinting ??= startPrinting(this.store)), () => {});
    });
    installTooltips(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopKeys?.();
    this.#stopKeys = null;
    this.#stopPrinting?.();
    this.#stopPrinting = null;
  }

  override render(): TemplateResult {
    const { state, store } = this;
    const taught = typeof this.lessons === "object" && state.lessons.number !== null;
    return html`
      <header class="top">
        <h1>EVM Lanes</h1>
        <label class="menu"><span class="sr">${words.example}</span>${this.#examples()}</label>
        <button type="button" data-testid="new-block" @click=${() => this.newBlock()}>${words.newBlock}</button>
        <button type="button" data-testid="open-gallery" @click=${() => this.open("gallery")}>${words.gallery}</button>
        <button type="button" data-testid="open-lessons" aria-pressed=${String(state.lessons.number !== null)} @click=${() => void this.openLesson(state.lessons.number ?? 1)}>
          ${this.lessons === "failed" ? words.lessonsFailed : words.lessons}
        </button>
        <button type="button" data-testid="open-intake" @click=${() => this.open("intake")}>${words.intake}</button>
        ${state.previous === null || state.previous === state.text
          ? nothing
          : html`<button type="button" @click=${() => store.dispatch({ type: "restored" })}>${words.backToMyText}</button>`}
        <p class="space">${words.tagline}</p>
        <share-entry .store=${store}></share-entry>
        <export-entry .store=${store}></export-entry>
        <button type="button" data-testid="open-embed" @click=${() => this.open("embed")}>${words.embed}</button>
        <button type="button" class="icon" data-testid="open-palette" aria-label=${frame.commands} data-tip=${frame.commandsTip} @click=${() => this.open("palette")}>⌕</button>
        <button type="button" class="icon" aria-label=${words.helpAndGlossary} data-tip=${words.helpAndGlossary} @click=${() => this.open("help")}>?</button>
        <button
          type="button"
          class="icon"
          aria-label=${words.changeColours(words.themes[state.theme])}
          data-tip=${words.colours(words.themes[state.theme])}
          @click=${() => store.dispatch({ type: "theme", theme: THEMES[state.theme].next })}
        >${THEMES[state.theme].icon}</button>
      </header>
      ${state.linkProblem === null
        ? nothing
        : html`<p class="link-problem" role="alert" data-testid="link-problem">
            ${state.linkProblem} <button type="button" @click=${() => store.dispatch({ type: "linkProblem", problem: null })}>${words.dismiss}</button>
          </p>`}
      ${this.drafts === null ? nothing : html`<draft-notice .store=${store} .drafts=${this.drafts} .session=${this.session}></draft-notice>`}
      ${this.missing === null
        ? nothing
        : html`<p class="link-problem" role="alert">
            ${frame.notLoaded} <button type="button" @click=${() => this.open(this.missing!)}>${frame.tryAgain}</button>
            <button type="button" @click=${() => (this.missing = null)}>${frame.dismiss}</button>
          </p>`}
      <main data-pane=${state.pane} class=${taught ? "taught" : nothing}>
        ${taught ? html`<lesson-panel .store=${store} .session=${this.lessons}></lesson-panel>` : nothing}
        <nav class="panes" aria-label=${words.views}>
          ${entries(words.panes).map(
            ([pane, name]) => html`<button
              type="button"
              aria-current=${state.pane === pane ? "true" : nothing}
              @click=${() => store.dispatch({ type: "pane", pane })}
            >${name}</button>`,
          )}
        </nav>
        <div class="left">
        <section class="source" aria-label=${words.scenario}>
          <header>
            <h2>${state.checked?.title ? html`<span lang="en">${state.checked.title}</span>` : words.scenario}</h2>
            <scenario-tools .store=${store} @drafts=${() => this.open("drafts")}></scenario-tools>
            ${this.#tabs(words.scenarioAs, words.sources, state.source, (source) => store.dispatch({ type: "source", source }))}
          </header>
          <workload-panel .store=${store}></workload-panel>
          <knob-sliders .store=${store}></knob-sliders>
          <div class="block" ?hidden=${state.source !== "transactions"}><transaction-table .store=${store}></transaction-table></div>
          <div class="contract" tabindex="-1" ?hidden=${state.source !== "contract"}>${this.#lazy("contract", html`<contract-tab .store=${store}></contract-tab>`)}</div>
          <div class="json" ?hidden=${state.source !== "json"}><scenario-editor .store=${store}></scenario-editor></div>
        </section>
        <section class="setup" aria-label=${words.run}><run-controls .store=${store}></run-controls></section>
        </div>
        <div class="result">
          <opened-report .store=${store}></opened-report>
          <verdict-strip .store=${store}></verdict-strip>
          <section class="panel graph" aria-label=${words.graph}><graph-view .store=${store}></graph-view></section>
          <section class="panel lanes" aria-label=${words.lanes}><lanes-view .store=${store}></lanes-view><replay-bar .store=${store}></replay-bar></section>
          <div class="bottom">
            <section class="panel figures" aria-label=${words.figures}>
              <header>
                ${this.#tabs(words.figures, words.details, state.detail, (detail) => store.dispatch({ type: "detail", detail }))}
              </header>
              ${this.#figure(state.detail)}
            </section>
            <section class="panel selected" aria-label=${words.selection}><transaction-detail .store=${store}></transaction-detail></section>
          </div>
        </div>
      </main>
      <gallery-dialog></gallery-dialog>
      <intake-entry .store=${store} .session=${this.session}></intake-entry>
    `;
  }

  override updated(): void {
    if (this.state.source === "contract" && this.tabs.contract === "absent") void this.#load("contract");
    const { detail } = this.state;
    if ((detail === "memory" || detail === "opcodes" || detail === "runs") && this.tabs[detail] === "absent") void this.#load(detail);
    const root = document.documentElement;
    const { theme } = this.state;
    const before = root.dataset.theme ?? "system";
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    if (before !== theme) document.dispatchEvent(new Event("themechange"));
  }

  /** Opens what the page's address names, and says whether that has become the scenario. */
  async openLinked(): Promise<boolean> {
    await this.updateComplete;
    return (await this.#intake?.openLinked()) ?? false;
  }

  /** Opens a lesson and runs what it begins with; all of that is loaded with the first. Whether it could be. */
  async openLesson(number: number): Promise<boolean> {
    if (typeof this.lessons === "string") {
      try {
        const [{ startLessons }] = await Promise.all([import("../lessons/session.ts"), import("./lesson-panel.ts")]);
        // Another click may have been faster.
        if (typeof this.lessons === "string") this.lessons = startLessons(this.store, this.session);
      } catch {
        this.lessons = "failed";
        return false;
      }
    }
    await this.lessons.open(number);
    return true;
  }

  /** A block of two payments for somebody to change, run as it is. */
  newBlock(): void {
    this.store.dispatch({ type: "loaded", text: words.newScenario, example: null });
    this.store.dispatch({ type: "pane", pane: "json" });
    void this.session.run();
  }

  /** Begins with drafts: whether any is kept, and what is said of them. */
  async startDrafts(): Promise<DraftSession> {
    const [{ startDrafts }] = await Promise.all([import("../drafts/session.ts"), import("./draft-notice.ts")]);
    return (this.drafts ??= startDrafts(this.store, this.session));
  }

  leaveLessons(): void {
    if (typeof this.lessons === "object") this.lessons.leave();
  }

  open(dialog: Dialog): void {
    if (dialog === "gallery") void this.querySelector<GalleryDialog>("gallery-dialog")?.show();
    else if (dialog === "intake") void this.#intake?.open();
    else if (dialog === "export") void this.querySelector<ExportEntry>("export-entry")?.open();
    else if (dialog === "share") void this.querySelector<ShareEntry>("share-entry")?.open();
    else void this.#openLazily(dialog);
  }

  goTo(part: Parameters<Commanded["goTo"]>[0]): void {
    if (part !== "verdict") this.store.dispatch({ type: "pane", pane: part });
    void this.updateComplete.then(() => {
      const place = this.querySelector<HTMLElement>(PLACES[part]);
      place?.scrollIntoView({ block: "nearest" });
      if (part === "json") this.querySelector<ScenarioEditor>("scenario-editor")?.takeFocus();
      else place?.focus({ preventScroll: true });
    });
  }

  toggleTable(picture: "graph" | "lanes"): void {
    const view = this.#picture(picture);
    if (view) view.asTable = !view.asTable;
    this.goTo(picture);
  }

  fit(picture: "graph" | "lanes"): void {
    this.#picture(picture)?.fitAll();
  }

  #picture(picture: "graph" | "lanes"): Picture | null {
    return this.querySelector<Picture>(`${picture}-view`);
  }

  async #openLazily(name: LazyDialog): Promise<void> {
    this.missing = null;
    let dialog = this.#dialogs.get(name);
    if (!dialog) {
      try {
        dialog = await LAZY_DIALOGS[name](this);
      } catch {
        this.missing = name;
        return;
      }
      // Another click may have been faster.
      dialog = this.#dialogs.get(name) ?? dialog;
      this.#dialogs.set(name, dialog);
      dialog.store = this.store;
    }
    if (!dialog.isConnected) this.append(dialog);
    await dialog.show();
  }

  get #intake(): IntakeEntry | null {
    return this.querySelector<IntakeEntry>("intake-entry");
  }

  #figure(detail: Detail): TemplateResult {
    const { store } = this;
    switch (detail) {
      case "speedup":
        return html`<speedup-chart .store=${store}></speedup-chart>`;
      case "compare":
        return html`<strategy-comparison .store=${store}></strategy-comparison>`;
      case "runs":
        return this.#lazy("runs", html`<pair-panel .store=${store}></pair-panel>`);
      case "hot":
        return html`<hot-locations .store=${store}></hot-locations>`;
      case "memory":
        return this.#lazy("memory", html`<memory-panel .store=${store}></memory-panel>`);
      case "opcodes":
        return this.#lazy("opcodes", html`<opcode-panel .store=${store}></opcode-panel>`);
      case "what-if":
        return html`<what-if-panel .store=${store}></what-if-panel>`;
      case "state":
        return html`<state-table .store=${store}></state-table>`;
    }
  }

  #lazy(tab: LazyTab, content: TemplateResult): TemplateResult {
    switch (this.tabs[tab]) {
      case "there":
        return content;
      case "failed":
        return html`<p class="empty">${words.tabFailed} <button type="button" @click=${() => void this.#load(tab)}>${words.tryAgain}</button></p>`;
      default:
        return html`<p class="empty">${words.loading}</p>`;
    }
  }

  async #load(tab: LazyTab): Promise<void> {
    this.tabs = { ...this.tabs, [tab]: "loading" };
    const there = await LAZY_TABS[tab]().then(
      () => true,
      () => false,
    );
    this.tabs = { ...this.tabs, [tab]: there ? "there" : "failed" };
  }

  #examples(): TemplateResult {
    const { example } = this.state;
    return html`<select data-testid="examples" @change=${(e: Event) => void this.session.load((e.target as HTMLSelectElement).value)}>
      <option value="" disabled .selected=${example === null}>${example === null ? words.examplesOwnText : words.examples}</option>
      ${exampleGroups.map(
        (group) => html`<optgroup lang="en" label=${group.title}>
          ${group.examples.map(({ id, title }) => html`<option value=${id} .selected=${id === example}>${title}</option>`)}
        </optgroup>`,
      )}
    </select>`;
  }

  #tabs<T extends string>(label: string, tabs: Readonly<Record<T, string>>, chosen: T, choose: (tab: T) => void): TemplateResult {
    return html`<span class="segments" role="group" aria-label=${label}>
      ${entries(tabs).map(([id, name]) => html`<button type="button" aria-pressed=${String(id === chosen)} @click=${() => choose(id)}>${name}</button>`)}
    </span>`;
  }
}

customElements.define("app-page", AppPage);
