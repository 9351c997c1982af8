import { html, nothing, type TemplateResult } from "lit";
import type { AbiItem } from "../compiler/protocol.ts";
import { foldersOf, load } from "../engine/contracts.ts";
import type { State } from "../state/state.ts";
import { whileShown } from "../state/workshop.ts";
import { workshop as words } from "../text/workshop.ts";
import { StoreElement } from "../view/element.ts";
import { addedNotice, type Added } from "./added.ts";
import { argumentFields, NAMES } from "./argument-fields.ts";
import { EditError, readWorld, withTransaction, type World } from "./edit.ts";
import { argument, blank, callName, missing, shapeOf, signature, type Filled } from "./fields.ts";

/** Adds a transaction to the block: a call, field by field, or a payment. */
export class CallForm extends StoreElement {
  static override properties = {
    ...StoreElement.properties,
    to: { state: true },
    called: { state: true },
    filled: { state: true },
    fault: { state: true },
    added: { state: true },
    bundled: { state: true },
  };
  declare to: string;
  /** The signature of the function that is called; empty for none. */
  declare called: string;
  declare filled: readonly Filled[] | null;
  declare fault: string | null;
  declare added: Added | null;
  /** ABIs of the bundled contracts that the text mentions, by name. */
  declare bundled: ReadonlyMap<string, readonly AbiItem[]>;
  #loaded = new Set<string>();
  #of = "";
  #world: World = readWorld("");

  constructor() {
    super();
    this.to = this.called = "";
    this.filled = this.fault = this.added = null;
    this.bundled = new Map();
  }

  protected override watch(state: State): readonly unknown[] {
    return whileShown(state, state.text, state.checked);
  }

  override render(): TemplateResult {
    const world = this.#read();
    const abi = this.#abi(world);
    const functions = abi.filter((item) => item.type === "function");
    const chosen = functions.find((item) => signature(item) === this.called);
    const shapes = (chosen?.inputs ?? []).map(shapeOf);
    const filled = this.filled ?? shapes.map(blank);
    return html`<form class="call" data-testid="call-form" @submit=${this.#submit}>
      <datalist id=${NAMES}>${[...this.#names(world)].map((name) => html`<option value=${name}></option>`)}</datalist>
      <label class="field"><span>${words.from}</span><input name="from" class="mono" required list=${NAMES} autocomplete="off" placeholder=${words.nameOrAddress} /></label>
      <label class="field"><span>${words.to}</span><input name="to" class="mono" required list=${NAMES} autocomplete="off" placeholder=${words.nameOrAddress} .value=${this.to}
        @input=${(e: Event) => this.#recipient((e.target as HTMLInputElement).value)} /></label>
      ${functions.length > 0
        ? html`<label class="field"><span>${words.function}</span><select name="function" .value=${this.called} @change=${(e: Event) => this.#choose((e.target as HTMLSelectElement).value)}>
            <option value="" .selected=${this.called === ""}>${words.plainPayment}</option>
            ${functions.map((item) => html`<option value=${signature(item)} .selected=${signature(item) === this.called}>${signature(item)}</option>`)}
          </select></label>`
        : nothing}
      ${(chosen?.inputs ?? []).map((input, i) =>
        argumentFields(input.name || words.argument(i), shapes[i], filled[i], (value) => (this.filled = filled.map((old, j) => (j === i ? value : old)))),
      )}
      ${chosen === undefined || chosen.stateMutability === "payable"
        ? html`<label class="field"><span>${words.etherToSend}</span><input name="value" class="mono" placeholder=${words.oneEther} autocomplete="off" /></label>`
        : nothing}
      <label class="field"><span>${words.gasLimit}</span><input name="gas" class="mono" placeholder=${words.gasEnough} autocomplete="off" /></label>
      <button type="submit">${words.addTransaction}</button>
      ${this.fault ? html`<p class="notice error" role="alert">${this.fault}</p>` : nothing}
      ${addedNotice(this.added, this.store)}
    </form>`;
  }

  /** The text's world, read again only when the text has changed. */
  #read(): World {
    const { text } = this.state;
    if (text !== this.#of) {
      this.#of = text;
      this.#world = readWorld(text);
      void this.#loadBundled(text);
    }
    return this.#world;
  }

  #abi(world: World): readonly AbiItem[] {
    const contract = world.accounts.get(this.to);
    if (!contract) return [];
    return world.contracts[contract]?.abi ?? this.bundled.get(contract) ?? [];
  }

  #names(world: World): Set<string> {
    const rows = this.state.checked?.rows.slice(0, 200) ?? [];
    const named = (name: string | null): name is string => name !== null && !name.startsWith("0x");
    return new Set([...world.accounts.keys(), ...rows.flatMap((row) => [row.from, row.to]).filter(named)]);
  }

  #recipient(to: string): void {
    const before = this.#abi(this.#read());
    this.to = to;
    if (this.#abi(this.#read()) !== before) this.#choose("");
  }

  #choose(called: string): void {
    this.called = called;
    this.filled = null;
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    const abi = this.#abi(this.#read());
    const chosen = abi.find((item) => item.type === "function" && signature(item) === this.called);
    const inputs = chosen?.inputs ?? [];
    const shapes = inputs.map(shapeOf);
    const filled = this.filled ?? shapes.map(blank);
    const lacking = inputs.map((input, i) => missing(input.name || words.argument(i), shapes[i], filled[i])).find((name) => name !== null);
    this.fault = lacking ? words.fillIn(lacking) : null;
    if (this.fault) return;
    const before = this.state.text;
    const index = readWorld(before).transactions;
    try {
      const after = withTransaction(before, {
        from: text("from"),
        to: text("to"),
        ...(chosen ? { call: callName(chosen, abi) } : {}),
        ...(inputs.length > 0 ? { args: shapes.map((shape, i) => argument(shape, filled[i])) } : {}),
        ...(text("value") === "" ? {} : { value: text("value") }),
        ...(text("gas") === "" ? {} : { gas: text("gas") }),
      });
      this.store.dispatch({ type: "typed", text: after });
      this.added = { words: words.addedTransaction, path: `transactions[${index}]`, before, after };
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      this.fault = error.message;
    }
  };

  async #loadBundled(text: string): Promise<void> {
    for (const folder of foldersOf(text).filter((folder) => !this.#loaded.has(folder))) {
      this.#loaded.add(folder);
      try {
        const list = JSON.parse(await load(folder)) as { name: string; abi: AbiItem[] }[];
        this.bundled = new Map([...this.bundled, ...list.map(({ name, abi }) => [name, abi] as const)]);
      } catch {
        // The form is without their functions until the text changes; the engine says what is the matter.
        this.#loaded.delete(folder);
      }
    }
  }
}

customElements.define("call-form", CallForm);
