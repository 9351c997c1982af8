/** What is being imported: the texts in the dialog, what became of them, and what the editor's text was taken for. */
import type { ExportFormat, NamedText } from "../intake/protocol.ts";
import type { TextsRead } from "../intake/types.ts";

/** What has become of the texts in the dialog. */
export type Reading =
  | { readonly kind: "none" }
  | { readonly kind: "working" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly read: TextsRead };

/** What has become of the last thing that was to be saved. */
export type Saved =
  | { readonly kind: "none" }
  | { readonly kind: "working"; readonly as: ExportFormat }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly file: string; readonly leftOut: readonly string[] };

/** The part of the state that is about formats of other tools. */
export interface Intake {
  /** Whether the dialog is open. */
  readonly open: boolean;
  /** The texts that belong together, in the order in which they came. */
  readonly texts: readonly NamedText[];
  readonly reading: Reading;
  /** Sentences about what was not even read: too large, not there. */
  readonly refused: readonly string[];
  /** What the editor's text is, if it is no scenario but something that can become one. */
  readonly foreign: { readonly text: string; readonly read: TextsRead } | null;
  readonly saved: Saved;
}

/** Before anything came. */
export const NOTHING_TAKEN_IN: Intake = { open: false, texts: [], reading: { kind: "none" }, refused: [], foreign: null, saved: { kind: "none" } };
