// What English sentences are made with. A section imports nothing but this: whoever loads it may be waiting for it.

const plural = new Intl.PluralRules("en");

/** A count with its noun: `1 abort`, `2 aborts`. */
export function count(value: number, one: string, other = `${one}s`): string {
  return `${integer(value)}\u202f${noun(value, one, other)}`;
}

/** The noun alone, as the count has it. */
export function noun(value: number, one: string, other = `${one}s`): string {
  return plural.select(value) === "one" ? one : other;
}

/** `1 234 567`. */
export function integer(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}
