// Every message between the page and the worker that imports and exports.

import type { TextsRead, TextWritten } from "./types.ts";

/** A text and what to call it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What other tools read. */
export type ExportFormat = "raw" | "t8n" | "cast";

/** What can be asked for. */
export type Job =
  | { readonly type: "import"; readonly texts: readonly NamedText[] }
  /** Of a scenario's text. */
  | { readonly type: "export"; readonly as: ExportFormat; readonly text: string };

/** What comes of it. */
export interface Results {
  import: TextsRead;
  export: TextWritten;
}

/** From the page to the worker. */
export interface Request {
  /** Where the module is, absolute. */
  readonly base: string;
  readonly job: Job;
}

/** From the worker to the page. */
export type Response =
  | { readonly type: "done"; readonly result: Results[Job["type"]] }
  /** Nothing can be made of what was given; the sentence says why. */
  | { readonly type: "refused"; readonly message: string }
  /** It could not be loaded, or it failed itself. */
  | { readonly type: "failed"; readonly stage: "loading" | "working"; readonly message: string };
