import { drafts as english } from "./en/drafts.ts";
import { translated } from "./language.ts";

/** What is said of drafts. */
export const drafts = await translated(english, { de: async () => (await import("./de/drafts.ts")).drafts });
