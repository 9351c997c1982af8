/** Keeps the store and the module that imports and exports together. Loaded when it is first needed. */
import { message } from "../engine/errors.ts";
import type { Session } from "../session.ts";
import { isReportFile } from "../report/file.ts";
import { openReport } from "../report/open.ts";
import { isSharedFile } from "../share/file.ts";
import { openSharedFile } from "../share/open.ts";
import { NOTHING_TAKEN_IN, type Intake } from "../state/intake.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { intake as words } from "../text/intake.ts";
import { IntakeClient, IntakeError } from "./client.ts";
import type { ExportFormat, NamedText } from "./protocol.ts";
import { MAX_TEXT, type TextsRead } from "./types.ts";

/** The part of the client that is used; tests put their own in. */
export type IntakeLike = Pick<IntakeClient, "perform" | "cancel">;

/** What is needed of a file. */
export type FileLike = Pick<File, "name" | "size" | "text">;

/** What a text from the editor is called. */
export const FROM_EDITOR = words.editorsText;

const MEGABYTE = 1 << 20;
const SAVED_AS: Readonly<Record<ExportFormat, string>> = { raw: "transactions.txt", t8n: "t8n.json", cast: "replay.sh" };

/** What can be done with texts of other tools. */
export interface IntakeSession {
  /** Adds files to those in the dialog and opens it; a single scenario is taken at once. */
  addFiles(files: readonly FileLike[]): Promise<void>;
  /** The same with a text. */
  addText(text: NamedText): Promise<void>;
  remove(index: number): Promise<void>;
  /** Reads the texts again, when that was cancelled or has failed. */
  retry(): Promise<void>;
  /** Replaces the scenario by what the texts make. */
  use(): void;
  /** Replaces the scenario by one that came from elsewhere. */
  take(scenario: string): void;
  /** Ends what is going on. */
  cancel(): void;
  /** Says what the editor's text is; if `atOnce`, it becomes a scenario if it can. */
  recognise(text: string, atOnce: boolean): Promise<void>;
  /** Makes a scenario of the editor's text, or shows in the dialog what it lacks. */
  convert(): void;
  /** Takes files of this site, by their addresses as in a link. Whether a scenario came of them. */
  follow(links: readonly string[]): Promise<boolean>;
  /** The scenario as another tool reads it. */
  save(as: ExportFormat): Promise<{ name: string; text: string } | null>;
}

/** Connects them. */
export function startIntake(
  store: Store<State, Action>,
  session: Pick<Session, "run" | "load" | "cancel">,
  client: IntakeLike = new IntakeClient(),
  load: typeof fetch = (...request) => fetch(...request),
): IntakeSession {
  const change = (part: Partial<Intake>): void => store.dispatch({ type: "intake", change: part });
  const intake = (): Intake => store.state.intake;

  /** What becomes of the texts; `null` if something else has taken their place. */
  const read = async (texts: readonly NamedText[]): Promise<TextsRead | null> => {
    change({ texts, reading: texts.length === 0 ? { kind: "none" } : { kind: "working" } });
    if (texts.length === 0) return null;
    try {
      const read = await client.perform({ type: "import", texts });
      if (intake().texts !== texts) return null;
      change({ reading: { kind: "done", read } });
      return read;
    } catch (error) {
      if (intake().texts === texts) change({ reading: { kind: "failed", message: message(error) } });
      return null;
    }
  };

  const replace = (text: string): void => {
    store.dispatch({ type: "imported", text });
    change(NOTHING_TAKEN_IN);
    void session.run();
  };

  /** Adds texts; a scenario that is alone needs no dialog. */
  const add = async (more: readonly NamedText[], refused: readonly string[]): Promise<boolean> => {
    // What was shared as a file says so itself, and is one of ours.
    if (more.length === 1 && refused.length === 0 && isSharedFile(more[0].text)) {
      const opened = await openSharedFile(store, session, more[0].text);
      const { linkProblem } = store.state;
      if (opened) change(NOTHING_TAKEN_IN);
      else if (linkProblem !== null) {
        store.dispatch({ type: "linkProblem", problem: null });
        change({ open: true, refused: [linkProblem] });
      }
      return opened;
    }
    if (more.length === 1 && refused.length === 0 && isReportFile(more[0].text)) {
      const problem = await openReport(store, session, more[0].name, more[0].text);
      change(problem === null ? NOTHING_TAKEN_IN : { open: true, refused: [problem] });
      return problem === null;
    }
    change({ refused });
    // What was left of an earlier attempt stays only while it is looked at.
    const outcome = await read([...(intake().open ? intake().texts : []), ...more]);
    const alone = outcome?.files.length === 1 && refused.length === 0 && outcome.files[0].format === "scenario";
    if (alone && outcome.scenario !== null) replace(outcome.scenario);
    else change({ open: true });
    return alone;
  };

  const it: IntakeSession = {
    async addFiles(files) {
      const refused: string[] = [];
      const texts: NamedText[] = [];
      let left = MAX_TEXT - (intake().open ? intake().texts.reduce((sum, { text }) => sum + text.length, 0) : 0);
      for (const file of files) {
        if (file.size > left) {
          refused.push(words.tooLarge(file.name, megabytes(file.size), megabytes(MAX_TEXT)));
          continue;
        }
        try {
          texts.push({ name: file.name, text: await file.text() });
          left -= file.size;
        } catch (error) {
          refused.push(words.unreadable(file.name, message(error)));
        }
      }
      await add(texts, refused);
    },
    async addText(text) {
      await add([text], []);
    },
    async remove(index) {
      await read(intake().texts.filter((_, i) => i !== index));
    },
    async retry() {
      await read(intake().texts);
    },
    use() {
      const { reading } = intake();
      if (reading.kind === "done" && reading.read.scenario !== null) replace(reading.read.scenario);
    },
    take: replace,
    cancel() {
      client.cancel();
    },
    async recognise(text, atOnce) {
      if (atOnce && isReportFile(text)) {
        const problem = await openReport(store, session, FROM_EDITOR, text);
        if (problem !== null) change({ open: true, refused: [problem] });
        // A report without its scenario's text has no place in the editor: what stood there comes back.
        else if (store.state.text === text) store.dispatch({ type: "undo" });
        return;
      }
      let read: TextsRead;
      try {
        read = await client.perform({ type: "import", texts: [{ name: FROM_EDITOR, text }] });
      } catch {
        // The engine's own diagnostics stand there all the same.
        return;
      }
      const [{ format }] = read.files;
      if (store.state.text !== text || format === null || format === "scenario") return;
      if (atOnce && read.scenario !== null) replace(read.scenario);
      else change({ foreign: { text, read } });
    },
    convert() {
      const { foreign } = intake();
      if (!foreign || foreign.text !== store.state.text) return;
      const { text, read } = foreign;
      if (read.scenario !== null) replace(read.scenario);
      else change({ open: true, refused: [], texts: [{ name: FROM_EDITOR, text }], reading: { kind: "done", read } });
    },
    async follow(links) {
      const texts: NamedText[] = [];
      const refused: string[] = [];
      for (const link of links) {
        try {
          texts.push(await linked(link, load));
        } catch (error) {
          refused.push(message(error));
        }
      }
      if (await add(texts, refused)) return true;
      const { reading } = intake();
      const whole = refused.length === 0 && reading.kind === "done" && reading.read.scenario !== null;
      if (whole) it.use();
      return whole;
    },
    async save(as) {
      const { text } = store.state;
      change({ saved: { kind: "working", as } });
      try {
        const written = await client.perform({ type: "export", as, text });
        change({ saved: { kind: "done", file: SAVED_AS[as], leftOut: written.leftOut } });
        return { name: SAVED_AS[as], text: written.text };
      } catch (error) {
        const cancelled = error instanceof IntakeError && error.cancelled;
        change({ saved: cancelled ? { kind: "none" } : { kind: "failed", message: message(error) } });
        return null;
      }
    },
  };
  return it;
}

/** A file of this site; other sites' are not asked for. */
async function linked(link: string, load: typeof fetch): Promise<NamedText> {
  let url: URL;
  try {
    url = new URL(link, document.baseURI);
  } catch {
    throw new Error(words.linkNoAddress(link));
  }
  if (url.origin !== new URL(document.baseURI).origin) {
    throw new Error(words.linkElsewhere(url.host || url.protocol));
  }
  const response = await load(url).catch(() => null);
  if (!response?.ok) throw new Error(words.linkNotThere(url.pathname, response?.status ?? null));
  if (Number(response.headers.get("content-length")) > MAX_TEXT) throw new Error(words.linkTooLarge(url.pathname, megabytes(MAX_TEXT)));
  return { name: url.pathname.split("/").pop() || url.pathname, text: await response.text() };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE)} MB`;
}
