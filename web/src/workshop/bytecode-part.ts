import { html, nothing, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { whileShown } from "../state/workshop.ts";
import { workshop as words } from "../text/workshop.ts";
import { StoreElement } from "../view/element.ts";
import { addedNotice, type Added } from "./added.ts";
import { disassemble, readBytes } from "./disassembly.ts";
import { EditError, withAccount } from "./edit.ts";

/** How many instructions are listed at once. */
const SHOWN = 1000;

/** Raw bytecode: what it does, instruction by instruction, and an account that has it. */
export class BytecodePart extends StoreElement {
  static override properties = { ...StoreElement.properties, code: { state: true }, shown: { state: true }, fault: { state: true }, added: { state: true } };
  declare code: string;
  declare shown: number;
  declare fault: string | null;
  declare added: Added | null;

  constructor() {
    super();
    this.code = "";
    this.shown = SHOWN;
    this.fault = this.added = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return whileShown(state, state.text, state.checked);
  }

  override render(): TemplateResult {
    const bytes = readBytes(this.code);
    const good = typeof bytes !== "string";
    const instructions = good ? disassemble(bytes) : [];
    return html`<form class="bytecode" @submit=${this.#submit}>
      <label class="field"><span>${words.code}</span>
        <textarea class="mono" rows="5" spellcheck="false" placeholder="0x5f5460010..." .value=${this.code} @input=${(e: Event) => this.#typed((e.target as HTMLTextAreaElement).value)}></textarea></label>
      ${good ? nothing : html`<p class="notice error" role="alert">${bytes}</p>`}
      ${good && bytes.length > 0
        ? html`<span class="buttons"><label class="field"><span>${words.account}</span><input name="account" class="mono" required pattern="[A-Za-z_][A-Za-z0-9_\\-]*" maxlength="64" value="code" autocomplete="off" /></label>
            <button type="submit">${words.addAccount}</button></span>`
        : nothing}
      ${this.fault ? html`<p class="notice error" role="alert">${this.fault}</p>` : nothing}
      ${addedNotice(this.added, this.store)}
      ${instructions.length === 0
        ? nothing
        : html`<p class="quiet">${words.instructions(instructions.length)}</p>
            <table class="mono" data-testid="disassembly"><thead class="sr"><tr><th scope="col">${words.offset}</th><th scope="col">${words.instruction}</th><th scope="col">${words.operand}</th></tr></thead>
              <tbody>${instructions.slice(0, this.shown).map(({ at, name, operand }) => html`<tr><td class="num">${at.toString(16).padStart(4, "0")}</td><td>${name}</td><td class="operand">${operand}</td></tr>`)}</tbody>
            </table>
            ${instructions.length > this.shown ? html`<button type="button" @click=${() => (this.shown += SHOWN)}>${words.showMore}</button>` : nothing}`}
    </form>`;
  }

  #typed(code: string): void {
    this.code = code;
    this.shown = SHOWN;
    this.fault = null;
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const bytes = readBytes(this.code);
    if (typeof bytes === "string") return;
    const account = String(new FormData(event.target as HTMLFormElement).get("account"));
    const before = this.state.text;
    try {
      const code = `0x${this.code.replace(/\s+/g, "").replace(/^0x/i, "")}`;
      const after = withAccount(before, account, { code });
      this.store.dispatch({ type: "typed", text: after });
      this.added = { words: words.addedAccount(account), path: `accounts.${account}`, before, after };
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      this.fault = error.message;
    }
  };
}

customElements.define("bytecode-part", BytecodePart);
