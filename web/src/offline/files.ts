// What the site consists of, and what tells one version of a file from another. Pure.

/** What is kept together: what every visit needs, the module of one executor or the other, and the Solidity compiler. */
export const GROUPS = ["page", "threads", "single", "compiler"] as const;
export type Group = (typeof GROUPS)[number];

/** A file of the site: by its path from the site's folder, what it contains, and how much. */
export interface SiteFile {
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
}

/** The group of a file. */
export function groupOf(path: string): Group {
  const folder = /^wasm\/(threads|single)\/|^(compiler)\//.exec(path);
  return ((folder?.[1] ?? folder?.[2]) as Group | undefined) ?? "page";
}

/** The path that is meant by one in an address: a folder's is its front page, and some hosts leave the ending of a page out. */
export function fileAt(files: ReadonlyMap<string, SiteFile>, path: string): SiteFile | null {
  return files.get(path === "" ? "index.html" : path) ?? files.get(`${path}.html`) ?? null;
}

/**
 * The same for the same content, base64 of 96 bits of SHA-256. A page stands for the scripts and style sheets that it loads, so
 * that a host may put something into it.
 */
export async function fingerprint(path: string, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const hashed = path.endsWith(".html") ? new TextEncoder().encode(built(new TextDecoder().decode(content))) : content;
  const digest = await crypto.subtle.digest("SHA-256", hashed);
  return btoa(String.fromCharCode(...new Uint8Array(digest, 0, 12)));
}

function built(page: string): string {
  return [...page.matchAll(/assets\/[\w.-]+/g)].map(([name]) => name).join("\n");
}
