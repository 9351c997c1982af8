/** How untrusted texts stand in each format, and in the names of files. */

const XML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text in XML, as content or in quotes. What XML cannot hold at all, control characters and halves of pairs, is replaced. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => XML[character])
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD");
}

/** A text in a line of Markdown, also in a table, where it means nothing but itself, and no address becomes a link. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replace(/[\s\x00-\x1F\x7F]+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~&$^@]/g, "\\$&")
    .replace(/:(?=\/\/)|(?<=www)\.|^[#+=-]|(?<=^\d{1,9})[.)](?=\s|$)/gi, "\\$&");
}

/** A text in a row of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe, which makes it a text. */
export function escapeCsv(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The longest part of a file's name that comes from a text. */
const LONGEST = 48;

/** A text as part of a file's name: small letters, digits and hyphens only, whatever it says. */
export function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "scenario" : plain;
}
