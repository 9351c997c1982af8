/** Who undoes what was typed into a field, where its text has a history outside of it. */
import type { AppStore } from "./element.ts";

/** One history of a text, whoever changes it. */
export interface Undoing {
  undo(): void;
  redo(): void;
}

/** The history of the scenario's text. */
export function scenarioUndoing(store: AppStore): Undoing {
  return { undo: () => store.dispatch({ type: "undo" }), redo: () => store.dispatch({ type: "redo" }) };
}

/** A field is asked to undo or redo, by a menu or a gesture: that is done, and the field itself does nothing. Whether it was asked. */
export function undoneByMenu(event: InputEvent, { undo, redo }: Undoing): boolean {
  if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
  event.preventDefault();
  if (event.inputType === "historyUndo") undo();
  else redo();
  return true;
}

/** The same with the keys for it. */
export function undoneByKey(event: KeyboardEvent, { undo, redo }: Undoing): boolean {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return false;
  event.preventDefault();
  if (key === "z" && !event.shiftKey) undo();
  else redo();
  return true;
}
