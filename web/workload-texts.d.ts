import type { Plugin } from "vite";
import type { WorkloadText } from "./src/gallery/text.ts";
/** The plug-in. */
export declare function workloadTexts(): Plugin;
/** A page of text: its title, its figures and the rest, without the claims in front. */
export declare function workloadText(source: string): WorkloadText;
