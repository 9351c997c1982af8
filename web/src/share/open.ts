/** Takes links out of the page's address, and what they hold into its state; and makes them of it. */
import { message } from "../engine/errors.ts";
import type { Options, Report } from "../engine/types.ts";
import { loadExample } from "../examples.ts";
import type { Session } from "../session.ts";
import { pairOf } from "../state/kept.ts";
import { atStep } from "../state/playhead.ts";
import { DEFAULT_OPTIONS, differ, initialState, type Action, type Selection, type State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { links as words } from "../text/page.ts";
import { readSharedFile } from "./file.ts";
import { decodeLink, isLink, LinkError, type Link, type LinkedSelection } from "./link.ts";

type AppStore = Store<State, Action>;

/** What links are opened with. */
export interface Opens extends Pick<Session, "run" | "load"> {
  /** Without this, a run that is compared with is left out. */
  runBeside?: Session["runBeside"];
  /** Opens a lesson by its number and runs what it begins with; whether it could be. Without this, answers stand alone. */
  openLesson?(number: number): Promise<boolean>;
}

/** What is opened last counts: an earlier link that takes longer to unpack is dropped. */
let openings = 0;

/**
 * Opens what the address holds now, and whatever it is changed to; whether it has become the scenario. `home` shows what is there
 * without a link, for those who go back to it.
 */
export async function followAddress(store: AppStore, session: Opens, home: () => Promise<void>): Promise<boolean> {
  let followed = isLink(location.hash);
  addEventListener("hashchange", () => {
    const linked = isLink(location.hash);
    if (linked) void openLink(store, session, location.hash);
    else if (followed) void home();
    followed = linked;
  });
  return followed && openLink(store, session, location.hash);
}

/** Opens a link; whether it has become the scenario. If not, the state says why, and everything else stays as it is. */
export function openLink(store: AppStore, session: Opens, fragment: string): Promise<boolean> {
  return open(store, session, () => decodeLink(fragment));
}

/** The same with a file. */
export function openSharedFile(store: AppStore, session: Opens, file: string): Promise<boolean> {
  return open(store, session, async () => readSharedFile(file));
}

/**
 * What is on the page, as a link. The selection and the playhead are of the finished run, so they are left out where that was of
 * another text; and a step is the same for everybody in virtual time only.
 */
export function linkOf(state: State): Link {
  const { example, text, options, granularity, selection, playhead, finished, lessons } = state;
  const report = finished?.text === text && !differ(finished.options, options) ? finished.report : null;
  return {
    example,
    text: example === null ? text : null,
    options,
    granularity,
    selection: selection && report ? linked(report, selection) : null,
    step: report && options.clock === "virtual" ? (playhead?.step ?? null) : null,
    lesson: lessons.number === null ? null : String(lessons.number),
    ...(report && besideOf(state)),
  };
}

/** The run that is kept, while the two are looked at. */
function besideOf(state: State): Pick<Link, "beside"> | null {
  const pair = state.detail === "runs" ? pairOf(state) : null;
  if (!pair) return null;
  const { a, b } = pair;
  const others = (Object.keys(b.options) as (keyof Options)[]).filter((name) => a.options[name] !== b.options[name]);
  return { beside: { options: Object.fromEntries(others.map((name) => [name, a.options[name]])), text: a.text === b.text ? null : a.text } };
}

async function open(store: AppStore, session: Opens, read: () => Promise<Link>): Promise<boolean> {
  const opening = ++openings;
  try {
    const link = await read();
    // Before anything changes: an example that is not there changes nothing.
    if (link.example !== null) await loadExample(link.example).catch(() => notThere(link.example!));
    if (opening !== openings) return true;
    store.dispatch({ type: "linkProblem", problem: null });
    // A link means the same on every page, so what it does not say is as it was at first.
    const options = { ...DEFAULT_OPTIONS, ...link.options };
    if (link.beside) await runBeside(store, session, link, { ...options, ...link.beside.options });
    if (opening !== openings) return true;
    const answered = link.lesson !== null && (await openAnswer(store, session, link, options));
    if (opening !== openings) return true;
    store.dispatch({ type: "configured", options });
    store.dispatch({ type: "granularity", granularity: link.granularity ?? initialState("", null).granularity });
    if (link.text !== null && !answered) store.dispatch({ type: "imported", text: link.text });
    void (link.text !== null || answered ? session.run() : session.load(link.example!)).then(() => {
      const { finished, run } = store.state;
      if (opening !== openings || run.kind !== "idle" || !finished) return;
      if (link.text !== null && finished.text !== link.text) return;
      if (link.selection !== null) select(store, finished.report, link.selection);
      if (link.step !== null) store.dispatch({ type: "playhead", playhead: atStep(finished.report.timeline.events, link.step) });
    });
    return true;
  } catch (error) {
    if (opening !== openings) return true;
    store.dispatch({ type: "linkProblem", problem: error instanceof LinkError ? error.message : words.notOpened(message(error)) });
    return false;
  }
}

/** The run that is compared with, before the one that the link is of; if it fails, that one is shown alone. */
async function runBeside(store: AppStore, session: Opens, { beside, text, example }: Link, options: Options): Promise<void> {
  if (!session.runBeside) return;
  try {
    await session.runBeside(beside!.text ?? text ?? (await loadExample(example!)), options);
    store.dispatch({ type: "detail", detail: "runs" });
    store.dispatch({ type: "pane", pane: "details" });
  } catch (error) {
    store.dispatch({ type: "linkProblem", problem: words.besideFailed(message(error)) });
  }
}

/** An answer to a lesson: first what that begins with, then what the link holds, which counts as somebody else's. */
async function openAnswer(store: AppStore, session: Opens, link: Link, options: Options): Promise<boolean> {
  const { href } = location;
  const text = link.text ?? (await loadExample(link.example!));
  if (!/^\d{1,2}$/.test(link.lesson!) || !(await session.openLesson?.(Number(link.lesson)))) return false;
  store.dispatch({ type: "lessonTold", text, options });
  history.replaceState(null, "", href);
  return true;
}

function select(store: AppStore, report: Report, wanted: LinkedSelection): void {
  const selection = found(report, wanted);
  if (selection) store.dispatch({ type: "select", selection });
  else store.dispatch({ type: "linkProblem", problem: words.notSelected });
}

function found(report: Report, wanted: LinkedSelection): Selection | null {
  if (wanted.kind === "transaction") return wanted.index < report.transactions.length ? { kind: "transaction", index: wanted.index } : null;
  const index = report.locations.findIndex(
    ({ kind, account, slot }) =>
      kind === wanted.location && slot === wanted.slot && account !== null && report.accounts[account].address.toLowerCase() === wanted.address.toLowerCase(),
  );
  return index < 0 ? null : { kind: "location", index };
}

function linked(report: Report, { kind, index }: Selection): LinkedSelection | null {
  if (kind === "transaction") return { kind, index };
  const location = kind === "location" ? report.locations[index] : undefined;
  if (!location || location.account === null) return null;
  return { kind: "location", location: location.kind, address: report.accounts[location.account].address, slot: location.slot };
}

function notThere(example: string): never {
  throw new LinkError(words.noExample(example));
}
