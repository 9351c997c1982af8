import { count } from "./grammar.ts";

export const share = {
  title: "Share",
  close: "Close",
  link: "Link",
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser does not let the page copy. The link is selected: press Ctrl C.",
  saveFile: "Save as a file",
  /** Of `length`, the characters after the “#”, no more than `longest` are read. */
  tooLong: (length: number, longest: number): string =>
    `The link would have ${count(length, "character")} after its “#”, and no more than ${longest} are read. Save it as a file instead; whoever has the file drops it into this page.`,
  length: (length: number): string => `${count(length, "character")}.`,
  lengthCut: (length: number): string => `${count(length, "character")}. Some chats and mail programs cut links off at 2,000; the file is safer there.`,
  holds: "What it holds",
  scenario: "Scenario",
  byName: (example: string): string => `the example ${example}, by its name`,
  itsText: (length: number): string => `its text, ${count(length, "character")}`,
  options: "Options",
  cost: "Costs",
  costs: { gas: "gas", time: "measured time" },
  granularity: "Granularity",
  selection: "Selection",
  nothingSelected: "none",
  transaction: (index: number): string => `transaction ${index}`,
  location: (location: string, address: string, slot: string | null): string => `${location} of ${address}${slot === null ? "" : ` at ${slot}`}`,
  comparedWith: "Compared with",
  otherRun: (options: string, length: number | null): string => [options, length === null ? "the same text" : `a text of its own, ${count(length, "character")}`].filter(Boolean).join(" · "),
  promise: "All of it is in the link, after the “#”, which browsers send to nobody. Links that were made once keep working.",
};
