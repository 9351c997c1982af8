import { opcodes as english } from "./en/opcodes.ts";
import { translated } from "./language.ts";

/** What the Opcodes tab says. */
export const opcodes = await translated(english, { de: async () => (await import("./de/opcodes.ts")).opcodes });
