/** Opens lessons, judges the runs made in them, and keeps what is solved where the reader wants that. Loaded with the first lesson. */
import type { Session } from "../session.ts";
import { DEFAULT_OPTIONS, differ, type Action, type State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { findings, lessons, type Lesson } from "./lesson.ts";

/** What can be done with lessons. */
export interface LessonSession {
  /** Opens one, or begins it again; one that is not there is the first. Runs it, and resolves when that is over. */
  open(number: number): Promise<void>;
  /** Puts the lesson's answer onto the page, and runs it. */
  tell(): void;
  /** Goes back to what was there before, and runs that. */
  leave(): void;
  /** Whether what is solved is kept on this device. */
  readonly remembers: boolean;
  remember(yes: boolean): void;
}

/** Under which it is kept. */
const KEY = "evm-lanes.lessons";

/** The lesson that is open. */
export function openLesson({ lessons: { number } }: State): Lesson | null {
  return number === null ? null : (lessons[number - 1] ?? null);
}

/** Starts it, once in a page. */
export function startLessons(store: Store<State, Action>, session: Pick<Session, "run">): LessonSession {
  let seen = store.state.finished;
  store.subscribe((state) => {
    if (state.finished === seen) return;
    seen = state.finished;
    judgeRun(store);
  });
  const before = stored();
  let remembers = before !== null;
  if (before !== null) store.dispatch({ type: "lessonsSolved", solved: before });
  store.subscribe(({ lessons: { solved } }) => {
    if (remembers) keep(solved);
  });
  return {
    open(number) {
      const at = lessons[number - 1] ? number : 1;
      const { scenario, options } = lessons[at - 1];
      store.dispatch({ type: "lesson", number: at, scenario, text: scenario, options: { ...DEFAULT_OPTIONS, ...options } });
      history.replaceState(null, "", `#lesson=${at}`);
      return session.run();
    },
    tell() {
      const lesson = openLesson(store.state);
      if (lesson === null) return;
      const { scenario, options } = lesson.solution;
      store.dispatch({ type: "lessonTold", text: scenario ?? lesson.scenario, options: { ...DEFAULT_OPTIONS, ...lesson.options, ...options } });
      void session.run();
    },
    leave() {
      store.dispatch({ type: "lessonLeft" });
      history.replaceState(null, "", location.pathname + location.search);
      void session.run();
    },
    get remembers() {
      return remembers;
    },
    remember(yes) {
      remembers = yes;
      if (yes) keep(store.state.lessons.solved);
      else forget();
    },
  };
}

/** A run in a lesson may be the one it begins with, and it may be the answer. */
function judgeRun(store: Store<State, Action>): void {
  const { finished, lessons: at } = store.state;
  const lesson = openLesson(store.state);
  // What came from a file proves nothing.
  if (finished === null || finished.opened || lesson === null || at.number === null || at.pinned === null) return;
  const { pinned, number, solved } = at;
  if (finished.text === pinned.text && !differ(finished.options, pinned.options)) store.dispatch({ type: "lessonRun", report: finished.report });
  if (at.told || solved.includes(number) || !findings(lesson, finished.report).solved) return;
  store.dispatch({ type: "lessonsSolved", solved: [...solved, number].sort((a, b) => a - b) });
}

/** What is kept on this device, or `null`: others may have written there, so it is read with care. */
function stored(): number[] | null {
  try {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const numbers = text.split(",").map(Number);
    return lessons.map((_, index) => index + 1).filter((number) => numbers.includes(number));
  } catch {
    // Some browsers refuse even to be asked.
    return null;
  }
}

function keep(solved: readonly number[]): void {
  try {
    localStorage.setItem(KEY, solved.join());
  } catch {
    // Then it is known for this visit only.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There is nothing then.
  }
}
