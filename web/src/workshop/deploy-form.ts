import { html, nothing, type TemplateResult } from "lit";
import type { CompiledContract, SourceFile } from "../compiler/protocol.ts";
import { workshop as words } from "../text/workshop.ts";
import { StoreElement } from "../view/element.ts";
import type { State } from "../state/state.ts";
import { whileShown } from "../state/workshop.ts";
import { addedNotice, type Added } from "./added.ts";
import { argumentFields } from "./argument-fields.ts";
import { EditError, readWorld, withAccount, withContracts } from "./edit.ts";
import { argument, blank, missing, shapeOf, type Filled } from "./fields.ts";

/** Puts a compiled contract into the scenario, and an account whose constructor runs before the block. */
export class DeployForm extends StoreElement {
  static override properties = {
    ...StoreElement.properties,
    name: { attribute: false },
    contracts: { attribute: false },
    sources: { attribute: false },
    filled: { state: true },
    fault: { state: true },
    added: { state: true },
  };
  /** The contract to deploy, one of `contracts`, all of which go into the scenario: they may create each other. */
  declare name: string;
  declare contracts: Readonly<Record<string, CompiledContract>>;
  declare sources: readonly SourceFile[];
  declare filled: readonly Filled[] | null;
  declare fault: string | null;
  declare added: Added | null;

  constructor() {
    super();
    this.filled = this.fault = this.added = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return whileShown(state, state.text, state.checked);
  }

  override render(): TemplateResult {
    const { inputs, shapes, payable } = this.#creation();
    const filled = this.filled ?? shapes.map(blank);
    return html`<form class="deploy" @submit=${this.#submit}>
      <label class="field"><span>${words.account}</span><input name="account" class="mono" required pattern="[A-Za-z_][A-Za-z0-9_\\-]*" maxlength="64" autocomplete="off" .value=${suggested(this.name)} /></label>
      ${inputs.map((input, i) =>
        argumentFields(input.name || words.argument(i), shapes[i], filled[i], (value) => (this.filled = filled.map((old, j) => (j === i ? value : old)))),
      )}
      ${payable ? html`<label class="field"><span>${words.etherToSend}</span><input name="value" class="mono" placeholder=${words.oneEther} autocomplete="off" /></label>` : nothing}
      <button type="submit">${words.deploy(this.name)}</button>
      ${this.fault ? html`<p class="notice error" role="alert">${this.fault}</p>` : nothing}
      ${addedNotice(this.added, this.store)}
    </form>`;
  }

  #creation() {
    const found = this.contracts[this.name]?.abi.find((item) => item.type === "constructor");
    const inputs = found?.inputs ?? [];
    return { inputs, shapes: inputs.map(shapeOf), payable: found?.stateMutability === "payable" };
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const { inputs, shapes } = this.#creation();
    const filled = this.filled ?? shapes.map(blank);
    const lacking = inputs.map((input, i) => missing(input.name || words.argument(i), shapes[i], filled[i])).find((name) => name !== null);
    this.fault = lacking ? words.fillIn(lacking) : null;
    if (this.fault) return;
    const account = String(data.get("account"));
    const value = String(data.get("value") ?? "").trim();
    const before = this.state.text;
    try {
      const declared = readWorld(before).accounts.has(account);
      const withCode = withContracts(before, this.contracts, this.sources);
      const args = shapes.map((shape, i) => argument(shape, filled[i]));
      const after = withAccount(withCode, account, {
        contract: this.name,
        ...(args.length > 0 ? { args } : {}),
        ...(value === "" ? {} : { value }),
      });
      this.store.dispatch({ type: "typed", text: after });
      this.added = { words: words.deployed(account, this.name, !declared), path: `accounts.${account}`, before, after };
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      this.fault = error.message;
    }
  };
}

/** `SimpleCounter` → `simpleCounter`. */
function suggested(contract: string): string {
  const name = contract.replace(/[^A-Za-z0-9_]/g, "");
  return name === "" ? "contract" : name[0].toLowerCase() + name.slice(1);
}

customElements.define("deploy-form", DeployForm);
