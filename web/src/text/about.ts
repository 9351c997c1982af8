import { about as english } from "./en/about.ts";
import { translated } from "./language.ts";

/** What the About dialog says. */
export const about = await translated(english, { de: async () => (await import("./de/about.ts")).about });
