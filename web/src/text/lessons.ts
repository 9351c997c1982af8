import { lessons as english } from "./en/lessons.ts";
import { translated } from "./language.ts";

/** What the frame around a lesson says. */
export const lessons = await translated(english, { de: async () => (await import("./de/lessons.ts")).lessons });
