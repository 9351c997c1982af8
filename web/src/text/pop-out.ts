import { popOut as english } from "./en/pop-out.ts";
import { translated } from "./language.ts";

/** What a window says that a figure has opened. */
export const popOut = await translated(english, { de: async () => (await import("./de/pop-out.ts")).popOut });
