/**
 * What a report has to be: a reader for each of its types, which takes what is known and leaves out everything else. Whatever a
 * file says, what comes out has every field, its indices lead somewhere, and nothing in it is larger than an engine would make it, so that no
 * view has to doubt it. A field that a type has and its reader has not does not compile.
 */
import { report as words } from "../text/report.ts";
import { MAX_WORKERS } from "../engine/types.ts";

/** Takes a value apart, or throws {@link Wrong}. */
export type Read<T> = (value: unknown, sizes: Sizes) => T;

/** How many there are of what indices lead to. */
export interface Sizes {
  readonly transactions: number;
  readonly accounts: number;
  readonly locations: number;
  readonly causes: number;
  readonly lanes: number;
}

/** Something is not what it has to be, and where. */
export class Wrong extends Error {
  /** From the inside out. */
  readonly path: (string | number)[] = [];

  /** `transactions[3].value`. */
  get place(): string {
    return this.path.toReversed().map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");
  }
}

/** One lane more than there are workers: that of who validates and commits where messages are exchanged. */
export const MAX_LANES = MAX_WORKERS + 1;
/** No list is longer. The engine takes 50,000 transactions. */
const LONGEST = 1_000_000;

/** An object with these fields. */
export function object<T>(fields: { readonly [K in keyof T]-?: Read<T[K]> }): Read<T> {
  const entries = Object.entries(fields) as [string, Read<unknown>][];
  return (value, sizes) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Wrong(words.noObject);
    const result: Record<string, unknown> = {};
    for (const [name, read] of entries) {
      try {
        result[name] = read(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, sizes);
      } catch (error) {
        throw inside(error, name);
      }
    }
    return result as T;
  };
}

/** A list. */
export function list<T>(read: Read<T>, longest = LONGEST): Read<T[]> {
  return (value, sizes) => {
    if (!Array.isArray(value)) throw new Wrong(words.noList);
    if (value.length > longest) throw new Wrong(words.tooLong(value.length, longest));
    let at = 0;
    try {
      const result: T[] = [];
      for (; at < value.length; at++) result.push(read(value[at], sizes));
      return result;
    } catch (error) {
      throw inside(error, at);
    }
  };
}

/** Something or nothing; a field that is not there is nothing. */
export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value, sizes) => (value === null || value === undefined ? null : read(value, sizes));
}

/** One of several words. */
export function oneOf<T extends string>(choices: readonly T[]): Read<T> {
  return (value) => {
    if (!choices.includes(value as T)) throw new Wrong(words.noneOf(choices.join(", ")));
    return value as T;
  };
}

/** An index. */
export function index(of: keyof Sizes): Read<number> {
  return (value, sizes) => {
    if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) < sizes[of])) throw new Wrong(words.noIndex(of));
    return value as number;
  };
}

/** A whole number from `least` to `most`. */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER): Read<number> {
  return (value) => {
    if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) throw new Wrong(words.noWhole(least, most));
    return value as number;
  };
}

/** A number that is not negative: a time, a factor. Larger ones than `most` nothing takes. */
export const amount: Read<number> = (value) => {
  if (!(typeof value === "number" && value >= 0 && value <= MOST)) throw new Wrong(words.noAmount);
  return value;
};
const MOST = 1e18;

export const text: Read<string> = (value) => {
  if (typeof value !== "string") throw new Wrong(words.noText);
  return value;
};

export const yes: Read<boolean> = (value) => {
  if (typeof value !== "boolean") throw new Wrong(words.noBoolean);
  return value;
};

/** A number of at most 256 bits in hexadecimal. */
export const quantity: Read<string> = (value) => {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw new Wrong(words.noQuantity);
  return value;
};

/** A column of numbers, as the engine hands it over. */
export function column<C extends { [index: number]: number; length: number }>(read: Read<number>, make: (length: number) => C): Read<C> {
  const items = list(read, 4 * LONGEST);
  return (value, sizes) => {
    const numbers = items(value, sizes);
    const result = make(numbers.length);
    for (let i = 0; i < numbers.length; i++) result[i] = numbers[i];
    return result;
  };
}

/** The error, from one step further out. */
export function inside(error: unknown, key: string | number): unknown {
  if (error instanceof Wrong) error.path.push(key);
  return error;
}
