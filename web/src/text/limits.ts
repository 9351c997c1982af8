import { limits as english } from "./en/limits.ts";
import { translated } from "./language.ts";

/** What is said of the page's limits. */
export const limits = await translated(english, { de: async () => (await import("./de/limits.ts")).limits });
