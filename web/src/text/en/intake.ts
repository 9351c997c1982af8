import { count } from "./grammar.ts";

/** The dialog that opens what other tools have written, and saves for them. */
export const intake = {
  title: "Open and save",
  open: "Open files and texts",
  formats:
    "Scenarios, raw transactions, JSON-RPC blocks, transactions and receipts, prestateTracer output, t8n input, Ethereum tests, access lists, Foundry broadcasts, anvil dumps. What belongs together is opened together: a block and the state before it.",
  files: "Files",
  text: "Text",
  addText: "Add text",
  replace: "Replace the scenario",
  save: "Save the scenario",
  scenario: "Scenario",
  asTyped: "as typed",
  exports: {
    t8n: { name: "Input of evm t8n", about: "alloc, env and txs" },
    raw: { name: "Raw transactions", about: "signed ones, one a line" },
    cast: { name: "Script for anvil", about: "Foundry's cast replays the block" },
  },
  notRecognised: "not recognised",
  characters: (n: number): string => count(n, "character"),
  remove: "Remove",
  removeThis: (name: string): string => `Remove ${name}`,
  moreProblems: (n: number): string => `and ${count(n, "more problem")}`,
  reading: "Reading…",
  notYet: "Not a scenario yet: add what is missing above, as a file or as text, or remove what is wrong.",
  ready: "This makes a scenario. The one in the editor is kept, to go back to.",
  writing: "Writing…",
  notSaved: (why: unknown): readonly unknown[] => ["Nothing was saved: ", why],
  savedAll: (file: string): string => `${file} has everything.`,
  savedWithout: (file: string, things: number): string => `${file} is without ${count(things, "thing")}:`,
  pasted: (number: number): string => `text ${number}`,
  editorsText: "the editor's text",

  tooLarge: (file: string, size: string, most: string): string => `${file} has ${size}: no more than ${most} are read together. Leave out what the block does not need.`,
  unreadable: (file: string, why: string): string => `${file} could not be read (${why}). If it is a folder, choose the files in it.`,
  linkNoAddress: (link: string): string => `The link asks for “${link}”, which is no address.`,
  linkElsewhere: (site: string): string => `The link asks for a file of another site (${site}), and the page loads nothing from there. Save the file and open it here.`,
  linkNotThere: (path: string, status: number | null): string =>
    `The link asks for ${path}, which is not there${status === null ? "" : ` (${status})`}. Open the file here instead.`,
  linkTooLarge: (path: string, most: string): string => `The link asks for ${path}, which is larger than the ${most} that are read.`,
  notLoaded: (why: string): string => `What reads other formats could not be loaded (${why}). Try again.`,
  gaveUp: (why: string): string => `What reads other formats has failed itself (${why || "no reason given"}), a defect of ours. Nothing is lost; its next run begins afresh.`,
  cancelled: "It was cancelled.",

  fromNode: "Take a block from a node",
  fromNodeButton: "From a node…",
  nodeNotLoaded: "What asks nodes could not be loaded. Try again.",
};
