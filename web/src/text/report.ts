import { report as english } from "./en/report.ts";
import { translated } from "./language.ts";

/** What is said of reports that cannot be opened. */
export const report = await translated(english, { de: async () => (await import("./de/report.ts")).report });
