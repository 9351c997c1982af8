import { embedding as english } from "./en/embedding.ts";
import { translated } from "./language.ts";

/** What the dialog for embedding says. */
export const embedding = await translated(english, { de: async () => (await import("./de/embedding.ts")).embedding });
