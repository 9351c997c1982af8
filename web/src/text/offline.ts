import { offline as english } from "./en/offline.ts";
import { translated } from "./language.ts";

/** What is said of new versions, and of what is kept for when there is no network. */
export const offline = await translated(english, { de: async () => (await import("./de/offline.ts")).offline });
