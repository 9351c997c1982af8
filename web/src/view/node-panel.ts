import { html, nothing, type TemplateResult } from "lit";
import type { Progress, Stage, Taken } from "../intake/types.ts";
import { readAddress } from "../node/address.ts";
import { remember, remembered } from "../node/consent.ts";
import type { NodeSession } from "../node/session.ts";
import type { State } from "../state/state.ts";
import { StoreElement } from "./element.ts";
import { count, integer } from "./format.ts";

const STAGES: Readonly<Record<Stage, string>> = {
  chain: "which chain",
  block: "the block",
  receipts: "its receipts",
  trace: "what its transactions found",
  state: "its state",
};

/** The most transactions that differ told in full. */
const LISTED = 50;

/** Takes a block from a node. Emits `take` with the scenario's text. */
export class NodePanel extends StoreElement {
  static override properties = { ...StoreElement.properties, node: { attribute: false }, problem: { state: true }, wanted: { state: true }, kept: { state: true } };
  declare node: NodeSession;
  /** What is wrong with what was filled in. */
  declare problem: string | null;
  declare wanted: "block" | "transactions";
  /** The address that is kept on this device. */
  declare kept: string | null;

  constructor() {
    super();
    this.problem = null;
    this.wanted = "block";
    this.kept = remembered();
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.node];
  }

  override render(): TemplateResult {
    const busy = this.state.node.kind === "underway";
    return html`<form class="node" novalidate @submit=${this.#start}>
        <p class="quiet">The page asks the node itself and nobody else: the block, its receipts, and the state that its transactions found. The node must allow it (anvil with <code>--allow-origin</code>, geth with <code>--http.corsdomain</code>).</p>
        <label class="wide">Address <input name="address" class="mono" inputmode="url" spellcheck="false" autocomplete="off" autocapitalize="off" placeholder="http://127.0.0.1:8545" .defaultValue=${this.kept ?? ""} /></label>
        <div class="row">
          <label>Take
            <select name="wanted" @change=${(event: Event) => (this.wanted = (event.target as HTMLSelectElement).value as typeof this.wanted)}>
              <option value="block">a block</option>
              <option value="transactions">transactions</option>
            </select>
          </label>
          <label class="grow" ?hidden=${this.wanted !== "block"}>Number, hash or latest <input name="block" class="mono" spellcheck="false" autocomplete="off" value="latest" /></label>
          <label class="grow" ?hidden=${this.wanted !== "transactions"}>Hashes, all of one block <textarea name="hashes" class="mono" rows="3" spellcheck="false" autocomplete="off"></textarea></label>
          <label>Chain id <input name="chain" class="mono short" inputmode="numeric" autocomplete="off" placeholder="any" /></label>
          <label>Fork <input name="fork" class="mono short" spellcheck="false" autocomplete="off" placeholder="found out" /></label>
        </div>
        <div class="row">
          <label class="check"><input type="checkbox" name="remember" .defaultChecked=${this.kept !== null} @change=${this.#remember} /> Remember this address on this device</label>
          ${this.kept === null ? nothing : html`<button type="button" data-testid="forget" @click=${this.#forget}>Forget it</button>`}
        </div>
        <div class="row">
          <button type="submit" class="primary" ?disabled=${busy}>Fetch</button>
          ${busy ? html`<button type="button" data-testid="cancel-fetch" @click=${() => this.node.cancel()}>Cancel</button>` : nothing}
        </div>
        ${this.problem === null ? nothing : html`<p class="notice" role="alert">${this.problem}</p>`}
      </form>
      <div class="outcome" role="status" data-testid="fetched">${this.#outcome()}</div>`;
  }

  #outcome(): TemplateResult | typeof nothing {
    const { node } = this.state;
    switch (node.kind) {
      case "none":
        return nothing;
      case "cancelled":
        return html`<p>Cancelled; nothing was changed.</p>`;
      case "failed":
        return html`<p class="notice">No block was taken: ${node.message}</p>`;
      case "underway": {
        const { underway } = node;
        if (!underway) return html`<p>Asking ${node.node}…</p>`;
        return html`<p>Asking ${node.node} for ${STAGES[underway.progress.stage]}: ${amounts(underway.progress, underway.retries)}</p>
          ${underway.trouble ? html`<p>Asking again in ${(underway.trouble.wait / 1000).toFixed(1)} s, because ${underway.trouble.why}.</p>` : nothing}`;
      }
      case "done":
        return this.#taken(node.taken, node.retries);
    }
  }

  #taken(taken: Taken, retries: number): TemplateResult {
    const different = taken.compared.flatMap(({ differences }, index) => (differences.length > 0 ? [{ index, differences }] : []));
    return html`<p><strong>Block ${integer(taken.block)}</strong> of chain ${taken.chainId}, ${taken.fork}, ${count(taken.compared.length, "transaction")}; its state is from ${taken.traced ? "the node's tracer" : "look-ups"}. It took ${amounts(taken.progress, retries)}.</p>
      ${taken.notes.length === 0 ? nothing : html`<ul class="problems">${taken.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
      ${different.length === 0
        ? html`<p data-testid="agrees">Gas and status of every transaction are those of its receipt.</p>`
        : html`<p class="notice">${count(different.length, "transaction")} of ${integer(taken.compared.length)} ${different.length === 1 ? "differs from its receipt" : "differ from their receipts"}:</p>
            <div class="differences" tabindex="0" role="region" aria-label="Differences from the receipts">
              <table>
                <thead><tr><th scope="col">Transaction</th><th scope="col">What</th><th scope="col">Here</th><th scope="col">Receipt</th></tr></thead>
                <tbody>
                  ${different.slice(0, LISTED).flatMap(({ index, differences }) => differences.map((one) => html`<tr><td>#${index}</td><td>${one.what}</td><td class="mono">${one.scenario}</td><td class="mono">${one.receipt}</td></tr>`))}
                </tbody>
              </table>
            </div>
            ${different.length > LISTED ? html`<p class="quiet">and ${count(different.length - LISTED, "more transaction")}</p>` : nothing}`}
      <button type="button" class="primary" data-testid="use-block" @click=${() => this.dispatchEvent(new CustomEvent("take", { bubbles: true, detail: taken.scenario }))}>Use this block</button>`;
  }

  #start = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const field = (name: string): string => ((form.elements.namedItem(name) as HTMLInputElement | null)?.value ?? "").trim();
    const address = readAddress(field("address"), location.protocol === "https:");
    if ("problem" in address) return this.#refuse(form, "address", address.problem);
    const chainId = field("chain") || null;
    if (chainId !== null && !/^\d{1,18}$/.test(chainId)) return this.#refuse(form, "chain", "The chain id is a number: 1 for Ethereum, 31337 for anvil. Leave it empty to take what the node is of.");
    const transactions = this.wanted === "block" ? [] : field("hashes").split(/[\s,"[\]]+/).filter((hash) => hash !== "");
    if (this.wanted === "transactions" && transactions.length === 0) return this.#refuse(form, "hashes", "Give the hashes of the transactions, one a line.");
    this.problem = null;
    const wanted = { block: this.wanted === "block" ? field("block") || "latest" : null, transactions, chainId, fork: field("fork") || null };
    if ((form.elements.namedItem("remember") as HTMLInputElement).checked) this.#keep(address.url);
    void this.node.start(address.url, wanted);
  };

  #refuse(form: HTMLFormElement, name: string, problem: string): void {
    this.problem = problem;
    (form.elements.namedItem(name) as HTMLElement | null)?.focus();
  }

  /** Consent that is taken back is taken back at once. */
  #remember = (event: Event): void => {
    if (!(event.target as HTMLInputElement).checked) this.#keep(null);
  };

  #forget = (): void => {
    this.#keep(null);
    const box = this.querySelector<HTMLInputElement>('input[name="remember"]');
    if (box) box.checked = false;
  };

  #keep(address: string | null): void {
    remember(address);
    this.kept = remembered();
  }
}

function amounts({ requests, bytes, accounts, slots }: Progress, retries: number): string {
  const all = [count(requests, "request"), `${integer(Math.ceil(bytes / 1024))} KB`, count(accounts, "account"), count(slots, "slot")];
  if (retries > 0) all.push(retries === 1 ? "1 retry" : `${integer(retries)} retries`);
  return all.join(", ");
}

customElements.define("node-panel", NodePanel);
