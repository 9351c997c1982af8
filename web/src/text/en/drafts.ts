import { count } from "./grammar.ts";

export const drafts = {
  title: "Drafts",
  close: "Close",
  keep: "Keep what I write on this device",
  keepWhy: "Off, nothing is kept: what you write is gone when you close the page. On, your own scenarios stay in this browser's storage, up to ten of them, and the last is there again when you come back. Nothing is sent anywhere.",
  none: "There are no drafts.",
  list: "Kept on this device",
  open: "Open",
  forget: "Delete",
  ofDraft: (action: string, title: string): string => `${action}: ${title}`,
  characters: (n: number): string => count(n, "character"),
  forgetAll: "Forget everything",
  forgotten: "Everything is forgotten, and nothing is kept any more.",
  untitled: "Untitled",
  restored: (title: string, when: string): string => `Your draft “${title}” of ${when} is back.`,
  discard: "Discard it",
  dismiss: "Dismiss",
  forbidden: "This browser does not let the page keep anything. Share makes a link or a file of your scenario instead.",
  full: "This browser's storage is full: your last changes are here, but not kept. Delete drafts, or save the scenario as a file (Share).",
  tooLarge: "The scenario is too large to be kept (more than a million characters). Save it as a file (Share).",
};
