import { html, nothing, type TemplateResult } from "lit";
import type { Progress, Taken } from "../intake/types.ts";
import { readAddress } from "../node/address.ts";
import { remember, remembered } from "../node/consent.ts";
import type { NodeSession } from "../node/session.ts";
import type { State } from "../state/state.ts";
import { node as words } from "../text/node.ts";
import { controls } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { decimal, integer } from "./format.ts";

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
        <p class="quiet">${words.about(html`<code>--allow-origin</code>`, html`<code>--http.corsdomain</code>`)}</p>
        <label class="wide">${words.address} <input name="address" class="mono" inputmode="url" spellcheck="false" autocomplete="off" autocapitalize="off" placeholder="http://127.0.0.1:8545" .defaultValue=${this.kept ?? ""} /></label>
        <div class="row">
          <label>${words.take}
            <select name="wanted" @change=${(event: Event) => (this.wanted = (event.target as HTMLSelectElement).value as typeof this.wanted)}>
              <option value="block">${words.block}</option>
              <option value="transactions">${words.transactions}</option>
            </select>
          </label>
          <label class="grow" ?hidden=${this.wanted !== "block"}>${words.which} <input name="block" class="mono" spellcheck="false" autocomplete="off" value="latest" /></label>
          <label class="grow" ?hidden=${this.wanted !== "transactions"}>${words.hashes} <textarea name="hashes" class="mono" rows="3" spellcheck="false" autocomplete="off"></textarea></label>
          <label>${words.chainId} <input name="chain" class="mono short" inputmode="numeric" autocomplete="off" placeholder=${words.any} /></label>
          <label>${words.fork} <input name="fork" class="mono short" spellcheck="false" autocomplete="off" placeholder=${words.foundOut} /></label>
        </div>
        <div class="row">
          <label class="check"><input type="checkbox" name="remember" .defaultChecked=${this.kept !== null} @change=${this.#remember} /> ${words.remember}</label>
          ${this.kept === null ? nothing : html`<button type="button" data-testid="forget" @click=${this.#forget}>${words.forget}</button>`}
        </div>
        <div class="row">
          <button type="submit" class="primary" ?disabled=${busy}>${words.fetch}</button>
          ${busy ? html`<button type="button" data-testid="cancel-fetch" @click=${() => this.node.cancel()}>${controls.cancel}</button>` : nothing}
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
        return html`<p>${words.cancelled}</p>`;
      case "failed":
        return html`<p class="notice">${words.notTaken(html`<span lang="en">${node.message}</span>`)}</p>`;
      case "underway": {
        const { underway } = node;
        if (!underway) return html`<p>${words.asking(node.node)}</p>`;
        return html`<p>${words.askingFor(node.node, words.stages[underway.progress.stage], amounts(underway.progress, underway.retries))}</p>
          ${underway.trouble ? html`<p>${words.askingAgain(decimal(underway.trouble.wait / 1000, 1), html`<span lang="en">${underway.trouble.why}</span>`)}</p>` : nothing}`;
      }
      case "done":
        return this.#taken(node.taken, node.retries);
    }
  }

  #taken(taken: Taken, retries: number): TemplateResult {
    const different = taken.compared.flatMap(({ differences }, index) => (differences.length > 0 ? [{ index, differences }] : []));
    return html`<p>${words.taken((block) => html`<strong>${block}</strong>`, integer(taken.block), taken.chainId, taken.fork, taken.compared.length, taken.traced, amounts(taken.progress, retries))}</p>
      ${taken.notes.length === 0 ? nothing : html`<ul class="problems">${taken.notes.map((note) => html`<li lang="en">${note}</li>`)}</ul>`}
      ${different.length === 0
        ? html`<p data-testid="agrees">${words.agrees}</p>`
        : html`<p class="notice">${words.differ(different.length, integer(taken.compared.length))}</p>
            <div class="differences" tabindex="0" role="region" aria-label=${words.differences}>
              <table>
                <thead><tr><th scope="col">${words.transaction}</th><th scope="col">${words.what}</th><th scope="col">${words.here}</th><th scope="col">${words.receipt}</th></tr></thead>
                <tbody>
                  ${different.slice(0, LISTED).flatMap(({ index, differences }) => differences.map((one) => html`<tr><td>#${index}</td><td lang="en">${one.what}</td><td class="mono">${one.scenario}</td><td class="mono">${one.receipt}</td></tr>`))}
                </tbody>
              </table>
            </div>
            ${different.length > LISTED ? html`<p class="quiet">${words.more(different.length - LISTED)}</p>` : nothing}`}
      <button type="button" class="primary" data-testid="use-block" @click=${() => this.dispatchEvent(new CustomEvent("take", { bubbles: true, detail: taken.scenario }))}>${words.use}</button>`;
  }

  #start = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const field = (name: string): string => ((form.elements.namedItem(name) as HTMLInputElement | null)?.value ?? "").trim();
    const address = readAddress(field("address"), location.protocol === "https:");
    if ("problem" in address) return this.#refuse(form, "address", address.problem);
    const chainId = field("chain") || null;
    if (chainId !== null && !/^\d{1,18}$/.test(chainId)) return this.#refuse(form, "chain", words.badChain);
    const transactions = this.wanted === "block" ? [] : field("hashes").split(/[\s,"[\]]+/).filter((hash) => hash !== "");
    if (this.wanted === "transactions" && transactions.length === 0) return this.#refuse(form, "hashes", words.noHashes);
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
  return words.amounts(requests, Math.ceil(bytes / 1024), accounts, slots, retries);
}

customElements.define("node-panel", NodePanel);
