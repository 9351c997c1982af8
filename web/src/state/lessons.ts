/** The lesson that is open, how far the reader has come, and what was on the page before. */
import type { Options, Report } from "../engine/types.ts";
import type { State } from "./state.ts";

/** What a lesson takes the place of, to be there again when it is left. */
export type Kept = Pick<State, "text" | "example" | "workload" | "previous" | "options" | "granularity">;

/** Where the reader is. */
export interface Lessons {
  /** The open lesson, from 1; `null` if there is none. */
  readonly number: number | null;
  readonly kept: Kept | null;
  /** Hints that are shown of the open one. */
  readonly hints: number;
  /** Its solution was shown, so that a run which passes is not the reader's. */
  readonly told: boolean;
  /** What the lesson begins with; its text has figures of that. */
  readonly pinned: { readonly text: string; readonly options: Options; readonly report: Report | null } | null;
  /** Lessons that the reader has solved. */
  readonly solved: readonly number[];
}

/** What can happen. */
export type LessonAction =
  /** A lesson begins, or begins again. `text` is `null` where the reader's own answer is on the page already. */
  | { type: "lesson"; number: number; scenario: string; options: Options; text: string | null }
  | { type: "lessonLeft" }
  | { type: "lessonHint" }
  | { type: "lessonTold"; text: string; options: Options }
  | { type: "lessonRun"; report: Report }
  | { type: "lessonsSolved"; solved: readonly number[] };

export const NO_LESSON: Lessons = { number: null, kept: null, hints: 0, told: false, pinned: null, solved: [] };

/** The state after `action`. */
export function reduceLessons(state: State, action: LessonAction): State {
  const { lessons } = state;
  switch (action.type) {
    case "lesson": {
      const { number, scenario, options, text } = action;
      const { text: before, example, workload, previous, options: configured, granularity } = state;
      const kept = lessons.kept ?? { text: before, example, workload, previous, options: configured, granularity };
      const begun = { ...NO_LESSON, number, kept, solved: lessons.solved, pinned: { text: scenario, options, report: null } };
      const placed = text === null ? state : withText(state, { text, example: null, workload: null, previous: null, options, granularity: "slotWithDeltas" });
      return { ...placed, lessons: begun };
    }
    case "lessonLeft": {
      const left = { ...NO_LESSON, solved: lessons.solved };
      return lessons.kept === null ? { ...state, lessons: left } : { ...withText(state, lessons.kept), lessons: left };
    }
    case "lessonHint":
      return { ...state, lessons: { ...lessons, hints: lessons.hints + 1 } };
    case "lessonTold":
      return { ...withText(state, { ...state, text: action.text, options: action.options }), lessons: { ...lessons, told: true } };
    case "lessonRun":
      return lessons.pinned === null ? state : { ...state, lessons: { ...lessons, pinned: { ...lessons.pinned, report: action.report } } };
    case "lessonsSolved":
      return { ...state, lessons: { ...lessons, solved: action.solved } };
  }
}

/** Another text and its options; nothing is known of them yet. */
function withText(state: State, { text, example, workload, previous, options, granularity }: Kept): State {
  const checked = text === state.text ? state.checked : null;
  const run: State["run"] = state.run.kind === "running" ? state.run : { kind: "idle" };
  return { ...state, text, example, workload, previous, options, granularity, checked, run, compared: { kind: "none" }, selection: null, hover: null };
}
