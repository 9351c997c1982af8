import { keys as english } from "./en/keys.ts";
import { translated } from "./language.ts";

/** What the help says of keys. */
export const keys = await translated(english, { de: async () => (await import("./de/keys.ts")).keys });
