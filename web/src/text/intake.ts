import { intake as english } from "./en/intake.ts";
import { translated } from "./language.ts";

/** What the dialog that opens and saves says. */
export const intake = await translated(english, { de: async () => (await import("./de/intake.ts")).intake });
