/** What the page is made of. Written by `web/about.ts` when it is built, as `about.json`; nobody keeps a list by hand. */

/** A file that is shipped, in bytes. */
export interface Shipped {
  readonly name: string;
  readonly bytes: number;
  readonly gzip: number;
}

/** Somebody's work that is in what is shipped. */
export interface Part {
  readonly kind: "own" | "crate" | "package" | "compiler" | "library";
  readonly name: string;
  readonly version: string;
  /** As an SPDX expression. */
  readonly licence: string;
  readonly source: string | null;
  /** Its licences' texts, by their index in `texts`. */
  readonly texts: readonly number[];
  /** A file of this site that has the text instead, because it is long. */
  readonly textAt: string | null;
}

/** All of it. */
export interface About {
  readonly version: string;
  /** The commit that was built, and whether there were changes that are not in it; `null` outside of a repository. */
  readonly commit: { readonly id: string; readonly changed: boolean } | null;
  readonly revm: string;
  readonly modules: readonly Shipped[];
  readonly parts: readonly Part[];
  /** Each text once: many parts have the same. */
  readonly texts: readonly string[];
}

/** Loads it from beside the page. */
export async function loadAbout(): Promise<About> {
  const response = await fetch(new URL("about.json", document.baseURI));
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as About;
}
