import { phrases as english } from "./en/phrases.ts";
import { translated } from "./language.ts";

/** What CodeMirror says: its own English needs no entries. */
export const phrases = await translated(english, { de: async () => (await import("./de/phrases.ts")).phrases });
