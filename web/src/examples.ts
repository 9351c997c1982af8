/** The bundled scenarios, as text: comments and layout are part of what they teach. Each is loaded when it is asked for. */
import index from "../../examples/index.json";
import { links, workload } from "./text/page.ts";

/** A heading of the menu and what is under it. */
export interface ExampleGroup {
  readonly title: string;
  readonly examples: readonly { readonly id: string; readonly title: string }[];
}

const files = import.meta.glob<string>(["../../examples/*.json", "../../examples/*/*.json", "!../../examples/*/contracts.json", "!../../examples/contracts/*", "!../../examples/lessons/*"], {
  query: "?raw",
  import: "default",
});

const WORDS: Readonly<Record<string, string>> = { erc20: "ERC-20", nft: "NFT", amm: "AMM", dao: "DAO" };

/** The menu; what has no file is left out. */
export const exampleGroups: readonly ExampleGroup[] = index.groups
  .map((group) => ({
    title: group.title,
    examples: group.examples.filter((id) => path(id) in files).map((id) => ({ id, title: titleOf(id) })),
  }))
  .filter((group) => group.examples.length > 0);

/** The one that is run on a first visit. */
export const defaultExample: string = index.default;

/** The variants of the workload in a folder, in the order of the menu. */
export function variantsOf(folder: string): string[] {
  const ids = index.groups.flatMap((group) => group.examples);
  return ids.filter((id) => id.startsWith(`${folder}/`)).map((id) => id.slice(folder.length + 1));
}

/** What a variant of a workload is called. */
export function variantName(variant: string): string {
  const words = workload.variants[variant] ?? variant.replaceAll("-", " ");
  return words[0].toUpperCase() + words.slice(1);
}

/** The text of an example. */
export async function loadExample(id: string): Promise<string> {
  const load = files[path(id)];
  if (!load) throw new Error(links.noExample(id));
  return load();
}

function path(id: string): string {
  return `../../examples/${id}.json`;
}

/** `erc20-fan-out` → `ERC-20 fan out`; `dao-vote/contended` → `DAO vote, contended`. */
function titleOf(id: string): string {
  const words = id
    .replace("/", ", ")
    .split(/(?<= )|-/)
    .map((word) => WORDS[word] ?? word)
    .join(" ")
    .replaceAll("  ", " ");
  return words[0].toUpperCase() + words.slice(1);
}
