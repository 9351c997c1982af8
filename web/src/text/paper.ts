import { paper as english } from "./en/paper.ts";
import { translated } from "./language.ts";

/** What is printed besides what was run. */
export const paper = await translated(english, { de: async () => (await import("./de/paper.ts")).paper });
