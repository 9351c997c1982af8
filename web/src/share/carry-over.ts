/** Takes what is on the page over a reload, after which it is in another language, or of another version: in the session's storage, and only until it is back. */
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { choose, type Language } from "../text/language.ts";
import { isSharedFile, writeSharedFile } from "./file.ts";
import { encodeLink } from "./link.ts";
import { linkOf, openLink, openSharedFile, type Opens } from "./open.ts";

/** Under which it is kept. */
const KEY = "evm-lanes.carried";

interface Carried {
  /** A link, or a file in its place. */
  readonly shared: string;
  /** The text to go back to. */
  readonly previous: string | null;
  readonly workshop: Omit<State["workshop"], "compiled">;
}

/** Changes the language; `false` if what is on the page is too large to be kept for that. */
export async function changeLanguage(state: State, language: Language): Promise<boolean> {
  if (!(await carry(state))) return false;
  choose(language);
  return true;
}

/** Keeps what is on the page for its next load; `false` if it is too large for that. */
export async function carry(state: State): Promise<boolean> {
  const link = linkOf(state);
  const { compiled: _, ...workshop } = state.workshop;
  const carried: Carried = {
    shared: link.text === null ? await encodeLink(link) : writeSharedFile(link),
    previous: state.previous,
    workshop,
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(carried));
  } catch {
    return false;
  }
  return true;
}

/** What was on the page before it was loaded again; `null` if it was not, or that cannot be read. Can be taken once. */
export function takeCarried(): Carried | null {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? null : (JSON.parse(text) as Carried);
  } catch {
    return null;
  }
}

/** Puts it back, and runs it; whether it has become the scenario. */
export async function putBack(store: Store<State, Action>, session: Opens, { shared, previous, workshop }: Carried): Promise<boolean> {
  if (previous !== null) store.dispatch({ type: "typed", text: previous });
  store.dispatch({ type: "workshop", change: workshop });
  return isSharedFile(shared) ? openSharedFile(store, session, shared) : openLink(store, session, shared);
}
