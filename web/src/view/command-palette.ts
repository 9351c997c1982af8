import { html, nothing, type TemplateResult } from "lit";
import type { Command, Commanded } from "../commands/command.ts";
import { singleKeys } from "../commands/keyboard.ts";
import { isPress, isSingle, keyNames } from "../commands/key.ts";
import { commandsOf, lessonCommands } from "../commands/list.ts";
import { found } from "../commands/search.ts";
import { commands as words } from "../text/commands.ts";
import { StoreElement } from "./element.ts";

/** Commands that are shown at once; typing narrows them down. */
const SHOWN = 200;

/** Every command of the page, to be found by some of its letters and done. A combobox: the focus stays in its field. */
export class CommandPalette extends StoreElement {
  static override properties = { ...StoreElement.properties, query: { state: true }, chosen: { state: true }, commands: { state: true }, page: { attribute: false } };
  declare page: Commanded;
  declare query: string;
  /** The one that Enter does, among those that are found. */
  declare chosen: number;
  declare commands: readonly Command[];
  #titled = false;

  constructor() {
    super();
    this.query = "";
    this.chosen = 0;
    this.commands = [];
  }

  protected override watch(): readonly unknown[] {
    return [];
  }

  /** Opens it, with nothing typed. */
  async show(): Promise<void> {
    this.query = "";
    this.chosen = 0;
    if (this.commands.length === 0) this.commands = commandsOf(this.page);
    this.requestUpdate();
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    this.querySelector("input")?.focus();
    if (!this.#titled) await this.#addLessons();
  }

  /** They are long, and few look for one here. */
  async #addLessons(): Promise<void> {
    this.#titled = true;
    try {
      const { lessons } = await import("../lessons/lesson.ts");
      const more = lessonCommands(
        this.page,
        lessons.map(({ title }) => title),
      );
      const at = this.commands.findLastIndex(({ group }) => group === "lessons") + 1;
      this.commands = this.commands.toSpliced(at, 0, ...more);
    } catch {
      this.#titled = false;
    }
  }

  override render(): TemplateResult {
    const all = this.#found();
    const shown = all.slice(0, SHOWN);
    const active = shown[this.chosen];
    return html`<dialog class="palette" aria-labelledby="palette-title" data-testid="palette" @click=${this.#outside}>
      <h2 id="palette-title" class="sr">${words.title}</h2>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant=${active ? `command-${active.id}` : nothing}
        aria-label=${words.search}
        placeholder=${words.search}
        autocomplete="off"
        spellcheck="false"
        .value=${this.query}
        @input=${this.#typed}
        @keydown=${this.#key}
      />
      <ul id="palette-list" role="listbox" aria-label=${words.title}>
        ${shown.map((command, at) => this.#option(command, at, shown[at - 1]))}
      </ul>
      <p class="quiet foot"><span role="status">${words.found(all.length)}</span> <span class="mouse">${words.keysHint}</span></p>
    </dialog>`;
  }

  override updated(): void {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #option(command: Command, at: number, before: Command | undefined): TemplateResult {
    const possible = command.possible?.() !== false;
    const group = words.groups[command.group];
    // Sorted by fit, groups are mixed: then each command says its own.
    const heading = this.query.trim() === "" && command.group !== before?.group;
    return html`${heading ? html`<li role="presentation" class="group">${group}</li>` : nothing}
      <li
        id="command-${command.id}"
        role="option"
        data-command=${command.id}
        aria-selected=${String(at === this.chosen)}
        aria-disabled=${possible ? nothing : "true"}
        @click=${() => this.#do(command)}
        @pointermove=${() => (this.chosen = at)}
      >
        <span>${command.name}</span>
        ${possible ? nothing : html`<small>${words.notNow}</small>`}
        ${this.query.trim() === "" ? nothing : html`<small>${group}</small>`}
        ${(command.keys ?? []).filter((press) => !isSingle(press) || singleKeys.on).map((press) => html`<kbd>${shownKey(press)}</kbd>`)}
      </li>`;
  }

  #found(): readonly Command[] {
    return found(this.commands, this.query, ({ group, name }) => `${name} ${words.groups[group]}`);
  }

  #typed = (event: Event): void => {
    this.query = (event.target as HTMLInputElement).value;
    this.chosen = 0;
  };

  #key = (event: KeyboardEvent): void => {
    const count = Math.min(SHOWN, this.#found().length);
    const to = { ArrowDown: (this.chosen + 1) % count, ArrowUp: (this.chosen + count - 1) % count, PageDown: Math.min(count - 1, this.chosen + 8), PageUp: Math.max(0, this.chosen - 8) }[event.key];
    if (to !== undefined && count > 0) {
      event.preventDefault();
      this.chosen = to;
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const command = this.#found()[this.chosen];
      if (command) this.#do(command);
    } else if (isPress(event, "Mod+k") || isPress(event, "F1")) {
      event.preventDefault();
      this.querySelector("dialog")!.close();
    }
  };

  /** What is done has the page to itself, and may open a dialog of its own. */
  #do(command: Command): void {
    if (command.possible?.() === false) return;
    this.querySelector("dialog")!.close();
    command.run();
  }

  #outside = (event: Event): void => {
    if (event.target === this.querySelector("dialog")) this.querySelector("dialog")!.close();
  };
}

/** A combination as the keys of this machine are called. */
export function shownKey(press: string): string {
  return keyNames(press, /mac|iphone|ipad/i.test(navigator.platform), words.keyNames);
}

customElements.define("command-palette", CommandPalette);
