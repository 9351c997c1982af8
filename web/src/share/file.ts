/** What is too large for a link, as a file: the same parameters, with the texts as they are. */
import { LINK_VERSION, LinkError, parameters, readLink, readParameters, type Link } from "./link.ts";
import { links as words } from "../text/page.ts";

/** What such files are called. */
export const SHARED_FILE = "scenario.evmlanes.json";

const HEADER = "evmLanesShare";

/** The file for a link with a text. */
export function writeSharedFile(link: Link): string {
  const beside = link.beside?.text ?? undefined;
  return `${JSON.stringify({ [HEADER]: LINK_VERSION, parameters: parameters(link).join("&"), beside, text: link.text ?? "" }, null, 2)}\n`;
}

/** Whether a text is such a file, by its first field. */
export function isSharedFile(text: string): boolean {
  return new RegExp(`^\\uFEFF?\\s*\\{\\s*"${HEADER}"\\s*:`).test(text);
}

/** What the file holds. Fails with a `LinkError`, whatever the text is. */
export function readSharedFile(file: string): Link {
  let read: unknown;
  try {
    read = JSON.parse(file.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new LinkError(words.fileNoJson((error as Error).message));
  }
  const { [HEADER]: version, parameters: source, text, beside } = read as Record<string, unknown>;
  if (version !== LINK_VERSION) throw new LinkError(words.fileOtherVersion(LINK_VERSION));
  if (typeof source !== "string" || typeof text !== "string") throw new LinkError(words.fileNotStrings);
  const link = readLink(readParameters(source));
  if (link.example !== null) throw new LinkError(words.fileBoth);
  if (beside === undefined) return { ...link, text };
  if (typeof beside !== "string") throw new LinkError(words.fileNotStrings);
  return { ...link, text, beside: { options: link.beside?.options ?? {}, text: beside } };
}
