import { count } from "./grammar.ts";

/** What every picture says. */
export const picture = {
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit everything",
  withKey: (what: string, key: string): string => `${what} (${key})`,
  showAs: "Show as",
  picture: "Picture",
  table: "Table",
  kind: "picture",
  /** `keys` is what only this picture's keys do. */
  keys: (keys: string): string => `${keys} Enter selects, plus and minus zoom, 0 fits. Comma and full stop move the playhead, P plays.`,
  mouse: "Click to select, drag to move, wheel to zoom once clicked. Arrow keys walk.",
  touch: "Tap to select, drag to move, pinch to zoom.",
};

export const graph = {
  heading: "Dependency graph",
  facts: (levels: string, dependencies: string, path: unknown, transactions: string, gas: string, bound: unknown, factor: string): readonly unknown[] => [
    `${levels} · ${dependencies} · `,
    path,
    ` ${transactions}, ${gas} gas · `,
    bound,
    ` ${factor}`,
  ],
  toldApart: "What is told apart",
  notYet: "The graph appears with the first run.",
  empty: "This block has no transactions.",
  label: (transactions: number, levels: number): string => `Dependency graph of ${transactions} transactions in ${levels} levels`,
  keys: "Right and left arrows follow dependencies, up and down walk through a level.",
  tableLabel: "Dependencies of each transaction",
  readsFrom: "reads from",
  isReadBy: "is read by",
  state: "state",
  critical: "critical",
  yes: "yes",
  gas: (amount: string): string => `${amount} gas`,
  layingOut: "Laying out the graph…",
  edge: (to: number, from: number, places: string): string => `${to} reads what ${from} wrote: ${places}`,
  level: (number: number): string => `level ${number}`,
  independent: (n: number): string => `${n} without dependencies`,
};

export const lanes = {
  heading: "Lanes",
  facts: (workers: number, time: string, attempts: number, aborts: number): string =>
    `${count(workers, "worker")} · ${time} · ${count(attempts, "attempt")}, ${count(aborts, "abort")}`,
  notYet: "The lanes appear with the first run.",
  empty: "Nothing was executed.",
  label: (workers: number): string => `Timeline of ${workers} workers`,
  keys: "Arrow keys walk from attempt to attempt and from lane to lane.",
  legend: "What else the marks mean",
  legendAttempt: (attempt: unknown, incarnation: (label: string) => unknown): readonly unknown[] => [attempt, " transaction 7, ", incarnation("incarnation"), " 1"],
  tableLabel: "What happened, in order of time",
  from: "from",
  to: "to",
  worker: "worker",
  incarnation: "incarnation",
  what: "what",
  why: "why",
  waitsFor: (transaction: number): string => `waits for ${transaction}`,
  attempt: (transaction: number, incarnation: number): string => `${transaction}, attempt ${incarnation}`,
  /** `by` is `null` if a write vanished. */
  aborted: (attempt: string, by: number | null, place: string, read: string, now: string): string =>
    `${attempt} was aborted by ${by ?? "a write that vanished"} at ${place}: it had read ${read}, now ${now}`,
  blocked: (attempt: string, by: number): string => `${attempt} was blocked: it waits for ${by}`,
  executed: (attempt: string, words: string, start: string, length: string, worker: number): string =>
    `${attempt}${words ? ` · ${words}` : ""} · ${start} + ${length} on worker ${worker}`,
  commits: "commits, in block order",
};

export const replay = {
  label: "Replay",
  back: "One event back",
  backTip: "One event back (←, in pictures ,)",
  on: "One event on",
  onTip: "One event on (→, in pictures .)",
  play: "Replay",
  playTip: "Replay (Space, in pictures P)",
  pause: "Pause",
  pauseTip: "Pause (Space, in pictures P)",
  playhead: "Playhead",
  position: (step: number, total: number, time: string): string => `event ${step} of ${total}, at ${time}`,
  nextAbort: "Next abort",
  nextAbortTip: "To the next abort, from the end to the first",
  speed: "Speed of the replay",
  over: "The run is over. Step back through it, or replay it.",
  forgotten: "The engine has nothing to tell of this run any more: run it again.",
  states: "How many transactions are in which state",
};

export const speedup = {
  notYet: "The speedup appears with the first run.",
  empty: "An empty block has no speedup.",
  label: (top: string): string => `Speedup by number of workers, up to ${top}`,
  workers: "workers",
  point: (workers: number, speedup: string, bound: string, aborts: number): string => `${workers} workers: ${speedup}, limit ${bound}, ${aborts} aborts`,
  virtualClock: "virtual clock",
  onePerWorker: "one per worker",
  here: (speedup: unknown, measured: boolean): readonly unknown[] => ["this run: ", speedup, measured ? " measured" : " virtual"],
  working: "Working out the curve…",
  follows: "The curve follows the run.",
  caption: "Speedup by workers, virtual clock",
  speedup: "speedup",
  limit: "limit",
  aborts: "aborts",
};
