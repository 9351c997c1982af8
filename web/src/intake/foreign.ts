// Whether a text is worth asking the module about: a guess that costs little, from the start of the text.

/** A scenario's own fields. */
const OWN: ReadonlySet<string> = new Set([
  "$schema",
  "format",
  "title",
  "description",
  "fork",
  "chainId",
  "invalid",
  "block",
  "accounts",
  "contracts",
  "sources",
  "setup",
  "transactions",
  "blockAccessList",
]);

/** How much of a text is looked at, in UTF-16 units. */
const LOOKED_AT = 1 << 20;

/** Strings with whether they are keys, comments, and brackets; whatever is not closed goes to the end. */
const TOKEN = /"((?:[^"\\]|\\[^])*)(?:"(\s*:)?|$)|\/\/[^\n]*|\/\*(?:[^]*?\*\/|[^]*$)|[{}[\]]/g;

/** Whether a text with problems is rather what another tool has written than a scenario with mistakes. */
export function looksForeign(text: string): boolean {
  const start = text.slice(0, LOOKED_AT).replace(/^(?:\s|\uFEFF|\/\/[^\n]*(?:\n|$))+/, "");
  if (/^(?:0x[0-9a-f]|"0x|\[)/i.test(start)) return true;
  if (!start.startsWith("{")) return false;
  const keys = topLevelKeys(start);
  const own = keys.filter((key) => OWN.has(key)).length;
  const others = keys.length - own;
  return others > 0 && (own === 0 || (others > 1 && others >= own));
}

/** The keys of the object that a text begins with, as far as they can be seen. */
export function topLevelKeys(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, string, colon] of text.matchAll(TOKEN)) {
    if (colon !== undefined && depth === 1) keys.push(string);
    else if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth === 0) break;
  }
  return keys;
}
