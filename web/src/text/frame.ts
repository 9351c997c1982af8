import { frame as english } from "./en/frame.ts";
import { translated } from "./language.ts";

/** What stands around the page's parts. */
export const frame = await translated(english, { de: async () => (await import("./de/frame.ts")).frame });
