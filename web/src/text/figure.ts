import { figure as english } from "./en/figure.ts";
import { translated } from "./language.ts";

/** What an embedded figure says. */
export const figure = await translated(english, { de: async () => (await import("./de/figure.ts")).figure });
