/**
 * The language that the page speaks. It is chosen once, when the page is loaded: another choice loads the page again, so that no
 * text has to be told that it has changed. What the engine writes is English in every language.
 */

/** Every language there is, by its own name. English is the one that is always complete, and that any other falls back to. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** Where a choice is kept. */
const KEPT = "evm-lanes-language";
/** A figure in the page itself. */
const INLINE = "evm-lanes[inline]";

/**
 * As somebody chose it, as the address says, or as the browser prefers; English where none of them names a language there is. A figure in
 * another page has that page's language first: by the frame's address, or by what is around the element. Only a page is asked for more than its
 * address: a worker knows nothing of a choice, and tests are in English wherever they run.
 */
export const language: Language =
  [...(embedded() ? [hosted(), asked(), kept()] : [kept(), asked()]), ...(globalThis.document ? navigator.languages : [])].map(known).find((each) => each !== null) ?? "en";

/**
 * A section of the catalogue in the page's language. Each is a module that awaits this as it is loaded, so the words of another
 * language come with the part of the page that says them, and those of the others never do. A language that does not load is
 * English: words are no reason to show nothing.
 */
export async function translated<Section>(english: Section, others: Record<Exclude<Language, "en">, () => Promise<Section>>): Promise<Section> {
  if (language === "en") return english;
  return others[language]().catch(() => english);
}

/** Keeps a choice and loads the page again. A page that may keep nothing is asked for the language in its address. */
export function choose(chosen: Language): void {
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    address.searchParams.set("lang", chosen);
  }
  if (address.href === location.href) location.reload();
  else location.replace(address);
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    // No storage here: in a worker, in tests, in a frame of another site.
    return null;
  }
}

function asked(): string | null {
  // A worker is told by its own address.
  return globalThis.location ? new URLSearchParams(location.search).get("lang") : null;
}

/** Whether this is a frame, or a page with a figure in itself. */
function embedded(): boolean {
  return globalThis.document !== undefined && (parent !== window || document.querySelector(INLINE) !== null);
}

function hosted(): string | null {
  return document.querySelector(INLINE)?.closest("[lang]")?.getAttribute("lang") ?? null;
}

/** The language of a tag such as `de-AT`. */
function known(tag: string | null): Language | null {
  const primary = tag?.split("-")[0]?.toLowerCase() ?? "";
  return Object.hasOwn(LANGUAGES, primary) ? (primary as Language) : null;
}
