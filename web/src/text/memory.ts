import { memory as english } from "./en/memory.ts";
import { translated } from "./language.ts";

/** What the Memory tab says. */
export const memory = await translated(english, { de: async () => (await import("./de/memory.ts")).memory });
