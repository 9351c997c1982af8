import * as english from "./en/page.ts";
import { translated } from "./language.ts";

/** What is said by all that is loaded first: one section, so that another language is one file more. */
export const { accessLists, app, because, block, choices, comparison, controls, detail, editor, executors, files, gallery, glossary, graph, help, intakeEntry, lanes, links, nouns, picture, replay, speedup, tables, verdict, whatIf, workload } =
  await translated<typeof english>(english, { de: () => import("./de/page.ts") });

/** A term that has an entry. */
export type Term = keyof typeof glossary;
