/** What a run says of its block access lists. */
import { html, nothing, type TemplateResult } from "lit";
import type { AccessLists, Report } from "../engine/types.ts";
import { count, shortHex } from "./format.ts";
import { term } from "./term.ts";

/** An address in full, as the engine writes it. */
const ADDRESS = /\b0x[0-9a-f]{40}\b/gi;

/** The list's hash, and whether the sequential and the parallel run agree on it. */
export function accessListFact({ sequential, parallel }: AccessLists): TemplateResult {
  const hash = (value: string): TemplateResult => html`<span class="mono" title=${value}>${shortHex(value)}</span>`;
  return sequential === parallel
    ? html`<span data-testid="access-list">${term("access-list")} ${hash(sequential)}, the same of both runs</span>`
    : html`<span data-testid="access-list">${term("access-list")} ${hash(sequential)}, but ${hash(parallel)} of the parallel run</span>`;
}

/** Every place where the scenario's own list is wrong, in words. */
export function wrongAccessList({ accessLists, accounts }: Report): TemplateResult | typeof nothing {
  const wrong = accessLists?.wrong ?? [];
  if (wrong.length === 0) return nothing;
  const names = new Map(accounts.map(({ address, name }) => [address.toLowerCase(), name]));
  const named = (words: string): string => words.replace(ADDRESS, (address) => names.get(address.toLowerCase()) ?? shortHex(address));
  return html`<div class="notice" data-testid="wrong-access-list">
    <p>
      The scenario's own ${term("access-list")} is wrong in ${count(wrong.length, "place")}. It cost time and nothing else: no list is believed, and the
      result is right all the same.
    </p>
    <ul tabindex="0" aria-label="What is wrong with the list">${wrong.map((words) => html`<li title=${words}>${named(words)}</li>`)}</ul>
  </div>`;
}

/** Whether what the strategy knew comes from executing the block. */
export function isOracle({ options, accessLists }: Report): boolean {
  return options.strategy === "dag" || (accessLists?.fromExecution ?? false);
}
