/** What is too large for a link, as a file: the same parameters, with the text as it is. */
import { LINK_VERSION, LinkError, parameters, readLink, readParameters, type Link } from "./link.ts";

/** What such files are called. */
export const SHARED_FILE = "scenario.evmlanes.json";

const HEADER = "evmLanesShare";

/** The file for a link with a text. */
export function writeSharedFile(link: Link): string {
  return `${JSON.stringify({ [HEADER]: LINK_VERSION, parameters: parameters(link).join("&"), text: link.text ?? "" }, null, 2)}\n`;
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
    throw new LinkError(`The file was changed or cut off: it is no JSON (${(error as Error).message}).`);
  }
  const { [HEADER]: version, parameters: source, text } = read as Record<string, unknown>;
  if (version !== LINK_VERSION) throw new LinkError(`The file is of another version than ${LINK_VERSION}, which this page reads. Open it with a newer EVM Lanes.`);
  if (typeof source !== "string" || typeof text !== "string") throw new LinkError("The file was changed: its “parameters” and its “text” have to be strings.");
  const link = readLink(readParameters(source));
  if (link.example !== null) throw new LinkError("The file has both an example and a text. Take “example” out of its parameters.");
  return { ...link, text };
}
