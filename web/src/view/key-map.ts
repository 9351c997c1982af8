import { html, LitElement, type TemplateResult } from "lit";
import type { Command, Group } from "../commands/command.ts";
import { singleKeys } from "../commands/keyboard.ts";
import { isSingle, type Press } from "../commands/key.ts";
import { commands as words } from "../text/commands.ts";
import { keys } from "../text/keys.ts";
import { entries } from "./choices.ts";
import { shownKey } from "./command-palette.ts";

/** What a picture that has the focus does; it hears its keys itself (picture.ts). */
const PICTURE_KEYS: Readonly<Record<keyof typeof keys.pictures, readonly Press[]>> = {
  across: ["ArrowLeft", "ArrowRight"],
  down: ["ArrowUp", "ArrowDown"],
  select: ["Enter"],
  zoom: ["+", "-"],
  fit: ["0"],
  step: [",", "."],
  leap: ["<", ">"],
  play: ["p"],
};

/** The shortcuts of all commands, and a switch for those that are a single key. */
export class KeyMap extends LitElement {
  static override properties = { commands: { attribute: false } };
  declare commands: readonly Command[];

  constructor() {
    super();
    this.commands = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const shown = this.commands.filter(({ keys }) => keys);
    const groups = (Object.keys(words.groups) as Group[]).filter((it) => shown.some(({ group }) => group === it));
    return html`<p>
        <label class="choice"><input type="checkbox" data-testid="single-keys" .checked=${singleKeys.on} @change=${this.#switch} /> ${keys.single}</label>
        <span class="quiet">${keys.singleWhy}</span>
      </p>
      <p class="quiet">${keys.outside} ${keys.playhead}</p>
      ${groups.map((it) => html`<h4>${words.groups[it]}</h4>
        <dl class="keys">${shown.filter(({ group }) => group === it).map((command) => this.#row(command))}</dl>`)}
      <h4>${keys.picturesTitle}</h4>
      <dl class="keys">
        ${entries(PICTURE_KEYS).map(([what, presses]) => html`<dt>${presses.map((press) => html`<kbd>${shownKey(press)}</kbd> `)}</dt><dd>${keys.pictures[what]}</dd>`)}
      </dl>`;
  }

  #row({ id, name, keys }: Command): TemplateResult {
    return html`<dt data-command=${id}>${keys!.map((press) => html`<kbd class=${isSingle(press) && !singleKeys.on ? "off" : ""}>${shownKey(press)}</kbd> `)}</dt><dd>${name}</dd>`;
  }

  #switch = (event: Event): void => {
    singleKeys.on = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
  };
}

customElements.define("key-map", KeyMap);
