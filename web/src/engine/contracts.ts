// The contracts that scenarios name: files beside the wasm, of which each is loaded when a scenario first mentions one of its
// contracts.

import folders from "../../../examples/contracts/folders.json";
import { message } from "./errors.ts";

/** What takes the contracts: the engine's glue. */
export interface Taker {
  addContracts(text: string): void;
  noContracts(why: string): void;
}

const BASE = "contracts";

const urls = import.meta.glob<string>("../../../examples/*/contracts.json", { query: "?url", import: "default", eager: true });

/** The folders whose contracts a scenario's text mentions, by the names in quotes. Every scenario may need the common ones. */
export function foldersOf(text: string, index: Readonly<Record<string, readonly string[]>> = folders): string[] {
  const mentioned = (names: readonly string[]): boolean => names.some((name) => text.includes(`"${name}"`));
  return [BASE, ...Object.keys(index).filter((folder) => mentioned(index[folder]))];
}

/** What one coordinator has been given so far. */
export class ContractFiles {
  #given = new Set<string>();
  /** On its way while the page still compiles the module. */
  #first: Promise<string> | null = load(BASE);

  constructor() {
    // Looked at when there is somebody to tell.
    this.#first?.catch(() => undefined);
  }

  /** Gives `taker` what a scenario needs; what cannot be loaded is tried again for the next one. */
  async provide(text: string, taker: Taker): Promise<void> {
    const problems: string[] = [];
    for (const folder of foldersOf(text)) {
      if (this.#given.has(folder)) continue;
      try {
        const file = folder === BASE && this.#first ? this.#first : load(folder);
        this.#first = folder === BASE ? null : this.#first;
        taker.addContracts(await file);
        this.#given.add(folder);
      } catch (error) {
        problems.push(message(error));
      }
    }
    if (problems.length > 0) taker.noContracts(`The file of contracts: ${problems.join(", ")}. Reload the page to try again.`);
  }
}

/** The text of a folder's `contracts.json`. */
export async function load(folder: string): Promise<string> {
  const response = await fetch(urls[`../../../examples/${folder}/contracts.json`]);
  if (!response.ok) throw new Error(`${new URL(response.url).pathname}: ${response.status} ${response.statusText}`);
  return response.text();
}
