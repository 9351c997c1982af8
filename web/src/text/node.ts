import { node as english } from "./en/node.ts";
import { translated } from "./language.ts";

/** What the panel that takes a block from a node says. */
export const node = await translated(english, { de: async () => (await import("./de/node.ts")).node });
