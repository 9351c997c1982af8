// Which files an import means: those of the editor first, then the library's, whose paths begin with its package's name.

import type { SourceFile } from "./protocol.ts";

/** The library's package. */
export const LIBRARY = "@openzeppelin/contracts/";

/** Texts by path without {@link LIBRARY} in front. */
export type Library = Readonly<Record<string, string>>;

/** Whether any of the files can need the library. */
export function needsLibrary(files: readonly SourceFile[]): boolean {
  return files.some(({ text }) => text.includes(LIBRARY));
}

/** The text at `path`, or why there is none: what the compiler asks for when it meets an import. */
export function resolve(path: string, library: Library | null): { contents: string } | { error: string } {
  if (path.startsWith(LIBRARY)) {
    const text = library && Object.hasOwn(library, path.slice(LIBRARY.length)) ? library[path.slice(LIBRARY.length)] : undefined;
    return text === undefined ? { error: `${LIBRARY.slice(0, -1)} has no file ${path.slice(LIBRARY.length)}` } : { contents: text };
  }
  if (/^[a-z]+:/i.test(path)) return { error: "the page loads nothing from other addresses: add the file here" };
  return { error: `there is no such file here; add one with that name, or import from ${LIBRARY}` };
}
