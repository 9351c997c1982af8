/** What the page and the worker that writes files say to each other. */
import type { Part } from "../engine/parts.ts";
import type { FormatId } from "./formats.ts";
import type { Given } from "./given.ts";

/** The report's long lists come first, in parts. */
export type ToWriter = { type: "part"; part: Part } | { type: "write"; format: FormatId; given: Given };

export type FromWriter = { type: "written"; file: Blob } | { type: "failed"; message: string };
