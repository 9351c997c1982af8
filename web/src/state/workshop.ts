/** What is in the Contract tab: files, and what the compiler made of them. */
import type { Compilation, Language, SourceFile } from "../compiler/protocol.ts";

/** What has become of the last compilation. */
export type Compiled =
  | { readonly kind: "none" }
  | { readonly kind: "working"; readonly words: string }
  | { readonly kind: "failed"; readonly message: string }
  /** Of these files. */
  | { readonly kind: "done"; readonly compilation: Compilation; readonly of: readonly SourceFile[] };

/** The Contract tab's part of the state. */
export interface Workshop {
  /** `null`: those of the scenario, or an example where it has none. */
  readonly files: readonly SourceFile[] | null;
  /** What was typed before the scenario's files were asked for, to go back to. */
  readonly aside: readonly SourceFile[] | null;
  /** Index of the file that is shown. */
  readonly shown: number;
  readonly language: Language;
  readonly optimize: boolean;
  readonly compiled: Compiled;
}

/** Before anything was typed. */
export const NOTHING_COMPILED: Workshop = { files: null, aside: null, shown: 0, language: "Solidity", optimize: true, compiled: { kind: "none" } };

/** What the tab's elements watch: nothing while another is shown, because a long text takes long to be read. */
export function whileShown(state: { readonly source: string }, ...watched: unknown[]): readonly unknown[] {
  return state.source === "contract" ? watched : [];
}

/** When another scenario is loaded: what somebody has typed stays. */
export function workshopAfter(workshop: Workshop): Workshop {
  return workshop.files === null && workshop.aside === null ? NOTHING_COMPILED : workshop;
}
