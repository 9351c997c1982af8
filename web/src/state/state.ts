/**
 * All of the page's ground state, what can happen to it, and how it changes. Everything else (geometry, highlights,
 * pixels) is recomputed from here and never edited.
 */
import type { Checked, Comparison, Curve, Granularity, OpcodeTrace, Options, Report, Told } from "../engine/types.ts";
import type { ErrorCode, Phase } from "../engine/protocol.ts";
import type { Diagnostic } from "../engine/types.ts";
import type { Engine } from "../engine/client.ts";
import { START, type Playhead } from "./playhead.ts";
import { NOTHING_TAKEN_IN, type Intake } from "./intake.ts";
import { NO_DRAFTS, type Drafts } from "./drafts.ts";
import { NO_HISTORY, recorded, repeated, reverted, type History, type Origin, type Stroke } from "./history.ts";
import { keptAfter, pairOf, type Kept, type KeptAction } from "./kept.ts";
import { NO_LESSON, reduceLessons, type LessonAction, type Lessons } from "./lessons.ts";
import type { Fetching } from "./node.ts";
import { NOTHING_COMPILED, workshopAfter, type Workshop } from "./workshop.ts";
import { NOTHING_SUPPOSED, reduceSupposed, supposedAfter, type Supposed, type SupposedAction } from "./supposed.ts";

/**
 * The one thing that is selected or hovered over: by its index in the report (edges in those of the graph at the granularity
 * that is chosen).
 */
export interface Selection {
  readonly kind: "transaction" | "location" | "account" | "event" | "edge";
  readonly index: number;
}

/** What the engine is doing for the page. */
export type Run =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly id: number; readonly phase: Phase | null; readonly done: number; readonly total: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string; readonly diagnostics: readonly Diagnostic[] };

/** What a finished run was of, so that the page can say when the text or the options have changed since. */
export interface Finished {
  readonly report: Report;
  readonly text: string;
  readonly options: Options;
  /** The file that it was opened from, if nothing was run here; without the scenario's text that is empty above. */
  readonly opened?: { readonly file: string; readonly hasText: boolean };
}

/** The comparison of strategies: of the text and the options as they are, or there is none. */
export type Compared =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly done: number; readonly total: number }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "done"; readonly comparison: Comparison };

/** What was told of a moment of a run, and of a location then; `told` is `null` if the engine knows nothing of it any more. */
export interface Telling {
  readonly of: Finished;
  readonly step: number;
  readonly location: number | null;
  readonly told: Told | null;
}

/** What an attempt executed around one of its instructions; `trace` is `null` if the engine has nothing to tell. */
export interface Stepping {
  readonly of: Finished;
  /** The event that the attempt ended with. */
  readonly event: number;
  readonly at: number;
  readonly trace: OpcodeTrace | null;
}

/** Colours: as the system says, or as chosen. */
export type Theme = "system" | "light" | "dark";
/** The columns of a phone: one is seen at a time. */
export type Pane = "transactions" | "json" | "contract" | "setup" | "graph" | "lanes" | "details";
/** The tabs under the pictures. */
export type Detail = "speedup" | "compare" | "runs" | "hot" | "memory" | "opcodes" | "what-if" | "state";

/** The page's ground state. */
export interface State {
  /** The scenario as typed. */
  readonly text: string;
  /** The example it came from, while it is unchanged. */
  readonly example: string | null;
  /** The folder of the workload that the text came from, changed or not. */
  readonly workload: string | null;
  /** The text before an example or a file replaced it, to go back to. */
  readonly previous: string | null;
  /** What was done to the text, to be undone and done again. */
  readonly history: History;
  readonly options: Options;
  /** What the engine says about `text`; `null` until it has said something. May lag behind by one keystroke. */
  readonly checked: Checked | null;
  readonly engine: Engine | null;
  readonly run: Run;
  readonly finished: Finished | null;
  /** An earlier run that the finished one is compared with. */
  readonly kept: Kept | null;
  readonly curve: Curve | null;
  readonly compared: Compared;
  /** What would be, if the block of the finished run were different. */
  readonly supposed: Supposed;
  /** How much is told apart in the dependency graph. */
  readonly granularity: Granularity;
  readonly selection: Selection | null;
  readonly hover: Selection | null;
  /** How far the replay has come; `null` is the end of the run. */
  readonly playhead: Playhead | null;
  readonly playing: boolean;
  /** How fast the replay is: at 1 a run takes eight seconds, however long it was. */
  readonly speed: number;
  /** What was told last: of where the playhead is, or was a moment ago. */
  readonly told: Telling | null;
  /** Which instruction of the attempt in question is looked at, from 0. */
  readonly instruction: number;
  /** What was told of it, or of one a moment ago. */
  readonly stepping: Stepping | null;
  /** The lesson that is open, and those that are solved. */
  readonly lessons: Lessons;
  readonly theme: Theme;
  readonly source: "transactions" | "json" | "contract";
  /** What is in the Contract tab. */
  readonly workshop: Workshop;
  /** What is being imported and saved. */
  readonly intake: Intake;
  readonly drafts: Drafts;
  /** The block that is being taken from a node, or was. */
  readonly node: Fetching;
  readonly pane: Pane;
  readonly detail: Detail;
  /** What was wrong with the link that was to be opened last. */
  readonly linkProblem: string | null;
}

/** What can happen. */
export type Action =
  /** With a `stroke` it is part of the typing at that place, and else a step of its own. */
  | { type: "typed"; text: string; stroke?: Stroke }
  /** An example, or what nobody has typed and has no name. */
  | { type: "loaded"; text: string; example: string | null }
  /** In place of whatever was there, even if nobody had typed it. */
  | { type: "imported"; text: string }
  | { type: "restored" }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "checked"; text: string; checked: Checked }
  | { type: "configured"; options: Partial<Options> }
  | { type: "engine"; engine: Engine }
  | { type: "started"; id: number }
  | { type: "progress"; id: number; phase: Phase; done: number; total: number }
  | { type: "finished"; id: number; report: Report; text: string; options: Options }
  /** A report has come from a file, with its scenario's text or without. */
  | { type: "opened"; file: string; report: Report; text: string | null }
  | { type: "failed"; id: number; code: ErrorCode; message: string; diagnostics: readonly Diagnostic[] }
  | { type: "curve"; id: number; curve: Curve }
  | { type: "compared"; compared: Compared }
  | SupposedAction
  | KeptAction
  | { type: "granularity"; granularity: Granularity }
  | { type: "select"; selection: Selection | null }
  | { type: "hover"; selection: Selection | null }
  /**
   * Goes there and stays, unless the replay is to go on from there. The run that is kept goes to the same time, unless `kept` says
   * more exactly where to.
   */
  | { type: "playhead"; playhead: Playhead | null; kept?: Playhead | null; playing?: boolean }
  | { type: "play"; playing: boolean }
  | { type: "speed"; speed: number }
  | { type: "told"; told: Telling }
  | { type: "instruction"; at: number }
  | { type: "stepped"; stepping: Stepping }
  | LessonAction
  | { type: "workshop"; change: Partial<Workshop> }
  | { type: "intake"; change: Partial<Intake> }
  | { type: "drafts"; change: Partial<Drafts> }
  | { type: "node"; node: Fetching }
  | { type: "theme"; theme: Theme }
  | { type: "source"; source: State["source"] }
  | { type: "pane"; pane: Pane }
  | { type: "detail"; detail: Detail }
  | { type: "linkProblem"; problem: string | null };

/** As the engine's `Options::default()`. */
export const DEFAULT_OPTIONS: Options = {
  strategy: "block-stm",
  workers: 4,
  clock: "virtual",
  cost: "gas",
  seed: 0,
  deltas: "fees",
  hints: "senders",
  repeats: 5,
};

/** Nothing is known of how strategies compare. */
export const NOT_COMPARED: Compared = { kind: "none" };

/** The state before anything has happened. */
export function initialState(text: string, example: string | null): State {
  return {
    text,
    example,
    workload: workloadOf(example),
    previous: null,
    history: NO_HISTORY,
    options: DEFAULT_OPTIONS,
    checked: null,
    engine: null,
    run: { kind: "idle" },
    finished: null,
    kept: null,
    curve: null,
    compared: NOT_COMPARED,
    supposed: NOTHING_SUPPOSED,
    granularity: "slotWithDeltas",
    selection: null,
    hover: null,
    playhead: null,
    playing: false,
    speed: 1,
    told: null,
    instruction: 0,
    stepping: null,
    lessons: NO_LESSON,
    theme: "system",
    source: "transactions",
    workshop: NOTHING_COMPILED,
    intake: NOTHING_TAKEN_IN,
    drafts: NO_DRAFTS,
    node: { kind: "none" },
    pane: "transactions",
    detail: "speedup",
    linkProblem: null,
  };
}

/** The state after `action`. Whatever changes the text can be undone, and need not know of it. */
export function reduce(state: State, action: Action): State {
  if (action.type === "undo" || action.type === "redo") return travelled(state, action.type);
  const next = happened(state, action);
  // The first text takes the place of none.
  const begins = state.text === "" && state.history === NO_HISTORY;
  if (next.text === state.text || begins) return next;
  const typed = action.type === "typed";
  const how = { replaces: !typed, stroke: (typed && action.stroke) || null };
  return { ...next, history: recorded(state.history, { text: state.text, origin: originOf(state) }, { text: next.text, origin: originOf(next) }, how) };
}

/** A step back or on in the history of the text. What is open beside it stays: options, a lesson, the result. */
function travelled(state: State, way: "undo" | "redo"): State {
  const { past, future } = state.history;
  const step = (way === "undo" ? past : future).at(-1);
  if (!step) return state;
  const undone = way === "undo";
  const history = undone ? { past: past.slice(0, -1), future: [...future, step] } : { past: [...past, step], future: future.slice(0, -1) };
  const text = (undone ? reverted : repeated)(state.text, step);
  return { ...withoutOutcome(state), text, ...(undone ? step.before : step.after), history };
}

function originOf({ example, workload }: State): Origin {
  return { example, workload };
}

/** Results of a run that is no longer the current one change nothing. */
function happened(state: State, action: Exclude<Action, { type: "undo" | "redo" }>): State {
  switch (action.type) {
    case "typed":
      return action.text === state.text ? state : { ...withoutOutcome(state), text: action.text, example: null };
    case "loaded": {
      // Only text that somebody has typed is worth keeping.
      const previous = state.example === null && state.text !== "" ? state.text : state.previous;
      const { text, example } = action;
      const workshop = workshopAfter(state.workshop);
      return { ...state, text, example, workload: workloadOf(example), previous, checked: null, compared: NOT_COMPARED, workshop, selection: null, hover: null };
    }
    case "imported": {
      const previous = state.text !== "" && state.text !== action.text ? state.text : state.previous;
      const workshop = workshopAfter(state.workshop);
      return { ...withoutOutcome(state), text: action.text, example: null, workload: null, previous, checked: null, workshop, selection: null, hover: null };
    }
    case "restored":
      return state.previous === null ? state : { ...withoutOutcome(state), text: state.previous, example: null, workload: null, previous: null };
    case "checked":
      return action.text === state.text ? { ...state, checked: action.checked } : state;
    case "configured": {
      const options = { ...state.options, ...action.options };
      const compared = differ(options, { ...state.options, strategy: options.strategy }) ? NOT_COMPARED : state.compared;
      return { ...state, options, compared };
    }
    case "engine":
      return { ...state, engine: action.engine };
    case "started":
      return { ...state, run: { kind: "running", id: action.id, phase: null, done: 0, total: 0 } };
    case "progress": {
      if (!isCurrent(state, action.id)) return state;
      const { id, phase, done, total } = action;
      return { ...state, run: { kind: "running", id, phase, done, total } };
    }
    case "finished": {
      if (!isCurrent(state, action.id)) return state;
      const { report, text, options } = action;
      return withFinished(state, { report, text, options });
    }
    case "opened": {
      const { file, report, text } = action;
      // What is typed stays unless there is something in its place; and then it can be gone back to.
      const taken = text === null ? state : reduce(text === state.text ? state : reduce(state, { type: "imported", text }), { type: "configured", options: report.options });
      return withFinished(taken, { report, text: text ?? "", options: report.options, opened: { file, hasText: text !== null } });
    }
    case "failed": {
      if (!isCurrent(state, action.id)) return state;
      if (action.code === "cancelled") return { ...state, run: { kind: "cancelled" } };
      const { code, message, diagnostics } = action;
      return { ...state, run: { kind: "failed", code, message, diagnostics } };
    }
    case "curve":
      return { ...state, curve: action.curve };
    case "compared":
      return { ...state, compared: action.compared };
    case "suppose":
    case "asked":
    case "answered":
    case "unanswered":
      return { ...state, supposed: reduceSupposed(state.supposed, action) };
    case "lesson":
    case "lessonLeft":
    case "lessonHint":
    case "lessonTold":
    case "lessonRun":
    case "lessonsSolved":
      return reduceLessons(state, action);
    case "granularity": {
      // Edges are numbered afresh at every granularity.
      const selection = state.selection?.kind === "edge" ? null : state.selection;
      return { ...state, granularity: action.granularity, selection, hover: null };
    }
    case "select":
      return { ...state, selection: action.selection, kept: state.kept && { ...state.kept, selection: null }, hover: null, instruction: 0 };
    case "keep":
      return {
        ...state,
        // It may have been run for this.
        run: state.run.kind === "running" ? { kind: "idle" } : state.run,
        kept: action.run && { run: action.run, playhead: null, selection: null },
        playhead: null,
        playing: false,
      };
    case "selectKept":
      return { ...state, selection: null, kept: state.kept && { ...state.kept, selection: action.selection }, hover: null, instruction: 0 };
    case "hover":
      return same(state.hover, action.selection) ? state : { ...state, hover: action.selection };
    case "playhead": {
      const { playhead, kept, playing } = action;
      const beside = kept === undefined ? keptAfter(state, playhead) : state.kept && { ...state.kept, playhead: kept };
      return { ...state, playhead, kept: beside, playing: playing ?? false };
    }
    case "play": {
      if (!action.playing || !state.finished?.report.timeline.events.kind.length) return { ...state, playing: false };
      // From the end it begins again, once the run that is beside it is over as well.
      const over = state.playhead === null && !(pairOf(state) && state.kept?.playhead);
      return over ? { ...state, playing: true, playhead: START, kept: keptAfter(state, START) } : { ...state, playing: true };
    }
    case "instruction":
      return { ...state, instruction: Math.max(0, action.at) };
    case "stepped":
      return action.stepping.of === state.finished ? { ...state, stepping: action.stepping } : state;
    case "told":
      return action.told.of === state.finished ? { ...state, told: action.told } : state;
    case "speed":
      return { ...state, speed: action.speed };
    case "workshop":
      return { ...state, workshop: { ...state.workshop, ...action.change } };
    case "intake":
      return { ...state, intake: { ...state.intake, ...action.change } };
    case "drafts":
      return { ...state, drafts: { ...state.drafts, ...action.change } };
    case "node":
      return { ...state, node: action.node };
    case "theme":
      return { ...state, theme: action.theme };
    case "source":
      return { ...state, source: action.source };
    case "pane": {
      const { pane } = action;
      const source = pane === "json" || pane === "transactions" || pane === "contract" ? pane : state.source;
      return { ...state, pane: action.pane, source };
    }
    case "detail":
      return { ...state, detail: action.detail };
    case "linkProblem":
      return { ...state, linkProblem: action.problem };
  }
}

/** With a report that is now the one that is looked at. */
function withFinished(state: State, finished: Finished): State {
  const { report, text } = finished;
  return {
    ...state,
    run: { kind: "idle" },
    finished,
    kept: state.kept && { ...state.kept, playhead: null, selection: null },
    curve: report.curve,
    supposed: supposedAfter(state.supposed, state.finished, text),
    selection: sameBlock(state.finished?.report, report) ? kept(state.selection) : null,
    hover: null,
    playhead: null,
    playing: false,
    told: null,
    instruction: 0,
    stepping: null,
  };
}

/** The folder of a workload's variant; other examples have none. */
function workloadOf(example: string | null): string | null {
  return example?.includes("/") ? example.split("/")[0] : null;
}

/** Whether two selections are the same. */
export function same(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a !== null && b !== null && a.kind === b.kind && a.index === b.index);
}

/** Whether the text or the options differ from what the report is of. */
export function isStale(state: State): boolean {
  const { finished } = state;
  if (!finished) return false;
  return finished.text !== state.text || differ(finished.options, state.options);
}

/** Whether two sets of options differ. */
export function differ(a: Options, b: Options): boolean {
  return (Object.keys(a) as (keyof Options)[]).some((key) => a[key] !== b[key]);
}

/**
 * That a run was cancelled, or that the text had errors, is said of the text as it was; and so is how strategies compare.
 */
function withoutOutcome(before: State): State {
  const state = { ...before, compared: NOT_COMPARED };
  const { run } = state;
  const ofText = run.kind === "cancelled" || (run.kind === "failed" && run.code === "invalid");
  return ofText ? { ...state, run: { kind: "idle" } } : state;
}

function isCurrent(state: State, id: number): boolean {
  return state.run.kind === "running" && state.run.id === id;
}

/** Events are numbered afresh in every run; transactions, locations and edges of the same block are not. */
function kept(selection: Selection | null): Selection | null {
  return selection?.kind === "event" ? null : selection;
}

function sameBlock(before: Report | undefined, after: Report): boolean {
  return (
    before !== undefined &&
    before.scenario.title === after.scenario.title &&
    before.transactions.length === after.transactions.length &&
    before.locations.length === after.locations.length &&
    before.graph.edges.length === after.graph.edges.length
  );
}
