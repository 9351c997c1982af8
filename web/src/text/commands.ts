import { commands as english } from "./en/commands.ts";
import { translated } from "./language.ts";

/** Names of the commands, and what the palette says. */
export const commands = await translated(english, { de: async () => (await import("./de/commands.ts")).commands });
