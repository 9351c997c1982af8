import type { Language } from "./language.ts";

/** What `<evm-lanes>` calls its frame: in all languages at once, because the element has no other words and waits for nothing. */
const TITLES: Readonly<Record<Language, string>> = {
  en: "EVM Lanes: transactions in parallel",
  de: "EVM Lanes: Transaktionen parallel",
};

/** In the language of a tag such as `de-AT`, or in English. */
export function frameTitle(tag: string): string {
  return Object.entries(TITLES).find(([language]) => language === tag.split("-")[0]?.toLowerCase())?.[1] ?? TITLES.en;
}
