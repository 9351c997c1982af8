/** Keys: written once as `Mod+Shift+z`, and read from there by what listens, by what explains, and by the tests. */

/** A combination: `Mod` is Ctrl, on a Mac ⌘; then what the key writes (`k`, `?`) or is called (`Enter`, `F1`). */
export type Press = string;

/** What is needed of a keyboard event. */
export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

interface Read {
  readonly mod: boolean;
  readonly shift: boolean;
  readonly key: string;
}

/** Whether the event is that combination and nothing more. */
export function isPress(event: Pressed, press: Press): boolean {
  const { mod, shift, key } = read(press);
  if (event.altKey || (event.ctrlKey || event.metaKey) !== mod) return false;
  if (event.key.toLowerCase() !== key.toLowerCase()) return false;
  // Where signs are on a keyboard, and whether they need Shift, differs from country to country.
  return !isNamedOrLetter(key) || event.shiftKey === shift;
}

/** A single character without Ctrl or ⌘: the keys that a speech program or a slip can press, which can be switched off. */
export function isSingle(press: Press): boolean {
  const { mod, key } = read(press);
  return !mod && [...key].length === 1;
}

/** The combination as it stands on the keys of this machine. */
export function keyNames(press: Press, mac: boolean, names: { ctrl: string; shift: string }): string {
  const { mod, shift, key } = read(press);
  const own = SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return [mod ? (mac ? "⌘" : names.ctrl) : "", shift ? (mac ? "⇧" : names.shift) : "", own].filter(Boolean).join(" ");
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "␣",
  "-": "−",
};

function read(press: Press): Read {
  const parts = press === "+" ? ["+"] : press.split("+");
  return { mod: parts.includes("Mod"), shift: parts.includes("Shift"), key: parts.at(-1)! };
}

function isNamedOrLetter(key: string): boolean {
  return key.length > 1 || /\p{L}/u.test(key);
}
