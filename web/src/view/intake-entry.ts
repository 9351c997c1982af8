import { html, nothing, type TemplateResult } from "lit";
import { looksForeign } from "../intake/foreign.ts";
import type { IntakeSession } from "../intake/session.ts";
import type { Session } from "../session.ts";
import type { State } from "../state/state.ts";
import { app, intakeEntry as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";

/** What the page's address is asked for: files of this site to open. */
const LINK = "open";

/**
 * Where texts of other tools enter the page: dropped anywhere, pasted into the editor, linked, or chosen in the dialog. What
 * reads them, and the dialog, are loaded when the first one comes.
 */
export class IntakeEntry extends StoreElement {
  static override properties = { ...StoreElement.properties, session: { attribute: false }, dragging: { state: true }, failed: { state: true } };
  declare session: Session;
  declare dragging: boolean;
  /** What could not be done because the rest did not load, to be tried again. */
  declare failed: (() => void) | null;
  #intake: Promise<IntakeSession> | null = null;
  #there: IntakeSession | null = null;
  /** What the engine said last, and the text that was looked at last. */
  #checked: State["checked"] = null;
  #asked: string | null = null;
  #stop: (() => void) | null = null;

  constructor() {
    super();
    this.dragging = false;
    this.failed = null;
  }

  protected override watch(): readonly unknown[] {
    return [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.store.subscribe((state) => this.#look(state));
    for (const type of DRAGS) addEventListener(type, this.#drag, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    for (const type of DRAGS) removeEventListener(type, this.#drag, { capture: true });
  }

  override render(): TemplateResult {
    return html`${this.dragging ? html`<div class="drop-target" data-testid="drop-target"><p>${words.drop}</p></div>` : nothing}
      ${this.failed
        ? html`<div class="intake-failed" role="alert">
            ${words.failed}
            <button type="button" @click=${this.failed}>${app.tryAgain}</button>
            <button type="button" @click=${() => (this.failed = null)}>${app.dismiss}</button>
          </div>`
        : nothing}
      ${this.#there ? html`<intake-dialog .store=${this.store} .intake=${this.#there}></intake-dialog>` : nothing}`;
  }

  /** Opens the dialog. */
  async open(): Promise<void> {
    await this.#with(() => this.store.dispatch({ type: "intake", change: { open: true, saved: { kind: "none" } } }));
  }

  /** A paste has become the editor's text. */
  pasted(text: string): void {
    if (!looksForeign(text)) return;
    this.#asked = text;
    void this.#with((intake) => intake.recognise(text, true));
  }

  /** Makes a scenario of the editor's text. */
  async convert(): Promise<void> {
    await this.#with((intake) => intake.convert());
  }

  /** Opens the files that the page's address names, and says whether they have become the scenario. */
  async openLinked(): Promise<boolean> {
    const links = [location.search, location.hash].flatMap((part) => new URLSearchParams(part.slice(1)).getAll(LINK));
    return links.length > 0 && ((await this.#with((intake) => intake.follow(links))) ?? false);
  }

  /** Whether a text with errors is something else than a scenario. */
  #look({ text, checked }: State): void {
    if (checked === this.#checked) return;
    this.#checked = checked;
    // Another text is loaded: the same one may come back.
    if (!checked) this.#asked = null;
    if (!checked || text === this.#asked) return;
    this.#asked = text;
    if (checked.diagnostics.some(({ severity }) => severity === "error") && looksForeign(text)) void this.#with((intake) => intake.recognise(text, false));
  }

  async #with<T>(act: (intake: IntakeSession) => T | Promise<T>): Promise<T | null> {
    let intake: IntakeSession;
    try {
      intake = await (this.#intake ??= this.#load());
    } catch {
      this.#intake = null;
      this.failed = () => {
        this.failed = null;
        void this.#with(act);
      };
      return null;
    }
    return act(intake);
  }

  async #load(): Promise<IntakeSession> {
    const [{ startIntake }] = await Promise.all([import("../intake/session.ts"), import("./intake-dialog.ts")]);
    this.#there = startIntake(this.store, this.session);
    this.requestUpdate();
    await this.updateComplete;
    return this.#there;
  }

  /** Before the editor, which would insert a file's text. */
  #drag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "dragleave") this.dragging &&= event.relatedTarget !== null;
    else this.dragging = event.type !== "drop";
    if (event.type !== "drop") return;
    const files = [...event.dataTransfer.files];
    if (files.length > 0) void this.#with((intake) => intake.addFiles(files));
  };
}

const DRAGS = ["dragenter", "dragover", "dragleave", "drop"] as const;

customElements.define("intake-entry", IntakeEntry);
