/** All that others can use of the embedded figure, by name. docs/embed.md explains each, and a test compares the two. */

/** Attributes of `<evm-lanes>`; those of the frame are parameters of embed.html under the same names. */
export const ATTRIBUTES = {
  frame: ["example", "strategy", "workers", "clock", "cost", "seed", "deltas", "hints", "repeats", "granularity", "view", "theme", "start", "lang"],
  element: ["scenario", "src", "report", "inline", "base", "sandbox"],
} as const;

/** Parameters that only embed.html has. */
export const PARAMETERS = ["report", "parent"] as const;

/** What can be seen, as `view` names it. */
export const VIEWS = ["graph", "timeline", "speedup", "locations", "transactions", "detail", "state"] as const;
/** One of them. */
export type View = (typeof VIEWS)[number];
/** What is seen if nothing is said. */
export const DEFAULT_VIEWS: readonly View[] = ["graph", "timeline"];

/** Methods of the element. */
export const METHODS = ["run", "cancel", "getReport", "load", "showReport", "configure"] as const;
/** Properties of the element beside those of its attributes. */
export const PROPERTIES = ["ready", "running", "verdict"] as const;
/** Events of the element; none bubbles. */
export const EVENTS = ["ready", "run", "report", "error"] as const;
/** Parts of its shadow tree. */
export const PARTS = ["frame", "figure"] as const;

/** Custom properties that a host may set, and which of the figure's own each becomes. */
export const CUSTOM_PROPERTIES = {
  "--evm-lanes-paper": "--paper",
  "--evm-lanes-surface": "--surface",
  "--evm-lanes-sunken": "--sunken",
  "--evm-lanes-ink": "--ink",
  "--evm-lanes-quiet": "--ink-2",
  "--evm-lanes-line": "--line",
  "--evm-lanes-focus": "--focus",
  "--evm-lanes-font": "--sans",
  "--evm-lanes-mono": "--mono",
} as const;
/** One of them. */
export type CustomProperty = keyof typeof CUSTOM_PROPERTIES;

/** Fragment of embed.html as a window that a figure has opened; a link may follow (`pop-out.ts`). */
export const POP_OUT = "#pop-out";
/** Fragment of the whole page that takes what was handed over to that window; a key follows (`handed-over.ts`). */
export const HANDED_OVER = "#handed-over=";
