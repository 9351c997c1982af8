/** What the page can be told to do. */
import type { Session } from "../session.ts";
import type { AppStore } from "../view/element.ts";
import type { Press } from "./key.ts";

/** Under which heading a command stands. */
export type Group = "run" | "scenario" | "examples" | "lessons" | "options" | "views" | "replay" | "page";

/** One of them. */
export interface Command {
  /** A name that stays, for tests. */
  readonly id: string;
  readonly group: Group;
  /** What it does, as a verb and its object. */
  readonly name: string;
  /** Keys that do it, the usual one first. */
  readonly keys?: readonly Press[];
  /**
   * Where its keys are heard. `page`: everywhere, single characters only outside of text fields. `text`: everywhere outside of
   * text fields, which have their own meaning for it. `playhead`: at the playhead, and where nothing has the focus; the replay
   * hears them itself, because embedded figures have them too.
   */
  readonly at?: "page" | "text" | "playhead";
  /** Whether it can be done now; always, if it is not said. */
  readonly possible?: () => boolean;
  readonly run: () => void;
}

/** Dialogs of the page, each loaded when it is first opened. */
export type Dialog = "palette" | "gallery" | "intake" | "share" | "export" | "embed" | "help" | "about" | "drafts";

/** What commands are given to. */
export interface Commanded {
  readonly store: AppStore;
  readonly session: Session;
  /** A block of two payments for somebody to change. */
  newBlock(): void;
  openLesson(number: number): Promise<boolean>;
  leaveLessons(): void;
  open(dialog: Dialog): void;
  /** Shows a part of the page, and gives it the focus. */
  goTo(part: "transactions" | "json" | "contract" | "setup" | "graph" | "lanes" | "details" | "verdict"): void;
  /** Shows a picture as a table, or as a picture again. */
  toggleTable(picture: "graph" | "lanes"): void;
  fit(picture: "graph" | "lanes"): void;
}
