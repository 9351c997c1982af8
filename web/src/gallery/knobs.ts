/** The knobs of generated parts: numbers in a scenario's text, found and changed in place. Loaded when a text has such a part. */
import { applyEdits, findNodeAtLocation, modify, type Node, parseTree } from "jsonc-parser";

/** What can be turned. */
export type KnobName = "count" | "accounts" | "pools" | "skew" | "reads" | "seed";

/** A number of a generated part. */
export interface Knob {
  readonly name: KnobName;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A generated part with its knobs. */
export interface Part {
  /** What it is called: its label or its workload. */
  readonly name: string;
  /** Where it stands in the text. */
  readonly path: readonly (string | number)[];
  readonly knobs: readonly Knob[];
}

const NAMES: readonly KnobName[] = ["count", "accounts", "pools", "skew", "reads", "seed"];
const MOST_SENDERS = 1000;

/** The generated parts of a scenario's text, as far as it can be read. */
export function partsOf(text: string): Part[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) return [];
  return ["setup", "transactions"].flatMap((list) => {
    const items = findNodeAtLocation(root, [list]);
    return (items?.type === "array" ? (items.children ?? []) : []).flatMap((item, index) => {
      const part = findNodeAtLocation(item, ["generate"]);
      if (part?.type !== "object") return [];
      const label = wordOf(item, "label") ?? wordOf(part, "workload") ?? `${list}[${index}]`;
      return [{ name: label, path: [list, index, "generate"], knobs: knobsOf(part, text) }];
    });
  });
}

/** `text` with one knob turned; the number of senders follows where it would exceed that of transactions. */
export function turn(text: string, part: Part, name: KnobName, value: number): string {
  const set = (text: string, key: KnobName, value: number): string =>
    applyEdits(text, modify(text, [...part.path, key], value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  const changed = set(text, name, value);
  const accounts = partsOf(changed)
    .find(({ path }) => path.join() === part.path.join())
    ?.knobs.find((knob) => knob.name === "accounts");
  return name === "count" && accounts && accounts.value > value ? set(changed, "accounts", value) : changed;
}

function knobsOf(part: Node, text: string): Knob[] {
  const given = (name: string): number | undefined => {
    const value: unknown = findNodeAtLocation(part, [name])?.value;
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const own = text.slice(part.offset, part.offset + part.length);
  const workload = wordOf(part, "workload");
  const templates = findNodeAtLocation(part, ["each"]) !== undefined;
  const reading = templates && (findNodeAtLocation(part, ["each"])?.children ?? []).some((entry) => findNodeAtLocation(entry, ["read"])?.value === true);
  const pooled = templates ? /\{(pool|home)\}/.test(own) : workload === "swaps" || workload === "mixed";
  const count = given("count") ?? 100;
  const knobs: Record<KnobName, Omit<Knob, "name"> | null> = {
    count: { value: count, min: 1, max: Math.max(1000, count), step: 1 },
    accounts: { value: given("accounts") ?? Math.min(count, MOST_SENDERS), min: 1, max: count, step: 1 },
    pools: pooled ? { value: given("pools") ?? 1, min: 1, max: 64, step: 1 } : null,
    skew: { value: given("skew") ?? 0, min: 0, max: 4, step: 0.1 },
    reads: reading && given("reads") !== undefined ? { value: given("reads")!, min: 0, max: 1, step: 0.05 } : null,
    seed: { value: given("seed") ?? 0, min: 0, max: Math.max(100, given("seed") ?? 0), step: 1 },
  };
  return NAMES.flatMap((name) => {
    const knob = knobs[name];
    return knob ? [{ name, ...knob }] : [];
  });
}

/** The text of a member, if it has one. */
function wordOf(node: Node, key: string): string | undefined {
  const value: unknown = findNodeAtLocation(node, [key])?.value;
  return typeof value === "string" ? value : undefined;
}
