import * as english from "./en/export.ts";
import { translated } from "./language.ts";

/** What the Export dialog says, and what it writes for people. Tables and traces are for programs, and English. */
export const { dialog, pictures, summary } = await translated(english, { de: () => import("./de/export.ts") });
