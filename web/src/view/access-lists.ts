/** What a run says of its block access lists. */
import { html, nothing, type TemplateResult } from "lit";
import type { AccessLists, Report } from "../engine/types.ts";
import { accessLists as words } from "../text/page.ts";
import { shortHex } from "./format.ts";
import { term, termed } from "./term.ts";

/** An address in full, as the engine writes it. */
const ADDRESS = /\b0x[0-9a-f]{40}\b/gi;

/** The list's hash, and whether the sequential and the parallel run agree on it. */
export function accessListFact({ sequential, parallel }: AccessLists): TemplateResult {
  const hash = (value: string): TemplateResult => html`<span class="mono" title=${value}>${shortHex(value)}</span>`;
  return sequential === parallel
    ? html`<span data-testid="access-list">${words.same(term("access-list"), hash(sequential))}</span>`
    : html`<span data-testid="access-list">${words.different(term("access-list"), hash(sequential), hash(parallel))}</span>`;
}

/** Every place where the scenario's own list is wrong, in words. */
export function wrongAccessList({ accessLists, accounts }: Report): TemplateResult | typeof nothing {
  const wrong = accessLists?.wrong ?? [];
  if (wrong.length === 0) return nothing;
  const names = new Map(accounts.map(({ address, name }) => [address.toLowerCase(), name]));
  const named = (place: string): string => place.replace(ADDRESS, (address) => names.get(address.toLowerCase()) ?? shortHex(address));
  return html`<div class="notice" data-testid="wrong-access-list">
    <p>${words.wrong(termed("access-list"), wrong.length)}</p>
    <ul tabindex="0" aria-label=${words.whatIsWrong}>${wrong.map((place) => html`<li lang="en" title=${place}>${named(place)}</li>`)}</ul>
  </div>`;
}

/** Whether what the strategy knew comes from executing the block. */
export function isOracle({ options, accessLists }: Report): boolean {
  return options.strategy === "dag" || (accessLists?.fromExecution ?? false);
}
