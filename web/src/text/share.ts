import { share as english } from "./en/share.ts";
import { translated } from "./language.ts";

/** What the Share dialog says. */
export const share = await translated(english, { de: async () => (await import("./de/share.ts")).share });
