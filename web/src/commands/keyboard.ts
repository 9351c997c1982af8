/** Hears the keys of the commands. */
import type { Command } from "./command.ts";
import { isPress, isSingle, type Press } from "./key.ts";

/** Under which it is kept that single keys are off. */
const KEPT = "evm-lanes.single-keys";

/** Whether single characters are shortcuts: whoever speaks to the machine, or slips, can switch them off (WCAG 2.1.4). */
export const singleKeys = {
  get on(): boolean {
    try {
      return localStorage.getItem(KEPT) !== "off" && !offForNow;
    } catch {
      return !offForNow;
    }
  },
  set on(on: boolean) {
    offForNow = !on;
    try {
      if (on) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "off");
    } catch {
      // Then it is so for this visit.
    }
  },
};
let offForNow = false;

/** Listens until the returned function is called. */
export function listenForKeys(commands: readonly Command[]): () => void {
  const heard = commands.filter(({ at }) => at !== "playhead");
  const key = (event: KeyboardEvent): void => {
    // A dialog has keys of its own.
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
    const command = heard.find(({ at, keys }) => keys?.some((press) => isPress(event, press) && isMeant(event, press, at)));
    if (!command || command.possible?.() === false) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", key);
  return () => removeEventListener("keydown", key);
}

function isMeant(event: KeyboardEvent, press: Press, at: Command["at"]): boolean {
  const target = event.composedPath()[0];
  const single = isSingle(press);
  if (single && !singleKeys.on) return false;
  if (!(target instanceof HTMLElement) || !(single || at === "text")) return true;
  // A list finds its lines by what is typed, and closes with Escape.
  return !isText(target) && (press.startsWith("Mod") || !target.matches("select"));
}

/** Fields that nothing is typed into. */
const WITHOUT_TEXT: ReadonlySet<string> = new Set(["range", "checkbox", "radio", "button", "file", "color"]);

function isText(target: HTMLElement): boolean {
  return target.isContentEditable || target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !WITHOUT_TEXT.has(target.type));
}
