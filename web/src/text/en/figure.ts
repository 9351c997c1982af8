/** The figure in other pages. */
export const figure = {
  viewNames: {
    graph: "Dependency graph",
    timeline: "Lanes",
    speedup: "Speedup",
    locations: "Hot locations",
    transactions: "Transactions",
    detail: "Selection",
    state: "State",
  },
  nothingToRun: "There is no scenario to run.",
  cancelled: "The run was cancelled.",
  nothingYet: "Nothing has been run yet.",
  waits: "Another figure is running; this one is next.",
  recorded: "Recorded earlier.",
  recordedRepeat: "Recorded earlier; Run repeats it here.",
  tooLong: "The scenario is too long for an address.",
  open: "Open in EVM Lanes",
  permission: "Permission",
  load: "Load it",
  always: "Always on this page",
  no: "No",
  howToGetThreads: "How to get threads",
  /** `reason` is the executor's sentence. */
  noThreads: (reason: string): string => `${reason} Results are the same; times on the measured clock are of that executor.`,
  readers: "Readers: open the figure in its own tab, or use a browser that lets a frame isolate itself (Chrome or Edge, 137 or newer).",
  authors:
    "Authors: serve embed.html with Document-Isolation-Policy: isolate-and-credentialless, Cross-Origin-Embedder-Policy: require-corp and Cross-Origin-Resource-Policy: cross-origin. docs/hosting has this for common servers, and a service worker for those where headers cannot be set.",

};
