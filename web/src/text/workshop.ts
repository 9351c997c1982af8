import { workshop as english } from "./en/workshop.ts";
import { translated } from "./language.ts";

/** What the Contract tab says. */
export const workshop = await translated(english, { de: async () => (await import("./de/workshop.ts")).workshop });
