/** Keeps what the reader writes, where that is wanted, and brings it back. Loaded when it is wanted, or asked for. */
import type { Session } from "../session.ts";
import { writeSharedFile } from "../share/file.ts";
import { linkOf, openSharedFile } from "../share/open.ts";
import { NO_DRAFTS } from "../state/drafts.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { drafts as words } from "../text/drafts.ts";
import { forgetDraft, forgetDrafts, keepDraft, listDrafts, readDraft, type Draft } from "./store.ts";
import { areDraftsOn, ownStorage, switchDrafts, type StorageLike } from "./switch.ts";

/** Milliseconds after the last change until it is kept. */
const PAUSE = 500;

/** What can be done with drafts. */
export interface DraftSession {
  /** Keeps drafts from now on, or not; what there is stays. */
  turn(on: boolean): void;
  list(): readonly Draft[];
  /** Makes a draft the scenario. Whether it could be. */
  open(id: string): Promise<boolean>;
  /** The same with the newest, if drafts are kept, and says so. */
  restore(): Promise<boolean>;
  forget(id: string): void;
  /** Forgets every draft and keeps none from now on. */
  forgetAll(): void;
}

/** Starts it, once in a page. */
export function startDrafts(store: Store<State, Action>, session: Pick<Session, "run" | "load">, storage: StorageLike | null = ownStorage()): DraftSession {
  let id = newId();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seen = store.state;
  const say = (change: Partial<State["drafts"]>): void => store.dispatch({ type: "drafts", change });

  const keep = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { state } = store;
    if (storage === null || !state.drafts.on || !isOwn(state)) return;
    const file = fileOf(state);
    const kept = keepDraft(storage, id, state.checked?.title ?? words.untitled, file, Date.now());
    const problem = kept === "kept" ? null : kept === "full" ? words.full : words.tooLarge;
    if (problem !== state.drafts.problem) say({ problem });
  };

  store.subscribe((state) => {
    const before = seen;
    seen = state;
    if (state.text !== before.text && isReplaced(before, state)) {
      // What was there is a draft for itself.
      if (timer !== undefined) keepBefore(before);
      id = newId();
    }
    const changed = state.text !== before.text || state.options !== before.options || state.checked?.title !== before.checked?.title;
    if (!changed || !state.drafts.on || !isOwn(state)) return;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });

  const keepBefore = (before: State): void => {
    clearTimeout(timer);
    timer = undefined;
    if (storage === null || !before.drafts.on || !isOwn(before)) return;
    keepDraft(storage, id, before.checked?.title ?? words.untitled, fileOf(before), Date.now());
  };
  // The last chance on a phone.
  globalThis.addEventListener?.("pagehide", () => timer !== undefined && keep());
  globalThis.document?.addEventListener("visibilitychange", () => document.hidden && timer !== undefined && keep());

  const it: DraftSession = {
    turn(on) {
      try {
        if (storage === null) throw new Error();
        switchDrafts(storage, on);
      } catch {
        say({ on: false, problem: storage === null ? words.forbidden : words.full });
        return;
      }
      say({ on, problem: null });
      if (on) keep();
    },
    list: () => (storage === null ? [] : listDrafts(storage)),
    async open(wanted) {
      const file = storage && readDraft(storage, wanted);
      if (file === null || !(await openSharedFile(store, session, file))) return false;
      id = wanted;
      return true;
    },
    async restore() {
      const newest = areDraftsOn(storage) ? it.list()[0] : undefined;
      if (!newest || !(await it.open(newest.id))) return false;
      say({ restored: newest });
      return true;
    },
    forget(wanted) {
      if (storage !== null) forgetDraft(storage, wanted);
      if (wanted !== id) return;
      // It would come back with the next change.
      clearTimeout(timer);
      timer = undefined;
      id = newId();
    },
    forgetAll() {
      clearTimeout(timer);
      timer = undefined;
      id = newId();
      if (storage !== null) forgetDrafts(storage);
      store.dispatch({ type: "drafts", change: NO_DRAFTS });
    },
  };
  if (areDraftsOn(storage)) say({ on: true });
  return it;
}

/** The scenario with its options; where the reader was in a run is not for the next visit. */
function fileOf(state: State): string {
  return writeSharedFile({ ...linkOf(state), selection: null, step: null });
}

/** Text that somebody has written or brought, and not one of the page's. */
function isOwn({ text, example, lessons }: State): boolean {
  return text !== "" && example === null && lessons.number === null;
}

/** Whether another text has taken the place of the one before, or that was undone. */
function isReplaced(before: State, after: State): boolean {
  const { past, future } = after.history;
  const step = past.length >= before.history.past.length ? past.at(-1) : future.at(-1);
  return step === undefined || step.replaces;
}

function newId(): string {
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
}
