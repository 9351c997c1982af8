// ABI types as fields of a form, and what was filled in as a scenario's arguments.

import type { AbiItem, AbiParameter } from "../compiler/protocol.ts";
import { workshop as words } from "../text/workshop.ts";

/** What a parameter looks like in a form. */
export type Shape =
  | { readonly kind: "text"; readonly type: string }
  | { readonly kind: "bool" }
  | { readonly kind: "list"; readonly item: Shape; readonly length: number | null }
  | { readonly kind: "tuple"; readonly members: readonly { readonly name: string; readonly shape: Shape }[] };

/** What is filled in: a text, a choice, or one for each item or member. */
export type Filled = string | boolean | readonly Filled[];

/** A fixed array of more elements is typed as JSON in one field. */
const MOST_ITEMS = 64;

/** The fields of a parameter. */
export function shapeOf({ type, components = [] }: Pick<AbiParameter, "type" | "components">): Shape {
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) {
    const length = array[2] === "" ? null : Number(array[2]);
    if (length !== null && length > MOST_ITEMS) return { kind: "text", type };
    return { kind: "list", item: shapeOf({ type: array[1], components }), length };
  }
  if (type === "tuple") return { kind: "tuple", members: components.map((member) => ({ name: member.name, shape: shapeOf(member) })) };
  return type === "bool" ? { kind: "bool" } : { kind: "text", type };
}

/** Nothing filled in yet. */
export function blank(shape: Shape): Filled {
  switch (shape.kind) {
    case "text":
      return "";
    case "bool":
      return false;
    case "list":
      return Array.from({ length: shape.length ?? 0 }, () => blank(shape.item));
    case "tuple":
      return shape.members.map((member) => blank(member.shape));
  }
}

/** `filled` with what stands at `path` replaced. */
export function replaced(filled: Filled, path: readonly number[], value: Filled): Filled {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const items = filled as readonly Filled[];
  return items.map((item, i) => (i === first ? replaced(item, rest, value) : item));
}

/** As an argument in a scenario. What numbers, names and bytes may look like the engine decides. */
export function argument(shape: Shape, filled: Filled): unknown {
  switch (shape.kind) {
    case "text": {
      const text = filled as string;
      if (shape.type === "string") return text;
      // A long array, as JSON.
      if (shape.type.endsWith("]")) return parsed(text);
      return text.trim();
    }
    case "bool":
      return filled;
    case "list":
      return (filled as readonly Filled[]).map((item) => argument(shape.item, item));
    case "tuple":
      return shape.members.map((member, i) => argument(member.shape, (filled as readonly Filled[])[i]));
  }
}

/** The first thing that is not filled in, as `amounts[2]`; `null` if nothing is missing. */
export function missing(name: string, shape: Shape, filled: Filled): string | null {
  switch (shape.kind) {
    case "text":
      return shape.type === "string" || (filled as string).trim() !== "" ? null : name;
    case "bool":
      return null;
    case "list":
      return first((filled as readonly Filled[]).map((item, i) => missing(`${name}[${i}]`, shape.item, item)));
    case "tuple":
      return first(shape.members.map((member, i) => missing(`${name}.${member.name || i}`, member.shape, (filled as readonly Filled[])[i])));
  }
}

/** What to write as an example of the type. */
export function placeholder(type: string): string {
  if (type === "address") return words.nameOrAddress;
  if (type.startsWith("uint")) return '5, 1.5 ether, 0xff';
  if (type.startsWith("int")) return "-5";
  if (type === "string") return words.text;
  if (type.startsWith("bytes") || type === "function") return "0x…";
  return "[…]";
}

/** `transfer(address,uint256)`; the name alone where no other function has it. */
export function callName(item: AbiItem, abi: readonly AbiItem[]): string {
  const same = abi.filter((other) => other.type === "function" && other.name === item.name);
  return same.length > 1 ? signature(item) : (item.name ?? "");
}

/** `transfer(address,uint256)` */
export function signature({ name, inputs = [] }: AbiItem): string {
  return `${name ?? ""}(${inputs.map(canonical).join(",")})`;
}

function canonical({ type, components = [] }: AbiParameter): string {
  return type.startsWith("tuple") ? `(${components.map(canonical).join(",")})${type.slice("tuple".length)}` : type;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The engine says what is wrong with it.
    return text;
  }
}

function first(found: readonly (string | null)[]): string | null {
  return found.find((name) => name !== null) ?? null;
}
