import { pair as english } from "./en/pair.ts";
import { translated } from "./language.ts";

/** What the comparison of two runs says. */
export const pair = await translated(english, { de: async () => (await import("./de/pair.ts")).pair });
